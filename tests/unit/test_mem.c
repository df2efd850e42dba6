/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mem.c - base/mem.h: sizes at the edge, and the fault hook itself
 */
#include "unit/unit.h"

#include "base/mem.h"

static void gives_zeroed_memory(void **state)
{
    unsigned char *memory = mem_array(7, 3);

    (void)state;
    assert_non_null(memory);
    for (size_t i = 0; i < 21; i++)
        assert_int_equal(memory[i], 0);
    mem_free(memory);
    mem_free(NULL);
}

static void nothing_is_no_failure(void **state)
{
    void *none[] = {mem_zalloc(0), mem_array(0, 8), mem_array(8, 0), mem_grow(NULL, 0, 8)};

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(none); i++) {
        assert_non_null(none[i]);
        mem_free(none[i]);
    }
}

static void products_do_not_wrap(void **state)
{
    char *old = mem_copy_text("kept");

    (void)state;
    assert_null(mem_array(SIZE_MAX / 2, 3));
    assert_null(mem_grow(old, SIZE_MAX / 2, 3));
    assert_null(mem_copy_bytes("", SIZE_MAX));
    assert_string_equal(old, "kept");
    mem_free(old);
}

static void grows_and_copies(void **state)
{
    char *text = mem_copy_bytes("abcdef", 3);

    (void)state;
    assert_string_equal(text, "abc");
    text = mem_grow(text, 4096, 1);
    assert_non_null(text);
    assert_string_equal(text, "abc");
    mem_free(text);
    text = mem_copy_bytes(NULL, 0);
    assert_string_equal(text, "");
    mem_free(text);
}

static void the_nth_and_all_after_it_fail(void **state)
{
    void *first, *second;

    (void)state;
    mem_fail_after(3);
    first = mem_zalloc(1);
    second = mem_copy_text("x");
    assert_non_null(first);
    assert_non_null(second);
    assert_null(mem_zalloc(1));
    assert_null(mem_array(1, 1));
    assert_null(mem_grow(first, 2, 1));
    assert_null(mem_copy_text("x"));
    assert_int_equal(mem_count(), 6);
    mem_fail_after(0);
    mem_free(first);
    mem_free(second);
    first = mem_zalloc(1);
    assert_non_null(first);
    assert_int_equal(mem_count(), 0);
    mem_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(gives_zeroed_memory),           UNIT_TEST(nothing_is_no_failure),
        UNIT_TEST(products_do_not_wrap),          UNIT_TEST(grows_and_copies),
        UNIT_TEST(the_nth_and_all_after_it_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
