/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h - allocation
 *
 * PURPOSE  One door for all memory of the library, so that tests can make the n-th allocation fail.
 * CONTRACT As malloc() and friends: NULL when there is none. mem_free(NULL) is fine. mem_array()
 *          checks the product.
 * THREADS  any; mem_fail_after() from one thread, before others run.
 */
#ifndef HELO_BASE_MEM_H
#define HELO_BASE_MEM_H

#include <stddef.h>

void *mem_zalloc(size_t size);              /* zeroed */
void *mem_array(size_t count, size_t size); /* zeroed; NULL also when count * size overflows */
void *mem_grow(void *old, size_t count,
               size_t size);           /* as reallocarray(): old stays valid on failure */
char *mem_copy_text(const char *text); /* text may not be NULL */
char *mem_copy_bytes(const char *text, size_t length); /* with a final NUL */
void mem_free(void *memory);

/* Tests: the n-th allocation from now (1 is the next) and all after it fail; 0 ends this. */
void mem_fail_after(unsigned long n);
/* Allocations asked for since the last mem_fail_after(); nothing is counted after
 * mem_fail_after(0). */
unsigned long mem_count(void);

#endif /* HELO_BASE_MEM_H */
