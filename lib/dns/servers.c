/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * servers.c - the text of name servers
 *
 * PURPOSE  See servers.h. Every address is parsed here and written anew, so that c-ares gets one
 *          form only, whatever its versions make of others.
 * LIMITS   SERVERS_MAX servers. Addresses with a zone id (fe80::1%eth0) are not taken.
 * THREADS  any.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "base/text.h"
#include "dns/servers.h"

enum {
    DNS_PORT = 53,
    SERVER_TEXT = IP_TEXT_SIZE + 8 /* [address]:65535 */
};

static bool parse_port(const char *s, unsigned long *out)
{
    char *end;

    if (*s < '0' || *s > '9' || strlen(s) > 5)
        return false;
    *out = strtoul(s, &end, 10);
    return *end == '\0' && *out > 0 && *out <= 65535;
}

/* Parts "address" and "port" in place; *port is NULL when there is none. */
static bool split_server(char *text, char **address, char **port)
{
    char *colon = strchr(text, ':');

    *address = text;
    *port = NULL;
    if (text[0] == '[') {
        char *end = strchr(text, ']');

        if (end == NULL || (end[1] != '\0' && end[1] != ':'))
            return false;
        *address = text + 1;
        if (end[1] == ':')
            *port = end + 2;
        *end = '\0';
    } else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
        *colon = '\0';
        *port = colon + 1;
    } /* more colons: an IPv6 address on its own */
    return true;
}

static bool add_server(struct text *line, const char *server)
{
    char copy[SERVER_TEXT];
    char formatted[IP_TEXT_SIZE];
    char *address, *port;
    struct ip ip;
    unsigned long number = DNS_PORT;

    if (!text_copy(copy, sizeof copy, server) || !split_server(copy, &address, &port) ||
        !ip_parse(address, &ip) || (port != NULL && !parse_port(port, &number)))
        return false;
    text_add(line, line->length > 0 ? "," : "");
    (void)ip_format(&ip, formatted);
    if (ip.family == IP_V6)
        text_addf(line, "[%s]:%lu", formatted, number);
    else
        text_addf(line, "%s:%lu", formatted, number);
    return true;
}

enum helo_status servers_join(char *const *servers, size_t count, char **out)
{
    struct text line;
    char *joined;

    if (count > SERVERS_MAX)
        return HELO_RESOLVER;
    text_init(&line, SERVERS_MAX * SERVER_TEXT);
    for (size_t i = 0; i < count; i++) {
        if (!add_server(&line, servers[i])) {
            text_fini(&line);
            return HELO_RESOLVER;
        }
    }
    joined = text_take(&line);
    if (joined == NULL)
        return HELO_NOMEM;
    *out = joined;
    return HELO_OK;
}
