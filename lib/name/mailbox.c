/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailbox.c - see mailbox.h
 */
#include "name/mailbox.h"

#include <string.h>

#include "base/text.h"
#include "name/domain.h"

/* The last '@' that is not inside a quoted local part, or NULL. */
static const char *find_at(const char *s, size_t length)
{
    const char *at = NULL;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        if (s[i] == '\\' && i + 1 < length)
            i++;
        else if (s[i] == '"')
            quoted = !quoted;
        else if (s[i] == '@' && !quoted)
            at = &s[i];
    }
    return at;
}

/* "<@a,@b:c@d> SIZE=1" -> "c@d" and its length. */
static const char *find_address(const char *path, size_t *length)
{
    const char *begin = path + strspn(path, " \t");
    const char *end;

    if (*begin == '<')
        begin++;
    end = strrchr(begin, '>');
    if (end == NULL)
        end = begin + strcspn(begin, " \t");
    if (*begin == '@') {
        const char *colon = memchr(begin, ':', (size_t)(end - begin));

        if (colon != NULL)
            begin = colon + 1;
    }
    *length = (size_t)(end - begin);
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
    address = find_address(path, &length);
    text_printable(out->text, sizeof(out->text), address, length);
    at = find_at(address, length);
    text_printable(out->local, sizeof(out->local), address,
                   at == NULL ? length : (size_t)(at - address));
    if (at == NULL || (size_t)(address + length - at) > sizeof(domain))
        return;
    memcpy(domain, at + 1, (size_t)(address + length - at - 1));
    domain[address + length - at - 1] = '\0';
    if (!domain_is_host_name(domain, true) || !domain_normalise(out->domain, domain))
        out->domain[0] = '\0';
}
