/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan.c - wanted facts -> questions; see plan.h
 *
 * ALGORITHM
 *  1. The table says which roles settle which fact.
 *  2. For each role that is wanted and can be asked (the client has an address, the HELO is a
 *     domain, the PTR or the MX is answered), the question is made and added, unless it is there.
 *  3. A session that has asked LIMIT_QUESTIONS gets no more: facts that want one are
 *     unknown(budget).
 */
#include "dns/plan.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dns/rhsbl.h"
#include "name/domain.h"

void plan_init(struct plan *plan)
{
    *plan = (struct plan){.cause = CAUSE_PENDING};
}

void plan_fini(struct plan *plan)
{
    mem_free(plan->items);
    plan_init(plan);
}

void plan_remove(struct plan *plan, size_t i)
{
    memmove(&plan->items[i], &plan->items[i + 1], (plan->count - i - 1) * sizeof(plan->items[0]));
    plan->count--;
}

/* A stale PTR answer may have had other names than the one that comes after all. */
static bool has_item(const struct plan *plan, enum plan_role role, unsigned index, const char *name)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_item *item = &plan->items[i];

        if (item->role == role && item->index == index && strcmp(item->question.name, name) == 0)
            return true;
    }
    return false;
}

static bool make_room(struct plan *plan)
{
    size_t room = plan->room == 0 ? 8 : plan->room * 2;
    struct plan_item *items;

    if (plan->count < plan->room)
        return true;
    items = mem_grow(plan->items, room, sizeof(items[0]));
    if (items == NULL)
        return false;
    plan->items = items;
    plan->room = room;
    return true;
}

static void add_item(struct plan *plan, enum plan_role role, unsigned index, enum dns_type type,
                     const char *name)
{
    struct plan_item *item;

    if (has_item(plan, role, index, name))
        return;
    if (plan->asked >= LIMIT_QUESTIONS) {
        plan->cause = CAUSE_BUDGET;
        return;
    }
    /* No memory is our trouble, not the client's: as if nobody had answered. */
    if (!make_room(plan)) {
        plan->cause = CAUSE_TIMEOUT;
        return;
    }
    item = &plan->items[plan->count++];
    *item = (struct plan_item){.role = role, .index = index, .cause = CAUSE_PENDING};
    item->question.type = type;
    text_copy(item->question.name, sizeof(item->question.name), name);
    plan->asked++;
}

static bool is_localhost(const char *name)
{
    return domain_is_within(name, "localhost");
}

/* Whether the addresses of name number i of an answer are asked about: the first `most` only, and
 * never those of localhost. */
static bool is_followed(const char *name, size_t i, size_t most)
{
    return i < most && !is_localhost(name);
}

/* ---- roles: what can be asked now ------------------------------------------------------------ */

static void add_client(struct plan *plan, const struct facts *f, enum plan_role role,
                       enum dns_type type)
{
    char reverse[LIMIT_NAME_CHARS + 1];

    if (f->client.family == IP_NONE || f->fact[FACT_client_ptr].source == SOURCE_MTA)
        return;
    ip_reverse_name(&f->client, reverse);
    add_item(plan, role, 0, type, reverse);
}

static void add_ptr_names(struct plan *plan, const struct facts *f, enum plan_role role,
                          enum dns_type type)
{
    for (unsigned i = 0; i < f->ptr_count; i++) {
        if (f->ptr[i].confirmed.source != SOURCE_MTA &&
            is_followed(f->ptr[i].name, i, LIMIT_PTR_NAMES))
            add_item(plan, role, i, type, f->ptr[i].name);
    }
}

static void add_helo(struct plan *plan, const struct facts *f, enum plan_role role,
                     enum dns_type type)
{
    if (role != PLAN_HELO_MX && facts_mta_knows_helo(f))
        return;
    if (f->helo.kind == HELO_NAME_DOMAIN && !is_localhost(f->helo.domain))
        add_item(plan, role, 0, type, f->helo.domain);
}

const struct dns_answer *plan_mx_answer(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->items[i].role == PLAN_HELO_MX)
            return plan->items[i].answer;
    }
    return NULL;
}

/* None once a host is known to be bad, as one that the site has listed is without any question. */
static void add_mx_hosts(struct plan *plan, const struct facts *f, enum plan_role role,
                         enum dns_type type)
{
    const struct dns_answer *mx = plan_mx_answer(plan);

    if (mx == NULL || f->fact[FACT_helo_mx_bad].state == FACT_YES)
        return;
    for (unsigned i = 0; i < mx->name_count; i++) {
        if (is_followed(mx->names[i], i, LIMIT_MX_HOSTS))
            add_item(plan, role, i, type, mx->names[i]);
    }
}

static void add_lists(struct plan *plan, const struct facts *f, enum plan_role role,
                      enum dns_type type)
{
    const char *domains[RHSBL_DOMAINS];
    char name[LIMIT_NAME_CHARS + 1];
    unsigned count;

    if (!rhsbl_applies(f))
        return;
    count = rhsbl_domains(f, domains);
    for (unsigned zone = 0; zone < f->ref->zone_count; zone++) {
        for (unsigned i = 0; i < count && (f->rhsbl_unusable & 1u << zone) == 0; i++) {
            if (rhsbl_question_name(domains[i], &f->ref->zones[zone], name))
                add_item(plan, role, zone * RHSBL_DOMAINS + i, type, name);
        }
    }
}

/* ---- which roles settle which facts ---------------------------------------------------------- */

/* Negative facts need both A and AAAA: an IPv4 client may be in an AAAA record as a mapped
 * address. */
#define HELO_ADDRESS_FACTS (FACT_BIT(helo_address) | FACT_BIT(helo_forward) | FACT_BIT(helo_public))

static const struct role_row {
    enum dns_type type;
    fact_mask settles;
    bool about_helo;
    void (*add)(struct plan *plan, const struct facts *f, enum plan_role role, enum dns_type type);
} roles[] = {
    [PLAN_CLIENT_PTR] = {DNS_PTR, FACT_BIT(client_ptr) | FACT_BIT(client_fcrdns), false,
                         add_client},
    [PLAN_PTR_A] = {DNS_A, FACT_BIT(client_fcrdns), false, add_ptr_names},
    [PLAN_PTR_AAAA] = {DNS_AAAA, FACT_BIT(client_fcrdns), false, add_ptr_names},
    [PLAN_HELO_A] = {DNS_A, HELO_ADDRESS_FACTS, true, add_helo},
    [PLAN_HELO_AAAA] = {DNS_AAAA, HELO_ADDRESS_FACTS, true, add_helo},
    [PLAN_HELO_MX] = {DNS_MX, FACT_BIT(helo_mx) | FACT_BIT(helo_mx_bad), true, add_helo},
    [PLAN_MX_A] = {DNS_A, FACT_BIT(helo_mx_bad), true, add_mx_hosts},
    [PLAN_MX_AAAA] = {DNS_AAAA, FACT_BIT(helo_mx_bad), true, add_mx_hosts},
    [PLAN_RHSBL] = {DNS_A, FACT_BIT(helo_rhsbl), true, add_lists},
};

/* ---- what an answer leads to ----------------------------------------------------------------- */

/* A and AAAA of each name that is followed. */
static bool follow_names(const struct dns_answer *answer, unsigned i, size_t most,
                         struct dns_question *out)
{
    unsigned nth = 0;

    for (size_t n = 0; n < answer->name_count; n++) {
        if (!is_followed(answer->names[n], n, most) || nth++ != i / 2)
            continue;
        out->type = i % 2 == 0 ? DNS_A : DNS_AAAA;
        text_copy(out->name, sizeof(out->name), answer->names[n]);
        return true;
    }
    return false;
}

static bool follow_ptr(const struct dns_answer *answer, unsigned i, struct dns_question *out)
{
    return follow_names(answer, i, LIMIT_PTR_NAMES, out);
}

/* None when one of them is bad without any look-up. That the site may have listed one, too, the
 * answer does not tell. */
static bool follow_mx(const struct dns_answer *answer, unsigned i, struct dns_question *out)
{
    for (size_t n = 0; n < answer->name_count && n < LIMIT_MX_HOSTS; n++) {
        if (is_localhost(answer->names[n]))
            return false;
    }
    return follow_names(answer, i, LIMIT_MX_HOSTS, out);
}

dns_follow_fn *plan_follow(const struct plan_item *item, fact_mask wanted)
{
    if (item->role == PLAN_CLIENT_PTR && (wanted & roles[PLAN_PTR_A].settles) != 0)
        return follow_ptr;
    if (item->role == PLAN_HELO_MX && (wanted & roles[PLAN_MX_A].settles) != 0)
        return follow_mx;
    return NULL;
}

bool plan_is_about_helo(const struct plan_item *item)
{
    return roles[item->role].about_helo;
}

size_t plan_extend(struct plan *plan, const struct facts *facts, fact_mask wanted)
{
    size_t before = plan->count;

    for (unsigned i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if ((roles[i].settles & wanted) != 0)
            roles[i].add(plan, facts, (enum plan_role)i, roles[i].type);
    }
    return plan->count - before;
}
