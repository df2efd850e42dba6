/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h - what a replay has found, ready to be shown as text, JSON or HTML
 *
 * PURPOSE  The three forms say the same, for they are made from the same rows.
 * CONTRACT All text of a log is printable ASCII when it comes here (sample.h, subject.h); each form
 *          escapes it as its syntax wants.
 * OWNERSHIP report_make() borrows all it is given; report_fini() frees the sorted rows.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_REPORT_H
#define HELO_REPLAY_REPORT_H

#include <stdio.h>

#include "tools/exemption.h"
#include "tools/log/reader.h"
#include "tools/replay/tally.h"

enum {
    REPORT_NUMBER = 40,
    REPORT_TIME = 32,
    REPORT_REMARKS = 24,
    REPORT_BARS = 120 /* of the plot over time, at most */
};

struct report_policy {
    const char *name;           /* a path, or "the built-in policy" */
    const char *mode, *profile; /* profile: "": none */
};

/* Something that the reader should know before he believes the numbers. */
struct report_remark {
    const char *key;          /* "postfix_accepted_no_helo"; stable */
    unsigned long long count; /* stands before the text; 0: it has none */
    int is_loud;              /* mail is missing in the report */
    const char *text;
    const char *cure; /* what mends it, or NULL */
    const char *one;  /* text for a count of 1; NULL: the same */
};

struct report_senders {
    const char *key; /* in JSON */
    const struct senders *table;
    struct sender_rank *rows; /* most mail first; NULL: none */
};

/* X(name, key) */
#define REPORT_LISTS(X)     \
    X(LOST, "lost")         \
    X(KEPT_OUT, "kept_out") \
    X(STRICTER, "stricter") \
    X(MILDER, "milder")

enum report_list {
#define REPORT_LIST_ENUM(name, key) REPORT_##name,
    REPORT_LISTS(REPORT_LIST_ENUM)
#undef REPORT_LIST_ENUM
        REPORT_LIST_COUNT
};

struct report {
    struct report_policy policy, against; /* against.name: NULL: none */
    const char *const *logs;
    size_t log_count;
    const struct log_coverage *coverage;
    const struct tally *tally;
    int dns, zone;       /* looked up; from a file */
    int interrupted;     /* the logs were not read to their end */
    size_t top;          /* senders shown of each list */
    long long expires_s; /* of the exemptions to paste */
    struct report_senders list[REPORT_LIST_COUNT];
    struct timeline timeline; /* coarse enough to be plotted */
    struct report_remark remarks[REPORT_REMARKS];
    size_t remark_count;
};

/*
 * Fills in what is below `top`; the rest is the caller's. now_s: so that no exemption is past when
 * it is pasted. Returns 0 without memory.
 */
int report_make(struct report *report, long long now_s);
void report_fini(struct report *report);

/* Mails that are let in today and would be refused (or deferred). */
unsigned long long report_lost(const struct report *report, enum fate fate);

/* Mails that could be judged, or are exempt. 0: the report says nothing of the policy. */
unsigned long long report_judged(const struct report *report);

void report_text(const struct report *report, FILE *to);
/* Returns 0 without memory. */
int report_json(const struct report *report, FILE *to);
void report_html(const struct report *report, FILE *to);

/* ---- report_words.c: the same words in all forms --------------------------------------------- */

/* The entry that would spare a sender. */
struct report_exemption {
    const char *file;          /* where it goes: "networks.yaml" */
    char yaml[EXEMPTION_SIZE]; /* lines, with the keys that the entry stands below */
};
void report_exemption(const struct report *report, const struct sender *sender,
                      struct report_exemption *out);

/* 1234567 as "1,234,567". Return out. */
char *report_number(char out[REPORT_NUMBER], unsigned long long number);
/* What was judged by. */
const char *report_facts(const struct report *report);
/* "1 mail", "2 mails". */
char *report_mails(char out[REPORT_NUMBER], unsigned long long number);
/* Of a set: with "~" in front when it is an estimate. */
char *report_distinct(char out[REPORT_NUMBER], const struct distinct *set);
char *report_connections(char out[REPORT_NUMBER], const struct slice *slice);
/* What a sender has for certain. */
unsigned long long report_sure(const struct sender *sender);
/* "3", or "8 or more". */
char *report_few(char out[REPORT_NUMBER], const struct sender_few *few);
/* "2026-11-20 08:05", UTC; "-": not known. seconds: "2026-11-20T08:05:09Z". */
char *report_time(char out[REPORT_TIME], long long time_s);
char *report_time_iso(char out[REPORT_TIME], long long time_s);
char *report_date(char out[REPORT_TIME], long long time_s);

/* ---- report_remarks.c ------------------------------------------------------------------------ */

void report_find_remarks(struct report *report);

#endif /* HELO_REPLAY_REPORT_H */
