/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * helo_name.h - parse and classify the argument of HELO or EHLO
 *
 * PURPOSE  Turn hostile bytes into a bounded value that the checks can judge without ever seeing
 *          the bytes again.
 * CONTRACT Any input is classified; nothing fails. text is printable. The first fault found is the
 *          one reported, with its 1-based byte position in the argument as it was given.
 * THREADS  none of its own.
 * STANDARDS RFC 5321 2.3.5, 4.1.1.1, 4.1.2, 4.1.3; RFC 1123 2.1. Not: RFC 6531 (UTF-8 is a fault,
 *           its 3.7.1).
 *
 * ALGORITHM
 *  1. Leading and trailing blanks are dropped; nothing left is the fault EMPTY.
 *  2. '[' first: a literal. Text after its ']' and a blank is tolerated (4.1.1.1). IPv4, IPv6: (any
 *     case), an IPv6 address without tag (obsolete), tag:content (general). A tag of up to four
 *     hexadecimal digits is none, but the first part of an address that has a fault. Zero-padded
 *     quads are decimal, as its grammar says (Snum).
 *  3. An address without brackets, in any form inet_aton() takes, is HELO_NAME_BARE_IP. One
 *     trailing dot does not matter.
 *  4. Else a domain: one trailing dot is dropped; labels are checked. An underscore is noted, not a
 *     fault.
 */
#ifndef HELO_NAME_HELO_NAME_H
#define HELO_NAME_HELO_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/limits.h"

enum helo_name_kind {
    HELO_NAME_NONE,            /* no HELO was said */
    HELO_NAME_DOMAIN,          /* domain is set */
    HELO_NAME_LITERAL,         /* address literal; address is set */
    HELO_NAME_LITERAL_GENERAL, /* [tag:content], RFC 5321 4.1.3 */
    HELO_NAME_BARE_IP,         /* address is set */
    HELO_NAME_BAD_LITERAL,     /* fault and position are set */
    HELO_NAME_BAD              /* neither a domain nor a literal; fault and position are set */
};

/* name, what is wrong: stands after "HELO ... has " */
#define HELO_FAULT_LIST(X)                                         \
    X(NONE, "no fault")                                            \
    X(EMPTY, "nothing in it")                                      \
    X(BLANK, "a blank inside")                                     \
    X(CONTROL, "a control character")                              \
    X(EIGHT_BIT, "a byte that is not ASCII")                       \
    X(PORT_OR_URL, "a port or URL glued on")                       \
    X(CHARACTER, "a character that host names do not have")        \
    X(EMPTY_LABEL, "an empty label (two dots, or a dot in front)") \
    X(LABEL_LENGTH, "a label of more than 63 characters")          \
    X(NAME_LENGTH, "more than 253 characters")                     \
    X(HYPHEN, "a hyphen at the edge of a label")                   \
    X(NUMERIC_TLD, "an all-numeric last label")                    \
    X(LITERAL_OPEN, "no closing bracket")                          \
    X(LITERAL_EMPTY, "nothing in the brackets")                    \
    X(LITERAL_ADDRESS, "no valid address in the brackets")         \
    X(LITERAL_ZONE, "an interface (zone id) in the address")       \
    X(LITERAL_TAIL, "text glued to the closing bracket")

enum helo_fault {
#define HELO_FAULT_ENUM(name, text) HELO_FAULT_##name,
    HELO_FAULT_LIST(HELO_FAULT_ENUM)
#undef HELO_FAULT_ENUM
};

struct helo_name {
    enum helo_name_kind kind;
    enum helo_fault fault;
    unsigned position;  /* of the fault, 1-based; 0: the whole */
    bool underscore;    /* a domain, but for its '_' */
    bool integer_like;  /* a bare address in a form other than dotted quad or RFC 4291 text */
    bool obsolete_form; /* [IPv6 address] without its tag */
    unsigned labels;    /* of a domain; a dot at either end does not count */
    /* Of a domain: where its organisational domain and its registrable one (domain.h) begin in it;
     * its length when it has none. */
    uint8_t organisation, registrable;
    bool public_suffix;                /* domain_has_public_suffix() */
    struct ip address;                 /* of a literal or bare address */
    char domain[LIMIT_NAME_CHARS + 1]; /* lower case, no trailing dot; "" when kind is not DOMAIN */
    char text[LIMIT_HELO_TEXT + 1];    /* as said, printable, for people */
};

/* The organisational domain of a domain, or the registrable one; NULL when there is none. */
const char *helo_organisation(const struct helo_name *name);
const char *helo_registrable(const struct helo_name *name);
void helo_name_parse(struct helo_name *out, const char *argument, size_t length);
const char *helo_fault_text(enum helo_fault fault);

#endif /* HELO_NAME_HELO_NAME_H */
