/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.c - see verdict.h
 */
#include "policy/verdict.h"

#include <string.h>

/* The strongest the site does when this check fails. */
static enum helo_action strongest_action(const struct helo_policy *policy, enum check_id check)
{
    enum helo_action strongest = HELO_ACTION_OFF;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && policy->action[i] > strongest)
            strongest = policy->action[i];
    }
    return strongest;
}

/*
 * A broken resolver is the site's trouble: dns.on_failure decides. A spent budget is the client's
 * doing: it said too many names, or a name with too many addresses; were that accepted, it would be
 * the way around every check.
 */
static enum helo_action action_of_unknown(const struct helo_policy *policy, enum check_id check,
                                          enum fact_cause cause)
{
    if (cause == CAUSE_BUDGET && strongest_action(policy, check) >= HELO_ACTION_DEFER)
        return HELO_ACTION_DEFER;
    return policy->settings.dns_on_failure == ON_FAILURE_DEFER ? HELO_ACTION_DEFER
                                                               : HELO_ACTION_ACCEPT;
}

static enum helo_action action_of(const struct helo_policy *policy, enum check_id check,
                                  const struct outcome *outcome)
{
    switch (outcome->kind) {
    case OUTCOME_FAIL:
        return policy->action[outcome->reason];
    case OUTCOME_UNKNOWN:
        /* Not waited for, since something else decides: no ground. */
        if (outcome->cause == CAUSE_PENDING)
            return HELO_ACTION_ACCEPT;
        return action_of_unknown(policy, check, outcome->cause);
    case OUTCOME_NONE:
    case OUTCOME_PASS:
        break;
    }
    return HELO_ACTION_ACCEPT;
}

/*
 * Whether a result may be the reason of a refusal all by itself: RFC 5321 4.1.4. A broken resolver
 * under dns.on_failure: defer is no mismatch.
 */
static bool can_stand_alone(const struct helo_verdict *v, enum check_id check)
{
    const struct outcome *outcome = &v->result[check].outcome;
    bool broken = outcome->kind == OUTCOME_UNKNOWN && outcome->cause != CAUSE_BUDGET;

    return !check_row(check)->corroborating || broken ||
           v->policy->settings.rfc5321_4_1_4 == RFC_IGNORE;
}

/* A corroborating result is named beside other grounds, and adds nothing to their strength. */
static enum helo_action decide(const struct helo_verdict *v)
{
    enum helo_action strongest = HELO_ACTION_ACCEPT;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (v->result[i].action > strongest && can_stand_alone(v, (enum check_id)i))
            strongest = v->result[i].action;
    }
    return strongest;
}

fact_mask verdict_judge(struct helo_verdict *v)
{
    fact_mask pending = 0;

    memset(v->result, 0, sizeof(v->result));
    v->would = HELO_ACTION_ACCEPT;
    for (unsigned i = 0; v->exempt.kind == EXEMPT_NONE && i < CHECK_COUNT; i++) {
        struct check_result *result = &v->result[i];
        const struct check_row *row = check_row((enum check_id)i);

        if (!v->policy->enabled[i])
            continue;
        result->outcome = row->run(v->facts);
        result->action = action_of(v->policy, (enum check_id)i, &result->outcome);
        if (result->outcome.kind == OUTCOME_UNKNOWN && result->outcome.cause == CAUSE_PENDING)
            pending |= row->needs;
    }
    v->would = decide(v);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        v->result[i].ground = v->would >= HELO_ACTION_DEFER && v->result[i].action >= v->would;
    v->action = v->policy->settings.mode == MODE_ENFORCE ? v->would : HELO_ACTION_ACCEPT;
    return pending;
}

/* Orders grounds: what stands alone before what does not, then the stronger action, then what is
 * known. */
static unsigned rank(const struct helo_verdict *v, enum check_id check)
{
    const struct check_result *result = &v->result[check];

    return (can_stand_alone(v, check) ? 100u : 0u) + 10u * (unsigned)result->action +
           (result->outcome.kind == OUTCOME_FAIL ? 1u : 0u);
}

enum check_id verdict_lead(const struct helo_verdict *v)
{
    enum check_id lead = CHECK_COUNT;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (v->result[i].ground &&
            (lead == CHECK_COUNT || rank(v, (enum check_id)i) > rank(v, lead)))
            lead = (enum check_id)i;
    }
    return lead;
}
