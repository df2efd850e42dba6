/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * batch.h - many cases from a file
 */
#ifndef HELO_TOOLS_BATCH_H
#define HELO_TOOLS_BATCH_H

#include "tools/bench.h"

/*
 * Judges every line of path ("-": standard input) and returns the exit code. policy: for lines that
 * name none.
 */
int batch_run(struct bench *bench, const char *path, const char *policy);

#endif /* HELO_TOOLS_BATCH_H */
