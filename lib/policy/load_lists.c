/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_lists.c - the lists of a policy
 *
 * PURPOSE  One row per list of schema.def with the function that takes up an entry.
 * CONTRACT Lists of several files add up. What a site writes replaces the list's defaults; `[]` is
 *          a list without entries. `key:` with nothing behind it is refused where there are
 *          defaults: it may mean either.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "name/domain.h"
#include "policy/loader.h"

enum { PORT_MAX = 65535, LOCAL_PART_BYTES = 64 /* RFC 5321 4.5.3.1.1 */ };

/* Reports a fault in an entry. */
static void refuse(struct loader *l, const struct yaml_node *node, const char *key,
                   const char *fault, const char *hint)
{
    struct diag_place place = loader_place(l, node);
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(l->diag, HELO_ERROR, &place, hint, "%s: %s %s", key, diag_quote(quoted, node->text),
                fault);
}

/* ---- own names and addresses ---- */

static void add_server_name(struct loader *l, const struct yaml_node *node)
{
    static const char key[] = "server.names";
    struct ip ip;

    if (ip_parse(node->text, &ip))
        refuse(l, node, key, "is an address, not a name",
               "addresses of this server belong below 'addresses:'");
    else if (!domain_is_host_name(node->text, false))
        refuse(l, node, key, "is not a host name",
               "letters, digits and hyphens, in labels with dots between");
    else if (domain_labels(node->text) < 2)
        refuse(l, node, key, "has one label only; many hosts of the world call themselves so",
               "write the full name, as in mx.example.org");
    else if (!policy_add_own_name(l->policy, node->text))
        l->nomem = true;
}

static void add_server_address(struct loader *l, const struct yaml_node *node)
{
    static const char key[] = "server.addresses";
    enum ip_class class;
    struct ip ip;

    if (!ip_parse(node->text, &ip)) {
        refuse(l, node, key, "is not an address",
               strchr(node->text, '/') != NULL ? "write each address by itself, without /BITS"
                                               : NULL);
        return;
    }
    class = ip_classify(&ip);
    if (class == IP_UNSPECIFIED || class == IP_MULTICAST)
        refuse(l, node, key, "is not the address of a host", NULL);
    else if (!policy_add_own_address(l->policy, &ip))
        l->nomem = true;
}

/* ---- exemptions ---- */

static struct policy_entry entry_at(const struct loader *l, const struct yaml_node *node)
{
    return (struct policy_entry){.text = node->text,
                                 .file = l->current->file.path,
                                 .line = node->line,
                                 .expires_day = INT64_MAX};
}

/* RFC 5321 4.1.2: Dot-string; quoted local parts are not postmasters. */
static bool is_local_part(const char *text, size_t length)
{
    static const char atext[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.";

    return length > 0 && length <= LOCAL_PART_BYTES && strspn(text, atext) >= length &&
           text[0] != '.' && text[length - 1] != '.';
}

static void add_recipient(struct loader *l, const struct yaml_node *node)
{
    const char *at = strrchr(node->text, '@');
    size_t local = at != NULL ? (size_t)(at - node->text) : strlen(node->text);
    struct policy_entry entry = entry_at(l, node);

    if (!is_local_part(node->text, local) || (at != NULL && !domain_is_host_name(at + 1, true)))
        refuse(l, node, "exempt.recipients", "is neither a local part nor an address",
               "as in postmaster, or helpdesk@example.org");
    else if (!policy_add_entry(&l->policy->recipients, &entry))
        l->nomem = true;
}

static void add_listener_port(struct loader *l, const struct yaml_node *node)
{
    struct policy_entry entry = entry_at(l, node);
    size_t length = strlen(node->text);
    unsigned long port = length <= 5 ? strtoul(node->text, NULL, 10) : 0;

    if (strspn(node->text, "0123456789") != length || node->text[0] == '0' || port < 1 ||
        port > PORT_MAX)
        refuse(l, node, "exempt.listener_ports", "is not a port (1 to 65535)", NULL);
    else if (!policy_add_port(l->policy, &entry, (unsigned)port))
        l->nomem = true;
}

static void add_listener_name(struct loader *l, const struct yaml_node *node)
{
    struct policy_entry entry = entry_at(l, node);
    size_t length = strlen(node->text);

    if (length == 0 || length > LIMIT_MACRO_TEXT || strpbrk(node->text, " ,=") != NULL)
        refuse(l, node, "exempt.listener_names", "cannot be the name of a listener",
               "the MTA's {daemon_name}: one word, as in submission");
    else if (!policy_add_entry(&l->policy->listener_names, &entry))
        l->nomem = true;
}

/* ---- resolvers ---- */

/* Splits "ADDRESS", "ADDRESS:PORT" and "[ADDRESS]:PORT"; false when it is none of them. */
static bool parse_server(const char *text, struct ip *ip)
{
    char address[IP_TEXT_SIZE];
    bool bracket = text[0] == '[';
    const char *start = text + bracket;
    const char *end = bracket ? strchr(text, ']') : strrchr(text, ':');
    const char *port;
    size_t digits;

    if (!bracket && ip_parse(text, ip))
        return true;
    if (end == NULL || (size_t)(end - start) >= sizeof(address))
        return false;
    memcpy(address, start, (size_t)(end - start));
    address[end - start] = '\0';
    if (!ip_parse(address, ip) || bracket != (strchr(address, ':') != NULL))
        return false;
    port = end + bracket;
    if (bracket && *port == '\0')
        return true;
    digits = strspn(port + 1, "0123456789");
    return *port == ':' && digits > 0 && digits <= 5 && port[1] != '0' &&
           port[1 + digits] == '\0' && strtoul(port + 1, NULL, 10) <= PORT_MAX;
}

static void add_dns_server(struct loader *l, const struct yaml_node *node)
{
    static const char key[] = "dns.servers";
    enum ip_class class;
    struct ip ip;

    if (!parse_server(node->text, &ip)) {
        refuse(l, node, key, "is not the address of a resolver",
               "as in 192.0.2.53, \"192.0.2.53:5353\" or \"[2001:db8::53]:5353\"");
        return;
    }
    class = ip_classify(&ip);
    if (class == IP_UNSPECIFIED || class == IP_MULTICAST)
        refuse(l, node, key, "is not the address of a host", NULL);
    else if (!policy_add_server(l->policy, node->text))
        l->nomem = true;
}

/* ---- all lists ---- */

static const struct {
    const char *key;
    const char *words; /* the default */
    size_t max;
} lists[LIST_COUNT] = {
#define LIST(key, id, default, max, help) [LIST_##id] = {key, default, max},
#include "policy/schema.def"
};

static void (*const adders[LIST_COUNT])(struct loader *, const struct yaml_node *) = {
    [LIST_server_names] = add_server_name,
    [LIST_server_addresses] = add_server_address,
    [LIST_networks] = load_network,
    [LIST_exempt_recipients] = add_recipient,
    [LIST_exempt_listener_ports] = add_listener_port,
    [LIST_exempt_listener_names] = add_listener_name,
    [LIST_dns_servers] = add_dns_server,
};

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

    if (++l->list_count[list] > lists[list].max) {
        if (l->list_count[list] == lists[list].max + 1)
            diag_report(l->diag, HELO_ERROR, &place, NULL, "%s: too many entries (at most %zu)",
                        lists[list].key, lists[list].max);
        return;
    }
    if ((list == LIST_networks && item->kind == KIND_MAPPING) ||
        loader_expect(l, item, KIND_TEXT, lists[list].key))
        adders[list](l, item);
}

void load_list(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    enum list_id list = (enum list_id)row->list;
    struct diag_place place = loader_place(l, node);
    char hint[160];

    if (yaml_is_empty(node)) {
        if (lists[list].words[0] == '\0')
            return;
        (void)snprintf(hint, sizeof(hint),
                       "write [] for none, or leave the key out for the default (%s)",
                       lists[list].words);
        diag_report(l->diag, HELO_ERROR, &place, hint, "%s: a list is wanted here, not nothing",
                    row->path);
        return;
    }
    if (!loader_expect(l, node, KIND_LIST, row->path))
        return;
    drop_defaults(l, list);
    for (const struct yaml_node *item = node->first; item != NULL && !l->nomem; item = item->next)
        load_item(l, list, item);
}
