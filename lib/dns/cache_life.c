/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_life.c - how long the cache may keep an answer
 *
 * PURPOSE  See cache_life.h.
 * CONTRACT An answer with a TTL of 0 is kept for min_ttl_ms: sessions that come at the same time
 *          shall ask once. A negative one is not, for its 0 means that it has no SOA, or one that
 *          forbids it.
 */
#include "dns/cache_life.h"

enum { FAILURE_MOST_MS = 300 * 1000 /* RFC 9520 3.2 */ };

uint64_t cache_life_ms(const struct cache_limits *limits, const struct dns_answer *answer)
{
    uint64_t most = answer->status == DNS_OK ? limits->max_ttl_ms : limits->negative_ttl_ms;
    uint64_t life = (uint64_t)answer->ttl_s * 1000;

    if (answer->status != DNS_OK && answer->ttl_s == 0)
        return 0;
    if (life < limits->min_ttl_ms)
        life = limits->min_ttl_ms;
    return life < most ? life : most;
}

uint64_t cache_longest_failure_ms(const struct cache_limits *limits)
{
    if (limits->failure_ttl_ms > FAILURE_MOST_MS / CACHE_FAILURE_TIMES)
        return FAILURE_MOST_MS;
    return limits->failure_ttl_ms * CACHE_FAILURE_TIMES;
}

uint64_t cache_failure_ms(const struct cache_limits *limits, unsigned failures)
{
    uint64_t most = cache_longest_failure_ms(limits);
    uint64_t life = limits->failure_ttl_ms;

    for (unsigned i = 1; i < failures && life < most; i++)
        life *= 2;
    return life < most ? life : most;
}
