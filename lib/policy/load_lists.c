/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_lists.c - the lists of a policy
 *
 * PURPOSE  One row per list of schema.def: how an entry may look, and the function load_ID() that
 *          takes it up (in load_server.c, load_networks.c, load_exempt.c ...).
 * CONTRACT Lists of several files add up. What a site writes replaces the list's defaults; `[]` is
 *          a list without entries. `key:` with nothing behind it is refused where there are
 *          defaults, or built-in data (data.*): it may mean either.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "policy/loader.h"

static const struct {
    const char *key;
    const char *words; /* the default */
    size_t max;
    void (*add)(struct loader *l, const struct loaded_entry *entry);
} lists[LIST_COUNT] = {
#define LIST(key, id, default, max, help) [LIST_##id] = {key, default, max, load_##id},
#include "policy/schema.def"
};

/* ---- how an entry may look ---- */

/* A plain text stands for the first key. */
static const struct entry_form forms[LIST_COUNT] = {
    [LIST_server_names] = {.plain = true},
    [LIST_server_addresses] = {.plain = true},
    [LIST_dns_servers] = {.plain = true},
    [LIST_networks] = {"a network", "192.0.2.0/24", true, {{"net", KIND_TEXT, ENTRY_MUST}}},
    [LIST_exempt_recipients] = {"a recipient",
                                "postmaster",
                                true,
                                {{"recipient", KIND_TEXT, ENTRY_MUST}}},
    [LIST_exempt_listener_ports] = {"a port", "465", true, {{"port", KIND_TEXT, ENTRY_MUST}}},
    [LIST_exempt_listener_names] = {"a listener",
                                    "submission",
                                    true,
                                    {{"name", KIND_TEXT, ENTRY_MUST}}},
    [LIST_exempt_helo_names] = {"a name",
                                "mail.example.org",
                                true,
                                {{"name", KIND_TEXT, ENTRY_MUST}}},
    [LIST_exempt_rdns_domains] = {"a domain",
                                  "example.org",
                                  true,
                                  {{"domain", KIND_TEXT, ENTRY_MUST}}},
    [LIST_exempt_tls_clients] = {"a certificate",
                                 "mail.example.org",
                                 true,
                                 {{"certificate", KIND_TEXT, ENTRY_MUST}}},
    [LIST_lists_deny] = {"a name", ".dsl.example.net", true, {{"match", KIND_TEXT, ENTRY_MUST}}},
    [LIST_lists_skip] = {"a name", "printer.example.org", true, {{"match", KIND_TEXT, ENTRY_MUST}}},
    [LIST_lists_mx_deny] = {"a name", ".parked.example", true, {{"match", KIND_TEXT, ENTRY_MUST}}},
    [LIST_data_special_tlds] = {"a domain", "corp", true, {{"tld", KIND_TEXT, ENTRY_MUST}}},
    [LIST_data_dialup_words] = {"a word", "dsl", true, {{"word", KIND_TEXT, ENTRY_MUST}}},
    [LIST_data_veto_words] = {"a word", "static", true, {{"word", KIND_TEXT, ENTRY_MUST}}},
    [LIST_data_pools] = {"a pool",
                         "192.0.2.0/24",
                         true,
                         {{"net", KIND_TEXT, ENTRY_EITHER}, {"domain", KIND_TEXT, ENTRY_EITHER}}},
    [LIST_data_senders] = {"a sender",
                           "{helo: [example.com], hosts: [example.com, mail.example.net]}",
                           false,
                           {{"helo", KIND_LIST, ENTRY_MUST}, {"hosts", KIND_LIST, ENTRY_MUST}}},
    [LIST_rhsbl_zones] = {"a zone",
                          "{zone: dbl.example.org, codes: [127.0.1.2-127.0.1.99]}",
                          false,
                          {{"zone", KIND_TEXT, ENTRY_MUST}, {"codes", KIND_LIST, ENTRY_MUST}}},
    [LIST_listeners] = {"a listener",
                        "{port: 2525, profile: strict}",
                        false,
                        {{"port", KIND_TEXT, ENTRY_EITHER},
                         {"name", KIND_TEXT, ENTRY_EITHER},
                         {"profile", KIND_TEXT, ENTRY_MAY},
                         {"checks", KIND_MAPPING, ENTRY_MAY},
                         {"score", KIND_MAPPING, ENTRY_MAY}}},
};

const struct entry_form *load_list_form(enum list_id list)
{
    return &forms[list];
}

/* ---- all lists ---- */

/* What the site writes comes in place of the defaults, once, whatever the number of files. */
static void drop_defaults(struct loader *l, enum list_id list)
{
    struct policy_list *const defaults[LIST_COUNT] = {
        [LIST_exempt_recipients] = &l->policy->recipients,
        [LIST_exempt_listener_ports] = &l->policy->listener_ports,
        [LIST_exempt_listener_names] = &l->policy->listener_names,
    };

    if (!l->list_begun[list] && defaults[list] != NULL)
        policy_clear_list(defaults[list]);
    l->list_begun[list] = true;
}

static void load_item(struct loader *l, enum list_id list, const struct yaml_node *item)
{
    struct diag_place place = loader_place(l, item);
    struct loaded_entry entry;

    if (++l->list_count[list] > lists[list].max) {
        if (l->list_count[list] == lists[list].max + 1)
            diag_report(l->diag, HELO_ERROR, &place, NULL, "%s: too many entries (at most %zu)",
                        lists[list].key, lists[list].max);
        return;
    }
    if (load_entry(l, lists[list].key, &forms[list], item, &entry))
        lists[list].add(l, &entry);
}

/* Nothing stands behind the key. */
static void refuse_nothing(struct loader *l, enum list_id list, const struct diag_place *place)
{
    const char *words = lists[list].words;
    bool built_in = strncmp(lists[list].key, "data.", strlen("data.")) == 0;
    char hint[160];

    if (words[0] == '\0' && !built_in)
        return;
    (void)snprintf(hint, sizeof(hint), "write [] for none, or leave the key out for the %s%s%s",
                   built_in ? "built-in one" : "default (", words, built_in ? "" : ")");
    diag_report(l->diag, HELO_ERROR, place, hint, "%s: a list is wanted here, not nothing",
                lists[list].key);
}

/* The first place of the site's, for load_odd.c: a list may stand in several files. */
static void note_place(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    struct diag_place *seen = &l->layer->seen[key_index(row->path)];

    if (seen->file == NULL && l->current->role != FILE_BUILTIN_DATA)
        *seen = loader_place(l, node->key);
}

void load_list(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    enum list_id list = (enum list_id)row->list;
    struct diag_place place = loader_place(l, node);

    if (l->current->role == FILE_BUILTIN_DATA && l->list_of_site[list])
        return;
    if (yaml_is_empty(node)) {
        refuse_nothing(l, list, &place);
        return;
    }
    if (!loader_expect(l, node, KIND_LIST, row->path))
        return;
    note_place(l, row, node);
    drop_defaults(l, list);
    for (const struct yaml_node *item = node->first; item != NULL && !l->nomem; item = item->next)
        load_item(l, list, item);
}
