/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lanes_servers.c - dns/lanes.h with several servers, with probes, and with zones that are
 * dead
 */
#include "unit/unit.h"

#include "dns/order.h"
#include "unit/lanes_world.h"

enum { REFUSED = 0x8185, NXDOMAIN = 0x8183 };

/* The servers of the channel that was made last. */
static const char *newest(void)
{
    return world.channels[world.made - 1].servers;
}

/* Answers what flies on channels whose first server is this one. */
static size_t answer_as(struct lanes *lanes, const char *first, unsigned flags, uint64_t now_ms)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++) {
        struct channel *channel = &world.channels[i];

        if (strncmp(channel->servers, first, strlen(first)) != 0)
            continue;
        for (; channel->open && channel->count > 0; count++)
            answer_query(channel, 0, CHANNEL_ANSWERED, flags);
    }
    lanes_run(lanes, now_ms);
    return count;
}

static void add_probe(struct lanes *lanes, size_t i, uint64_t now_ms)
{
    lookups[i] =
        (struct dns_lookup){.question = {DNS_PTR, "1.0.0.127.in-addr.arpa"}, .probe = true};
    lanes_add(lanes, &lookups[i], now_ms);
    lanes_run(lanes, now_ms);
}

/* ---- another server ------------------------------------------------------------------------ */

static void the_next_server_is_asked(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    add(lanes, 0, 1, 0);
    UNIT_EXPECT_TEXT(newest(), "a,b");
    UNIT_EXPECT_INT(answer_as(lanes, "a", SERVFAIL, 0), 1);
    UNIT_EXPECT_INT(world.completed[0], 0);
    UNIT_EXPECT_TEXT(newest(), "b,a");
    UNIT_EXPECT_INT(answer_as(lanes, "b", NXDOMAIN, 0), 1);
    expect_all(1, DNS_NXDOMAIN);
    lanes_destroy(lanes);

    lanes = make_lanes("a,b"); /* nobody knows: what the first said */
    add(lanes, 0, 1, 0);
    (void)answer_as(lanes, "a", REFUSED, 0);
    (void)answer_as(lanes, "b", SERVFAIL, 0);
    expect_all(1, DNS_REFUSED);
    lanes_destroy(lanes);

    lanes = make_lanes("a,b"); /* nor does the second ever come back: the watchdog */
    add(lanes, 0, 1, 0);
    (void)answer_as(lanes, "a", REFUSED, 0);
    lanes_tick(lanes, WATCHDOG_MS + 1);
    expect_all(1, DNS_REFUSED);
    lanes_destroy(lanes);

    lanes = make_lanes("a,b"); /* or the end comes first */
    add(lanes, 0, 1, 0);
    (void)answer_as(lanes, "a", REFUSED, 0);
    lanes_destroy(lanes);
    expect_all(1, DNS_REFUSED);
}

/* A first server that refuses all is asked first a few times, and then no more. */
static void who_refuses_goes_last(void **state)
{
    struct lanes *lanes = make_lanes("a,b,c");
    size_t asked_a = 0;

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        add(lanes, i, 1, i);
        asked_a += answer_as(lanes, "a", REFUSED, i);
        UNIT_EXPECT_INT(answer_as(lanes, "b", NXDOMAIN, i), 1);
    }
    expect_all(100, DNS_NXDOMAIN);
    UNIT_EXPECT_INT(asked_a, ORDER_REFUSING);
    UNIT_EXPECT_TEXT(newest(), "b,c,a");
    lanes_destroy(lanes);
}

/* A thousand of them at once: the second server has a window of its own, and nobody is lost. */
static void many_are_passed_on(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    add(lanes, 0, 1000, 0);
    for (unsigned turn = 0; lanes_busy(lanes) && turn < 50; turn++) {
        (void)answer_as(lanes, "a", SERVFAIL, 0);
        UNIT_EXPECT(flying(CHANNEL_UDP) <= (size_t)2 * WINDOW);
        (void)answer_as(lanes, "b", SERVFAIL, 0);
    }
    expect_all(1000, DNS_SERVFAIL);
    UNIT_EXPECT(open_channels() <= 6);
    lanes_destroy(lanes);
}

static void one_server_is_asked_once(void **state)
{
    struct lanes *lanes = make_lanes("a");

    (void)state;
    add(lanes, 0, 10, 0);
    UNIT_EXPECT_INT(answer_as(lanes, "a", SERVFAIL, 0), 10);
    expect_all(10, DNS_SERVFAIL);
    lanes_destroy(lanes);
}

/* One timeout, and from then on none: what is new goes to the one that answers. */
static void who_is_silent_goes_last(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    add(lanes, 0, 10, 0);
    world.timeouts = 1;
    lanes_tick(lanes, 1000);
    UNIT_EXPECT_INT(answer_as(lanes, "a", NXDOMAIN, 1000), 10);
    world.timeouts = 0;
    UNIT_EXPECT_TEXT(newest(), "a"); /* a question of ours, alone */
    UNIT_EXPECT_INT(silence_all(lanes, CHANNEL_PROBE, 1000), 1);
    for (size_t i = 10; i < 30; i++) {
        add(lanes, i, 1, 1000);
        UNIT_EXPECT_INT(answer_as(lanes, "b", NXDOMAIN, 1000), 1);
    }
    expect_all(30, DNS_NXDOMAIN);

    /* A minute later the first one is tried with a question of ours, alone. */
    add(lanes, 30, 1, 61000);
    UNIT_EXPECT_INT(flying(CHANNEL_PROBE), 1);
    (void)answer_as(lanes, "b", NXDOMAIN, 61000);
    UNIT_EXPECT(lanes_busy(lanes));
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_PROBE, NXDOMAIN, 61000), 1);
    UNIT_EXPECT(!lanes_busy(lanes));
    add(lanes, 31, 1, 61000);
    UNIT_EXPECT_TEXT(newest(), "a,b");
    UNIT_EXPECT_INT(answer_as(lanes, "a", NXDOMAIN, 61000), 1);
    expect_all(32, DNS_NXDOMAIN);
    lanes_destroy(lanes);
}

/*
 * A name that the first server is silent about, or says SERVFAIL to, and another one answers: its
 * owner's doing. The first is asked a question of ours, answers, and stays.
 */
static void a_zone_moves_nobody(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        uint64_t now_ms = i * 10000 + 1000;
        bool slow = i < 20;

        add(lanes, i, 1, now_ms - 1000);
        lanes_tick(lanes, now_ms);
        world.timeouts = slow;
        (void)answer_as(lanes, "a", slow ? NXDOMAIN : SERVFAIL, now_ms);
        world.timeouts = 0;
        if (!slow)
            UNIT_EXPECT_INT(answer_as(lanes, "b", NXDOMAIN, now_ms), 1);
        if (slow || i % ORDER_REFUSING == ORDER_REFUSING - 1)
            UNIT_EXPECT_TEXT(newest(), "a");
        UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_PROBE, NXDOMAIN, now_ms),
                        slow || i % ORDER_REFUSING == ORDER_REFUSING - 1);
    }
    expect_all(40, DNS_NXDOMAIN);
    add(lanes, 40, 1, 500000);
    UNIT_EXPECT_INT(answer_as(lanes, "a,b", NXDOMAIN, 500000), 1);
    lanes_destroy(lanes);
}

/* It answers nothing but SERVFAIL, to ours as well. */
static void who_fails_goes_last(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    for (size_t i = 0; i < ORDER_REFUSING; i++) {
        add(lanes, i, 1, i);
        (void)answer_as(lanes, "a", SERVFAIL, i);
        (void)answer_as(lanes, "b", NXDOMAIN, i);
    }
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_PROBE, SERVFAIL, 10), 1);
    add(lanes, ORDER_REFUSING, 1, 10);
    UNIT_EXPECT_INT(answer_as(lanes, "b,a", NXDOMAIN, 10), 1);
    expect_all(ORDER_REFUSING + 1, DNS_NXDOMAIN);
    lanes_destroy(lanes);
}

/* Two are silent: one question of ours finds them both. */
static void two_suspects(void **state)
{
    struct lanes *lanes = make_lanes("a,b,c");

    (void)state;
    add(lanes, 0, 1, 0);
    lanes_tick(lanes, 2000);
    world.timeouts = 2;
    (void)answer_as(lanes, "a", NXDOMAIN, 2000);
    UNIT_EXPECT_TEXT(newest(), "a,b");
    (void)silence_all(lanes, CHANNEL_PROBE, 2900);
    add(lanes, 1, 1, 2900);
    UNIT_EXPECT_TEXT(newest(), "c,a,b");
    lanes_destroy(lanes);
}

/* c-ares was impatient: an answer after 300 ms and a timeout is no sign of a silent server. */
static void who_is_slow_stays_first(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    world.timeouts = 1;
    for (size_t i = 0; i < 20; i++) {
        add(lanes, i, 1, i * 1000);
        lanes_tick(lanes, i * 1000 + 300);
        UNIT_EXPECT_INT(answer_as(lanes, "a", NXDOMAIN, i * 1000 + 300), 1);
    }
    expect_all(20, DNS_NXDOMAIN);

    /* But a probe has no more time than that, and is answered at once by who is there. */
    add_probe(lanes, 20, 30000);
    lanes_tick(lanes, 30310);
    (void)answer_all(lanes, CHANNEL_PROBE, NXDOMAIN, 30310);
    add(lanes, 21, 1, 30310);
    UNIT_EXPECT_TEXT(newest(), "b,a");
    lanes_destroy(lanes);
}

/* It says no more than REFUSED, or nothing: it stays where it is. */
static void home_must_be_good(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    add(lanes, 0, 1, 0);
    world.timeouts = 1;
    lanes_tick(lanes, 1000);
    (void)answer_as(lanes, "a", NXDOMAIN, 1000);
    world.timeouts = 0;
    (void)silence_all(lanes, CHANNEL_PROBE, 1000);
    add(lanes, 1, 1, 61000);
    (void)answer_all(lanes, CHANNEL_PROBE, REFUSED, 61000);
    (void)answer_as(lanes, "b", NXDOMAIN, 61000);
    add(lanes, 2, 1, 121000);
    UNIT_EXPECT_INT(flying(CHANNEL_PROBE), 1);
    (void)answer_as(lanes, "b", NXDOMAIN, 121000);
    lanes_tick(lanes, 125000); /* the watchdog */
    lanes_run(lanes, 125000);
    UNIT_EXPECT(!lanes_busy(lanes));
    add(lanes, 3, 1, 181000);
    UNIT_EXPECT_INT(answer_as(lanes, "b", NXDOMAIN, 181000), 1);
    expect_all(4, DNS_NXDOMAIN);
    lanes_destroy(lanes); /* with the third question in the air */
}

/* ---- probes -------------------------------------------------------------------------------- */

static void a_probe_goes_past_all(void **state)
{
    struct lanes *lanes = make_lanes("a,b");
    size_t before;

    (void)state;
    add(lanes, 0, WINDOW, 0);
    before = world.made;
    add_probe(lanes, 2000, 1);
    UNIT_EXPECT_INT(world.made, before + 1);
    UNIT_EXPECT_INT(flying(CHANNEL_PROBE), 1);
    UNIT_EXPECT_INT(world.channels[before].kind, CHANNEL_PROBE);
    UNIT_EXPECT_TEXT(world.channels[before].servers, "a,b");
    UNIT_EXPECT_INT(world.channels[before].length[0], 12 + 24 + 4); /* plain: no OPT record */

    /* What comes next goes by new channels, and the old ones end in peace. */
    (void)answer_all(lanes, CHANNEL_PROBE, REFUSED, 1); /* it lives: that is all */
    UNIT_EXPECT_INT(world.completed[2000], 1);
    UNIT_EXPECT_INT(world.status[2000], DNS_REFUSED);
    add(lanes, WINDOW, 100, 2);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW); /* the server still has the old ones to read */
    lanes_tick(lanes, YOUNG_MS);
    lanes_run(lanes, YOUNG_MS);
    UNIT_EXPECT_INT(world.made, before + 1 + 4);
    for (size_t i = 0; i < 4; i++)
        UNIT_EXPECT_INT(world.channels[i].count, world.channels[i].sent);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW + 100);
    UNIT_EXPECT_INT(world.channels[0].sent + world.channels[1].sent + world.channels[2].sent +
                        world.channels[3].sent,
                    WINDOW);
    lanes_destroy(lanes);
}

/* The resolver is away, and a probe goes each second: lanes never run out of room. */
static void probes_without_end(void **state)
{
    struct lanes *lanes = make_lanes("a,b");
    size_t probes = 0;

    (void)state;
    for (size_t s = 0; s < 30; s++) {
        add(lanes, 20 * s, 10, s * 1000);
        add_probe(lanes, 20 * s + 10, s * 1000);
        probes += flying(CHANNEL_PROBE) > 0;
        add(lanes, 20 * s + 11, 9, s * 1000);
        UNIT_EXPECT(open_channels() <= LANES_MAX);
        lanes_tick(lanes, s * 1000 + 999);
        lanes_run(lanes, s * 1000 + 999);
    }
    UNIT_EXPECT_INT(probes, 30);
    lanes_destroy(lanes);
    expect_all(600, DNS_TIMEOUT);
}

/* ---- fairness ------------------------------------------------------------------------------ */

/* Questions that nobody ever answers hold up the others for a moment only. */
static void the_dead_make_room(void **state)
{
    struct lanes *lanes = make_lanes("a");

    (void)state;
    add(lanes, 0, WINDOW, 0);
    add(lanes, WINDOW, 100, 0);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW);
    lanes_tick(lanes, YOUNG_MS - 1);
    lanes_run(lanes, YOUNG_MS - 1);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW);
    lanes_tick(lanes, YOUNG_MS);
    lanes_run(lanes, YOUNG_MS);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW + 100);
    add(lanes, WINDOW + 100, 50, YOUNG_MS + 1);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 2 * WINDOW); /* what is old does not count */
    lanes_tick(lanes, WATCHDOG_MS + 1);
    UNIT_EXPECT_INT(completed(2 * WINDOW, DNS_TIMEOUT), WINDOW); /* they end in their order */
    lanes_destroy(lanes);
    UNIT_EXPECT_INT(completed(WINDOW + 150, DNS_TIMEOUT), 2 * WINDOW);
    UNIT_EXPECT_INT(completed(WINDOW + 150, DNS_UNREACHABLE), 150 - WINDOW); /* not sent */
}

/* One server's window is full; what it passed on goes to the next one at once. */
static void each_server_has_its_window(void **state)
{
    struct lanes *lanes = make_lanes("a,b");

    (void)state;
    add(lanes, 0, 1000, 0);
    (void)answer_as(lanes, "a", SERVFAIL, 0);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 2 * WINDOW);
    (void)answer_as(lanes, "b", NXDOMAIN, 0);
    UNIT_EXPECT_INT(completed(1000, DNS_NXDOMAIN), WINDOW);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW); /* nothing is left to pass on */
    lanes_destroy(lanes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_next_server_is_asked),
        UNIT_TEST(who_refuses_goes_last),
        UNIT_TEST(many_are_passed_on),
        UNIT_TEST(one_server_is_asked_once),
        UNIT_TEST(who_is_silent_goes_last),
        UNIT_TEST(who_is_slow_stays_first),
        UNIT_TEST(a_zone_moves_nobody),
        UNIT_TEST(who_fails_goes_last),
        UNIT_TEST(two_suspects),
        UNIT_TEST(home_must_be_good),
        UNIT_TEST(a_probe_goes_past_all),
        UNIT_TEST(probes_without_end),
        UNIT_TEST(the_dead_make_room),
        UNIT_TEST(each_server_has_its_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
