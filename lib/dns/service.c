/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - see service.h
 *
 * STRUCTURE
 *   flight   a question in the air: what the backend knows (struct dns_lookup), its answer once
 *            there is one, and the tickets that wait for it. Counted: one reference for the backend
 *            until it completes, one per ticket.
 *   ticket   one session's interest in one flight.
 *   waiter   one session's bell: rung when any of its tickets got its answer.
 *
 * Flights are found by question, through a hash: LIMIT_QUESTIONS of each session at most, and what
 * sessions that are gone have left behind, which a backend drops before it asks
 * (service_withdraw()).
 */
#include "dns/service.h"

#include <pthread.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dns/backend.h"

enum { FLIGHT_BUCKETS = 1024 };

struct flight {
    struct dns_lookup lookup; /* first: the backend's view of this struct */
    struct dns_answer *answer;
    unsigned refs;
    TAILQ_HEAD(, dns_ticket) tickets;
    LIST_ENTRY(flight) same_bucket;
};

struct dns_ticket {
    struct flight *flight;
    struct dns_waiter *waiter;
    TAILQ_ENTRY(dns_ticket) same_flight;
};

struct dns_waiter {
    pthread_cond_t rung;
    unsigned long arrived; /* answers since the last wait */
};

struct dns_service {
    struct dns_backend *backend;
    pthread_mutex_t lock; /* guards all below, and all flights, tickets and waiters */
    struct cache *cache;
    uint64_t key[2];
    LIST_HEAD(, flight) flying[FLIGHT_BUCKETS];
};

enum helo_status service_create(struct dns_backend *backend, const struct cache_limits *limits,
                                struct dns_service **out)
{
    struct dns_service *service = mem_zalloc(sizeof(*service));
    enum helo_status status;

    if (service == NULL)
        return HELO_NOMEM;
    if (getrandom(service->key, sizeof(service->key), 0) != (ssize_t)sizeof(service->key)) {
        mem_free(service);
        return HELO_SYSTEM;
    }
    status = cache_create(limits, service->key, &service->cache);
    if (status != HELO_OK) {
        mem_free(service);
        return status;
    }
    for (size_t i = 0; i < FLIGHT_BUCKETS; i++)
        LIST_INIT(&service->flying[i]);
    pthread_mutex_init(&service->lock, NULL);
    service->backend = backend;
    backend->service = service;
    *out = service;
    return HELO_OK;
}

void service_destroy(struct dns_service *service)
{
    if (service == NULL)
        return;
    service->backend->ops->destroy(service->backend);
    cache_free(service->cache);
    pthread_mutex_destroy(&service->lock);
    mem_free(service);
}

enum helo_status service_configure(struct dns_service *service, const struct cache_limits *limits,
                                   char *const *servers, size_t server_count)
{
    const struct dns_backend_ops *ops = service->backend->ops;

    if (ops->set_servers != NULL) {
        enum helo_status status = ops->set_servers(service->backend, servers, server_count);

        if (status != HELO_OK)
            return status;
    }
    pthread_mutex_lock(&service->lock);
    cache_set_limits(service->cache, limits);
    pthread_mutex_unlock(&service->lock);
    return HELO_OK;
}

uint64_t service_now_ms(struct dns_service *service)
{
    const struct dns_backend_ops *ops = service->backend->ops;

    return ops->now_ms != NULL ? ops->now_ms(service->backend) : clock_now_ms();
}

enum helo_status waiter_create(struct dns_waiter **out)
{
    struct dns_waiter *waiter = mem_zalloc(sizeof(*waiter));
    pthread_condattr_t monotonic;

    if (waiter == NULL)
        return HELO_NOMEM;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&waiter->rung, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *out = waiter;
    return HELO_OK;
}

void waiter_free(struct dns_waiter *waiter)
{
    if (waiter == NULL)
        return;
    pthread_cond_destroy(&waiter->rung);
    mem_free(waiter);
}

/* ---- flights; all with the lock held --------------------------------------------------------- */

static size_t bucket_of(const struct dns_service *service, const struct dns_question *question)
{
    return dns_question_hash(question, service->key) % FLIGHT_BUCKETS;
}

static struct flight *flight_find(struct dns_service *service, const struct dns_question *question)
{
    struct flight *flight;

    LIST_FOREACH(flight, &service->flying[bucket_of(service, question)], same_bucket) {
        if (dns_question_equal(&flight->lookup.question, question))
            return flight;
    }
    return NULL;
}

static struct flight *flight_create(const struct dns_question *question)
{
    struct flight *flight = mem_zalloc(sizeof(*flight));

    if (flight != NULL) {
        flight->lookup.question = *question;
        TAILQ_INIT(&flight->tickets);
    }
    return flight;
}

static void flight_unref(struct flight *flight)
{
    if (--flight->refs > 0)
        return;
    dns_answer_unref(flight->answer);
    mem_free(flight);
}

static void ticket_attach(struct dns_ticket *ticket, struct flight *flight,
                          struct dns_waiter *waiter)
{
    ticket->flight = flight;
    ticket->waiter = waiter;
    flight->refs++;
    TAILQ_INSERT_TAIL(&flight->tickets, ticket, same_flight);
}

/* Finds or makes the flight; *launch when the backend is to be told of it. NULL: no memory. */
static struct flight *flight_for(struct dns_service *service, const struct dns_question *question,
                                 uint64_t now_ms, bool *launch)
{
    struct dns_answer *cached = cache_find(service->cache, question, now_ms);
    struct flight *flight = cached == NULL ? flight_find(service, question) : NULL;

    if (flight != NULL)
        return flight;
    flight = flight_create(question);
    if (flight == NULL) {
        dns_answer_unref(cached);
        return NULL;
    }
    flight->answer = cached;
    if (cached == NULL) {
        LIST_INSERT_HEAD(&service->flying[bucket_of(service, question)], flight, same_bucket);
        flight->refs++; /* the backend's */
        *launch = true;
    }
    return flight;
}

/* ---- for sessions ---------------------------------------------------------------------------- */

enum helo_status service_ask(struct dns_service *service, struct dns_waiter *waiter,
                             const struct dns_question *question, struct dns_ticket **out)
{
    uint64_t now_ms = service_now_ms(service);
    struct dns_ticket *ticket = mem_zalloc(sizeof(*ticket));
    struct flight *flight;
    bool launch = false;

    if (ticket == NULL)
        return HELO_NOMEM;
    pthread_mutex_lock(&service->lock);
    flight = flight_for(service, question, now_ms, &launch);
    if (flight != NULL)
        ticket_attach(ticket, flight, waiter);
    pthread_mutex_unlock(&service->lock);
    if (flight == NULL) {
        mem_free(ticket);
        return HELO_NOMEM;
    }
    if (launch)
        service->backend->ops->submit(service->backend, &flight->lookup);
    *out = ticket;
    return HELO_OK;
}

const struct dns_answer *service_answer(struct dns_service *service,
                                        const struct dns_ticket *ticket)
{
    const struct dns_answer *answer;

    pthread_mutex_lock(&service->lock);
    answer = ticket->flight->answer;
    pthread_mutex_unlock(&service->lock);
    return answer;
}

static bool wait_for_bell(struct dns_service *service, struct dns_waiter *waiter, uint64_t until_ms)
{
    struct timespec until = clock_timespec(until_ms);
    bool rung;

    pthread_mutex_lock(&service->lock);
    while (waiter->arrived == 0) {
        if (pthread_cond_timedwait(&waiter->rung, &service->lock, &until) != 0)
            break;
    }
    rung = waiter->arrived > 0;
    waiter->arrived = 0;
    pthread_mutex_unlock(&service->lock);
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
        pthread_mutex_lock(&service->lock);
        rung = waiter->arrived > 0;
        waiter->arrived = 0;
        pthread_mutex_unlock(&service->lock);
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
    pthread_mutex_lock(&service->lock);
    TAILQ_REMOVE(&ticket->flight->tickets, ticket, same_flight);
    flight_unref(ticket->flight);
    pthread_mutex_unlock(&service->lock);
    mem_free(ticket);
}

/* ---- for backends ---------------------------------------------------------------------------- */

bool service_withdraw(struct dns_service *service, struct dns_lookup *lookup)
{
    struct flight *flight = (struct flight *)lookup;
    bool unwanted;

    pthread_mutex_lock(&service->lock);
    unwanted = TAILQ_EMPTY(&flight->tickets);
    if (unwanted) {
        LIST_REMOVE(flight, same_bucket);
        flight_unref(flight);
    }
    pthread_mutex_unlock(&service->lock);
    return unwanted;
}

void service_complete(struct dns_service *service, struct dns_lookup *lookup,
                      struct dns_answer *answer)
{
    struct flight *flight = (struct flight *)lookup;
    uint64_t now_ms = service_now_ms(service);
    struct dns_ticket *ticket;

    pthread_mutex_lock(&service->lock);
    flight->answer = answer;
    LIST_REMOVE(flight, same_bucket);
    if (answer != NULL)
        cache_put(service->cache, &lookup->question, answer, now_ms);
    TAILQ_FOREACH(ticket, &flight->tickets, same_flight) {
        ticket->waiter->arrived++;
        pthread_cond_signal(&ticket->waiter->rung);
    }
    flight_unref(flight);
    pthread_mutex_unlock(&service->lock);
}
