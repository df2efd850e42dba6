/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_process.h - how the process is: memory, processor, file descriptors
 *
 * PURPOSE  What a Prometheus client library tells of its process, with our prefix: node_exporter
 *          tells the same of its own, and would refuse our file if it had those names.
 * CONTRACT What cannot be found out, where /proc is hidden, is left out.
 * THREADS  any.
 */
#ifndef MH_METRICS_PROCESS_H
#define MH_METRICS_PROCESS_H

#include "metrics_text.h"

/* To be called once, early: the process has begun. */
void mh_metrics_process_begin(void);
void mh_metrics_process(struct mh_metrics_text *text);

#endif /* MH_METRICS_PROCESS_H */
