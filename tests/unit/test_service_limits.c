/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_service_limits.c - how many questions may be in the air, in all and for one client
 */
#include "unit/service_world.h"

enum { PER_CLIENT = 3, IN_ALL = 10 };

static void open_with_limits(unsigned in_flight, unsigned per_client)
{
    struct service_limits limits = world_limits;

    limits.in_flight = in_flight;
    limits.in_flight_per_client = per_client;
    world_open(&limits);
}

/* A question that nobody else asks. */
static struct dns_ticket *ask_other(const struct ip *client)
{
    char name[32];

    (void)snprintf(name, sizeof name, "%u.example", world.submitted);
    return world_ask_as(client, name, DNS_A, NULL);
}

static void complete_all(void)
{
    while (world.air_count > 0)
        service_complete(world.service, world_take(0), world_answer(DNS_OK, 300));
}

/* ---- whose account ------------------------------------------------------------------------- */

/* ::ffff:192.0.2.1 as it would be if somebody did not make it IPv4. */
static struct ip mapped(uint8_t last)
{
    return (struct ip){.family = IP_V6,
                       .bytes = {[10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = last}};
}

static const struct same_row {
    const char *name;
    const char *first;
    const char *second; /* NULL: the IPv4-mapped form of 192.0.2.1 */
    bool same;
} same_rows[] = {
    {"one IPv4 address", "192.0.2.1", "192.0.2.1", true},
    {"two IPv4 addresses", "192.0.2.1", "192.0.2.2", false},
    {"one IPv6 address", "2001:db8::1", "2001:db8::1", true},
    {"two in one /64", "2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true},
    {"two in one /48", "2001:db8::1", "2001:db8:0:1::1", false},
    {"IPv4-mapped is IPv4", "192.0.2.1", NULL, true},
    {"another IPv4-mapped is another", "192.0.2.2", NULL, false},
    {"IPv4-mapped is not a /64", "::1", NULL, false},
    {"bytes of IPv6 that look like the IPv4 address", "192.0.2.1", "c000:201::", false},
};

static void clients(void **state)
{
    (void)state;
    UNIT_EACH(const struct same_row, r, same_rows) {
        const struct ip first = world_client(r->first);
        const struct ip second = r->second != NULL ? world_client(r->second) : mapped(1);
        struct dns_ticket *tickets[3];

        open_with_limits(0, 1);
        tickets[0] = ask_other(&first);
        tickets[1] = ask_other(&second);
        UNIT_EXPECT_INT(world_progress(tickets[0]), DNS_PENDING);
        UNIT_EXPECT_INT(world_progress(tickets[1]), r->same ? DNS_OVER_LIMIT : DNS_PENDING);
        complete_all();
        tickets[2] = ask_other(&second); /* nothing is left on the account */
        UNIT_EXPECT_INT(world_progress(tickets[2]), DNS_PENDING);
        UNIT_EXPECT_INT(world_progress(tickets[1]), r->same ? DNS_OVER_LIMIT : DNS_ANSWERED);
        for (size_t i = 0; i < UNIT_COUNT(tickets); i++)
            world_release(tickets[i]);
        world_close();
    }
}

static void a_client_past_its_limit(void **state)
{
    const struct ip client = world_client("2001:db8::9");
    const struct ip other = world_client("192.0.2.9");
    struct dns_ticket *tickets[PER_CLIENT], *over, *ticket;

    (void)state;
    open_with_limits(IN_ALL, PER_CLIENT);
    for (size_t i = 0; i < PER_CLIENT; i++)
        tickets[i] = ask_other(&client);
    over = ask_other(&client);
    UNIT_EXPECT_INT(world_progress(over), DNS_OVER_LIMIT);
    UNIT_EXPECT_INT(world.submitted, PER_CLIENT);
    UNIT_EXPECT_INT(world_counters().dns_over_limit, 1);

    ticket = ask_other(&other); /* others do not feel it */
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    ticket = ask_other(NULL);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    ticket = world_ask_as(&client, "0.example", DNS_A, NULL); /* what is in the air is free */
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_complete("0.example", DNS_A, DNS_OK, 300);
    UNIT_EXPECT_INT(world_status(ticket), DNS_OK);
    world_release(ticket);
    ticket = world_ask_as(&client, "0.example", DNS_A, NULL); /* and so is the cache */
    UNIT_EXPECT_INT(world_status(ticket), DNS_OK);
    world_release(ticket);

    ticket = ask_other(&client); /* one has come back: one may go */
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    UNIT_EXPECT_INT(world_progress(over), DNS_OVER_LIMIT); /* what was not asked stays so */
    world_release(over);
    for (size_t i = 0; i < PER_CLIENT; i++)
        world_release(tickets[i]);
    world_close();
}

/* Leaving does not make room: what is in the air is in the air; what is withdrawn is not. */
static void who_leaves_has_still_asked(void **state)
{
    const struct ip client = world_client("192.0.2.9");
    struct dns_ticket *ticket;

    (void)state;
    open_with_limits(IN_ALL, PER_CLIENT);
    for (size_t i = 0; i < PER_CLIENT; i++)
        world_release(ask_other(&client));
    ticket = ask_other(&client);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_OVER_LIMIT);
    world_release(ticket);
    UNIT_EXPECT(service_withdraw(world.service, world_take(0)));
    ticket = ask_other(&client);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    world_close();
}

static void the_limit_for_all(void **state)
{
    struct dns_ticket *ticket;
    char text[32];

    (void)state;
    open_with_limits(IN_ALL, PER_CLIENT);
    for (unsigned i = 0; i <= IN_ALL; i++) {
        struct ip client;

        (void)snprintf(text, sizeof text, "192.0.2.%u", i);
        client = world_client(text);
        ticket = ask_other(i % 2 == 0 ? &client : NULL);
        UNIT_EXPECT_INT(world_progress(ticket), i < IN_ALL ? DNS_PENDING : DNS_CROWDED);
        world_release(ticket);
    }
    UNIT_EXPECT_INT(world_counters().dns_in_flight, IN_ALL);
    UNIT_EXPECT_INT(world_counters().dns_crowded, 1);
    UNIT_EXPECT_INT(world_counters().dns_over_limit, 0);
    complete_all();
    UNIT_EXPECT_INT(world_counters().dns_in_flight, 0);
    ticket = ask_other(NULL);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    world_close();
}

/* Many clients that take all they get leave something for one that comes late. */
static void a_full_air_is_shared(void **state)
{
    enum { AIR = 100, SHARE = 5, CLIENTS = 25 };
    struct dns_ticket *ticket;
    struct ip client;
    char text[32];

    (void)state;
    open_with_limits(AIR, SHARE);
    for (unsigned i = 0; i < CLIENTS * SHARE; i++) {
        (void)snprintf(text, sizeof text, "192.0.2.%u", i / SHARE);
        client = world_client(text);
        ticket = ask_other(&client);
        UNIT_EXPECT(world_progress(ticket) != DNS_OVER_LIMIT);
        if (i < AIR / 2)
            UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
        world_release(ticket);
    }
    UNIT_EXPECT(world_counters().dns_crowded > 0);
    client = world_client("198.51.100.1");
    ticket = ask_other(&client);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    client = world_client("2001:db8::1");
    ticket = ask_other(&client);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    world_release(ticket);
    world_close();
}

/* Who fills his own account chooses by it which questions fail: he must not choose old answers.
 * Where all together are to blame, an old one is better than none. */
static const struct old_row {
    const char *name;
    unsigned in_flight, per_client;
    enum dns_progress want;
    bool stale;
} old_rows[] = {
    {"past the client's own limit", 10, 1, DNS_OVER_LIMIT, false},
    {"past the limit for all", 1, 10, DNS_CROWDED, true},
    {"past the client's share of what is left", 2, 2, DNS_CROWDED, true},
};

static void what_stands_in_past_a_limit(void **state)
{
    const struct ip client = world_client("2001:db8::9");
    const struct ip other = world_client("192.0.2.9");

    (void)state;
    UNIT_EACH(const struct old_row, r, old_rows) {
        struct dns_ticket *filler, *ticket;

        open_with_limits(r->in_flight, r->per_client);
        (void)world_see("old.example.com", DNS_A);
        world_complete("old.example.com", DNS_A, DNS_OK, 300);
        world.now_ms += 301 * 1000;
        filler = ask_other(&client);
        for (unsigned i = 1; i < r->in_flight && r->want == DNS_CROWDED; i++)
            world_release(ask_other(i % 2 == 0 ? &client : &other));
        ticket = world_ask_as(&client, "old.example.com", DNS_A, NULL);
        UNIT_EXPECT_INT(world_progress(ticket), r->want);
        UNIT_EXPECT((service_stale(world.service, ticket) != NULL) == r->stale);
        UNIT_EXPECT_INT(world_counters().cache_stale, r->stale);
        UNIT_EXPECT_INT(world_counters().dns_over_limit, r->want == DNS_OVER_LIMIT);
        UNIT_EXPECT_INT(world_counters().dns_crowded, r->want == DNS_CROWDED);
        world_release(filler);
        world_release(ticket);
        world_close();
    }
}

/* ---- what the operator hears --------------------------------------------------------------- */

static void fill(void)
{
    while (world.air_count < IN_ALL)
        world_release(ask_other(NULL));
}

static void expect_alarm(size_t i, enum service_alarm what, uint64_t amount)
{
    UNIT_EXPECT_INT(world.alarms, i + 1);
    UNIT_EXPECT_INT(world.alarm[i].what, what);
    UNIT_EXPECT_INT(world.alarm[i].amount, amount);
}

static void complete_to(size_t left)
{
    while (world.air_count > left)
        service_complete(world.service, world_take(0), world_answer(DNS_TIMEOUT, 0));
}

/* When questions are first not asked for want of room, and when there is room again. */
static void a_full_air_is_told(void **state)
{
    const struct ip client = world_client("192.0.2.9");

    (void)state;
    open_with_limits(IN_ALL, PER_CLIENT);
    for (unsigned i = 0; i < PER_CLIENT + 2; i++)
        world_release(ask_other(&client));
    UNIT_EXPECT_INT(world.alarms, 0); /* one client is no crowd */
    fill();
    UNIT_EXPECT_INT(world.alarms, 0); /* all were asked */
    world_release(ask_other(NULL));
    expect_alarm(0, SERVICE_CROWDED, IN_ALL);
    world_release(ask_other(NULL));
    complete_to(IN_ALL / 2 + 1);
    UNIT_EXPECT_INT(world.alarms, 1);
    complete_to(IN_ALL / 2);
    expect_alarm(1, SERVICE_ROOM, 2);

    fill(); /* again, but not within a minute */
    world_release(ask_other(NULL));
    complete_to(0);
    world.now_ms += 59999;
    fill();
    world_release(ask_other(NULL));
    UNIT_EXPECT_INT(world.alarms, 2);
    world.now_ms += 1;
    world_release(ask_other(NULL)); /* it has lasted */
    expect_alarm(2, SERVICE_CROWDED, IN_ALL);
    complete_to(0);
    expect_alarm(3, SERVICE_ROOM, 3); /* those of which nothing was said are among them */
    world_close();
    UNIT_EXPECT_INT(world.alarms, 4);
}

/* Who is withdrawn has made room, and so has who raises the limit. */
static void room_by_other_means(void **state)
{
    struct service_limits limits = world_limits;

    (void)state;
    open_with_limits(IN_ALL, PER_CLIENT);
    fill();
    world_release(ask_other(NULL));
    while (world.air_count > 0)
        UNIT_EXPECT(service_withdraw(world.service, world_take(0)));
    (void)service_tick(world.service, world.now_ms);
    expect_alarm(1, SERVICE_ROOM, 1);

    world.now_ms += 60000;
    fill();
    world_release(ask_other(NULL));
    expect_alarm(2, SERVICE_CROWDED, IN_ALL);
    assert_int_equal(service_configure(world.service, &limits, NULL, 0), HELO_OK);
    (void)service_tick(world.service, world.now_ms);
    expect_alarm(3, SERVICE_ROOM, 1);
    world_close();
}

/* At a stop nobody wants to hear that there is room. */
static void nothing_is_told_at_the_end(void **state)
{
    (void)state;
    open_with_limits(IN_ALL, PER_CLIENT);
    fill();
    world_release(ask_other(NULL));
    world_close();
    expect_alarm(0, SERVICE_CROWDED, IN_ALL);
}

static void limits_move(void **state)
{
    struct service_limits limits = world_limits;
    const struct ip client = world_client("192.0.2.9");

    (void)state;
    open_with_limits(0, 0); /* none */
    for (unsigned i = 0; i < 100; i++)
        world_release(ask_other(&client));
    UNIT_EXPECT_INT(world.submitted, 100);
    limits.in_flight_per_client = 101;
    assert_int_equal(service_configure(world.service, &limits, NULL, 0), HELO_OK);
    for (unsigned i = 0; i < 2; i++)
        world_release(ask_other(&client));
    UNIT_EXPECT_INT(world.submitted, 101);
    world_close();
}

/* ---- what answers lead to ------------------------------------------------------------------ */

static const struct follow_row {
    const char *name;
    const char *asked_by;
    const char *joined_by; /* who wants more; NULL: the same who asked */
    const char *then;      /* who asks next */
    unsigned names;
    unsigned followed;
    enum dns_progress want;
} follow_rows[] = {
    {"on the account of who asked", "192.0.2.9", NULL, "192.0.2.9", 1, 2, DNS_PENDING},
    {"to its limit", "192.0.2.9", NULL, "192.0.2.9", 2, PER_CLIENT, DNS_OVER_LIMIT},
    {"and no further", "192.0.2.9", NULL, "192.0.2.9", 8, PER_CLIENT, DNS_OVER_LIMIT},
    {"IPv6, of its /64", "2001:db8::9", NULL, "2001:db8::10", 2, PER_CLIENT, DNS_OVER_LIMIT},
    {"not on another's", "192.0.2.9", NULL, "192.0.2.10", 2, PER_CLIENT, DNS_PENDING},
    {"on nobody's", NULL, NULL, "192.0.2.9", 3, 6, DNS_PENDING},
    {"who wants more pays", "192.0.2.9", "2001:db8::9", "192.0.2.9", 2, PER_CLIENT, DNS_PENDING},
    {"who wants more has paid", "192.0.2.9", "2001:db8::9", "2001:db8::9", 2, PER_CLIENT,
     DNS_OVER_LIMIT},
    {"to the limit for all", NULL, NULL, NULL, 8, IN_ALL, DNS_CROWDED},
};

static void what_follows_is_counted(void **state)
{
    (void)state;
    UNIT_EACH(const struct follow_row, r, follow_rows) {
        const struct ip asked_by = world_client(r->asked_by);
        const struct ip joined_by = world_client(r->joined_by);
        const struct ip then = world_client(r->then);
        struct dns_ticket *tickets[3];

        open_with_limits(IN_ALL, PER_CLIENT);
        tickets[0] = world_ask_as(&asked_by, WORLD_REVERSE, DNS_PTR,
                                  r->joined_by == NULL ? world_follow : NULL);
        tickets[1] = world_ask_as(&joined_by, WORLD_REVERSE, DNS_PTR, world_follow);
        world_complete_ptr(WORLD_REVERSE, r->names);
        UNIT_EXPECT_INT(world_counters().dns_followed, r->followed);
        tickets[2] = ask_other(&then);
        UNIT_EXPECT_INT(world_progress(tickets[2]), r->want);
        complete_all();
        UNIT_EXPECT_INT(world_counters().dns_in_flight, 0);
        for (size_t i = 0; i < UNIT_COUNT(tickets); i++)
            world_release(tickets[i]);
        tickets[2] = ask_other(&then); /* all accounts are even */
        UNIT_EXPECT_INT(world_progress(tickets[2]), DNS_PENDING);
        world_release(tickets[2]);
        world_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(clients),
        UNIT_TEST(a_client_past_its_limit),
        UNIT_TEST(who_leaves_has_still_asked),
        UNIT_TEST(the_limit_for_all),
        UNIT_TEST(a_full_air_is_shared),
        UNIT_TEST(what_stands_in_past_a_limit),
        UNIT_TEST(a_full_air_is_told),
        UNIT_TEST(room_by_other_means),
        UNIT_TEST(nothing_is_told_at_the_end),
        UNIT_TEST(limits_move),
        UNIT_TEST(what_follows_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
