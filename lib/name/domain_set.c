/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain_set.c - a set of domains, searched by label, see domain_set.h
 *
 * An open hash table, at most half full. The hash is FNV-1a over the bytes from the last one to the
 * first, so that one pass over a name passes through the hash of every domain that it lies in. It
 * has no key: the site chooses what is stored, and who chooses what is looked up cannot lengthen
 * the stretches of the table.
 */
#include "name/domain_set.h"

#include <string.h>

#include "base/mem.h"

enum { FIRST_ROOM = 16 };

/* FNV-1a, 32 bits. */
static const uint32_t HASH_START = 2166136261u;
static const uint32_t HASH_PRIME = 16777619u;

static uint32_t hash_add(uint32_t hash, char c)
{
    return (hash ^ (unsigned char)c) * HASH_PRIME;
}

/* FNV leaves its low bits, which choose the slot, weaker than the high ones. */
static size_t first_slot(const struct domain_set *set, uint32_t hash)
{
    return (hash ^ hash >> 15) & set->mask;
}

void domain_set_init(struct domain_set *set)
{
    *set = (struct domain_set){0};
}

void domain_set_fini(struct domain_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        mem_free(set->rows[i].domain);
    mem_free(set->rows);
    mem_free(set->slots);
    domain_set_init(set);
}

bool domain_set_add(struct domain_set *set, const char *domain, enum domain_scope scope,
                    uint32_t tag)
{
    char *copy;

    if (set->count == set->room) {
        size_t room = set->room != 0 ? set->room * 2 : FIRST_ROOM;
        struct domain_set_row *rows = room < UINT32_MAX / 2 /* a slot numbers rows in 32 bits */
                                          ? mem_grow(set->rows, room, sizeof *rows)
                                          : NULL;

        if (rows == NULL)
            return false;
        set->rows = rows;
        set->room = room;
    }
    copy = mem_copy_text(domain);
    if (copy == NULL)
        return false;
    set->rows[set->count++] = (struct domain_set_row){.domain = copy, .scope = scope, .tag = tag};
    return true;
}

/* Any row of the slot: all of them have the same domain. */
static const char *slot_domain(const struct domain_set *set, const struct domain_set_slot *slot)
{
    return set->rows[(slot->itself != 0 ? slot->itself : slot->below) - 1].domain;
}

/* The slot that has this domain, or the free one where it belongs. */
static struct domain_set_slot *find_slot(const struct domain_set *set, uint32_t hash,
                                         const char *domain, size_t length)
{
    size_t i = first_slot(set, hash);

    for (;; i = (i + 1) & set->mask) {
        struct domain_set_slot *slot = &set->slots[i];
        const char *other;

        if (slot->itself == 0 && slot->below == 0)
            return slot;
        if (slot->hash != hash)
            continue;
        other = slot_domain(set, slot);
        if (strncmp(other, domain, length) == 0 && other[length] == '\0')
            return slot;
    }
}

/* Whether row a is found rather than row b by a name that equals their domain. */
static bool is_closer(const struct domain_set_row *a, const struct domain_set_row *b)
{
    if (a->scope != b->scope)
        return a->scope == DOMAIN_EXACT;
    return a->tag < b->tag;
}

static void enter(struct domain_set *set, uint32_t number)
{
    const struct domain_set_row *rows = set->rows, *row = &rows[number - 1];
    size_t length = strlen(row->domain);
    uint32_t hash = HASH_START;
    struct domain_set_slot *slot;

    for (size_t i = length; i-- > 0;)
        hash = hash_add(hash, row->domain[i]);
    slot = find_slot(set, hash, row->domain, length);
    slot->hash = hash;
    if (row->scope != DOMAIN_BELOW &&
        (slot->itself == 0 || is_closer(row, &rows[slot->itself - 1])))
        slot->itself = number;
    if (row->scope != DOMAIN_EXACT && (slot->below == 0 || row->tag < rows[slot->below - 1].tag))
        slot->below = number;
}

bool domain_set_seal(struct domain_set *set)
{
    size_t size = 2;
    struct domain_set_slot *slots;

    while (size < set->count * 2)
        size *= 2;
    slots = mem_array(size, sizeof *slots);
    if (slots == NULL)
        return false;
    mem_free(set->slots);
    set->slots = slots;
    set->mask = size - 1;
    for (size_t i = 0; i < set->count; i++)
        enter(set, (uint32_t)i + 1);
    return true;
}

const struct domain_set_row *domain_set_find(const struct domain_set *set, const char *name)
{
    return domain_set_find_bytes(set, name, strlen(name));
}

const struct domain_set_row *domain_set_find_bytes(const struct domain_set *set, const char *name,
                                                   size_t length)
{
    uint32_t hash = HASH_START;
    uint32_t found = 0;
    const struct domain_set_slot *slot;

    if (set->slots == NULL || set->count == 0)
        return NULL;
    for (size_t i = length; i-- > 0;) {
        /* A dot in front of all makes no name below. */
        if (name[i] == '.' && i != 0) {
            slot = find_slot(set, hash, name + i + 1, length - i - 1);
            if (slot->below != 0)
                found = slot->below;
        }
        hash = hash_add(hash, name[i]);
    }
    slot = find_slot(set, hash, name, length);
    if (slot->itself != 0)
        found = slot->itself;
    return found != 0 ? &set->rows[found - 1] : NULL;
}
