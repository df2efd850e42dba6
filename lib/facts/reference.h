/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.h - what the site and its data files know of names
 *
 * PURPOSE  The lists that checks compare a HELO and a client with, in the form that is fast to ask.
 * CONTRACT Filled once, by policy/load*.c, sealed, and never changed after that. A tag is an index
 *          into the policy's list of that name, so that logs can say which entry it was.
 * OWNERSHIP The policy's: reference_init(), reference_fini().
 * THREADS  none of its own; a sealed reference is read-only.
 * STANDARDS RFC 5782 (domain lists), RFC 6761 (special-use names).
 */
#ifndef HELO_FACTS_REFERENCE_H
#define HELO_FACTS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/limits.h"
#include "name/domain_set.h"
#include "name/pattern.h"
#include "name/word_set.h"

/* A list of patterns that says until when each entry holds. */
struct dated_patterns {
    struct pattern_list patterns;
    int64_t *until; /* by tag; last day, INT64_MAX: for ever */
    size_t count;
};

/* A well-known sender: who says one of its names must come from one of its hosts. */
struct known_sender {
    struct domain_set hosts; /* suffixes of the PTR names of its hosts */
};

/* Addresses from first to last. */
struct ip_range {
    struct ip first, last;
};

/* A list of domains in DNS: RFC 5782. */
struct rhsbl_zone {
    char name[LIMIT_NAME_CHARS + 1];
    struct ip_range codes[LIMIT_RHSBL_CODES]; /* answers that are a listing */
    size_t code_count;
};

struct reference {
    struct domain_set special_tlds;  /* data.special_tlds */
    struct dated_patterns denied;    /* lists.deny */
    struct dated_patterns mx_denied; /* lists.mx_deny */
    struct word_set dialup_words;    /* data.dialup_words */
    struct word_set veto_words;      /* data.veto_words */
    struct domain_set sender_names;  /* data.senders; tag: index into senders */
    struct known_sender *senders;
    size_t sender_count;
    struct domain_set pool_domains; /* data.pools */
    struct ip_set pool_networks;
    struct rhsbl_zone zones[LIMIT_RHSBL_ZONES]; /* rhsbl.zones */
    size_t zone_count;
};

void reference_init(struct reference *ref);
void reference_fini(struct reference *ref);

bool ip_range_contains(const struct ip_range *range, const struct ip *ip);
/* PATTERN_YES with the entry's tag when text matches one that holds today. */
enum pattern_match dated_find(const struct dated_patterns *list, const char *text, int64_t today,
                              uint32_t *tag);

#endif /* HELO_FACTS_REFERENCE_H */
