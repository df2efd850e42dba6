/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_service_down.c - a resolver that does not answer, as sessions see it
 *
 * PURPOSE  What health.h decides (test_health.c) reaches tickets, waiters, the alarm and the
 *          backend.
 */
#include "unit/service_world.h"

/* Lets time pass, with a tick whenever the service wants one. */
static void pass(uint64_t ms)
{
    uint64_t until_ms = world.now_ms + ms;
    uint64_t next_ms;

    while ((next_ms = service_tick(world.service, world.now_ms)) <= until_ms) {
        assert_true(next_ms > world.now_ms); /* who sleeps until then does not spin */
        world.now_ms = next_ms;
    }
    world.now_ms = until_ms;
}

/* The oldest probe in the air is answered, or not. */
static void complete_probe(enum dns_status status)
{
    size_t i = 0;

    while (i < world.air_count && !world.air[i]->probe)
        i++;
    assert_true(i < world.air_count);
    UNIT_EXPECT_TEXT(world.air[i]->question.name, "1.0.0.127.in-addr.arpa");
    service_complete(world.service, world_take(i), world_answer(status, 0));
}

static void fall_silent(void)
{
    pass(4000);
    assert_int_equal(world.alarms, 1);
    assert_int_equal(world.alarm[0].what, SERVICE_DOWN);
}

static void nothing_asked_nothing_done(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    UNIT_EXPECT_INT(service_tick(world.service, world.now_ms), UINT64_MAX);
    ticket = world_ask("a.example.com", DNS_A);
    UNIT_EXPECT_INT(service_tick(world.service, world.now_ms), world.now_ms + 1000);
    world_complete("a.example.com", DNS_A, DNS_OK, 60);
    UNIT_EXPECT_INT(service_tick(world.service, world.now_ms), UINT64_MAX);
    pass(3600000);
    UNIT_EXPECT_INT(world.probes, 0);
    UNIT_EXPECT_INT(world.alarms, 0);
    world_release(ticket);
    world_close();
}

static void a_silent_resolver_is_not_waited_for(void **state)
{
    struct dns_ticket *pending, *joined, *fresh;

    (void)state;
    world_open(&world_limits);
    world_release(world_ask("known.example.com", DNS_A));
    world_complete("known.example.com", DNS_A, DNS_OK, 300);
    world_release(world_ask("old.example.com", DNS_A));
    world_complete("old.example.com", DNS_A, DNS_OK, 10);
    world.now_ms += 60000; /* a quiet minute */
    pending = world_ask("slow.example.com", DNS_A);

    pass(3999);
    UNIT_EXPECT_INT(world.probes, 3);
    UNIT_EXPECT_INT(world_progress(pending), DNS_PENDING);
    UNIT_EXPECT(!world_rung());
    UNIT_EXPECT_INT(world.alarms, 0);
    pass(2);
    UNIT_EXPECT_INT(world_progress(pending), DNS_DOWN);
    UNIT_EXPECT(world_rung());
    assert_int_equal(world.alarms, 1);
    UNIT_EXPECT_INT(world.alarm[0].what, SERVICE_DOWN);
    UNIT_EXPECT_INT(world.alarm[0].amount, 4000);

    joined = world_ask("slow.example.com", DNS_A);
    UNIT_EXPECT_INT(world_progress(joined), DNS_DOWN);
    fresh = world_ask("old.example.com", DNS_A);
    UNIT_EXPECT_INT(world_progress(fresh), DNS_DOWN);
    UNIT_EXPECT(service_stale(world.service, fresh) != NULL);
    UNIT_EXPECT_INT(world_see("known.example.com", DNS_A), DNS_OK);
    UNIT_EXPECT_INT(world.submitted, 3);
    UNIT_EXPECT_INT(world_counters().dns_not_asked, 1);
    UNIT_EXPECT_INT(world_counters().dns_down, 1);
    UNIT_EXPECT(!world_rung());

    pass(60000);
    UNIT_EXPECT_INT(world.alarms, 1); /* once for each time */
    UNIT_EXPECT_INT(world.probes, 64);
    world_release(pending);
    world_release(joined);
    world_release(fresh);
    world_close();
}

static void a_late_answer_brings_it_back(void **state)
{
    struct dns_ticket *late, *never, *fresh, *joined;

    (void)state;
    world_open(&world_limits);
    late = world_ask("late.example.com", DNS_A);
    never = world_ask("never.example.com", DNS_A);
    fall_silent();
    fresh = world_ask("fresh.example.com", DNS_A);
    UNIT_EXPECT(world_rung());
    pass(1500);
    world_complete("late.example.com", DNS_A, DNS_OK, 60);
    assert_int_equal(world.alarms, 2);
    UNIT_EXPECT_INT(world.alarm[1].what, SERVICE_UP);
    UNIT_EXPECT_INT(world.alarm[1].amount, 5500);

    UNIT_EXPECT(world_rung());
    UNIT_EXPECT_INT(world_status(late), DNS_OK);
    UNIT_EXPECT_INT(world_progress(fresh), DNS_DOWN); /* was not asked */
    UNIT_EXPECT_INT(world_progress(never), DNS_DOWN); /* nobody waits for it a second time */
    joined = world_ask("never.example.com", DNS_A);   /* but who comes now does */
    UNIT_EXPECT_INT(world_progress(joined), DNS_PENDING);
    world_release(fresh);
    fresh = world_ask("fresh.example.com", DNS_A);
    UNIT_EXPECT_INT(world_progress(fresh), DNS_PENDING);
    world_complete("never.example.com", DNS_A, DNS_NODATA, 60);
    UNIT_EXPECT_INT(world_status(never), DNS_NODATA);
    UNIT_EXPECT_INT(world_status(joined), DNS_NODATA);
    world_release(late);
    world_release(never);
    world_release(fresh);
    world_release(joined);
    world_close();
}

static const struct status_row {
    const char *name;
    enum dns_status status;
    bool heard;
} status_rows[] = {
    {"what was asked", DNS_OK, true},           {"no such name", DNS_NXDOMAIN, true},
    {"no such record", DNS_NODATA, true},       {"nothing, and no SOA", DNS_BARE_NODATA, true},
    {"servfail", DNS_SERVFAIL, true},           {"refused", DNS_REFUSED, true},
    {"garbage", DNS_MALFORMED, true},           {"nothing in time", DNS_TIMEOUT, false},
    {"nobody listens", DNS_UNREACHABLE, false}, {"a chain too long", DNS_TOO_LONG, true},
};

static void who_says_anything_lives(void **state)
{
    (void)state;
    UNIT_EACH(const struct status_row, r, status_rows) {
        struct dns_ticket *ticket;

        world_open(&world_limits);
        ticket = world_ask("slow.example.com", DNS_A);
        fall_silent();
        complete_probe(r->status);
        UNIT_EXPECT_INT(world.alarms, r->heard ? 2 : 1);
        UNIT_EXPECT_INT(world_counters().dns_failed, 0); /* a probe is no question of anybody's */
        UNIT_EXPECT_INT(world_counters().dns_asked, 1);
        UNIT_EXPECT_INT(world_counters().cache_entries, 0);
        UNIT_EXPECT_INT(world_see("other.example.com", DNS_A), -1);
        UNIT_EXPECT_INT(world.submitted, r->heard ? 2 : 1);
        world_release(ticket);
        world_close();
    }
}

/* An attacker's zone whose servers are dead: the resolver itself answers each probe. */
static void a_dead_zone_is_waited_for(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    ticket = world_ask("dead.example.com", DNS_A);
    for (unsigned i = 0; i < 60; i++) {
        pass(1010);
        UNIT_EXPECT_INT(world.probes, i + 1);
        complete_probe(DNS_OK);
    }
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    UNIT_EXPECT_INT(world.alarms, 0);
    world_complete("dead.example.com", DNS_A, DNS_TIMEOUT, 0);
    pass(1010);
    complete_probe(DNS_OK); /* one more, for the silence that had begun */
    pass(60000);
    UNIT_EXPECT_INT(world.probes, 61);
    world_release(ticket);
    world_close();
}

/* A probe has no tickets, and is wanted all the same; others' questions do not join it. */
static void a_probe_is_a_look_up_of_its_own(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    world_release(world_ask("slow.example.com", DNS_A));
    pass(1000);
    pass(0);
    assert_int_equal(world.air_count, 2);
    assert_true(world.air[1]->probe);
    UNIT_EXPECT(!service_withdraw(world.service, world.air[1]));
    UNIT_EXPECT_INT(world_counters().dns_in_flight, 1);
    ticket = world_ask("1.0.0.127.in-addr.arpa", DNS_PTR);
    UNIT_EXPECT_INT(world.submitted, 2);
    complete_probe(DNS_NXDOMAIN);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    world_close();
}

static void a_name_that_is_not_there_needs_no_resolver(void **state)
{
    struct dns_ticket *a, *aaaa;

    (void)state;
    world_open(&world_limits);
    a = world_ask("half.example.com", DNS_A);
    aaaa = world_ask("half.example.com", DNS_AAAA);
    world_complete("half.example.com", DNS_AAAA, DNS_NXDOMAIN, 600);
    fall_silent();
    UNIT_EXPECT_INT(world_see("half.example.com", DNS_A), DNS_NXDOMAIN); /* better than nothing */
    world_release(a);
    world_release(aaaa);
    world_close();
}

static void the_window_can_be_moved(void **state)
{
    struct service_limits limits = world_limits;

    (void)state;
    limits.down_after_ms = 20000;
    world_open(&limits);
    world_release(world_ask("slow.example.com", DNS_A));
    pass(5500);
    UNIT_EXPECT_INT(world.alarms, 0);
    limits.down_after_ms = 4000;
    assert_int_equal(service_configure(world.service, &limits, NULL, 0), HELO_OK);
    pass(1);
    UNIT_EXPECT_INT(world.alarms, 1);
    world_close();
}

/* A probe that could not even be made is none that was in vain. */
static void no_memory_is_no_silence(void **state)
{
    (void)state;
    world_open(&world_limits);
    world_release(world_ask("slow.example.com", DNS_A));
    mem_fail_after(1);
    pass(30000);
    UNIT_EXPECT_INT(world.probes, 0);
    UNIT_EXPECT_INT(world.alarms, 0);
    mem_fail_after(0);
    pass(1900);
    UNIT_EXPECT_INT(world.probes, 2);
    UNIT_EXPECT_INT(world.alarms, 0);
    pass(2000);
    UNIT_EXPECT_INT(world.alarms, 1);
    world_close();
}

static void tick_at_destroy(struct dns_backend *base)
{
    UNIT_EXPECT_INT(service_tick(world.service, world.now_ms + 60000), UINT64_MAX);
    world_destroy(base);
}

/* What is submitted while the backend ends would never be answered. */
static void nothing_is_sent_at_the_end(void **state)
{
    struct dns_backend_ops ops = world_ops;

    (void)state;
    ops.destroy = tick_at_destroy;
    world_open(&world_limits);
    world.base.ops = &ops;
    world_release(world_ask("slow.example.com", DNS_A));
    world_close();
    UNIT_EXPECT_INT(world.submitted, 1);
    UNIT_EXPECT_INT(world.probes, 0);
    UNIT_EXPECT_INT(world.air_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(nothing_asked_nothing_done),
        UNIT_TEST(a_silent_resolver_is_not_waited_for),
        UNIT_TEST(a_late_answer_brings_it_back),
        UNIT_TEST(who_says_anything_lives),
        UNIT_TEST(a_dead_zone_is_waited_for),
        UNIT_TEST(a_probe_is_a_look_up_of_its_own),
        UNIT_TEST(a_name_that_is_not_there_needs_no_resolver),
        UNIT_TEST(the_window_can_be_moved),
        UNIT_TEST(no_memory_is_no_silence),
        UNIT_TEST(nothing_is_sent_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
