/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_watch.c - when the operator hears that all clients are hidden, and how often
 */
#include "unit/unit.h"

#include <pthread.h>

#include "session/watch.h"

enum { MAX_STEPS = 8 };

#define DAY_MS (24ull * 60 * 60 * 1000)

/* Clients come; then so many warnings and notes have been given in all. */
struct step {
    const char *client; /* "": without an address */
    unsigned times;
    uint64_t at_ms;
    unsigned warnings, notes;
};

static const struct row {
    const char *name;
    struct step steps[MAX_STEPS];
} rows[] = {
    {"the hundredth private client", {{"10.0.0.1", 99, 0, 0, 0}, {"10.0.0.1", 1, 0, 1, 0}}},
    {"all private classes count together",
     {{"10.0.0.1", 20, 0, 0, 0},
      {"172.17.0.1", 20, 0, 0, 0},
      {"192.168.0.1", 20, 0, 0, 0},
      {"100.64.0.1", 20, 0, 0, 0},
      {"fd00::1", 10, 0, 0, 0},
      {"fe80::1", 9, 0, 0, 0},
      {"169.254.0.1", 1, 0, 1, 0}}},
    {"a mapped address is the IPv4 one", {{"::ffff:10.0.0.1", 100, 0, 1, 0}}},
    {"loopback and local clients do not count",
     {{"127.0.0.1", 200, 0, 0, 0},
      {"::1", 200, 0, 0, 0},
      {"", 200, 0, 0, 0},
      {"10.0.0.1", 99, 0, 0, 0},
      {"127.0.0.1", 1, 0, 0, 0},
      {"10.0.0.1", 1, 0, 1, 0}}},
    {"a public client among the first ends it",
     {{"10.0.0.1", 99, 0, 0, 0}, {"203.0.113.9", 1, 0, 0, 0}, {"10.0.0.1", 500, 2 * DAY_MS, 0, 0}}},
    {"a public client of IPv6",
     {{"fd00::1", 50, 0, 0, 0}, {"2001:db8::9", 1, 0, 0, 0}, {"fd00::1", 500, 0, 0, 0}}},
    {"said again, but once a day",
     {{"10.0.0.1", 500, 1000, 1, 0},
      {"10.0.0.1", 500, 1000 + DAY_MS - 1, 1, 0},
      {"10.0.0.1", 500, 1000 + DAY_MS, 2, 0},
      {"10.0.0.1", 500, 1000 + 2 * DAY_MS - 1, 2, 0},
      {"10.0.0.1", 1, 1000 + 7 * DAY_MS, 3, 0}}},
    {"not for a clock that another thread has read earlier",
     {{"10.0.0.1", 100, 1000, 1, 0}, {"10.0.0.1", 1, 999, 1, 0}, {"10.0.0.1", 1, 0, 1, 0}}},
    {"a public client after the warning is told, once",
     {{"10.0.0.1", 100, 0, 1, 0},
      {"203.0.113.9", 1, 0, 1, 1},
      {"203.0.113.9", 100, 0, 1, 1},
      {"10.0.0.1", 500, 9 * DAY_MS, 1, 1}}},
};

struct heard {
    unsigned warnings, notes; /* atomic */
};

static void hear(void *arg, const struct helo_diag *diag)
{
    struct heard *heard = arg;

    assert_string_equal(diag->path, "");
    assert_int_equal(diag->line, 0);
    __atomic_add_fetch(diag->severity == HELO_WARNING ? &heard->warnings : &heard->notes, 1,
                       __ATOMIC_RELAXED);
}

static void come(struct watch *w, const char *client, unsigned times, uint64_t at_ms)
{
    struct ip ip = {.family = IP_NONE};

    assert_true(*client == '\0' || ip_parse(client, &ip));
    for (unsigned i = 0; i < times; i++)
        watch_client(w, &ip, at_ms);
}

static void tells_when_it_matters(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct heard heard = {0};
        struct watch w;

        watch_init(&w, hear, &heard);
        for (const struct step *s = r->steps; s < r->steps + MAX_STEPS && s->client != NULL; s++) {
            come(&w, s->client, s->times, s->at_ms);
            UNIT_EXPECT_INT(heard.warnings, s->warnings);
            UNIT_EXPECT_INT(heard.notes, s->notes);
            UNIT_EXPECT_INT(watch_sees_only_private(&w), s->warnings > 0 && s->notes == 0);
        }
    }
}

static void nobody_listens(void **state)
{
    struct watch w;

    (void)state;
    watch_init(&w, NULL, NULL);
    come(&w, "10.0.0.1", 2 * WATCH_CLIENTS, 0);
    come(&w, "203.0.113.9", 1, 0);
}

enum { THREADS = 4 };

static void *bring_private(void *arg)
{
    come(arg, "10.0.0.1", 1000, 5);
    return NULL;
}

static void *bring_public(void *arg)
{
    come(arg, "203.0.113.9", 1000, 5);
    come(arg, "10.0.0.1", 1000, 5 + 3 * DAY_MS);
    return NULL;
}

static void run_threads(void *(*fn)(void *arg), struct watch *w)
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fn, w), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void threads_share_it(void **state)
{
    struct heard heard = {0};
    struct watch w;

    (void)state;
    watch_init(&w, hear, &heard);
    run_threads(bring_private, &w);
    UNIT_EXPECT_INT(heard.warnings, 1);
    UNIT_EXPECT_INT(heard.notes, 0);
    run_threads(bring_public, &w);
    UNIT_EXPECT_INT(heard.warnings, 1);
    UNIT_EXPECT_INT(heard.notes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(tells_when_it_matters),
        UNIT_TEST(nobody_listens),
        UNIT_TEST(threads_share_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
