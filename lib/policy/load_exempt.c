/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_exempt.c - who is never judged, apart from networks: exempt.*
 *
 * CONTRACT What an entry of names or domains exempts is what DNS confirms to lie in it; so a public
 *          suffix (co.uk) is warned about, and a single label refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "name/domain.h"
#include "policy/loader.h"

enum { PORT_MAX = 65535, LOCAL_PART_BYTES = 64 /* RFC 5321 4.5.3.1.1 */ };

/* ---- recipients ---- */

/* RFC 5321 4.1.2: Dot-string; quoted local parts are not postmasters. */
static bool is_local_part(const char *text, size_t length)
{
    static const char atext[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.";

    return length > 0 && length <= LOCAL_PART_BYTES && strspn(text, atext) >= length &&
           text[0] != '.' && text[length - 1] != '.';
}

void load_exempt_recipients(struct loader *l, const struct loaded_entry *entry)
{
    const char *text = entry->entry.text;
    const char *at = strrchr(text, '@');
    size_t local = at != NULL ? (size_t)(at - text) : strlen(text);

    if (!is_local_part(text, local) || (at != NULL && !domain_is_host_name(at + 1, true)))
        loader_refuse(l, entry->part[0], entry->key, "is neither a local part nor an address",
                      "as in postmaster, or helpdesk@example.org");
    else if (!policy_add_entry(&l->policy->recipients, &entry->entry))
        l->nomem = true;
}

/* ---- listeners ---- */

bool load_port(struct loader *l, const struct yaml_node *node, const char *key, unsigned *out)
{
    size_t length = strlen(node->text);
    unsigned long port = length <= 5 ? strtoul(node->text, NULL, 10) : 0;

    if (strspn(node->text, "0123456789") != length || node->text[0] == '0' || port < 1 ||
        port > PORT_MAX) {
        loader_refuse(l, node, key, "is not a port (1 to 65535)", NULL);
        return false;
    }
    *out = (unsigned)port;
    return true;
}

void load_exempt_listener_ports(struct loader *l, const struct loaded_entry *entry)
{
    unsigned port;

    if (load_port(l, entry->part[0], entry->key, &port) &&
        !policy_add_port(l->policy, &entry->entry, port))
        l->nomem = true;
}

bool load_listener_name(struct loader *l, const struct yaml_node *node, const char *key)
{
    size_t length = strlen(node->text);

    if (length > 0 && length <= LIMIT_MACRO_TEXT && strpbrk(node->text, " ,=") == NULL)
        return true;
    loader_refuse(l, node, key, "cannot be the name of a listener",
                  "the MTA's {daemon_name}: one word, as in submission");
    return false;
}

void load_exempt_listener_names(struct loader *l, const struct loaded_entry *entry)
{
    if (load_listener_name(l, entry->part[0], entry->key) &&
        !policy_add_entry(&l->policy->listener_names, &entry->entry))
        l->nomem = true;
}

/* ---- what DNS confirms ---- */

/* The domain itself and all below it. */
static void add_domain(struct loader *l, const struct loaded_entry *entry, struct policy_list *list,
                       struct domain_set *set)
{
    struct diag_place place = loader_place(l, entry->part[0]);
    char name[LIMIT_NAME_CHARS + 1];
    uint32_t tag;

    if (!load_domain(l, entry->part[0], entry->key, 2, name))
        return;
    if (domain_organisation(name) == NULL && domain_has_public_suffix(name))
        diag_report(l->diag, HELO_WARNING, &place, NULL,
                    "%s: everybody can have a name in %s: many clients will not be judged",
                    entry->key, name);
    if (loader_keep_entry(l, list, entry, name, &tag) && !entry->expired &&
        !domain_set_add(set, name, DOMAIN_WITHIN, tag))
        l->nomem = true;
}

void load_exempt_helo_names(struct loader *l, const struct loaded_entry *entry)
{
    add_domain(l, entry, &l->policy->helo_names, &l->policy->helo_set);
}

void load_exempt_rdns_domains(struct loader *l, const struct loaded_entry *entry)
{
    add_domain(l, entry, &l->policy->rdns_domains, &l->policy->rdns_set);
}
