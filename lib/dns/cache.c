/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.c - answers until they expire, and a while beyond
 *
 * PURPOSE  See cache.h. The rules are in cache_shard.c; here is which shard a name belongs to, and
 *          its lock.
 * ALGORITHM SipHash of the name, once for each call: four bits choose the shard, others the chain
 *          in it. The type is not hashed, since NXDOMAIN is asked for by name.
 * OWNERSHIP Entries belong to the cache, with one reference to their answers.
 * THREADS  Each shard counts for itself, and lines of the processor's cache are not shared between
 *          shards. A change of the size takes one shard after the other: the rest goes on.
 */
#include "dns/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "dns/cache_shard.h"
#include "dns/siphash.h"

enum { CACHE_LINE_BYTES = 64 };

struct part {
    char apart[CACHE_LINE_BYTES]; /* nobody's: keeps two parts off one line, wherever they lie */
    pthread_mutex_t lock;         /* guards the shard */
    atomic_uint_fast64_t hits, misses;
    struct cache_shard shard;
};

struct cache {
    uint64_t key[2]; /* never changes */
    struct part parts[CACHE_SHARDS];
    char apart[CACHE_LINE_BYTES];
    pthread_mutex_t changing; /* one change of the limits at a time; guards table_share */
    size_t table_share;       /* what all tables were made for; SIZE_MAX: one could not be made */
};

/* The part of a name; key is filled for it. */
static struct part *part_of(struct cache *cache, const struct dns_question *question,
                            struct cache_key *key)
{
    uint64_t hash = siphash(cache->key, question->name, strlen(question->name));

    *key = (struct cache_key){.question = question, .hash = (uint32_t)hash};
    return &cache->parts[(hash >> 32) % CACHE_SHARDS];
}

/*
 * One part's share of the limits. Memory is asked for and given back without the lock. Returns
 * false when there was none for a table: the former one goes on, with longer chains.
 */
static bool set_part(struct part *part, const struct cache_limits *share, bool resize)
{
    struct cache_table table = {0};
    bool made = resize && cache_table_create(share->bytes, &table) == HELO_OK;

    pthread_mutex_lock(&part->lock);
    cache_shard_set_limits(&part->shard, share, made ? &table : NULL);
    pthread_mutex_unlock(&part->lock);
    cache_table_free(&table);
    return made || !resize;
}

/* Returns false when some table could not be made. */
static bool set_all(struct cache *cache, const struct cache_limits *limits)
{
    struct cache_limits share = *limits;
    bool resize;
    bool made = true;

    share.bytes = limits->bytes / CACHE_SHARDS;
    pthread_mutex_lock(&cache->changing);
    resize = share.bytes != cache->table_share;
    for (size_t i = 0; i < CACHE_SHARDS; i++)
        made &= set_part(&cache->parts[i], &share, resize);
    cache->table_share = made ? share.bytes : SIZE_MAX;
    pthread_mutex_unlock(&cache->changing);
    return made;
}

enum helo_status cache_create(const struct cache_limits *limits, const uint64_t key[2],
                              struct cache **out)
{
    struct cache *cache = mem_zalloc(sizeof *cache);

    if (cache == NULL)
        return HELO_NOMEM;
    memcpy(cache->key, key, sizeof cache->key);
    cache->table_share = SIZE_MAX;
    pthread_mutex_init(&cache->changing, NULL);
    for (size_t i = 0; i < CACHE_SHARDS; i++) {
        pthread_mutex_init(&cache->parts[i].lock, NULL);
        cache_shard_init(&cache->parts[i].shard);
    }
    if (!set_all(cache, limits)) {
        cache_free(cache);
        return HELO_NOMEM;
    }
    *out = cache;
    return HELO_OK;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < CACHE_SHARDS; i++) {
        cache_shard_clear(&cache->parts[i].shard);
        pthread_mutex_destroy(&cache->parts[i].lock);
    }
    pthread_mutex_destroy(&cache->changing);
    mem_free(cache);
}

void cache_set_limits(struct cache *cache, const struct cache_limits *limits)
{
    (void)set_all(cache, limits);
}

bool cache_find(struct cache *cache, const struct dns_question *question, uint64_t now_ms,
                struct cache_hit *out)
{
    struct cache_key key;
    struct part *part = part_of(cache, question, &key);
    bool found;

    pthread_mutex_lock(&part->lock);
    found = cache_shard_find(&part->shard, &key, now_ms, out);
    pthread_mutex_unlock(&part->lock);
    out->part = (unsigned char)(part - cache->parts);
    return found;
}

/* The part that was asked: its line is in this processor's cache already. */
void cache_count_ask(struct cache *cache, const struct cache_hit *found, bool answered)
{
    struct part *part = &cache->parts[found->part];

    atomic_fetch_add_explicit(answered ? &part->hits : &part->misses, 1, memory_order_relaxed);
}

void cache_put(struct cache *cache, const struct dns_question *question, struct dns_answer *answer,
               uint64_t now_ms)
{
    struct cache_key key;
    struct part *part = part_of(cache, question, &key);

    pthread_mutex_lock(&part->lock);
    cache_shard_put(&part->shard, &key, answer, now_ms);
    pthread_mutex_unlock(&part->lock);
}

void cache_count(struct cache *cache, struct dns_counters *out)
{
    out->cache_hits = 0;
    out->cache_misses = 0;
    out->cache_evicted = 0;
    out->cache_expired = 0;
    out->cache_entries = 0;
    out->cache_bytes = 0;
    for (size_t i = 0; i < CACHE_SHARDS; i++) {
        struct part *part = &cache->parts[i];
        const struct cache_shard *shard = &part->shard;

        out->cache_hits += atomic_load_explicit(&part->hits, memory_order_relaxed);
        out->cache_misses += atomic_load_explicit(&part->misses, memory_order_relaxed);
        pthread_mutex_lock(&part->lock);
        out->cache_evicted += shard->evicted;
        out->cache_expired += shard->expired;
        out->cache_entries += shard->entries;
        out->cache_bytes += shard->bytes;
        pthread_mutex_unlock(&part->lock);
    }
}
