/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.h - memory of many small things that go all at once
 *
 * PURPOSE  A policy of 100,000 entries has a million nodes and texts: one allocation each would
 *          cost as much as reading them.
 * CONTRACT {NULL} is an empty arena. What comes out is not zeroed, and is never given back singly.
 * OWNERSHIP All of it is the arena's until arena_fini(), which leaves an empty one.
 * THREADS  none of its own.
 */
#ifndef HELO_BASE_ARENA_H
#define HELO_BASE_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_block *blocks; /* the latest first */
};

/* Aligned for any type; NULL: no memory. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy with a final NUL; bytes may be NULL when length is 0. NULL: no memory. */
char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length);
void arena_fini(struct arena *arena);

#endif /* HELO_BASE_ARENA_H */
