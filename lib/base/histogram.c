/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * histogram.c - how long something took, many times, see histogram.h
 */
#include "base/histogram.h"

static const unsigned long long limits_ms[HISTOGRAM_BUCKETS] = {1,   2,   5,   10,   20,   50,
                                                                100, 200, 500, 1000, 2000, 5000};

void histogram_add(struct histogram *histogram, uint64_t ms)
{
    unsigned i = 0;

    while (i < HISTOGRAM_BUCKETS && ms > limits_ms[i])
        i++;
    atomic_fetch_add_explicit(&histogram->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_ms, ms, memory_order_relaxed);
}

/* The count is made of the buckets, so that it is never less than one of them. */
void histogram_read(const struct histogram *histogram, struct histogram_reading *out)
{
    unsigned long long count = 0;

    for (unsigned i = 0; i <= HISTOGRAM_BUCKETS; i++) {
        count += atomic_load_explicit(&histogram->bucket[i], memory_order_relaxed);
        if (i < HISTOGRAM_BUCKETS)
            out->within[i] = count;
    }
    out->count = count;
    out->sum_ms = atomic_load_explicit(&histogram->sum_ms, memory_order_relaxed);
}

struct helo_histogram histogram_row(const struct histogram_reading *reading)
{
    return (struct helo_histogram){.buckets = HISTOGRAM_BUCKETS,
                                   .limits_ms = limits_ms,
                                   .within = reading->within,
                                   .sum_ms = reading->sum_ms};
}
