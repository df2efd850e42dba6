/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * backend_zone.c - a zone in memory in a resolver's place, on a clock of its own
 *
 * PURPOSE  The same verdict everywhere and at once: a name marked TIMEOUT costs no real second.
 * CONTRACT As in backend.h. submit() only queues; whoever waits calls advance(), which answers what
 *          is queued. The clock moves only when nothing but silent look-ups is left, and then to
 *          the end of that wait. A silent look-up is completed at destroy(), with DNS_TIMEOUT.
 * OWNERSHIP The zone belongs to the caller and outlives the backend. NULL where nothing will be
 *           asked.
 * THREADS  submit(), advance() and now_ms() from any. Time must not move past a waiter whose answer
 *          is on its way or has just come, and advance() is not told who waits for what. So it lets
 *          threads finish that are answering; it moves no time when something was completed since
 *          the same thread called last, which then looks again; and before it does move time, it
 *          gives others a real moment to submit what they have begun to ask. Where nobody is silent
 *          nobody has cause to wait, and made-up time passes as slowly as real time.
 */
#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dns/backend.h"
#include "dns/zone.h"

enum { MOMENT_MS = 1 };

struct backend_zone {
    struct dns_backend base;
    const helo_zone *zone;
    struct dns_answer *failure; /* made in advance, for when there is no memory */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* queue, answering or completed */
    struct dns_lookup *queue, **queue_end;
    struct dns_lookup *silent;
    unsigned answering; /* threads */
    uint64_t completed; /* counts on from a number that no other backend had */
    uint64_t now_ms;
};

/* What `completed` was when this thread came last. */
static _Thread_local uint64_t seen;
static uint32_t backends; /* atomic; ever made */

static struct backend_zone *zone_of(struct dns_backend *base)
{
    return (struct backend_zone *)base; /* base is the first member */
}

static void zone_submit(struct dns_backend *base, struct dns_lookup *lookup)
{
    struct backend_zone *b = zone_of(base);

    lookup->backend_next = NULL;
    (void)pthread_mutex_lock(&b->lock);
    *b->queue_end = lookup;
    b->queue_end = &lookup->backend_next;
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

static struct dns_lookup *take_queue(struct backend_zone *b)
{
    struct dns_lookup *list = b->queue;

    b->queue = NULL;
    b->queue_end = &b->queue;
    return list;
}

/* Without the lock: the service takes its own. Returns those that never get an answer. */
static struct dns_lookup *answer_all(struct backend_zone *b, struct dns_lookup *list)
{
    struct dns_lookup *silent = NULL;

    while (list != NULL) {
        struct dns_lookup *lookup = list;
        struct dns_answer *answer = NULL;
        bool is_silent = false;

        list = lookup->backend_next;
        if (zone_answer(b->zone, &lookup->question, &is_silent, &answer) != HELO_OK)
            answer = dns_answer_ref(b->failure);
        if (is_silent) {
            lookup->backend_next = silent;
            silent = lookup;
        } else {
            service_complete(b->base.service, lookup, answer);
        }
    }
    return silent;
}

static void push_silent(struct backend_zone *b, struct dns_lookup *list)
{
    while (list != NULL) {
        struct dns_lookup *next = list->backend_next;

        list->backend_next = b->silent;
        b->silent = list;
        list = next;
    }
}

static void answer_queue(struct backend_zone *b)
{
    struct dns_lookup *list = take_queue(b);

    b->answering++;
    (void)pthread_mutex_unlock(&b->lock);
    list = answer_all(b, list);
    (void)pthread_mutex_lock(&b->lock);
    push_silent(b, list);
    b->completed++;
    b->answering--;
    (void)pthread_cond_broadcast(&b->changed);
}

/* Nothing to do that is known of: a moment for the other threads, and then time moves. */
static void let_time_pass(struct backend_zone *b, uint64_t until_ms)
{
    const struct timespec moment = clock_timespec(clock_now_ms() + MOMENT_MS);
    uint64_t before = b->completed;
    int expired = 0;

    while (expired == 0 && b->queue == NULL && b->answering == 0 && b->completed == before)
        expired = pthread_cond_timedwait(&b->changed, &b->lock, &moment);
    if (expired != 0 && until_ms > b->now_ms)
        b->now_ms = b->silent != NULL ? until_ms : b->now_ms + MOMENT_MS;
}

static void zone_advance(struct dns_backend *base, uint64_t until_ms)
{
    struct backend_zone *b = zone_of(base);

    (void)pthread_mutex_lock(&b->lock);
    if (b->queue != NULL)
        answer_queue(b);
    else if (b->answering == 0 && seen == b->completed)
        let_time_pass(b, until_ms);
    while (b->answering > 0)
        (void)pthread_cond_wait(&b->changed, &b->lock);
    seen = b->completed;
    (void)pthread_mutex_unlock(&b->lock);
}

static uint64_t zone_now_ms(struct dns_backend *base)
{
    struct backend_zone *b = zone_of(base);
    uint64_t now_ms;

    (void)pthread_mutex_lock(&b->lock);
    now_ms = b->now_ms;
    (void)pthread_mutex_unlock(&b->lock);
    return now_ms;
}

static void zone_destroy(struct dns_backend *base)
{
    struct backend_zone *b = zone_of(base);

    push_silent(b, take_queue(b));
    while (b->silent != NULL) {
        struct dns_lookup *lookup = b->silent;

        b->silent = lookup->backend_next;
        service_complete(b->base.service, lookup, dns_answer_ref(b->failure));
    }
    dns_answer_unref(b->failure);
    (void)pthread_cond_destroy(&b->changed);
    (void)pthread_mutex_destroy(&b->lock);
    mem_free(b);
}

static const struct dns_backend_ops zone_ops = {
    .submit = zone_submit,
    .advance = zone_advance,
    .now_ms = zone_now_ms,
    .set_servers = NULL,
    .destroy = zone_destroy,
};

/* Neither fails on Linux with these attributes. */
static void init_locks(struct backend_zone *b)
{
    pthread_condattr_t monotonic;

    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&b->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

enum helo_status backend_zone_create(const helo_zone *zone, struct dns_backend **out)
{
    struct backend_zone *b = mem_zalloc(sizeof *b);

    if (b == NULL)
        return HELO_NOMEM;
    if (dns_answer_create(DNS_TIMEOUT, 0, &b->failure) != HELO_OK) {
        mem_free(b);
        return HELO_NOMEM;
    }
    b->base.ops = &zone_ops;
    b->zone = zone;
    b->queue_end = &b->queue;
    b->now_ms = 1;
    b->completed = (uint64_t)__atomic_add_fetch(&backends, 1, __ATOMIC_RELAXED) << 32;
    init_locks(b);
    *out = &b->base;
    return HELO_OK;
}
