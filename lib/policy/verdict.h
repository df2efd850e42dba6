/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.h - outcomes and policy make an action with its reasons
 *
 * PURPOSE  struct helo_verdict, and the pure function that fills it.
 * CONTRACT Speaks of actions and reasons, never of SMTP (policy/reply.c does).
 * OWNERSHIP Points into its session (facts, policy, strings); lives until the next call on it.
 * THREADS  none of its own.
 * STANDARDS RFC 5321 4.1.4: a corroborating check is never the only ground.
 *
 * ALGORITHM
 *  1. An exemption: accept, nothing is run. One that DNS has to confirm comes last: while it is
 *     open nothing is certain, and when DNS cannot tell, what would be refused is deferred.
 *  2. Every enabled check is run, but for those of the argument alone when its name is in
 *     lists.skip. A fail takes the action and the score of its reason; an unknown takes
 *     dns.on_failure; one that is the client's own excess (budget) defers where a fail would
 *     refuse, and so does a fail that stands on a stale answer. What was not waited for (open)
 *     counts as nothing.
 *  3. Scores of fails add up; those of corroborating checks count for as much as all others
 *     together, at most. The sum is held against score.defer and score.reject. What a spent budget
 *     hides, and what stands on a stale answer, may defer with its score, and never refuse.
 *  4. The strongest action, of the sum and of the results that may stand alone, is `would`: all
 *     but failed corroborating checks, and those too when the site says rfc5321_4_1_4: ignore.
 *     Every result that is at least as strong is a ground; if the sum is, every one that has a
 *     part in it.
 *  5. mode: observe makes `action` accept.
 */
#ifndef HELO_POLICY_VERDICT_H
#define HELO_POLICY_VERDICT_H

#include <stdbool.h>

#include "checks/registry.h"
#include "facts/facts.h"
#include "policy/exempt.h"
#include "policy/policy.h"

struct check_result {
    struct outcome outcome;
    enum helo_action
        action;     /* of this outcome: OFF when the check is off, ACCEPT when nothing failed */
    unsigned score; /* hundredths; 0 when nothing failed, nor may have by a spent budget */
    bool ground;    /* of `would`: one of the reasons why it is not accept */
    bool stale;     /* a fail by what DNS said once: the action is defer at most */
};

struct helo_verdict {
    enum helo_action action;
    enum helo_action would;
    struct exemption exempt;
    const struct policy_entry *skip; /* of lists.skip: no check of the argument alone; or NULL */
    struct check_result result[CHECK_COUNT];
    unsigned score;                /* the sum, hundredths */
    enum helo_action score_action; /* what the thresholds make of it: ACCEPT, DEFER or REJECT */
    bool argument_judged;          /* results of FAMILY_ARGUMENT hold; cleared with each HELO */
    bool exempt_open;              /* an exemption may still be confirmed */
    bool softened;                 /* would be REJECT, but DNS could not tell an exemption */

    /* For replies and explanations. */
    const struct helo_policy *policy;
    const struct rules *rules; /* the policy's, or those of a listener */
    const struct facts *facts;
    const char *id;            /* printable */
    const char *sender;        /* printable; "" when none */
    const char *recipient;     /* printable; "" when none */
    const char *auth_user;     /* printable; "" when none */
    const char *listener_name; /* printable; "" when unknown */
    unsigned listener_port;
    unsigned long dns_ms;   /* what this session has been blocked for DNS */
    unsigned dns_questions; /* what it asked, the cache's answers included */
};

/*
 * Runs the checks (v->policy, v->rules, v->facts, v->exempt are set). Returns the needs of the
 * checks that met an open fact, and of an exemption that could still change something; 0: the
 * verdict is complete.
 */
fact_mask verdict_judge(struct helo_verdict *v);
/*
 * The same without a verdict: which open facts of `among` it would meet. For asking early.
 */
fact_mask verdict_needs(const struct helo_verdict *v, fact_mask among);

/*
 * What scores come to: that a name does not match may add to other grounds, and never outweigh them
 * (RFC 5321 4.1.4). alone: of checks that may stand alone; corroborating: of the others.
 */
unsigned verdict_score_sum(unsigned alone, unsigned corroborating);

/*
 * Whether `would` stays as it is whatever is still open: nothing makes a refusal stronger, and what
 * is open may be unable to make one of a deferral or of an acceptance. The latter is uncertain all
 * the same where dns.wait_for says that the log is to be complete.
 */
bool verdict_is_certain(const struct helo_verdict *v);

/* The ground that a reply speaks of; CHECK_COUNT when there is none. */
enum check_id verdict_lead(const struct helo_verdict *v);

#endif /* HELO_POLICY_VERDICT_H */
