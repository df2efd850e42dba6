/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.c - allocation, see mem.h
 *
 * The fault hook costs one relaxed load while no fault is set. Nothing orders the counter against
 * other memory: it only has to count, and tests set it before other threads run.
 */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_ulong fail_from; /* this allocation and those after it fail; 0: none does */
static atomic_ulong asked;     /* since fail_from was set */

static bool mem_is_granted(void)
{
    unsigned long from = atomic_load_explicit(&fail_from, memory_order_relaxed);

    return from == 0 || atomic_fetch_add_explicit(&asked, 1, memory_order_relaxed) + 1 < from;
}

/* What malloc(0) returns is up to the C library; a byte keeps NULL for "no memory". */
static size_t at_least_one(size_t size)
{
    return size != 0 ? size : 1;
}

void *mem_zalloc(size_t size)
{
    return mem_is_granted() ? calloc(1, at_least_one(size)) : NULL;
}

/* calloc() checks the product, too; but a sanitizer takes that for a defect of the caller's. */
static bool is_product(size_t count, size_t size)
{
    return size == 0 || count <= SIZE_MAX / size;
}

void *mem_array(size_t count, size_t size)
{
    if (!is_product(count, size))
        return NULL;
    return mem_is_granted() ? calloc(at_least_one(count), at_least_one(size)) : NULL;
}

void *mem_grow(void *old, size_t count, size_t size)
{
    if (!is_product(count, size))
        return NULL;
    return mem_is_granted() ? realloc(old, at_least_one(count * size)) : NULL;
}

char *mem_copy_text(const char *text)
{
    return mem_copy_bytes(text, strlen(text));
}

char *mem_copy_bytes(const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? mem_zalloc(length + 1) : NULL;

    if (copy != NULL && length != 0)
        memcpy(copy, text, length);
    return copy;
}

void mem_free(void *memory)
{
    free(memory);
}

void mem_fail_after(unsigned long n)
{
    atomic_store_explicit(&asked, 0, memory_order_relaxed);
    atomic_store_explicit(&fail_from, n, memory_order_relaxed);
}

unsigned long mem_count(void)
{
    return atomic_load_explicit(&asked, memory_order_relaxed);
}
