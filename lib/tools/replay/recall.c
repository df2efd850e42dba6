/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recall.c - see recall.h
 */
#include "tools/replay/recall.h"

#include <stdio.h>
#include <string.h>

static int has_any(const char *list, const char *const *checks)
{
    for (; *checks != NULL; checks++)
        if (log_list_has(list, *checks))
            return 1;
    return 0;
}

/* What can stand in a zone as it is. One label will do: "EXCHANGE01" has no address. */
static int is_host_name(const char *name, size_t length)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    return name != NULL && length > 0 && length < 254 && strlen(name) == length &&
           strspn(name, letters) == length && memchr(name, '.', length) != name;
}

/* Did it fail, or come as far as to ask DNS? Either is so only of what is the server's. */
static int is_claimed(const struct log_entry *entry, const char *check)
{
    return log_list_has(entry->failed, check) || log_list_has(entry->unknown, check);
}

enum recall_claim recall_claim(const struct log_entry *entry)
{
    if (entry->helo_status != LOG_HELO_SAID || entry->helo == NULL ||
        strlen(entry->helo) != entry->helo_length)
        return RECALL_NO_CLAIM;
    if (is_claimed(entry, "own_name"))
        return RECALL_OWN_NAME;
    if (is_claimed(entry, "own_suffix") && strchr(entry->helo, '.') != NULL)
        return RECALL_OWN_SUFFIX;
    return is_claimed(entry, "own_ip") ? RECALL_OWN_ADDRESS : RECALL_NO_CLAIM;
}

const char *recall_own_name(const struct log_entry *entry, enum recall_claim claim)
{
    if (claim == RECALL_OWN_NAME)
        return entry->helo;
    return claim == RECALL_OWN_SUFFIX ? strchr(entry->helo, '.') + 1 : NULL;
}

const char *recall_own_address(const struct log_entry *entry, enum recall_claim claim)
{
    return claim == RECALL_OWN_ADDRESS ? entry->helo : NULL;
}

int recall_is_weaker(const struct log_entry *entry, enum fate fate)
{
    if (entry->would == NULL || fate == FATE_REFUSED || fate == FATE_UNJUDGED)
        return 0;
    return strcmp(entry->would, "reject") == 0 ||
           (strcmp(entry->would, "defer") == 0 && fate != FATE_DEFERRED);
}

/* Any address that is not the client's, of its family. */
static const char *other_address(const struct subject *subject)
{
    static const char *const v4[] = {"192.0.2.1", "192.0.2.2"};
    static const char *const v6[] = {"2001:db8::1", "2001:db8::2"};
    const char *const *pair = subject->address.any.sa_family == AF_INET6 ? v6 : v4;

    return strcmp(subject->client, pair[0]) == 0 ? pair[1] : pair[0];
}

int recall_line(const struct subject *subject, char out[RECALL_LINE])
{
    static const char *const not_the_clients[] = {"forward_mismatch", "own_name", "own_suffix",
                                                  "rcpt_domain", NULL};
    static const char *const all[] = {"no_address", "bogus_address", "forward_mismatch",
                                      "own_name",   "own_suffix",    "rcpt_domain",
                                      NULL};
    const struct log_entry *entry = subject->entry;
    int is_v6 = subject->address.any.sa_family == AF_INET6;

    /* In a zone the client would have no PTR record: so that must be known. */
    if (entry->failed == NULL || entry->ptr_status == LOG_PTR_UNKNOWN ||
        subject->address.any.sa_family == AF_UNSPEC ||
        !is_host_name(entry->helo, entry->helo_length) || has_any(entry->unknown, all))
        return 0;
    if (log_list_has(entry->failed, "no_address"))
        (void)snprintf(out, RECALL_LINE, "%s NXDOMAIN", entry->helo);
    else if (log_list_has(entry->failed, "bogus_address"))
        (void)snprintf(out, RECALL_LINE, "%s %s", entry->helo, is_v6 ? "AAAA ::1" : "A 127.0.0.1");
    else if (has_any(entry->failed, not_the_clients))
        (void)snprintf(out, RECALL_LINE, "%s %s %s", entry->helo, is_v6 ? "AAAA" : "A",
                       other_address(subject));
    else
        return 0;
    return 1;
}
