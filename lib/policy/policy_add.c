/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy_add.c - what a loader adds to a new policy; see policy.h
 *
 * CONTRACT Growth is by doubling whenever the count is a power of two, so that no list needs a
 *          second number.
 */
#include <string.h>

#include "base/mem.h"
#include "name/domain.h"
#include "policy/policy.h"

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

/* ---- entries of lists ---- */

/* A copy in place of *text, which may be NULL; false: no memory. */
static bool keep_text(struct arena *texts, const char **text)
{
    if (*text == NULL)
        return true;
    *text = arena_copy_bytes(texts, *text, strlen(*text));
    return *text != NULL;
}

bool policy_add_entry(struct policy_list *list, const struct policy_entry *entry)
{
    void *entries = list->entries;
    bool room = make_room(&entries, list->count, sizeof(*list->entries));
    struct policy_entry copy = *entry;

    list->entries = entries;
    if (!room || !keep_text(&list->texts, &copy.text) || !keep_text(&list->texts, &copy.note) ||
        !keep_text(&list->texts, &copy.owner))
        return false;
    list->entries[list->count++] = copy;
    return true;
}

void policy_clear_list(struct policy_list *list)
{
    mem_free(list->entries);
    arena_fini(&list->texts);
    *list = (struct policy_list){.entries = NULL};
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

bool policy_add_sender(struct helo_policy *policy, const struct policy_entry *entry)
{
    struct reference *ref = &policy->reference;
    void *senders = ref->senders;
    bool room = make_room(&senders, ref->sender_count, sizeof(*ref->senders));

    ref->senders = senders;
    if (!room || !policy_add_entry(&policy->senders, entry))
        return false;
    domain_set_init(&ref->senders[ref->sender_count++].hosts);
    return true;
}

/* NULL stays NULL. */
static bool copy_text(char **out, const char *text)
{
    *out = text != NULL ? mem_copy_text(text) : NULL;
    return text == NULL || *out != NULL;
}

bool policy_add_listener(struct helo_policy *policy, const struct policy_entry *entry,
                         const char *name, unsigned port, const char *profile,
                         const struct rules *rules)
{
    void *array = policy->listener_rules;
    bool room = make_room(&array, policy->listeners.count, sizeof(*policy->listener_rules));
    struct listener listener = {.port = port, .rules = *rules};

    policy->listener_rules = array;
    if (!room || !copy_text(&listener.name, name) || !copy_text(&listener.profile, profile) ||
        !policy_add_entry(&policy->listeners, entry)) {
        mem_free(listener.name);
        mem_free(listener.profile);
        return false;
    }
    policy->listener_rules[policy->listeners.count - 1] = listener;
    return true;
}

/* ---- texts ---- */

bool policy_add_reply_text(struct helo_policy *policy, enum reason_id reason, const char *text,
                           const struct origin *origin)
{
    const char *copy = arena_copy_bytes(&policy->reply_arena, text, strlen(text));

    if (copy != NULL)
        policy->reply_texts[reason] = (struct reply_text){copy, *origin};
    return copy != NULL;
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

bool policy_add_server(struct helo_policy *policy, const struct policy_entry *entry)
{
    return policy_add_entry(&policy->dns_server_list, entry) &&
           add_text(&policy->dns_servers, &policy->dns_server_count, entry->text);
}

bool policy_add_file(struct helo_policy *policy, const char *path)
{
    if (!add_text(&policy->files, &policy->file_count, path))
        return false;
    policy->path = policy->files[0];
    return true;
}

/* ---- who we are ---- */

bool policy_add_own_name(struct helo_policy *policy, const struct policy_entry *entry)
{
    struct identity *own = &policy->own;
    void *names = own->names;
    bool room = make_room(&names, own->name_count, sizeof(*own->names));

    own->names = names;
    if (!room || !domain_normalise(own->names[own->name_count], entry->text) ||
        !policy_add_entry(&policy->own_names, entry))
        return false;
    own->name_count++;
    return true;
}

bool policy_add_own_address(struct helo_policy *policy, const struct policy_entry *entry,
                            const struct ip *address)
{
    struct identity *own = &policy->own;
    void *addresses = own->addresses;
    bool room = make_room(&addresses, own->address_count, sizeof(*own->addresses));

    own->addresses = addresses;
    if (!room || !policy_add_entry(&policy->own_addresses, entry))
        return false;
    own->addresses[own->address_count++] = *address;
    return true;
}
