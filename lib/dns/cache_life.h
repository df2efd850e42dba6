/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_life.h - how long the cache may keep an answer
 *
 * PURPOSE  The site's limits, and the standards', applied to one answer.
 * CONTRACT Pure. Milliseconds; 0: it is not kept. Nothing overflows, whatever a server or a site
 *          says.
 * THREADS  any.
 * STANDARDS RFC 2308 5 (negative answers, none without an SOA), RFC 2181 8 (TTLs), RFC 9520 3.2
 *          (failures: with backoff, never longer than 5 minutes).
 */
#ifndef HELO_DNS_CACHE_LIFE_H
#define HELO_DNS_CACHE_LIFE_H

#include <stdint.h>

#include "dns/cache.h"

/* Of a definite answer. */
uint64_t cache_life_ms(const struct cache_limits *limits, const struct dns_answer *answer);
/* Of the failure that makes it so many in a row, 1 or more. */
uint64_t cache_failure_ms(const struct cache_limits *limits, unsigned failures);
uint64_t cache_longest_failure_ms(const struct cache_limits *limits);

#endif /* HELO_DNS_CACHE_LIFE_H */
