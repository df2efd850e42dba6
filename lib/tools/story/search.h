/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * search.h - one decision in logs, and what the same client did around it
 *
 * ALGORITHM
 *  1. All is read until an entry has the id; on the way, what has a part of it or nearly the same
 *     is noted. One such, and no other, is taken for what was meant.
 *  2. All is read once more for the same client's entries: the last before it and the first after.
 *     Not of a pipe, which cannot be read twice.
 * OWNERSHIP search_fini() frees what was kept.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_STORY_SEARCH_H
#define HELO_TOOLS_STORY_SEARCH_H

#include "tools/log/reader.h"
#include "tools/story/id.h"

enum {
    SEARCH_GUESSES = 5, /* more help nobody */
    SEARCH_BEFORE = 4,
    SEARCH_AFTER = 4
};

struct guess {
    enum id_match match;
    struct log_entry *entry;
};

struct search {
    char wanted[ID_SIZE]; /* clean */
    const char *const *paths;
    size_t path_count;

    struct log_entry *found; /* NULL: nothing */
    struct guess guesses[SEARCH_GUESSES];
    size_t guess_count; /* may be more than there are places */
    int guessed;        /* `found` is the one guess */

    struct log_entry *before[SEARCH_BEFORE]; /* a ring */
    size_t before_count;                     /* the oldest is at this % SEARCH_BEFORE */
    struct log_entry *after[SEARCH_AFTER];
    size_t after_count; /* may be more than there are places */
    int is_past;        /* of the second reading: `found` was met */
    int read_twice;

    struct log_coverage coverage; /* of the first reading */
    enum helo_status status;      /* HELO_IO: some file was not read, which has been told */
    int nomem;
};

/* HELO_OK, also when nothing was found; HELO_NOMEM. What cannot be read goes to stderr. */
enum helo_status search_run(struct search *s);
void search_fini(struct search *s);

#endif /* HELO_TOOLS_STORY_SEARCH_H */
