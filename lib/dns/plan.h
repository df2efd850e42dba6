/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan.h - which questions settle a fact, and what their answers say
 *
 * PURPOSE  The two pure ends of DNS: wanted facts -> questions (dns/plan.c), answers -> facts
 *          (dns/derive.c). Only this pair knows both.
 * CONTRACT plan_extend() adds what can be asked now and is not there yet; PTR names and MX hosts
 *          become questions once the PTR and the MX are answered, so it is called until it adds
 *          nothing.
 *          derive_facts() gives the same facts whatever order the answers came in. A session never
 *          asks more than LIMIT_QUESTIONS.
 * OWNERSHIP The plan owns its items, not the answers and tickets in them (session/lookups.c does).
 * THREADS  none of its own.
 * STANDARDS RFC 8601 2.7.3 (iprev: the first LIMIT_PTR_NAMES names), RFC 1035 3.5, RFC 3596 2.5,
 *           RFC 5782 3 (domain lists), RFC 6761 6.3 (localhost is never asked about).
 */
#ifndef HELO_DNS_PLAN_H
#define HELO_DNS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"
#include "dns/question.h"
#include "dns/service.h"
#include "facts/facts.h"

enum plan_role {
    PLAN_CLIENT_PTR,
    PLAN_PTR_A, /* of PTR name number `index` */
    PLAN_PTR_AAAA,
    PLAN_HELO_A,
    PLAN_HELO_AAAA,
    PLAN_HELO_MX,
    PLAN_MX_A, /* of MX host number `index` */
    PLAN_MX_AAAA,
    PLAN_RHSBL /* zone number index / RHSBL_DOMAINS, domain number index % RHSBL_DOMAINS */
};

struct plan_item {
    enum plan_role role;
    unsigned index;
    struct dns_question question;
    const struct dns_answer *answer; /* NULL: none */
    const struct dns_answer *stale;  /* past its time, where there is no definite answer; or NULL */
    enum fact_cause cause;           /* why there is none: PENDING while it may still come */
    dns_follow_fn *follow;           /* what its answer leads to; NULL: nothing */
    struct dns_ticket *ticket;       /* the session's */
    uint64_t deadline_ms;            /* the session's: past it, the answer comes too late */
};

struct plan {
    struct plan_item *items;
    size_t count;
    size_t room;
    unsigned asked; /* in this session, also what was dropped since */
    /* Of facts that nobody asked for: PENDING, BUDGET past the limit, TIMEOUT when it is late. */
    enum fact_cause cause;
};

void plan_init(struct plan *plan);
void plan_fini(struct plan *plan);
/* Returns how many items were added, at the end. */
size_t plan_extend(struct plan *plan, const struct facts *facts, fact_mask wanted);
/*
 * What the item's answer leads to, for what is wanted; NULL: nothing. The same questions as
 * plan_extend() adds once the answer is there.
 */
dns_follow_fn *plan_follow(const struct plan_item *item, fact_mask wanted);
/* Whether the item is about the present HELO, and so goes with it. */
bool plan_is_about_helo(const struct plan_item *item);
/* What the HELO domain's MX question was answered; NULL: nothing so far. */
const struct dns_answer *plan_mx_answer(const struct plan *plan);
/* Removes item i (its ticket was given back); the others keep their order. */
void plan_remove(struct plan *plan, size_t i);

/* Replaces what facts say of DNS by what the items' answers say. */
void derive_facts(struct facts *facts, const struct plan *plan);

#endif /* HELO_DNS_PLAN_H */
