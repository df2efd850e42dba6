/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - see policy.h
 *
 * PURPOSE  A policy's life: every default at its creation, what a loader adds, references, release.
 * CONTRACT Growth is by doubling whenever the count is a power of two, so that no list needs a
 *          second number.
 */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "name/domain.h"
#include "policy/settings.h"

enum { PORT_MAX = 65535 };

/* Room for one more of count; the old array stays valid on failure. */
static bool make_room(void **array, size_t count, size_t size)
{
    void *grown;

    if (count != 0 && (count & (count - 1)) != 0)
        return true;
    grown = mem_grow(*array, count == 0 ? 1 : count * 2, size);
    if (grown != NULL)
        *array = grown;
    return grown != NULL;
}

/* ---- lists ---- */

/* Copies text (may be NULL) to *at, which moves past it. */
static const char *put_text(char **at, const char *text)
{
    const char *start = *at;
    size_t size;

    if (text == NULL)
        return NULL;
    size = strlen(text) + 1;
    memcpy(*at, text, size);
    *at += size;
    return start;
}

static size_t text_size(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

bool policy_add_entry(struct policy_list *list, const struct policy_entry *entry)
{
    size_t size = text_size(entry->text) + text_size(entry->note) + text_size(entry->owner);
    void *entries = list->entries;
    bool room = make_room(&entries, list->count, sizeof(*list->entries));
    struct policy_entry *copy;
    char *at;

    list->entries = entries;
    at = room ? mem_zalloc(size) : NULL;
    if (at == NULL)
        return false;
    copy = &list->entries[list->count++];
    *copy = *entry;
    copy->memory = at;
    copy->text = put_text(&at, entry->text);
    copy->note = put_text(&at, entry->note);
    copy->owner = put_text(&at, entry->owner);
    return true;
}

void policy_clear_list(struct policy_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        mem_free(list->entries[i].memory);
    mem_free(list->entries);
    *list = (struct policy_list){NULL, 0};
}

bool policy_add_port(struct helo_policy *policy, const struct policy_entry *entry, unsigned port)
{
    void *ports = policy->ports;
    bool room = make_room(&ports, policy->listener_ports.count, sizeof(*policy->ports));

    policy->ports = ports;
    if (!room || !policy_add_entry(&policy->listener_ports, entry))
        return false;
    policy->ports[policy->listener_ports.count - 1] = port;
    return true;
}

static bool add_text(char ***texts, size_t *count, const char *text)
{
    void *array = *texts;
    bool room = make_room(&array, *count, sizeof(**texts));
    char *copy;

    *texts = array;
    copy = room ? mem_copy_text(text) : NULL;
    if (copy == NULL)
        return false;
    (*texts)[(*count)++] = copy;
    return true;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(texts[i]);
    mem_free(texts);
}

bool policy_add_server(struct helo_policy *policy, const char *server)
{
    return add_text(&policy->dns_servers, &policy->dns_server_count, server);
}

bool policy_add_file(struct helo_policy *policy, const char *path)
{
    if (!add_text(&policy->files, &policy->file_count, path))
        return false;
    policy->path = policy->files[0];
    return true;
}

bool policy_add_own_name(struct helo_policy *policy, const char *name)
{
    struct identity *own = &policy->own;
    void *names = own->names;
    bool room = make_room(&names, own->name_count, sizeof(*own->names));

    own->names = names;
    if (!room || !domain_normalise(own->names[own->name_count], name))
        return false;
    own->name_count++;
    return true;
}

bool policy_add_own_address(struct helo_policy *policy, const struct ip *address)
{
    struct identity *own = &policy->own;
    void *addresses = own->addresses;
    bool room = make_room(&addresses, own->address_count, sizeof(*own->addresses));

    own->addresses = addresses;
    if (room)
        own->addresses[own->address_count++] = *address;
    return room;
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

void policy_settle(struct helo_policy *policy)
{
    memset(policy->enabled, 0, sizeof(policy->enabled));
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (policy->action[i] != HELO_ACTION_OFF)
            policy->enabled[reason_row((enum reason_id)i)->check] = true;
    }
}

/* ---- life ---- */

static void policy_free(struct helo_policy *policy)
{
    settings_fini(&policy->settings);
    mem_free(policy->own.names);
    mem_free(policy->own.addresses);
    ip_set_fini(&policy->network_set);
    policy_clear_list(&policy->networks);
    policy_clear_list(&policy->recipients);
    policy_clear_list(&policy->listener_names);
    policy_clear_list(&policy->listener_ports);
    mem_free(policy->ports);
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
    ip_set_init(&policy->network_set);
    for (unsigned i = 0; i < REASON_COUNT; i++)
        policy->action[i] = reason_row((enum reason_id)i)->action;
    policy_settle(policy);
    if (!settings_init(&policy->settings) || !add_default_lists(policy) ||
        !ip_set_seal(&policy->network_set)) {
        policy_free(policy);
        return NULL;
    }
    return policy;
}

enum helo_status helo_policy_default(helo_policy **out)
{
    struct helo_policy *policy = policy_create();

    if (policy == NULL)
        return HELO_NOMEM;
    *out = policy;
    return HELO_OK;
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
