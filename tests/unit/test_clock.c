/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_clock.c - base/clock.h
 */
#include "unit/unit.h"

#include "base/clock.h"

static const struct date_row {
    const char *name;
    const char *in;
    int64_t days;
} date_rows[] = {
    {"epoch", "1970-01-01", 0},
    {"second day", "1970-01-02", 1},
    {"first of March, no leap year", "1970-03-01", 59},
    {"29 February", "1972-02-29", 789},
    {"first of March, leap year", "1972-03-01", 790},
    {"2000 is a leap year", "2000-02-29", 11016},
    {"end of 1999", "1999-12-31", 10956},
    {"2026-11-21", "2026-11-21", 20778},
    {"after 2038", "2038-01-20", 24856},
    {"2100 is no leap year: last of February", "2100-02-28", 47540},
    {"2100 is no leap year: first of March", "2100-03-01", 47541},
    {"last", "9999-12-31", 2932896},
    {"2100-02-29", "2100-02-29", -1},
    {"2023-02-29", "2023-02-29", -1},
    {"before the epoch", "1969-12-31", -1},
    {"month 0", "2026-00-01", -1},
    {"month 13", "2026-13-01", -1},
    {"day 0", "2026-01-00", -1},
    {"31 April", "2026-04-31", -1},
    {"day 32", "2026-01-32", -1},
    {"empty", "", -1},
    {"short year", "26-01-01", -1},
    {"one digit", "2026-1-01", -1},
    {"text behind", "2026-01-01x", -1},
    {"time behind", "2026-01-01T00:00:00Z", -1},
    {"slashes", "2026/01/01", -1},
    {"sign", "2026-+1-01", -1},
    {"blank", "2026- 1-01", -1},
    {"letters", "yyyy-mm-dd", -1},
};

static void parses_dates(void **state)
{
    (void)state;
    UNIT_EACH(const struct date_row, r, date_rows) {
        UNIT_EXPECT_INT(clock_parse_date(r->in), r->days);
    }
}

static void time_goes_on(void **state)
{
    uint64_t first = clock_now_ms();

    (void)state;
    assert_true(clock_now_ms() >= first);
    assert_true(clock_today() > clock_parse_date("2023-01-01"));
}

static void turns_into_timespec(void **state)
{
    struct timespec t = clock_timespec(1999);

    (void)state;
    assert_int_equal(t.tv_sec, 1);
    assert_int_equal(t.tv_nsec, 999000000);
    t = clock_timespec(0);
    assert_int_equal(t.tv_sec, 0);
    assert_int_equal(t.tv_nsec, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(parses_dates),
        UNIT_TEST(time_goes_on),
        UNIT_TEST(turns_into_timespec),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
