/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.h - answers until they expire, and a while beyond
 *
 * PURPOSE  The second visit of a client costs no query.
 * CONTRACT Bounded in bytes: the least recently used goes, and nothing is ever scanned. Time is
 *          passed in. Positive answers live by their TTL, negative ones by the SOA (none without
 *          one), NXDOMAIN for all types of its name, failures briefly, and twice as long each time
 *          they come again.
 * OWNERSHIP The cache holds one reference to each answer; cache_find() gives the caller others.
 * THREADS  any; a lock for each of CACHE_SHARDS parts, held for a few hundred instructions.
 * STANDARDS RFC 2308 5, RFC 8767 4 (stale answers), RFC 9520 3.2 (failures).
 */
#ifndef HELO_DNS_CACHE_H
#define HELO_DNS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"
#include "dns/counters.h"
#include "dns/question.h"
#include "include/helo.h"

struct cache;

enum {
    CACHE_SHARDS = 16,
    CACHE_FAILURE_TIMES = 12 /* a failure lives at most so many times failure_ttl_ms */
};

struct cache_limits {
    size_t bytes;             /* 0: keep nothing */
    uint64_t min_ttl_ms;      /* what is kept at all is kept so long; the limits below win */
    uint64_t max_ttl_ms;      /* of positive answers */
    uint64_t negative_ttl_ms; /* at most, of negative answers */
    uint64_t failure_ttl_ms;  /* of the first failure: SERVFAIL, REFUSED, timeout, malformed */
    uint64_t stale_ms;        /* so long past its time a positive answer may be served; 0: never */
};

/* What the cache knows of a question. */
struct cache_hit {
    struct dns_answer *answer; /* live, or NULL; may be a failure */
    struct dns_answer *stale;  /* past its time, positive, young enough; or NULL */
    bool by_name;              /* answer is NXDOMAIN, learnt from a question of another type */
    unsigned char part;        /* of the cache; for cache_count_ask() */
};

enum helo_status cache_create(const struct cache_limits *limits, const uint64_t key[2],
                              struct cache **out);
void cache_free(struct cache *cache);
/* New limits hold for what comes; entries past the new size go at once. */
void cache_set_limits(struct cache *cache, const struct cache_limits *limits);
/* Fills *out; each answer comes with a reference for the caller. Returns whether there is a live
 * one. Counts nothing. */
bool cache_find(struct cache *cache, const struct dns_question *question, uint64_t now_ms,
                struct cache_hit *out);
/*
 * Counts one question of a session, which what cache_find() wrote to `found` has answered (a hit)
 * or not (a miss): only the caller knows. Takes no lock.
 */
void cache_count_ask(struct cache *cache, const struct cache_hit *found, bool answered);
/* Keeps it when it is worth keeping; out of memory is no error: then it is not kept. */
void cache_put(struct cache *cache, const struct dns_question *question, struct dns_answer *answer,
               uint64_t now_ms);
/* Writes the counters whose names begin with cache_, but for cache_stale: who serves a stale answer
 * counts it. */
void cache_count(struct cache *cache, struct dns_counters *out);

#endif /* HELO_DNS_CACHE_H */
