/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lanes.c - dns/lanes.h over channels that do what they are told, on a clock that is told, too
 */
#include "unit/unit.h"

#include "dns/attempt.h"
#include "dns/lanes.h"
#include "unit/lanes_world.h"

/* ---- tests --------------------------------------------------------------------------------- */

static void the_window_is_kept(void **state)
{
    struct lanes *lanes = make_lanes("first");
    size_t answered = 0;

    (void)state;
    UNIT_EXPECT(!lanes_busy(lanes));
    add(lanes, 0, 2000, 0);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW);
    UNIT_EXPECT_INT(world.made, 4); /* by lot */
    for (unsigned turn = 0; lanes_busy(lanes) && turn < 20; turn++) {
        UNIT_EXPECT(flying(CHANNEL_UDP) <= WINDOW);
        answered += answer_all(lanes, CHANNEL_UDP, SERVFAIL, 1);
    }
    UNIT_EXPECT_INT(answered, 2000);
    expect_all(2000, DNS_SERVFAIL);
    lanes_destroy(lanes);
    UNIT_EXPECT_INT(open_channels(), 0);
}

/* A thousand queries, or a minute: then another channel, and the former goes when it is empty. */
static void channels_are_renewed(void **state)
{
    struct lanes *lanes = make_lanes("first");
    size_t most = 0;

    (void)state;
    for (size_t n = 0; n < 4000; n += 100) {
        add(lanes, n, 100, 0);
        (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    }
    expect_all(4000, DNS_SERVFAIL);
    UNIT_EXPECT(world.made >= 5 && world.made <= 8); /* by lot: about 1000 for each of four */
    for (size_t i = 0; i < world.made; i++)
        most = world.channels[i].sent > most ? world.channels[i].sent : most;
    UNIT_EXPECT(most <= 1000);
    lanes_destroy(lanes);

    lanes = make_lanes("first");
    add(lanes, 0, WINDOW, 0);
    lanes_tick(lanes, YOUNG_MS);
    add(lanes, WINDOW, 100, 60001);
    UNIT_EXPECT(world.made > 4);
    UNIT_EXPECT(open_channels() == world.made); /* the old ones drain */
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 60001);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 60001);
    UNIT_EXPECT(open_channels() <= 4);
    expect_all(WINDOW + 100, DNS_SERVFAIL);
    lanes_destroy(lanes);
}

static void a_strained_channel_drains(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    world.strained = true;
    add(lanes, 0, 1, 0);
    for (size_t i = 1; i < 100; i++)
        add(lanes, i, 1, 0);
    UNIT_EXPECT(world.made > 4);
    UNIT_EXPECT(open_channels() <= LANES_MAX);
    while (lanes_busy(lanes))
        (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    expect_all(100, DNS_SERVFAIL);
    lanes_destroy(lanes);
}

/* c-ares lost the query: it is given up, its channel goes, and nothing leaks. */
static void a_lost_callback_is_given_up(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    world.forgetful = true;
    add(lanes, 0, 100, 0);
    lanes_tick(lanes, WATCHDOG_MS);
    expect_all(0, DNS_TIMEOUT);
    lanes_tick(lanes, WATCHDOG_MS + 1);
    expect_all(100, DNS_TIMEOUT);
    UNIT_EXPECT(!lanes_busy(lanes));
    lanes_run(lanes, WATCHDOG_MS + 1);
    UNIT_EXPECT_INT(open_channels(), 0);
    world.forgetful = false;
    add(lanes, 100, 1, WATCHDOG_MS + 2); /* and life goes on */
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, WATCHDOG_MS + 2);
    UNIT_EXPECT_INT(world.completed[100], 1);
    lanes_destroy(lanes);
}

/*
 * It was given up, and then the callback comes after all; younger queries of the channel are not
 * disturbed.
 */
static void a_late_callback_is_harmless(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    add(lanes, 0, 100, 0);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    add(lanes, 100, 4, 1);
    add(lanes, 104, 100, 10000);
    lanes_tick(lanes, WATCHDOG_MS + 2);
    UNIT_EXPECT_INT(world.completed[100], 1);
    UNIT_EXPECT_INT(world.status[100], DNS_TIMEOUT);
    UNIT_EXPECT_INT(world.completed[104], 0);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, WATCHDOG_MS + 2); /* the lost ones, too */
    for (size_t i = 0; i < 204; i++)
        UNIT_EXPECT_INT(world.completed[i], 1);
    UNIT_EXPECT_INT(world.status[203], DNS_SERVFAIL);
    lanes_destroy(lanes);
}

static void who_has_nobody_waiting_is_not_asked_for(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    for (size_t i = 0; i < 500; i++)
        world.unwanted[i] = true;
    add(lanes, 0, 1000, 0);
    lanes_run(lanes, 0);
    UNIT_EXPECT_INT(world.withdrawn, 500);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), WINDOW);
    lanes_destroy(lanes);
    for (size_t i = 0; i < 1000; i++)
        UNIT_EXPECT_INT(world.completed[i], i < 500 ? 0 : 1);
}

static void who_waits_too_long_is_not_asked_for(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    add(lanes, 0, 1000, 0);
    lanes_tick(lanes, WATCHDOG_MS + 1);
    lanes_run(lanes, WATCHDOG_MS + 1);
    UNIT_EXPECT_INT(completed(1000, DNS_TIMEOUT), WINDOW);
    UNIT_EXPECT_INT(completed(1000, DNS_UNREACHABLE), 1000 - WINDOW); /* never asked */
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 0);
    lanes_destroy(lanes);
}

/* The callback inside of channel_send(), and no channel at all. */
static void what_cannot_be_sent_is_unreachable(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    world.refusing = true;
    add(lanes, 0, 1000, 0);
    expect_all(1000, DNS_UNREACHABLE);
    UNIT_EXPECT(!lanes_busy(lanes));
    lanes_destroy(lanes);

    lanes = make_lanes("first");
    world.none_to_be_had = true;
    add(lanes, 0, 10, 0);
    expect_all(10, DNS_UNREACHABLE);
    lanes_destroy(lanes);
}

static void cut_answers_go_by_tcp(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    add(lanes, 0, 100, 0);
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_UDP, CUT, 0), 100);
    UNIT_EXPECT_INT(flying(CHANNEL_TCP), SINGLES); /* one for each channel */
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 0);
    add(lanes, 100, 1, 0); /* is not held up */
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0), 1);
    for (unsigned turn = 0; lanes_busy(lanes) && turn < 10; turn++)
        (void)answer_all(lanes, CHANNEL_TCP, SERVFAIL, 0);
    expect_all(101, DNS_SERVFAIL);
    UNIT_EXPECT(open_channels() <= 4);

    /* A connection that stalls is not waited for as long as a datagram. */
    add(lanes, 200, 1, 0);
    (void)answer_all(lanes, CHANNEL_UDP, CUT, 0);
    lanes_tick(lanes, 3001);
    UNIT_EXPECT_INT(world.completed[200], 1);
    UNIT_EXPECT_INT(world.status[200], DNS_TIMEOUT);
    lanes_destroy(lanes);
}

static void formerr_goes_without_edns(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    add(lanes, 0, 60, 0);
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_UDP, FORMERR, 0), 60);
    UNIT_EXPECT_INT(flying(CHANNEL_BARE), SINGLES);
    for (unsigned turn = 0; lanes_busy(lanes) && turn < 10; turn++)
        (void)answer_all(lanes, CHANNEL_BARE, FORMERR, 0);
    expect_all(60, DNS_MALFORMED);
    lanes_destroy(lanes);
}

/* Connections that stall take all places of their kind, and none of the other. */
static void each_kind_has_its_places(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    add(lanes, 0, 100, 0);
    (void)answer_all(lanes, CHANNEL_UDP, CUT, 0);
    UNIT_EXPECT_INT(flying(CHANNEL_TCP), SINGLES);
    add(lanes, 100, 1, 1);
    (void)answer_all(lanes, CHANNEL_UDP, FORMERR, 1);
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_BARE, SERVFAIL, 1), 1);
    UNIT_EXPECT_INT(world.completed[100], 1);
    lanes_destroy(lanes);
}

/*
 * Others come again and again and take each place that is free: who came first is let go soon, as
 * one that was not asked.
 */
static void nobody_is_buried(void **state)
{
    static const struct {
        enum channel_kind kind;
        unsigned flags;
    } kinds[] = {{CHANNEL_TCP, CUT}, {CHANNEL_BARE, FORMERR}};

    (void)state;
    for (size_t k = 0; k < UNIT_COUNT(kinds); k++) {
        struct lanes *lanes = make_lanes("first");
        unsigned buried = 0;

        add(lanes, 0, SINGLES + 1, 0);
        (void)answer_all(lanes, CHANNEL_UDP, kinds[k].flags, 0);
        for (unsigned s = 1; s <= 4; s++) {
            add(lanes, 100 * s, SINGLES, s * 1000);
            (void)answer_all(lanes, CHANNEL_UDP, kinds[k].flags, s * 1000);
            (void)answer_all(lanes, kinds[k].kind, SERVFAIL, s * 1000);
        }
        for (size_t i = 0; i < SINGLES + 1; i++)
            buried += world.completed[i] == 1 && world.status[i] == DNS_UNREACHABLE;
        UNIT_EXPECT_INT(buried, 1);
        lanes_destroy(lanes);
    }
}

/* A name of many letters, so that they are not all lower by lot. */
static void add_long(struct lanes *lanes, size_t i)
{
    lookups[i] = (struct dns_lookup){.question = {DNS_A, "abcdefghijklmnopqrstuvwxyz.x"}};
    lanes_add(lanes, &lookups[i], 0);
    lanes_run(lanes, 0);
}

/* Answers the one query that flies, in lower case or with another name; returns its channel. */
static const struct channel *answer_one(struct lanes *lanes, bool lower, bool other)
{
    struct channel *channel = world.channels;

    while (!channel->open || channel->count == 0)
        channel++;
    for (size_t i = 13; i < 13 + 26; i++)
        channel->bytes[0][i] |= lower ? 0x20 : 0;
    channel->bytes[0][13] ^= other ? 1 : 0;
    answer_query(channel, 0, CHANNEL_ANSWERED, SERVFAIL);
    lanes_run(lanes, 0);
    return channel;
}

/* Asks once more when the letters were lost, from another socket. Returns whether it did. */
static bool asks_twice(struct lanes *lanes, size_t i, bool lower, bool other)
{
    const struct channel *first;

    add_long(lanes, i);
    first = answer_one(lanes, lower, other);
    if (world.completed[i] > 0)
        return false;
    UNIT_EXPECT(answer_one(lanes, true, false) != first);
    UNIT_EXPECT_INT(world.completed[i], 1);
    return true;
}

/* After some it is given up to mix them, and tried again every now and then. */
static void letters_are_lost(void **state)
{
    struct lanes *lanes = make_lanes("first");
    size_t twice = 0;

    (void)state;
    for (size_t i = 0; i < 2500; i++)
        twice += asks_twice(lanes, i, true, false);
    UNIT_EXPECT_INT(twice, LETTERS_MISSES + 2);
    twice = 0;
    for (size_t i = 2500; i < 3500; i++) /* the server keeps them now */
        (void)asks_twice(lanes, i, false, false);
    for (size_t i = 3500; i < 3520; i++)
        twice += asks_twice(lanes, i, true, false);
    UNIT_EXPECT_INT(twice, LETTERS_MISSES);
    lanes_destroy(lanes);
}

/* What answers another question says nothing about letters. */
static void another_name_is_no_miss(void **state)
{
    struct lanes *lanes = make_lanes("first");

    (void)state;
    for (size_t i = 0; i < 100; i++)
        UNIT_EXPECT(asks_twice(lanes, i, false, true));
    lanes_destroy(lanes);
}

/*
 * New servers for what comes; what flies ends where it began. However often it happens, nothing is
 * lost.
 */
static void servers_change(void **state)
{
    struct lanes *lanes = make_lanes("first");
    struct lanes *none = NULL;
    char name[16];

    (void)state;
    add(lanes, 0, 10, 0);
    for (unsigned i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "other%u", i);
        UNIT_EXPECT_INT(lanes_set_servers(lanes, name, i * YOUNG_MS), HELO_OK);
        lanes_tick(lanes, i * YOUNG_MS); /* nothing is young */
        add(lanes, 10 + i * 10, 10, i * YOUNG_MS);
        UNIT_EXPECT(open_channels() <= LANES_MAX);
    }
    UNIT_EXPECT_INT(lanes_set_servers(lanes, "", 100 * YOUNG_MS), HELO_RESOLVER);
    UNIT_EXPECT_INT(lanes_create(&lanes_backend, ",", &none), HELO_RESOLVER);
    while (lanes_busy(lanes))
        (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 100 * YOUNG_MS);
    expect_all(1010, DNS_SERVFAIL);
    add(lanes, 2000, 1, 100 * YOUNG_MS);
    UNIT_EXPECT_TEXT(world.channels[0].servers, "first");
    UNIT_EXPECT_TEXT(world.channels[world.made - 1].servers, "other99");
    lanes_destroy(lanes);
}

/* The end: in the air, waiting, lost, with channels that call back and with such that do not. */
static void the_end_completes_all(void **state)
{
    (void)state;
    for (int forgetful = 0; forgetful < 2; forgetful++) {
        struct lanes *lanes = make_lanes("first");

        world.forgetful = forgetful != 0;
        add(lanes, 0, 10, 0);
        lanes_tick(lanes, WATCHDOG_MS + 1);
        add(lanes, 10, 990, WATCHDOG_MS + 1);
        lanes_destroy(lanes);
        UNIT_EXPECT_INT(completed(1000, DNS_TIMEOUT), 10 + WINDOW);
        UNIT_EXPECT_INT(completed(1000, DNS_UNREACHABLE), 990 - WINDOW); /* not sent */
        UNIT_EXPECT_INT(open_channels(), 0);
    }
}

static void descriptors_are_polled(void **state)
{
    static struct pollfd fds[LANES_POLL];
    struct lanes *lanes = make_lanes("first");
    size_t count;

    (void)state;
    add(lanes, 0, WINDOW, 0);
    count = lanes_poll(lanes, fds);
    UNIT_EXPECT_INT(count, 4);
    fds[2].revents = POLLIN;
    lanes_process(lanes, fds, count, 0); /* __wrap_channel_process() looks whether it is its own */
    lanes_destroy(lanes);
}

/* Whatever cannot be allocated, each look-up is completed once. */
static bool ask_under_fault(void *arg)
{
    struct lanes *lanes = NULL;

    (void)arg;
    memset(&world, 0, sizeof world);
    if (lanes_create(&lanes_backend, "x", &lanes) != HELO_OK)
        return false;
    add(lanes, 0, 3, 0);
    while (lanes_busy(lanes))
        (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    lanes_destroy(lanes);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(world.completed[i], 1);
    return world.status[0] == DNS_SERVFAIL && world.status[1] == DNS_SERVFAIL &&
           world.status[2] == DNS_SERVFAIL;
}

static void no_memory_loses_nothing(void **state)
{
    (void)state;
    unit_each_fault(ask_under_fault, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_window_is_kept),
        UNIT_TEST(channels_are_renewed),
        UNIT_TEST(a_strained_channel_drains),
        UNIT_TEST(a_lost_callback_is_given_up),
        UNIT_TEST(a_late_callback_is_harmless),
        UNIT_TEST(who_has_nobody_waiting_is_not_asked_for),
        UNIT_TEST(who_waits_too_long_is_not_asked_for),
        UNIT_TEST(what_cannot_be_sent_is_unreachable),
        UNIT_TEST(cut_answers_go_by_tcp),
        UNIT_TEST(formerr_goes_without_edns),
        UNIT_TEST(each_kind_has_its_places),
        UNIT_TEST(nobody_is_buried),
        UNIT_TEST(letters_are_lost),
        UNIT_TEST(another_name_is_no_miss),
        UNIT_TEST(servers_change),
        UNIT_TEST(the_end_completes_all),
        UNIT_TEST(descriptors_are_polled),
        UNIT_TEST(no_memory_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
