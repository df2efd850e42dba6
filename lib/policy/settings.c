/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * settings.c - see settings.h
 *
 * PURPOSE  The rows of schema.def as a table, and the values they hold as struct fields and as
 *          text.
 * CONTRACT Nothing is guessed: a duration has its unit, a number is plain decimal, a truth value is
 *          true or false.
 */
#include "policy/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "policy/policy.h"

#define WORDS(...)        \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }
#define FIELD(field) offsetof(struct settings, field)

static const struct setting_row rows[] = {
#define NUMBER(key, field, default, min, max, help) \
    {key, SETTING_NUMBER, FIELD(field), default, min, max, NULL, NULL, help},
#define DURATION(key, field, default, min, max, help) \
    {key, SETTING_DURATION, FIELD(field), default, min, max, NULL, NULL, help},
#define SIZE(key, field, default, min, max, help) \
    {key, SETTING_SIZE, FIELD(field), default, min, max, NULL, NULL, help},
#define BOOL(key, field, default, help) \
    {key, SETTING_BOOL, FIELD(field), default, 0, 1, NULL, NULL, help},
#define CHOICE(key, field, default, choices, help) \
    {key, SETTING_CHOICE, FIELD(field), default, 0, 0, choices, NULL, help},
#define TEXT(key, field, default, help) \
    {key, SETTING_TEXT, FIELD(field), 0, 0, 0, NULL, default, help},
#include "policy/schema.def"
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

const struct setting_row *setting_row(size_t i)
{
    return i < ROW_COUNT ? &rows[i] : NULL;
}

const struct setting_row *setting_find(const char *key)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

/* ---- fields ---- */

/* The row's type says which of the two a field is; both come from the same line of schema.def. */
static long long *number_field(struct settings *s, const struct setting_row *row)
{
    return (long long *)(void *)((char *)s + row->offset);
}

static char **text_field(struct settings *s, const struct setting_row *row)
{
    return (char **)(void *)((char *)s + row->offset);
}

long long setting_number(const struct settings *s, const struct setting_row *row)
{
    long long value;

    memcpy(&value, (const char *)s + row->offset, sizeof(value));
    return value;
}

const char *setting_text(const struct settings *s, const struct setting_row *row)
{
    const char *text;

    memcpy(&text, (const char *)s + row->offset, sizeof(text));
    return text;
}

void setting_set_number(struct settings *s, const struct setting_row *row, long long value)
{
    *number_field(s, row) = value;
}

bool setting_set_text(struct settings *s, const struct setting_row *row, const char *text)
{
    char *copy = mem_copy_text(text);

    if (copy == NULL)
        return false;
    mem_free(*text_field(s, row));
    *text_field(s, row) = copy;
    return true;
}

bool settings_init(struct settings *s)
{
    memset(s, 0, sizeof(*s));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].type != SETTING_TEXT)
            setting_set_number(s, &rows[i], rows[i].initial);
        else if (!setting_set_text(s, &rows[i], rows[i].text))
            return false;
    }
    return true;
}

void settings_fini(struct settings *s)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].type == SETTING_TEXT) {
            mem_free(*text_field(s, &rows[i]));
            *text_field(s, &rows[i]) = NULL;
        }
    }
}

/* ---- units ---- */

/* meant: what people write for it; NULL for the unit itself. */
struct unit {
    const char *name;
    long long factor;
    const char *meant;
};

static const struct unit durations[] = {
    {"ms", 1, NULL},       {"s", 1000, NULL},    {"min", 60000, NULL},  {"h", 3600000, NULL},
    {"d", 86400000, NULL}, {"msec", 0, "ms"},    {"sec", 0, "s"},       {"secs", 0, "s"},
    {"second", 0, "s"},    {"seconds", 0, "s"},  {"S", 0, "s"},         {"m", 0, "min"},
    {"mins", 0, "min"},    {"minute", 0, "min"}, {"minutes", 0, "min"}, {"hr", 0, "h"},
    {"hour", 0, "h"},      {"hours", 0, "h"},    {"H", 0, "h"},         {"day", 0, "d"},
    {"days", 0, "d"},      {"D", 0, "d"},        {NULL, 0, NULL},
};

static const struct unit sizes[] = {
    {"B", 1, NULL},   {"KiB", 1024, NULL}, {"MiB", 1048576, NULL}, {"b", 0, "B"},
    {"k", 0, "KiB"},  {"K", 0, "KiB"},     {"kB", 0, "KiB"},       {"KB", 0, "KiB"},
    {"kb", 0, "KiB"}, {"kib", 0, "KiB"},   {"m", 0, "MiB"},        {"M", 0, "MiB"},
    {"MB", 0, "MiB"}, {"mb", 0, "MiB"},    {"mib", 0, "MiB"},      {NULL, 0, NULL},
};

/* What differs between numbers with and without units. */
static const struct {
    const struct unit *units; /* NULL: none */
    const char *accepted;
    const char *example;
} scales[] = {
    [SETTING_NUMBER] = {NULL, NULL, "a whole number"},
    [SETTING_DURATION] = {durations, "ms, s, min, h, d",
                          "a whole number with its unit (ms, s, min, h, d), as in 5s"},
    [SETTING_SIZE] = {sizes, "B, KiB, MiB",
                      "a whole number with its unit (B, KiB, MiB), as in 16MiB"},
};

static const struct unit *find_unit(const struct unit *units, const char *name)
{
    for (; units->name != NULL; units++) {
        if (strcmp(units->name, name) == 0)
            return units;
    }
    return NULL;
}

static char *format_scaled(const struct unit *units, long long value, char out[SETTING_VALUE_SIZE])
{
    const struct unit *best = &units[0];

    for (const struct unit *u = units; u->meant == NULL && u->name != NULL; u++) {
        if (value != 0 && value % u->factor == 0)
            best = u;
    }
    (void)snprintf(out, SETTING_VALUE_SIZE, "%lld%s", value / best->factor, best->name);
    return out;
}

char *setting_format(const struct setting_row *row, long long value, char out[SETTING_VALUE_SIZE])
{
    const char *word = NULL;

    if (row->type == SETTING_BOOL)
        word = value != 0 ? "true" : "false";
    else if (row->type == SETTING_CHOICE)
        word = row->words[value];
    if (word == NULL && scales[row->type].units != NULL)
        return format_scaled(scales[row->type].units, value, out);
    if (word != NULL)
        (void)snprintf(out, SETTING_VALUE_SIZE, "%s", word);
    else
        (void)snprintf(out, SETTING_VALUE_SIZE, "%lld", value);
    return out;
}

/* ---- reading ---- */

/* What setting_parse() and the functions below hand on. */
struct reading {
    const struct setting_row *row;
    const char *text;
    bool plain;
    const struct diag_place *place;
    struct diag *diag;
};

/* unit: the one that was probably meant, or NULL. */
static bool refuse_unit(const struct reading *r, const char *digits_end, const struct unit *unit)
{
    const char *accepted = scales[r->row->type].accepted;
    char quoted[DIAG_QUOTE_SIZE];
    char hint[64] = "";

    if (unit != NULL && digits_end - r->text < 20)
        (void)snprintf(hint, sizeof(hint), "did you mean '%.*s%s'?", (int)(digits_end - r->text),
                       r->text, unit->meant != NULL ? unit->meant : unit->name);
    if (*digits_end == '\0')
        diag_report(r->diag, HELO_ERROR, r->place, NULL, "%s: %s has no unit (accepted: %s)",
                    r->row->key, diag_quote(quoted, r->text), accepted);
    else
        diag_report(r->diag, HELO_ERROR, r->place, hint[0] != '\0' ? hint : NULL,
                    "%s: unknown unit in %s (accepted: %s)", r->row->key,
                    diag_quote(quoted, r->text), accepted);
    return false;
}

static bool refuse_range(const struct reading *r)
{
    char quoted[DIAG_QUOTE_SIZE];
    char min[SETTING_VALUE_SIZE];
    char max[SETTING_VALUE_SIZE];

    diag_report(r->diag, HELO_ERROR, r->place, NULL, "%s: %s is out of range (%s to %s)",
                r->row->key, diag_quote(quoted, r->text), setting_format(r->row, r->row->min, min),
                setting_format(r->row, r->row->max, max));
    return false;
}

static bool refuse_form(const struct reading *r)
{
    bool quotes = scales[r->row->type].units == NULL && !r->plain;
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(r->diag, HELO_ERROR, r->place, quotes ? "write it without quotes" : NULL,
                "%s: %s is not %s", r->row->key, diag_quote(quoted, r->text),
                scales[r->row->type].example);
    return false;
}

/* Digits up to end, then what the type of the row allows. */
static bool has_form(const struct reading *r, const char *end)
{
    if (end == r->text || (r->text[0] == '0' && end - r->text > 1))
        return false; /* 010 is eight for some and ten for others */
    if (scales[r->row->type].units != NULL)
        return *end != '.' && *end != ',';
    return *end == '\0' && r->plain; /* in quotes it is a text */
}

static bool parse_scaled(const struct reading *r, long long *out)
{
    const struct unit *units = scales[r->row->type].units;
    const char *end = r->text + strspn(r->text, "0123456789");
    long long factor = 1;
    long long value = 0;

    if (!has_form(r, end))
        return refuse_form(r);
    if (units != NULL) {
        const struct unit *unit = find_unit(units, end + strspn(end, " "));

        if (unit == NULL || unit->meant != NULL || *end == ' ')
            return refuse_unit(r, end, unit);
        factor = unit->factor;
    }
    for (const char *p = r->text; p < end; p++) {
        value = value * 10 + (*p - '0');
        if (value > r->row->max / factor)
            return refuse_range(r);
    }
    if (value * factor < r->row->min)
        return refuse_range(r);
    *out = value * factor;
    return true;
}

static bool parse_bool(const struct reading *r, long long *out)
{
    static const struct {
        const char *word;
        const char *meant;
    } others[] = {{"yes", "true"},  {"on", "true"},    {"1", "true"},  {"y", "true"},
                  {"no", "false"},  {"off", "false"},  {"0", "false"}, {"n", "false"},
                  {"true", "true"}, {"false", "false"}};
    char quoted[DIAG_QUOTE_SIZE];
    char hint[40] = "";

    if (r->plain && (strcmp(r->text, "true") == 0 || strcmp(r->text, "false") == 0)) {
        *out = r->text[0] == 't';
        return true;
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (text_equal_nocase(r->text, others[i].word))
            (void)snprintf(hint, sizeof(hint), "did you mean %s%s?", others[i].meant,
                           r->plain ? "" : ", without quotes");
    }
    diag_report(r->diag, HELO_ERROR, r->place, hint[0] != '\0' ? hint : NULL,
                "%s: %s is neither true nor false", r->row->key, diag_quote(quoted, r->text));
    return false;
}

static bool parse_choice(const struct reading *r, long long *out)
{
    char accepted[128] = "";
    char hint[64] = "";
    char quoted[DIAG_QUOTE_SIZE];
    const char *meant;
    size_t count = 0;
    size_t used = 0;

    for (; r->row->words[count] != NULL; count++) {
        if (strcmp(r->text, r->row->words[count]) == 0) {
            *out = (long long)count;
            return true;
        }
    }
    for (size_t i = 0; i < count && used < sizeof(accepted); i++)
        used += (size_t)snprintf(accepted + used, sizeof(accepted) - used, "%s%s",
                                 i > 0 ? ", " : "", r->row->words[i]);
    meant = diag_suggest(r->text, r->row->words, count);
    if (meant != NULL)
        (void)snprintf(hint, sizeof(hint), "did you mean '%s'?", meant);
    diag_report(r->diag, HELO_ERROR, r->place, meant != NULL ? hint : NULL,
                "%s: unknown value %s (accepted: %s)", r->row->key, diag_quote(quoted, r->text),
                accepted);
    return false;
}

bool setting_parse(const struct setting_row *row, const char *text, bool plain,
                   const struct diag_place *place, struct diag *diag, long long *out)
{
    static bool (*const parse[])(const struct reading *, long long *) = {
        [SETTING_NUMBER] = parse_scaled, [SETTING_DURATION] = parse_scaled,
        [SETTING_SIZE] = parse_scaled,   [SETTING_BOOL] = parse_bool,
        [SETTING_CHOICE] = parse_choice,
    };
    const struct reading r = {row, text, plain, place, diag};

    return parse[row->type](&r, out);
}

/* ---- helo.h: settings by their YAML path ---- */

const char *helo_policy_string(const helo_policy *policy, const char *key)
{
    const struct setting_row *row = setting_find(key);

    if (row != NULL && row->type == SETTING_TEXT)
        return setting_text(&policy->settings, row);
    if (row != NULL && row->type == SETTING_CHOICE)
        return row->words[setting_number(&policy->settings, row)];
    return NULL;
}

long long helo_policy_number(const helo_policy *policy, const char *key)
{
    const struct setting_row *row = setting_find(key);

    if (row == NULL || row->type == SETTING_TEXT || row->type == SETTING_CHOICE)
        return -1;
    return setting_number(&policy->settings, row);
}
