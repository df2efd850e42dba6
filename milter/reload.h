/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reload.h - a new policy for the running filter
 *
 * CONTRACT A policy with errors changes nothing. Running sessions keep theirs. What differs is
 *          logged, and what only a start can change is named.
 * THREADS  one at a time.
 */
#ifndef MH_RELOAD_H
#define MH_RELOAD_H

#include "helo.h"
#include "setup.h"

void mh_reload(const struct mh_setup *setup, helo_engine *engine);
/* The same when an entry has expired since the policy was read; for every second. A policy that has
 * errors meanwhile is tried again an hour later. */
void mh_reload_when_stale(const struct mh_setup *setup, helo_engine *engine);

/* limits.* of a policy take effect. */
void mh_reload_limits(const helo_policy *policy);

#endif /* MH_RELOAD_H */
