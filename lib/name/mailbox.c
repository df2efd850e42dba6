/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailbox.c - see mailbox.h
 */
#include "name/mailbox.h"

#include <stdbool.h>
#include <string.h>

#include "base/ip.h"
#include "base/text.h"
#include "name/domain.h"

/* As long as a command line MTAs take (Postfix: 2048): a route in front must not hide the
 * domain. */
enum { CLEAN_SIZE = 4096 };

/* Copies a character of the path and, behind a backslash, the next. Returns how many. */
static size_t copy_pair(const char *s, struct text *clean)
{
    size_t length = s[0] == '\\' && s[1] != '\0' ? 2 : 1;

    text_add_bytes(clean, s, length);
    return length;
}

/*
 * The path without what MTAs pass over: its brackets, comments and blanks (RFC 5322 3.2.2). False
 * when it does not end as it should: then nobody can be sure what the MTA will make of it.
 */
static bool clean_path(const char *s, struct text *clean)
{
    bool bracketed;
    bool quoted = false;
    unsigned depth = 0;

    s += strspn(s, " \t");
    bracketed = *s == '<';
    s += bracketed;
    while (*s != '\0') {
        if (!quoted && depth == 0 && (*s == '<' || *s == '>'))
            break;
        if (*s == '"' && depth == 0)
            quoted = !quoted;
        if (*s == '(' && !quoted)
            depth++;
        if (quoted || (depth == 0 && strchr(" \t)", *s) == NULL))
            s += copy_pair(s, clean);
        else if (*s == ')' && depth-- == 0)
            return false;
        else
            s += s[0] == '\\' && s[1] != '\0' ? 2 : 1;
    }
    if (quoted || depth > 0 || bracketed != (*s == '>'))
        return false;
    s += bracketed;
    return s[strspn(s, " \t")] == '\0';
}

/* "@a,@b:" in front of the address: RFC 5321 4.1.2 At-domain. Its length; 0: none, or none that is
 * valid. */
static size_t route_length(const char *s)
{
    char hop[LIMIT_NAME_CHARS + 1];
    size_t used = 0;

    while (s[used] == '@') {
        size_t length = strcspn(s + used + 1, ",:");

        if (length == 0 || length >= sizeof(hop))
            return 0;
        memcpy(hop, s + used + 1, length);
        hop[length] = '\0';
        if (!domain_is_host_name(hop, true))
            return 0;
        used += 1 + length;
        if (s[used] == ':')
            return used + 1;
        used += s[used] == ',';
    }
    return 0;
}

/* The last '@' outside quotes, or NULL. */
static const char *find_at(const char *s)
{
    const char *at = NULL;
    bool quoted = false;

    for (; *s != '\0'; s++) {
        if (*s == '\\' && s[1] != '\0')
            s++;
        else if (*s == '"')
            quoted = !quoted;
        else if (*s == '@' && !quoted)
            at = s;
    }
    return at;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]": RFC 5321 4.1.3, and nothing but an address in it. */
static bool is_address_literal(const char *s)
{
    char text[IP_TEXT_SIZE + sizeof("IPv6:")];
    size_t length = strlen(s);
    struct ip ip;

    if (length < 2 || s[0] != '[' || s[length - 1] != ']' || length - 2 >= sizeof(text))
        return false;
    memcpy(text, s + 1, length - 2);
    text[length - 2] = '\0';
    return ip_parse_tagged(text, &ip);
}

/*
 * A domain that is none matches nobody: Sendmail makes the mailbox `joe` of "postmaster@x:joe".
 */
static void take_apart(struct mailbox *out, const char *clean)
{
    const char *address = clean;
    const char *at;
    size_t length;

    /* Both MTAs take one route after the other away. */
    while ((length = route_length(address)) > 0)
        address += length;
    at = find_at(address);
    if (*address == '@')
        return;
    if (at != NULL && !is_address_literal(at + 1) &&
        (!domain_is_host_name(at + 1, true) || !domain_normalise(out->domain, at + 1))) {
        out->domain[0] = '\0';
        return;
    }
    text_printable(out->local, sizeof(out->local), address,
                   at == NULL ? strlen(address) : (size_t)(at - address));
}

/* What people read: as given, but for the brackets. */
static void take_text(struct mailbox *out, const char *path)
{
    size_t length;

    path += strspn(path, " \t");
    length = strlen(path);
    if (length >= 2 && path[0] == '<' && path[length - 1] == '>') {
        path++;
        length -= 2;
    }
    text_printable(out->text, sizeof(out->text), path, length);
}

void mailbox_parse(struct mailbox *out, const char *path)
{
    struct text clean;

    memset(out, 0, sizeof(*out));
    if (path == NULL)
        return;
    take_text(out, path);
    text_init(&clean, CLEAN_SIZE);
    if (clean_path(path, &clean) && !clean.failed && clean.data != NULL)
        take_apart(out, clean.data);
    text_fini(&clean);
}
