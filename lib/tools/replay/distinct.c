/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * distinct.c - see distinct.h
 *
 * ALGORITHM  Up to DISTINCT_EXACT hashes stand in an open table that is never more than half full.
 *            The next one turns it into 2^14 registers: the first 14 bits of a hash choose one, and
 *            it remembers the longest run of zeros among the other bits. Few registers are left at
 *            zero by so many, but while some are, linear counting is the better estimate.
 */
#include "tools/replay/distinct.h"

#include <math.h>
#include <stdlib.h>

enum { REGISTERS = 1 << DISTINCT_BITS, FIRST_PLACES = 16, HASH_BITS = 64 };

/* FNV-1a for the bytes, and the finisher of MurmurHash3 to spread them over all bits. */
uint64_t distinct_hash(uint64_t seed, const void *bytes, size_t length)
{
    const unsigned char *s = bytes;
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ s[i]) * UINT64_C(0x100000001b3);
    hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ (hash >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    hash ^= hash >> 33;
    return hash != 0 ? hash : 1;
}

/* The place of the hash, or the free one where it belongs. */
static uint64_t *find(uint64_t *seen, size_t places, uint64_t hash)
{
    size_t i = (size_t)hash & (places - 1);

    while (seen[i] != 0 && seen[i] != hash)
        i = (i + 1) & (places - 1);
    return &seen[i];
}

static int grow(struct distinct *set)
{
    size_t places = set->places == 0 ? FIRST_PLACES : set->places * 2;
    uint64_t *seen = calloc(places, sizeof(*seen));

    if (seen == NULL)
        return 0;
    for (size_t i = 0; i < set->places; i++)
        if (set->seen[i] != 0)
            *find(seen, places, set->seen[i]) = set->seen[i];
    free(set->seen);
    set->seen = seen;
    set->places = places;
    return 1;
}

static void note(uint8_t *registers, uint64_t hash)
{
    size_t i = (size_t)(hash >> (HASH_BITS - DISTINCT_BITS));
    uint64_t rest = hash << DISTINCT_BITS;
    uint8_t run = 1;

    for (; run <= HASH_BITS - DISTINCT_BITS && rest >> (HASH_BITS - 1) == 0; rest <<= 1)
        run++;
    if (registers[i] < run)
        registers[i] = run;
}

static int become_estimate(struct distinct *set)
{
    uint8_t *registers = calloc(REGISTERS, 1);

    if (registers == NULL)
        return 0;
    for (size_t i = 0; i < set->places; i++)
        if (set->seen[i] != 0)
            note(registers, set->seen[i]);
    free(set->seen);
    *set = (struct distinct){.registers = registers};
    return 1;
}

/* -1: it is full, and this one is new. */
static int add_exact(struct distinct *set, uint64_t hash)
{
    uint64_t *place;

    if (set->used * 2 >= set->places && set->used < DISTINCT_EXACT && !grow(set))
        return 0;
    place = find(set->seen, set->places, hash);
    if (*place == hash)
        return 1;
    if (set->used == DISTINCT_EXACT)
        return -1;
    *place = hash;
    set->used++;
    return 1;
}

int distinct_add(struct distinct *set, uint64_t hash)
{
    if (set->registers == NULL) {
        int done = add_exact(set, hash);

        if (done >= 0)
            return done;
        if (!become_estimate(set))
            return 0;
    }
    if (set->registers != NULL)
        note(set->registers, hash);
    return 1;
}

unsigned long long distinct_count(const struct distinct *set)
{
    const double m = REGISTERS;
    double sum = 0, estimate;
    unsigned empty = 0;

    if (set->registers == NULL)
        return set->used;
    for (size_t i = 0; i < REGISTERS; i++) {
        sum += 1.0 / (double)(UINT64_C(1) << set->registers[i]);
        empty += set->registers[i] == 0;
    }
    estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    if (estimate <= 2.5 * m && empty > 0)
        estimate = m * log(m / empty);
    return (unsigned long long)(estimate + 0.5);
}

int distinct_is_exact(const struct distinct *set)
{
    return set->registers == NULL;
}

void distinct_fini(struct distinct *set)
{
    free(set->seen);
    free(set->registers);
    *set = (struct distinct){0};
}
