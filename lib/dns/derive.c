/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * derive.c - answers -> facts; see plan.h
 *
 * CONTRACT A yes needs one answer that says so; a no needs a definite answer to every question that
 *          could have said yes; anything else is unknown, with the first cause in the order of the
 *          questions.
 */
#include <string.h>

#include "base/text.h"
#include "dns/plan.h"
#include "name/domain.h"

/* What some questions say together of "there is such a record". */
struct finding {
    unsigned wanted; /* how many questions could say so */
    unsigned asked;
    bool found;
    bool known;            /* some answer had records: the server knows the name */
    bool bare;             /* some answer was DNS_BARE_NODATA */
    enum fact_cause cause; /* NONE: every answer was definite */
};

static enum fact_cause cause_of(enum dns_status status)
{
    static const enum fact_cause causes[] = {
        [DNS_OK] = CAUSE_NONE,
        [DNS_NXDOMAIN] = CAUSE_NONE,
        [DNS_NODATA] = CAUSE_NONE,
        [DNS_SERVFAIL] = CAUSE_SERVFAIL,
        [DNS_REFUSED] = CAUSE_REFUSED,
        [DNS_TIMEOUT] = CAUSE_TIMEOUT,
        [DNS_BARE_NODATA] = CAUSE_NONE, /* conclude() decides */
        [DNS_MALFORMED] = CAUSE_MALFORMED,
    };

    return causes[status];
}

static void note(struct finding *finding, const struct plan_item *item, bool found)
{
    enum fact_cause cause = item->answer != NULL ? cause_of(item->answer->status) : item->cause;

    /* What was not kept could have said yes. */
    if (cause == CAUSE_NONE && item->answer != NULL && item->answer->cut &&
        item->role != PLAN_CLIENT_PTR)
        cause = CAUSE_BUDGET;
    finding->asked++;
    finding->known = finding->known || (item->answer != NULL && item->answer->status == DNS_OK);
    finding->bare =
        finding->bare || (item->answer != NULL && item->answer->status == DNS_BARE_NODATA);
    finding->found = finding->found || found;
    if (finding->cause == CAUSE_NONE)
        finding->cause = cause;
}

static struct fact unknown_fact(enum fact_cause cause, enum fact_source source)
{
    return (struct fact){.state = FACT_UNKNOWN, .cause = cause, .source = source};
}

static struct fact conclude(const struct finding *finding, enum fact_cause otherwise)
{
    if (finding->found)
        return (struct fact){.state = FACT_YES, .source = SOURCE_DNS};
    if (finding->cause != CAUSE_NONE)
        return unknown_fact(finding->cause, SOURCE_DNS);
    if (finding->asked < finding->wanted)
        return unknown_fact(otherwise, SOURCE_NONE);
    if (finding->bare && !finding->known)
        return unknown_fact(CAUSE_MALFORMED, SOURCE_DNS);
    return (struct fact){.state = FACT_NO, .source = SOURCE_DNS};
}

static bool has_address(const struct dns_answer *answer, const struct ip *ip)
{
    for (size_t i = 0; answer != NULL && i < answer->address_count; i++) {
        if (ip_equal(&answer->addresses[i], ip))
            return true;
    }
    return false;
}

static void take_ptr_names(struct facts *f, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->name_count && f->ptr_count < LIMIT_PTR_NAMES; i++) {
        struct ptr_name *ptr = &f->ptr[f->ptr_count++];

        text_copy(ptr->name, sizeof(ptr->name), answer->names[i]);
        ptr->confirmed =
            (struct fact){.state = FACT_UNKNOWN, .cause = CAUSE_PENDING, .source = SOURCE_NONE};
    }
    f->ptr_cut = answer->cut || answer->name_count > LIMIT_PTR_NAMES;
}

static void derive_ptr(struct facts *f, const struct plan *plan)
{
    struct finding finding = {.wanted = 1};

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *item = &plan->items[i];

        if (item->role != PLAN_CLIENT_PTR)
            continue;
        note(&finding, item, item->answer != NULL && item->answer->status == DNS_OK);
        if (item->answer != NULL && item->answer->status == DNS_OK)
            take_ptr_names(f, item->answer);
    }
    f->fact[FACT_client_ptr] = conclude(&finding, plan->cause);
}

static struct fact derive_ptr_name(const struct facts *f, const struct plan *plan, unsigned index)
{
    struct finding finding = {.wanted = 2};

    if (domain_is_within(f->ptr[index].name, "localhost"))
        return (struct fact){.state = FACT_NO, .source = SOURCE_NAME};
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *item = &plan->items[i];

        if ((item->role == PLAN_PTR_A || item->role == PLAN_PTR_AAAA) && item->index == index)
            note(&finding, item, has_address(item->answer, &f->client));
    }
    return conclude(&finding, plan->cause);
}

/* RFC 8601 2.7.3: one confirmed name is enough; without a PTR nothing can be confirmed. */
static void derive_fcrdns(struct facts *f, const struct plan *plan)
{
    struct finding finding = {.wanted = 0}; /* of names, not of questions */

    for (unsigned i = 0; i < f->ptr_count; i++) {
        f->ptr[i].confirmed = derive_ptr_name(f, plan, i);
        finding.found = finding.found || f->ptr[i].confirmed.state == FACT_YES;
        if (f->ptr[i].confirmed.state == FACT_UNKNOWN && finding.cause == CAUSE_NONE)
            finding.cause = f->ptr[i].confirmed.cause;
    }
    if (f->fact[FACT_client_ptr].state == FACT_UNKNOWN)
        f->fact[FACT_client_fcrdns] = f->fact[FACT_client_ptr];
    else
        f->fact[FACT_client_fcrdns] = conclude(&finding, CAUSE_NONE);
}

static void take_helo_addresses(struct facts *f, const struct dns_answer *answer)
{
    unsigned net_bits = f->client.family == IP_V6 ? 64 : 24;

    for (size_t i = 0; i < answer->address_count && f->helo_address_count < LIMIT_ADDRESSES; i++) {
        const struct ip *ip = &answer->addresses[i];

        f->helo_addresses[f->helo_address_count++] = *ip;
        f->helo_family = f->helo_family || ip->family == f->client.family;
        f->helo_same_net = f->helo_same_net || ip_same_prefix(ip, &f->client, net_bits);
    }
    f->helo_alias = f->helo_alias || answer->cnames > 0;
}

static void derive_helo(struct facts *f, const struct plan *plan)
{
    struct finding address = {.wanted = 2};
    struct finding forward = {.wanted = 2};
    struct finding mx = {.wanted = 1};

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *item = &plan->items[i];

        if (item->role == PLAN_HELO_MX)
            note(&mx, item, item->answer != NULL && item->answer->status == DNS_OK);
        if (item->role != PLAN_HELO_A && item->role != PLAN_HELO_AAAA)
            continue;
        note(&address, item, item->answer != NULL && item->answer->address_count > 0);
        note(&forward, item, has_address(item->answer, &f->client));
        if (item->answer != NULL)
            take_helo_addresses(f, item->answer);
    }
    f->fact[FACT_helo_address] = conclude(&address, plan->cause);
    f->fact[FACT_helo_forward] = conclude(&forward, plan->cause);
    f->fact[FACT_helo_mx] = conclude(&mx, plan->cause);
}

void derive_facts(struct facts *facts, const struct plan *plan)
{
    facts_reset_dns(facts);
    if (facts->fact[FACT_client_ptr].source != SOURCE_MTA) {
        derive_ptr(facts, plan);
        derive_fcrdns(facts, plan);
    }
    derive_helo(facts, plan);
}
