/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.c - what the sessions of an engine have come to, see tally.h
 */
#include "session/tally.h"

static void count(atomic_uint_fast64_t *number)
{
    atomic_fetch_add_explicit(number, 1, memory_order_relaxed);
}

void tally_session(struct tally *tally)
{
    count(&tally->sessions);
}

static void tally_check(struct tally *tally, enum check_id check, const struct helo_verdict *v)
{
    const struct check_result *result = &v->result[check];

    if (result->outcome.kind == OUTCOME_FAIL && result->action != HELO_ACTION_OFF)
        count(&tally->fails[check][result->action]);
    if (result->outcome.kind == OUTCOME_UNKNOWN)
        count(&tally->unknowns[result->outcome.cause]);
    if (result->ground)
        count(&tally->grounds[check][v->would]);
}

void tally_verdict(struct tally *tally, const struct helo_verdict *verdict, uint64_t wait_ms)
{
    count(&tally->verdicts[verdict->policy->settings.mode][verdict->would]);
    if (verdict->exempt.kind != EXEMPT_NONE) {
        count(&tally->exemptions[verdict->exempt.kind]);
        return;
    }
    histogram_add(&tally->waits, wait_ms);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        tally_check(tally, (enum check_id)i, verdict);
}
