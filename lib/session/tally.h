/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.h - what the sessions of an engine have come to
 *
 * PURPOSE  One number for each thing a verdict can be or have: by action, by exemption, by check.
 *          session/counters.c hands them out with their names, which are those of the registry.
 * CONTRACT They only grow. A verdict is counted with all it says, and an exempt one by its
 *          exemption alone.
 * THREADS  any; no locks: a verdict costs some three atomic additions, and one more for each check
 *          that failed or could not tell.
 */
#ifndef HELO_SESSION_TALLY_H
#define HELO_SESSION_TALLY_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/histogram.h"
#include "checks/registry.h"
#include "policy/exempt.h"
#include "policy/settings.h"
#include "policy/verdict.h"

#define TALLY_ONE(name, text) +1
enum {
    TALLY_MODES = MODE_ENFORCE + 1,
    TALLY_KINDS = 0 EXEMPT_LIST(TALLY_ONE),
    TALLY_CAUSES = 0 FACT_CAUSE_LIST(TALLY_ONE)
};
#undef TALLY_ONE

/* Zeroed memory is an empty one. */
struct tally {
    atomic_uint_fast64_t sessions;
    atomic_uint_fast64_t verdicts[TALLY_MODES][HELO_ACTIONS];
    atomic_uint_fast64_t exemptions[TALLY_KINDS];
    atomic_uint_fast64_t fails[CHECK_COUNT][HELO_ACTIONS];
    atomic_uint_fast64_t grounds[CHECK_COUNT][HELO_ACTIONS];
    atomic_uint_fast64_t unknowns[TALLY_CAUSES];
    struct histogram waits; /* of those that were judged */
};

void tally_session(struct tally *tally);
/* wait_ms: for how long it was waited for. */
void tally_verdict(struct tally *tally, const struct helo_verdict *verdict, uint64_t wait_ms);

#endif /* HELO_SESSION_TALLY_H */
