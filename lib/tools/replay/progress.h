/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * progress.h - how far a long reading is, on a terminal
 *
 * CONTRACT Writes to stderr, and only when that is a terminal; one line, drawn anew some times a
 *          second and wiped at the end, so that nothing of it stays in the scrollback.
 * OWNERSHIP progress_fini() frees what progress_init() made.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_PROGRESS_H
#define HELO_REPLAY_PROGRESS_H

#include "tools/log/reader.h"

struct progress {
    int is_on;
    unsigned long long *before; /* bytes of all files before each one; NULL: sizes are not known */
    unsigned long long total;   /* of all; 0: not known */
    long long began_ms, drawn_ms;
};

void progress_init(struct progress *progress, const char *const *paths, size_t count);
void progress_show(struct progress *progress, const struct log_progress *at);
/* Wipes the line, so that something else can be printed. */
void progress_wipe(struct progress *progress);
void progress_fini(struct progress *progress);

#endif /* HELO_REPLAY_PROGRESS_H */
