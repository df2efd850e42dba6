/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * askers.h - how many questions are in the air for each client
 *
 * PURPOSE  So that one client, with many connections or many names, does not use up what all share.
 * CONTRACT A client is an IPv4 address, or an IPv6 /64: whoever has one address there has all of
 *          them. IPv4-mapped IPv6 is IPv4. Only who has something in the air is remembered, so that
 *          the table is bounded by what is in the air.
 * OWNERSHIP An account lives as long as there is a question on it.
 * THREADS  none of its own: dns/service.c holds its lock.
 * STANDARDS RFC 4291 2.5.1 (64 bits of a host's own), 2.5.5.2 (IPv4-mapped).
 */
#ifndef HELO_DNS_ASKERS_H
#define HELO_DNS_ASKERS_H

#include <stdint.h>
#include <sys/queue.h>

#include "base/ip.h"

enum { ASKER_BUCKETS = 1024 };

enum asker_outcome { ASKER_OK, ASKER_OVER_LIMIT, ASKER_CROWDED, ASKER_NO_MEMORY };

struct asker;

struct askers {
    uint64_t key[2]; /* clients choose their addresses */
    LIST_HEAD(, asker) bucket[ASKER_BUCKETS];
};

void askers_init(struct askers *askers, const uint64_t key[2]);
/*
 * One more question of client, unless it has `limit` (0: any number) in the air, or `share`, which
 * may be less: ASKER_CROWDED, for others are to blame. With ASKER_OK, *out is the account; NULL,
 * and no limit, when client is NULL or IP_NONE.
 */
enum asker_outcome askers_add(struct askers *askers, const struct ip *client, unsigned limit,
                              unsigned share, struct asker **out);
/* The question is no longer in the air. NULL is fine. */
void asker_drop(struct asker *asker);

#endif /* HELO_DNS_ASKERS_H */
