/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_server.c - who we are, and whom we ask: server.names, server.addresses, dns.servers
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "name/domain.h"
#include "policy/loader.h"

enum { PORT_MAX = 65535 };

/* ---- own names and addresses ---- */

void load_server_names(struct loader *l, const struct loaded_entry *entry)
{
    const struct yaml_node *node = entry->item;
    struct ip ip;

    if (ip_parse(node->text, &ip))
        loader_refuse(l, node, entry->key, "is an address, not a name",
                      "addresses of this server belong below 'addresses:'");
    else if (!domain_is_host_name(node->text, false))
        loader_refuse(l, node, entry->key, "is not a host name",
                      "letters, digits and hyphens, in labels with dots between");
    else if (domain_labels(node->text) < 2)
        loader_refuse(l, node, entry->key,
                      "has one label only; many hosts of the world call themselves so",
                      "write the full name, as in mx.example.org");
    else if (!policy_add_own_name(l->policy, &entry->entry))
        l->nomem = true;
}

static bool is_host(struct loader *l, const struct loaded_entry *entry, const struct ip *ip)
{
    enum ip_class class = ip_classify(ip);

    if (class != IP_UNSPECIFIED && class != IP_MULTICAST)
        return true;
    loader_refuse(l, entry->item, entry->key, "is not the address of a host", NULL);
    return false;
}

void load_server_addresses(struct loader *l, const struct loaded_entry *entry)
{
    const struct yaml_node *node = entry->item;
    struct ip ip;

    if (!ip_parse(node->text, &ip))
        loader_refuse(
            l, node, entry->key, "is not an address",
            strchr(node->text, '/') != NULL ? "write each address by itself, without /BITS" : NULL);
    else if (is_host(l, entry, &ip) && !policy_add_own_address(l->policy, &entry->entry, &ip))
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

void load_dns_servers(struct loader *l, const struct loaded_entry *entry)
{
    struct ip ip;

    if (!parse_server(entry->item->text, &ip))
        loader_refuse(l, entry->item, entry->key, "is not the address of a resolver",
                      "as in 192.0.2.53, \"192.0.2.53:5353\" or \"[2001:db8::53]:5353\"");
    else if (is_host(l, entry, &ip) && !policy_add_server(l->policy, &entry->entry))
        l->nomem = true;
}
