/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lists.c - see lists.h
 */
#include "policy/lists.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct helo_policy, member)

static const struct list_row rows[] = {
    {"server.names", NULL, LIST_OF_ENTRIES, AT(own_names)},
    {"server.addresses", NULL, LIST_OF_ENTRIES, AT(own_addresses)},
    {"networks", "net", LIST_OF_ENTRIES, AT(networks)},
    {"exempt.recipients", "recipient", LIST_OF_ENTRIES, AT(recipients)},
    {"exempt.listener_ports", "port", LIST_OF_ENTRIES, AT(listener_ports)},
    {"exempt.listener_names", "name", LIST_OF_ENTRIES, AT(listener_names)},
    {"exempt.helo_names", "name", LIST_OF_ENTRIES, AT(helo_names)},
    {"exempt.rdns_domains", "domain", LIST_OF_ENTRIES, AT(rdns_domains)},
    {"exempt.tls_clients", "certificate", LIST_OF_ENTRIES, AT(tls_clients)},
    {"listeners", NULL, LIST_OF_LISTENERS, AT(listeners)},
    {"lists.deny", "match", LIST_OF_ENTRIES, AT(deny)},
    {"lists.skip", "match", LIST_OF_ENTRIES, AT(skip)},
    {"lists.mx_deny", "match", LIST_OF_ENTRIES, AT(mx_deny)},
    {"data.special_tlds", "tld", LIST_OF_ENTRIES, AT(special_tlds)},
    {"data.dialup_words", "word", LIST_OF_ENTRIES, AT(dialup_words)},
    {"data.veto_words", "word", LIST_OF_ENTRIES, AT(veto_words)},
    {"data.senders", NULL, LIST_OF_SENDERS, AT(senders)},
    {"data.pools", NULL, LIST_OF_POOLS, AT(pools)},
    {"rhsbl.zones", NULL, LIST_OF_ZONES, AT(rhsbl_zones)},
    {"dns.servers", NULL, LIST_OF_ENTRIES, AT(dns_server_list)},
};

/* How many there are in schema.def. */
enum {
    LIST_COUNT = 0
#define LIST(key, id, default, max, help) +1
#include "policy/schema.def"
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };
_Static_assert((int)ROW_COUNT == (int)LIST_COUNT, "every LIST of schema.def has its row");

const struct list_row *list_row(size_t i)
{
    return i < ROW_COUNT ? &rows[i] : NULL;
}

const struct list_row *list_find(const char *key)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

const struct policy_list *list_of(const struct helo_policy *policy, const struct list_row *row)
{
    return (const struct policy_list *)(const void *)((const char *)policy + row->offset);
}

/* The names of all senders stand in one set, those of one sender behind each other. */
const char *list_sender_name(const struct helo_policy *policy, size_t sender, size_t i)
{
    const struct domain_set *set = &policy->reference.sender_names;
    size_t first = 0, end = set->count;

    /* Rows keep the order in which they were added: their tags ascend. */
    while (first < end) {
        size_t middle = first + (end - first) / 2;

        if (set->rows[middle].tag < sender)
            first = middle + 1;
        else
            end = middle;
    }
    return first + i < set->count && set->rows[first + i].tag == sender
               ? set->rows[first + i].domain
               : NULL;
}

const char *list_sender_host(const struct helo_policy *policy, size_t sender, size_t i)
{
    const struct domain_set *set = &policy->reference.senders[sender].hosts;

    return i < set->count ? set->rows[i].domain : NULL;
}

bool list_zone_code(const struct helo_policy *policy, size_t zone, size_t i,
                    char out[LIST_CODE_SIZE])
{
    const struct rhsbl_zone *row = &policy->reference.zones[zone];
    char first[IP_TEXT_SIZE], last[IP_TEXT_SIZE];

    if (i >= row->code_count)
        return false;
    (void)ip_format(&row->codes[i].first, first);
    (void)ip_format(&row->codes[i].last, last);
    if (ip_equal(&row->codes[i].first, &row->codes[i].last))
        (void)snprintf(out, LIST_CODE_SIZE, "%s", first);
    else
        (void)snprintf(out, LIST_CODE_SIZE, "%s-%s", first, last);
    return true;
}
