/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_rate.h - which decisions are logged when there are too many
 *
 * PURPOSE  log.rate: under attack the log must neither fill the disk nor lose what is looked for
 *          later, which is the line of a refusal, by the id in its reply.
 * ALGORITHM A bucket of tokens, one for each line: log.rate of them come each second, and it holds
 *          those of one second. Lines of accepted clients may take them down to half of it; the
 *          lower half is for refusals and deferrals. Of these, too, one client must not take all:
 *          each has a bucket of its own (IPv6: each /64), an eighth as large and as fast, and once
 *          that is empty its lines count as those of accepted clients. So a flood from a few
 *          clients hides nobody else's refusals; one from thousands, each within its share, can,
 *          and then what was left out is at least counted.
 * CONTRACT Pure: the time is passed in. Clients are told apart by a number; two that share one
 *          share a bucket.
 * THREADS  the caller's.
 */
#ifndef MH_LOG_RATE_H
#define MH_LOG_RATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    MH_RATE_SHARES = 512,   /* buckets of clients: 8 KiB in all */
    MH_RATE_BURST_MIN = 16, /* a small rate still has a reserve, and shares of a few lines */
    MH_RATE_SHARE = 8       /* what part of all one client has */
};

struct mh_rate_bucket {
    uint64_t level; /* in parts of a token, see log_rate.c */
    uint64_t at_ms; /* when it was that */
};

struct mh_rate {
    uint64_t per_second; /* 0: no limit */
    struct mh_rate_bucket all;
    struct mh_rate_bucket share[MH_RATE_SHARES];
};

/* Starts full; the same rate as before changes nothing. */
void mh_rate_set(struct mh_rate *rate, uint64_t per_second, uint64_t now_ms);

/* May this line be written? refusal: of a client that is not accepted, or would not be. */
bool mh_rate_take(struct mh_rate *rate, bool refusal, uint32_t client, uint64_t now_ms);

#endif /* MH_LOG_RATE_H */
