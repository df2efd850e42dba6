/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * health.h - does our resolver answer at all?
 *
 * PURPOSE  The circuit breaker: when nothing is answered, waiting for each question in turn is a
 *          waste that every client feels.
 * CONTRACT Pure, time is passed in. Silence begins with the first question after the last answer.
 *          It is no proof: the questions may all be about a domain whose servers are dead, and for
 *          that the resolver needs ten seconds. So after HEALTH_PROBE_MS of it the resolver is
 *          asked something that it answers by itself, once in HEALTH_PROBE_MS, and only when
 *          HEALTH_PROBES of these were in vain, each for HEALTH_PROBE_MS, and the whole silence is
 *          as long as the site wants to see, it is down: after three seconds at the earliest. One
 *          answer to anything, late ones included, and it is up again.
 *          Whoever calls health_check() hears the answers, too. When he is late by a whole
 *          HEALTH_PROBE_MS (a stopped process, a machine that swaps) he has not listened, either,
 *          and the probes until then prove nothing.
 *          Times may lie a little before those of an earlier call: who takes the time before he
 *          takes a lock is overtaken.
 * OWNERSHIP None: the caller's struct.
 * THREADS  none of its own: dns/service.c holds its lock.
 * STANDARDS RFC 6303 4.2 (127.in-addr.arpa is answered locally).
 */
#ifndef HELO_DNS_HEALTH_H
#define HELO_DNS_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/question.h"

enum { HEALTH_PROBE_MS = 1000, HEALTH_PROBES = 2 };

struct health {
    uint64_t down_after_ms;   /* may be changed at any time; 0: never down */
    bool silent;              /* the rest is of the present silence */
    uint64_t silent_since_ms; /* while silent */
    unsigned probes;          /* sent; in vain for all that is known */
    uint64_t probed_ms;       /* the last of them */
    bool down;
};

/* What is to be done now. */
enum health_need { HEALTH_NOTHING, HEALTH_PROBE, HEALTH_GOES_DOWN };

void health_init(struct health *health, uint64_t down_after_ms);
/* A question goes out. */
void health_asked(struct health *health, uint64_t now_ms);
/*
 * Something came from a server. in_flight: questions without an answer, probes not counted. Returns
 * whether it was down until now, and writes for how long it was silent.
 */
bool health_heard(struct health *health, uint64_t now_ms, unsigned in_flight, uint64_t *silent_ms);
/* For how long nothing was heard that was waited for; 0: nothing is. */
uint64_t health_silent_ms(const struct health *health, uint64_t now_ms);
/* Notes what it returns as done. HEALTH_GOES_DOWN is returned once for each time. */
enum health_need health_check(struct health *health, uint64_t now_ms);
/* When health_check() will have something to say, if nothing is heard; UINT64_MAX: never. */
uint64_t health_next_ms(const struct health *health);
/* The question of a probe. */
void health_question(struct dns_question *out);

#endif /* HELO_DNS_HEALTH_H */
