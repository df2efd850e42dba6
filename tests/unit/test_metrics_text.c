/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_metrics_text.c - numbers in Prometheus' text format, byte for byte
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "milter/metrics_text.h"

static const unsigned long long limits_ms[] = {1, 50, 2000};
static const unsigned long long within[] = {0, 2, 3};
static const struct helo_histogram times = {
    .buckets = 3, .limits_ms = limits_ms, .within = within, .sum_ms = 12034};

static const struct row {
    const char *name;
    struct helo_counter counters[3]; /* up to the first without a name */
    const char *want;
} rows[] = {
    {"nothing", {{0}}, ""},
    {"what only grows",
     {{.name = "hits", .help = "h", .kind = HELO_COUNTER, .value = 18446744073709551615ull}},
     "# HELP milter_helo_hits_total h\n"
     "# TYPE milter_helo_hits_total counter\n"
     "milter_helo_hits_total 18446744073709551615\n"},
    {"what comes and goes",
     {{.name = "bytes", .help = "memory they take", .kind = HELO_GAUGE, .value = 7}},
     "# HELP milter_helo_bytes memory they take\n"
     "# TYPE milter_helo_bytes gauge\n"
     "milter_helo_bytes 7\n"},
    {"one head for a name, another for the next",
     {{.name = "a", .help = "h", .kind = HELO_GAUGE, .value = 1, .labels = {{"k", "x"}}},
      {.name = "a", .help = "h", .kind = HELO_GAUGE, .value = 2, .labels = {{"k", "y"}}},
      {.name = "ab", .help = "i", .kind = HELO_GAUGE, .value = 3}},
     "# HELP milter_helo_a h\n"
     "# TYPE milter_helo_a gauge\n"
     "milter_helo_a{k=\"x\"} 1\n"
     "milter_helo_a{k=\"y\"} 2\n"
     "# HELP milter_helo_ab i\n"
     "# TYPE milter_helo_ab gauge\n"
     "milter_helo_ab 3\n"},
    {"two labels, one of them without a value",
     {{.name = "a", .help = "h", .kind = HELO_GAUGE, .labels = {{"k", ""}, {"l", NULL}}}},
     "# HELP milter_helo_a h\n"
     "# TYPE milter_helo_a gauge\n"
     "milter_helo_a{k=\"\",l=\"\"} 0\n"},
    {"whatever a value holds",
     {{.name = "a",
       .help = "h",
       .kind = HELO_GAUGE,
       .labels = {{"k", "a\"b\\c\nd"}, {"l", "\xc3\xbc\xff\x01\x7f{}=,~ "}}}},
     "# HELP milter_helo_a h\n"
     "# TYPE milter_helo_a gauge\n"
     "milter_helo_a{k=\"a\\\"b\\\\c\\\\x0Ad\","
     "l=\"\\\\xC3\\\\xBC\\\\xFF\\\\x01\\\\x7F{}=,~ \"} 0\n"},
    {"durations in seconds",
     {{.name = "wait",
       .help = "h",
       .kind = HELO_HISTOGRAM,
       .value = 5,
       .labels = {{"k", "x"}},
       .histogram = &times}},
     "# HELP milter_helo_wait_seconds h\n"
     "# TYPE milter_helo_wait_seconds histogram\n"
     "milter_helo_wait_seconds_bucket{k=\"x\",le=\"0.001\"} 0\n"
     "milter_helo_wait_seconds_bucket{k=\"x\",le=\"0.05\"} 2\n"
     "milter_helo_wait_seconds_bucket{k=\"x\",le=\"2\"} 3\n"
     "milter_helo_wait_seconds_bucket{k=\"x\",le=\"+Inf\"} 5\n"
     "milter_helo_wait_seconds_sum{k=\"x\"} 12.034\n"
     "milter_helo_wait_seconds_count{k=\"x\"} 5\n"},
};

static void rows_to_text(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        char *made = NULL;
        size_t size = 0;
        struct mh_metrics_text text = {.out = open_memstream(&made, &size), .last = ""};

        assert_non_null(text.out);
        for (size_t i = 0; i < UNIT_COUNT(r->counters) && r->counters[i].name != NULL; i++)
            mh_metrics_text_row(&text, &r->counters[i]);
        assert_int_equal(fclose(text.out), 0);
        UNIT_EXPECT_TEXT(made, r->want);
        free(made);
    }
}

static const struct number_row {
    const char *name;
    double value;
    const char *want;
} number_rows[] = {
    {"a whole number", 4294967296.0, "4294967296"},
    {"a time", 1795324874.438, "1795324874.438"},
    {"nothing", 0, "0"},
    {"some ms", 0.011, "0.011"},
};

static void numbers(void **state)
{
    (void)state;
    UNIT_EACH(const struct number_row, r, number_rows) {
        char *made = NULL;
        char want[256];
        size_t size = 0;
        struct mh_metrics_text text = {.out = open_memstream(&made, &size), .last = ""};

        assert_non_null(text.out);
        mh_metrics_text_number(&text, "x_seconds", "h", HELO_COUNTER, r->value);
        assert_int_equal(fclose(text.out), 0);
        (void)snprintf(want, sizeof want,
                       "# HELP milter_helo_x_seconds_total h\n"
                       "# TYPE milter_helo_x_seconds_total counter\n"
                       "milter_helo_x_seconds_total %s\n",
                       r->want);
        UNIT_EXPECT_TEXT(made, want);
        free(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(rows_to_text), UNIT_TEST(numbers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
