/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes.c - look-ups on their way: a window of queries over a few channels that are often renewed
 *
 * PURPOSE  See lanes.h.
 *
 * STRUCTURE
 *   query    one look-up: how it is asked now, and where it stands
 *   lane     one channel and the queries that fly on it
 *
 *   waiting --start--> flying --done()--> settled --lanes_run()--> completed and freed
 *      ^                  |  \--done()--> waiting, to be asked in another way (attempt.h)
 *      |                  \--watchdog--> lost: completed, but c-ares may still call back
 *
 * CHOICES
 *  - Four open UDP lanes, one of them by lot for each query, each renewed after 1000 queries or a
 *    minute: a forger has to guess which of several short-lived ports. A worn lane drains: it takes
 *    no more, and goes when it is empty.
 *  - 200 queries fly on a lane: the kernel's stock receive buffer holds 256 answers, and each one
 *    that is dropped costs a second. What is more waits here, in order.
 *  - A lane of its own for each query that goes by TCP, since its answer was cut, or without EDNS:
 *    a stalled connection holds up nothing else, and such queries are few.
 *  - A query that c-ares never calls back for is given up after WATCHDOG_MS; its lane drains, and
 *    its memory goes with the lane's channel.
 * LIMITS   800 queries fly on open lanes, 16 on lanes of their own, and what drains; LANES_MAX
 *          lanes in all. One that has waited for WATCHDOG_MS is not asked at all.
 * THREADS  one.
 */
#include <sys/queue.h>

#include "base/mem.h"
#include "dns/attempt.h"
#include "dns/lanes.h"
#include "dns/service.h"

enum {
    OPEN_LANES = 4,
    SINGLE_LANES = 16,
    DRAINING_LANES = LANES_MAX - OPEN_LANES - SINGLE_LANES,
    LANE_WINDOW = 200,
    LANE_QUERIES = 1000,
    LANE_AGE_MS = 60 * 1000,
    WATCHDOG_MS = 15 * 1000,
    /* c-ares 1.34.8 spins on an answer that is cut in the middle: not for long. */
    TCP_WATCHDOG_MS = 3 * 1000,
    PLAIN_CASE_AFTER = 8 /* answers in a row that did not keep the mixed case */
};

struct query {
    struct channel_query channel_query; /* first: done() gets this */
    TAILQ_ENTRY(query) link;            /* of the list it stands in */
    struct lanes *lanes;
    struct lane *lane;         /* while it flies or is lost */
    struct dns_lookup *lookup; /* NULL: lost */
    struct dns_answer *answer; /* settled */
    struct attempt attempt;
    uint64_t since_ms; /* waiting: added; flying: sent */
};

TAILQ_HEAD(query_list, query);

enum lane_state { LANE_FREE, LANE_OPEN, LANE_DRAINING };

struct lane {
    enum lane_state state;
    enum channel_kind kind;
    struct channel *channel;
    struct query_list flying; /* in the order they were sent */
    struct query_list lost;
    size_t flying_count;
    size_t sent;
    uint64_t opened_ms;
};

struct lanes {
    struct dns_backend *backend;
    char *servers;
    struct dns_answer *timeout; /* made in advance, for when there is no memory for another */
    struct lane lane[LANES_MAX];
    struct lane *open[OPEN_LANES]; /* NULL: to be opened when wanted */
    size_t draining_count;
    size_t single_count;
    struct query_list waiting[CHANNEL_KINDS];
    struct query_list settled;
    size_t query_count;   /* in all lists but the lost */
    unsigned case_misses; /* since the mixed case was last kept */
    struct dice dice;
    struct lane *owner[LANES_POLL]; /* of the descriptors of the last lanes_poll() */
};

/* ---- lanes --------------------------------------------------------------------------------- */

/* *full: all lanes are in use or draining. NULL without that: no channel is to be had. */
static struct lane *open_lane(struct lanes *lanes, enum channel_kind kind, uint64_t now_ms,
                              bool *full)
{
    struct lane *lane = lanes->lane;

    while (lane < lanes->lane + LANES_MAX && lane->state != LANE_FREE)
        lane++;
    *full = lane == lanes->lane + LANES_MAX;
    if (*full || channel_create(kind, lanes->servers, &lane->channel) != HELO_OK)
        return NULL;
    lane->state = LANE_OPEN;
    lane->kind = kind;
    lane->flying_count = 0;
    lane->sent = 0;
    lane->opened_ms = now_ms;
    TAILQ_INIT(&lane->flying);
    TAILQ_INIT(&lane->lost);
    if (kind != CHANNEL_UDP)
        lanes->single_count++;
    return lane;
}

static void drain(struct lanes *lanes, struct lane *lane)
{
    if (lane->state != LANE_OPEN)
        return;
    lane->state = LANE_DRAINING;
    if (lane->kind == CHANNEL_UDP)
        lanes->draining_count++;
    for (size_t i = 0; i < OPEN_LANES; i++)
        if (lanes->open[i] == lane)
            lanes->open[i] = NULL;
}

static void close_lane(struct lanes *lanes, struct lane *lane)
{
    channel_destroy(
        lane->channel); /* calls done() for what c-ares still knows of, lost queries among them */
    while (!TAILQ_EMPTY(&lane->lost)) {
        struct query *query = TAILQ_FIRST(&lane->lost);

        TAILQ_REMOVE(&lane->lost, query, link);
        mem_free(query);
    }
    lane->channel = NULL;
    lane->state = LANE_FREE;
    if (lane->kind == CHANNEL_UDP)
        lanes->draining_count--;
    else
        lanes->single_count--;
}

static bool is_worn(const struct lane *lane, uint64_t now_ms)
{
    return lane->sent >= LANE_QUERIES || now_ms - lane->opened_ms > LANE_AGE_MS ||
           channel_is_strained(lane->channel);
}

/* The open lane of a place, renewed when it is worn and there is room for the old one to drain. */
static struct lane *lane_at(struct lanes *lanes, size_t place, uint64_t now_ms, bool *full)
{
    struct lane *lane = lanes->open[place];

    *full = false;
    if (lane != NULL && is_worn(lane, now_ms) && lanes->draining_count < DRAINING_LANES)
        drain(lanes, lane);
    if (lanes->open[place] == NULL)
        lanes->open[place] = open_lane(lanes, CHANNEL_UDP, now_ms, full);
    return lanes->open[place];
}

/* *full: there is no room now. NULL without that: there is none to be had. */
static struct lane *choose_lane(struct lanes *lanes, enum channel_kind kind, uint64_t now_ms,
                                bool *full)
{
    bool any_full = false;
    uint8_t lot;

    if (kind != CHANNEL_UDP) {
        *full = lanes->single_count == SINGLE_LANES;
        return *full ? NULL : open_lane(lanes, kind, now_ms, full);
    }
    dice_take(&lanes->dice, &lot, sizeof lot);
    for (size_t i = 0; i < OPEN_LANES; i++) {
        struct lane *lane = lane_at(lanes, (lot + i) % OPEN_LANES, now_ms, full);

        if (lane != NULL && lane->flying_count < LANE_WINDOW)
            return lane;
        any_full = any_full || *full || lane != NULL;
    }
    *full = any_full;
    return NULL;
}

/* ---- queries ------------------------------------------------------------------------------- */

static void settle(struct lanes *lanes, struct query *query, struct dns_answer *answer)
{
    query->answer = answer != NULL ? answer : dns_answer_ref(lanes->timeout);
    TAILQ_INSERT_TAIL(&lanes->settled, query, link);
}

/* At the head: it has waited already. */
static void ask_again(struct lanes *lanes, struct query *query)
{
    TAILQ_INSERT_HEAD(&lanes->waiting[attempt_channel(&query->attempt)], query, link);
}

static void count_case(struct lanes *lanes, bool was_mixed, bool is_mixed)
{
    if (was_mixed)
        lanes->case_misses = is_mixed ? 0 : lanes->case_misses + 1;
}

/* c-ares' callback: inside channel_send(), channel_process() or channel_destroy(). */
static void query_done(struct channel_query *channel_query, enum channel_outcome outcome,
                       const uint8_t *bytes, size_t length)
{
    struct query *query = (struct query *)channel_query;
    struct lanes *lanes = query->lanes;
    struct dns_answer *answer = NULL;
    bool mixed = !query->attempt.plain_case;
    bool final;

    if (query->lookup == NULL) {
        TAILQ_REMOVE(&query->lane->lost, query, link);
        mem_free(query);
        return;
    }
    TAILQ_REMOVE(&query->lane->flying, query, link);
    query->lane->flying_count--;
    final =
        attempt_read(&query->attempt, &query->lookup->question, outcome, bytes, length, &answer);
    if (outcome == CHANNEL_ANSWERED)
        count_case(lanes, mixed, !query->attempt.plain_case);
    if (query->lane->kind != CHANNEL_UDP)
        drain(lanes, query->lane);
    query->lane = NULL;
    if (final)
        settle(lanes, query, answer);
    else
        ask_again(lanes, query);
}

static void fly(struct lanes *lanes, struct query *query, struct lane *lane, uint64_t now_ms)
{
    uint8_t bytes[ATTEMPT_QUERY_BYTES];
    size_t length;

    attempt_roll(&query->attempt, &lanes->dice);
    length = attempt_bytes(&query->attempt, &query->lookup->question, bytes);
    if (length == 0) { /* not a name that can be asked for; the lane is kept for the next */
        if (lane->kind != CHANNEL_UDP)
            drain(lanes, lane);
        settle(lanes, query, NULL);
        return;
    }
    query->lane = lane;
    query->since_ms = now_ms;
    TAILQ_INSERT_TAIL(&lane->flying, query, link);
    lane->flying_count++;
    lane->sent++;
    channel_send(lane->channel, bytes, length, &query->channel_query); /* query may be gone now */
}

static void start(struct lanes *lanes, enum channel_kind kind, uint64_t now_ms)
{
    struct query_list *waiting = &lanes->waiting[kind];

    while (!TAILQ_EMPTY(waiting)) {
        struct query *query = TAILQ_FIRST(waiting);
        bool overdue = now_ms - query->since_ms > WATCHDOG_MS;
        bool full = false;
        struct lane *lane;

        /* Sessions that are gone must not keep the resolver from those that are there. */
        if (service_withdraw(lanes->backend->service, query->lookup)) {
            TAILQ_REMOVE(waiting, query, link);
            lanes->query_count--;
            mem_free(query);
            continue;
        }
        lane = overdue ? NULL : choose_lane(lanes, kind, now_ms, &full);
        if (full)
            return;
        TAILQ_REMOVE(waiting, query, link);
        if (lane == NULL)
            settle(lanes, query, NULL);
        else
            fly(lanes, query, lane, now_ms);
    }
}

/* The watchdog. Queries fly in the order of their sending: only heads need a look. */
static void give_up_overdue(struct lanes *lanes, struct lane *lane, uint64_t now_ms)
{
    uint64_t patience_ms = lane->kind == CHANNEL_TCP ? TCP_WATCHDOG_MS : WATCHDOG_MS;

    while (!TAILQ_EMPTY(&lane->flying)) {
        struct query *query = TAILQ_FIRST(&lane->flying);
        struct dns_lookup *lookup = query->lookup;

        if (now_ms - query->since_ms <= patience_ms)
            return;
        TAILQ_REMOVE(&lane->flying, query, link);
        TAILQ_INSERT_TAIL(&lane->lost, query, link);
        lane->flying_count--;
        lanes->query_count--;
        query->lookup = NULL;
        drain(lanes, lane);
        service_complete(lanes->backend->service, lookup, dns_answer_ref(lanes->timeout));
    }
}

static void complete_settled(struct lanes *lanes)
{
    while (!TAILQ_EMPTY(&lanes->settled)) {
        struct query *query = TAILQ_FIRST(&lanes->settled);

        TAILQ_REMOVE(&lanes->settled, query, link);
        lanes->query_count--;
        service_complete(lanes->backend->service, query->lookup, query->answer);
        mem_free(query);
    }
}

/* ---- for the thread ------------------------------------------------------------------------ */

enum helo_status lanes_create(struct dns_backend *backend, char *servers, struct lanes **out)
{
    struct lanes *lanes = mem_zalloc(sizeof *lanes);

    if (lanes == NULL)
        return HELO_NOMEM;
    if (dns_answer_create(DNS_TIMEOUT, 0, &lanes->timeout) != HELO_OK) {
        mem_free(lanes);
        return HELO_NOMEM;
    }
    lanes->backend = backend;
    lanes->servers = servers;
    for (int kind = 0; kind < CHANNEL_KINDS; kind++)
        TAILQ_INIT(&lanes->waiting[kind]);
    TAILQ_INIT(&lanes->settled);
    *out = lanes;
    return HELO_OK;
}

static void settle_all(struct lanes *lanes, struct query_list *waiting)
{
    while (!TAILQ_EMPTY(waiting)) {
        struct query *query = TAILQ_FIRST(waiting);

        TAILQ_REMOVE(waiting, query, link);
        settle(lanes, query, NULL);
    }
}

void lanes_destroy(struct lanes *lanes)
{
    if (lanes == NULL)
        return;
    for (struct lane *lane = lanes->lane; lane < lanes->lane + LANES_MAX; lane++) {
        /*
         * Now, and not by channel_destroy(), which does not know of a query whose callback was
         * lost.
         */
        give_up_overdue(lanes, lane, UINT64_MAX);
        drain(lanes, lane);
        if (lane->state != LANE_FREE)
            close_lane(lanes, lane);
    }
    for (int kind = 0; kind < CHANNEL_KINDS; kind++)
        settle_all(lanes, &lanes->waiting[kind]);
    complete_settled(lanes);
    dns_answer_unref(lanes->timeout);
    mem_free(lanes->servers);
    mem_free(lanes);
}

void lanes_set_servers(struct lanes *lanes, char *servers)
{
    mem_free(lanes->servers);
    lanes->servers = servers;
    lanes->case_misses = 0;
    for (size_t i = 0; i < OPEN_LANES; i++)
        if (lanes->open[i] != NULL)
            drain(lanes, lanes->open[i]);
}

void lanes_add(struct lanes *lanes, struct dns_lookup *list, uint64_t now_ms)
{
    while (list != NULL) {
        struct dns_lookup *lookup = list;
        struct query *query = mem_zalloc(sizeof *query);

        list = lookup->backend_next;
        if (query == NULL) {
            service_complete(lanes->backend->service, lookup, dns_answer_ref(lanes->timeout));
            continue;
        }
        query->channel_query.done = query_done;
        query->lanes = lanes;
        query->lookup = lookup;
        query->attempt.plain_case = lanes->case_misses >= PLAIN_CASE_AFTER;
        query->since_ms = now_ms;
        TAILQ_INSERT_TAIL(&lanes->waiting[CHANNEL_UDP], query, link);
        lanes->query_count++;
    }
}

size_t lanes_poll(struct lanes *lanes, struct pollfd *fds)
{
    size_t count = 0;

    for (struct lane *lane = lanes->lane; lane < lanes->lane + LANES_MAX; lane++) {
        size_t more = lane->state == LANE_FREE ? 0 : channel_poll(lane->channel, fds + count);

        for (size_t i = 0; i < more; i++)
            lanes->owner[count++] = lane;
    }
    return count;
}

void lanes_process(struct lanes *lanes, const struct pollfd *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i].revents != 0)
            channel_process(lanes->owner[i]->channel, fds[i].fd, fds[i].revents);
}

void lanes_tick(struct lanes *lanes, uint64_t now_ms)
{
    for (struct lane *lane = lanes->lane; lane < lanes->lane + LANES_MAX; lane++) {
        if (lane->state == LANE_FREE || lane->flying_count == 0)
            continue;
        channel_process(lane->channel, -1, 0);
        give_up_overdue(lanes, lane, now_ms);
    }
}

static void close_drained(struct lanes *lanes)
{
    for (struct lane *lane = lanes->lane; lane < lanes->lane + LANES_MAX; lane++)
        if (lane->state == LANE_DRAINING && lane->flying_count == 0)
            close_lane(lanes, lane);
}

void lanes_run(struct lanes *lanes, uint64_t now_ms)
{
    /* What cannot even be sent settles at once, and makes room again. */
    do {
        complete_settled(lanes);
        close_drained(lanes);
        for (int kind = 0; kind < CHANNEL_KINDS; kind++)
            start(lanes, (enum channel_kind)kind, now_ms);
    } while (!TAILQ_EMPTY(&lanes->settled));
}

bool lanes_busy(const struct lanes *lanes)
{
    return lanes->query_count > 0;
}
