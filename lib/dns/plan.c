/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan.c - wanted facts -> questions; see plan.h
 *
 * ALGORITHM
 *  1. The table says which roles settle which fact.
 *  2. For each role that is wanted and can be asked (the client has an address, the HELO is a
 *     domain, the PTR is answered), the question is made and added, unless it is there.
 *  3. A session that has asked LIMIT_QUESTIONS gets no more: facts that want one are
 *     unknown(budget).
 */
#include "dns/plan.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"

/* A negative forward fact needs both A and AAAA: an IPv4 client may be in an AAAA record as a
 * mapped address. */
static const struct {
    enum plan_role role;
    enum dns_type type;
    fact_mask settles;
} roles[] = {
    {PLAN_CLIENT_PTR, DNS_PTR, FACT_BIT(client_ptr) | FACT_BIT(client_fcrdns)},
    {PLAN_PTR_A, DNS_A, FACT_BIT(client_fcrdns)},
    {PLAN_PTR_AAAA, DNS_AAAA, FACT_BIT(client_fcrdns)},
    {PLAN_HELO_A, DNS_A, FACT_BIT(helo_address) | FACT_BIT(helo_forward)},
    {PLAN_HELO_AAAA, DNS_AAAA, FACT_BIT(helo_address) | FACT_BIT(helo_forward)},
    {PLAN_HELO_MX, DNS_MX, FACT_BIT(helo_mx)},
};

void plan_init(struct plan *plan)
{
    *plan = (struct plan){.cause = CAUSE_PENDING};
}

void plan_fini(struct plan *plan)
{
    mem_free(plan->items);
    plan_init(plan);
}

bool plan_is_about_helo(const struct plan_item *item)
{
    return item->role == PLAN_HELO_A || item->role == PLAN_HELO_AAAA || item->role == PLAN_HELO_MX;
}

void plan_remove(struct plan *plan, size_t i)
{
    memmove(&plan->items[i], &plan->items[i + 1], (plan->count - i - 1) * sizeof(plan->items[0]));
    plan->count--;
}

static bool has_item(const struct plan *plan, enum plan_role role, unsigned index)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->items[i].role == role && plan->items[i].index == index)
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

    if (has_item(plan, role, index))
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

static void add_role(struct plan *plan, const struct facts *f, enum plan_role role,
                     enum dns_type type)
{
    char reverse[LIMIT_NAME_CHARS + 1];

    switch (role) {
    case PLAN_CLIENT_PTR:
        if (f->client.family != IP_NONE && f->fact[FACT_client_ptr].source != SOURCE_MTA) {
            ip_reverse_name(&f->client, reverse);
            add_item(plan, role, 0, type, reverse);
        }
        break;
    case PLAN_PTR_A:
    case PLAN_PTR_AAAA:
        for (unsigned i = 0; i < f->ptr_count; i++) {
            if (f->ptr[i].confirmed.source != SOURCE_MTA &&
                !domain_is_within(f->ptr[i].name, "localhost"))
                add_item(plan, role, i, type, f->ptr[i].name);
        }
        break;
    case PLAN_HELO_A:
    case PLAN_HELO_AAAA:
    case PLAN_HELO_MX:
        if (f->helo.kind == HELO_NAME_DOMAIN && !domain_is_within(f->helo.domain, "localhost"))
            add_item(plan, role, 0, type, f->helo.domain);
        break;
    }
}

size_t plan_extend(struct plan *plan, const struct facts *facts, fact_mask wanted)
{
    size_t before = plan->count;

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if ((roles[i].settles & wanted) != 0)
            add_role(plan, facts, roles[i].role, roles[i].type);
    }
    return plan->count - before;
}
