/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seen.c - which mail was handed out already, see seen.h
 */
#include "tools/log/seen.h"

#include <stdlib.h>

/* Index of a mark plus 1, so that zeros are an empty table. */
struct seen_mark {
    uint64_t hash;
    long long time_s;
    uint32_t chain;
    uint32_t chained; /* it stands in a bucket */
};

/* A log without marks needs no table. Returns 0 without memory. */
static int reserve(struct seen *seen)
{
    if (seen->marks == NULL)
        seen->marks = calloc(SEEN_MARKS, sizeof *seen->marks);
    if (seen->buckets == NULL)
        seen->buckets = calloc(SEEN_MARKS, sizeof *seen->buckets);
    return seen->marks != NULL && seen->buckets != NULL;
}

void seen_fini(struct seen *seen)
{
    free(seen->marks);
    free(seen->buckets);
    *seen = (struct seen){0};
}

static uint32_t *bucket_of(const struct seen *seen, uint64_t hash)
{
    return &seen->buckets[(uint32_t)(hash >> 32 ^ hash) & (SEEN_MARKS - 1)];
}

static void unchain(struct seen *seen, struct seen_mark *mark)
{
    uint32_t *link = bucket_of(seen, mark->hash);

    while (*link != (uint32_t)(mark - seen->marks) + 1)
        link = &seen->marks[*link - 1].chain;
    *link = mark->chain;
    mark->chained = 0;
}

/*
 * Marks are kept by the stretch of time they are of: a client that sends the same mail every minute
 * for a month would be a chain of forty thousand otherwise.
 */
static uint64_t key_of(uint64_t hash, long long stretch)
{
    return hash ^ ((uint64_t)stretch * 0x9e3779b97f4a7c15u);
}

int seen_add(struct seen *seen, uint64_t hash, long long time_s)
{
    uint64_t key = time_s == 0 ? hash : key_of(hash, time_s / SEEN_WINDOW_S);
    struct seen_mark *mark;
    uint32_t *bucket;

    if (!reserve(seen))
        return 0;
    mark = &seen->marks[seen->next];
    bucket = bucket_of(seen, key);
    if (mark->chained)
        unchain(seen, mark);
    *mark = (struct seen_mark){.hash = key, .time_s = time_s, .chain = *bucket, .chained = 1};
    *bucket = seen->next + 1;
    seen->next = (seen->next + 1) & (SEEN_MARKS - 1);
    return 1;
}

static int find_key(struct seen *seen, uint64_t key, long long time_s, int use)
{
    uint32_t at = *bucket_of(seen, key);

    for (; at != 0; at = seen->marks[at - 1].chain) {
        struct seen_mark *mark = &seen->marks[at - 1];
        long long apart = mark->time_s == 0 ? 0 : mark->time_s - time_s;

        if (mark->hash != key || apart > SEEN_WINDOW_S || apart < -SEEN_WINDOW_S)
            continue;
        if (use)
            unchain(seen, mark);
        return 1;
    }
    return 0;
}

int seen_find(struct seen *seen, uint64_t hash, long long time_s, int use)
{
    if (seen->buckets == NULL || seen->marks == NULL)
        return 0;
    if (find_key(seen, hash, 0, use))
        return 1;
    for (int i = -1; time_s != 0 && i <= 1; i++)
        if (find_key(seen, key_of(hash, time_s / SEEN_WINDOW_S + i), time_s, use))
            return 1;
    return 0;
}
