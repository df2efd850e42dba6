/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_service_follow.c - what answers lead to
 *
 * PURPOSE  PTR, and then the addresses of its names, without a session's doing. On whose account
 *          that goes is in test_service_limits.c.
 */
#include "unit/service_world.h"

static void addresses_follow_the_names(void **state)
{
    struct dns_ticket *ptr, *a;

    (void)state;
    world_open(&world_limits);
    world_release(world_ask("1.host.example", DNS_A)); /* known already */
    world_complete("1.host.example", DNS_A, DNS_OK, 300);
    ptr = world_ask_as(NULL, WORLD_REVERSE, DNS_PTR, world_follow);
    a = world_ask("0.host.example", DNS_AAAA); /* in the air already */
    world_complete_ptr(WORLD_REVERSE, 2);
    UNIT_EXPECT_INT(world.submitted, 5);
    UNIT_EXPECT_INT(world_counters().dns_followed, 2);
    UNIT_EXPECT(world_in_air("0.host.example", DNS_A));
    UNIT_EXPECT(world_in_air("1.host.example", DNS_AAAA));
    UNIT_EXPECT(!world_in_air("1.host.example", DNS_A));
    for (size_t i = 0; i < world.air_count; i++) /* also the one that was wanted before */
        UNIT_EXPECT(world.air[i] == world.air[world_find("0.host.example", DNS_AAAA)] ||
                    !service_withdraw(world.service, world.air[i]));

    world_release(a);
    UNIT_EXPECT(
        !service_withdraw(world.service, world.air[world_find("0.host.example", DNS_AAAA)]));
    a = world_ask("0.host.example", DNS_A); /* the session comes for it */
    UNIT_EXPECT_INT(world.submitted, 5);
    world_complete("0.host.example", DNS_A, DNS_OK, 300);
    UNIT_EXPECT_INT(world_status(a), DNS_OK);
    world_complete("1.host.example", DNS_AAAA, DNS_NODATA, 300); /* or finds it in the cache */
    UNIT_EXPECT_INT(world_see("1.host.example", DNS_AAAA), DNS_NODATA);
    UNIT_EXPECT_INT(world.submitted, 5);
    world_release(a);
    world_release(ptr);
    world_close();
}

static const struct follow_row {
    const char *name;
    enum { ALL_WANT_IT, THE_SECOND_WANTS_IT, NOBODY_WANTS_IT, ALL_HAVE_LEFT, NO_CACHE, FAILED } how;
    unsigned names;
    unsigned followed;
} follow_rows[] = {
    {"two tickets, one set of questions", ALL_WANT_IT, 3, 6},
    {"as many as are kept", ALL_WANT_IT, LIMIT_PTR_NAMES, 2 * LIMIT_PTR_NAMES},
    {"no names", ALL_WANT_IT, 0, 0},
    {"who joins wants more", THE_SECOND_WANTS_IT, 1, 2},
    {"nobody wants more", NOBODY_WANTS_IT, 3, 0},
    {"everybody has left", ALL_HAVE_LEFT, 3, 0},
    {"nowhere to keep it", NO_CACHE, 3, 0},
    {"the answer is a failure", FAILED, 0, 0},
};

static void follows_once(void **state)
{
    (void)state;
    UNIT_EACH(const struct follow_row, r, follow_rows) {
        struct service_limits limits = world_limits;
        dns_follow_fn *second = r->how == NOBODY_WANTS_IT ? NULL : world_follow;
        struct dns_ticket *tickets[2];

        if (r->how == NO_CACHE)
            limits.cache.bytes = 0;
        world_open(&limits);
        tickets[0] = world_ask_as(NULL, WORLD_REVERSE, DNS_PTR,
                                  r->how == THE_SECOND_WANTS_IT ? NULL : second);
        tickets[1] = world_ask_as(NULL, WORLD_REVERSE, DNS_PTR, second);
        if (r->how == ALL_HAVE_LEFT) {
            world_release(tickets[0]);
            world_release(tickets[1]);
        }
        if (r->how == FAILED)
            world_complete(WORLD_REVERSE, DNS_PTR, DNS_SERVFAIL, 0);
        else
            world_complete_ptr(WORLD_REVERSE, r->names);
        UNIT_EXPECT_INT(world_counters().dns_followed, r->followed);
        UNIT_EXPECT_INT(world.submitted, 1 + r->followed);
        for (size_t i = 0; r->how != ALL_HAVE_LEFT && i < UNIT_COUNT(tickets); i++)
            world_release(tickets[i]);
        world_close();
    }
}

static bool follow_for_ever(const struct dns_answer *answer, unsigned i, struct dns_question *out)
{
    char name[32];

    (void)answer;
    (void)snprintf(name, sizeof name, "%u.example", i % LIMIT_QUESTIONS / 2);
    *out = world_question(name, DNS_A);
    return true;
}

static void following_ends(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    ticket = world_ask_as(NULL, WORLD_REVERSE, DNS_PTR, follow_for_ever);
    world_complete_ptr(WORLD_REVERSE, 1);
    UNIT_EXPECT_INT(world.submitted, 1 + (LIMIT_QUESTIONS + 1) / 2); /* each name once */
    world_release(ticket);
    world_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(addresses_follow_the_names),
        UNIT_TEST(follows_once),
        UNIT_TEST(following_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
