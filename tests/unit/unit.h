/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unit.h - what all unit tests share: tables of named rows, and failing allocations
 *
 * PURPOSE  Let a test be a table. Every row is run, every row that fails is named, and the test
 *          fails at the end of the table. Include it in the file of a test that has the tables, in
 *          place of cmocka.h.
 *
 * RECIPES
 *   A table; each row has a member `name`:
 *       static const struct row { const char *name; const char *in; int want; } rows[] = {{"empty",
 *       "", 0}, ...}; static void parses(void **state)
 *       {
 *           (void)state;
 *           UNIT_EACH(const struct row, r, rows) {
 *               UNIT_EXPECT_INT(parse(r->in), r->want);
 *           }
 *       }
 *       int main(void)
 *       {
 *           const struct CMUnitTest tests[] = {UNIT_TEST(parses)};
 *           return cmocka_run_group_tests(tests, NULL, NULL);
 *       }
 *   The n-th allocation fails, for every n; `load` returns true when it succeeded and false when it
 *   reported a lack of memory, and has freed everything either way (leaks are AddressSanitizer's
 *       business): static bool load(void *arg) { ... }
 *       unit_each_fault(load, arg);
 *
 * CONTRACT UNIT_EXPECT*() note a failure and go on; cmocka's assert_*() end the test, and its row
 *          is named, too. The loop of UNIT_EACH is left at its end only: no break, no return.
 * THREADS  the state here belongs to the thread that runs the tests.
 */
#ifndef HELO_TESTS_UNIT_H
#define HELO_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* More allocations than this in one body is a loop without end. */
enum { UNIT_MAX_FAULTS = 100000 };

static struct unit {
    const char *row; /* being run, or NULL */
    unsigned failed; /* expectations of this test */
} unit_now;

/* ---- rows ------------------------------------------------------------------------------------ */

#define UNIT_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Runs the block for each row of an array, as `type *row`. */
#define UNIT_EACH(type, row, table) \
    for (type *row = (table);       \
         row < (table) + UNIT_COUNT(table) ? unit_enter(row->name) : unit_leave(); row++)

static inline bool unit_enter(const char *row)
{
    unit_now.row = row;
    return true;
}

static inline bool unit_leave(void)
{
    unsigned failed = unit_now.failed;

    unit_now = (struct unit){0};
    if (failed != 0)
        fail_msg("%u expectation(s) not met, see above", failed);
    return false;
}

/* ---- expectations ---------------------------------------------------------------------------- */

#define UNIT_EXPECT(condition) unit_expect((condition), #condition, __FILE__, __LINE__)
#define UNIT_EXPECT_INT(got, want) \
    unit_expect_int((intmax_t)(got), (intmax_t)(want), #got, __FILE__, __LINE__)
/* NULL equals NULL only. */
#define UNIT_EXPECT_TEXT(got, want) unit_expect_text((got), (want), #got, __FILE__, __LINE__)

static inline void unit_note(const char *file, int line)
{
    unit_now.failed++;
    print_error("%s:%d: row \"%s\": ", file, line, unit_now.row != NULL ? unit_now.row : "-");
}

static inline bool unit_expect(bool met, const char *what, const char *file, int line)
{
    if (!met) {
        unit_note(file, line);
        print_error("not so: %s\n", what);
    }
    return met;
}

static inline bool unit_expect_int(intmax_t got, intmax_t want, const char *what, const char *file,
                                   int line)
{
    if (got != want) {
        unit_note(file, line);
        print_error("%s is %jd, expected %jd\n", what, got, want);
    }
    return got == want;
}

static inline bool unit_expect_text(const char *got, const char *want, const char *what,
                                    const char *file, int line)
{
    bool met = got == NULL || want == NULL ? got == want : strcmp(got, want) == 0;

    if (!met) {
        unit_note(file, line);
        print_error("%s is \"%s\", expected \"%s\"\n", what, got != NULL ? got : "(null)",
                    want != NULL ? want : "(null)");
    }
    return met;
}

/* ---- around each test ------------------------------------------------------------------------ */

#define UNIT_TEST(function) cmocka_unit_test_setup_teardown(function, unit_setup, unit_teardown)

static inline int unit_setup(void **state)
{
    (void)state;
    unit_now = (struct unit){0};
    return 0;
}

/* Fails the test that noted failures outside a table; names the row that an assert_*() left. */
static inline int unit_teardown(void **state)
{
    (void)state;
    mem_fail_after(0);
    if (unit_now.row != NULL)
        print_error("the row was \"%s\"\n", unit_now.row);
    return unit_now.failed == 0 ? 0 : -1;
}

/* ---- allocation faults ----------------------------------------------------------------------- */

/* true when body had a success although an allocation of it had failed. */
static inline bool unit_fault_at(unsigned long n, bool (*body)(void *arg), void *arg, bool *reached)
{
    bool success;

    mem_fail_after(n);
    success = body(arg);
    *reached = mem_count() >= n;
    mem_fail_after(0);
    if (!*reached && !success)
        fail_msg("the body fails without a fault (allocation %lu was not reached)", n);
    return success && *reached;
}

/* Every failed allocation must be reported. */
static inline void unit_each_fault(bool (*body)(void *arg), void *arg)
{
    bool reached = true;

    for (unsigned long n = 1; reached; n++) {
        assert_true(n < UNIT_MAX_FAULTS);
        if (unit_fault_at(n, body, arg, &reached))
            fail_msg("allocation %lu failed, and nobody reported it", n);
    }
}

/* A failed allocation may be made good (a cache that does not store); only crashes and leaks are
 * found. */
static inline void unit_each_fault_tolerated(bool (*body)(void *arg), void *arg)
{
    bool reached = true;

    for (unsigned long n = 1; reached; n++) {
        assert_true(n < UNIT_MAX_FAULTS);
        (void)unit_fault_at(n, body, arg, &reached);
    }
}

#endif /* HELO_TESTS_UNIT_H */
