/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_text.h - numbers in Prometheus' text format
 *
 * PURPOSE  Rows, one by one, to lines: what a name means and what kind it is, once; then its
 *          numbers with their labels.
 * CONTRACT A row "cache_hits" that only grows becomes milter_helo_cache_hits_total, one that comes
 *          and goes milter_helo_cache_hits, and durations milter_helo_..._seconds with buckets.
 *          Rows of one name come one after the other. Whatever a label's value holds, the line is
 *          ASCII and can be read back.
 * THREADS  one at a time for one stream.
 * STANDARDS Prometheus text format 0.0.4.
 */
#ifndef MH_METRICS_TEXT_H
#define MH_METRICS_TEXT_H

#include <stdio.h>

#include "helo.h"

/* What the format's MIME type is. */
#define MH_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Before every name: node_exporter, which reads our file, has names of its own. */
#define MH_METRICS_PREFIX "milter_helo_"

enum { MH_METRICS_NAME_SIZE = 64 };

struct mh_metrics_text {
    FILE *out;
    char last[MH_METRICS_NAME_SIZE]; /* the name of the row before; "": none was */
};

/* arg is a struct mh_metrics_text: a helo_counter_fn. */
void mh_metrics_text_row(void *arg, const struct helo_counter *row);
/* A number with a fraction, without labels. */
void mh_metrics_text_number(struct mh_metrics_text *text, const char *name, const char *help,
                            enum helo_counter_kind kind, double value);

#endif /* MH_METRICS_TEXT_H */
