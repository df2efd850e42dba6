/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_rate.c - which decisions are logged when there are too many
 *
 * PURPOSE  Stories with the time passed in: a quiet server loses no line, a flood of accepted
 *          clients no refusal, and a flood from one client nobody else's.
 */
#include "unit/unit.h"

#include "log_rate.h"

enum { RATE = 1000, MS = 1000 }; /* a second */

static struct mh_rate rate;

static void begin(uint64_t per_second)
{
    memset(&rate, 0, sizeof(rate));
    mh_rate_set(&rate, per_second, 5000);
}

/* How many of `times` lines of that kind are let through, all at one moment. */
static unsigned take(unsigned times, bool refusal, uint32_t client, uint64_t now_ms)
{
    unsigned taken = 0;

    for (unsigned i = 0; i < times; i++)
        taken += mh_rate_take(&rate, refusal, client, now_ms);
    return taken;
}

static void off_means_all(void **state)
{
    (void)state;
    begin(0);
    assert_int_equal(take(100000, false, 1, 5000), 100000);
}

/* What one moment may write, of each kind, from a full bucket. */
static const struct burst_row {
    const char *name;
    uint64_t per_second;
    bool refusal;
    unsigned clients;
    unsigned want;
} burst_rows[] = {
    {"accepted: half", RATE, false, 1, RATE / 2},
    {"accepted, many clients: half", RATE, false, 300, RATE / 2},
    {"refusals of one: as if accepted, its share among them", RATE, true, 1, RATE / 2},
    {"refusals of three: no more than their shares can take", RATE, true, 3, RATE / 2},
    {"refusals of five: all of their shares", RATE, true, 5, 5 * RATE / 8},
    {"refusals of many: all", RATE, true, 300, RATE},
    {"a small rate, accepted", 1, false, 1, MH_RATE_BURST_MIN / 2},
    {"a small rate, refusals of many", 1, true, 300, MH_RATE_BURST_MIN},
    {"the largest rate", 1000000, true, 300, 1000000},
};

static void bursts(void **state)
{
    (void)state;
    UNIT_EACH(const struct burst_row, r, burst_rows) {
        unsigned taken = 0;

        begin(r->per_second);
        for (unsigned i = 0; i < 2 * r->per_second + 1000; i++)
            taken += mh_rate_take(&rate, r->refusal, i % r->clients, 5000);
        UNIT_EXPECT_INT(taken, r->want);
    }
}

/* A minute of it, a line each ms and client. */
static void reserve_outlasts_a_flood(void **state)
{
    unsigned accepted = 0, refused = 0;

    (void)state;
    begin(RATE);
    for (uint64_t ms = 5000; ms < 5000 + 60 * MS; ms++) {
        accepted += take(50, false, 1, ms);
        if (ms % 10 == 0)
            refused += take(1, true, (uint32_t)(ms / 10), ms); /* many clients, 100 a second */
    }
    assert_int_equal(refused, 6000);
    /* And the rest of the rate is not thrown away. */
    assert_in_range(accepted, (RATE - 100) * 60, (RATE - 100) * 60 + RATE / 2);
}

static void one_client_hides_nobody_else(void **state)
{
    unsigned flood = 0, others = 0;

    (void)state;
    begin(RATE);
    for (uint64_t ms = 5000; ms < 5000 + 60 * MS; ms++) {
        flood += take(50, true, 7, ms);
        if (ms % 2 == 0)
            others += take(1, true, 100 + (uint32_t)(ms / 2 % 200), ms); /* 500 a second */
    }
    assert_int_equal(others, 30000);
    assert_in_range(flood, (RATE - 500) * 60, (RATE - 500) * 60 + RATE);
}

/* Within the rate nothing is lost, however small it is, and whatever the steps of time are. */
static void steady_rate_loses_nothing(void **state)
{
    static const struct {
        uint64_t per_second, step_ms;
    } rows[] = {{1, 1000}, {3, 334}, {1000, 1}, {7, 143}, {1, 1000000}};

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        begin(rows[i].per_second);
        (void)take(2000, false, 1, 5000); /* nothing in store */
        for (uint64_t n = 1; n <= 500; n++)
            assert_int_equal(take(1, false, 1, 5000 + n * rows[i].step_ms), 1);
    }
}

/* Small steps add up: what a share gets each ms, at one line a second, is an 8000th of one. */
static void nothing_is_rounded_away(void **state)
{
    (void)state;
    begin(1);
    assert_int_equal(take(100, false, 1, 5000), MH_RATE_BURST_MIN / 2);
    assert_int_equal(take(100, true, 2, 5000), 2);
    for (uint64_t ms = 5001; ms < 5000 + 8 * MS; ms++)
        (void)mh_rate_take(&rate, true, 2, ms);
    /* After eight seconds the share has one again. */
    assert_int_equal(take(1, true, 2, 5000 + 8 * MS), 1);
}

static void time_may_stand_still_or_jump(void **state)
{
    (void)state;
    begin(RATE);
    (void)take(5000, false, 1, 5000);
    assert_int_equal(take(1, false, 1, 4000), 0);                /* back */
    assert_int_equal(take(5000, false, 1, UINT64_MAX / 2), 500); /* for ages: full, and no more */
}

static void reload_with_the_same_rate_changes_nothing(void **state)
{
    (void)state;
    begin(RATE);
    (void)take(5000, false, 1, 5000);
    mh_rate_set(&rate, RATE, 5000);
    assert_int_equal(take(1, false, 1, 5000), 0);
    mh_rate_set(&rate, 10 * RATE, 5000);
    assert_int_equal(take(6000, false, 1, 5000), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(off_means_all),
        UNIT_TEST(bursts),
        UNIT_TEST(reserve_outlasts_a_flood),
        UNIT_TEST(one_client_hides_nobody_else),
        UNIT_TEST(steady_rate_loses_nothing),
        UNIT_TEST(nothing_is_rounded_away),
        UNIT_TEST(time_may_stand_still_or_jump),
        UNIT_TEST(reload_with_the_same_rate_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
