/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memo.h - what was judged before, for the entries that come again
 *
 * PURPOSE  Most mail comes from the same few thousand clients: to judge each anew is most of the
 *          time of a replay.
 * CONTRACT Finds what was kept under the very same key, byte by byte, or nothing. A hash may stand
 *          in MEMO_WAYS places; when all are taken, a newer one takes one of an older one's, so
 *          that nothing grows.
 * OWNERSHIP Keys are copied; opinions are the memo's from memo_keep() on, and live until the next
 *          one. A memo of zeros is an empty one.
 * THREADS  one.
 * LIMITS   MEMO_PLACES of some 400 bytes, 700 with two policies: 6 or 11 MiB when all are taken.
 */
#ifndef HELO_REPLAY_MEMO_H
#define HELO_REPLAY_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "tools/replay/opinion.h"

enum { MEMO_PLACES = 16384, MEMO_WAYS = 4, MEMO_POLICIES = 2 };

struct memo_key {
    const char *bytes;
    size_t length;
    uint64_t hash;
};

struct memo_opinions {
    struct opinion *of[MEMO_POLICIES]; /* NULL: there is no such policy */
};

struct memo_place {
    uint64_t hash;
    char *key; /* NULL: free */
    size_t key_length;
    struct memo_opinions opinions;
};

struct memo {
    struct memo_place *places; /* NULL: none is taken yet */
    size_t turn;               /* which of MEMO_WAYS goes next */
};

/* NULL: not there. */
const struct memo_opinions *memo_find(const struct memo *memo, const struct memo_key *key);
/* Returns what memo_find() would; NULL without memory: then the opinions are still the caller's. */
const struct memo_opinions *memo_keep(struct memo *memo, const struct memo_key *key,
                                      const struct memo_opinions *opinions);
void memo_fini(struct memo *memo);

void memo_opinions_free(struct memo_opinions *opinions);

#endif /* HELO_REPLAY_MEMO_H */
