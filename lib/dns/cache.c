/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.c - answers until they expire
 *
 * PURPOSE  See cache.h.
 * ALGORITHM A chained table over SipHash, and one list in the order of last use. The table is sized
 *           once, from the byte
 *          limit, for one entry in a chain on average; nothing is ever searched but one chain, and
 *          what has expired goes when it is met, or as the least recently used.
 * OWNERSHIP Entries belong to the cache, with one reference to their answer.
 * LIMITS   Bytes count entry, answer, malloc's overhead and the table. An answer that many sessions
 * share is counted
 *          here in full.
 * STANDARDS RFC 2308 5 (negative answers), RFC 2181 5.2 (an RRset has one TTL), RFC 9520 2
 *           (failures).
 *          Not: RFC 8767 (stale answers), RFC 8020 (NXDOMAIN for what lies below).
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/queue.h>

#include "base/mem.h"
#include "dns/cache.h"

enum {
    MIN_SLOTS = 64,
    MAX_SLOTS = 1 << 22,
    TYPICAL_ENTRY_BYTES = 256, /* one address of a name of 25 characters */
    MALLOC_BYTES = 32          /* the headers and rounding of two blocks */
};

struct entry {
    TAILQ_ENTRY(entry) by_use;
    LIST_ENTRY(entry) in_chain;
    struct dns_answer *answer;
    uint64_t hash;
    uint64_t expires_ms;
    size_t bytes;
    enum dns_type type;
    char name[]; /* as long as it is: most are short */
};

LIST_HEAD(chain, entry);
TAILQ_HEAD(use_list, entry);

struct cache {
    struct cache_limits limits;
    uint64_t key[2];
    struct chain *slots;
    size_t slot_count;      /* a power of two */
    struct use_list by_use; /* the most recently used first */
    size_t bytes;
    size_t count;
};

static size_t slots_for(size_t bytes)
{
    size_t slots = MIN_SLOTS;

    while (slots < MAX_SLOTS && slots < bytes / TYPICAL_ENTRY_BYTES)
        slots *= 2;
    return slots;
}

static struct chain *chain_of(struct cache *cache, uint64_t hash)
{
    return &cache->slots[hash & (cache->slot_count - 1)];
}

/*
 * A new table with all entries in it. When there is no memory the old one goes on: chains get
 * longer, that is all.
 */
static bool make_table(struct cache *cache, size_t slot_count)
{
    struct chain *slots = mem_array(slot_count, sizeof *slots);
    struct entry *e;

    if (slots == NULL)
        return false;
    mem_free(cache->slots);
    cache->bytes -= cache->slot_count * sizeof *slots;
    cache->slots = slots;
    cache->slot_count = slot_count;
    cache->bytes += slot_count * sizeof *slots;
    TAILQ_FOREACH(e, &cache->by_use, by_use) {
        LIST_INSERT_HEAD(chain_of(cache, e->hash), e, in_chain);
    }
    return true;
}

static void drop(struct cache *cache, struct entry *e)
{
    TAILQ_REMOVE(&cache->by_use, e, by_use);
    LIST_REMOVE(e, in_chain);
    cache->bytes -= e->bytes;
    cache->count--;
    dns_answer_unref(e->answer);
    mem_free(e);
}

/* The least recently used go until there is room for so many bytes. */
static void make_room(struct cache *cache, size_t bytes)
{
    while (!TAILQ_EMPTY(&cache->by_use) && cache->bytes + bytes > cache->limits.bytes)
        drop(cache, TAILQ_LAST(&cache->by_use, use_list));
}

enum helo_status cache_create(const struct cache_limits *limits, const uint64_t key[2],
                              struct cache **out)
{
    struct cache *cache = mem_zalloc(sizeof *cache);

    if (cache == NULL)
        return HELO_NOMEM;
    TAILQ_INIT(&cache->by_use);
    cache->limits = *limits;
    memcpy(cache->key, key, sizeof cache->key);
    if (!make_table(cache, slots_for(limits->bytes))) {
        mem_free(cache);
        return HELO_NOMEM;
    }
    *out = cache;
    return HELO_OK;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    while (!TAILQ_EMPTY(&cache->by_use))
        drop(cache, TAILQ_FIRST(&cache->by_use));
    mem_free(cache->slots);
    mem_free(cache);
}

void cache_set_limits(struct cache *cache, const struct cache_limits *limits)
{
    size_t slot_count = slots_for(limits->bytes);

    cache->limits = *limits;
    if (slot_count != cache->slot_count)
        (void)make_table(cache, slot_count);
    make_room(cache, 0);
}

static struct entry *find_entry(struct cache *cache, const struct dns_question *question,
                                uint64_t hash)
{
    struct entry *e;

    LIST_FOREACH(e, chain_of(cache, hash), in_chain) {
        if (e->hash == hash && e->type == question->type && strcmp(e->name, question->name) == 0)
            return e;
    }
    return NULL;
}

struct dns_answer *cache_find(struct cache *cache, const struct dns_question *question,
                              uint64_t now_ms)
{
    struct entry *e = find_entry(cache, question, dns_question_hash(question, cache->key));

    if (e == NULL)
        return NULL;
    if (e->expires_ms <= now_ms) {
        drop(cache, e);
        return NULL;
    }
    TAILQ_REMOVE(&cache->by_use, e, by_use);
    TAILQ_INSERT_HEAD(&cache->by_use, e, by_use);
    return dns_answer_ref(e->answer);
}

/* How long the limits let it live. */
static uint32_t lifetime_s(const struct cache_limits *limits, const struct dns_answer *answer)
{
    uint32_t most = limits->max_ttl_s;

    if (!dns_status_is_definite(answer->status))
        return limits->failure_ttl_s;
    if (answer->status != DNS_OK)
        most = limits->negative_ttl_s;
    return answer->ttl_s < most ? answer->ttl_s : most;
}

void cache_put(struct cache *cache, const struct dns_question *question, struct dns_answer *answer,
               uint64_t now_ms)
{
    uint64_t hash = dns_question_hash(question, cache->key);
    uint32_t live_s = lifetime_s(&cache->limits, answer);
    size_t name_bytes = strlen(question->name) + 1;
    size_t bytes = sizeof(struct entry) + name_bytes + dns_answer_bytes(answer) + MALLOC_BYTES;
    struct entry *e = find_entry(cache, question, hash);

    if (e != NULL)
        drop(cache, e); /* whatever it said, this is newer */
    if (live_s == 0 || bytes + cache->slot_count * sizeof *cache->slots > cache->limits.bytes)
        return;
    make_room(cache, bytes);
    e = mem_zalloc(sizeof *e + name_bytes);
    if (e == NULL)
        return;
    e->answer = dns_answer_ref(answer);
    e->hash = hash;
    e->expires_ms = now_ms + (uint64_t)live_s * 1000;
    e->bytes = bytes;
    e->type = question->type;
    memcpy(e->name, question->name, name_bytes);
    LIST_INSERT_HEAD(chain_of(cache, hash), e, in_chain);
    TAILQ_INSERT_HEAD(&cache->by_use, e, by_use);
    cache->bytes += bytes;
    cache->count++;
}

size_t cache_bytes(const struct cache *cache)
{
    return cache->bytes;
}

size_t cache_count(const struct cache *cache)
{
    return cache->count;
}
