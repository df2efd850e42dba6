/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.h - what the engine has counted, as a line of the log
 *
 * PURPOSE  Whether the cache is large enough and the resolver well, without any other tool.
 * THREADS  any.
 */
#ifndef MH_COUNTERS_H
#define MH_COUNTERS_H

#include "helo.h"

/* "counters: NAME=VALUE ...", since the start, and the cache's hit ratio. */
void mh_counters_log(helo_engine *engine);

#endif /* MH_COUNTERS_H */
