/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.c - see verdict.h
 */
#include "policy/verdict.h"

#include <string.h>

/* The strongest the site does when this check fails. */
static enum helo_action strongest_action(const struct rules *rules, enum check_id check)
{
    enum helo_action strongest = HELO_ACTION_OFF;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && rules->action[i] > strongest)
            strongest = rules->action[i];
    }
    return strongest;
}

/*
 * A broken resolver is the site's trouble: dns.on_failure decides. A domain list that fails is
 * neither's, and no reason to keep mail waiting. A spent budget is the client's doing: it said too
 * many names, a name with too many addresses, or one that is too hard for a pattern; were that
 * accepted, it would be the way around every check.
 */
static enum helo_action action_of_unknown(const struct helo_verdict *v, enum check_id check,
                                          enum fact_cause cause)
{
    if (check == CHECK_rhsbl && cause != CAUSE_BUDGET)
        return HELO_ACTION_ACCEPT;
    if ((cause == CAUSE_BUDGET || cause == CAUSE_PATTERN) &&
        strongest_action(v->rules, check) >= HELO_ACTION_DEFER)
        return HELO_ACTION_DEFER;
    return v->policy->settings.dns_on_failure == ON_FAILURE_DEFER ? HELO_ACTION_DEFER
                                                                  : HELO_ACTION_ACCEPT;
}

/* Some fact that the check needs is what DNS said once. */
static bool stands_on_stale(const struct helo_verdict *v, enum check_id check)
{
    fact_mask needs = check_row(check)->needs;

    for (unsigned i = 0; i < FACT_COUNT; i++) {
        if ((needs & 1u << i) != 0 && v->facts->fact[i].source == SOURCE_STALE)
            return true;
    }
    return false;
}

/* RFC 8767 lets stale answers keep things going; to refuse for one would do the opposite. */
static enum helo_action action_of_fail(const struct helo_verdict *v, const struct outcome *outcome,
                                       bool stale)
{
    enum helo_action action = v->rules->action[outcome->reason];

    return stale && action == HELO_ACTION_REJECT ? HELO_ACTION_DEFER : action;
}

static enum helo_action action_of(const struct helo_verdict *v, enum check_id check,
                                  const struct outcome *outcome, bool stale)
{
    switch (outcome->kind) {
    case OUTCOME_FAIL:
        return action_of_fail(v, outcome, stale);
    case OUTCOME_UNKNOWN:
        /* Not waited for, since something else decides: no ground. */
        if (outcome->cause == CAUSE_PENDING)
            return HELO_ACTION_ACCEPT;
        return action_of_unknown(v, check, outcome->cause);
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
static enum helo_action strongest_alone(const struct helo_verdict *v)
{
    enum helo_action strongest = HELO_ACTION_ACCEPT;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (v->result[i].action > strongest && can_stand_alone(v, (enum check_id)i))
            strongest = v->result[i].action;
    }
    return strongest;
}

/* ---- scores ---------------------------------------------------------------------------------- */

/* Whether a result counts in the sum: fails do; what stands on a stale answer, and what the client
 * itself made unknowable, may. */
static bool has_weight(const struct check_result *result, bool with_doubtful)
{
    return with_doubtful || (result->outcome.kind == OUTCOME_FAIL && !result->stale);
}

unsigned verdict_score_sum(unsigned alone, unsigned corroborating)
{
    return alone + (corroborating < alone ? corroborating : alone);
}

static unsigned sum_of_scores(const struct helo_verdict *v, bool with_doubtful)
{
    unsigned alone = 0, corroborating = 0;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (v->result[i].score == 0 || !has_weight(&v->result[i], with_doubtful))
            continue;
        if (can_stand_alone(v, (enum check_id)i))
            alone += v->result[i].score;
        else
            corroborating += v->result[i].score;
    }
    return verdict_score_sum(alone, corroborating);
}

static enum helo_action action_of_score(const struct rules *rules, unsigned score)
{
    if (rules->score_reject > 0 && score >= rules->score_reject)
        return HELO_ACTION_REJECT;
    return rules->score_defer > 0 && score >= rules->score_defer ? HELO_ACTION_DEFER
                                                                 : HELO_ACTION_ACCEPT;
}

/*
 * Only what is definite refuses. What a spent budget hides, or a stale answer says, could have made
 * the sum reach a threshold: then the client may come again.
 */
static enum helo_action judge_scores(struct helo_verdict *v)
{
    enum helo_action definite, possible;

    v->score = sum_of_scores(v, false);
    definite = action_of_score(v->rules, v->score);
    possible = action_of_score(v->rules, sum_of_scores(v, true));
    return definite == HELO_ACTION_ACCEPT && possible > definite ? HELO_ACTION_DEFER : definite;
}

static unsigned highest_score(const struct rules *rules, enum check_id check)
{
    unsigned most = 0;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && rules->score[i] > most)
            most = rules->score[i];
    }
    return most;
}

/* The most that a check can weigh, or what this reason of it does. */
static unsigned score_of(const struct rules *rules, enum check_id check,
                         const struct outcome *outcome)
{
    if (outcome->kind == OUTCOME_FAIL)
        return rules->score[outcome->reason];
    if (outcome->kind != OUTCOME_UNKNOWN ||
        (outcome->cause != CAUSE_BUDGET && outcome->cause != CAUSE_PATTERN))
        return 0;
    return highest_score(rules, check);
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static bool is_skipped(const struct helo_verdict *v, const struct check_row *row)
{
    return v->skip != NULL && row->family == FAMILY_ARGUMENT;
}

static bool is_pending(const struct outcome *outcome)
{
    return outcome->kind == OUTCOME_UNKNOWN && outcome->cause == CAUSE_PENDING;
}

/*
 * Runs every check that is enabled. Returns what those need that met an open fact. What the
 * argument alone says is the same for every recipient.
 */
static fact_mask run_checks(struct helo_verdict *v)
{
    fact_mask pending = 0;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        struct check_result *result = &v->result[i];
        const struct check_row *row = check_row((enum check_id)i);

        if (row->family == FAMILY_ARGUMENT && v->argument_judged) {
            result->ground = false;
            continue;
        }
        *result = (struct check_result){.action = HELO_ACTION_OFF};
        if (!v->rules->enabled[i] || is_skipped(v, row))
            continue;
        result->outcome = row->run(v->facts);
        result->stale =
            result->outcome.kind == OUTCOME_FAIL && stands_on_stale(v, (enum check_id)i);
        result->action = action_of(v, (enum check_id)i, &result->outcome, result->stale);
        if (result->action != HELO_ACTION_OFF)
            result->score = score_of(v->rules, (enum check_id)i, &result->outcome);
        if (is_pending(&result->outcome))
            pending |= row->needs;
    }
    v->argument_judged = true;
    return pending;
}

fact_mask verdict_needs(const struct helo_verdict *v, fact_mask among)
{
    fact_mask needs = 0;
    bool doubtful;

    if (exempt_by_dns(v->policy, v->facts, &needs, &doubtful).kind != EXEMPT_NONE)
        return 0;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row((enum check_id)i);
        struct outcome outcome;

        if (!v->rules->enabled[i] || (row->needs & among) == 0)
            continue;
        outcome = row->run(v->facts);
        if (is_pending(&outcome))
            needs |= row->needs;
    }
    return needs & among;
}

/*
 * A result is a ground by its own action, or by its part in a sum that is as strong. What a spent
 * budget hides, or a stale answer says, has no part in what refuses.
 */
static void name_grounds(struct helo_verdict *v)
{
    bool by_score = v->score_action >= v->would;
    bool with_doubtful = v->would < HELO_ACTION_REJECT;

    for (unsigned i = 0; v->would >= HELO_ACTION_DEFER && i < CHECK_COUNT; i++) {
        struct check_result *result = &v->result[i];

        result->ground = result->action >= v->would ||
                         (by_score && result->score > 0 && has_weight(result, with_doubtful));
    }
}

/* lists.skip: anybody can say such a name, so it spares only what the name itself is judged for. */
static const struct policy_entry *find_skip(const struct helo_verdict *v)
{
    const struct policy_list *list = &v->policy->skip;
    char key[LIMIT_HELO_TEXT + 1];
    uint32_t tag;

    if (list->count == 0 || v->facts->helo.kind == HELO_NAME_NONE ||
        pattern_find(&v->policy->skip_set, facts_helo_key(v->facts, key), &tag) != PATTERN_YES ||
        v->facts->today > list->entries[tag].expires_day)
        return NULL;
    return &list->entries[tag];
}

static void decide(struct helo_verdict *v)
{
    enum helo_action alone = strongest_alone(v);

    v->score_action = judge_scores(v);
    v->would = alone > v->score_action ? alone : v->score_action;
    name_grounds(v);
}

/* To be exempt from checks none of which says anything is nothing to wait for. */
static bool has_findings(const struct helo_verdict *v)
{
    bool found = false;

    for (unsigned i = 0; i < CHECK_COUNT; i++)
        found |= v->result[i].outcome.kind == OUTCOME_FAIL ||
                 v->result[i].outcome.kind == OUTCOME_UNKNOWN;
    return found;
}

fact_mask verdict_judge(struct helo_verdict *v)
{
    fact_mask pending = 0, open = 0;
    bool doubtful = false;

    v->would = v->score_action = HELO_ACTION_ACCEPT;
    v->score = 0;
    if (v->exempt.kind == EXEMPT_NONE)
        v->exempt = exempt_by_dns(v->policy, v->facts, &open, &doubtful);
    if (v->exempt.kind == EXEMPT_NONE) {
        if (!v->argument_judged)
            v->skip = find_skip(v);
        pending = run_checks(v);
        decide(v);
    } else {
        memset(v->result, 0, sizeof(v->result));
        v->skip = NULL;
        v->argument_judged = false;
    }
    v->exempt_open = open != 0;
    /* Who is on the site's own list must not lose mail because DNS fails; who only may be,
     * waits. */
    v->softened = doubtful && v->would == HELO_ACTION_REJECT;
    if (v->softened)
        v->would = HELO_ACTION_DEFER;
    v->action = v->policy->settings.mode == MODE_ENFORCE ? v->would : HELO_ACTION_ACCEPT;
    return has_findings(v) ? pending | open : 0;
}

/* The most that an open check could do by itself: fail, unless it only corroborates, or end without
 * an answer. */
static enum helo_action worst_of_open(const struct helo_verdict *v, enum check_id check)
{
    bool alone =
        !check_row(check)->corroborating || v->policy->settings.rfc5321_4_1_4 == RFC_IGNORE;
    enum helo_action failed = strongest_action(v->rules, check);
    enum helo_action unknown = action_of_unknown(v, check, CAUSE_TIMEOUT);

    if (!alone)
        failed = HELO_ACTION_ACCEPT;
    return failed > unknown ? failed : unknown;
}

/* The sum of scores, if all that is open came out as bad as it can. */
static enum helo_action worst_of_scores(const struct helo_verdict *v)
{
    struct helo_verdict worst = *v;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        struct check_result *result = &worst.result[i];

        if (!is_pending(&result->outcome))
            continue;
        result->outcome.kind = OUTCOME_FAIL;
        result->score = highest_score(v->rules, (enum check_id)i);
    }
    return judge_scores(&worst);
}

/* Somebody reads what is only observed: the log's reader, or that of the field in the message. */
static bool wants_everything(const struct helo_policy *policy)
{
    return policy->settings.dns_wait_for == WAIT_FOR_EVERYTHING || policy_tags(policy);
}

bool verdict_is_certain(const struct helo_verdict *v)
{
    bool accepts = v->would < HELO_ACTION_DEFER;

    if (v->exempt_open && !accepts)
        return false;
    if (accepts && wants_everything(v->policy))
        return false;
    if (v->would == HELO_ACTION_REJECT || v->softened)
        return true;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (is_pending(&v->result[i].outcome) && worst_of_open(v, (enum check_id)i) > v->would)
            return false;
    }
    return worst_of_scores(v) <= v->would;
}

/* Orders grounds: what stands alone before what does not, then the stronger action, then what is
 * known. */
static unsigned rank(const struct helo_verdict *v, enum check_id check)
{
    const struct check_result *result = &v->result[check];

    return (can_stand_alone(v, check) ? 100u : 0u) + 10u * (unsigned)result->action +
           (result->outcome.kind == OUTCOME_FAIL ? 1u : 0u);
}

/* Of two that rank alike, what weighs more. */
static bool is_before(const struct helo_verdict *v, enum check_id a, enum check_id b)
{
    unsigned rank_a = rank(v, a), rank_b = rank(v, b);

    return rank_a != rank_b ? rank_a > rank_b : v->result[a].score > v->result[b].score;
}

enum check_id verdict_lead(const struct helo_verdict *v)
{
    enum check_id lead = CHECK_COUNT;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (v->result[i].ground && (lead == CHECK_COUNT || is_before(v, (enum check_id)i, lead)))
            lead = (enum check_id)i;
    }
    return lead;
}
