/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flights.c - see flights.h
 */
#include "dns/flights.h"

#include <string.h>

#include "base/mem.h"

/* ---- the table ------------------------------------------------------------------------------- */

void flights_init(struct flights *flights, const uint64_t key[2])
{
    memcpy(flights->key, key, sizeof flights->key);
    flights->count = 0;
    for (size_t i = 0; i < FLIGHT_BUCKETS; i++) {
        LIST_INIT(&flights->bucket[i]);
        atomic_init(&flights->occupied[i], 0);
    }
}

static size_t bucket_of(const struct flights *flights, const struct dns_question *question)
{
    return dns_question_hash(question, flights->key) % FLIGHT_BUCKETS;
}

/*
 * Relaxed: whoever saw something that followed from a flight (its neighbour's answer in the cache)
 * was told so under a lock, and with it of the flight.
 */
bool flights_may_have(const struct flights *flights, const struct dns_question *question)
{
    return atomic_load_explicit(&flights->occupied[bucket_of(flights, question)],
                                memory_order_relaxed) > 0;
}

struct flight *flights_find(const struct flights *flights, const struct dns_question *question)
{
    struct flight *flight;

    LIST_FOREACH(flight, &flights->bucket[bucket_of(flights, question)], same_bucket) {
        if (dns_question_equal(&flight->lookup.question, question))
            break;
    }
    return flight;
}

void flights_add(struct flights *flights, struct flight *flight)
{
    size_t i = bucket_of(flights, &flight->lookup.question);

    LIST_INSERT_HEAD(&flights->bucket[i], flight, same_bucket);
    atomic_fetch_add_explicit(&flights->occupied[i], 1, memory_order_relaxed);
    flights->count++;
}

void flights_remove(struct flights *flights, struct flight *flight)
{
    size_t i = bucket_of(flights, &flight->lookup.question);

    LIST_REMOVE(flight, same_bucket);
    atomic_fetch_sub_explicit(&flights->occupied[i], 1, memory_order_relaxed);
    flights->count--;
}

/* ---- one flight ------------------------------------------------------------------------------ */

struct flight *flight_create(const struct dns_question *question)
{
    struct flight *flight = mem_zalloc(sizeof *flight);

    if (flight == NULL)
        return NULL;
    flight->lookup.question = *question;
    flight->refs = 1;
    TAILQ_INIT(&flight->tickets);
    return flight;
}

struct flight *flight_of(struct dns_lookup *lookup)
{
    return (struct flight *)lookup; /* lookup is the first member */
}

void flight_unref(struct flight *flight)
{
    if (--flight->refs > 0)
        return;
    dns_answer_unref(flight->answer);
    mem_free(flight);
}

void flight_join(struct flight *flight, struct dns_ticket *ticket,
                 const struct dns_request *request, enum dns_progress progress)
{
    ticket->flight = flight;
    ticket->progress = progress;
    flight->refs++;
    TAILQ_INSERT_TAIL(&flight->tickets, ticket, same_flight);
    /* For one question there is one thing that can follow: who asks for it first, pays. */
    if (flight->follow != NULL || request->follow == NULL)
        return;
    flight->follow = request->follow;
    if (request->client != NULL)
        flight->follow_client = *request->client;
}

void flight_leave(struct dns_ticket *ticket)
{
    TAILQ_REMOVE(&ticket->flight->tickets, ticket, same_flight);
    flight_unref(ticket->flight);
    ticket->flight = NULL;
}

static void ring(struct dns_ticket *ticket)
{
    ticket->waiter->arrived++;
    (void)pthread_cond_signal(&ticket->waiter->rung);
}

void flight_land(struct flight *flight, struct dns_answer *answer)
{
    struct dns_ticket *ticket;

    flight->answer = answer;
    TAILQ_FOREACH(ticket, &flight->tickets, same_flight) {
        ring(ticket);
    }
}

void flights_give_up(struct flights *flights)
{
    struct flight *flight;
    struct dns_ticket *ticket;

    for (size_t i = 0; i < FLIGHT_BUCKETS; i++) {
        LIST_FOREACH(flight, &flights->bucket[i], same_bucket) {
            TAILQ_FOREACH(ticket, &flight->tickets, same_flight) {
                ticket->progress = DNS_DOWN;
                ring(ticket);
            }
        }
    }
}
