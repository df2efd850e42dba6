/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * settings.h - the scalar settings as a struct, and as rows
 *
 * PURPOSE  Everything about one scalar setting comes from its row of schema.def: field, default,
 *          range, text form.
 * CONTRACT Units stand in the field names: _ms, _bytes. Scores are in hundredths.
 *          Choices are one of the enums below, in the
 *          order of their row.
 * OWNERSHIP struct settings owns its texts: settings_init(), settings_fini().
 * THREADS  rows are constant; the rest none of its own.
 */
#ifndef HELO_POLICY_SETTINGS_H
#define HELO_POLICY_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

enum { MODE_OBSERVE, MODE_ENFORCE };
enum { DECIDE_AT_HELO, DECIDE_AT_MAIL, DECIDE_AT_RCPT };
enum { RFC_OBEY, RFC_IGNORE };
enum { WAIT_FOR_VERDICT, WAIT_FOR_EVERYTHING };
enum { ON_FAILURE_ACCEPT, ON_FAILURE_DEFER };
enum { WHEN_FULL_ACCEPT, WHEN_FULL_DEFER };
enum { LOG_TO_AUTO, LOG_TO_SYSLOG, LOG_TO_STDERR, LOG_TO_JOURNAL, LOG_TO_FILE };
enum { LOG_AS_LOGFMT, LOG_AS_JSON };
enum {
    LOG_FACILITY_MAIL,
    LOG_FACILITY_DAEMON,
    LOG_FACILITY_LOCAL0,
    LOG_FACILITY_LOCAL1,
    LOG_FACILITY_LOCAL2,
    LOG_FACILITY_LOCAL3,
    LOG_FACILITY_LOCAL4,
    LOG_FACILITY_LOCAL5,
    LOG_FACILITY_LOCAL6,
    LOG_FACILITY_LOCAL7
};

struct settings {
#define NUMBER(key, field, default, min, max, help)   long long field;
#define DURATION(key, field, default, min, max, help) long long field;
#define SIZE(key, field, default, min, max, help)     long long field;
#define SCORE(key, field, default, min, max, help)    long long field;
#define BOOL(key, field, default, help)               long long field;
#define CHOICE(key, field, default, choices, help)    long long field;
#define TEXT(key, field, default, help)               char *field; /* the policy's; never NULL */
#include "policy/schema.def"
};

/* How many rows there are. */
enum {
    SETTING_ROWS = 0
#define NUMBER(key, field, default, min, max, help)   +1
#define DURATION(key, field, default, min, max, help) +1
#define SIZE(key, field, default, min, max, help)     +1
#define SCORE(key, field, default, min, max, help)    +1
#define BOOL(key, field, default, help)               +1
#define CHOICE(key, field, default, choices, help)    +1
#define TEXT(key, field, default, help)               +1
#include "policy/schema.def"
};

enum setting_type {
    SETTING_NUMBER,
    SETTING_DURATION,
    SETTING_SIZE,
    SETTING_SCORE,
    SETTING_BOOL,
    SETTING_CHOICE,
    SETTING_TEXT
};

struct setting_row {
    const char *key; /* "dns.cache.size" */
    enum setting_type type;
    size_t offset;            /* of its field in struct settings */
    long long initial;        /* not of a text */
    long long min, max;       /* of numbers, durations (ms), sizes (bytes), scores (hundredths) */
    const char *const *words; /* of a choice, ends with NULL */
    const char *text;         /* the default of a text */
    const char *help;
};

/* Row i, or NULL past the last. */
const struct setting_row *setting_row(size_t i);
/* NULL when there is none of that key. */
const struct setting_row *setting_find(const char *key);
/* Its i of setting_row(). */
size_t setting_index(const struct setting_row *row);

/* Every default; false: no memory. */
bool settings_init(struct settings *s);
void settings_fini(struct settings *s);
/* setting_number() of a row that is no text, setting_text() of one that is. */
long long setting_number(const struct settings *s, const struct setting_row *row);
const char *setting_text(const struct settings *s, const struct setting_row *row);
void setting_set_number(struct settings *s, const struct setting_row *row, long long value);
/* Copies; false: no memory. */
bool setting_set_text(struct settings *s, const struct setting_row *row, const char *text);

/*
 * Reads what a file says of a row that is no text. What is wrong, and what is accepted, is reported
 * at place. plain: it stands without quotes.
 */
bool setting_parse(const struct setting_row *row, const char *text, bool plain,
                   const struct diag_place *place, struct diag *diag, long long *out);

enum { SETTING_VALUE_SIZE = 32 };
/*
 * As it stands in a file: "5s", "16MiB", "true", "observe"; for rows that are no text. Returns out.
 */
char *setting_format(const struct setting_row *row, long long value, char out[SETTING_VALUE_SIZE]);

/* A score as it stands in a file: "2.5" is 250; at most two decimals, no sign. */
bool score_parse(const char *text, long long *out);
char *score_format(long long hundredths, char out[SETTING_VALUE_SIZE]);

#endif /* HELO_POLICY_SETTINGS_H */
