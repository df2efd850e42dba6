/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest.h - what only a running filter can find out about its policy
 *
 * PURPOSE  helo_engine_test() after a start and after each reload: do own names resolve, do domain
 *          lists answer? It asks DNS and takes seconds, which nobody must wait for.
 * CONTRACT One test at a time, in a thread of its own; a reload meanwhile makes it run once more.
 *          The end of the process ends it.
 * THREADS  any.
 */
#ifndef MH_SELFTEST_H
#define MH_SELFTEST_H

#include "helo.h"

/* engine must live as long as the process. */
void mh_selftest_start(helo_engine *engine);

/* A helo_diag_fn for findings that are about no file: a line in the log. */
void mh_selftest_warn(void *arg, const struct helo_diag *finding);

#endif /* MH_SELFTEST_H */
