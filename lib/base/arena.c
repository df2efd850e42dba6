/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.c - memory of many small things, see arena.h
 *
 * A block is filled from both ends: what must be aligned from the front, texts from the back, so
 * that no text costs a gap. The first block of an arena is small, the next ones are twice as large
 * as the one before: few things cost little, many cost few blocks.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

enum {
    FIRST_ROOM = 512,
    MAX_ROOM = 64 * 1024 /* below what malloc() maps one by one */
};

struct arena_block {
    struct arena_block *next;
    size_t used; /* from the front */
    size_t room; /* what is behind used, up to the texts at the back */
    size_t size;
    max_align_t data[];
};

/* A block with that much room, the present one or a new one. */
static struct arena_block *block_for(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->blocks;
    size_t room = FIRST_ROOM;

    if (block != NULL && block->room >= size)
        return block;
    if (size > SIZE_MAX / 2)
        return NULL;
    if (block != NULL)
        room = block->size < MAX_ROOM ? block->size * 2 : MAX_ROOM;
    room = room < size ? size : room;
    block = mem_grow(NULL, sizeof *block + room, 1);
    if (block == NULL)
        return NULL;
    *block = (struct arena_block){.next = arena->blocks, .room = room, .size = room};
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct arena_block *block;
    void *memory;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    block = block_for(arena, size);
    if (block == NULL)
        return NULL;
    memory = (char *)block->data + block->used;
    block->used += size;
    block->room -= size;
    return memory;
}

char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length)
{
    struct arena_block *block = length < SIZE_MAX ? block_for(arena, length + 1) : NULL;
    char *copy;

    if (block == NULL)
        return NULL;
    block->room -= length + 1;
    copy = (char *)block->data + block->used + block->room;
    if (length != 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void arena_fini(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        mem_free(block);
    }
}
