/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.c - queries as bytes, and whether a message answers one
 *
 * PURPOSE  The writing half of DNS messages (answer.c reads them). Declared in answer.h.
 * CONTRACT A name that does not fit the wire form gives length 0, nothing is ever cut to fit.
 *          Whether a message answers a query is a comparison of bytes: id, QR, and the question to
 *          the letter, since the case of the letters is a secret of ours that a forger has to guess
 *          (draft-vixie-dnsext-dns0x20).
 * THREADS  any.
 * LIMITS   A query is 12 + 255 + 4 + 11 = 282 bytes at most.
 * STANDARDS RFC 1035 4.1.1, 4.1.2; RFC 6891 6.1 (OPT, no options, DO clear). Not: RFC 7873
 *           (cookies).
 */
#include <arpa/nameser.h>
#include <string.h>

#include "dns/answer.h"

enum {
    HEADER_BYTES = 12,
    /* Passes every path without fragments (RFC 9715 3.1); the default of all resolvers. */
    EDNS_BYTES = 1232,
    OPT_BYTES = 11,
    FLAG_QR = 0x80, /* in byte 2 */
    FLAG_TC = 0x02,
    FLAG_RD = 0x01,
    AT_ARCOUNT = 11 /* its low byte */
};

/*
 * The root's name, TYPE, CLASS (the size we take), TTL (extended rcode, version 0, no flags),
 * RDLENGTH. RFC 6891 6.1.2
 */
static const uint8_t opt_record[OPT_BYTES] = {
    0, 0, ns_t_opt, EDNS_BYTES >> 8, EDNS_BYTES & 0xff, 0, 0, 0, 0, 0, 0,
};

static bool case_bit(const uint8_t *bits, size_t bytes, size_t i)
{
    return i / 8 < bytes && (bits[i / 8] >> (i % 8) & 1) != 0;
}

static uint8_t letter(char c, bool flip)
{
    return (uint8_t)(flip && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ? c ^ 0x20 : c);
}

/* Writes the wire form of name; returns its length, or 0 when it has none. */
static size_t put_name(uint8_t out[LIMIT_NAME_WIRE], const char *name, const uint8_t *bits,
                       size_t bytes)
{
    size_t length = strlen(name);
    size_t start = 0; /* of a label, in the text; its length byte has the same place on the wire */

    /* One length byte in front, one zero behind: text of n characters takes n + 2 bytes. */
    if (length == 0 || length + 2 > LIMIT_NAME_WIRE)
        return 0;
    for (size_t i = 0; i <= length; i++) {
        if (name[i] != '.' && name[i] != '\0') {
            out[i + 1] = letter(name[i], case_bit(bits, bytes, i));
            continue;
        }
        if (i == start || i - start > LIMIT_LABEL_CHARS)
            return 0;
        out[start] = (uint8_t)(i - start);
        start = i + 1;
    }
    out[start] = 0;
    return start + 1;
}

size_t dns_message_build(const struct dns_question *question, uint16_t id, const uint8_t *case_bits,
                         size_t case_bytes, uint8_t out[512])
{
    const uint8_t header[HEADER_BYTES] = {
        (uint8_t)(id >> 8), (uint8_t)(id & 0xff), FLAG_RD, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const uint8_t tail[4] = {(uint8_t)(question->type >> 8), (uint8_t)(question->type & 0xff), 0,
                             ns_c_in};
    size_t name_bytes = put_name(out + HEADER_BYTES, question->name, case_bits, case_bytes);
    uint8_t *p = out + HEADER_BYTES + name_bytes;

    if (name_bytes == 0)
        return 0;
    memcpy(out, header, sizeof header);
    memcpy(p, tail, sizeof tail);
    memcpy(p + sizeof tail, opt_record, sizeof opt_record);
    return HEADER_BYTES + name_bytes + sizeof tail + sizeof opt_record;
}

size_t dns_message_drop_edns(uint8_t *query, size_t length)
{
    query[AT_ARCOUNT] = 0;
    return length - OPT_BYTES;
}

bool dns_message_is_cut(const uint8_t *bytes, size_t length)
{
    return length >= HEADER_BYTES && (bytes[2] & FLAG_TC) != 0;
}

/* Bytes of the one question, which is not compressed; 0 when there is none. */
static size_t question_bytes(const uint8_t *bytes, size_t length)
{
    size_t at = HEADER_BYTES;

    while (at < length && bytes[at] != 0 && bytes[at] <= LIMIT_LABEL_CHARS)
        at += 1u + bytes[at];
    if (at < length && bytes[at] != 0)
        return 0;
    at += 1 + 4;
    return at <= length ? at - HEADER_BYTES : 0;
}

size_t dns_message_bare(uint8_t *bytes, size_t length)
{
    size_t question = length < HEADER_BYTES ? 0 : question_bytes(bytes, length);

    if (question == 0 || bytes[4] != 0 || bytes[5] != 1)
        return 0;
    bytes[3] = (uint8_t)((bytes[3] & 0xf0) | ns_r_notzone);
    memset(bytes + 6, 0, HEADER_BYTES - 6); /* the other counts */
    return HEADER_BYTES + question;
}

bool dns_message_matches(const uint8_t *query, size_t query_length, const uint8_t *bytes,
                         size_t length)
{
    size_t question = question_bytes(query, query_length);

    return question != 0 && length >= HEADER_BYTES + question && memcmp(query, bytes, 2) == 0 &&
           (bytes[2] & FLAG_QR) != 0 && bytes[4] == 0 && bytes[5] == 1 &&
           memcmp(query + HEADER_BYTES, bytes + HEADER_BYTES, question) == 0;
}
