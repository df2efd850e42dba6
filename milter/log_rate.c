/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_rate.c - which decisions are logged when there are too many, see log_rate.h
 */
#include "log_rate.h"

#include <stddef.h>

/* What a share of one token a second gets each ms is 1: nothing is ever rounded. */
enum { TOKEN = 1000 * MH_RATE_SHARE };

static uint64_t capacity_of(const struct mh_rate *rate)
{
    uint64_t burst =
        rate->per_second > MH_RATE_BURST_MIN ? rate->per_second : (uint64_t)MH_RATE_BURST_MIN;

    return burst * TOKEN;
}

/* gain: each ms. */
static void fill(struct mh_rate_bucket *bucket, uint64_t gain, uint64_t capacity, uint64_t now_ms)
{
    uint64_t elapsed = now_ms > bucket->at_ms ? now_ms - bucket->at_ms : 0;

    /* Division, since a bucket that was left alone for years would overflow. */
    if (elapsed > (capacity - bucket->level) / gain)
        bucket->level = capacity;
    else
        bucket->level += elapsed * gain;
    bucket->at_ms += elapsed;
}

void mh_rate_set(struct mh_rate *rate, uint64_t per_second, uint64_t now_ms)
{
    uint64_t capacity;

    if (rate->per_second == per_second)
        return;
    rate->per_second = per_second;
    capacity = capacity_of(rate);
    rate->all = (struct mh_rate_bucket){.level = capacity, .at_ms = now_ms};
    for (size_t i = 0; i < MH_RATE_SHARES; i++)
        rate->share[i] =
            (struct mh_rate_bucket){.level = capacity / MH_RATE_SHARE, .at_ms = now_ms};
}

bool mh_rate_take(struct mh_rate *rate, bool refusal, uint32_t client, uint64_t now_ms)
{
    struct mh_rate_bucket *share = &rate->share[client % MH_RATE_SHARES];
    uint64_t capacity = capacity_of(rate);
    uint64_t reserve = capacity / 2;

    if (rate->per_second == 0)
        return true;
    fill(&rate->all, rate->per_second * MH_RATE_SHARE, capacity, now_ms);
    fill(share, rate->per_second, capacity / MH_RATE_SHARE, now_ms);
    if (refusal && share->level >= TOKEN && rate->all.level >= TOKEN) {
        share->level -= TOKEN;
        reserve = 0;
    }
    if (rate->all.level < reserve + TOKEN)
        return false;
    rate->all.level -= TOKEN;
    return true;
}
