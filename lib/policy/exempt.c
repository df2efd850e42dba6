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

/* A name in a certificate is text of whoever made that: it is compared as lower-case printable
 * text. */
static const struct policy_entry *find_certificate(const struct helo_policy *policy,
                                                   const struct facts *f, int64_t today)
{
    char name[LIMIT_MACRO_TEXT + 1];
    uint32_t tag;

    if (f->tls_client[0] == '\0' || policy->tls_clients.count == 0)
        return NULL;
    text_copy(name, sizeof(name), f->tls_client);
    text_lower_all(name);
    if (pattern_find(&policy->tls_set, name, &tag) != PATTERN_YES)
        return NULL;
    return is_in_force(&policy->tls_clients.entries[tag], today) ? &policy->tls_clients.entries[tag]
                                                                 : NULL;
}

struct exemption exempt_at_message(const struct helo_policy *policy, const struct facts *f,
                                   int64_t today)
{
    const struct policy_entry *certificate;

    if (f->authenticated && policy->settings.exempt_authenticated)
        return exemption_of(EXEMPT_AUTHENTICATED, NULL);
    certificate = find_certificate(policy, f, today);
    if (certificate != NULL)
        return exemption_of(EXEMPT_TLS_CLIENT, certificate);
    for (size_t i = 0; f->in_recipient && i < policy->recipients.count; i++) {
        const struct policy_entry *entry = &policy->recipients.entries[i];

        if (recipient_matches(entry, f) && is_in_force(entry, today))
            return exemption_of(EXEMPT_RECIPIENT, entry);
    }
    return exemption_of(EXEMPT_NONE, NULL);
}

/* ---- what DNS has to confirm ----------------------------------------------------------------- */

/* Of the entries whose domain name lies in, the most specific one that holds today. */
static const struct policy_entry *find_domain(const struct domain_set *set,
                                              const struct policy_list *list, const char *name,
                                              int64_t today)
{
    const struct domain_set_row *row = domain_set_find(set, name);

    if (row == NULL || is_in_force(&list->entries[row->tag], today))
        return row != NULL ? &list->entries[row->tag] : NULL;
    /* It has expired while we run; a wider one may hold. */
    for (size_t i = 0; i < list->count; i++) {
        if (is_in_force(&list->entries[i], today) && domain_is_within(name, list->entries[i].text))
            return &list->entries[i];
    }
    return NULL;
}

/* What one name says of an exemption: it holds, may hold, or could have been told by DNS only. */
struct claim {
    const struct policy_entry *entry; /* NULL: the name is in no entry */
    const struct fact *confirmed;
    fact_mask needs;
};

static void weigh(const struct claim *claim, enum exempt_kind kind, struct exemption *found,
                  fact_mask *open, bool *doubtful)
{
    if (claim->entry == NULL || found->kind != EXEMPT_NONE)
        return;
    if (claim->confirmed->state == FACT_YES)
        *found = exemption_of(kind, claim->entry);
    else if (claim->confirmed->state == FACT_UNKNOWN && claim->confirmed->cause == CAUSE_PENDING)
        *open |= claim->needs;
    else if (claim->confirmed->state == FACT_UNKNOWN)
        *doubtful = true;
}

static void weigh_rdns(const struct helo_policy *policy, const struct facts *f,
                       struct exemption *found, fact_mask *open, bool *doubtful)
{
    static const fact_mask needs = FACTS_OF_CLIENT;
    const struct fact *ptr = &f->fact[FACT_client_ptr];

    /* Without its names, any client may be one of them. */
    if (ptr->state == FACT_UNKNOWN && ptr->cause == CAUSE_PENDING)
        *open |= needs;
    else if (ptr->state == FACT_UNKNOWN)
        *doubtful = true;
    for (size_t i = 0; i < f->ptr_count; i++) {
        const struct claim claim = {
            find_domain(&policy->rdns_set, &policy->rdns_domains, f->ptr[i].name, f->today),
            &f->ptr[i].confirmed, needs};

        weigh(&claim, EXEMPT_RDNS, found, open, doubtful);
    }
}

struct exemption exempt_by_dns(const struct helo_policy *policy, const struct facts *f,
                               fact_mask *open, bool *doubtful)
{
    struct exemption found = exemption_of(EXEMPT_NONE, NULL);

    *open = 0;
    *doubtful = false;
    if (policy->helo_names.count > 0 && f->helo.kind == HELO_NAME_DOMAIN) {
        const struct claim claim = {
            find_domain(&policy->helo_set, &policy->helo_names, f->helo.domain, f->today),
            &f->fact[FACT_helo_forward], FACT_BIT(helo_forward)};

        weigh(&claim, EXEMPT_HELO, &found, open, doubtful);
    }
    if (policy->rdns_domains.count > 0)
        weigh_rdns(policy, f, &found, open, doubtful);
    if (found.kind != EXEMPT_NONE) {
        *open = 0;
        *doubtful = false;
    }
    return found;
}
