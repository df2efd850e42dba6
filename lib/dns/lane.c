/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lane.c - channels that are often renewed, and the queries that fly on them
 *
 * PURPOSE  See lane.h.
 * THREADS  one.
 */
#include "dns/lane.h"
#include "base/mem.h"

/* ---- one lane ------------------------------------------------------------------------------ */

void lane_add(struct lane *lane, struct query *query, uint64_t now_ms)
{
    query->lane = lane;
    query->since_ms = now_ms;
    query->old = false;
    TAILQ_INSERT_TAIL(&lane->young, query, link);
    lane->young_count++;
    lane->flying_count++;
    lane->sent++;
}

void lane_remove(struct query *query)
{
    struct lane *lane = query->lane;

    if (query->old) {
        TAILQ_REMOVE(&lane->old, query, link);
    } else {
        TAILQ_REMOVE(&lane->young, query, link);
        lane->young_count--;
    }
    lane->flying_count--;
}

struct query *lane_oldest(const struct lane *lane)
{
    return TAILQ_EMPTY(&lane->old) ? TAILQ_FIRST(&lane->young) : TAILQ_FIRST(&lane->old);
}

void lane_age(struct lane *lane, uint64_t now_ms)
{
    struct query *query;

    while ((query = TAILQ_FIRST(&lane->young)) != NULL &&
           now_ms - query->since_ms >= LANE_YOUNG_MS) {
        TAILQ_REMOVE(&lane->young, query, link);
        TAILQ_INSERT_TAIL(&lane->old, query, link);
        query->old = true;
        lane->young_count--;
    }
}

/* For one more query to the server that is asked first: what drains was sent to it as well. */
static bool has_room(const struct lane_pool *pool, unsigned first)
{
    size_t young = 0;

    for (const struct lane *lane = pool->lane; lane < pool->lane + LANES_MAX; lane++)
        if (lane->state != LANE_FREE && lane->kind == CHANNEL_UDP && lane->first == first)
            young += lane->young_count;
    return young < LANE_WINDOW;
}

/* ---- opening and closing ------------------------------------------------------------------- */

static const size_t kind_max[] = {
    [CHANNEL_UDP] = LANE_SHARED_MAX,
    [CHANNEL_BARE] = LANE_BARE_MAX,
    [CHANNEL_TCP] = LANE_TCP_MAX,
    [CHANNEL_PROBE] = LANE_PROBE_MAX,
};

static bool has_place(const struct lane_pool *pool, enum channel_kind kind)
{
    return pool->count[kind] < kind_max[kind];
}

/* servers: in place of the order's, or NULL. */
static enum helo_status open_channel(const struct lane_pool *pool, enum channel_kind kind,
                                     unsigned first, const char *servers, struct channel **out)
{
    char line[ORDER_LINE];

    if (servers != NULL)
        return channel_create(kind, servers, out);
    order_line(&pool->order, first, line);
    return channel_create(kind, line, out);
}

static struct lane *open_lane(struct lane_pool *pool, enum channel_kind kind, unsigned first,
                              const char *servers, uint64_t now_ms)
{
    struct lane *lane = pool->lane;
    struct channel *channel;

    while (lane->state != LANE_FREE) /* there is one, since each kind keeps to its own number */
        lane++;
    if (open_channel(pool, kind, first, servers, &channel) != HELO_OK)
        return NULL;
    *lane = (struct lane){.state = LANE_OPEN,
                          .kind = kind,
                          .channel = channel,
                          .epoch = pool->order.epoch,
                          .first = first,
                          .opened_ms = now_ms};
    TAILQ_INIT(&lane->young);
    TAILQ_INIT(&lane->old);
    TAILQ_INIT(&lane->lost);
    pool->count[kind]++;
    return lane;
}

void lane_drain(struct lane_pool *pool, struct lane *lane)
{
    if (lane->state == LANE_OPEN)
        lane->state = LANE_DRAINING;
    for (size_t i = 0; i < LANE_PLACES; i++)
        if (pool->open[i] == lane)
            pool->open[i] = NULL;
}

static void close_lane(struct lane_pool *pool, struct lane *lane)
{
    channel_destroy(lane->channel); /* calls done() for what c-ares still knows of */
    while (!TAILQ_EMPTY(&lane->lost)) {
        struct query *query = TAILQ_FIRST(&lane->lost);

        TAILQ_REMOVE(&lane->lost, query, link);
        mem_free(query);
    }
    lane->channel = NULL;
    lane->state = LANE_FREE;
    pool->count[lane->kind]--;
}

void pool_close_drained(struct lane_pool *pool)
{
    for (struct lane *lane = pool->lane; lane < pool->lane + LANES_MAX; lane++)
        if (lane->state == LANE_DRAINING && lane->flying_count == 0)
            close_lane(pool, lane);
}

void pool_close_all(struct lane_pool *pool)
{
    for (struct lane *lane = pool->lane; lane < pool->lane + LANES_MAX; lane++) {
        lane_drain(pool, lane);
        if (lane->state != LANE_FREE)
            close_lane(pool, lane);
    }
}

void pool_wear(struct lane_pool *pool)
{
    for (size_t i = 0; i < LANE_PLACES; i++)
        if (pool->open[i] != NULL)
            pool->open[i]->worn = true;
}

void pool_drain_all(struct lane_pool *pool)
{
    for (size_t i = 0; i < LANE_PLACES; i++)
        if (pool->open[i] != NULL)
            lane_drain(pool, pool->open[i]);
}

/* ---- choosing ------------------------------------------------------------------------------ */

static bool is_worn(const struct lane_pool *pool, const struct lane *lane, uint64_t now_ms)
{
    return lane->worn || lane->epoch != pool->order.epoch || lane->sent >= LANE_QUERIES ||
           now_ms - lane->opened_ms > LANE_AGE_MS || channel_is_strained(lane->channel);
}

/* The open lane of a place, renewed when it is worn and there is room for the old one to drain. */
static struct lane *lane_at(struct lane_pool *pool, size_t place, uint64_t now_ms, bool *full)
{
    struct lane *lane = pool->open[place];
    bool room = has_place(pool, CHANNEL_UDP);

    if (lane != NULL && room && is_worn(pool, lane, now_ms)) {
        lane_drain(pool, lane);
        lane = NULL;
    }
    if (lane == NULL && !room) {
        *full = true;
        return NULL;
    }
    if (lane == NULL) {
        unsigned first = place < LANE_LOTS ? 0 : (unsigned)(place - LANE_LOTS) + 1;

        lane = pool->open[place] = open_lane(pool, CHANNEL_UDP, first, NULL, now_ms);
    }
    if (lane != NULL && lane->flying_count >= LANE_FLYING_MAX) {
        *full = true;
        return NULL;
    }
    return lane;
}

static struct lane *choose_by_lot(struct lane_pool *pool, const struct lane *shun, uint64_t now_ms,
                                  bool *full)
{
    uint8_t lot;

    dice_take(&pool->dice, &lot, sizeof lot);
    for (size_t i = 0; i < LANE_LOTS; i++) {
        struct lane *lane = lane_at(pool, (lot + i) % LANE_LOTS, now_ms, full);

        if (lane != NULL && lane != shun) {
            *full = false;
            return lane;
        }
    }
    return NULL;
}

struct lane *pool_choose(struct lane_pool *pool, const struct query *query, const char *servers,
                         uint64_t now_ms, bool *full)
{
    const struct attempt *attempt = &query->attempt;
    enum channel_kind kind = attempt_channel(attempt);

    *full = false;
    if (kind != CHANNEL_UDP) {
        *full = !has_place(pool, kind);
        return *full ? NULL : open_lane(pool, kind, attempt->turn, servers, now_ms);
    }
    if (!has_room(pool, attempt->turn)) {
        *full = true;
        return NULL;
    }
    if (attempt->turn > 0)
        return lane_at(pool, LANE_LOTS + attempt->turn - 1, now_ms, full);
    return choose_by_lot(pool, query->shun, now_ms, full);
}
