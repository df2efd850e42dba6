/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_stamp.c - time stamps of logs
 */
#include <stdlib.h>
#include <time.h>

#include "tools/log/stamp.h"
#include "unit.h"

/* 22 November 2026, 12:00 UTC. */
static const long long now_s = 1795348800;

static const struct row {
    const char *name;
    const char *zone; /* TZ */
    const char *text; /* the rest of a line is behind it */
    size_t used;
    enum stamp_form form;
    long long want;
} rows[] = {
    {"BSD", "UTC0", "Nov 22 04:53:13 mx", 15, STAMP_BSD, 1795323193},
    {"BSD, a day of one digit", "UTC0", "Nov  2 04:53:13 mx", 15, STAMP_BSD, 1793595193},
    {"BSD, with a fraction", "UTC0", "Nov 22 04:53:13.123456 mx", 22, STAMP_BSD, 1795323193},
    {"BSD, local time", "CET-1CEST,M3.5.0,M10.5.0/3", "Nov 22 05:53:13 mx", 15, STAMP_BSD,
     1795323193},
    {"BSD, summer", "CET-1CEST,M3.5.0,M10.5.0/3", "Jul  1 12:00:00 mx", 15, STAMP_BSD, 1782900000},
    {"BSD, December, read in November, is of last year", "UTC0", "Dec 31 23:59:59 mx", 15,
     STAMP_BSD, 1767225599},
    {"BSD, later on the same day: a clock that is ahead", "UTC0", "Nov 22 23:00:00 mx", 15,
     STAMP_BSD, 1795388400},
    {"BSD, tomorrow by more than a day is last year", "UTC0", "Nov 24 04:53:13 mx", 15, STAMP_BSD,
     1763959993},
    {"BSD, 29 February is of a leap year", "UTC0", "Feb 29 12:00:00 mx", 15, STAMP_BSD, 1709208000},
    {"BSD, 30 February is none", "UTC0", "Feb 30 12:00:00 mx", 0, STAMP_NONE, 0},
    {"BSD, no such month", "UTC0", "Nox 22 04:53:13 mx", 0, STAMP_NONE, 0},
    {"BSD, no such hour", "UTC0", "Nov 22 24:53:13 mx", 0, STAMP_NONE, 0},
    {"BSD, cut", "UTC0", "Nov 22 04:53", 0, STAMP_NONE, 0},
    {"ISO, Z", "UTC0", "2026-11-22T04:53:13Z mx", 20, STAMP_ISO, 1795323193},
    {"ISO, rsyslog", "UTC0", "2026-11-22T05:53:13.123456+01:00 mx", 32, STAMP_ISO, 1795323193},
    {"ISO, journalctl", "UTC0", "2026-11-21T23:53:13-0500 mx", 24, STAMP_ISO, 1795323193},
    {"ISO, half an hour", "UTC0", "2026-11-22T10:23:13+0530 mx", 24, STAMP_ISO, 1795323193},
    {"ISO, comma", "UTC0", "2026-11-22T04:53:13,5Z mx", 22, STAMP_ISO, 1795323193},
    {"ISO, no zone: local time", "EST5", "2026-11-21T23:53:13 mx", 19, STAMP_ISO, 1795323193},
    {"ISO, before 1970", "UTC0", "1969-12-31T23:59:59Z mx", 20, STAMP_ISO, -1},
    {"ISO, 29 February 2000", "UTC0", "2000-02-29T00:00:00Z mx", 20, STAMP_ISO, 951782400},
    {"ISO, month 13", "UTC0", "2026-13-22T04:53:13Z mx", 0, STAMP_NONE, 0},
    {"Exim", "UTC0", "2026-11-22 04:53:13 1xUzuc", 19, STAMP_EXIM, 1795323193},
    {"Exim, milliseconds", "UTC0", "2026-11-22 04:53:13.123 1xUzuc", 23, STAMP_EXIM, 1795323193},
    {"Exim, zone", "UTC0", "2026-11-22 05:53:13.123 +0100 1xUzuc", 29, STAMP_EXIM, 1795323193},
    {"Exim, local time", "EST5", "2026-11-21 23:53:13 1xUzuc", 19, STAMP_EXIM, 1795323193},
    {"journalctl -o short-unix", "UTC0", "1795323193.123456 mx", 17, STAMP_UNIX, 1795323193},
    {"journalctl -o short-full", "CET-1", "Sun 2026-11-22 04:53:13 UTC mx", 27, STAMP_FULL,
     1795323193},
    {"journalctl -o short-full, local time", "CET-1", "Sun 2026-11-22 05:53:13 CET mx", 27,
     STAMP_FULL, 1795323193},
    {"a number", "UTC0", "1795323193 mx", 0, STAMP_NONE, 0},
    {"nothing", "UTC0", "", 0, STAMP_NONE, 0},
};

static void set_zone(const char *zone)
{
    assert_int_equal(setenv("TZ", zone, 1), 0);
    tzset();
}

static void is_read(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct stamp_clock clock;
        enum stamp_form form = STAMP_NONE;
        long long time_s = 0;

        set_zone(r->zone);
        stamp_init(&clock, now_s);
        /* Twice: the second time the hour is known. */
        for (int i = 0; i < 2; i++) {
            UNIT_EXPECT_INT(stamp_read(&clock, r->text, strlen(r->text), &form, &time_s), r->used);
            UNIT_EXPECT_INT(form, r->form);
            UNIT_EXPECT_INT(time_s, r->want);
        }
    }
    set_zone("UTC0");
}

/* Cut anywhere, a stamp is whole or none, and nothing behind its end is read. */
static void is_bounded(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        for (size_t length = 0; length <= strlen(r->text); length++) {
            char *exact = malloc(length + 1);
            struct stamp_clock clock;
            enum stamp_form form;
            long long time_s;
            size_t used;

            assert_non_null(exact);
            memcpy(exact, r->text, length);
            stamp_init(&clock, now_s);
            used = stamp_read(&clock, exact, length, &form, &time_s);
            UNIT_EXPECT(used <= length);
            free(exact);
        }
    }
}

/* The hour that is kept is of one reference alone, and not taken for another's. */
static void an_hour_is_kept(void **state)
{
    static const char *const lines[] = {"Nov 22 04:53:13", "Nov 22 04:00:00", "Nov 22 05:00:00",
                                        "2026-11-22 04:00:01", "Nov 22 04:00:02"};
    static const long long want[] = {1795323193, 1795320000, 1795323600, 1795320001, 1795320002};
    struct stamp_clock clock;

    (void)state;
    stamp_init(&clock, now_s);
    for (size_t i = 0; i < UNIT_COUNT(lines); i++) {
        enum stamp_form form;
        long long time_s = 0;

        assert_true(stamp_read(&clock, lines[i], strlen(lines[i]), &form, &time_s) > 0);
        assert_int_equal(time_s, want[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(is_read), UNIT_TEST(is_bounded),
                                       UNIT_TEST(an_hour_is_kept)};

    set_zone("UTC0");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
