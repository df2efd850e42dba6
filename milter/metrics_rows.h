/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_rows.h - every number there is, as one text
 *
 * PURPOSE  What the engine counts, what the filter counts, and how the process is.
 * THREADS  any; it takes the locks of those it asks for moments, and some files below /proc/self.
 * LIMITS   Some 40 KiB of text, on what lists there are: it grows with the rows, not with mail.
 */
#ifndef MH_METRICS_ROWS_H
#define MH_METRICS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "helo.h"

/* In Prometheus' text format; *length without the final NUL. NULL: no memory. free() releases
 * it. */
char *mh_metrics_rows(helo_engine *engine, size_t *length);

/* A policy was read, now, and took effect or not. */
void mh_metrics_note_policy(bool taken);

#endif /* MH_METRICS_ROWS_H */
