/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_networks.c - client networks that are never judged
 *
 * PURPOSE  "192.0.2.0/24", or {net: "192.0.2.0/24", note: TEXT, owner: TEXT, expires: YYYY-MM-DD}.
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

#include "base/clock.h"
#include "base/mem.h"
#include "policy/loader.h"

/* ---- one entry ---- */

static void refuse(struct loader *l, const struct yaml_node *node, const char *fault,
                   const char *hint)
{
    struct diag_place place = loader_place(l, node);
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(l->diag, HELO_ERROR, &place, hint, "networks: %s %s",
                diag_quote(quoted, node->text), fault);
}

static bool parse_network(struct loader *l, const struct yaml_node *node, struct cidr *out)
{
    struct diag_place place = loader_place(l, node);
    char text[IP_TEXT_SIZE + 4];
    char hint[IP_TEXT_SIZE + 32];

    switch (cidr_parse(node->text, out)) {
    case CIDR_BAD_ADDRESS:
        refuse(l, node, "is not a network", "as in 192.0.2.0/24, 192.0.2.7 or 2001:db8::/32");
        return false;
    case CIDR_BAD_BITS:
        refuse(l, node, "has no valid length behind the slash",
               "0 to 32 for IPv4, 0 to 128 for IPv6");
        return false;
    case CIDR_HOST_BITS:
        (void)snprintf(hint, sizeof(hint), "did you mean %s?", cidr_format(out, text));
        refuse(l, node, "has bits set behind its length", hint);
        return false;
    case CIDR_OK:
        break;
    }
    if (out->bits == 0)
        diag_report(l->diag, HELO_WARNING, &place, NULL,
                    "networks: %s is every IPv%d client: none of them is judged",
                    cidr_format(out, text), (int)out->net.family);
    return true;
}

/* Where the texts of an entry's mapping go. */
struct entry_parts {
    bool has_net;
    const struct yaml_node *net; /* NULL also when it is no text */
    struct policy_entry *entry;
};

static void take_net(struct loader *l, const struct yaml_node *node, struct entry_parts *parts)
{
    (void)l;
    parts->net = node;
}

static void take_note(struct loader *l, const struct yaml_node *node, struct entry_parts *parts)
{
    (void)l;
    parts->entry->note = node->text;
}

static void take_owner(struct loader *l, const struct yaml_node *node, struct entry_parts *parts)
{
    (void)l;
    parts->entry->owner = node->text;
}

static void take_expires(struct loader *l, const struct yaml_node *node, struct entry_parts *parts)
{
    struct diag_place place = loader_place(l, node);
    int64_t day = clock_parse_date(node->text);

    if (day < 0) {
        refuse(l, node, "is not a date",
               "YEAR-MONTH-DAY, as in 2027-03-31: the last day the entry holds");
        return;
    }
    parts->entry->expires_day = day;
    if (day < l->today)
        diag_report(l->diag, HELO_WARNING, &place, "remove the entry, or give it another date",
                    "networks: this entry expired on %s and has no effect", node->text);
}

static void load_part(struct loader *l, const struct yaml_node *node, struct entry_parts *parts)
{
    static const char *const names[] = {"net", "note", "owner", "expires"};
    static void (*const take[])(struct loader *, const struct yaml_node *, struct entry_parts *) = {
        take_net, take_note, take_owner, take_expires};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(node->key->text, names[i]) == 0) {
            parts->has_net = parts->has_net || take[i] == take_net;
            if (loader_expect(l, node, KIND_TEXT, "networks"))
                take[i](l, node, parts);
            return;
        }
    }
    loader_unknown(l, node->key, "key of a network:", names, sizeof(names) / sizeof(names[0]));
}

static void keep_network(struct loader *l, const struct yaml_node *node, const struct cidr *net,
                         const struct policy_entry *entry)
{
    size_t count = l->network_count;
    struct loaded_network *grown;

    if ((count & (count - 1)) == 0) { /* also 0: room is a power of two */
        grown = mem_grow(l->networks, count == 0 ? 1 : count * 2, sizeof(*grown));
        if (grown == NULL) {
            l->nomem = true;
            return;
        }
        l->networks = grown;
    }
    if (!policy_add_entry(&l->policy->networks, entry)) {
        l->nomem = true;
        return;
    }
    l->networks[l->network_count++] = (struct loaded_network){
        *net, (uint32_t)(l->policy->networks.count - 1), loader_place(l, node)};
}

void load_network(struct loader *l, const struct yaml_node *node)
{
    struct policy_entry entry = {
        .file = l->current->file.path, .line = node->line, .expires_day = INT64_MAX};
    bool is_text = node->kind == KIND_TEXT;
    struct entry_parts parts = {is_text, is_text ? node : NULL, &entry};
    struct diag_place place = loader_place(l, node);
    struct cidr net;
    char text[IP_TEXT_SIZE + 4];

    for (const struct yaml_node *part = node->first; part != NULL; part = part->next)
        load_part(l, part, &parts);
    if (!parts.has_net)
        diag_report(l->diag, HELO_ERROR, &place,
                    "as in {net: 192.0.2.0/24, note: \"branch office\"}",
                    "networks: this entry has no 'net'");
    if (parts.net == NULL || !parse_network(l, parts.net, &net))
        return;
    entry.text = cidr_format(&net, text);
    entry.line = parts.net->line;
    keep_network(l, parts.net, &net, &entry);
}

/* ---- after all files ---- */

static int compare_networks(const void *left, const void *right)
{
    const struct loaded_network *a = left;
    const struct loaded_network *b = right;
    int order = (int)a->net.net.family - (int)b->net.net.family;

    if (order == 0)
        order = memcmp(a->net.net.bytes, b->net.net.bytes, sizeof(a->net.net.bytes));
    if (order == 0)
        order = (int)a->net.bits - (int)b->net.bits;
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
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

    if (l->network_count > 0)
        qsort(l->networks, l->network_count, sizeof(*l->networks), compare_networks);
    merge_equal(l);
    for (size_t i = 0; i < l->network_count && !l->nomem; i++)
        add_to_set(l, &nest, &l->networks[i]);
    if (!ip_set_seal(&l->policy->network_set))
        l->nomem = true;
}
