/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain.h - domain names as text: valid? equal? below? whose?
 *
 * PURPOSE  Label-anchored comparison and the organisational domain (public suffix list through
 *          libpsl).
 * CONTRACT Names are compared without case, and with one trailing dot on either side ignored.
 * THREADS  any; the suffix list is loaded once.
 * STANDARDS RFC 1035 2.3.1 and 2.3.4, RFC 1123 2.1, RFC 4343. Not: RFC 5890 (A-labels are not
 *           decoded).
 */
#ifndef HELO_NAME_DOMAIN_H
#define HELO_NAME_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

enum domain_fault {
    DOMAIN_OK,
    DOMAIN_CHARACTER,    /* none of letter, digit, hyphen, underscore */
    DOMAIN_EMPTY_LABEL,  /* two dots, a dot in front, or no label at all */
    DOMAIN_LABEL_LENGTH, /* RFC 1035 2.3.4 */
    DOMAIN_NAME_LENGTH,  /* RFC 1035 2.3.4 */
    DOMAIN_HYPHEN,       /* at the edge of a label */
    DOMAIN_NUMERIC_TLD   /* RFC 1123 2.1: what looks like an address is no name */
};

struct domain_finding {
    enum domain_fault fault;
    size_t offset;   /* of the fault, 0-based */
    bool underscore; /* has one; a name without fault else */
};

/* The first fault of a name of any bytes; one trailing dot is none. */
struct domain_finding domain_check(const char *name, size_t length);
/* No fault, and an underscore only when allowed. */
bool domain_is_host_name(const char *name, bool allow_underscore);
/* Lower case, one trailing dot dropped; false when name is longer than LIMIT_NAME_CHARS or
 * empty. */
bool domain_normalise(char out[LIMIT_NAME_CHARS + 1], const char *name);
/* An empty name equals nothing, and nothing is within it. */
bool domain_equal(const char *a, const char *b);
/* name is parent, or ends in "." parent. */
bool domain_is_within(const char *name, const char *parent);
/* ... and is not parent itself. */
bool domain_is_below(const char *name, const char *parent);
/* Number of labels that have characters; 0 for "" and ".". */
unsigned domain_labels(const char *name);
/*
 * The registrable domain (one label below the public suffix), as a pointer into name; NULL when
 * name is itself a suffix or has none. name must be lower case (domain_normalise()). Private
 * suffixes (dyndns.org) count as suffixes: who is below one is a customer of his own. The first
 * call reads the list from disk.
 */
const char *domain_organisation(const char *name);
/* The same, but below the suffixes of the DNS itself only (ICANN's part of the list): who is below
 * a private one is part of whoever owns that. */
const char *domain_registrable(const char *name);
/*
 * a equals b, or is of its organisation: organisation is domain_organisation(b), which costs a
 * look-up and is the same for many a. Two names of no organisation are not. All are lower case,
 * without a trailing dot.
 */
bool domain_is_of(const char *a, const char *b, const char *organisation);
/* The last label is a public suffix that is listed. name must be lower case. */
bool domain_has_public_suffix(const char *name);

#endif /* HELO_NAME_DOMAIN_H */
