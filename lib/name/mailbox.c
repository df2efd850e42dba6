/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailbox.c - see mailbox.h
 */
#include "name/mailbox.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "name/domain.h"

/* Where a path ends and where its last '@' is; what stands in quotes (RFC 5321 4.1.2) is
 * neither. */
static size_t measure(const char *s, const char *ends, const char **at)
{
    bool quoted = false;
    size_t i;

    *at = NULL;
    for (i = 0; s[i] != '\0'; i++) {
        if (s[i] == '\\' && s[i + 1] != '\0')
            i++;
        else if (s[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr(ends, s[i]) != NULL)
            break;
        else if (s[i] == '@' && !quoted)
            *at = &s[i];
    }
    return i;
}

/* "<@a,@b:c@d> SIZE=1" -> "c@d" and its length. */
static const char *find_address(const char *path, size_t *length, const char **at)
{
    const char *begin = path + strspn(path, " \t");
    bool bracketed = *begin == '<';
    const char *route_end;

    if (bracketed)
        begin++;
    route_end = *begin == '@' ? strchr(begin, ':') : NULL;
    if (route_end != NULL)
        begin = route_end + 1;
    *length = measure(begin, bracketed ? ">" : " \t>", at);
    return begin;
}

void mailbox_parse(struct mailbox *out, const char *path)
{
    char domain[LIMIT_NAME_CHARS + 2]; /* a trailing dot is dropped later */
    size_t length;
    const char *address;
    const char *at;

    memset(out, 0, sizeof(*out));
    if (path == NULL)
        return;
    address = find_address(path, &length, &at);
    text_printable(out->text, sizeof(out->text), address, length);
    text_printable(out->local, sizeof(out->local), address,
                   at == NULL ? length : (size_t)(at - address));
    if (at == NULL || (size_t)(address + length - at) > sizeof(domain))
        return;
    memcpy(domain, at + 1, (size_t)(address + length - at - 1));
    domain[address + length - at - 1] = '\0';
    if (!domain_is_host_name(domain, true) || !domain_normalise(out->domain, domain))
        out->domain[0] = '\0';
}
