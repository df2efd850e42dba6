/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_selftest_marks.c - what becomes of a list that has failed its test: later tests, reloads,
 * sessions meanwhile
 */
#include "unit/selftest_bench.h"

#include <pthread.h>

static void mark_stays_until_a_test_succeeds(void **state)
{
    struct bench b;

    (void)state;
    begin(&b, LISTS FORGETFUL, OWN GOOD_ONE);
    assert_int_equal(helo_engine_test(b.engine), HELO_OK);
    UNIT_EXPECT_INT(marks(&b), 2);
    set_zone(&b, OWN GOOD_ONE "*.two.example SERVFAIL");
    expect_heard(&b,
                 "warning: rhsbl.zones: two.example could not be tested (servfail); it is still "
                 "not asked\n");
    UNIT_EXPECT_INT(marks(&b), 2);
    set_zone(&b, OWN GOOD_ONE GOOD_TWO);
    expect_heard(&b, "note: rhsbl.zones: two.example answers as a list does; it is asked again\n");
    UNIT_EXPECT_INT(marks(&b), 0);
    expect_heard(&b, "");
    end(&b);
}

static const struct reload_row {
    const char *name;
    const char *zones;
    unsigned unusable;
} reload_rows[] = {
    {"as before",
     "[{zone: one.example, codes: [127.0.0.2-127.0.0.9]}, "
     "{zone: two.example, codes: [127.0.1.2]}]",
     2},
    {"in another order",
     "[{zone: two.example, codes: [127.0.1.2]}, "
     "{zone: one.example, codes: [127.0.0.2-127.0.0.9]}]",
     1},
    {"with other codes",
     "[{zone: one.example, codes: [127.0.0.2-127.0.0.9]}, "
     "{zone: two.example, codes: [127.0.1.3]}]",
     0},
    {"with a longer range", "[{zone: two.example, codes: [127.0.1.2-127.0.1.3]}]", 0},
    {"with one code more", "[{zone: two.example, codes: [127.0.1.2, 127.0.1.9]}]", 0},
    {"another zone", "[{zone: three.example, codes: [127.0.1.2]}]", 0},
    {"one more in front",
     "[{zone: zero.example, codes: [127.0.1.2]}, "
     "{zone: one.example, codes: [127.0.0.2-127.0.0.9]}, "
     "{zone: two.example, codes: [127.0.1.2]}]",
     4},
};

static void reload_carries_marks(void **state)
{
    (void)state;
    UNIT_EACH(const struct reload_row, r, reload_rows) {
        struct bench b;
        char yaml[1024];
        helo_policy *policy;

        begin(&b, LISTS, OWN GOOD_ONE);
        assert_int_equal(helo_engine_test(b.engine), HELO_OK);
        UNIT_EXPECT_INT(marks(&b), 2);
        snprintf(yaml, sizeof(yaml), QUIET "checks: {rhsbl: reject}\nrhsbl: {zones: %s}\n",
                 r->zones);
        policy = load(yaml);
        assert_int_equal(helo_engine_set_policy(b.engine, policy), HELO_OK);
        helo_policy_unref(policy);
        UNIT_EXPECT_INT(marks(&b), r->unusable);
        end(&b);
    }
}

/* ---- sessions meanwhile ---------------------------------------------------------------------- */

enum { THREADS = 3, ROUNDS = 200 };

static void *judge_sessions(void *arg)
{
    const struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(0xcb007109)}};
    const struct helo_client client = {.size = sizeof(client),
                                       .address = (const struct sockaddr *)&v4};
    uintptr_t failures = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        const helo_verdict *verdict;
        helo_session *session;

        if (helo_session_create(arg, &client, &session) != HELO_OK)
            return (void *)1;
        failures += helo_session_helo(session, "a.example", 9) != HELO_OK;
        failures += helo_session_decide(session, HELO_AT_RCPT, "user@site.example", NULL,
                                        &verdict) != HELO_OK;
        helo_session_free(session);
    }
    return (void *)failures;
}

static void *test_again(void *arg)
{
    uintptr_t failures = 0;

    for (unsigned i = 0; i < ROUNDS; i++)
        failures += helo_engine_test(arg) != HELO_OK;
    return (void *)failures;
}

static void count(void *arg, const struct helo_diag *diag)
{
    (void)diag;
    __atomic_add_fetch((unsigned *)arg, 1, __ATOMIC_RELAXED);
}

static void sessions_go_on_meanwhile(void **state)
{
    helo_policy *policy = load(LISTS);
    unsigned heard = 0;
    helo_zone *zone = NULL;
    struct helo_engine_options options = {
        .size = sizeof(options), .warn = count, .warn_arg = &heard};
    helo_engine *engine = NULL;
    pthread_t threads[THREADS];
    void *failures;

    (void)state;
    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    assert_int_equal(helo_zone_add(zone, "TEST.one.example A 127.0.0.2", "zone", 1, NULL, NULL),
                     HELO_OK);
    options.zone = zone;
    assert_int_equal(helo_engine_create(policy, &options, &engine), HELO_OK);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, i == 0 ? test_again : judge_sessions, engine), 0);
    for (unsigned i = 0; i < ROUNDS; i++)
        assert_int_equal(helo_engine_set_policy(engine, policy), HELO_OK);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &failures), 0);
        UNIT_EXPECT(failures == NULL);
    }
    /* two.example in each test, and the name. */
    UNIT_EXPECT_INT(heard, 2 * ROUNDS);
    helo_engine_destroy(engine);
    helo_policy_unref(policy);
    helo_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(mark_stays_until_a_test_succeeds),
        UNIT_TEST(reload_carries_marks),
        UNIT_TEST(sessions_go_on_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
