/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flights.h - questions in the air, and who waits for them
 *
 * PURPOSE  The tables behind dns/service.h.
 *
 * STRUCTURE
 *   flight   a question in the air: what the backend knows (struct dns_lookup), its answer once
 *            there is one, and the tickets that wait for it. Counted: one reference for the backend
 *            until it completes, one per ticket.
 *   ticket   one session's interest in one question: a flight, or what the cache had.
 *   waiter   one session's bell: rung when any of its tickets got its answer, or will not.
 *
 * CONTRACT Flights are found by question, through a hash. In the table are those that have no
 *          answer: bounded by service_limits.in_flight. A probe is a flight that never is in it.
 * OWNERSHIP A flight belongs to those who hold references; the table holds none of its own: what is
 *          in it is the backend's.
 * THREADS  none of its own: dns/service.c holds its lock, but for flights_may_have(). Of a ticket
 *          that has a flight, `progress` needs the lock, too; all else is the session's.
 */
#ifndef HELO_DNS_FLIGHTS_H
#define HELO_DNS_FLIGHTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/ip.h"
#include "dns/askers.h"
#include "dns/cache.h"
#include "dns/service.h"

enum { FLIGHT_BUCKETS = 4096 }; /* chains of one with the default of dns.in_flight */

struct dns_waiter {
    pthread_cond_t rung;
    unsigned long arrived; /* rung since the last wait */
};

struct dns_ticket {
    struct cache_hit known;     /* what the cache had when it was asked */
    enum dns_progress progress; /* while the flight has no answer; for good without a flight */
    bool stale_used;
    struct dns_waiter *waiter;
    struct flight *flight; /* NULL: the cache had it, or it was not asked */
    TAILQ_ENTRY(dns_ticket) same_flight;
};

struct flight {
    struct dns_lookup lookup; /* first: the backend's view of this struct */
    struct dns_answer *answer;
    unsigned refs;
    uint64_t asked_ms;
    struct asker *asker; /* on whose account, until it is answered; NULL: nobody's */
    bool followed;       /* another's answer led to it: wanted, whoever holds a ticket or not */
    dns_follow_fn *follow;
    struct ip follow_client; /* on whose account what follows is asked */
    TAILQ_HEAD(, dns_ticket) tickets;
    LIST_ENTRY(flight) same_bucket;
};

struct flights {
    uint64_t key[2];
    unsigned count;
    LIST_HEAD(, flight) bucket[FLIGHT_BUCKETS];
    atomic_uint occupied[FLIGHT_BUCKETS]; /* flights in each bucket; written with the lock held */
};

void flights_init(struct flights *flights, const uint64_t key[2]);
/* Without the lock: false when the question was surely not in the air a moment ago. */
bool flights_may_have(const struct flights *flights, const struct dns_question *question);
struct flight *flights_find(const struct flights *flights, const struct dns_question *question);
void flights_add(struct flights *flights, struct flight *flight);
void flights_remove(struct flights *flights, struct flight *flight);
/* The resolver is down: all tickets say so, and all waiters are rung. */
void flights_give_up(struct flights *flights);

/* With the backend's reference. NULL: no memory. */
struct flight *flight_create(const struct dns_question *question);
struct flight *flight_of(struct dns_lookup *lookup);
void flight_unref(struct flight *flight);
/* progress: what the ticket says until there is an answer. */
void flight_join(struct flight *flight, struct dns_ticket *ticket,
                 const struct dns_request *request, enum dns_progress progress);
void flight_leave(struct dns_ticket *ticket);
/* Takes the answer's reference, and rings. */
void flight_land(struct flight *flight, struct dns_answer *answer);

#endif /* HELO_DNS_FLIGHTS_H */
