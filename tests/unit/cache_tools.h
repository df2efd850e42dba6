/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_tools.h - what the tests of the cache share: made-up answers, and what is found
 *
 * Include it after unit.h.
 */
#ifndef HELO_TESTS_CACHE_TOOLS_H
#define HELO_TESTS_CACHE_TOOLS_H

#include <stdio.h>

#include "dns/answer.h"
#include "dns/cache.h"
#include "dns/question.h"

static inline struct dns_question question_of(enum dns_type type, unsigned n)
{
    struct dns_question question = {.type = type};

    (void)snprintf(question.name, sizeof question.name, "h%04u.example", n);
    return question;
}

/* A positive one has so many addresses. */
static inline struct dns_answer *answer_of(enum dns_status status, uint32_t ttl_s, size_t addresses)
{
    static const struct ip some[LIMIT_ADDRESSES];
    struct dns_answer *answer = NULL;

    if (status == DNS_OK)
        assert_int_equal(dns_answer_create_addresses(some, addresses, ttl_s, &answer), HELO_OK);
    else
        assert_int_equal(dns_answer_create(status, ttl_s, &answer), HELO_OK);
    return answer;
}

/* Numbers that look random and are the same each time (xorshift64*). */
static inline unsigned random_below(uint64_t *state, unsigned bound)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (unsigned)((*state * 0x2545f4914f6cdd1dU) >> 33) % bound;
}

/* ---- the cache ------------------------------------------------------------------------------- */

static const uint64_t test_key[2] = {7, 11};

/* Of a cache, with the times in seconds. */
#define LIMITS(size, min, max, negative, failure, stale)                                          \
    {                                                                                             \
        .bytes = (size), .min_ttl_ms = (min)*UINT64_C(1000), .max_ttl_ms = (max)*UINT64_C(1000),  \
        .negative_ttl_ms = (negative)*UINT64_C(1000), .failure_ttl_ms = (failure)*UINT64_C(1000), \
        .stale_ms = (stale)*UINT64_C(1000)                                                        \
    }

static inline struct cache *cache_of(const struct cache_limits *limits)
{
    struct cache *cache = NULL;

    assert_int_equal(cache_create(limits, test_key, &cache), HELO_OK);
    return cache;
}

static inline void put(struct cache *cache, struct dns_question question, enum dns_status status,
                       uint32_t ttl_s, uint64_t now_ms)
{
    struct dns_answer *answer = answer_of(status, ttl_s, 1);

    cache_put(cache, &question, answer, now_ms);
    dns_answer_unref(answer);
}

/* "ok", "nxdomain by name", "timeout stale", "- stale", "-". */
static inline const char *find(struct cache *cache, struct dns_question question, uint64_t now_ms)
{
    static char text[64];
    struct cache_hit hit;
    bool found = cache_find(cache, &question, now_ms, &hit);

    UNIT_EXPECT(found == (hit.answer != NULL));
    (void)snprintf(text, sizeof text, "%s%s%s", found ? dns_status_text(hit.answer->status) : "-",
                   hit.by_name ? " by name" : "", hit.stale != NULL ? " stale" : "");
    UNIT_EXPECT(hit.stale == NULL || hit.stale->status == DNS_OK);
    dns_answer_unref(hit.answer);
    dns_answer_unref(hit.stale);
    return text;
}

#endif /* HELO_TESTS_CACHE_TOOLS_H */
