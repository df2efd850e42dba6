/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_shard.c - one part of the cache: what is kept, for how long, and what goes first
 *
 * PURPOSE  See cache_shard.h.
 * ALGORITHM A chained table by the hash of the name, one entry for each type of it, and a list in
 *          the order of last use. What has expired is not looked for: it is replaced when its
 *          question is answered again, or goes as the least recently used. Until then it still
 *          tells how often a question failed in a row, and that a name was there once.
 *          The table is sized from the byte limit and changes with it only, so that no session ever
 *          pays for its growth.
 *
 *          An NXDOMAIN holds for all types of its name (`for_all`) unless something else was heard
 *          of another type, before or after it: some servers say NXDOMAIN to AAAA of names that
 *          have an A (RFC 4074 4.2), and the cache shall not make these names vanish. Such an
 *          answer is then NXDOMAIN for its own type only, and stays so. A failure counts as
 *          something else: what becomes a certain no must not rest on a server that is ill.
 * LIMITS   Bytes count what malloc takes. An answer that sessions share is counted in full.
 * STANDARDS RFC 2308 5 (NXDOMAIN, NODATA), RFC 8767 4 (stale answers), RFC 9520 3.2 (failures).
 *          Not: RFC 8020 (NXDOMAIN for what lies below a name).
 */
#include "dns/cache_shard.h"

#include <string.h>

#include "base/mem.h"
#include "dns/cache_life.h"

enum {
    TYPICAL_ENTRY_BYTES = 256, /* one address of a name of 25 characters, and the table's share */
    FAILURES_COUNTED = 8       /* doubled so often is more than any limit */
};

/*
 * The failure is kept beside the answer, for an answer past its time may stand in for a question
 * that fails.
 */
struct cache_entry {
    TAILQ_ENTRY(cache_entry) by_use;
    struct dns_answer *failure; /* after the answer's time, or NULL */
    uint64_t failed_until_ms;   /* the failure; 0: there is none */
    uint32_t bytes;
    uint8_t failures; /* in a row */
    bool for_all;     /* an NXDOMAIN that holds for all types */
    /* What a hit looks at lies together: most of its time is waiting for memory. */
    struct dns_answer *answer; /* definite, or NULL */
    uint64_t expires_ms;       /* the answer; 0: there is none */
    struct cache_entry *next;  /* in the chain */
    uint32_t hash;
    enum dns_type type;
    char name[]; /* as long as it is: most are short */
};

/* What the shard has of the name of a question. */
struct kin {
    struct cache_entry *own;     /* of the question itself */
    struct cache_entry *for_all; /* of another type, NXDOMAIN for all */
    bool others;                 /* of another type, something else than NXDOMAIN */
};

/* ---- the table ------------------------------------------------------------------------------- */

/* What malloc takes for a block: 8 bytes before it, in steps of 16, 32 at least (glibc). */
static size_t block_bytes(size_t size)
{
    size_t taken = (size + 8 + 15) & ~(size_t)15;

    return taken < 32 ? 32 : taken;
}

static size_t table_bytes(const struct cache_table *table)
{
    return table->count > 0 ? block_bytes(table->count * sizeof *table->chains) : 0;
}

enum helo_status cache_table_create(size_t bytes, struct cache_table *out)
{
    size_t count = 1;

    *out = (struct cache_table){0};
    if (bytes < CACHE_SHARD_LEAST_BYTES)
        return HELO_OK;
    while (count <= bytes / TYPICAL_ENTRY_BYTES / 2)
        count *= 2;
    out->chains = mem_array(count, sizeof *out->chains);
    if (out->chains == NULL)
        return HELO_NOMEM;
    out->count = count;
    return HELO_OK;
}

void cache_table_free(struct cache_table *table)
{
    mem_free(table->chains);
    *table = (struct cache_table){0};
}

static struct cache_chain *chain_of(const struct cache_table *table, uint32_t hash)
{
    return &table->chains[hash & (table->count - 1)];
}

static void chain_add(const struct cache_table *table, struct cache_entry *e)
{
    struct cache_chain *chain = chain_of(table, e->hash);

    e->next = chain->first;
    chain->first = e;
}

static void chain_remove(const struct cache_table *table, struct cache_entry *e)
{
    struct cache_entry **link = &chain_of(table, e->hash)->first;

    while (*link != e)
        link = &(*link)->next;
    *link = e->next;
}

static struct cache_entry *chain_for(const struct cache_shard *shard, const struct cache_key *key)
{
    return shard->table.count > 0 ? chain_of(&shard->table, key->hash)->first : NULL;
}

static struct kin find_kin(const struct cache_shard *shard, const struct cache_key *key)
{
    struct kin kin = {0};
    struct cache_entry *e = chain_for(shard, key);

    for (; e != NULL; e = e->next) {
        if (e->hash != key->hash || strcmp(e->name, key->question->name) != 0)
            continue;
        if (e->type == key->question->type)
            kin.own = e;
        else if (e->for_all)
            kin.for_all = e;
        else if (e->answer == NULL || e->answer->status != DNS_NXDOMAIN)
            kin.others = true;
    }
    return kin;
}

/* ---- entries --------------------------------------------------------------------------------- */

static bool is_live(const struct cache_entry *e, uint64_t now_ms)
{
    return now_ms < e->expires_ms || now_ms < e->failed_until_ms;
}

/* Past its time, but better than nothing. */
static bool is_stale(const struct cache_shard *shard, const struct cache_entry *e, uint64_t now_ms)
{
    return e->answer != NULL && e->answer->status == DNS_OK && now_ms >= e->expires_ms &&
           now_ms - e->expires_ms < shard->limits.stale_ms;
}

static void touch(struct cache_shard *shard, struct cache_entry *e)
{
    TAILQ_REMOVE(&shard->by_use, e, by_use);
    TAILQ_INSERT_HEAD(&shard->by_use, e, by_use);
}

static void drop(struct cache_shard *shard, struct cache_entry *e)
{
    TAILQ_REMOVE(&shard->by_use, e, by_use);
    chain_remove(&shard->table, e);
    shard->bytes -= e->bytes;
    shard->entries--;
    dns_answer_unref(e->answer);
    dns_answer_unref(e->failure);
    mem_free(e);
}

/* Another answer takes its place. */
static void drop_replaced(struct cache_shard *shard, struct cache_entry *e)
{
    if (!is_live(e, shard->now_ms))
        shard->expired++;
    drop(shard, e);
}

static void evict(struct cache_shard *shard, struct cache_entry *e)
{
    if (is_live(e, shard->now_ms))
        shard->evicted++;
    else
        shard->expired++;
    drop(shard, e);
}

/* The least recently used go until there is room for so many bytes. */
static void make_room(struct cache_shard *shard, size_t bytes)
{
    while (!TAILQ_EMPTY(&shard->by_use) && shard->bytes + bytes > shard->limits.bytes)
        evict(shard, TAILQ_LAST(&shard->by_use, cache_use_list));
}

static size_t bare_bytes(const struct cache_key *key)
{
    return block_bytes(sizeof(struct cache_entry) + strlen(key->question->name) + 1);
}

static size_t answer_bytes(const struct dns_answer *answer)
{
    return answer != NULL ? block_bytes(dns_answer_bytes(answer)) : 0;
}

static struct cache_entry *add(struct cache_shard *shard, const struct cache_key *key)
{
    size_t name_bytes = strlen(key->question->name) + 1;
    struct cache_entry *e = mem_zalloc(sizeof *e + name_bytes);

    if (e == NULL)
        return NULL;
    e->hash = key->hash;
    e->type = key->question->type;
    memcpy(e->name, key->question->name, name_bytes);
    chain_add(&shard->table, e);
    TAILQ_INSERT_HEAD(&shard->by_use, e, by_use);
    shard->entries++;
    return e;
}

/*
 * The entry of a question, own or a new one, for answers that make it so large. NULL: it does not
 * fit, or there is no memory; then own is what it was.
 */
static struct cache_entry *reserve(struct cache_shard *shard, const struct cache_key *key,
                                   struct cache_entry *own, size_t bytes)
{
    if (shard->table.count == 0 || table_bytes(&shard->table) + bytes > shard->limits.bytes)
        return NULL;
    if (own != NULL) {
        touch(shard, own); /* the first of the list is never reached: alone it has room */
        shard->bytes -= own->bytes;
        own->bytes = 0;
    }
    make_room(shard, bytes);
    if (own == NULL)
        own = add(shard, key);
    if (own == NULL)
        return NULL;
    own->bytes = (uint32_t)bytes;
    shard->bytes += bytes;
    return own;
}

/* ---- keeping --------------------------------------------------------------------------------- */

static void put_definite(struct cache_shard *shard, const struct cache_key *key, struct kin kin,
                         struct dns_answer *answer)
{
    uint64_t life_ms = cache_life_ms(&shard->limits, answer);
    bool nxdomain = answer->status == DNS_NXDOMAIN;
    bool was_live = kin.own != NULL && is_live(kin.own, shard->now_ms);
    struct cache_entry *e = NULL;

    if (nxdomain && life_ms > 0 && kin.for_all != NULL)
        drop_replaced(shard, kin.for_all); /* one is enough */
    if (life_ms > 0)
        e = reserve(shard, key, kin.own, bare_bytes(key) + answer_bytes(answer));
    if (e == NULL) {
        if (kin.own != NULL)
            drop_replaced(shard, kin.own); /* whatever it said, this is newer */
        return;
    }
    if (kin.own != NULL && !was_live)
        shard->expired++;
    dns_answer_unref(e->answer);
    dns_answer_unref(e->failure);
    e->answer = dns_answer_ref(answer);
    e->expires_ms = shard->now_ms + life_ms;
    e->failure = NULL;
    e->failed_until_ms = 0;
    e->failures = 0;
    e->for_all = nxdomain && !kin.others;
}

/*
 * What is past its time makes way for the failure, unless it may yet be served. A row of failures
 * is over when nobody has asked for as long as the longest of them lives.
 */
static void put_failure(struct cache_shard *shard, const struct cache_key *key,
                        struct cache_entry *own, struct dns_answer *answer)
{
    uint64_t now_ms = shard->now_ms;
    bool keeps = own != NULL && is_stale(shard, own, now_ms);
    bool in_a_row = own != NULL && own->failures > 0 &&
                    now_ms < own->failed_until_ms + cache_longest_failure_ms(&shard->limits);
    size_t bytes = bare_bytes(key) + answer_bytes(answer) + (keeps ? answer_bytes(own->answer) : 0);
    struct cache_entry *e;

    if (shard->limits.failure_ttl_ms == 0 || (own != NULL && now_ms < own->expires_ms))
        return;
    e = reserve(shard, key, own, bytes);
    if (e == NULL)
        return;
    if (own != NULL && !keeps) {
        if (!is_live(e, now_ms))
            shard->expired++;
        dns_answer_unref(e->answer);
        e->answer = NULL;
        e->expires_ms = 0;
        e->for_all = false;
    }
    dns_answer_unref(e->failure);
    e->failure = dns_answer_ref(answer);
    if (!in_a_row)
        e->failures = 0;
    if (e->failures < FAILURES_COUNTED)
        e->failures++;
    e->failed_until_ms = now_ms + cache_failure_ms(&shard->limits, e->failures);
}

void cache_shard_put(struct cache_shard *shard, const struct cache_key *key,
                     struct dns_answer *answer, uint64_t now_ms)
{
    struct kin kin;

    if (answer->status == DNS_UNREACHABLE)
        return; /* tells nothing about the name */
    shard->now_ms = now_ms;
    kin = find_kin(shard, key);
    if (kin.for_all != NULL && answer->status != DNS_NXDOMAIN)
        kin.for_all->for_all = false;
    if (dns_status_is_definite(answer->status))
        put_definite(shard, key, kin, answer);
    else
        put_failure(shard, key, kin.own, answer);
}

/* ---- finding --------------------------------------------------------------------------------- */

/* As find_kin(), but without the others, and no further than to a live answer of the own type. */
static struct kin find_answers(const struct cache_shard *shard, const struct cache_key *key,
                               uint64_t now_ms)
{
    struct kin kin = {0};
    struct cache_entry *e = chain_for(shard, key);

    for (; e != NULL && (kin.own == NULL || !is_live(kin.own, now_ms)); e = e->next) {
        bool own = e->type == key->question->type;

        /* Names are compared last, and not those of other types that say nothing of this one. */
        if (e->hash != key->hash || (!own && !e->for_all) ||
            strcmp(e->name, key->question->name) != 0)
            continue;
        if (own)
            kin.own = e;
        else
            kin.for_all = e;
    }
    return kin;
}

bool cache_shard_find(struct cache_shard *shard, const struct cache_key *key, uint64_t now_ms,
                      struct cache_hit *out)
{
    struct kin kin = find_answers(shard, key, now_ms);
    struct cache_entry *own = kin.own;

    shard->now_ms = now_ms;
    *out = (struct cache_hit){0};
    if (own != NULL && is_live(own, now_ms))
        out->answer = dns_answer_ref(now_ms < own->expires_ms ? own->answer : own->failure);
    if (own != NULL && is_stale(shard, own, now_ms))
        out->stale = dns_answer_ref(own->answer);
    if (out->answer != NULL || out->stale != NULL)
        touch(shard, own);
    if (out->answer == NULL && kin.for_all != NULL && is_live(kin.for_all, now_ms)) {
        out->answer = dns_answer_ref(kin.for_all->answer);
        out->by_name = true;
        touch(shard, kin.for_all);
    }
    return out->answer != NULL;
}

/* ---- the whole shard ------------------------------------------------------------------------- */

void cache_shard_init(struct cache_shard *shard)
{
    *shard = (struct cache_shard){0};
    TAILQ_INIT(&shard->by_use);
}

void cache_shard_clear(struct cache_shard *shard)
{
    while (!TAILQ_EMPTY(&shard->by_use))
        drop(shard, TAILQ_FIRST(&shard->by_use));
    shard->bytes -= table_bytes(&shard->table);
    cache_table_free(&shard->table);
}

/* Its bytes are counted already. */
static void swap_tables(struct cache_shard *shard, struct cache_table *table)
{
    struct cache_table former = shard->table;
    struct cache_entry *e;

    shard->table = *table;
    *table = former;
    TAILQ_FOREACH(e, &shard->by_use, by_use) {
        chain_add(&shard->table, e);
    }
}

void cache_shard_set_limits(struct cache_shard *shard, const struct cache_limits *limits,
                            struct cache_table *table)
{
    size_t before = table_bytes(&shard->table);
    size_t after = table != NULL ? table_bytes(table) : before;

    shard->limits = *limits;
    shard->bytes -= before;
    shard->bytes += after;
    make_room(shard, 0);
    while (after == 0 && !TAILQ_EMPTY(&shard->by_use))
        evict(shard, TAILQ_FIRST(&shard->by_use)); /* there will be no chains */
    if (table != NULL)
        swap_tables(shard, table);
    else if (after > limits->bytes)
        cache_shard_clear(shard); /* there was no memory for a smaller table */
}
