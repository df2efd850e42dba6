/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story.h - the whole story of one decision, for a postmaster on the telephone
 *
 * PURPOSE  Who came when, what was decided and why, how the sender mends it, what the same client
 *          did besides, what would be decided today, and the entry that lets it through.
 *              search.c   finds the decision in the logs
 *              today.c    judges it again
 *              story.c    tells what the log has, and what the sender is to do
 *              around.c   tells the rest: other entries, today, an exemption
 *              cmd.c      the command
 * CONTRACT All that comes from a log is made printable.
 * OWNERSHIP The story's parts are the caller's.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_STORY_STORY_H
#define HELO_TOOLS_STORY_STORY_H

#include <stdio.h>

#include "tools/bench.h"
#include "tools/story/search.h"
#include "tools/view.h"

enum { STORY_LABEL = 10, STORY_TEXT_SIZE = 2048, STORY_TIME_SIZE = 32 };

struct story {
    struct search search;
    struct view today;  /* json NULL: not judged again */
    const char *policy; /* by which; NULL: the built-in one */
    const char *dns;    /* how DNS was asked for it, for people */
    long long now_s;
};

/* What the command line says. */
struct story_options {
    const char *id;
    const char *const *logs;
    size_t log_count;
    const char *policy; /* NULL: the filter's, where there is one */
    const char *zone;   /* NULL: none */
    int offline;
};

/* Returns the exit code. cmd.c */
int story_run(const struct story_options *options);

/* ---- today.c --------------------------------------------------------------------------------- */

/* Judges what the log tells again. HELO_POLICY: the policy has errors, which were told. */
enum helo_status today_judge(struct story *story, struct bench *bench,
                             const struct story_options *options);

/* ---- story.c --------------------------------------------------------------------------------- */

/* "label     text", folded. */
void story_say(FILE *to, const char *label, const char *text);
/* Text of a log, made printable; "-" for NULL. Returns out. */
char *story_clean(char out[STORY_TEXT_SIZE], const char *text);
/* "2026-11-22 05:10:04 UTC", "at an unknown time". Returns out. */
char *story_time(char out[STORY_TIME_SIZE], long long time_s);
/*
 * The next "CHECK:WORD" of a list of the log, from *at on; 0 when there is no more. Both are cut to
 * STORY_WORD_SIZE.
 */
enum { STORY_WORD_SIZE = 64 };
int story_next(const char **at, char check[STORY_WORD_SIZE], char word[STORY_WORD_SIZE]);
void story_tell(const struct story *story, FILE *to);

/* ---- around.c -------------------------------------------------------------------------------- */

void story_tell_around(const struct story *story, FILE *to);
void story_tell_today(const struct story *story, FILE *to);
void story_tell_exemption(const struct story *story, FILE *to);

#endif /* HELO_TOOLS_STORY_STORY_H */
