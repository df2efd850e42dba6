/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_arena.c - base/arena.h: memory of many small things
 */
#include "unit/unit.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

enum { THINGS = 5000, LARGE = 100000 };

/* Texts and numbers of changing size by turns; none may lie in another. */
static bool fill(void *arg)
{
    struct arena arena = {NULL};
    static const char *texts[THINGS];
    static size_t *numbers[THINGS];
    bool filled = true;
    size_t made = 0;

    (void)arg;
    for (; made < THINGS && filled; made++) {
        char text[16];
        int length = snprintf(text, sizeof(text), "%zu", made);

        texts[made] = arena_copy_bytes(&arena, text, (size_t)length);
        numbers[made] = arena_alloc(&arena, sizeof(size_t) * (1 + made % 7));
        filled = texts[made] != NULL && numbers[made] != NULL;
        for (size_t i = 0; filled && i < 1 + made % 7; i++)
            numbers[made][i] = made;
    }
    for (size_t i = 0; filled && i < made; i++) {
        assert_int_equal(strtoul(texts[i], NULL, 10), i);
        assert_int_equal((uintptr_t)numbers[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < 1 + i % 7; k++)
            assert_int_equal(numbers[i][k], i);
    }
    arena_fini(&arena);
    return filled;
}

static void keeps_things_apart(void **state)
{
    (void)state;
    assert_true(fill(NULL));
}

static void takes_what_is_larger_than_a_block(void **state)
{
    static char large[LARGE];
    struct arena arena = {NULL};
    const char *copy;
    char *memory;

    (void)state;
    memset(large, 'x', sizeof(large));
    copy = arena_copy_bytes(&arena, large, sizeof(large));
    memory = arena_alloc(&arena, LARGE);
    assert_non_null(copy);
    assert_non_null(memory);
    memset(memory, 'y', LARGE);
    assert_memory_equal(copy, large, sizeof(large));
    assert_int_equal(copy[LARGE], '\0');
    arena_fini(&arena);
}

static void copies_nothing(void **state)
{
    struct arena arena = {NULL};

    (void)state;
    UNIT_EXPECT_TEXT(arena_copy_bytes(&arena, NULL, 0), "");
    assert_non_null(arena_alloc(&arena, 0));
    arena_fini(&arena);
    arena_fini(&arena);
}

/* A size that no memory has, also where adding the NUL or the alignment to it goes round. */
static void refuses_impossible_sizes(void **state)
{
    static const struct size_row {
        const char *name;
        size_t size;
    } rows[] = {
        {"all", SIZE_MAX}, {"all but one", SIZE_MAX - 1}, {"half and one", SIZE_MAX / 2 + 1}};
    struct arena arena = {NULL};

    (void)state;
    UNIT_EACH(const struct size_row, r, rows) {
        assert_null(arena_alloc(&arena, r->size));
        assert_null(arena_copy_bytes(&arena, "", r->size));
    }
    arena_fini(&arena);
}

static void reports_a_lack_of_memory(void **state)
{
    (void)state;
    unit_each_fault(fill, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(keeps_things_apart),       UNIT_TEST(takes_what_is_larger_than_a_block),
        UNIT_TEST(copies_nothing),           UNIT_TEST(refuses_impossible_sizes),
        UNIT_TEST(reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
