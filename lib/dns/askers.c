/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * askers.c - see askers.h
 */
#include "dns/askers.h"

#include <string.h>

#include "base/mem.h"
#include "dns/siphash.h"

enum { HOST_BYTES = 8 }; /* of an IPv6 address */

struct asker {
    struct ip client; /* the host part is zero */
    unsigned count;
    LIST_ENTRY(asker) same_bucket;
};

void askers_init(struct askers *askers, const uint64_t key[2])
{
    memcpy(askers->key, key, sizeof askers->key);
    for (size_t i = 0; i < ASKER_BUCKETS; i++)
        LIST_INIT(&askers->bucket[i]);
}

/* What all addresses of a client have in common. */
static struct ip common_of(const struct ip *client)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct ip common = *client;

    if (client->family != IP_V6)
        return common;
    if (memcmp(client->bytes, mapped, sizeof mapped) == 0) {
        common = (struct ip){.family = IP_V4};
        memcpy(common.bytes, client->bytes + sizeof mapped, 4);
    } else {
        memset(common.bytes + HOST_BYTES, 0, HOST_BYTES);
    }
    return common;
}

enum asker_outcome askers_add(struct askers *askers, const struct ip *client, unsigned limit,
                              unsigned share, struct asker **out)
{
    struct asker *asker;
    struct ip common;
    size_t i;

    *out = NULL;
    if (client == NULL || client->family == IP_NONE)
        return ASKER_OK;
    common = common_of(client);
    i = siphash(askers->key, common.bytes, sizeof common.bytes) % ASKER_BUCKETS;
    LIST_FOREACH(asker, &askers->bucket[i], same_bucket) {
        if (ip_equal(&asker->client, &common))
            break;
    }
    if (asker != NULL && limit != 0 && asker->count >= limit)
        return ASKER_OVER_LIMIT;
    if (asker != NULL && limit != 0 && asker->count >= share)
        return ASKER_CROWDED;
    if (asker == NULL) {
        asker = mem_zalloc(sizeof *asker);
        if (asker == NULL)
            return ASKER_NO_MEMORY;
        asker->client = common;
        LIST_INSERT_HEAD(&askers->bucket[i], asker, same_bucket);
    }
    asker->count++;
    *out = asker;
    return ASKER_OK;
}

void asker_drop(struct asker *asker)
{
    if (asker == NULL || --asker->count > 0)
        return;
    LIST_REMOVE(asker, same_bucket);
    mem_free(asker);
}
