/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_data.c - what is known of names, and ages: data.*
 *
 * PURPOSE  Special domains, words of providers, well-known senders and their hosts, providers'
 *          pools.
 * CONTRACT What has expired is kept for people to see, and is in no set. A name of two senders is
 *          the first one's, and warned about: a client of the second would be taken for a liar.
 */
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"
#include "policy/loader.h"

/* ---- domains ---- */

static const char *dots_hint(const char *text)
{
    return text[0] == '.' || text[0] == '*'
               ? "write the domain alone, as in example.org: all below it is meant, too"
               : "letters, digits and hyphens, in labels with dots between";
}

bool load_domain(struct loader *l, const struct yaml_node *node, const char *key, unsigned labels,
                 char out[LIMIT_NAME_CHARS + 1])
{
    if (!domain_is_host_name(node->text, true)) {
        loader_refuse(l, node, key, "is not a domain", dots_hint(node->text));
        return false;
    }
    if (domain_labels(node->text) < labels) {
        loader_refuse(l, node, key, "has one label only", "as in example.org");
        return false;
    }
    return domain_normalise(out, node->text);
}

void load_data_special_tlds(struct loader *l, const struct loaded_entry *entry)
{
    struct helo_policy *policy = l->policy;
    char name[LIMIT_NAME_CHARS + 1];
    uint32_t tag;

    if (load_domain(l, entry->part[0], entry->key, 1, name) &&
        loader_keep_entry(l, &policy->special_tlds, entry, name, &tag) && !entry->expired &&
        !domain_set_add(&policy->reference.special_tlds, name, DOMAIN_WITHIN, tag))
        l->nomem = true;
}

/* ---- words ---- */

static void add_word(struct loader *l, const struct loaded_entry *entry, struct policy_list *list,
                     struct word_set *set)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const struct yaml_node *node = entry->part[0];
    char word[LIMIT_LABEL_CHARS + 1];
    size_t length = strlen(node->text);
    uint32_t tag;

    if (length == 0 || length >= sizeof(word) || strspn(node->text, letters) != length) {
        loader_refuse(l, node, entry->key, "is not a word",
                      "letters and digits: names are taken apart at '.', '-' and '_'");
        return;
    }
    (void)text_copy(word, sizeof(word), node->text);
    text_lower_all(word);
    if (loader_keep_entry(l, list, entry, word, &tag) && !entry->expired &&
        !word_set_add(set, word))
        l->nomem = true;
}

void load_data_dialup_words(struct loader *l, const struct loaded_entry *entry)
{
    add_word(l, entry, &l->policy->dialup_words, &l->policy->reference.dialup_words);
}

void load_data_veto_words(struct loader *l, const struct loaded_entry *entry)
{
    add_word(l, entry, &l->policy->veto_words, &l->policy->reference.veto_words);
}

/* ---- senders ---- */

/* The place of the latest row of reference.sender_names. */
static bool keep_sender_place(struct loader *l, const struct yaml_node *node)
{
    size_t count = l->sender_place_count;

    if ((count & (count - 1)) == 0) {
        struct diag_place *grown =
            mem_grow(l->sender_places, count == 0 ? 1 : count * 2, sizeof(*grown));

        if (grown == NULL)
            return false;
        l->sender_places = grown;
    }
    l->sender_places[l->sender_place_count++] = loader_place(l, node);
    return true;
}

static void add_sender_name(struct loader *l, const struct loaded_entry *entry,
                            const struct yaml_node *node, uint32_t tag)
{
    char name[LIMIT_NAME_CHARS + 1];

    if (!loader_expect(l, node, KIND_TEXT, entry->key) ||
        !load_domain(l, node, entry->key, 2, name) || entry->expired)
        return;
    if (!keep_sender_place(l, node) ||
        !domain_set_add(&l->policy->reference.sender_names, name, DOMAIN_WITHIN, tag))
        l->nomem = true;
}

static void add_sender_host(struct loader *l, const struct loaded_entry *entry,
                            const struct yaml_node *node, uint32_t tag)
{
    char name[LIMIT_NAME_CHARS + 1];

    if (!loader_expect(l, node, KIND_TEXT, entry->key) ||
        !load_domain(l, node, entry->key, 2, name))
        return;
    if (!domain_set_add(&l->policy->reference.senders[tag].hosts, name, DOMAIN_WITHIN, tag))
        l->nomem = true;
}

/* Each item of a list that must not be empty. */
static void add_each(struct loader *l, const struct loaded_entry *entry,
                     const struct yaml_node *list, uint32_t tag,
                     void (*add)(struct loader *, const struct loaded_entry *,
                                 const struct yaml_node *, uint32_t))
{
    struct diag_place place = loader_place(l, list);

    if (list->first == NULL)
        diag_report(l->diag, HELO_ERROR, &place, "as in [example.com]", "%s: '%s' is empty",
                    entry->key, list->key->text);
    for (const struct yaml_node *item = list->first; item != NULL && !l->nomem; item = item->next)
        add(l, entry, item, tag);
}

/* The first of the names stands for all of them where an entry is named. */
void load_data_senders(struct loader *l, const struct loaded_entry *entry)
{
    const struct yaml_node *helo = entry->part[0], *hosts = entry->part[1];
    uint32_t tag = (uint32_t)l->policy->senders.count;
    struct policy_entry named = entry->entry;

    named.text = helo->first != NULL ? helo->first->text : "";
    if (!policy_add_sender(l->policy, &named)) {
        l->nomem = true;
        return;
    }
    add_each(l, entry, helo, tag, add_sender_name);
    add_each(l, entry, hosts, tag, add_sender_host);
}

void load_senders_end(struct loader *l)
{
    const struct domain_set *set = &l->policy->reference.sender_names;

    for (size_t i = 0; i < set->count; i++) {
        const struct domain_set_row *row = &set->rows[i];
        const struct domain_set_row *found = domain_set_find(set, row->domain);
        const struct diag_place *first = &l->sender_places[found - set->rows];

        if (found->tag != row->tag)
            diag_report(l->diag, HELO_WARNING, &l->sender_places[i], NULL,
                        "data.senders: %s stands twice, and the first counts: %s:%u:%u",
                        row->domain, first->file->path, first->line, first->column);
    }
}

/* ---- pools ---- */

static void add_pool_network(struct loader *l, const struct loaded_entry *entry,
                             const struct yaml_node *node)
{
    char text[IP_TEXT_SIZE + 4];
    struct cidr net;
    uint32_t tag;

    if (load_cidr(l, node, entry->key, &net) &&
        loader_keep_entry(l, &l->policy->pools, entry, cidr_format(&net, text), &tag) &&
        !entry->expired && !ip_set_add(&l->policy->reference.pool_networks, &net, tag))
        l->nomem = true;
}

static void add_pool_domain(struct loader *l, const struct loaded_entry *entry,
                            const struct yaml_node *node)
{
    char name[LIMIT_NAME_CHARS + 1];
    uint32_t tag;

    if (load_domain(l, node, entry->key, 2, name) &&
        loader_keep_entry(l, &l->policy->pools, entry, name, &tag) && !entry->expired &&
        !domain_set_add(&l->policy->reference.pool_domains, name, DOMAIN_WITHIN, tag))
        l->nomem = true;
}

/* Whether a text without a key before it is meant as a network. */
static bool looks_like_network(const char *text)
{
    return strpbrk(text, "/:") != NULL || strspn(text, "0123456789.") == strlen(text);
}

void load_data_pools(struct loader *l, const struct loaded_entry *entry)
{
    const struct yaml_node *net = entry->part[0], *domain = entry->part[1];
    struct diag_place place = loader_place(l, entry->item);

    if (entry->item->kind == KIND_TEXT && !looks_like_network(entry->item->text))
        add_pool_domain(l, entry, entry->item);
    else if (net != NULL && domain != NULL)
        diag_report(l->diag, HELO_ERROR, &place, "make two entries of it",
                    "%s: this entry has both 'net' and 'domain'", entry->key);
    else if (net != NULL)
        add_pool_network(l, entry, net);
    else
        add_pool_domain(l, entry, domain);
}
