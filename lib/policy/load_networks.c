/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_networks.c - client networks that are never judged
 *
 * PURPOSE  Addresses and networks, each with the date until which it holds.
 * CONTRACT A network is exempt as long as any entry that contains it holds. The same network twice
 *          is a warning, not an error: two teams' files may both have it, the outcome is the same
 *          in any order (the entry that holds longer counts), and a reload must not fail for it. It
 *          is worth a warning because whoever removes one of the two believes it gone. For the same
 *          reason a narrower entry that ends before a wider one is warned about.
 * LIMITS   O(n log n); 100,000 networks take a fraction of a second.
 *
 * ALGORITHM, after all files
 *  1. Sort by family, address, length: of two networks the wider is first, and all that lie in it
 *     follow it.
 *  2. Of equal ones keep the entry that holds the longest.
 *  3. Walk with a stack of the networks around the present one. What ends before one of them has no
 *     effect of its own and is not put into the set; so the most specific network that is found
 *     always holds the longest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/loader.h"

/* ---- one entry ---- */

bool load_cidr(struct loader *l, const struct yaml_node *node, const char *key, struct cidr *out)
{
    char text[IP_TEXT_SIZE + 4];
    char hint[IP_TEXT_SIZE + 32];

    switch (cidr_parse(node->text, out)) {
    case CIDR_BAD_ADDRESS:
        loader_refuse(l, node, key, "is not a network",
                      "as in 192.0.2.0/24, 192.0.2.7 or 2001:db8::/32");
        return false;
    case CIDR_BAD_BITS:
        loader_refuse(l, node, key, "has no valid length behind the slash",
                      "0 to 32 for IPv4, 0 to 128 for IPv6");
        return false;
    case CIDR_HOST_BITS:
        (void)snprintf(hint, sizeof(hint), "did you mean %s?", cidr_format(out, text));
        loader_refuse(l, node, key, "has bits set behind its length", hint);
        return false;
    case CIDR_OK:
        break;
    }
    return true;
}

static void warn_all(struct loader *l, const struct diag_place *place, const struct cidr *net)
{
    char text[IP_TEXT_SIZE + 4];

    diag_report(l->diag, HELO_WARNING, place, NULL,
                "networks: %s is every IPv%d client: none of them is judged",
                cidr_format(net, text), (int)net->net.family);
}

void load_networks(struct loader *l, const struct loaded_entry *entry)
{
    size_t count = l->network_count;
    struct diag_place place = loader_place(l, entry->part[0]);
    struct loaded_network *grown;
    char text[IP_TEXT_SIZE + 4];
    struct cidr net;
    uint32_t tag;

    if (!load_cidr(l, entry->part[0], entry->key, &net))
        return;
    if (net.bits == 0)
        warn_all(l, &place, &net);
    if ((count & (count - 1)) == 0) { /* also 0: room is a power of two */
        grown = mem_grow(l->networks, count == 0 ? 1 : count * 2, sizeof(*grown));
        if (grown == NULL) {
            l->nomem = true;
            return;
        }
        l->networks = grown;
    }
    if (loader_keep_entry(l, &l->policy->networks, entry, cidr_format(&net, text), &tag))
        l->networks[l->network_count++] = (struct loaded_network){net, tag, place};
}

/* ---- after all files ---- */

/* Small, and with nearly all that decides: sorting many is waiting for memory. */
struct sort_key {
    uint64_t rank;
    const struct loaded_network *network;
};

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left;
    const struct sort_key *b = right;
    int order = (a->rank > b->rank) - (a->rank < b->rank);

    if (order == 0)
        order = cidr_compare(&a->network->net, &b->network->net);
    if (order == 0)
        order = a->network->index < b->network->index ? -1 : 1;
    return order;
}

static void sort_networks(struct loader *l)
{
    size_t count = l->network_count;
    struct sort_key *keys = mem_array(count, sizeof(*keys));
    struct loaded_network *sorted = mem_array(count, sizeof(*sorted));

    if (keys == NULL || sorted == NULL) {
        l->nomem = true;
        mem_free(sorted);
    } else {
        for (size_t i = 0; i < count; i++)
            keys[i] = (struct sort_key){cidr_rank(&l->networks[i].net), &l->networks[i]};
        qsort(keys, count, sizeof(*keys), compare_keys);
        for (size_t i = 0; i < count; i++)
            sorted[i] = *keys[i].network;
        mem_free(l->networks);
        l->networks = sorted;
    }
    mem_free(keys);
}

static int64_t expiry(const struct loader *l, const struct loaded_network *network)
{
    return l->policy->networks.entries[network->index].expires_day;
}

static bool contains(const struct loaded_network *outer, const struct loaded_network *inner)
{
    return outer->net.bits <= inner->net.bits && cidr_contains(&outer->net, &inner->net.net);
}

static void warn_twice(struct loader *l, const struct loaded_network *first,
                       const struct loaded_network *second)
{
    char text[IP_TEXT_SIZE + 4];

    diag_report(l->diag, HELO_WARNING, &second->place, NULL,
                "networks: %s stands twice: first at %s:%u:%u", cidr_format(&second->net, text),
                first->place.file->path, first->place.line, first->place.column);
}

/*
 * Leaves one of equal networks, the one that holds the longest. They are sorted; so is what is
 * left.
 */
static void merge_equal(struct loader *l)
{
    size_t kept = 0;

    for (size_t i = 1; i < l->network_count; i++) {
        struct loaded_network *last = &l->networks[kept];
        struct loaded_network *next = &l->networks[i];

        if (next->net.bits != last->net.bits || !contains(last, next)) {
            l->networks[++kept] = *next;
            continue;
        }
        warn_twice(l, last, next);
        if (expiry(l, next) > expiry(l, last))
            *last = *next;
    }
    if (l->network_count > 0)
        l->network_count = kept + 1;
}

static void warn_shadowed(struct loader *l, const struct loaded_network *network,
                          const struct loaded_network *wider)
{
    char text[IP_TEXT_SIZE + 4];
    char wider_text[IP_TEXT_SIZE + 4];

    diag_report(
        l->diag, HELO_WARNING, &network->place, NULL,
        "networks: the date of %s has no effect: it lies in %s, which holds longer (%s:%u:%u)",
        cidr_format(&network->net, text), cidr_format(&wider->net, wider_text),
        wider->place.file->path, wider->place.line, wider->place.column);
}

/*
 * The networks around the present one, from the outside; each with the longest-holding of those up
 * to it.
 */
struct nest {
    struct ring {
        const struct loaded_network *network;
        const struct loaded_network *longest;
    } ring[130]; /* lengths 0 to 128 */
    size_t depth;
};

static void add_to_set(struct loader *l, struct nest *nest, const struct loaded_network *network)
{
    const struct loaded_network *longest = NULL;

    while (nest->depth > 0 && !contains(nest->ring[nest->depth - 1].network, network))
        nest->depth--;
    if (nest->depth > 0)
        longest = nest->ring[nest->depth - 1].longest;
    if (longest != NULL && expiry(l, longest) > expiry(l, network)) {
        if (expiry(l, network) >= l->today)
            warn_shadowed(l, network, longest);
    } else {
        longest = network;
        if (!ip_set_add(&l->policy->network_set, &network->net, network->index))
            l->nomem = true;
    }
    nest->ring[nest->depth++] = (struct ring){network, longest};
}

void load_networks_end(struct loader *l)
{
    struct nest nest = {.depth = 0};

    sort_networks(l);
    if (l->nomem)
        return;
    merge_equal(l);
    for (size_t i = 0; i < l->network_count && !l->nomem; i++)
        add_to_set(l, &nest, &l->networks[i]);
}
