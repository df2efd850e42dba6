/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dns_wire.h - DNS messages for tests, written record by record
 *
 * PURPOSE  A row of a table says what stands in a message; wire_make() gives the bytes.
 * CONTRACT Nothing is compressed, but for what a row writes so itself ("\300\014" is the question's
 *          name). No check of any kind: rows are wrong on purpose. What does not fit in WIRE_ROOM
 *          ends the test.
 * THREADS  none of its own.
 */
#ifndef HELO_TESTS_DNS_WIRE_H
#define HELO_TESTS_DNS_WIRE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dns/question.h"

enum { WIRE_ROOM = 4096, WIRE_RECORDS = 12 };

enum wire_section { WIRE_NONE, WIRE_ANSWER, WIRE_AUTHORITY, WIRE_ADDITIONAL };

/*
 * owner "" is the root, NULL the question's name by compression. The data are raw, then target as a
 * name.
 */
struct wire_record {
    enum wire_section section;
    const char *owner;
    unsigned type;
    uint32_t ttl_s;
    const char *raw;
    size_t raw_length;
    const char *target;
};

struct wire {
    size_t length;
    uint8_t bytes[WIRE_ROOM];
};

/* For rows. */
#define WIRE_RAW(text) text, sizeof(text) - 1
#define AN             WIRE_ANSWER
#define NS             WIRE_AUTHORITY
#define A_AT(owner, ttl, last)                             \
    {                                                      \
        AN, owner, 1, ttl, WIRE_RAW("\300\0\2" last), NULL \
    }
#define AAAA_AT(owner, ttl, text)                \
    {                                            \
        AN, owner, 28, ttl, WIRE_RAW(text), NULL \
    }
#define NAME_AT(owner, type, ttl, target)   \
    {                                       \
        AN, owner, type, ttl, "", 0, target \
    }
#define CNAME_AT(owner, ttl, target) NAME_AT(owner, 5, ttl, target)
#define PTR_AT(ttl, target)          NAME_AT(NULL, 12, ttl, target)
#define MX_AT(ttl, target)                           \
    {                                                \
        AN, NULL, 15, ttl, WIRE_RAW("\0\12"), target \
    }
/* Two root names, four numbers, and the last one byte of MINIMUM. */
#define SOA_AT(ttl, minimum)              \
    {                                     \
        NS, "example", 6, ttl,            \
            WIRE_RAW("\0\0"               \
                     "\0\0\0\1"           \
                     "\0\0\0\2"           \
                     "\0\0\0\3"           \
                     "\0\0\0\4" minimum), \
            NULL                          \
    }

static inline void wire_put(struct wire *w, const void *bytes, size_t length)
{
    assert(length <= sizeof w->bytes - w->length);
    memcpy(w->bytes + w->length, bytes, length);
    w->length += length;
}

static inline void wire_number(struct wire *w, uint32_t value, size_t bytes)
{
    while (bytes-- > 0) {
        uint8_t byte = (uint8_t)(value >> 8 * bytes);

        wire_put(w, &byte, 1);
    }
}

static inline void wire_name(struct wire *w, const char *name)
{
    while (*name != '\0') {
        size_t label = strcspn(name, ".");

        wire_number(w, (uint32_t)label, 1);
        wire_put(w, name, label);
        name += label + (name[label] == '.');
    }
    wire_number(w, 0, 1);
}

static inline void wire_record(struct wire *w, const struct wire_record *r)
{
    size_t at;

    if (r->owner == NULL)
        wire_put(w, "\300\014", 2);
    else
        wire_name(w, r->owner);
    wire_number(w, r->type, 2);
    wire_number(w, 1, 2);
    wire_number(w, r->ttl_s, 4);
    at = w->length;
    wire_number(w, 0, 2);
    wire_put(w, r->raw, r->raw_length);
    if (r->target != NULL)
        wire_name(w, r->target);
    w->bytes[at] = (uint8_t)((w->length - at - 2) >> 8);
    w->bytes[at + 1] = (uint8_t)(w->length - at - 2);
}

/*
 * flags: the second 16 bits of the header; 0x8180 is a plain answer. Records end at WIRE_NONE, and
 * are in order.
 */
static inline void wire_make(struct wire *w, const struct dns_question *question, unsigned flags,
                             const struct wire_record records[WIRE_RECORDS])
{
    unsigned counts[4] = {1, 0, 0, 0};
    size_t n = 0;

    while (n < WIRE_RECORDS && records[n].section != WIRE_NONE)
        counts[records[n++].section]++;
    w->length = 0;
    wire_number(w, 0x1234, 2);
    wire_number(w, flags, 2);
    for (size_t i = 0; i < 4; i++)
        wire_number(w, counts[i], 2);
    wire_name(w, question->name);
    wire_number(w, (uint32_t)question->type, 2);
    wire_number(w, 1, 2);
    for (size_t i = 0; i < n; i++)
        wire_record(w, &records[i]);
}

#endif /* HELO_TESTS_DNS_WIRE_H */
