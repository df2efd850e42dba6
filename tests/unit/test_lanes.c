/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lanes.c - dns/lanes.h over channels that do what they are told, on a clock that is told, too
 */
#include "unit/unit.h"

#include <stdio.h>

#include "dns/attempt.h"
#include "dns/lanes.h"
#include "unit/lanes_world.h"

/* ---- what tests say ------------------------------------------------------------------------ */

static struct dns_backend backend;

static struct lanes *make_lanes(void)
{
    struct lanes *lanes = NULL;

    memset(&world, 0, sizeof world);
    assert_int_equal(lanes_create(&backend, mem_copy_text("first"), &lanes), HELO_OK);
    return lanes;
}

/* Look-ups first..first+count-1 begin. */
static void add(struct lanes *lanes, size_t first, size_t count, uint64_t now_ms)
{
    for (size_t i = first; i < first + count; i++) {
        lookups[i] = (struct dns_lookup){.question = {.type = DNS_A}};
        (void)snprintf(lookups[i].question.name, sizeof lookups[i].question.name, "h%zu.x", i);
        lookups[i].backend_next = i + 1 < first + count ? &lookups[i + 1] : NULL;
    }
    lanes_add(lanes, &lookups[first], now_ms);
    lanes_run(lanes, now_ms);
}

static size_t flying(enum channel_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++)
        if (world.channels[i].open && world.channels[i].kind == kind)
            count += world.channels[i].count;
    return count;
}

static size_t open_channels(void)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++)
        count += world.channels[i].open;
    return count;
}

/* Every query that flies by this kind gets this answer; returns how many. */
static size_t answer_all(struct lanes *lanes, enum channel_kind kind, unsigned flags,
                         uint64_t now_ms)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++) {
        struct channel *channel = &world.channels[i];

        for (; channel->open && channel->kind == kind && channel->count > 0; count++)
            answer_query(channel, 0, CHANNEL_ANSWERED, flags);
    }
    lanes_run(lanes, now_ms);
    return count;
}

/* Each of the first count look-ups was completed once, and so. */
static void expect_all(size_t count, enum dns_status want)
{
    size_t right = 0, twice = 0;

    for (size_t i = 0; i < MAX_LOOKUPS; i++) {
        right += i < count && world.completed[i] == 1 && world.status[i] == want;
        twice += world.completed[i] > 1 || (i >= count && world.completed[i] > 0);
    }
    UNIT_EXPECT_INT(right, count);
    UNIT_EXPECT_INT(twice, 0);
}

enum { SERVFAIL = 0x8182, CUT = 0x8380, FORMERR = 0x8181, WATCHDOG_MS = 15000 };

/* ---- tests --------------------------------------------------------------------------------- */

static void the_window_is_kept(void **state)
{
    struct lanes *lanes = make_lanes();
    size_t answered = 0;

    (void)state;
    UNIT_EXPECT(!lanes_busy(lanes));
    add(lanes, 0, 2000, 0);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 800);
    UNIT_EXPECT_INT(world.made, 4);
    for (size_t i = 0; i < world.made; i++)
        UNIT_EXPECT_INT(world.channels[i].count, 200);
    for (unsigned turn = 0; lanes_busy(lanes) && turn < 10; turn++) {
        UNIT_EXPECT(flying(CHANNEL_UDP) <= 800);
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
    struct lanes *lanes = make_lanes();
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

    lanes = make_lanes();
    add(lanes, 0, 800, 0);
    add(lanes, 800, 100, 60001); /* all full: they wait */
    UNIT_EXPECT(world.made > 4);
    UNIT_EXPECT(open_channels() == world.made); /* the old ones drain */
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 60001);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 60001);
    UNIT_EXPECT(open_channels() <= 4);
    expect_all(900, DNS_SERVFAIL);
    lanes_destroy(lanes);
}

static void a_strained_channel_drains(void **state)
{
    struct lanes *lanes = make_lanes();

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
    struct lanes *lanes = make_lanes();

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
    struct lanes *lanes = make_lanes();

    (void)state;
    add(lanes, 0, 800, 0);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    add(lanes, 800, 4, 1);
    add(lanes, 804, 400, 10000);
    lanes_tick(lanes, WATCHDOG_MS + 2);
    UNIT_EXPECT_INT(world.completed[800], 1);
    UNIT_EXPECT_INT(world.status[800], DNS_TIMEOUT);
    UNIT_EXPECT_INT(world.completed[804], 0);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, WATCHDOG_MS + 2); /* the lost ones, too */
    for (size_t i = 0; i < 1204; i++)
        UNIT_EXPECT_INT(world.completed[i], 1);
    UNIT_EXPECT_INT(world.status[1203], DNS_SERVFAIL);
    lanes_destroy(lanes);
}

static void who_has_nobody_waiting_is_not_asked_for(void **state)
{
    struct lanes *lanes = make_lanes();

    (void)state;
    for (size_t i = 0; i < 500; i++)
        world.unwanted[i] = true;
    add(lanes, 0, 1000, 0);
    lanes_run(lanes, 0);
    UNIT_EXPECT_INT(world.withdrawn, 500);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 500);
    lanes_destroy(lanes);
    for (size_t i = 0; i < 1000; i++)
        UNIT_EXPECT_INT(world.completed[i], i < 500 ? 0 : 1);
}

static void who_waits_too_long_is_not_asked_for(void **state)
{
    struct lanes *lanes = make_lanes();

    (void)state;
    add(lanes, 0, 1000, 0);
    lanes_tick(lanes, WATCHDOG_MS + 1);
    lanes_run(lanes, WATCHDOG_MS + 1);
    expect_all(1000, DNS_TIMEOUT);
    UNIT_EXPECT_INT(flying(CHANNEL_UDP), 0);
    lanes_destroy(lanes);
}

/* The callback inside of channel_send(), and no channel at all. */
static void what_cannot_be_sent_times_out(void **state)
{
    struct lanes *lanes = make_lanes();

    (void)state;
    world.refusing = true;
    add(lanes, 0, 1000, 0);
    expect_all(1000, DNS_TIMEOUT);
    UNIT_EXPECT(!lanes_busy(lanes));
    lanes_destroy(lanes);

    lanes = make_lanes();
    world.none_to_be_had = true;
    add(lanes, 0, 10, 0);
    expect_all(10, DNS_TIMEOUT);
    lanes_destroy(lanes);
}

static void cut_answers_go_by_tcp(void **state)
{
    struct lanes *lanes = make_lanes();

    (void)state;
    add(lanes, 0, 100, 0);
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_UDP, CUT, 0), 100);
    UNIT_EXPECT_INT(flying(CHANNEL_TCP), 16); /* one for each channel */
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
    struct lanes *lanes = make_lanes();

    (void)state;
    add(lanes, 0, 20, 0);
    UNIT_EXPECT_INT(answer_all(lanes, CHANNEL_UDP, FORMERR, 0), 20);
    UNIT_EXPECT_INT(flying(CHANNEL_BARE), 16);
    for (unsigned turn = 0; lanes_busy(lanes) && turn < 10; turn++)
        (void)answer_all(lanes, CHANNEL_BARE, FORMERR, 0);
    expect_all(20, DNS_MALFORMED);
    lanes_destroy(lanes);
}

/*
 * New servers for what comes; what flies ends where it began. However often it happens, nothing is
 * lost.
 */
static void servers_change(void **state)
{
    struct lanes *lanes = make_lanes();
    char name[16];

    (void)state;
    add(lanes, 0, 10, 0);
    for (unsigned i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "other%u", i);
        lanes_set_servers(lanes, mem_copy_text(name));
        add(lanes, 10 + i * 10, 10, 0);
        UNIT_EXPECT(open_channels() <= LANES_MAX);
    }
    while (lanes_busy(lanes))
        (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    expect_all(1010, DNS_SERVFAIL);
    add(lanes, 2000, 1, 0);
    UNIT_EXPECT_TEXT(world.channels[0].servers, "first");
    UNIT_EXPECT_TEXT(world.channels[world.made - 1].servers, "other99");
    lanes_destroy(lanes);
}

/* The end: in the air, waiting, lost, with channels that call back and with such that do not. */
static void the_end_completes_all(void **state)
{
    (void)state;
    for (int forgetful = 0; forgetful < 2; forgetful++) {
        struct lanes *lanes = make_lanes();

        world.forgetful = forgetful != 0;
        add(lanes, 0, 10, 0);
        lanes_tick(lanes, WATCHDOG_MS + 1);
        add(lanes, 10, 990, WATCHDOG_MS + 1);
        lanes_destroy(lanes);
        expect_all(1000, DNS_TIMEOUT);
        UNIT_EXPECT_INT(open_channels(), 0);
    }
}

static void descriptors_are_polled(void **state)
{
    static struct pollfd fds[LANES_POLL];
    struct lanes *lanes = make_lanes();
    size_t count;

    (void)state;
    add(lanes, 0, 800, 0);
    count = lanes_poll(lanes, fds);
    UNIT_EXPECT_INT(count, 4);
    fds[2].revents = POLLIN;
    lanes_process(lanes, fds, count); /* __wrap_channel_process() looks whether it is its own */
    lanes_destroy(lanes);
}

/* Whatever cannot be allocated, each look-up is completed once. */
static bool ask_under_fault(void *arg)
{
    struct lanes *lanes = NULL;
    char *servers = mem_copy_text("x");

    (void)arg;
    memset(&world, 0, sizeof world);
    if (servers == NULL || lanes_create(&backend, servers, &lanes) != HELO_OK) {
        mem_free(servers);
        return false;
    }
    add(lanes, 0, 3, 0);
    (void)answer_all(lanes, CHANNEL_UDP, SERVFAIL, 0);
    lanes_destroy(lanes);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(world.completed[i], 1);
    return world.status[0] == DNS_SERVFAIL && world.status[1] == DNS_SERVFAIL &&
           world.status[2] == DNS_SERVFAIL;
}

static void no_memory_is_a_timeout(void **state)
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
        UNIT_TEST(what_cannot_be_sent_times_out),
        UNIT_TEST(cut_answers_go_by_tcp),
        UNIT_TEST(formerr_goes_without_edns),
        UNIT_TEST(servers_change),
        UNIT_TEST(the_end_completes_all),
        UNIT_TEST(descriptors_are_polled),
        UNIT_TEST(no_memory_is_a_timeout),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
