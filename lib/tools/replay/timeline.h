/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timeline.h - counts over time, of a span that is known only at the end
 *
 * PURPOSE  The plot "over time" of logs of an hour or of years.
 * CONTRACT Starts with minutes; when the span outgrows the buckets they are joined, to ten minutes,
 *          hours, days, weeks (from Mondays), months of four weeks. Times may come in any order.
 * LIMITS   TIMELINE_BUCKETS; a span of more than 150 years leaves out what does not fit.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_TIMELINE_H
#define HELO_REPLAY_TIMELINE_H

#include <stddef.h>

enum { TIMELINE_BUCKETS = 2048, TIMELINE_KINDS = 8 };

struct timeline {
    unsigned scale;  /* a row of the table of widths */
    long long first; /* number of the first bucket since 1970 */
    size_t used;     /* buckets; 0: nothing was counted */
    unsigned count[TIMELINE_BUCKETS][TIMELINE_KINDS];
};

void timeline_add(struct timeline *line, long long time_s, unsigned kind);
/* Joins buckets until there are `most` at most. */
void timeline_coarsen(struct timeline *line, size_t most);
/* Where bucket i begins, in seconds since 1970. */
long long timeline_start(const struct timeline *line, size_t i);
long long timeline_width_s(const struct timeline *line);
/* "10 minutes", for people. */
const char *timeline_width_text(const struct timeline *line);

#endif /* HELO_REPLAY_TIMELINE_H */
