/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_histogram.c - which bucket a duration belongs to
 */
#include "unit/unit.h"

#include <pthread.h>

#include "base/histogram.h"

/* How many of the 12 buckets have it in. */
static const struct row {
    const char *name;
    uint64_t ms;
    unsigned within;
} rows[] = {
    {"nothing at all", 0, 12},   {"the first limit", 1, 12},
    {"just past it", 2, 11},     {"between two", 3, 10},
    {"half a second", 500, 4},   {"just past that", 501, 3},
    {"the last limit", 5000, 1}, {"longer than all", 5001, 0},
    {"a day", 86400000, 0},      {"more than 32 bits", 1ull << 40, 0},
};

static unsigned count_within(const struct histogram_reading *reading)
{
    unsigned within = 0;

    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        assert_true(reading->within[i] <= 1);
        within += reading->within[i] == 1;
    }
    return within;
}

static void one_duration(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct histogram histogram = {0};
        struct histogram_reading reading;

        histogram_add(&histogram, r->ms);
        histogram_read(&histogram, &reading);
        UNIT_EXPECT_INT(count_within(&reading), r->within);
        UNIT_EXPECT_INT(reading.count, 1);
        UNIT_EXPECT(reading.sum_ms == r->ms);
    }
}

/* Limits go up, and a bucket has what the one before it has. */
static void many_durations(void **state)
{
    struct histogram histogram = {0};
    struct histogram_reading reading;
    struct helo_histogram row;
    unsigned long long sum = 0;

    (void)state;
    for (uint64_t ms = 0; ms <= 6000; ms += 7) {
        histogram_add(&histogram, ms);
        sum += ms;
    }
    histogram_read(&histogram, &reading);
    row = histogram_row(&reading);
    assert_int_equal(row.buckets, HISTOGRAM_BUCKETS);
    for (size_t i = 0; i < row.buckets; i++) {
        assert_int_equal(row.within[i], row.limits_ms[i] / 7 + 1);
        assert_true(i == 0 || row.limits_ms[i] > row.limits_ms[i - 1]);
    }
    assert_int_equal(reading.count, 6000 / 7 + 1);
    assert_true(row.sum_ms == sum);
}

enum { ROUNDS = 20000 };

static void *add_many(void *arg)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        histogram_add(arg, i % 7000);
    return NULL;
}

/* Nothing is lost among threads, and a reading made meanwhile agrees with itself. */
static void several_threads(void **state)
{
    struct histogram histogram = {0};
    struct histogram_reading reading;
    pthread_t threads[2];

    (void)state;
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &histogram), 0);
    do {
        histogram_read(&histogram, &reading);
        for (unsigned i = 1; i < HISTOGRAM_BUCKETS; i++)
            assert_true(reading.within[i] >= reading.within[i - 1]);
        assert_true(reading.count >= reading.within[HISTOGRAM_BUCKETS - 1]);
    } while (reading.count < 2 * ROUNDS);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(one_duration), UNIT_TEST(many_durations),
                                       UNIT_TEST(several_threads)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
