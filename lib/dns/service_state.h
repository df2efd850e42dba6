/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_state.h - what the two halves of the look-up service share
 *
 * PURPOSE  dns/service.c serves sessions, dns/service_backend.c the backend; beside them only
 *          tests of theirs include this.
 * THREADS  What `lock` guards is said below. Locks are taken in this order: service, a shard of the
 *          cache; the backend's own is never taken with the service's held.
 */
#ifndef HELO_DNS_SERVICE_STATE_H
#define HELO_DNS_SERVICE_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "dns/askers.h"
#include "dns/backend.h"
#include "dns/cache.h"
#include "dns/crowd.h"
#include "dns/flights.h"
#include "dns/health.h"
#include "dns/service.h"

struct dns_service {
    struct dns_backend *backend;
    struct cache *cache; /* has its own locks */
    service_alarm_fn *alarm;
    void *alarm_arg;
    struct dns_answer *failure; /* made in advance, for when there is no memory for another */
    atomic_uint landed;         /* answers put into the cache; written with the lock held */
    atomic_uint_fast64_t stale; /* tickets that were given a stale answer */
    struct histogram answer_time;

    pthread_mutex_t lock; /* guards all below, and all flights and waiters */
    struct service_limits limits;
    struct flights flights;
    struct askers askers;
    struct crowd crowd;
    struct health health;
    struct dns_counters counters; /* those that are counted here */
    bool stopping;                /* no probe is sent any more: nobody would take it over */
};

enum launch_outcome {
    LAUNCHED,
    LAUNCH_OVER_LIMIT, /* too many of this client in the air */
    LAUNCH_CROWDED,    /* too many of all clients together, for another of this one */
    LAUNCH_NO_MEMORY
};

/*
 * With the lock held: puts a question into the air that is not there. When it is LAUNCHED, *out is
 * to be submitted as soon as the lock is free.
 */
enum launch_outcome service_launch(struct dns_service *service, const struct dns_question *question,
                                   const struct ip *client, uint64_t now_ms, struct flight **out);

#endif /* HELO_DNS_SERVICE_STATE_H */
