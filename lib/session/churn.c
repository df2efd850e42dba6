/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * churn.c - see churn.h
 *
 * ALGORITHM
 *  1. The table is an array of sets of WAYS clients each. A keyed hash of the client picks the set.
 *  2. In its set the client is found by its address; if it is not there it takes the place of the
 *     one that was not seen for the longest time.
 *  3. A client has the hashes of its names with the time each was said last. Those older than the
 *     window go; when there is no room, the oldest goes.
 * Two names with the same 32 bits count as one: that errs to the client's favour.
 */
#include "session/churn.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include "base/limits.h"
#include "base/mem.h"
#include "dns/siphash.h"

enum { WAYS = 8, KEY_BYTES = 9 };

struct said {
    uint32_t name; /* hash */
    uint32_t when_s;
};

struct client {
    uint8_t key[KEY_BYTES]; /* family, and the address or its /64; family 0: free */
    uint8_t count;
    uint64_t seen_ms;
    struct said said[LIMIT_CHURN_NAMES];
};

struct memory_store {
    struct churn_store base;
    pthread_mutex_t lock; /* guards all below */
    struct client *clients;
    size_t sets;
    uint64_t key[2];
};

/* The first member's address is the struct's. */
static struct memory_store *memory_of(struct churn_store *store)
{
    return (struct memory_store *)(void *)store;
}

static void make_key(uint8_t key[KEY_BYTES], const struct ip *client)
{
    memset(key, 0, KEY_BYTES);
    key[0] = (uint8_t)client->family;
    memcpy(key + 1, client->bytes, client->family == IP_V4 ? 4 : 8);
}

/* The client's place in its set, old or new. */
static struct client *find_client(struct memory_store *store, const struct ip *client)
{
    uint8_t key[KEY_BYTES];
    struct client *set, *oldest;

    make_key(key, client);
    set = store->clients + (siphash(store->key, key, sizeof(key)) % store->sets) * WAYS;
    oldest = set;
    for (struct client *c = set; c < set + WAYS; c++) {
        if (memcmp(c->key, key, sizeof(key)) == 0)
            return c;
        if (c->seen_ms < oldest->seen_ms)
            oldest = c;
    }
    *oldest = (struct client){.count = 0};
    memcpy(oldest->key, key, sizeof(key));
    return oldest;
}

static void drop_old(struct client *client, uint32_t before_s)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < client->count; i++) {
        if (client->said[i].when_s >= before_s)
            client->said[kept++] = client->said[i];
    }
    client->count = (uint8_t)kept;
}

static struct said *find_said(struct client *client, uint32_t name)
{
    struct said *oldest = &client->said[0];

    for (unsigned i = 0; i < client->count; i++) {
        if (client->said[i].name == name)
            return &client->said[i];
        if (client->said[i].when_s < oldest->when_s)
            oldest = &client->said[i];
    }
    return client->count < LIMIT_CHURN_NAMES ? &client->said[client->count++] : oldest;
}

static unsigned memory_note(struct churn_store *base, const struct ip *client, const char *name,
                            uint64_t window_ms, uint64_t now_ms)
{
    struct memory_store *store = memory_of(base);
    uint64_t from_ms = now_ms > window_ms ? now_ms - window_ms : 0;
    uint32_t hash = (uint32_t)siphash(store->key, name, strlen(name));
    struct client *found;
    unsigned count;

    pthread_mutex_lock(&store->lock);
    found = find_client(store, client);
    found->seen_ms = now_ms;
    drop_old(found, (uint32_t)(from_ms / 1000));
    *find_said(found, hash) = (struct said){hash, (uint32_t)(now_ms / 1000)};
    count = found->count;
    pthread_mutex_unlock(&store->lock);
    return count;
}

static bool memory_resize(struct churn_store *base, size_t bytes)
{
    struct memory_store *store = memory_of(base);
    size_t sets = bytes / (WAYS * sizeof(struct client));
    struct client *clients, *former;

    if (sets == 0)
        sets = 1;
    if (sets == store->sets)
        return true;
    /* A large table is made and given back while sessions go on. */
    clients = mem_array(sets * WAYS, sizeof(*clients));
    if (clients == NULL)
        return false;
    pthread_mutex_lock(&store->lock);
    former = store->clients;
    store->clients = clients;
    store->sets = sets;
    pthread_mutex_unlock(&store->lock);
    mem_free(former);
    return true;
}

static void memory_free(struct churn_store *base)
{
    struct memory_store *store = memory_of(base);

    pthread_mutex_destroy(&store->lock);
    mem_free(store->clients);
    mem_free(store);
}

enum helo_status churn_memory_create(size_t bytes, struct churn_store **out)
{
    static const struct churn_ops ops = {memory_note, memory_resize, memory_free};
    struct memory_store *store = mem_zalloc(sizeof(*store));

    if (store == NULL)
        return HELO_NOMEM;
    store->base.ops = &ops;
    pthread_mutex_init(&store->lock, NULL);
    if (!memory_resize(&store->base, bytes)) {
        memory_free(&store->base);
        return HELO_NOMEM;
    }
    if (getrandom(store->key, sizeof(store->key), 0) != (ssize_t)sizeof(store->key)) {
        memory_free(&store->base);
        return HELO_SYSTEM;
    }
    *out = &store->base;
    return HELO_OK;
}

unsigned churn_note(struct churn_store *store, const struct ip *client, const char *name,
                    uint64_t window_ms, uint64_t now_ms)
{
    return store->ops->note(store, client, name, window_ms, now_ms);
}

bool churn_resize(struct churn_store *store, size_t bytes)
{
    return store->ops->resize(store, bytes);
}

void churn_free(struct churn_store *store)
{
    if (store != NULL)
        store->ops->free(store);
}
