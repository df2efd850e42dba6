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

/* ---- answers --------------------------------------------------------------------------------- */

/* An older answer is better than a failure, unless the client has made it fail: he must not choose
 * old answers by asking for too much. */
static void take_stale(struct lookups *l, struct plan_item *item)
{
    bool failed = item->answer != NULL
                      ? dns_status_is_failure(item->answer->status)
                      : item->cause != CAUSE_PENDING && item->cause != CAUSE_BUDGET;

    item->stale = failed && item->ticket != NULL ? service_stale(l->service, item->ticket) : NULL;
}

static bool was_not_asked(const struct plan_item *item)
{
    return item->answer == NULL && (item->cause == CAUSE_RESOLVER || item->cause == CAUSE_BUDGET);
}

static void collect_item(struct lookups *l, struct plan_item *item, uint64_t now_ms)
{
    static const enum fact_cause causes[] = {[DNS_PENDING] = CAUSE_PENDING,
                                             [DNS_ANSWERED] = CAUSE_NONE,
                                             [DNS_DOWN] = CAUSE_RESOLVER,
                                             [DNS_OVER_LIMIT] = CAUSE_BUDGET,
                                             [DNS_CROWDED] = CAUSE_RESOLVER};

    item->cause = CAUSE_NONE;
    if (item->answer == NULL)
        item->cause = item->ticket == NULL
                          ? CAUSE_PENDING
                          : causes[service_progress(l->service, item->ticket, &item->answer)];
    l->refused = l->refused || was_not_asked(item);
    if (item->cause == CAUSE_PENDING && now_ms >= item->deadline_ms)
        item->cause = CAUSE_TIMEOUT;
    take_stale(l, item);
}

/* ---- asking, and taking in ------------------------------------------------------------------- */

/* Slow names of its own must not use up what a client is waited for: each HELO has its own
 * patience. */
static bool is_out_of_patience(const struct lookups *l)
{
    return l->helos > LIMIT_PATIENT_HELOS;
}

static void ask_item(struct lookups *l, const struct facts *facts, struct plan_item *item)
{
    const struct dns_request request = {
        .question = &item->question, .client = &facts->client, .follow = item->follow};
    uint64_t now_ms = service_now_ms(l->service);

    item->deadline_ms = now_ms + l->deadline_ms;
    /* No memory to ask is the same to the client as nobody answering; the item stays, so that it
     * ends. */
    if ((l->waiter == NULL && waiter_create(&l->waiter) != HELO_OK) ||
        service_ask(l->service, l->waiter, &request, &item->ticket) != HELO_OK)
        item->deadline_ms = now_ms;
}

bool lookups_ask(struct lookups *l, const struct facts *facts, fact_mask wanted)
{
    size_t first = l->plan.count;

    if (l->offline)
        return false;
    if (is_out_of_patience(l)) {
        l->plan.cause = CAUSE_BUDGET;
        return false;
    }
    if (plan_extend(&l->plan, facts, wanted) == 0)
        return false;
    for (size_t i = first; i < l->plan.count; i++) {
        l->plan.items[i].follow = plan_follow(&l->plan.items[i], wanted);
        ask_item(l, facts, &l->plan.items[i]);
    }
    return true;
}

void lookups_ask_again(struct lookups *l, const struct facts *facts)
{
    uint64_t now_ms = service_now_ms(l->service);

    if (!l->refused || is_out_of_patience(l))
        return;
    l->refused = false;
    for (size_t i = 0; i < l->plan.count; i++) {
        struct plan_item *item = &l->plan.items[i];

        collect_item(l, item, now_ms);
        if (!was_not_asked(item))
            continue;
        service_release(l->service, item->ticket);
        item->ticket = NULL;
        item->stale = NULL;
        ask_item(l, facts, item);
    }
}

/* Asked items that are open stay so: for that cause. */
static void end_items(struct lookups *l, enum fact_cause cause)
{
    for (size_t i = 0; i < l->plan.count; i++) {
        struct plan_item *item = &l->plan.items[i];

        if (item->cause != CAUSE_PENDING)
            continue;
        item->cause = cause;
        take_stale(l, item);
    }
}

static void collect_items(struct lookups *l)
{
    uint64_t now_ms = service_now_ms(l->service);

    for (size_t i = 0; i < l->plan.count; i++)
        collect_item(l, &l->plan.items[i], now_ms);
    if (l->plan.cause == CAUSE_TIMEOUT)
        l->plan.cause = CAUSE_PENDING;
}

void lookups_collect(struct lookups *l, struct facts *facts)
{
    collect_items(l);
    derive_facts(facts, &l->plan);
}

void lookups_give_up(struct lookups *l, struct facts *facts, fact_mask wanted)
{
    /* Who has used up our patience has done so himself: that is no failure of DNS. */
    enum fact_cause cause = is_out_of_patience(l) ? CAUSE_BUDGET : CAUSE_TIMEOUT;

    /* What a stale answer leads to is asked, for the cache may have it, and not waited for. */
    do {
        collect_items(l);
        end_items(l, cause);
        derive_facts(facts, &l->plan);
    } while (lookups_ask(l, facts, wanted));
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

/* ---- waiting --------------------------------------------------------------------------------- */

/* The next open question whose time is up is no longer waited for. */
static uint64_t next_deadline(const struct lookups *l)
{
    uint64_t next = UINT64_MAX;

    for (size_t i = 0; i < l->plan.count; i++) {
        const struct plan_item *item = &l->plan.items[i];

        if (item->cause == CAUSE_PENDING && item->deadline_ms < next)
            next = item->deadline_ms;
    }
    return next;
}

bool lookups_are_open(const struct lookups *l)
{
    for (size_t i = 0; i < l->plan.count; i++) {
        if (l->plan.items[i].cause == CAUSE_PENDING)
            return true;
    }
    return false;
}

void lookups_wait(struct lookups *l, uint64_t until_ms)
{
    uint64_t began_ms = service_now_ms(l->service);
    uint64_t next_ms = next_deadline(l);

    service_wait(l->service, l->waiter, until_ms < next_ms ? until_ms : next_ms);
    l->waited_ms += service_now_ms(l->service) - began_ms;
}
