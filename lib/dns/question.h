/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.h - one DNS question, as text
 *
 * PURPOSE  The key of the cache, of the in-flight table and of the plan.
 * CONTRACT name is a host name (underscore allowed) in lower case without a trailing dot, validated
 *          by whoever made it; nothing else is ever asked, so no byte of a client's reaches a
 *          resolver unchecked.
 */
#ifndef HELO_DNS_QUESTION_H
#define HELO_DNS_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

enum dns_type { DNS_A = 1, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_MX = 15, DNS_AAAA = 28 };

struct dns_question {
    enum dns_type type;
    char name[LIMIT_NAME_CHARS + 1];
};

bool dns_question_equal(const struct dns_question *a, const struct dns_question *b);
/* Keyed: names come from attackers. */
uint64_t dns_question_hash(const struct dns_question *q, const uint64_t key[2]);
/* "A", "AAAA", ...; "?" for what it does not know. */
const char *dns_type_text(enum dns_type type);

#endif /* HELO_DNS_QUESTION_H */
