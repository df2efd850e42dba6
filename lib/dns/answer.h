/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h - one DNS answer, digested
 *
 * PURPOSE  From hostile bytes to a small immutable value. The only reader of DNS messages.
 * CONTRACT The rcode is read from the bytes; a record counts only at the end of the CNAME chain
 *          that starts at the question; NOERROR without such a record is NODATA, and not definite
 *          without an SOA (that is what a lame referral looks like). Records past the limits are
 *          dropped, which `cut` tells. Names that are no host names (blanks, NUL, dots inside
 *          labels) are dropped and counted as `odd`.
 * OWNERSHIP Reference-counted, shared between sessions and the cache.
 * THREADS  ref and unref from any thread; the rest is read-only.
 * STANDARDS RFC 1035 4.1, RFC 2308 2 and 5, RFC 2317 (PTR by CNAME), RFC 7505 (null MX is no MX).
 *           Not: DNSSEC.
 */
#ifndef HELO_DNS_ANSWER_H
#define HELO_DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/limits.h"
#include "dns/question.h"
#include "include/helo.h"

enum dns_status {
    DNS_OK,       /* at least one record */
    DNS_NXDOMAIN, /* definite */
    DNS_NODATA,   /* definite */
    DNS_SERVFAIL,
    DNS_REFUSED,
    DNS_TIMEOUT,
    DNS_UNREACHABLE, /* nobody listens, or the question did not get out of this machine */
    /* Nothing at all, not even an SOA (RFC 2308 2.2, type 3): what a lame server says, and what
     * systemd-resolved says of names in /etc/hosts. NODATA beside another record of the name, and
     * not definite alone: dns/derive.c. */
    DNS_BARE_NODATA,
    DNS_MALFORMED, /* also FORMERR, NOTIMP, other rcodes, lame referrals */
    /* More than LIMIT_CNAME_STEPS aliases, or a loop of them. Not DNS_MALFORMED: who owns the zone
     * has chosen it, and shall gain nothing by it (CAUSE_BUDGET). */
    DNS_TOO_LONG
};

enum { DNS_STATUSES = DNS_TOO_LONG + 1 };

struct dns_answer {
    unsigned refs; /* atomic */
    enum dns_status status;
    /* Smallest along the chain (0 when negative without SOA); RFC 2308 5 for negative ones. */
    uint32_t ttl_s;
    bool cut;        /* there were more records than are kept */
    unsigned cnames; /* steps followed */
    unsigned odd;    /* names dropped */
    size_t address_count;
    struct ip *addresses;
    size_t name_count; /* PTR or MX targets */
    char (*names)[LIMIT_NAME_CHARS + 1];
};

/* An answer without records. */
enum helo_status dns_answer_create(enum dns_status status, uint32_t ttl_s, struct dns_answer **out);
/* With records copied; status DNS_OK. */
enum helo_status dns_answer_create_addresses(const struct ip *addresses, size_t count,
                                             uint32_t ttl_s, struct dns_answer **out);
enum helo_status dns_answer_create_names(enum dns_type type,
                                         const char (*names)[LIMIT_NAME_CHARS + 1], size_t count,
                                         uint32_t ttl_s, struct dns_answer **out);
/* How many names of an answer of this type are kept, LIMIT_MX_NAMES at most. */
size_t dns_names_kept(enum dns_type type);
/* Never fails but for memory: broken bytes are DNS_MALFORMED. */
enum helo_status dns_answer_parse(const struct dns_question *question, const uint8_t *bytes,
                                  size_t length, struct dns_answer **out);
/* TC is set: ask again by TCP. */
bool dns_message_is_cut(const uint8_t *bytes, size_t length);
/* The message answers this question: id, QR, one question, the same name to the letter (0x20), type
 * and class. */
bool dns_message_matches(const uint8_t *query, size_t query_length, const uint8_t *bytes,
                         size_t length);
/* Builds a query with RD and EDNS (RFC 6891); case_bits flips the case of letters (0x20), one bit
 * for each character of the name, none past case_bytes. Returns its length, 0 when the name has no
 * wire form. */
size_t dns_message_build(const struct dns_question *question, uint16_t id, const uint8_t *case_bits,
                         size_t case_bytes, uint8_t out[512]);
/* For a message that cannot be read: leaves header and question, and the rcode NOTZONE, which is
 * malformed as an answer. Returns the new length; 0 when not even a question is there. */
size_t dns_message_bare(uint8_t *bytes, size_t length);
/* Takes the OPT record off a query that dns_message_build() made. Returns the new length. */
size_t dns_message_drop_edns(uint8_t *query, size_t length);

struct dns_answer *dns_answer_ref(struct dns_answer *answer);
void dns_answer_unref(struct dns_answer *answer);
/* What it takes in memory. */
size_t dns_answer_bytes(const struct dns_answer *answer);
bool dns_status_is_definite(enum dns_status status);
/* Neither definite nor DNS_BARE_NODATA, which may be as good: dns/derive.c. */
bool dns_status_is_failure(enum dns_status status);
/* One word. */
const char *dns_status_text(enum dns_status status);

#endif /* HELO_DNS_ANSWER_H */
