/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.c - one DNS question, as text
 *
 * PURPOSE  See question.h: compare, hash, and name the types.
 * CONTRACT Names are in lower case already, so that comparing them is comparing bytes (RFC 4343 is
 *          kept by whoever made them).
 * THREADS  any.
 */
#include <string.h>

#include "dns/question.h"
#include "dns/siphash.h"

static const struct {
    enum dns_type type;
    const char *text;
} type_rows[] = {
    {DNS_A, "A"},     {DNS_CNAME, "CNAME"}, {DNS_SOA, "SOA"},
    {DNS_PTR, "PTR"}, {DNS_MX, "MX"},       {DNS_AAAA, "AAAA"},
};

bool dns_question_equal(const struct dns_question *a, const struct dns_question *b)
{
    return a->type == b->type && strcmp(a->name, b->name) == 0;
}

uint64_t dns_question_hash(const struct dns_question *q, const uint64_t key[2])
{
    /*
     * The type goes into the key, not into the text: nothing is copied, and A and AAAA of one name
     * part ways.
     */
    const uint64_t typed[2] = {key[0] ^ (uint64_t)q->type, key[1]};

    return siphash(typed, q->name, strlen(q->name));
}

const char *dns_type_text(enum dns_type type)
{
    for (size_t i = 0; i < sizeof type_rows / sizeof type_rows[0]; i++)
        if (type_rows[i].type == type)
            return type_rows[i].text;
    return "?";
}
