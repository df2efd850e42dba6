/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.h - answers until they expire
 *
 * PURPOSE  The second visit of a client costs no query.
 * CONTRACT Bounded in bytes: the least recently used goes. Time is passed in. Failures (RFC 9520)
 *          are kept briefly; negative answers by the SOA (RFC 2308), none without one.
 * OWNERSHIP The cache holds one reference to each answer; cache_find() gives the caller another.
 * THREADS  none of its own: dns/service.c holds its lock.
 */
#ifndef HELO_DNS_CACHE_H
#define HELO_DNS_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"
#include "dns/question.h"
#include "include/helo.h"

struct cache;

struct cache_limits {
    size_t bytes;            /* 0: keep nothing */
    uint32_t max_ttl_s;      /* of positive answers */
    uint32_t negative_ttl_s; /* at most, of negative answers */
    uint32_t failure_ttl_s;  /* SERVFAIL, REFUSED, timeout, malformed */
};

enum helo_status cache_create(const struct cache_limits *limits, const uint64_t key[2],
                              struct cache **out);
void cache_free(struct cache *cache);
/* New limits hold for what comes; entries past the new size go at once. */
void cache_set_limits(struct cache *cache, const struct cache_limits *limits);
/* A live answer with a reference for the caller, or NULL. */
struct dns_answer *cache_find(struct cache *cache, const struct dns_question *question,
                              uint64_t now_ms);
/* Keeps it when it is worth keeping; out of memory is no error: then it is not kept. */
void cache_put(struct cache *cache, const struct dns_question *question, struct dns_answer *answer,
               uint64_t now_ms);
size_t cache_bytes(const struct cache *cache);
size_t cache_count(const struct cache *cache);

#endif /* HELO_DNS_CACHE_H */
