/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_file.h - the numbers, as a file for node_exporter's textfile collector
 *
 * PURPOSE  FILE is replaced as a whole: written as FILE.tmp beside it, then renamed.
 * CONTRACT What cannot be written is said once, and once when it can be again.
 * THREADS  one at a time for one file.
 */
#ifndef MH_METRICS_FILE_H
#define MH_METRICS_FILE_H

#include <limits.h>

#include "helo.h"

struct mh_metrics_file {
    char path[PATH_MAX]; /* absolute */
    int error;           /* of the last time; 0: it was written */
};

void mh_metrics_file_write(struct mh_metrics_file *file, helo_engine *engine);

#endif /* MH_METRICS_FILE_H */
