/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_text.c - what a text setting may be
 *
 * PURPOSE  One row per text setting with the function that knows its form. A mistake is told when
 *          the policy is read, not when the daemon has to open a socket or answer a client.
 * STANDARDS RFC 5321 4.5.3.1.5 (a reply line has 512 bytes), RFC 3986 (only so far that a URL
 *          begins with its scheme and has no blanks)
 */
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/ip.h"
#include "base/limits.h"
#include "policy/loader.h"

enum {
    URL_BYTES = 200, /* url and contact share one reply line of 400 bytes */
    CONTACT_BYTES = 100,
    ACCOUNT_BYTES = 32, /* as useradd(8) has it */
    PORT_DIGITS = 5,
    PORT_MAX = 65535
};

/* ---- forms: each function returns what is wrong, or NULL ---- */

/* Decimal without leading zeros, min to max. Returns what follows it, or NULL. */
static const char *skip_number(const char *text, long min, long max)
{
    size_t digits = strspn(text, "0123456789");
    long value = 0;

    if (digits == 0 || digits > PORT_DIGITS || (text[0] == '0' && digits > 1))
        return NULL;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text[i] - '0');
    return value >= min && value <= max ? text + digits : NULL;
}

static const char *unix_fault(const char *path)
{
    if (path[0] != '/')
        return "the path of a socket begins with '/'";
    if (path[strlen(path) - 1] == '/')
        return "the path of a socket does not end with '/'";
    if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
        return "the path of a socket has at most 107 bytes";
    return NULL;
}

static const char *port_fault(const char *text, enum ip_family family)
{
    const char *rest = skip_number(text, 1, PORT_MAX);
    struct ip ip;

    if (rest == NULL || *rest != '@')
        return "after inet: or inet6: comes PORT@ADDRESS with a port from 1 to 65535";
    if (!ip_parse(rest + 1, &ip) || ip.family != family)
        return family == IP_V4 ? "after the @ comes an IPv4 address, as in inet:8899@127.0.0.1"
                               : "after the @ comes an IPv6 address, as in inet6:8899@::1";
    return NULL;
}

static const char *inet_fault(const char *text)
{
    return port_fault(text, IP_V4);
}

static const char *inet6_fault(const char *text)
{
    return port_fault(text, IP_V6);
}

static const char *fd_fault(const char *text)
{
    const char *rest = skip_number(text, 3, 65535);

    return rest != NULL && *rest == '\0'
               ? NULL
               : "after fd: comes the number of an open descriptor, 3 or more";
}

/* ---- settings ---- */

static const char *socket_fault(const char *text)
{
    static const struct {
        const char *prefix;
        const char *(*fault)(const char *text);
    } forms[] = {
        {"unix:", unix_fault}, {"inet:", inet_fault}, {"inet6:", inet6_fault}, {"fd:", fd_fault}};

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t length = strlen(forms[i].prefix);

        if (strncmp(text, forms[i].prefix, length) == 0)
            return forms[i].fault(text + length);
    }
    return "a socket is unix:PATH, inet:PORT@ADDRESS, inet6:PORT@ADDRESS or fd:NUMBER";
}

static const char *mode_fault(const char *text)
{
    const char *digits = text + (strlen(text) == 4 && text[0] == '0');

    if (strlen(digits) != 3 || strspn(digits, "01234567") != 3)
        return "a mode is three octal digits, with or without a 0 before them, as in \"0660\"";
    if (digits[0] < '6')
        return "the filter itself must be able to read and write: 0600 at least";
    return NULL;
}

static const char *account_fault(const char *text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    if (strlen(text) > ACCOUNT_BYTES || text[0] == '-' || text[strspn(text, allowed)] != '\0')
        return "an account has letters, digits, '.', '_' and '-', at most 32";
    return NULL;
}

static const char *path_fault(const char *text)
{
    return text[0] == '\0' || text[0] == '/' ? NULL : "a path begins with '/'";
}

static bool is_ascii(const char *text, char least)
{
    for (; *text != '\0'; text++) {
        if (*text < least || *text > 0x7e)
            return false;
    }
    return true;
}

static const char *url_fault(const char *text)
{
    if (text[0] == '\0')
        return NULL;
    if (!site_text_is_url(text) || strncmp(text, "mailto:", 7) == 0)
        return "a URL begins with https:// or http://";
    if (!is_ascii(text, '!'))
        return "a URL has no blanks, and in a reply only ASCII can stand (RFC 5321 4.2)";
    return strlen(text) <= URL_BYTES ? NULL
                                     : "a URL of more than 200 bytes does not fit into a reply";
}

static const char *contact_fault(const char *text)
{
    if (!is_ascii(text, ' '))
        return "in a reply only ASCII can stand (RFC 5321 4.2)";
    return strlen(text) <= CONTACT_BYTES
               ? NULL
               : "a contact of more than 100 bytes does not fit into a reply";
}

/* RFC 8601 2.2: a value of RFC 2045; of those only tokens, so that nothing needs quotes. */
static const char *authserv_fault(const char *text)
{
    if (!is_ascii(text, '!') || strpbrk(text, "()<>@,;:\\\"/[]?=") != NULL)
        return "one word, best the full host name of this server, as in mx.example.org";
    return strlen(text) <= LIMIT_NAME_CHARS ? NULL : "no host name has more than 253 characters";
}

/* The numbers are nobody's business but this machine's. */
static const char *listen_fault(const char *text)
{
    const char *fault = text[0] == '\0' ? NULL : socket_fault(text);
    const char *at = strchr(text, '@');
    struct ip ip;

    if (fault != NULL || text[0] == '\0' || strncmp(text, "unix:", 5) == 0)
        return fault;
    if (at == NULL || !ip_parse(at + 1, &ip) || ip_classify(&ip) != IP_LOOPBACK)
        return "unix:PATH, or a port of the loopback, as in inet:9425@127.0.0.1";
    return NULL;
}

static const char *prom_fault(const char *text)
{
    static const char end[] = ".prom";
    size_t length = strlen(text);

    if (text[0] == '\0')
        return NULL;
    if (text[0] != '/')
        return "a path begins with '/'";
    return length > sizeof(end) && strcmp(text + length - (sizeof(end) - 1), end) == 0
               ? NULL
               : "the collector reads only files whose names end in .prom";
}

/* A text setting without a row here would fail the unit test of settings. */
static const struct row {
    const char *key;
    const char *(*fault)(const char *text);
    bool has_fields;
} rows[] = {
    {"milter.socket", socket_fault, false},
    {"milter.socket_mode", mode_fault, false},
    {"milter.socket_group", account_fault, false},
    {"milter.user", account_fault, false},
    {"milter.group", account_fault, false},
    {"milter.pid_file", path_fault, false},
    {"reply.url", url_fault, true},
    {"reply.contact", contact_fault, true},
    {"headers.authserv_id", authserv_fault, false},
    {"log.file", path_fault, false},
    {"metrics.listen", listen_fault, false},
    {"metrics.file", prom_fault, false},
};

static const struct row *find_row(const char *key)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

bool load_text_check(const struct setting_row *row, const char *text,
                     const struct diag_place *place, struct diag *diag)
{
    const struct row *known = find_row(row->key);
    const char *fault = known != NULL ? known->fault(text) : NULL;
    enum site_text_kind kind = site_text_is_url(text) ? SITE_TEXT_URL : SITE_TEXT_PLAIN;
    char quoted[DIAG_QUOTE_SIZE];

    if (fault != NULL)
        diag_report(diag, HELO_ERROR, place, fault, "%s: %s cannot be used", row->key,
                    diag_quote(quoted, text));
    if (fault != NULL || known == NULL || !known->has_fields)
        return fault == NULL;
    return load_fields_check(row->key, text, kind, REASON_COUNT, place, diag);
}
