/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec.c - where to listen, in libmilter's notation, see spec.h
 */
#include "spec.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof((struct mh_spec *)NULL)->at.path == 108, "a message below names the limit");

/* Decimal digits alone, up to end; false when there are none, others, or the value is above max. */
static bool parse_number(const char *text, const char *end, unsigned max, unsigned *out)
{
    unsigned value = 0;

    if (text == end)
        return false;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > max)
            return false;
    }
    *out = value;
    return true;
}

static const char *parse_unix(const char *path, struct mh_spec *out)
{
    size_t length = strlen(path);

    if (path[0] != '/')
        return "the path of a unix socket must be absolute";
    if (path[length - 1] == '/')
        return "the path of a unix socket must name a file";
    if (length >= sizeof out->at.path)
        return "the path of a unix socket has at most 107 bytes";
    out->kind = MH_SPEC_UNIX;
    memcpy(out->at.path, path, length + 1);
    return NULL;
}

static const char *parse_inet(const char *text, int family, struct mh_spec *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&out->at.inet.address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->at.inet.address;
    const char *at = strchr(text, '@');
    unsigned port = 0;

    if (at == NULL)
        return "an inet socket is written PORT@ADDRESS, as in inet:8891@127.0.0.1";
    if (!parse_number(text, at, UINT16_MAX, &port) || port == 0)
        return "the port of an inet socket is a number from 1 to 65535";
    out->kind = MH_SPEC_INET;
    memset(&out->at.inet, 0, sizeof out->at.inet);
    if (family == AF_INET) {
        *v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        out->at.inet.length = sizeof *v4;
        if (inet_pton(AF_INET, at + 1, &v4->sin_addr) != 1)
            return "the address of inet: is an IPv4 address, as in inet:8891@127.0.0.1";
    } else {
        *v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        out->at.inet.length = sizeof *v6;
        if (inet_pton(AF_INET6, at + 1, &v6->sin6_addr) != 1)
            return "the address of inet6: is an IPv6 address, as in inet6:8891@::1";
    }
    return NULL;
}

static const char *parse_fd(const char *text, struct mh_spec *out)
{
    unsigned number = 0;

    if (!parse_number(text, text + strlen(text), INT_MAX / 10 - 1, &number) || number < 3)
        return "fd: takes the number of an inherited socket, 3 or more";
    out->kind = MH_SPEC_FD;
    out->at.fd = (int)number;
    return NULL;
}

const char *mh_spec_parse(const char *text, struct mh_spec *out)
{
    if (strncmp(text, "unix:", 5) == 0)
        return parse_unix(text + 5, out);
    if (strncmp(text, "inet:", 5) == 0)
        return parse_inet(text + 5, AF_INET, out);
    if (strncmp(text, "inet6:", 6) == 0)
        return parse_inet(text + 6, AF_INET6, out);
    if (strncmp(text, "fd:", 3) == 0)
        return parse_fd(text + 3, out);
    return "a socket is written unix:PATH, inet:PORT@ADDRESS, inet6:PORT@ADDRESS or fd:NUMBER";
}

void mh_spec_of_fd(int fd, char out[MH_SPEC_TEXT])
{
    struct sockaddr_storage address = {0};
    const struct sockaddr_un *local = (const struct sockaddr_un *)&address;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;
    char text[INET6_ADDRSTRLEN] = "";
    socklen_t length = sizeof address;
    bool known = getsockname(fd, (struct sockaddr *)&address, &length) == 0;

    if (known && address.ss_family == AF_UNIX && local->sun_path[0] == '/')
        (void)snprintf(out, MH_SPEC_TEXT, "unix:%.107s", local->sun_path);
    else if (known && address.ss_family == AF_INET &&
             inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text) != NULL)
        (void)snprintf(out, MH_SPEC_TEXT, "inet:%u@%s", ntohs(v4->sin_port), text);
    else if (known && address.ss_family == AF_INET6 &&
             inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text) != NULL)
        (void)snprintf(out, MH_SPEC_TEXT, "inet6:%u@%s", ntohs(v6->sin6_port), text);
    else
        (void)snprintf(out, MH_SPEC_TEXT, "fd:%d", fd);
}
