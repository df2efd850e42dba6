/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.c - one message as a mail log tells it, see entry.h
 */
#include "tools/log/entry.h"

#include <stdlib.h>
#include <string.h>

/* Where the texts of an entry are, but for helo, which may have a NUL. */
static const size_t texts[] = {
    offsetof(struct log_entry, client),   offsetof(struct log_entry, ptr),
    offsetof(struct log_entry, from),     offsetof(struct log_entry, rcpt),
    offsetof(struct log_entry, auth),     offsetof(struct log_entry, server),
    offsetof(struct log_entry, listener), offsetof(struct log_entry, id),
    offsetof(struct log_entry, qid),      offsetof(struct log_entry, path),
    offsetof(struct log_entry, failed),   offsetof(struct log_entry, unknown),
    offsetof(struct log_entry, exempt),   offsetof(struct log_entry, verdict),
    offsetof(struct log_entry, would),    offsetof(struct log_entry, score),
};

enum { TEXTS = sizeof texts / sizeof texts[0] };

static const char **text_of(struct log_entry *entry, size_t i)
{
    return (const char **)(void *)((char *)entry + texts[i]);
}

static const char *put(char **at, const char *bytes, size_t length)
{
    char *to = *at;

    memcpy(to, bytes, length);
    to[length] = '\0';
    *at += length + 1;
    return to;
}

struct log_entry *log_entry_copy(const struct log_entry *entry)
{
    struct log_entry given = *entry, *copy;
    size_t size = sizeof *copy + given.helo_length + 1;
    char *at;

    for (size_t i = 0; i < TEXTS; i++)
        size += *text_of(&given, i) != NULL ? strlen(*text_of(&given, i)) + 1 : 0;
    copy = malloc(size);
    if (copy == NULL)
        return NULL;
    *copy = given;
    at = (char *)(copy + 1);
    for (size_t i = 0; i < TEXTS; i++)
        if (*text_of(&given, i) != NULL)
            *text_of(copy, i) = put(&at, *text_of(&given, i), strlen(*text_of(&given, i)));
    if (given.helo != NULL)
        copy->helo = put(&at, given.helo, given.helo_length);
    return copy;
}

enum helo_iprev log_entry_iprev(const struct log_entry *entry)
{
    static const enum helo_iprev iprevs[] = {[LOG_PTR_UNKNOWN] = HELO_IPREV_NONE,
                                             [LOG_PTR_VERIFIED] = HELO_IPREV_NONE,
                                             [LOG_PTR_FORGED] = HELO_IPREV_FAIL,
                                             [LOG_PTR_NONE] = HELO_IPREV_PERMERROR,
                                             [LOG_PTR_TEMPERROR] = HELO_IPREV_TEMPERROR};

    return iprevs[entry->ptr_status];
}

/* An id begins with the time in ms: nine digits of Crockford's base 32 (milter/id.c). */
long long log_id_time_s(const char *id)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    enum { TIME_DIGITS = 9, DIGIT_BITS = 5 };
    unsigned long long ms = 0;

    if (strlen(id) != LOG_ID_CHARS || id[strspn(id, alphabet)] != '\0')
        return 0;
    for (size_t i = 0; i < TIME_DIGITS; i++)
        ms = ms << DIGIT_BITS | (unsigned long long)(strchr(alphabet, id[i]) - alphabet);
    return (long long)(ms / 1000);
}

int log_list_has(const char *list, const char *check)
{
    size_t length = strlen(check);

    while (list != NULL) {
        if (strncmp(list, check, length) == 0 && list[length] == ':')
            return 1;
        list = strchr(list, ',');
        list += list != NULL;
    }
    return 0;
}
