/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache.c - dns/cache.h: how long answers live, and which go first
 */
#include "unit/unit.h"

#include <stdio.h>

#include "dns/cache.h"

static const uint64_t key[2] = {7, 11};
static const struct cache_limits wide = {1 << 20, 3600, 600, 5};

static struct dns_question named(unsigned n)
{
    struct dns_question question = {.type = DNS_A};

    (void)snprintf(question.name, sizeof question.name, "h%u.example", n);
    return question;
}

static struct dns_answer *answer_of(enum dns_status status, uint32_t ttl_s)
{
    struct dns_answer *answer = NULL;

    assert_int_equal(dns_answer_create(status, ttl_s, &answer), HELO_OK);
    return answer;
}

static void put(struct cache *cache, unsigned n, enum dns_status status, uint32_t ttl_s,
                uint64_t now_ms)
{
    const struct dns_question question = named(n);
    struct dns_answer *answer = answer_of(status, ttl_s);

    cache_put(cache, &question, answer, now_ms);
    dns_answer_unref(answer);
}

static bool has(struct cache *cache, unsigned n, uint64_t now_ms)
{
    const struct dns_question question = named(n);
    struct dns_answer *answer = cache_find(cache, &question, now_ms);

    dns_answer_unref(answer);
    return answer != NULL;
}

/* ---- lifetimes ----------------------------------------------------------------------------- */

static const struct life_row {
    const char *name;
    enum dns_status status;
    uint32_t ttl_s;
    uint32_t want_s; /* 0: is not kept */
} life_rows[] = {
    {"as long as the TTL", DNS_OK, 60, 60},
    {"never longer than the limit", DNS_OK, 86400, 3600},
    {"TTL 0 is not kept", DNS_OK, 0, 0},
    {"NXDOMAIN by its SOA", DNS_NXDOMAIN, 30, 30},
    {"NXDOMAIN never longer than its limit", DNS_NXDOMAIN, 3000, 600},
    {"NODATA never longer than its limit", DNS_NODATA, 3000, 600},
    {"NXDOMAIN without SOA is not kept", DNS_NXDOMAIN, 0, 0},
    {"SERVFAIL briefly", DNS_SERVFAIL, 0, 5},
    {"REFUSED briefly", DNS_REFUSED, 0, 5},
    {"no answer briefly", DNS_TIMEOUT, 0, 5},
    {"a malformed answer briefly, whatever it says", DNS_MALFORMED, 900, 5},
};

static void answers_live(void **state)
{
    enum { BEGIN_MS = 1234567 };
    struct cache *cache = NULL;

    (void)state;
    assert_int_equal(cache_create(&wide, key, &cache), HELO_OK);
    UNIT_EACH(const struct life_row, r, life_rows) {
        uint64_t end_ms = BEGIN_MS + (uint64_t)r->want_s * 1000;

        put(cache, 1, r->status, r->ttl_s, BEGIN_MS);
        UNIT_EXPECT_INT(has(cache, 1, BEGIN_MS), r->want_s > 0);
        UNIT_EXPECT_INT(has(cache, 1, end_ms - 1), r->want_s > 0);
        UNIT_EXPECT(!has(cache, 1, end_ms));
        UNIT_EXPECT_INT(cache_count(cache), 0); /* what has expired is gone when it was met */
    }
    cache_free(cache);
}

static void types_and_names_are_apart(void **state)
{
    struct dns_question question = named(1);
    struct cache *cache = NULL;

    (void)state;
    assert_int_equal(cache_create(&wide, key, &cache), HELO_OK);
    put(cache, 1, DNS_OK, 60, 0);
    question.type = DNS_AAAA;
    UNIT_EXPECT(cache_find(cache, &question, 0) == NULL);
    UNIT_EXPECT(!has(cache, 2, 0));
    UNIT_EXPECT(has(cache, 1, 0));
    cache_free(cache);
    cache_free(NULL);
}

/* The newer answer holds, also when it is not worth keeping. */
static void a_newer_answer_takes_the_place(void **state)
{
    struct cache *cache = NULL;

    (void)state;
    assert_int_equal(cache_create(&wide, key, &cache), HELO_OK);
    put(cache, 1, DNS_OK, 60, 0);
    put(cache, 1, DNS_NXDOMAIN, 90, 0);
    UNIT_EXPECT_INT(cache_count(cache), 1);
    UNIT_EXPECT(has(cache, 1, 89999));
    put(cache, 1, DNS_OK, 0, 0);
    UNIT_EXPECT(!has(cache, 1, 0));
    cache_free(cache);
}

/* An answer in use outlives its entry. */
static void found_answers_stay(void **state)
{
    const struct dns_question question = named(1);
    struct dns_answer *answer;
    struct cache *cache = NULL;

    (void)state;
    assert_int_equal(cache_create(&wide, key, &cache), HELO_OK);
    put(cache, 1, DNS_NODATA, 60, 0);
    answer = cache_find(cache, &question, 0);
    cache_free(cache);
    assert_non_null(answer);
    UNIT_EXPECT_INT(answer->status, DNS_NODATA);
    dns_answer_unref(answer);
}

/* ---- room ---------------------------------------------------------------------------------- */

static void the_least_recently_used_goes(void **state)
{
    const struct cache_limits small = {4096, 3600, 600, 5};
    struct cache *cache = NULL;
    unsigned n = 0;

    (void)state;
    assert_int_equal(cache_create(&small, key, &cache), HELO_OK);
    do {
        put(cache, n++, DNS_OK, 60, 0);
        UNIT_EXPECT(has(cache, 0, 0)); /* used each time: it stays */
    } while (cache_count(cache) == n);
    UNIT_EXPECT(n > 5);
    UNIT_EXPECT(!has(cache, 1, 0)); /* the oldest that was not used */
    UNIT_EXPECT(has(cache, 2, 0));
    for (; n < 1000; n++) {
        put(cache, n, DNS_OK, 60, 0);
        UNIT_EXPECT(cache_bytes(cache) <= small.bytes);
    }
    UNIT_EXPECT(has(cache, 999, 0));
    cache_free(cache);
}

static void limits_move(void **state)
{
    const struct cache_limits none = {0};
    const struct cache_limits small = {8192, 3600, 600, 5};
    struct cache *cache = NULL;

    (void)state;
    assert_int_equal(cache_create(&wide, key, &cache), HELO_OK);
    for (unsigned n = 0; n < 100; n++)
        put(cache, n, DNS_OK, 60, 0);
    UNIT_EXPECT_INT(cache_count(cache), 100);
    cache_set_limits(cache, &small);
    UNIT_EXPECT(cache_count(cache) > 10 && cache_count(cache) < 100);
    UNIT_EXPECT(cache_bytes(cache) <= small.bytes);
    UNIT_EXPECT(has(cache, 99, 0));
    UNIT_EXPECT(!has(cache, 0, 0));
    cache_set_limits(cache, &wide); /* a larger table: what is there is found in it */
    UNIT_EXPECT(has(cache, 99, 0));
    cache_set_limits(cache, &none);
    UNIT_EXPECT_INT(cache_count(cache), 0);
    put(cache, 1, DNS_OK, 60, 0);
    UNIT_EXPECT(!has(cache, 1, 0));
    cache_free(cache);
}

/* Many more than there are slots in the smallest table. */
static void many_entries_are_found(void **state)
{
    struct cache *cache = NULL;
    size_t found = 0;

    (void)state;
    assert_int_equal(cache_create(&wide, key, &cache), HELO_OK);
    for (unsigned n = 0; n < 3000; n++)
        put(cache, n, DNS_OK, 60, 0);
    for (unsigned n = 0; n < 3000; n++)
        found += has(cache, n, 0);
    UNIT_EXPECT_INT(found, 3000);
    cache_free(cache);
}

static bool use_under_fault(void *arg)
{
    const struct dns_question question = named(1);
    struct dns_answer *answer = arg;
    struct cache *cache = NULL;
    struct dns_answer *found;

    if (cache_create(&wide, key, &cache) != HELO_OK)
        return false;
    cache_put(cache, &question, answer, 0);
    found = cache_find(cache, &question, 0);
    dns_answer_unref(found);
    cache_free(cache);
    return found != NULL;
}

static void no_memory_is_no_entry(void **state)
{
    struct dns_answer *answer = answer_of(DNS_OK, 60);

    (void)state;
    unit_each_fault(use_under_fault, answer);
    UNIT_EXPECT_INT(answer->refs, 1);
    dns_answer_unref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(answers_live),
        UNIT_TEST(types_and_names_are_apart),
        UNIT_TEST(a_newer_answer_takes_the_place),
        UNIT_TEST(found_answers_stay),
        UNIT_TEST(the_least_recently_used_goes),
        UNIT_TEST(limits_move),
        UNIT_TEST(many_entries_are_found),
        UNIT_TEST(no_memory_is_no_entry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
