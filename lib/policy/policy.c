/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - see policy.h
 *
 * PURPOSE  A policy's life: every default at its creation, what follows from all that was loaded,
 *          what is asked of it, references, release. What a loader adds comes through policy_add.c.
 */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "policy/lists.h"

enum { PORT_MAX = 65535 };

/* ---- rules ---- */

void rules_init(struct rules *rules)
{
    const struct origin builtin = {"", 0};

    *rules = (struct rules){.needs = 0};
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        rules->action[i] = reason_row((enum reason_id)i)->action;
        rules->action_origin[i] = builtin;
        rules->score_origin[i] = builtin;
    }
    rules_settle(rules);
}

void rules_settle(struct rules *rules)
{
    memset(rules->enabled, 0, sizeof(rules->enabled));
    rules->needs = 0;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        enum check_id check = reason_row((enum reason_id)i)->check;

        if (rules->action[i] == HELO_ACTION_OFF)
            continue;
        rules->enabled[check] = true;
        rules->needs |= check_row(check)->needs;
    }
}

static bool rules_tag(const struct rules *rules)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (rules->action[i] == HELO_ACTION_TAG)
            return true;
    }
    return false;
}

/* ---- what is asked of a policy ---- */

static bool is_listener(const struct listener *listener, const char *name, unsigned port,
                        int64_t today)
{
    return today <= listener->entry->expires_day &&
           (listener->name == NULL || text_equal_nocase(listener->name, name)) &&
           (listener->port == 0 || listener->port == port);
}

/* An entry that says both is meant more closely than one that says either. */
const struct rules *policy_rules(const struct helo_policy *policy, const char *listener_name,
                                 unsigned listener_port, int64_t today)
{
    const struct rules *rules = NULL;

    for (size_t i = 0; i < policy->listeners.count; i++) {
        const struct listener *listener = &policy->listener_rules[i];

        if (!is_listener(listener, listener_name, listener_port, today))
            continue;
        if (listener->name != NULL && listener->port != 0)
            return &listener->rules;
        if (rules == NULL)
            rules = &listener->rules;
    }
    return rules != NULL ? rules : &policy->rules;
}

const struct policy_entry *policy_entry_of(const struct helo_policy *policy, enum check_id check,
                                           uint32_t entry)
{
    static const struct {
        enum check_id check;
        size_t offset; /* of its list */
    } lists[] = {
        {CHECK_special_tld, offsetof(struct helo_policy, special_tlds)},
        {CHECK_listed, offsetof(struct helo_policy, deny)},
        {CHECK_impersonation, offsetof(struct helo_policy, senders)},
        {CHECK_rhsbl, offsetof(struct helo_policy, rhsbl_zones)},
        {CHECK_mx_bogus, offsetof(struct helo_policy, mx_deny)},
    };

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct policy_list *list =
            (const struct policy_list *)(const void *)((const char *)policy + lists[i].offset);

        if (lists[i].check == check && entry < list->count)
            return &list->entries[entry];
    }
    return NULL;
}

bool policy_tags(const struct helo_policy *policy)
{
    bool tags = rules_tag(&policy->rules);

    for (size_t i = 0; i < policy->listeners.count; i++)
        tags = tags || rules_tag(&policy->listener_rules[i].rules);
    return tags && policy->settings.mode == MODE_ENFORCE;
}

/* ---- what follows from all that was loaded ---- */

/* Until when each entry of a list holds, for those who see its patterns only. */
static bool date_patterns(struct dated_patterns *dated, const struct policy_list *list)
{
    int64_t *until = mem_array(list->count, sizeof(*until));

    if (until == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++)
        until[i] = list->entries[i].expires_day;
    mem_free(dated->until);
    dated->until = until;
    dated->count = list->count;
    return pattern_list_seal(&dated->patterns);
}

static bool seal_reference(struct helo_policy *policy)
{
    struct reference *ref = &policy->reference;

    word_set_seal(&ref->dialup_words);
    word_set_seal(&ref->veto_words);
    for (size_t i = 0; i < ref->sender_count; i++) {
        if (!domain_set_seal(&ref->senders[i].hosts))
            return false;
    }
    return domain_set_seal(&ref->special_tlds) && domain_set_seal(&ref->sender_names) &&
           domain_set_seal(&ref->pool_domains) && ip_set_seal(&ref->pool_networks) &&
           date_patterns(&ref->denied, &policy->deny) &&
           date_patterns(&ref->mx_denied, &policy->mx_deny);
}

static int64_t find_stale_day(const struct helo_policy *policy)
{
    int64_t today = clock_today(), last = INT64_MAX;
    const struct list_row *row;

    for (size_t i = 0; (row = list_row(i)) != NULL; i++) {
        const struct policy_list *list = list_of(policy, row);

        for (size_t k = 0; k < list->count; k++) {
            int64_t day = list->entries[k].expires_day;

            if (day >= today && day < last)
                last = day;
        }
    }
    return last == INT64_MAX ? last : last + 1;
}

int helo_policy_is_stale(const helo_policy *policy)
{
    return clock_today() >= policy->stale_day;
}

bool policy_settle(struct helo_policy *policy)
{
    policy->stale_day = find_stale_day(policy);
    policy->rules.score_defer = (unsigned)policy->settings.score_defer;
    policy->rules.score_reject = (unsigned)policy->settings.score_reject;
    rules_settle(&policy->rules);
    for (size_t i = 0; i < policy->listeners.count; i++) {
        policy->listener_rules[i].entry = &policy->listeners.entries[i];
        rules_settle(&policy->listener_rules[i].rules);
    }
    return ip_set_seal(&policy->network_set) && domain_set_seal(&policy->helo_set) &&
           domain_set_seal(&policy->rdns_set) && pattern_list_seal(&policy->tls_set) &&
           pattern_list_seal(&policy->skip_set) && seal_reference(policy);
}

/* ---- defaults ---- */

static bool add_default_port(struct helo_policy *policy, const struct policy_entry *entry)
{
    return policy_add_port(policy, entry, (unsigned)strtoul(entry->text, NULL, 10) & PORT_MAX);
}

static bool add_default_name(struct helo_policy *policy, const struct policy_entry *entry)
{
    return policy_add_entry(&policy->listener_names, entry);
}

static bool add_default_recipient(struct helo_policy *policy, const struct policy_entry *entry)
{
    return policy_add_entry(&policy->recipients, entry);
}

/* Words, as in the rows of schema.def. */
static bool add_defaults(struct helo_policy *policy, const char *words,
                         bool (*add)(struct helo_policy *, const struct policy_entry *))
{
    struct policy_entry entry = {.file = "", .expires_day = INT64_MAX};
    char word[LIMIT_NAME_CHARS + 1];

    for (size_t length; *words != '\0'; words += length + strspn(words + length, " ")) {
        length = strcspn(words, " ");
        memcpy(word, words, length);
        word[length] = '\0';
        entry.text = word;
        if (!add(policy, &entry))
            return false;
    }
    return true;
}

/*
 * Lists whose default is not empty. A default that no row here takes up fails the test of the
 * sample.
 */
static bool add_default_lists(struct helo_policy *policy)
{
    static const struct {
        const char *key;
        bool (*add)(struct helo_policy *, const struct policy_entry *);
    } adders[] = {
        {"exempt.recipients", add_default_recipient},
        {"exempt.listener_ports", add_default_port},
        {"exempt.listener_names", add_default_name},
    };
    static const struct {
        const char *key;
        const char *words;
    } lists[] = {
#define LIST(key, id, default, max, help) {key, default},
#include "policy/schema.def"
    };

    for (size_t i = 0; i < sizeof(adders) / sizeof(adders[0]); i++) {
        for (size_t j = 0; j < sizeof(lists) / sizeof(lists[0]); j++) {
            if (strcmp(adders[i].key, lists[j].key) == 0 &&
                !add_defaults(policy, lists[j].words, adders[i].add))
                return false;
        }
    }
    return true;
}

/* ---- life ---- */

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(texts[i]);
    mem_free(texts);
}

static void free_lists(struct helo_policy *policy)
{
    const struct list_row *row;

    for (size_t i = 0; i < policy->listeners.count; i++) {
        mem_free(policy->listener_rules[i].name);
        mem_free(policy->listener_rules[i].profile);
    }
    mem_free(policy->listener_rules);
    for (size_t i = 0; (row = list_row(i)) != NULL; i++)
        policy_clear_list((struct policy_list *)(void *)((char *)policy + row->offset));
    policy_clear_list(&policy->versions);
    arena_fini(&policy->reply_arena);
}

static void policy_free(struct helo_policy *policy)
{
    free_lists(policy);
    settings_fini(&policy->settings);
    mem_free(policy->profile);
    mem_free(policy->own.names);
    mem_free(policy->own.addresses);
    ip_set_fini(&policy->network_set);
    mem_free(policy->ports);
    domain_set_fini(&policy->helo_set);
    domain_set_fini(&policy->rdns_set);
    pattern_list_fini(&policy->tls_set);
    pattern_list_fini(&policy->skip_set);
    reference_fini(&policy->reference);
    free_texts(policy->dns_servers, policy->dns_server_count);
    free_texts(policy->files, policy->file_count);
    mem_free(policy);
}

struct helo_policy *policy_create(void)
{
    struct helo_policy *policy = mem_zalloc(sizeof(*policy));

    if (policy == NULL)
        return NULL;
    policy->refs = 1;
    policy->path = "";
    policy->profile_origin.file = "";
    for (size_t i = 0; i < SETTING_ROWS; i++)
        policy->setting_origin[i].file = "";
    rules_init(&policy->rules);
    ip_set_init(&policy->network_set);
    domain_set_init(&policy->helo_set);
    domain_set_init(&policy->rdns_set);
    pattern_list_init(&policy->tls_set);
    pattern_list_init(&policy->skip_set);
    reference_init(&policy->reference);
    if (!settings_init(&policy->settings) || !add_default_lists(policy) || !policy_settle(policy)) {
        policy_free(policy);
        return NULL;
    }
    return policy;
}

helo_policy *helo_policy_ref(helo_policy *policy)
{
    if (policy != NULL)
        (void)__atomic_add_fetch(&policy->refs, 1, __ATOMIC_RELAXED);
    return policy;
}

void helo_policy_unref(helo_policy *policy)
{
    /* Release and acquire: whoever frees sees all that the others did with it. */
    if (policy != NULL && __atomic_sub_fetch(&policy->refs, 1, __ATOMIC_ACQ_REL) == 0)
        policy_free(policy);
}
