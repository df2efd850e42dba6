/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.h - what the look-ups of an engine count
 *
 * PURPOSE  One row per number: the struct, helo_engine_counters() and what front ends log or export
 *          come from it.
 * CONTRACT A COUNTER only grows; a GAUGE is what is there at the moment. Hit ratio: hits / (hits +
 *          misses), which together are the questions of sessions, each counted once.
 * THREADS  none of its own: whoever owns a number says how it is guarded.
 */
#ifndef HELO_DNS_COUNTERS_H
#define HELO_DNS_COUNTERS_H

#include <stdint.h>

#include "base/histogram.h"
#include "dns/answer.h"

/* kind, name, what it tells */
#define DNS_COUNTER_LIST(X)                                                                      \
    X(COUNTER, dns_asked, "questions given to the resolver; some may be withdrawn")              \
    X(COUNTER, dns_joined, "questions of a session that was in the air already")                 \
    X(COUNTER, dns_followed,                                                                     \
      "questions that an answer led to, asked before a session wanted them")                     \
    X(COUNTER, dns_withdrawn, "questions dropped before they were sent: nobody waited any more") \
    X(COUNTER, dns_over_limit, "questions not asked: too many of one client in the air")         \
    X(COUNTER, dns_crowded, "questions not asked: too many in the air, in all")                  \
    X(COUNTER, dns_not_asked, "questions not asked: the resolver was down")                      \
    X(COUNTER, dns_failed, "answers that were none: servfail, refused, timeout, malformed ...")  \
    X(COUNTER, dns_down, "times the resolver went down")                                         \
    X(GAUGE, dns_resolver_down, "1 while the resolver is down")                                  \
    X(GAUGE, dns_in_flight, "questions in the air")                                              \
    X(COUNTER, cache_hits, "questions answered from the cache")                                  \
    X(COUNTER, cache_misses, "questions that it could not answer")                               \
    X(COUNTER, cache_stale, "questions answered with what had expired (RFC 8767)")               \
    X(COUNTER, cache_evicted, "answers dropped before their time, for want of room")             \
    X(COUNTER, cache_expired, "answers dropped since their time had passed")                     \
    X(GAUGE, cache_entries, "answers kept")                                                      \
    X(GAUGE, cache_bytes, "memory they take")

struct dns_counters {
#define DNS_COUNTER_FIELD(kind, name, help) uint64_t name;
    DNS_COUNTER_LIST(DNS_COUNTER_FIELD)
#undef DNS_COUNTER_FIELD
    uint64_t answers[DNS_STATUSES];       /* by enum dns_status; dns_failed is the sum of some */
    struct histogram_reading answer_time; /* of all of them, from the question */
};

#endif /* HELO_DNS_COUNTERS_H */
