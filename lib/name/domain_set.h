/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain_set.h - a set of domains, searched by label
 *
 * PURPOSE  "Is this name one of them, or below one of them?", for lists of any length.
 * CONTRACT Add, then seal, then find. Names come through domain_normalise(): lower case, no
 *          trailing dot. A domain may be in the set more than once.
 * OWNERSHIP The set copies what is added; a row found belongs to the set.
 * THREADS  A sealed set is only read: any number of threads.
 * LIMITS   A find looks once at the table for each label of the name and allocates nothing: tens of
 *          nanoseconds, and with 100,000 domains a few misses of the processor's cache.
 */
#ifndef HELO_NAME_DOMAIN_SET_H
#define HELO_NAME_DOMAIN_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum domain_scope {
    DOMAIN_EXACT,  /* this name only */
    DOMAIN_WITHIN, /* this name and all below it */
    DOMAIN_BELOW   /* the names below it only */
};

struct domain_set {
    struct domain_set_row {
        char *domain;
        enum domain_scope scope;
        uint32_t tag; /* the caller's index */
    } * rows;
    size_t count;
    size_t room;
    /* One for each different domain; made by domain_set_seal(). */
    struct domain_set_slot {
        uint32_t hash;
        uint32_t itself; /* what a name that equals the domain finds: row + 1, or 0 */
        uint32_t below;  /* what a name below it finds */
    } * slots;
    size_t mask; /* number of slots - 1; the number is a power of two */
};

void domain_set_init(struct domain_set *set);
void domain_set_fini(struct domain_set *set);
/* False: no memory. */
bool domain_set_add(struct domain_set *set, const char *domain, enum domain_scope scope,
                    uint32_t tag);
/* After the last add, before the first find; false: no memory. */
bool domain_set_seal(struct domain_set *set);
/*
 * The most specific row for name, or NULL. A row for the very name goes before one for a domain
 * above it, of which the one with the most labels counts; EXACT goes before WITHIN. Of rows alike
 * it is the one with the lowest tag.
 */
const struct domain_set_row *domain_set_find(const struct domain_set *set, const char *name);
/* The same for the first length bytes of name. */
const struct domain_set_row *domain_set_find_bytes(const struct domain_set *set, const char *name,
                                                   size_t length);

#endif /* HELO_NAME_DOMAIN_SET_H */
