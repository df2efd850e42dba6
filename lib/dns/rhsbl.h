/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rhsbl.h - domain lists in DNS: what is asked of them, and what their answers mean
 *
 * PURPOSE  The rules of RFC 5782 in one place, for the plan, for the facts, and for the test of a
 *          list at start (session/selftest.c).
 * CONTRACT Pure. A listing is an answer that has one of the codes the site has configured, and
 *          nothing in it that says the list was not really asked.
 * THREADS  none of its own.
 * STANDARDS RFC 5782 2.3 (answers are values, not addresses), 3 (lists of domains), 5 (tests).
 *           127.255.255.0/24 for errors is what the lists have agreed on since. Not: TXT records.
 */
#ifndef HELO_DNS_RHSBL_H
#define HELO_DNS_RHSBL_H

#include <stdbool.h>

#include "base/ip.h"
#include "base/limits.h"
#include "dns/answer.h"
#include "facts/facts.h"
#include "facts/reference.h"

/* The HELO domain, and its organisational domain. */
enum { RHSBL_DOMAINS = 2 };

/* Of several addresses in an answer the one that means most counts: later ones here mean more. */
enum rhsbl_meaning {
    RHSBL_UNKNOWN, /* no definite answer */
    RHSBL_ABSENT,  /* not on the list */
    RHSBL_OTHER,   /* on it for reasons that the site does not want */
    RHSBL_LISTED,
    RHSBL_REFUSED, /* 127.255.255.0/24: whoever asks is not allowed to */
    RHSBL_FOREIGN  /* outside of 127.0.0.0/8: a resolver that makes up answers, or no list */
};

/* The HELO is a name that lists can say something of, and there is a list. */
bool rhsbl_applies(const struct facts *f);
/* Fills out with the domains to ask about, pointers into f; returns how many. */
unsigned rhsbl_domains(const struct facts *f, const char *out[RHSBL_DOMAINS]);
/* "domain.zone"; false when that is longer than a name can be. */
bool rhsbl_question_name(const char *domain, const struct rhsbl_zone *zone,
                         char out[LIMIT_NAME_CHARS + 1]);
/* answer may be NULL. *code is the address that decided; not written for UNKNOWN and ABSENT. */
enum rhsbl_meaning rhsbl_read(const struct rhsbl_zone *zone, const struct dns_answer *answer,
                              struct ip *code);

#endif /* HELO_DNS_RHSBL_H */
