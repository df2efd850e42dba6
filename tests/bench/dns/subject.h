/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.h - the look-up service as the benches see it
 *
 * PURPOSE  Limits, and those calls whose form changed with the code before: who changes them again
 *          does it here, and the figures stay comparable.
 * CONTRACT Nothing measures past a failure: the program ends.
 * THREADS  as service.h and cache.h have them.
 */
#ifndef HELO_BENCH_SUBJECT_H
#define HELO_BENCH_SUBJECT_H

#include "base/clock.h"
#include "bench/bench.h"
#include "dns/backend.h"
#include "dns/cache.h"
#include "dns/service.h"

/* More than a bench ever has in the air: what is measured is not the limit. */
enum { SUBJECT_IN_FLIGHT = 100000 };

static inline struct cache_limits subject_cache_limits(size_t bytes)
{
    return (struct cache_limits){.bytes = bytes,
                                 .min_ttl_ms = 5000,
                                 .max_ttl_ms = 3600000,
                                 .negative_ttl_ms = 600000,
                                 .failure_ttl_ms = 5000};
}

static inline uint64_t subject_now_ns(void)
{
    struct timespec now;

    bench_must(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "no clock");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Takes backend over. */
static inline struct dns_service *subject_service(struct dns_backend *backend, size_t cache_bytes)
{
    const struct service_limits limits = {.cache = subject_cache_limits(cache_bytes),
                                          .in_flight = SUBJECT_IN_FLIGHT,
                                          .in_flight_per_client = SUBJECT_IN_FLIGHT,
                                          .down_after_ms = 4000};
    struct dns_service *service = NULL;

    bench_must(service_create(backend, &limits, NULL, NULL, &service) == HELO_OK, "no service");
    return service;
}

static inline struct dns_ticket *subject_ask(struct dns_service *service, struct dns_waiter *waiter,
                                             const struct dns_question *question)
{
    const struct dns_request request = {.question = question};
    struct dns_ticket *ticket = NULL;

    bench_must(service_ask(service, waiter, &request, &ticket) == HELO_OK, "no memory to ask");
    return ticket;
}

/* What became of it: its answer, or NULL as long as there is none to be had. */
static inline const struct dns_answer *subject_answer(struct dns_service *service,
                                                      const struct dns_ticket *ticket)
{
    const struct dns_answer *answer = NULL;
    enum dns_progress progress = service_progress(service, ticket, &answer);

    bench_must(progress == DNS_PENDING || progress == DNS_ANSWERED, "the service gave up");
    return progress == DNS_ANSWERED ? answer : NULL;
}

static inline struct cache *subject_cache(size_t bytes)
{
    static const uint64_t key[2] = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
    const struct cache_limits limits = subject_cache_limits(bytes);
    struct cache *cache = NULL;

    bench_must(cache_create(&limits, key, &cache) == HELO_OK, "no cache");
    return cache;
}

/* With a reference for the caller; NULL: not there. */
static inline struct dns_answer *
subject_cache_find(struct cache *cache, const struct dns_question *question, uint64_t now_ms)
{
    struct cache_hit hit;

    (void)cache_find(cache, question, now_ms, &hit);
    dns_answer_unref(hit.stale);
    return hit.answer;
}

static inline void subject_cache_size(struct cache *cache, size_t *entries, size_t *bytes)
{
    struct dns_counters counters = {0};

    cache_count(cache, &counters);
    *entries = (size_t)counters.cache_entries;
    *bytes = (size_t)counters.cache_bytes;
}

#endif /* HELO_BENCH_SUBJECT_H */
