/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache_threads.c - dns/cache.h: many threads put, find, count and change the limits at once
 *
 * ThreadSanitizer's business above all; without it, what the counters and references say then.
 */
#include "unit/unit.h"

#include <pthread.h>

#include "unit/cache_tools.h"

enum { USERS = 4, CHANGERS = 2, ROUNDS = 8000, CHANGES = 40, NAMES = 400, ANSWERS = 6 };

struct worker {
    pthread_t thread;
    struct cache *cache;
    struct dns_answer *const *answers;
    uint64_t random;
    uint64_t found;
    uint64_t missed;
};

static void *use_many(void *arg)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_MX};
    struct worker *w = arg;

    for (unsigned i = 0; i < ROUNDS; i++) {
        const struct dns_question question = question_of(
            types[random_below(&w->random, UNIT_COUNT(types))], random_below(&w->random, NAMES));
        struct cache_hit hit;

        if (cache_find(w->cache, &question, i * 10, &hit))
            w->found++;
        else
            w->missed++;
        cache_count_ask(w->cache, &hit, hit.answer != NULL);
        if (hit.answer == NULL)
            cache_put(w->cache, &question, w->answers[random_below(&w->random, ANSWERS)], i * 10);
        dns_answer_unref(hit.answer);
        dns_answer_unref(hit.stale);
    }
    return NULL;
}

static void *change_many(void *arg)
{
    static const size_t sizes[] = {0, 16384, 65536, 1 << 20, 1 << 18};
    struct worker *w = arg;

    for (unsigned i = 0; i < CHANGES; i++) {
        const struct cache_limits limits =
            LIMITS(sizes[random_below(&w->random, UNIT_COUNT(sizes))], 1, 20, 10, 2, 30);
        struct dns_counters counters;

        cache_set_limits(w->cache, &limits);
        cache_count(w->cache, &counters);
        w->found += counters.cache_bytes > sizes[3]; /* never more than the largest */
    }
    return NULL;
}

static void run_all(struct worker *workers)
{
    for (size_t i = 0; i < USERS + CHANGERS; i++)
        assert_int_equal(pthread_create(&workers[i].thread, NULL,
                                        i < USERS ? use_many : change_many, &workers[i]),
                         0);
    for (size_t i = 0; i < USERS + CHANGERS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
}

static void threads_do_not_meet(void **state)
{
    const struct cache_limits first = LIMITS(1 << 18, 1, 20, 10, 2, 30);
    const struct cache_limits last = LIMITS(1 << 20, 1, 20, 10, 2, 30);
    struct dns_answer *const answers[ANSWERS] = {
        answer_of(DNS_OK, 5, 1),     answer_of(DNS_OK, 20, 4),     answer_of(DNS_NXDOMAIN, 9, 0),
        answer_of(DNS_NODATA, 5, 0), answer_of(DNS_TIMEOUT, 0, 0), answer_of(DNS_SERVFAIL, 0, 0),
    };
    struct cache *cache = cache_of(&first);
    struct worker workers[USERS + CHANGERS] = {0};
    struct dns_counters counters;
    uint64_t found = 0;
    uint64_t missed = 0;

    (void)state;
    for (size_t i = 0; i < USERS + CHANGERS; i++)
        workers[i] = (struct worker){.cache = cache, .answers = answers, .random = i + 1};
    run_all(workers);
    for (size_t i = 0; i < USERS; i++) {
        found += workers[i].found;
        missed += workers[i].missed;
    }
    UNIT_EXPECT_INT(workers[USERS].found + workers[USERS + 1].found, 0);
    cache_count(cache, &counters);
    UNIT_EXPECT_INT(counters.cache_hits, found);
    UNIT_EXPECT_INT(counters.cache_misses, missed);
    UNIT_EXPECT_INT(found + missed, USERS * ROUNDS);
    /* How much was found depends on who ran when. It still works, and all parts have the same
     * limits. */
    cache_set_limits(cache, &last);
    for (unsigned n = 0; n < NAMES; n++)
        put(cache, question_of(DNS_PTR, n), DNS_OK, 20, 0);
    for (unsigned n = 0; n < NAMES; n++)
        UNIT_EXPECT_TEXT(find(cache, question_of(DNS_PTR, n), 0), "ok");
    cache_set_limits(cache, &(const struct cache_limits){0});
    cache_count(cache, &counters);
    UNIT_EXPECT_INT(counters.cache_entries, 0);
    UNIT_EXPECT_INT(counters.cache_bytes, 0);
    cache_free(cache);
    for (size_t i = 0; i < ANSWERS; i++) {
        UNIT_EXPECT_INT(answers[i]->refs, 1);
        dns_answer_unref(answers[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(threads_do_not_meet)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
