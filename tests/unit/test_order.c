/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_order.c - dns/order.h: which of several name servers is asked first
 */
#include "unit/unit.h"

#include "dns/order.h"

enum { MINUTE = 60 * 1000, STEPS = 12 };

/* What happens, in order. */
enum kind {
    END,
    TIMELY,
    LATE,
    SLOW,
    FAILED,
    FORMER,
    REFUSED,
    FAILS,
    TRIED,
    TRIED_FAILS,
    HOME,
    BACK
};

struct step {
    enum kind kind;
    unsigned n;    /* LATE (a probe), SLOW (not): timeouts; TRIED: silent ones */
    unsigned sent; /* when it was asked, for answers */
    unsigned now;
};

static const struct row {
    const char *name;
    const char *servers;
    struct step steps[STEPS];
    const char *want;
} rows[] = {
    {"nothing happened", "a,b,c", {{END}}, "a,b,c"},
    {"answers in time", "a,b", {{TIMELY, 0, 0, 5}, {TIMELY, 0, 6, 9}}, "a,b"},
    {"the first is silent", "a,b", {{LATE, 1, 0, 1000}}, "b,a"},
    {"two are silent", "a,b,c", {{LATE, 2, 0, 2000}}, "c,a,b"},
    {"all were asked, and the first again", "a,b", {{LATE, 2, 0, 2000}}, "b,a"},
    {"one server", "a", {{LATE, 1, 0, 1000}, {REFUSED}}, "a"},
    {"a slow zone: others came in time", "a,b", {{TIMELY, 0, 100, 105}, {LATE, 1, 0, 1500}}, "a,b"},
    {"it was in time, and then fell silent",
     "a,b",
     {{TIMELY, 0, 100, 105}, {LATE, 1, 200, 1200}},
     "b,a"},
    {"what was asked of a former order says nothing",
     "a,b",
     {{LATE, 1, 0, 1000}, {FORMER, 1, 0, 1001}, {FORMER, 1, 0, 1002}},
     "b,a"},
    {"back, for the other is silent, too",
     "a,b",
     {{LATE, 1, 0, 1000}, {LATE, 1, 1001, 2001}, {LATE, 1, 1002, 2002}, {LATE, 1, 1003, 2003}},
     "a,b"},
    {"not at once: it was bad a moment ago",
     "a,b",
     {{LATE, 1, 0, 1000}, {LATE, 1, 1001, 2001}, {LATE, 1, 1002, 2002}},
     "b,a"},
    {"an answer in time begins a new row",
     "a,b",
     {{LATE, 1, 0, 1000},
      {LATE, 1, 1001, 2001},
      {LATE, 1, 1002, 2002},
      {TIMELY, 0, 2100, 2101},
      {LATE, 1, 2200, 3200},
      {LATE, 1, 2200, 3200}},
     "b,a"},
    {"long ago is forgotten",
     "a,b",
     {{LATE, 1, 0, 1000}, {LATE, 1, MINUTE + 1000, MINUTE + 2000}},
     "a,b"},
    {"the first refuses everything",
     "a,b",
     {{REFUSED}, {REFUSED}, {REFUSED}, {REFUSED}, {REFUSED}},
     "b,a"},
    {"a zone that the first says SERVFAIL to",
     "a,b",
     {{FAILS}, {FAILS}, {FAILS}, {FAILS}, {FAILS}, {FAILS}, {TRIED, 0}, {FAILS}},
     "a,b"},
    {"neither is an answer to ours",
     "a,b",
     {{FAILS}, {FAILS}, {FAILS}, {FAILS}, {FAILS}, {TRIED_FAILS, 0}},
     "b,a"},
    {"SERVFAIL now and then",
     "a,b",
     {{FAILS}, {FAILS}, {FAILS}, {FAILS}, {TIMELY}, {FAILS}},
     "a,b"},
    {"both counts are their own",
     "a,b",
     {{FAILS}, {FAILS}, {FAILS}, {FAILS}, {REFUSED}, {REFUSED}, {REFUSED}, {REFUSED}},
     "a,b"},
    {"a slow name: the first answers ours",
     "a,b",
     {{SLOW, 1, 0, 1000}, {TRIED, 0, 0, 1005}},
     "a,b"},
    {"then what was asked before says no more",
     "a,b",
     {{SLOW, 1, 0, 1000}, {TRIED, 0, 0, 1005}, {LATE, 1, 900, 1900}},
     "a,b"},
    {"a slow name alone decides nothing", "a,b", {{SLOW, 1, 0, 1000}, {SLOW, 1, 0, 1000}}, "a,b"},
    {"nor does the first answer ours", "a,b", {{SLOW, 1, 0, 1000}, {TRIED, 1, 0, 1900}}, "b,a"},
    {"ours finds SERVFAIL, which is no silence",
     "a,b",
     {{SLOW, 1, 0, 1000}, {TRIED_FAILS, 0, 0, 1005}},
     "a,b"},
    {"two suspects, one is silent", "a,b,c", {{SLOW, 2, 0, 2000}, {TRIED, 1, 0, 2500}}, "b,c,a"},
    {"two suspects are silent", "a,b,c", {{SLOW, 2, 0, 2000}, {TRIED, 8, 0, 2900}}, "c,a,b"},
    {"nobody was suspected", "a,b", {{TRIED, 1, 0, 1}}, "a,b"},
    {"back home, and it is known that the next one was bad",
     "a,b",
     {{LATE, 1, 0, 1000},
      {LATE, 1, 1001, 2001},
      {LATE, 1, 1001, 2002},
      {LATE, 1, 1001, 2003},
      {LATE, 1, 2100, 3100}},
     "a,b"},
    {"and by ours, too",
     "a,b,c",
     {{LATE, 1, 0, 1000}, {LATE, 1, 1001, 2001}, {BACK, 1, 0, 3000}, {LATE, 1, 3001, 4001}},
     "a,b,c"},
    {"the first refuses some",
     "a,b",
     {{REFUSED}, {REFUSED}, {REFUSED}, {REFUSED}, {TIMELY}, {REFUSED}, {REFUSED}},
     "a,b"},
    {"a refusal in time is no answer",
     "a,b",
     {{REFUSED}, {REFUSED}, {REFUSED}, {REFUSED}, {FAILED}, {REFUSED}},
     "b,a"},
    {"home is asked after a minute", "a,b", {{LATE, 1, 0, 1000}, {HOME, 1, 0, 61000}}, "b,a"},
    {"not earlier", "a,b", {{LATE, 1, 0, 1000}, {HOME, 0, 0, 60999}}, "b,a"},
    {"and then not for a minute",
     "a,b",
     {{LATE, 1, 0, 1000}, {HOME, 1, 0, 61000}, {HOME, 0, 0, 61001}, {HOME, 1, 0, 121000}},
     "b,a"},
    {"it answers", "a,b,c", {{LATE, 1, 0, 1000}, {BACK, 1, 0, 61010}}, "a,b,c"},
    {"who is at home need not be asked", "a,b", {{HOME, 0, 0, MINUTE}, {BACK, 0, 0, 1}}, "a,b"},
};

static void take_step(struct order *order, const struct step *step)
{
    unsigned epoch = step->kind == FORMER ? order->epoch - 1 : order->epoch;
    struct order_report report = {.epoch = epoch,
                                  .timeouts = step->n,
                                  .sent_ms = step->sent,
                                  .served = step->kind != FAILED,
                                  .probe = step->kind == LATE || step->kind == FORMER};

    if (step->kind == REFUSED || step->kind == FAILS)
        (void)order_passed(order, epoch, step->kind == REFUSED, step->now);
    else if (step->kind == TRIED || step->kind == TRIED_FAILS)
        (void)order_tried(order, epoch, step->n, step->kind == TRIED, step->now);
    else if (step->kind == HOME)
        UNIT_EXPECT_INT(order_wants_home(order, step->now), step->n);
    else if (step->kind == BACK)
        UNIT_EXPECT_INT(order_go_home(order, step->now), step->n);
    else
        (void)order_answered(order, &report, step->now);
}

static void last_good_first(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct order order = {.count = 0};
        char line[ORDER_LINE], home[ORDER_TEXT];
        unsigned epoch;

        UNIT_EXPECT_INT(order_set(&order, r->servers, 0), ORDER_NEW);
        epoch = order.epoch;
        for (const struct step *s = r->steps; s < r->steps + STEPS && s->kind != END; s++)
            take_step(&order, s);
        order_line(&order, 0, line);
        UNIT_EXPECT_TEXT(line, r->want);
        UNIT_EXPECT(strcmp(r->want, r->servers) == 0 || order.epoch != epoch);
        order_home_server(&order, home);
        UNIT_EXPECT_TEXT(home, "a");
    }
}

static void lines_begin_anywhere(void **state)
{
    struct order order = {.count = 0};
    char line[ORDER_LINE];

    (void)state;
    (void)order_set(&order, "192.0.2.1:53,[2001:db8::1]:53,192.0.2.3:5353", 0);
    order_line(&order, 1, line);
    UNIT_EXPECT_TEXT(line, "[2001:db8::1]:53,192.0.2.3:5353,192.0.2.1:53");
    order_line(&order, 5, line);
    UNIT_EXPECT_TEXT(line, "192.0.2.3:5353,192.0.2.1:53,[2001:db8::1]:53");
}

/* The same list again changes nothing, whatever the order of the moment is; another one does. */
static void servers_are_set(void **state)
{
    struct order order = {.count = 0};
    const struct order_report late = {.timeouts = 1, .probe = true};
    struct order_report report = late;
    char line[ORDER_LINE];

    (void)state;
    UNIT_EXPECT_INT(order_set(&order, "a,b", 0), ORDER_NEW);
    report.epoch = order.epoch;
    UNIT_EXPECT(order_answered(&order, &report, 1000));
    UNIT_EXPECT_INT(order_set(&order, "a,b", 2000), ORDER_SAME);
    order_line(&order, 0, line);
    UNIT_EXPECT_TEXT(line, "b,a");
    UNIT_EXPECT_INT(order_set(&order, "b,a", 2000), ORDER_NEW);
    order_line(&order, 0, line);
    UNIT_EXPECT_TEXT(line, "b,a");
    report.epoch = order.epoch;
    UNIT_EXPECT(order_answered(&order, &report, 3000)); /* nothing is known of these */
}

/* More than fit, and longer than they may be. */
static void too_much_is_left_out(void **state)
{
    struct order order = {.count = 0};
    char line[ORDER_LINE], text[3 * ORDER_TEXT];

    (void)state;
    (void)order_set(&order, "1,2,3,4,5,6,7,8,9,10", 0);
    order_line(&order, 0, line);
    UNIT_EXPECT_TEXT(line, "1,2,3,4,5,6,7,8");
    memset(text, 'x', sizeof text);
    memcpy(text, "a,", 2);
    memcpy(text + sizeof text - 3, ",b", 3);
    (void)order_set(&order, text, 0);
    order_line(&order, 0, line);
    UNIT_EXPECT_TEXT(line, "a,b");
    memset(text, 'x', ORDER_TEXT);
    text[ORDER_TEXT] = '\0';
    UNIT_EXPECT_INT(order_set(&order, text, 0), ORDER_NONE); /* nothing is left: as it was */
    UNIT_EXPECT_INT(order_set(&order, "", 0), ORDER_NONE);
    UNIT_EXPECT_INT(order_set(&order, ",", 0), ORDER_NONE);
    order_line(&order, 0, line);
    UNIT_EXPECT_TEXT(line, "a,b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(last_good_first),
        UNIT_TEST(lines_begin_anywhere),
        UNIT_TEST(servers_are_set),
        UNIT_TEST(too_much_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
