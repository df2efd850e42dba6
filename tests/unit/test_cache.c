/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache.c - dns/cache.h: how long answers live, what is counted, limits, faults
 */
#include "unit/unit.h"

#include "dns/siphash.h"
#include "unit/cache_tools.h"

static const struct cache_limits plain = LIMITS(1 << 20, 5, 3600, 600, 5, 0);
static const struct cache_limits no_least = LIMITS(1 << 20, 0, 3600, 600, 5, 0);
static const struct cache_limits crossed = LIMITS(1 << 20, 900, 600, 300, 5, 0);
static const struct cache_limits stale = LIMITS(1 << 20, 5, 3600, 600, 5, 1000);
static const struct cache_limits no_failures = LIMITS(1 << 20, 5, 3600, 600, 0, 0);
static const struct cache_limits endless =
    LIMITS(1 << 20, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);

static bool has(struct cache *cache, unsigned n, uint64_t now_ms)
{
    return strcmp(find(cache, question_of(DNS_A, n), now_ms), "-") != 0;
}

static struct dns_counters counters_of(struct cache *cache)
{
    struct dns_counters counters = {0};

    cache_count(cache, &counters);
    return counters;
}

/* ---- lifetimes ----------------------------------------------------------------------------- */

static const struct life_row {
    const char *name;
    const struct cache_limits *limits;
    enum dns_status status;
    uint32_t ttl_s;
    uint64_t want_s; /* 0: is not kept */
} life_rows[] = {
    {"as long as the TTL", &plain, DNS_OK, 60, 60},
    {"never longer than the limit", &plain, DNS_OK, 86400, 3600},
    {"never shorter than the limit", &plain, DNS_OK, 1, 5},
    {"TTL 0 for the shortest time", &plain, DNS_OK, 0, 5},
    {"TTL 0 without a shortest time", &no_least, DNS_OK, 0, 0},
    {"TTL 1 without a shortest time", &no_least, DNS_OK, 1, 1},
    {"TTL 2^31", &plain, DNS_OK, 1U << 31, 3600},
    {"TTL 2^32 - 1", &plain, DNS_OK, UINT32_MAX, 3600},
    {"nothing overflows", &endless, DNS_OK, UINT32_MAX, UINT32_MAX},
    {"nothing overflows, negative", &endless, DNS_NXDOMAIN, UINT32_MAX, UINT32_MAX},
    {"the longest time wins over the shortest", &crossed, DNS_OK, 60, 600},
    {"so it does for negative ones", &crossed, DNS_NODATA, 60, 300},
    {"NXDOMAIN by its SOA", &plain, DNS_NXDOMAIN, 30, 30},
    {"NXDOMAIN never longer than its limit", &plain, DNS_NXDOMAIN, 3000, 600},
    {"NXDOMAIN never shorter than the limit", &plain, DNS_NXDOMAIN, 2, 5},
    {"NODATA by its SOA", &plain, DNS_NODATA, 30, 30},
    {"NODATA never longer than its limit", &plain, DNS_NODATA, UINT32_MAX, 600},
    {"NXDOMAIN without SOA", &plain, DNS_NXDOMAIN, 0, 0},
    {"NODATA without SOA", &plain, DNS_NODATA, 0, 0},
    {"SERVFAIL", &plain, DNS_SERVFAIL, 0, 5},
    {"REFUSED", &plain, DNS_REFUSED, 0, 5},
    {"no answer", &plain, DNS_TIMEOUT, 0, 5},
    {"NODATA without anything is no certainty", &plain, DNS_BARE_NODATA, 0, 5},
    {"malformed, whatever it says", &plain, DNS_MALFORMED, 900, 5},
    {"a chain too long", &plain, DNS_TOO_LONG, 0, 5},
    {"nobody listens", &plain, DNS_UNREACHABLE, 0, 0},
    {"nobody listens, whatever it says", &endless, DNS_UNREACHABLE, 900, 0},
    {"a failure, and the site keeps none", &no_failures, DNS_SERVFAIL, 0, 0},
    {"no failure longer than 5 minutes", &endless, DNS_TIMEOUT, 0, 300},
};

static void answers_live(void **state)
{
    enum { BEGIN_MS = 1234567 };

    (void)state;
    UNIT_EACH(const struct life_row, r, life_rows) {
        struct cache *cache = cache_of(r->limits);
        const char *want = r->want_s > 0 ? dns_status_text(r->status) : "-";
        uint64_t end_ms = BEGIN_MS + r->want_s * 1000;

        put(cache, question_of(DNS_A, 1), r->status, r->ttl_s, BEGIN_MS);
        UNIT_EXPECT_INT(counters_of(cache).cache_entries, r->want_s > 0);
        UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 1), BEGIN_MS), want);
        UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 1), end_ms - 1), want);
        UNIT_EXPECT(!has(cache, 2, BEGIN_MS));
        if (r->limits->stale_ms == 0)
            UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 1), end_ms), "-");
        cache_free(cache);
    }
}

/* No setting is cut to whole seconds. */
static void times_below_a_second_count(void **state)
{
    const struct cache_limits brief = {.bytes = 1 << 20,
                                       .min_ttl_ms = 500,
                                       .max_ttl_ms = 1500,
                                       .negative_ttl_ms = 700,
                                       .failure_ttl_ms = 300,
                                       .stale_ms = 100};
    struct cache *cache = cache_of(&brief);

    (void)state;
    put(cache, question_of(DNS_A, 1), DNS_OK, 0, 0);
    put(cache, question_of(DNS_A, 2), DNS_OK, 60, 0);
    put(cache, question_of(DNS_A, 3), DNS_NXDOMAIN, 60, 0);
    put(cache, question_of(DNS_A, 4), DNS_SERVFAIL, 0, 0);
    for (uint64_t now_ms = 0; now_ms < 2000; now_ms += 100) {
        UNIT_EXPECT_INT(has(cache, 1, now_ms), now_ms < 600); /* the last of them stale */
        UNIT_EXPECT_INT(has(cache, 2, now_ms), now_ms < 1600);
        UNIT_EXPECT_INT(has(cache, 3, now_ms), now_ms < 700);
        UNIT_EXPECT_INT(has(cache, 4, now_ms), now_ms < 300);
    }
    cache_free(cache);
}

/* ---- what callers hold ---------------------------------------------------------------------- */

/* An answer in use outlives its entry, and the cache. */
static void found_answers_stay(void **state)
{
    const struct dns_question question = question_of(DNS_A, 1);
    struct cache *cache = cache_of(&stale);
    struct cache_hit live;
    struct cache_hit late;

    (void)state;
    put(cache, question, DNS_OK, 60, 0);
    UNIT_EXPECT(cache_find(cache, &question, 0, &live));
    UNIT_EXPECT(!cache_find(cache, &question, 60000, &late));
    put(cache, question, DNS_NODATA, 60, 60000);
    cache_free(cache);
    cache_free(NULL);
    assert_non_null(live.answer);
    UNIT_EXPECT(live.answer == late.stale);
    UNIT_EXPECT_INT(live.answer->address_count, 1);
    UNIT_EXPECT_INT(live.answer->refs, 2);
    dns_answer_unref(live.answer);
    dns_answer_unref(late.stale);
}

/* ---- counters and limits ------------------------------------------------------------------- */

static void counters_tell(void **state)
{
    struct cache *cache = cache_of(&stale);
    struct dns_counters before = {.dns_asked = 5, .cache_stale = 6, .cache_hits = 7};
    struct dns_counters after;

    (void)state;
    UNIT_EXPECT(!has(cache, 1, 0));
    put(cache, question_of(DNS_A, 1), DNS_OK, 60, 0);
    UNIT_EXPECT(has(cache, 1, 0));
    UNIT_EXPECT_INT(counters_of(cache).cache_hits + counters_of(cache).cache_misses, 0);
    cache_count_ask(cache, &(const struct cache_hit){.part = 0}, true);
    cache_count_ask(cache, &(const struct cache_hit){.part = CACHE_SHARDS - 1}, true);
    cache_count_ask(cache, &(const struct cache_hit){.part = CACHE_SHARDS - 1}, false);
    put(cache, question_of(DNS_A, 2), DNS_NXDOMAIN, 60, 0);
    put(cache, question_of(DNS_A, 1), DNS_OK, 60, 60000); /* in the place of one that had expired */
    put(cache, question_of(DNS_A, 1), DNS_OK, 60, 60001); /* of one that had not */
    cache_count(cache, &before);
    UNIT_EXPECT_INT(before.dns_asked, 5);
    UNIT_EXPECT_INT(before.cache_stale, 6);
    UNIT_EXPECT_INT(before.cache_hits, 2);
    UNIT_EXPECT_INT(before.cache_misses, 1);
    UNIT_EXPECT_INT(before.cache_entries, 2);
    UNIT_EXPECT_INT(before.cache_expired, 1);
    UNIT_EXPECT_INT(before.cache_evicted, 0);
    cache_set_limits(cache, &(const struct cache_limits){0});
    after = counters_of(cache);
    UNIT_EXPECT_INT(after.cache_evicted + after.cache_expired, 3);
    UNIT_EXPECT_INT(after.cache_entries, 0);
    UNIT_EXPECT_INT(after.cache_bytes, 0);
    UNIT_EXPECT_INT(after.cache_hits, 2);
    cache_free(cache);
}

static size_t count_present(struct cache *cache, unsigned from, unsigned to)
{
    size_t found = 0;

    for (unsigned n = from; n < to; n++)
        found += has(cache, n, 0);
    return found;
}

static void limits_move(void **state)
{
    const struct cache_limits none = LIMITS(0, 5, 3600, 600, 5, 0);
    const struct cache_limits small = LIMITS(65536, 5, 3600, 600, 5, 0);
    const struct cache_limits large = LIMITS(1 << 24, 5, 3600, 600, 5, 0);
    struct cache *cache = cache_of(&large);

    (void)state;
    for (unsigned n = 0; n < 3000; n++)
        put(cache, question_of(DNS_A, n), DNS_OK, 60, 0);
    UNIT_EXPECT_INT(count_present(cache, 0, 3000), 3000);
    cache_set_limits(cache, &small);
    UNIT_EXPECT(counters_of(cache).cache_bytes <= small.bytes);
    UNIT_EXPECT(counters_of(cache).cache_entries > 200);
    UNIT_EXPECT_INT(count_present(cache, 2900, 3000), 100); /* used last */
    UNIT_EXPECT_INT(count_present(cache, 0, 2000), 0);
    UNIT_EXPECT_INT(count_present(cache, 0, 3000), counters_of(cache).cache_entries);
    cache_set_limits(cache, &large); /* a larger table: what is there is found in it */
    UNIT_EXPECT_INT(count_present(cache, 2900, 3000), 100);
    for (unsigned n = 0; n < 3000; n++)
        put(cache, question_of(DNS_A, n), DNS_OK, 60, 0);
    UNIT_EXPECT_INT(count_present(cache, 0, 3000), 3000);
    cache_set_limits(cache, &none);
    UNIT_EXPECT_INT(counters_of(cache).cache_bytes, 0);
    put(cache, question_of(DNS_A, 1), DNS_OK, 60, 0);
    UNIT_EXPECT(!has(cache, 1, 0));
    cache_set_limits(cache, &small);
    put(cache, question_of(DNS_A, 1), DNS_OK, 60, 0);
    UNIT_EXPECT(has(cache, 1, 0));
    cache_free(cache);
}

/* What is kept keeps its time; what comes has the new one. A new stale_ms holds at once. */
static void lifetimes_move(void **state)
{
    const struct cache_limits shorter = LIMITS(1 << 20, 5, 30, 600, 5, 100);
    struct cache *cache = cache_of(&plain);

    (void)state;
    put(cache, question_of(DNS_A, 1), DNS_OK, 60, 0);
    cache_set_limits(cache, &shorter);
    put(cache, question_of(DNS_A, 2), DNS_OK, 60, 0);
    UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 1), 59999), "ok");
    UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 1), 60000), "- stale");
    UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 2), 29999), "ok");
    UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 2), 30000), "- stale");
    cache_set_limits(cache, &plain);
    UNIT_EXPECT_TEXT(find(cache, question_of(DNS_A, 1), 60000), "-");
    cache_free(cache);
}

/* ---- attackers, faults --------------------------------------------------------------------- */

/* So many of `names` fit a small cache with this key. */
static uint64_t kept_with_key(const uint64_t with[2], const unsigned *names, size_t count)
{
    const struct cache_limits small = LIMITS(65536, 5, 3600, 600, 5, 0);
    struct cache *cache = NULL;
    uint64_t kept;

    assert_int_equal(cache_create(&small, with, &cache), HELO_OK);
    for (size_t i = 0; i < count; i++)
        put(cache, question_of(DNS_A, names[i]), DNS_OK, 60, 0);
    kept = counters_of(cache).cache_entries;
    cache_free(cache);
    return kept;
}

/*
 * Names made to meet in one part of the cache (cache.c: bits 32 to 35) push each other out there;
 * who does not know the key cannot make them.
 */
static void names_meet_under_one_key_only(void **state)
{
    enum { NAMES = 100 };
    const uint64_t other[2] = {7, 12};
    unsigned names[NAMES];
    size_t count = 0;

    (void)state;
    for (unsigned n = 0; count < NAMES; n++) {
        const struct dns_question q = question_of(DNS_A, n);

        if ((siphash(test_key, q.name, strlen(q.name)) >> 32) % CACHE_SHARDS == 0)
            names[count++] = n;
    }
    UNIT_EXPECT(kept_with_key(test_key, names, NAMES) < NAMES / 3);
    UNIT_EXPECT_INT(kept_with_key(other, names, NAMES), NAMES);
}

static bool use_under_fault(void *arg)
{
    const struct dns_question question = question_of(DNS_A, 1);
    const struct cache_limits larger = LIMITS(1 << 21, 5, 3600, 600, 5, 0);
    const struct cache_limits smaller = LIMITS(8192, 5, 3600, 600, 5, 0);
    struct dns_answer *answer = arg;
    struct cache *cache = NULL;
    struct cache_hit hit;

    if (cache_create(&plain, test_key, &cache) != HELO_OK)
        return false;
    cache_put(cache, &question, answer, 0);
    cache_set_limits(cache, &larger);
    cache_set_limits(cache, &smaller);
    UNIT_EXPECT(counters_of(cache).cache_bytes <= smaller.bytes);
    (void)cache_find(cache, &question, 0, &hit);
    dns_answer_unref(hit.answer);
    cache_free(cache);
    return hit.answer != NULL;
}

/*
 * No memory: no cache, no entry, or the table that was there. A larger table that cannot be made is
 * done without, and what is kept stays, so that not each fault is seen.
 */
static void no_memory_is_no_entry(void **state)
{
    struct dns_answer *answer = answer_of(DNS_OK, 60, 1);

    (void)state;
    unit_each_fault_tolerated(use_under_fault, answer);
    UNIT_EXPECT_INT(answer->refs, 1);
    dns_answer_unref(answer);
}

/* A table that could not be made is made with the next limits, be they the same. */
static void a_table_is_made_later(void **state)
{
    const struct cache_limits none = {0};
    struct cache *cache = cache_of(&none);

    (void)state;
    mem_fail_after(3);
    cache_set_limits(cache, &plain);
    mem_fail_after(0);
    cache_set_limits(cache, &plain);
    for (unsigned n = 0; n < 100; n++)
        put(cache, question_of(DNS_A, n), DNS_OK, 60, 0);
    UNIT_EXPECT_INT(counters_of(cache).cache_entries, 100);
    cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(answers_live),
        UNIT_TEST(times_below_a_second_count),
        UNIT_TEST(found_answers_stay),
        UNIT_TEST(counters_tell),
        UNIT_TEST(limits_move),
        UNIT_TEST(lifetimes_move),
        UNIT_TEST(names_meet_under_one_key_only),
        UNIT_TEST(no_memory_is_no_entry),
        UNIT_TEST(a_table_is_made_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
