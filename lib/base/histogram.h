/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * histogram.h - how long something took, many times
 *
 * PURPOSE  Counts durations in buckets that suit DNS and those who wait for it: from an answer out
 *          of a resolver's memory (1 ms) to the patience of an MTA (5 s).
 * CONTRACT A duration belongs to the first bucket whose limit it does not pass; what is longer than
 *          all is counted, too. A reading may be made while others add: each of its numbers is then
 *          one that was true at some moment, and they never contradict each other.
 * THREADS  any; no locks.
 */
#ifndef HELO_BASE_HISTOGRAM_H
#define HELO_BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

#include "include/helo.h"

enum { HISTOGRAM_BUCKETS = 12 };

/* Zeroed memory is an empty one. */
struct histogram {
    atomic_uint_fast64_t bucket[HISTOGRAM_BUCKETS + 1]; /* the last one: longer than all limits */
    atomic_uint_fast64_t sum_ms;
};

/* What a histogram said once. */
struct histogram_reading {
    unsigned long long within[HISTOGRAM_BUCKETS]; /* each with those of the buckets before it */
    unsigned long long count;
    unsigned long long sum_ms;
};

void histogram_add(struct histogram *histogram, uint64_t ms);
void histogram_read(const struct histogram *histogram, struct histogram_reading *out);
/* As a row for helo_engine_counters(); points into reading. */
struct helo_histogram histogram_row(const struct histogram_reading *reading);

#endif /* HELO_BASE_HISTOGRAM_H */
