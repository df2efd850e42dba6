/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exempt.c - see exempt.h
 */
#include "policy/exempt.h"

#include <string.h>

#include "base/text.h"
#include "name/domain.h"

static const char *const kinds[] = {
#define EXEMPT_TEXT(name, text) [EXEMPT_##name] = text,
    EXEMPT_LIST(EXEMPT_TEXT)
#undef EXEMPT_TEXT
};

const char *exempt_text(enum exempt_kind kind)
{
    return kinds[kind];
}

static struct exemption exemption_of(enum exempt_kind kind, const struct policy_entry *entry)
{
    return (struct exemption){.kind = kind, .entry = entry};
}

static bool is_in_force(const struct policy_entry *entry, int64_t today)
{
    return today <= entry->expires_day;
}

/* A narrower entry that ends before a wider one is not in the set: the most specific one
 * decides. */
static const struct policy_entry *find_network(const struct helo_policy *policy,
                                               const struct ip *client, int64_t today)
{
    const struct ip_set_row *row = ip_set_find(&policy->network_set, client);
    const struct policy_entry *entry = row != NULL ? &policy->networks.entries[row->tag] : NULL;

    return entry != NULL && is_in_force(entry, today) ? entry : NULL;
}

static const struct policy_entry *find_listener(const struct helo_policy *policy, const char *name,
                                                unsigned port, int64_t today)
{
    const struct policy_list *names = &policy->listener_names;
    const struct policy_list *ports = &policy->listener_ports;

    for (size_t i = 0; i < names->count; i++) {
        if (text_equal_nocase(names->entries[i].text, name) &&
            is_in_force(&names->entries[i], today))
            return &names->entries[i];
    }
    for (size_t i = 0; i < ports->count; i++) {
        if (policy->ports[i] == port && is_in_force(&ports->entries[i], today))
            return &ports->entries[i];
    }
    return NULL;
}

struct exemption exempt_at_connect(const struct helo_policy *policy, const struct ip *client,
                                   const char *listener_name, unsigned listener_port, int64_t today)
{
    const struct policy_entry *entry;

    if (client->family == IP_NONE)
        return exemption_of(EXEMPT_LOCAL, NULL);
    if (ip_classify(client) == IP_LOOPBACK)
        return exemption_of(EXEMPT_LOOPBACK, NULL);
    entry = find_network(policy, client, today);
    if (entry != NULL)
        return exemption_of(EXEMPT_NETWORK, entry);
    entry = find_listener(policy, listener_name, listener_port, today);
    if (entry != NULL)
        return exemption_of(EXEMPT_LISTENER, entry);
    return exemption_of(EXEMPT_NONE, NULL);
}

/* An entry without '@' is a local part in any domain; `postmaster` alone is legal too (RFC 5321
 * 4.5.1). */
static bool recipient_matches(const struct policy_entry *entry, const struct facts *f)
{
    const char *at = strrchr(entry->text, '@');
    size_t length = at == NULL ? strlen(entry->text) : (size_t)(at - entry->text);

    if (strlen(f->recipient_local) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text_lower(entry->text[i]) != text_lower(f->recipient_local[i]))
            return false;
    }
    return at == NULL || domain_equal(at + 1, f->recipient_domain);
}

struct exemption exempt_at_message(const struct helo_policy *policy, const struct facts *f,
                                   int64_t today)
{
    if (f->authenticated && policy->settings.exempt_authenticated)
        return exemption_of(EXEMPT_AUTHENTICATED, NULL);
    for (size_t i = 0; f->in_recipient && i < policy->recipients.count; i++) {
        const struct policy_entry *entry = &policy->recipients.entries[i];

        if (recipient_matches(entry, f) && is_in_force(entry, today))
            return exemption_of(EXEMPT_RECIPIENT, entry);
    }
    return exemption_of(EXEMPT_NONE, NULL);
}
