/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_shard.h - one part of the cache: what is kept, for how long, and what goes first
 *
 * PURPOSE  All of the cache's rules, without its locks: dns/cache.c has one of these for each of
 *          CACHE_SHARDS parts of the names. All types of a name are in one shard.
 * CONTRACT limits.bytes is this shard's share, table included, and is never passed. The least
 *          recently used entry goes first. Each call walks one chain of the table.
 * OWNERSHIP A shard has its table and its entries; an entry one reference to each of its answers.
 * THREADS  none of its own: the caller holds the shard's lock. cache_table_create() and
 *          cache_table_free() need none.
 * LIMITS   A share below CACHE_SHARD_LEAST_BYTES keeps nothing, and an answer larger than the
 *          share is not kept.
 */
#ifndef HELO_DNS_CACHE_SHARD_H
#define HELO_DNS_CACHE_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "dns/cache.h"

enum { CACHE_SHARD_LEAST_BYTES = 256 };

struct cache_entry;

struct cache_chain {
    struct cache_entry *first;
};

/* By the hash of their names. */
struct cache_table {
    struct cache_chain *chains;
    size_t count; /* a power of two; 0: no table, and nothing is kept */
};

struct cache_shard {
    struct cache_limits limits;
    struct cache_table table;
    TAILQ_HEAD(cache_use_list, cache_entry) by_use; /* the most recently used first */
    uint64_t now_ms;                                /* what was passed in last */
    uint64_t evicted;
    uint64_t expired;
    size_t entries;
    size_t bytes; /* entries, answers and table, with malloc's overhead */
};

struct cache_key {
    const struct dns_question *question;
    uint32_t hash; /* of the name alone, keyed */
};

/* Of a size that suits a share of so many bytes. HELO_NOMEM. */
enum helo_status cache_table_create(size_t bytes, struct cache_table *out);
void cache_table_free(struct cache_table *table);

/* Keeps nothing until it is given limits. */
void cache_shard_init(struct cache_shard *shard);
void cache_shard_clear(struct cache_shard *shard);
/*
 * New limits for what comes; what is past them goes. table, when it is not NULL, becomes the
 * shard's, and receives the former one. It takes a while: every entry is touched.
 */
void cache_shard_set_limits(struct cache_shard *shard, const struct cache_limits *limits,
                            struct cache_table *table);
/* As cache_find() and cache_put(). */
bool cache_shard_find(struct cache_shard *shard, const struct cache_key *key, uint64_t now_ms,
                      struct cache_hit *out);
void cache_shard_put(struct cache_shard *shard, const struct cache_key *key,
                     struct dns_answer *answer, uint64_t now_ms);

#endif /* HELO_DNS_CACHE_SHARD_H */
