/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c - answers as values: made, shared, counted, named
 *
 * PURPOSE  See answer.h. What reads messages is parse.c; here is what an answer is once it was
 *          read.
 * OWNERSHIP One block of memory for the struct, its addresses and its names; it goes with the last
 *           reference.
 * THREADS  The count is atomic; nothing else changes after the maker gave the answer away.
 */
#include <string.h>

#include "base/mem.h"
#include "dns/answer.h"

static const struct {
    const char *text;
    bool definite;
} status_rows[] = {
    [DNS_OK] = {"ok", true},
    [DNS_NXDOMAIN] = {"nxdomain", true},
    [DNS_NODATA] = {"nodata", true},
    [DNS_BARE_NODATA] = {"bare_nodata", false},
    [DNS_SERVFAIL] = {"servfail", false},
    [DNS_REFUSED] = {"refused", false},
    [DNS_TIMEOUT] = {"timeout", false},
    [DNS_UNREACHABLE] = {"unreachable", false},
    [DNS_MALFORMED] = {"malformed", false},
    [DNS_TOO_LONG] = {"too_many_aliases", false},
};

/* The names come last: they are bytes and need no alignment. */
static struct dns_answer *allocate(enum dns_status status, uint32_t ttl_s, size_t addresses,
                                   size_t names)
{
    size_t address_bytes = addresses * sizeof(struct ip);
    size_t name_bytes = names * (LIMIT_NAME_CHARS + 1);
    struct dns_answer *answer = mem_zalloc(sizeof *answer + address_bytes + name_bytes);

    if (answer == NULL)
        return NULL;
    answer->refs = 1;
    answer->status = status;
    answer->ttl_s = ttl_s;
    if (addresses > 0)
        answer->addresses = (struct ip *)(answer + 1);
    if (names > 0)
        answer->names = (char(*)[LIMIT_NAME_CHARS + 1])((char *)(answer + 1) + address_bytes);
    answer->address_count = addresses;
    answer->name_count = names;
    return answer;
}

enum helo_status dns_answer_create(enum dns_status status, uint32_t ttl_s, struct dns_answer **out)
{
    struct dns_answer *answer = allocate(status, ttl_s, 0, 0);

    if (answer == NULL)
        return HELO_NOMEM;
    *out = answer;
    return HELO_OK;
}

enum helo_status dns_answer_create_addresses(const struct ip *addresses, size_t count,
                                             uint32_t ttl_s, struct dns_answer **out)
{
    size_t kept = count < LIMIT_ADDRESSES ? count : LIMIT_ADDRESSES;
    struct dns_answer *answer = allocate(DNS_OK, ttl_s, kept, 0);

    if (answer == NULL)
        return HELO_NOMEM;
    if (kept > 0)
        memcpy(answer->addresses, addresses, kept * sizeof *addresses);
    answer->cut = kept < count;
    *out = answer;
    return HELO_OK;
}

size_t dns_names_kept(enum dns_type type)
{
    return type == DNS_MX ? LIMIT_MX_NAMES : LIMIT_PTR_NAMES;
}

enum helo_status dns_answer_create_names(enum dns_type type,
                                         const char (*names)[LIMIT_NAME_CHARS + 1], size_t count,
                                         uint32_t ttl_s, struct dns_answer **out)
{
    size_t kept = count < dns_names_kept(type) ? count : dns_names_kept(type);
    struct dns_answer *answer = allocate(DNS_OK, ttl_s, 0, kept);

    if (answer == NULL)
        return HELO_NOMEM;
    if (kept > 0)
        memcpy(answer->names, names, kept * sizeof *names);
    answer->cut = kept < count;
    *out = answer;
    return HELO_OK;
}

struct dns_answer *dns_answer_ref(struct dns_answer *answer)
{
    __atomic_add_fetch(&answer->refs, 1, __ATOMIC_RELAXED);
    return answer;
}

void dns_answer_unref(struct dns_answer *answer)
{
    /* Acquire and release: whoever frees it has seen all that the others did with it. */
    if (answer != NULL && __atomic_sub_fetch(&answer->refs, 1, __ATOMIC_ACQ_REL) == 0)
        mem_free(answer);
}

size_t dns_answer_bytes(const struct dns_answer *answer)
{
    return sizeof *answer + answer->address_count * sizeof *answer->addresses +
           answer->name_count * sizeof *answer->names;
}

bool dns_status_is_definite(enum dns_status status)
{
    return status_rows[status].definite;
}

bool dns_status_is_failure(enum dns_status status)
{
    return !dns_status_is_definite(status) && status != DNS_BARE_NODATA;
}

const char *dns_status_text(enum dns_status status)
{
    return status_rows[status].text;
}
