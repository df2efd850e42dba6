/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * distinct.h - how many different ones there are, in bounded memory
 *
 * PURPOSE  Clients, connections, organisations of logs of any length.
 * CONTRACT Exact up to DISTINCT_EXACT; past it an estimate (HyperLogLog, Flajolet et al. 2007)
 *          whose standard error is 1.04 / sqrt(2^DISTINCT_BITS), 0.8 %. The same input always gives
 *          the same number.
 * LIMITS   64 KiB for one set that is exact, 16 KiB for one that is not. Two texts with the same
 *          64 bits of hash count as one. The hash has no secret: whoever forges collisions into a
 *          log makes a table slow that has 2 * DISTINCT_EXACT places, and a count small.
 * OWNERSHIP A set of zeros is an empty one; distinct_fini() gives back what it has grown to.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_DISTINCT_H
#define HELO_REPLAY_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

enum { DISTINCT_EXACT = 4096, DISTINCT_BITS = 14 };

struct distinct {
    uint64_t *seen;     /* while exact: hashes, 0 for a free place */
    uint8_t *registers; /* then */
    size_t places;      /* in `seen`, a power of two */
    size_t used;
};

/* Of bytes; never 0. seed: 0, or the hash of what stands before them. */
uint64_t distinct_hash(uint64_t seed, const void *bytes, size_t length);

/* Returns 0 without memory; then the set is as it was. */
int distinct_add(struct distinct *set, uint64_t hash);
unsigned long long distinct_count(const struct distinct *set);
int distinct_is_exact(const struct distinct *set);
void distinct_fini(struct distinct *set);

#endif /* HELO_REPLAY_DISTINCT_H */
