/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * derive.c - answers -> facts; see plan.h
 *
 * CONTRACT A yes needs one answer that says so; a no needs a definite answer to every question that
 *          could have said yes; anything else is unknown: open while any of those answers may still
 *          come, or else with the first cause in the order of the questions. So what is no longer
 *          open does not change with the answers that come later.
 *          A stale answer (RFC 8767) stands in for one that does not come, and says yes only: when
 *          nothing is open any more and no fresh answer said so. A no is never made with its help,
 *          nor a yes that speaks against the client (helo_mx_bad, helo_rhsbl).
 *          NXDOMAIN answers its own question, though no name that lacks one type has another (RFC
 *          8020): servers that say so to AAAA of names with an A are many (RFC 4074 4.2), and both
 *          are asked at the same time.
 */
#include <string.h>

#include "base/text.h"
#include "dns/plan.h"
#include "dns/rhsbl.h"
#include "name/domain.h"

/* What some questions say together of "there is such a record". */
struct finding {
    unsigned wanted; /* how many questions could say so */
    unsigned asked;
    bool found;
    bool stale;            /* only an answer past its time has it */
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
        [DNS_UNREACHABLE] = CAUSE_RESOLVER,
        [DNS_BARE_NODATA] = CAUSE_NONE, /* conclude() decides */
        [DNS_MALFORMED] = CAUSE_MALFORMED,
        [DNS_TOO_LONG] = CAUSE_BUDGET,
    };

    return causes[status];
}

/* found: a fresh answer has it; stale: one past its time. */
static void note(struct finding *finding, const struct plan_item *item, bool found, bool stale)
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
    finding->stale = finding->stale || stale;
    if (finding->cause == CAUSE_NONE || cause == CAUSE_PENDING)
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
    if (finding->stale && finding->cause != CAUSE_PENDING)
        return (struct fact){.state = FACT_YES, .cause = finding->cause, .source = SOURCE_STALE};
    if (finding->cause != CAUSE_NONE)
        return unknown_fact(finding->cause, SOURCE_DNS);
    if (finding->asked < finding->wanted)
        return unknown_fact(otherwise, SOURCE_NONE);
    if (finding->bare && !finding->known)
        return unknown_fact(CAUSE_MALFORMED, SOURCE_DNS);
    return (struct fact){.state = FACT_NO, .source = SOURCE_DNS};
}

static bool has_public(const struct dns_answer *answer)
{
    for (size_t i = 0; answer != NULL && i < answer->address_count; i++) {
        if (ip_classify(&answer->addresses[i]) == IP_PUBLIC)
            return true;
    }
    return false;
}

static bool has_records(const struct dns_answer *answer)
{
    return answer != NULL && answer->address_count > 0;
}

static bool has_address(const struct dns_answer *answer, const struct ip *ip)
{
    for (size_t i = 0; answer != NULL && i < answer->address_count; i++) {
        if (ip_equal(&answer->addresses[i], ip))
            return true;
    }
    return false;
}

static bool is_positive(const struct dns_answer *answer)
{
    return answer != NULL && answer->status == DNS_OK;
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
        note(&finding, item, is_positive(item->answer), is_positive(item->stale));
        if (is_positive(item->answer) || is_positive(item->stale))
            take_ptr_names(f, is_positive(item->answer) ? item->answer : item->stale);
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

        if ((item->role == PLAN_PTR_A || item->role == PLAN_PTR_AAAA) && item->index == index &&
            strcmp(item->question.name, f->ptr[index].name) == 0)
            note(&finding, item, has_address(item->answer, &f->client),
                 has_address(item->stale, &f->client));
    }
    return conclude(&finding, plan->cause);
}

/* What stands on a stale answer is stale itself. */
static struct fact by_stale_ptr(const struct fact *ptr, const struct fact *confirmed)
{
    if (confirmed->state == FACT_YES && ptr->source == SOURCE_STALE)
        return *ptr;
    return *confirmed;
}

/* RFC 8601 2.7.3: one confirmed name is enough; without a PTR nothing can be confirmed. */
static void derive_fcrdns(struct facts *f, const struct plan *plan)
{
    const struct fact *ptr = &f->fact[FACT_client_ptr];
    struct fact any = facts_no_ptr_name(f);
    struct fact confirmed;

    for (unsigned i = 0; i < f->ptr_count; i++) {
        confirmed = derive_ptr_name(f, plan, i);
        f->ptr[i].confirmed = by_stale_ptr(ptr, &confirmed);
        fact_join(&any, &f->ptr[i].confirmed);
    }
    f->fact[FACT_client_fcrdns] = any;
}

static void take_helo_addresses(struct facts *f, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->address_count && f->helo_address_count < LIMIT_ADDRESSES; i++)
        f->helo_addresses[f->helo_address_count++] = answer->addresses[i];
    f->helo_alias = f->helo_alias || answer->cnames > 0;
}

/* Only what a fresh answer has is compared with the client's. */
static void compare_helo_addresses(struct facts *f, const struct dns_answer *answer)
{
    unsigned net_bits = f->client.family == IP_V6 ? 64 : 24;

    for (size_t i = 0; i < answer->address_count; i++) {
        const struct ip *ip = &answer->addresses[i];

        f->helo_family = f->helo_family || ip->family == f->client.family;
        f->helo_same_net = f->helo_same_net || ip_same_prefix(ip, &f->client, net_bits);
    }
}

/* The honest client's way: it says the name that the MTA has looked up forward and back, so there
 * is nothing to ask and nothing to wait for. Other addresses of it are not known, nor needed. */
static void take_helo_from_mta(struct facts *f)
{
    fact_set(f, FACT_helo_address, FACT_YES, SOURCE_MTA);
    fact_set(f, FACT_helo_forward, FACT_YES, SOURCE_MTA);
    if (ip_classify(&f->client) == IP_PUBLIC)
        fact_set(f, FACT_helo_public, FACT_YES, SOURCE_MTA);
    f->helo_addresses[f->helo_address_count++] = f->client;
    f->helo_family = true;
}

static void derive_helo(struct facts *f, const struct plan *plan)
{
    struct finding address = {.wanted = 2};
    struct finding forward = {.wanted = 2};
    struct finding public = {.wanted = 2};
    struct finding mx = {.wanted = 1};

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *item = &plan->items[i];

        if (item->role == PLAN_HELO_MX)
            note(&mx, item, is_positive(item->answer), is_positive(item->stale));
        if (item->role != PLAN_HELO_A && item->role != PLAN_HELO_AAAA)
            continue;
        note(&address, item, has_records(item->answer), has_records(item->stale));
        note(&forward, item, has_address(item->answer, &f->client),
             has_address(item->stale, &f->client));
        note(&public, item, has_public(item->answer), has_public(item->stale));
        if (item->answer != NULL)
            compare_helo_addresses(f, item->answer);
        if (item->answer != NULL || item->stale != NULL)
            take_helo_addresses(f, item->stale != NULL ? item->stale : item->answer);
    }
    f->fact[FACT_helo_address] = conclude(&address, plan->cause);
    f->fact[FACT_helo_forward] = conclude(&forward, plan->cause);
    f->fact[FACT_helo_public] = conclude(&public, plan->cause);
    f->fact[FACT_helo_mx] = conclude(&mx, plan->cause);
    if (facts_mta_knows_helo(f))
        take_helo_from_mta(f);
}

/* ---- hosts of the MX ------------------------------------------------------------------------- */

/* Which host the site has listed: the first one, or mx->name_count. */
static struct fact search_mx(struct facts *f, const struct dns_answer *mx)
{
    struct fact found = {.state = FACT_NO, .source = SOURCE_DNS};

    for (f->mx_host = 0; f->ref != NULL && f->mx_host < mx->name_count; f->mx_host++) {
        switch (dated_find(&f->ref->mx_denied, mx->names[f->mx_host], f->today, &f->mx_entry)) {
        case PATTERN_YES:
            return (struct fact){.state = FACT_YES, .source = SOURCE_DNS};
        case PATTERN_LIMIT:
            found = unknown_fact(CAUSE_PATTERN, SOURCE_DNS);
            break;
        case PATTERN_NO:
            break;
        }
    }
    /* One that was not kept could have been listed. */
    if (found.state == FACT_NO && mx->cut && f->ref != NULL && f->ref->mx_denied.count > 0)
        found = unknown_fact(CAUSE_BUDGET, SOURCE_DNS);
    return found;
}

/*
 * The site's list needs no look-up, so it is asked of all hosts, and first; but once for an answer:
 * its patterns may be many, and the names are the client's to choose.
 */
static struct fact find_listed_mx(struct facts *f, const struct dns_answer *mx)
{
    if (f->mx_searched != mx)
        f->mx_found = search_mx(f, mx);
    f->mx_searched = mx;
    if (f->mx_found.state == FACT_YES) {
        f->mx_listed = true;
        text_copy(f->mx_name, sizeof(f->mx_name), mx->names[f->mx_host]);
    }
    return f->mx_found;
}

/* It has addresses, and no public one. Without any address it is only out of order. */
static struct fact derive_mx_host(const struct plan *plan, const char *name, unsigned index)
{
    struct finding public = {.wanted = 2};
    struct fact fact;
    bool any = false;

    if (domain_is_within(name, "localhost"))
        return (struct fact){.state = FACT_YES, .source = SOURCE_NAME};
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *item = &plan->items[i];

        if ((item->role != PLAN_MX_A && item->role != PLAN_MX_AAAA) || item->index != index)
            continue;
        note(&public, item, has_public(item->answer), false);
        any = any || has_records(item->answer);
    }
    fact = conclude(&public, plan->cause);
    if (fact.state != FACT_UNKNOWN)
        fact.state = fact.state == FACT_NO && any ? FACT_YES : FACT_NO;
    return fact;
}

/* Hosts past LIMIT_MX_HOSTS are taken for good: large providers have some more. */
static void derive_mx_bad(struct facts *f, const struct plan *plan)
{
    const struct dns_answer *mx = plan_mx_answer(plan);
    struct fact *bad = &f->fact[FACT_helo_mx_bad];

    *bad = f->fact[FACT_helo_mx];
    if (bad->source == SOURCE_STALE)
        *bad = unknown_fact(bad->cause, SOURCE_DNS);
    if (bad->state != FACT_YES)
        return;
    *bad = find_listed_mx(f, mx);
    for (unsigned i = 0; i < mx->name_count && i < LIMIT_MX_HOSTS; i++) {
        struct fact host = derive_mx_host(plan, mx->names[i], i);

        if (host.state == FACT_YES && bad->state != FACT_YES)
            text_copy(f->mx_name, sizeof(f->mx_name), mx->names[i]);
        fact_join(bad, &host);
    }
}

/* ---- domain lists ---------------------------------------------------------------------------- */

static const struct plan_item *find_list_item(const struct plan *plan, unsigned index)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->items[i].role == PLAN_RHSBL && plan->items[i].index == index)
            return &plan->items[i];
    }
    return NULL;
}

/* What one list says of one domain. */
static struct fact derive_listing(struct facts *f, const struct plan *plan, unsigned zone,
                                  const char *domain, unsigned index)
{
    const struct rhsbl_zone *row = &f->ref->zones[zone];
    const struct plan_item *item = find_list_item(plan, index);
    struct finding listed = {.wanted = 1};
    char name[LIMIT_NAME_CHARS + 1];
    enum rhsbl_meaning meaning;

    /* A list that has failed its test is as if it were not configured, and a name that DNS cannot
     * have is on no list. */
    if ((f->rhsbl_unusable & 1u << zone) != 0 || !rhsbl_question_name(domain, row, name))
        return (struct fact){.state = FACT_NO, .source = SOURCE_NAME};
    if (item != NULL) {
        meaning = rhsbl_read(row, item->answer, &f->rhsbl_code);
        if (meaning == RHSBL_REFUSED || meaning == RHSBL_FOREIGN)
            return unknown_fact(CAUSE_REFUSED, SOURCE_DNS);
        note(&listed, item, meaning == RHSBL_LISTED, false);
    }
    return conclude(&listed, plan->cause);
}

/* The first list, in the site's order, that has one of the domains. */
static void derive_rhsbl(struct facts *f, const struct plan *plan)
{
    const char *domains[RHSBL_DOMAINS];
    struct fact *sum = &f->fact[FACT_helo_rhsbl];
    unsigned count;

    *sum = unknown_fact(plan->cause, SOURCE_NONE);
    if (!rhsbl_applies(f))
        return;
    count = rhsbl_domains(f, domains);
    *sum = (struct fact){.state = FACT_NO, .source = count > 0 ? SOURCE_DNS : SOURCE_NAME};
    for (unsigned i = 0; i < f->ref->zone_count * count && sum->state != FACT_YES; i++) {
        struct fact one = derive_listing(f, plan, i / count, domains[i % count],
                                         i / count * RHSBL_DOMAINS + i % count);

        f->rhsbl_zone = i / count;
        fact_join(sum, &one);
    }
}

void derive_facts(struct facts *facts, const struct plan *plan)
{
    facts_reset_dns(facts);
    if (facts->fact[FACT_client_ptr].source != SOURCE_MTA) {
        derive_ptr(facts, plan);
        derive_fcrdns(facts, plan);
    }
    derive_helo(facts, plan);
    if ((facts->wanted & FACT_BIT(helo_mx_bad)) != 0)
        derive_mx_bad(facts, plan);
    if ((facts->wanted & FACT_BIT(helo_rhsbl)) != 0)
        derive_rhsbl(facts, plan);
}
