/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - look-ups for many sessions: their life, and the sessions' side
 *
 * PURPOSE  See service.h; the backends' side is dns/service_backend.c.
 * CHOICES
 *  - What the cache has is looked for first, without the lock. Between that and the lock an answer
 *    may have come, so that its question is neither in the cache (as it was) nor in the air (as it
 *    is): when anything landed meanwhile, the cache is asked once more.
 *  - The cache's hits and misses are counted once for each ticket, by what became of it: it may be
 *    asked twice, and what it says of the name alone may go unused.
 *  - "No such name", learnt from a question of another type, is no answer while the question itself
 *    is in the air: some servers say so to AAAA of names that have an A (RFC 4074 4.2).
 */
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dns/service_state.h"

/* ---- life ------------------------------------------------------------------------------------ */

/* Does not fail with default attributes on Linux. */
static void service_init(struct dns_service *service, const struct service_limits *limits,
                         const uint64_t key[2])
{
    service->limits = *limits;
    flights_init(&service->flights, key);
    askers_init(&service->askers, key);
    health_init(&service->health, limits->down_after_ms);
    (void)pthread_mutex_init(&service->lock, NULL);
}

enum helo_status service_create(struct dns_backend *backend, const struct service_limits *limits,
                                service_alarm_fn *alarm, void *alarm_arg, struct dns_service **out)
{
    struct dns_service *service = mem_zalloc(sizeof *service);
    enum helo_status status = HELO_SYSTEM;
    uint64_t key[2];

    if (service == NULL)
        return HELO_NOMEM;
    if (getrandom(key, sizeof key, 0) == (ssize_t)sizeof key)
        status = dns_answer_create(DNS_UNREACHABLE, 0, &service->failure);
    if (status == HELO_OK)
        status = cache_create(&limits->cache, key, &service->cache);
    if (status != HELO_OK) {
        dns_answer_unref(service->failure);
        mem_free(service);
        return status;
    }
    service_init(service, limits, key);
    service->alarm = alarm;
    service->alarm_arg = alarm_arg;
    service->backend = backend;
    backend->service = service;
    *out = service;
    return HELO_OK;
}

void service_destroy(struct dns_service *service)
{
    if (service == NULL)
        return;
    (void)pthread_mutex_lock(&service->lock);
    service->stopping = true;
    (void)pthread_mutex_unlock(&service->lock);
    service->backend->ops->destroy(service->backend);
    cache_free(service->cache);
    dns_answer_unref(service->failure);
    (void)pthread_mutex_destroy(&service->lock);
    mem_free(service);
}

enum helo_status service_configure(struct dns_service *service, const struct service_limits *limits,
                                   char *const *servers, size_t server_count)
{
    const struct dns_backend_ops *ops = service->backend->ops;

    if (ops->set_servers != NULL) {
        enum helo_status status = ops->set_servers(service->backend, servers, server_count);

        if (status != HELO_OK)
            return status;
    }
    cache_set_limits(service->cache, &limits->cache);
    (void)pthread_mutex_lock(&service->lock);
    service->limits = *limits;
    service->health.down_after_ms = limits->down_after_ms;
    (void)pthread_mutex_unlock(&service->lock);
    return HELO_OK;
}

uint64_t service_now_ms(struct dns_service *service)
{
    const struct dns_backend_ops *ops = service->backend->ops;

    return ops->now_ms != NULL ? ops->now_ms(service->backend) : clock_now_ms();
}

void service_count(struct dns_service *service, struct dns_counters *out)
{
    (void)pthread_mutex_lock(&service->lock);
    *out = service->counters;
    out->dns_in_flight = service->flights.count;
    out->dns_resolver_down = service->health.down;
    (void)pthread_mutex_unlock(&service->lock);
    cache_count(service->cache, out);
    out->cache_stale = atomic_load_explicit(&service->stale, memory_order_relaxed);
    histogram_read(&service->answer_time, &out->answer_time);
}

enum helo_status waiter_create(struct dns_waiter **out)
{
    struct dns_waiter *waiter = mem_zalloc(sizeof *waiter);
    pthread_condattr_t monotonic;

    if (waiter == NULL)
        return HELO_NOMEM;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&waiter->rung, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    *out = waiter;
    return HELO_OK;
}

void waiter_free(struct dns_waiter *waiter)
{
    if (waiter == NULL)
        return;
    (void)pthread_cond_destroy(&waiter->rung);
    mem_free(waiter);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static bool is_full(const struct dns_service *service)
{
    return service->limits.in_flight != 0 && service->flights.count >= service->limits.in_flight;
}

enum launch_outcome service_launch(struct dns_service *service, const struct dns_question *question,
                                   const struct ip *client, uint64_t now_ms, struct flight **out)
{
    static const enum launch_outcome outcomes[] = {[ASKER_OK] = LAUNCHED,
                                                   [ASKER_OVER_LIMIT] = LAUNCH_OVER_LIMIT,
                                                   [ASKER_CROWDED] = LAUNCH_CROWDED,
                                                   [ASKER_NO_MEMORY] = LAUNCH_NO_MEMORY};
    const struct service_limits *limits = &service->limits;
    enum launch_outcome outcome;
    struct asker *asker;
    struct flight *flight;
    unsigned share;

    if (is_full(service))
        return LAUNCH_CROWDED;
    share = crowd_share(limits->in_flight, limits->in_flight_per_client, service->flights.count);
    outcome =
        outcomes[askers_add(&service->askers, client, limits->in_flight_per_client, share, &asker)];
    if (outcome != LAUNCHED)
        return outcome;
    flight = flight_create(question);
    if (flight == NULL) {
        asker_drop(asker);
        return LAUNCH_NO_MEMORY;
    }
    flight->asker = asker;
    flight->asked_ms = now_ms;
    flights_add(&service->flights, flight);
    health_asked(&service->health, now_ms);
    service->counters.dns_asked++;
    *out = flight;
    return LAUNCHED;
}

static void drop_known(struct dns_ticket *ticket)
{
    dns_answer_unref(ticket->known.answer);
    dns_answer_unref(ticket->known.stale);
    ticket->known = (struct cache_hit){0};
}

static void drop_stale(struct dns_ticket *ticket)
{
    dns_answer_unref(ticket->known.stale);
    ticket->known.stale = NULL;
}

static void ticket_free(struct dns_ticket *ticket)
{
    drop_known(ticket);
    mem_free(ticket);
}

static bool is_answered_by_cache(const struct dns_service *service, const struct dns_ticket *ticket,
                                 const struct dns_question *question)
{
    return ticket->known.answer != NULL &&
           !(ticket->known.by_name && flights_may_have(&service->flights, question));
}

/* What is to be done once the lock is free. */
struct after_lock {
    struct flight *launched; /* to be submitted; NULL: nothing is */
    unsigned crowded;        /* the limit that is to be told of; 0: none is */
};

/* With the lock held. */
static enum helo_status ask_new(struct dns_service *service, struct dns_ticket *ticket,
                                const struct dns_request *request, uint64_t now_ms,
                                struct after_lock *after)
{
    struct flight *flight = NULL;

    if (service->health.down) {
        ticket->progress = DNS_DOWN;
        service->counters.dns_not_asked++;
        return HELO_OK;
    }
    switch (service_launch(service, request->question, request->client, now_ms, &flight)) {
    case LAUNCHED:
        flight_join(flight, ticket, request, DNS_PENDING);
        after->launched = flight;
        break;
    case LAUNCH_OVER_LIMIT:
        ticket->progress = DNS_OVER_LIMIT;
        service->counters.dns_over_limit++;
        /* Who can make a question fail must not choose the answer by it. */
        drop_stale(ticket);
        break;
    case LAUNCH_CROWDED:
        ticket->progress = DNS_CROWDED;
        service->counters.dns_crowded++;
        if (crowd_refuse(&service->crowd, now_ms))
            after->crowded = service->limits.in_flight;
        break;
    case LAUNCH_NO_MEMORY:
        return HELO_NOMEM;
    }
    return HELO_OK;
}

/* With the lock held. landed: as many had when the cache was asked. */
static enum helo_status ask_or_join(struct dns_service *service, struct dns_ticket *ticket,
                                    const struct dns_request *request, unsigned landed,
                                    uint64_t now_ms, struct after_lock *after)
{
    struct flight *flight = flights_find(&service->flights, request->question);
    bool down = service->health.down;

    if (flight == NULL && ticket->known.answer == NULL && landed != service->landed) {
        drop_known(ticket);
        (void)cache_find(service->cache, request->question, now_ms, &ticket->known);
    }
    if (ticket->known.answer != NULL && (flight == NULL || down)) {
        ticket->progress = DNS_ANSWERED;
        return HELO_OK;
    }
    if (flight == NULL)
        return ask_new(service, ticket, request, now_ms, after);
    service->counters.dns_joined++;
    flight_join(flight, ticket, request, down ? DNS_DOWN : DNS_PENDING);
    return HELO_OK;
}

enum helo_status service_ask(struct dns_service *service, struct dns_waiter *waiter,
                             const struct dns_request *request, struct dns_ticket **out)
{
    uint64_t now_ms = service_now_ms(service);
    struct dns_ticket *ticket = mem_zalloc(sizeof *ticket);
    struct after_lock after = {0};
    enum helo_status status = HELO_OK;
    unsigned landed = service->landed;

    if (ticket == NULL)
        return HELO_NOMEM;
    ticket->waiter = waiter;
    (void)cache_find(service->cache, request->question, now_ms, &ticket->known);
    if (is_answered_by_cache(service, ticket, request->question)) {
        ticket->progress = DNS_ANSWERED;
    } else {
        (void)pthread_mutex_lock(&service->lock);
        status = ask_or_join(service, ticket, request, landed, now_ms, &after);
        (void)pthread_mutex_unlock(&service->lock);
    }
    if (status != HELO_OK) {
        ticket_free(ticket);
        return status;
    }
    cache_count_ask(service->cache, &ticket->known,
                    ticket->flight == NULL && ticket->progress == DNS_ANSWERED);
    if (after.launched != NULL)
        service->backend->ops->submit(service->backend, &after.launched->lookup);
    if (after.crowded > 0 && service->alarm != NULL)
        service->alarm(service->alarm_arg, SERVICE_CROWDED, after.crowded);
    *out = ticket;
    return HELO_OK;
}

/* ---- waiting --------------------------------------------------------------------------------- */

enum dns_progress service_progress(struct dns_service *service, const struct dns_ticket *ticket,
                                   const struct dns_answer **answer)
{
    const struct dns_answer *found = ticket->known.answer;
    enum dns_progress progress;

    if (ticket->flight == NULL) {
        progress = ticket->progress;
    } else {
        (void)pthread_mutex_lock(&service->lock);
        found = ticket->flight->answer;
        progress = found != NULL ? DNS_ANSWERED : ticket->progress;
        (void)pthread_mutex_unlock(&service->lock);
    }
    if (progress == DNS_ANSWERED)
        *answer = found;
    return progress;
}

const struct dns_answer *service_stale(struct dns_service *service, struct dns_ticket *ticket)
{
    if (ticket->known.stale != NULL && !ticket->stale_used) {
        ticket->stale_used = true;
        atomic_fetch_add_explicit(&service->stale, 1, memory_order_relaxed);
    }
    return ticket->known.stale;
}

static bool wait_for_bell(struct dns_service *service, struct dns_waiter *waiter, uint64_t until_ms)
{
    struct timespec until = clock_timespec(until_ms);
    bool rung;

    (void)pthread_mutex_lock(&service->lock);
    while (waiter->arrived == 0) {
        if (pthread_cond_timedwait(&waiter->rung, &service->lock, &until) != 0)
            break;
    }
    rung = waiter->arrived > 0;
    waiter->arrived = 0;
    (void)pthread_mutex_unlock(&service->lock);
    return rung;
}

/* The same where the backend makes time up; what it completes need not be ours. */
static bool advance_to_bell(struct dns_service *service, struct dns_waiter *waiter,
                            uint64_t until_ms)
{
    struct dns_backend *backend = service->backend;
    bool rung;

    do {
        backend->ops->advance(backend, until_ms);
        (void)pthread_mutex_lock(&service->lock);
        rung = waiter->arrived > 0;
        waiter->arrived = 0;
        (void)pthread_mutex_unlock(&service->lock);
    } while (!rung && backend->ops->now_ms(backend) < until_ms);
    return rung;
}

bool service_wait(struct dns_service *service, struct dns_waiter *waiter, uint64_t until_ms)
{
    if (service->backend->ops->advance != NULL)
        return advance_to_bell(service, waiter, until_ms);
    return wait_for_bell(service, waiter, until_ms);
}

void service_release(struct dns_service *service, struct dns_ticket *ticket)
{
    if (ticket == NULL)
        return;
    if (ticket->flight != NULL) {
        (void)pthread_mutex_lock(&service->lock);
        flight_leave(ticket);
        (void)pthread_mutex_unlock(&service->lock);
    }
    ticket_free(ticket);
}
