/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookups.c - see lookups.h
 */
#include "session/lookups.h"

void lookups_init(struct lookups *l, struct dns_service *service, const struct settings *settings)
{
    *l = (struct lookups){.service = service,
                          .deadline_ms = (uint64_t)settings->dns_deadline_ms,
                          .wait_ms = (uint64_t)settings->dns_wait_ms};
    plan_init(&l->plan);
}

void lookups_fini(struct lookups *l)
{
    for (size_t i = 0; i < l->plan.count; i++)
        service_release(l->service, l->plan.items[i].ticket);
    plan_fini(&l->plan);
    waiter_free(l->waiter);
    l->waiter = NULL;
}

/* Slow names of its own must not use up what a client is waited for: each HELO has its own
 * patience. */
static bool is_out_of_patience(const struct lookups *l)
{
    return l->helos > LIMIT_PATIENT_HELOS;
}

bool lookups_ask(struct lookups *l, const struct facts *facts, fact_mask wanted)
{
    size_t first = l->plan.count;
    uint64_t now_ms = service_now_ms(l->service);

    if (is_out_of_patience(l)) {
        l->plan.cause = CAUSE_BUDGET;
        return false;
    }
    if (plan_extend(&l->plan, facts, wanted) == 0)
        return false;
    for (size_t i = first; i < l->plan.count; i++) {
        struct plan_item *item = &l->plan.items[i];

        item->deadline_ms = now_ms + l->deadline_ms;
        /* No memory to ask is the same to the client as nobody answering; the item stays, so that
         * it ends. */
        if ((l->waiter == NULL && waiter_create(&l->waiter) != HELO_OK) ||
            service_ask(l->service, l->waiter, &item->question, &item->ticket) != HELO_OK)
            item->deadline_ms = now_ms;
    }
    return true;
}

static void collect_item(struct lookups *l, struct plan_item *item, uint64_t now_ms)
{
    if (item->answer == NULL && item->ticket != NULL)
        item->answer = service_answer(l->service, item->ticket);
    if (item->answer != NULL)
        item->cause = CAUSE_NONE;
    else
        item->cause = now_ms < item->deadline_ms ? CAUSE_PENDING : CAUSE_TIMEOUT;
}

void lookups_collect(struct lookups *l, struct facts *facts)
{
    uint64_t now_ms = service_now_ms(l->service);

    for (size_t i = 0; i < l->plan.count; i++)
        collect_item(l, &l->plan.items[i], now_ms);
    if (l->plan.cause == CAUSE_TIMEOUT)
        l->plan.cause = CAUSE_PENDING;
    derive_facts(facts, &l->plan);
}

void lookups_give_up(struct lookups *l, struct facts *facts)
{
    /* Who has used up our patience has done so himself: that is no failure of DNS. */
    enum fact_cause cause = is_out_of_patience(l) ? CAUSE_BUDGET : CAUSE_TIMEOUT;

    for (size_t i = 0; i < l->plan.count; i++) {
        if (l->plan.items[i].cause == CAUSE_PENDING)
            l->plan.items[i].cause = cause;
    }
    if (l->plan.cause == CAUSE_PENDING)
        l->plan.cause = cause;
    derive_facts(facts, &l->plan);
}

void lookups_drop_helo(struct lookups *l)
{
    for (size_t i = l->plan.count; i-- > 0;) {
        if (!plan_is_about_helo(&l->plan.items[i]))
            continue;
        service_release(l->service, l->plan.items[i].ticket);
        plan_remove(&l->plan, i);
    }
    l->helos++;
    l->waited_ms = 0;
}

uint64_t lookups_limit(const struct lookups *l, uint64_t now_ms)
{
    uint64_t left_ms = l->waited_ms < l->deadline_ms ? l->deadline_ms - l->waited_ms : 0;

    if (is_out_of_patience(l))
        return now_ms;
    return now_ms + (left_ms < l->wait_ms ? left_ms : l->wait_ms);
}

/* No later than the last open question's own deadline: then there is nothing to wait for. */
static uint64_t last_deadline(const struct lookups *l)
{
    uint64_t last = 0;

    for (size_t i = 0; i < l->plan.count; i++) {
        const struct plan_item *item = &l->plan.items[i];

        if (item->answer == NULL && item->deadline_ms > last)
            last = item->deadline_ms;
    }
    return last;
}

bool lookups_are_open(const struct lookups *l)
{
    for (size_t i = 0; i < l->plan.count; i++) {
        if (l->plan.items[i].answer == NULL && l->plan.items[i].cause == CAUSE_PENDING)
            return true;
    }
    return false;
}

void lookups_wait(struct lookups *l, uint64_t until_ms)
{
    uint64_t began_ms = service_now_ms(l->service);
    uint64_t last_ms = last_deadline(l);

    service_wait(l->service, l->waiter, until_ms < last_ms ? until_ms : last_ms);
    l->waited_ms += service_now_ms(l->service) - began_ms;
}
