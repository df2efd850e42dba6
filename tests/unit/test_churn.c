/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_churn.c - the memory of names that a client has said
 */
#include <pthread.h>
#include <stdio.h>

#include "base/limits.h"
#include "session/churn.h"
#include "unit/unit.h"

enum { MINUTE_MS = 60000, WINDOW_MS = 60 * MINUTE_MS, ROOM = 1024 * 1024 };

static struct churn_store *make_store(size_t bytes)
{
    struct churn_store *store = NULL;

    assert_int_equal(churn_memory_create(bytes, &store), HELO_OK);
    return store;
}

static unsigned say(struct churn_store *store, const char *client, const char *name,
                    uint64_t now_ms)
{
    struct ip ip;

    assert_true(ip_parse(client, &ip));
    return churn_note(store, &ip, name, WINDOW_MS, now_ms);
}

/* One after the other, into the same store. */
static const struct row {
    const char *name;
    const char *client;
    const char *said;
    unsigned minute;
    unsigned want;
} rows[] = {
    {"the first name", "203.0.113.9", "a.example", 0, 1},
    {"the same again", "203.0.113.9", "a.example", 1, 1},
    {"a second", "203.0.113.9", "b.example", 2, 2},
    {"a third", "203.0.113.9", "c.example", 3, 3},
    {"another client", "203.0.113.10", "d.example", 3, 1},
    {"an IPv6 client", "2001:db8:1:2::1", "a.example", 3, 1},
    {"another in its /64", "2001:db8:1:2:ffff::1", "b.example", 3, 2},
    {"one in the next /64", "2001:db8:1:3::1", "b.example", 3, 1},
    {"bytes of IPv6 that look like the first client", "cb00:7109::1", "x.example", 3, 1},
    {"the window's last minute", "203.0.113.9", "c.example", 62, 2},
    {"all others are past it", "203.0.113.9", "c.example", 100, 1},
    {"what was said again lives on", "203.0.113.9", "e.example", 101, 2},
};

static void counts_names(void **state)
{
    struct churn_store *store = make_store(ROOM);

    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        UNIT_EXPECT_INT(say(store, r->client, r->said, (uint64_t)r->minute * MINUTE_MS), r->want);
    }
    churn_free(store);
}

static void counts_no_further_than_its_limit(void **state)
{
    struct churn_store *store = make_store(ROOM);
    char name[32];
    unsigned count = 0;

    (void)state;
    for (unsigned i = 0; i < 3 * LIMIT_CHURN_NAMES; i++) {
        (void)snprintf(name, sizeof(name), "n%u.example", i);
        count = say(store, "203.0.113.9", name, i);
    }
    assert_int_equal(count, LIMIT_CHURN_NAMES);
    churn_free(store);
}

/* However many clients come: the one that comes back at once is still known. */
static void forgets_who_was_not_seen_for_long(void **state)
{
    struct churn_store *store = make_store(1); /* the smallest: one set */
    char client[32];

    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        (void)snprintf(client, sizeof(client), "10.%u.%u.%u", i >> 16, (i >> 8) & 255, i & 255);
        assert_int_equal(say(store, client, "a.example", i * 2u + 1), 1);
        assert_int_equal(say(store, client, "b.example", i * 2u + 2), 2);
    }
    assert_int_equal(say(store, "10.0.0.0", "c.example", 300000), 1);
    churn_free(store);
}

static void keeps_what_it_knows_at_the_same_size(void **state)
{
    struct churn_store *store = make_store(ROOM);

    (void)state;
    assert_int_equal(say(store, "203.0.113.9", "a.example", 0), 1);
    assert_true(churn_resize(store, ROOM));
    assert_int_equal(say(store, "203.0.113.9", "b.example", 0), 2);
    assert_true(churn_resize(store, 2 * ROOM));
    assert_int_equal(say(store, "203.0.113.9", "c.example", 0), 1);
    mem_fail_after(1);
    assert_false(churn_resize(store, ROOM));
    mem_fail_after(0);
    assert_int_equal(say(store, "203.0.113.9", "d.example", 0), 2);
    churn_free(store);
}

static bool create(void *arg)
{
    struct churn_store *store = NULL;
    enum helo_status status = churn_memory_create(ROOM, &store);

    (void)arg;
    if (status == HELO_OK)
        churn_free(store);
    return status == HELO_OK;
}

static void reports_a_lack_of_memory(void **state)
{
    (void)state;
    unit_each_fault(create, NULL);
    churn_free(NULL);
}

static void *say_many(void *arg)
{
    char name[32];

    for (unsigned i = 0; i < 2000; i++) {
        (void)snprintf(name, sizeof(name), "n%u.example", i % 8);
        (void)say(arg, i % 2 == 0 ? "203.0.113.9" : "2001:db8::9", name, i);
    }
    return NULL;
}

static void serves_many_threads(void **state)
{
    struct churn_store *store = make_store(ROOM);
    pthread_t thread[4];

    (void)state;
    for (unsigned i = 0; i < UNIT_COUNT(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, say_many, store), 0);
    for (unsigned i = 0; i < UNIT_COUNT(thread); i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    /* Each address got every second name of the eight. */
    assert_int_equal(say(store, "203.0.113.9", "n0.example", 2000), 4);
    churn_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(counts_names),
        UNIT_TEST(counts_no_further_than_its_limit),
        UNIT_TEST(forgets_who_was_not_seen_for_long),
        UNIT_TEST(keeps_what_it_knows_at_the_same_size),
        UNIT_TEST(reports_a_lack_of_memory),
        UNIT_TEST(serves_many_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
