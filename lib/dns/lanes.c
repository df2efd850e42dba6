/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes.c - look-ups on their way: a window of queries over a few channels that are often renewed
 *
 * PURPOSE  See lanes.h; lane.h is the lower half.
 *
 * STRUCTURE
 *   waiting --start--> flying --done()--> settled --lanes_run()--> completed and freed
 *      ^                  |  \--done()--> waiting, to be asked in another way (attempt.h)
 *      |                  \--watchdog--> lost: completed, but c-ares may still call back
 *
 * CHOICES
 *  - A query that c-ares never calls back for is given up after WATCHDOG_MS; its lane drains, and
 *    its memory goes with the lane's channel.
 *  - One list of what waits for each kind of channel and turn, so that none holds up another;
 *    probes come first.
 *  - While the site's first server is not asked first, it is asked a question of ours once a
 *    minute: an answer puts it back. A resolver of the site's own is worth more to a mail server
 *    than a public one that stands behind it; lists refuse those.
 * LIMITS   One that has waited for WATCHDOG_MS is not asked at all.
 * THREADS  one.
 */
#include "dns/lanes.h"

#include "base/mem.h"
#include "dns/health.h"
#include "dns/lane.h"
#include "dns/service.h"

enum {
    WATCHDOG_MS = 15 * 1000,
    /* c-ares 1.34.8 spins on an answer that is cut in the middle: not for long. */
    SHORT_WATCHDOG_MS = 3 * 1000,
    SILENCE_MS = 900,
    PLAIN_CASE_AFTER = 8, /* answers in a row that did not keep the mixed case */
    WAITING_LISTS = CHANNEL_KINDS + ATTEMPT_TURNS - 1
};

static const uint64_t patience_ms[] = {
    [CHANNEL_UDP] = WATCHDOG_MS,
    [CHANNEL_BARE] = WATCHDOG_MS,
    [CHANNEL_TCP] = SHORT_WATCHDOG_MS,
    [CHANNEL_PROBE] = SHORT_WATCHDOG_MS,
};

struct lanes {
    struct dns_backend *backend;
    /* Made in advance, for when there is no memory for another. */
    struct dns_answer *timeout, *unreachable;
    struct lane_pool pool;
    struct query_list waiting[WAITING_LISTS];
    struct query_list settled;
    size_t query_count;     /* in all lists but the lost */
    unsigned case_misses;   /* since the mixed case was last kept */
    struct dns_lookup home; /* the question to the site's first server */
    bool home_asked;
    uint64_t now_ms;                /* of the last call */
    struct lane *owner[LANES_POLL]; /* of the descriptors of the last lanes_poll() */
};

/* ---- queries ------------------------------------------------------------------------------- */

/* The list where it waits. */
static struct query_list *list_for(struct lanes *lanes, const struct attempt *attempt)
{
    enum channel_kind kind = attempt_channel(attempt);

    if (kind == CHANNEL_UDP && attempt->turn > 0)
        return &lanes->waiting[CHANNEL_KINDS + attempt->turn - 1];
    return &lanes->waiting[kind];
}

static void free_query(struct query *query)
{
    dns_answer_unref(attempt_drop(&query->attempt));
    mem_free(query);
}

/* What a server that was passed over has said is better than what we say for want of an answer. */
static void settle(struct lanes *lanes, struct query *query, struct dns_answer *ours)
{
    struct dns_answer *said = attempt_drop(&query->attempt);

    query->answer = said != NULL ? said : dns_answer_ref(ours);
    TAILQ_INSERT_TAIL(&lanes->settled, query, link);
}

static void complete(struct lanes *lanes, struct dns_lookup *lookup, struct dns_answer *answer)
{
    lanes->query_count--;
    if (lookup != &lanes->home) {
        service_complete(lanes->backend->service, lookup, answer);
        return;
    }
    lanes->home_asked = false;
    if (answer->status != DNS_TIMEOUT && answer->status != DNS_UNREACHABLE &&
        answer->status != DNS_SERVFAIL && answer->status != DNS_REFUSED)
        (void)order_go_home(&lanes->pool.order, lanes->now_ms);
    dns_answer_unref(answer);
}

static void count_case(struct lanes *lanes, bool was_mixed, bool is_mixed)
{
    if (was_mixed)
        lanes->case_misses = is_mixed ? 0 : lanes->case_misses + 1;
}

/* Tells the order of the servers what came. answer: NULL when it is asked again. */
static void report(struct lanes *lanes, const struct query *query,
                   const struct channel_reply *reply, const struct dns_answer *answer)
{
    const struct lane *lane = query->lane;
    struct order_report r = {
        .epoch = lane->epoch, .timeouts = reply->timeouts, .sent_ms = query->since_ms};
    bool failed =
        query->attempt.said != NULL ||
        (answer != NULL && (answer->status == DNS_SERVFAIL || answer->status == DNS_REFUSED));

    if (query->lookup == &lanes->home)
        return;
    if (lane->first > 0) {
        if (answer != NULL && dns_status_is_definite(answer->status))
            (void)order_passed(&lanes->pool.order, lane->epoch, lane->first, lanes->now_ms);
        return;
    }
    /* After some fast answers c-ares 1.32 and newer wait for 250 ms only: that is no silence. A
     * probe is answered without a look elsewhere, and has less time. */
    if (reply->timeouts > 0 && lane->kind != CHANNEL_PROBE &&
        lanes->now_ms - query->since_ms < SILENCE_MS)
        return;
    /* To a probe even a server answers that has nothing else to say. */
    r.served = !failed && lane->kind != CHANNEL_PROBE;
    (void)order_answered(&lanes->pool.order, &r, lanes->now_ms);
}

/* c-ares' callback: inside channel_send(), channel_process() or channel_destroy(). */
static void query_done(struct channel_query *channel_query, const struct channel_reply *reply)
{
    struct query *query = (struct query *)channel_query;
    struct lanes *lanes = query->lanes;
    struct lane *lane = query->lane;
    struct dns_answer *answer = NULL;
    bool mixed = !query->attempt.plain_case;
    bool final;

    if (query->lookup == NULL) {
        TAILQ_REMOVE(&lane->lost, query, link);
        mem_free(query);
        return;
    }
    lane_remove(query);
    final = attempt_read(&query->attempt, &query->lookup->question, reply, &answer);
    if (reply->outcome == CHANNEL_ANSWERED) {
        count_case(lanes, mixed, !query->attempt.plain_case);
        report(lanes, query, reply, answer);
    }
    if (lane->kind != CHANNEL_UDP)
        lane_drain(&lanes->pool, lane);
    query->lane = NULL;
    query->answer = answer;
    if (!final) /* at the head: it has waited already */
        TAILQ_INSERT_HEAD(list_for(lanes, &query->attempt), query, link);
    else if (answer == NULL)
        settle(lanes, query, lanes->unreachable);
    else
        TAILQ_INSERT_TAIL(&lanes->settled, query, link);
}

static void fly(struct lanes *lanes, struct query *query, struct lane *lane)
{
    uint8_t bytes[ATTEMPT_QUERY_BYTES];
    size_t length;

    attempt_roll(&query->attempt, &lanes->pool.dice);
    length = attempt_bytes(&query->attempt, &query->lookup->question, bytes);
    if (length == 0) { /* not a name that can be asked for; the lane is kept for the next */
        if (lane->kind != CHANNEL_UDP)
            lane_drain(&lanes->pool, lane);
        settle(lanes, query, lanes->unreachable);
        return;
    }
    query->epoch = lane->epoch;
    lane_add(lane, query, lanes->now_ms);
    channel_send(lane->channel, bytes, length, &query->channel_query); /* query may be gone now */
}

/*
 * A turn is a number in the order of servers. When that changed meanwhile, the number may be the
 * server's that has failed this question: then the first of the new order is asked, and none after.
 */
static bool is_turned_over(struct lanes *lanes, struct query *query)
{
    struct attempt *attempt = &query->attempt;

    if (attempt->turn == 0 || query->epoch == lanes->pool.order.epoch)
        return false;
    attempt->turn = 0;
    attempt->turns = 1;
    return true;
}

/* Sessions that are gone must not keep the resolver from those that are there. */
static bool is_withdrawn(struct lanes *lanes, struct query *query)
{
    return query->lookup != &lanes->home &&
           service_withdraw(lanes->backend->service, query->lookup);
}

static struct lane *choose_lane(struct lanes *lanes, const struct query *query, bool *full)
{
    char home[ORDER_TEXT];

    if (query->lookup != &lanes->home)
        return pool_choose(&lanes->pool, &query->attempt, NULL, lanes->now_ms, full);
    order_home_server(&lanes->pool.order, home);
    return pool_choose(&lanes->pool, &query->attempt, home, lanes->now_ms, full);
}

static void start(struct lanes *lanes, struct query_list *waiting)
{
    while (!TAILQ_EMPTY(waiting)) {
        struct query *query = TAILQ_FIRST(waiting);
        bool overdue = lanes->now_ms - query->since_ms > WATCHDOG_MS;
        bool full = false;
        struct lane *lane = NULL;

        if (is_withdrawn(lanes, query)) {
            TAILQ_REMOVE(waiting, query, link);
            lanes->query_count--;
            free_query(query);
            continue;
        }
        if (is_turned_over(lanes, query)) {
            TAILQ_REMOVE(waiting, query, link);
            TAILQ_INSERT_HEAD(list_for(lanes, &query->attempt), query, link);
            continue;
        }
        if (!overdue)
            lane = choose_lane(lanes, query, &full);
        if (full)
            return;
        TAILQ_REMOVE(waiting, query, link);
        if (lane == NULL)
            settle(lanes, query, overdue ? lanes->timeout : lanes->unreachable);
        else
            fly(lanes, query, lane);
    }
}

/* The watchdog. Queries fly in the order of their sending: only heads need a look. */
static void give_up_overdue(struct lanes *lanes, struct lane *lane, uint64_t now_ms)
{
    struct query *query;

    while ((query = lane_oldest(lane)) != NULL &&
           now_ms - query->since_ms > patience_ms[lane->kind]) {
        struct dns_lookup *lookup = query->lookup;
        struct dns_answer *said = attempt_drop(&query->attempt);

        lane_remove(query);
        TAILQ_INSERT_TAIL(&lane->lost, query, link);
        query->lookup = NULL;
        lane_drain(&lanes->pool, lane);
        complete(lanes, lookup, said != NULL ? said : dns_answer_ref(lanes->timeout));
    }
}

static void complete_settled(struct lanes *lanes)
{
    while (!TAILQ_EMPTY(&lanes->settled)) {
        struct query *query = TAILQ_FIRST(&lanes->settled);

        TAILQ_REMOVE(&lanes->settled, query, link);
        complete(lanes, query->lookup, query->answer);
        mem_free(query);
    }
}

/* ---- for the thread ------------------------------------------------------------------------ */

enum helo_status lanes_create(struct dns_backend *backend, const char *servers, struct lanes **out)
{
    struct lanes *lanes = mem_zalloc(sizeof *lanes);

    if (lanes == NULL)
        return HELO_NOMEM;
    if (order_set(&lanes->pool.order, servers, 0) == ORDER_NONE) {
        mem_free(lanes);
        return HELO_RESOLVER;
    }
    if (dns_answer_create(DNS_TIMEOUT, 0, &lanes->timeout) != HELO_OK ||
        dns_answer_create(DNS_UNREACHABLE, 0, &lanes->unreachable) != HELO_OK) {
        dns_answer_unref(lanes->timeout);
        mem_free(lanes);
        return HELO_NOMEM;
    }
    lanes->backend = backend;
    for (int i = 0; i < WAITING_LISTS; i++)
        TAILQ_INIT(&lanes->waiting[i]);
    TAILQ_INIT(&lanes->settled);
    health_question(&lanes->home.question);
    *out = lanes;
    return HELO_OK;
}

static void settle_all(struct lanes *lanes, struct query_list *waiting)
{
    while (!TAILQ_EMPTY(waiting)) {
        struct query *query = TAILQ_FIRST(waiting);

        TAILQ_REMOVE(waiting, query, link);
        settle(lanes, query, lanes->unreachable);
    }
}

void lanes_destroy(struct lanes *lanes)
{
    if (lanes == NULL)
        return;
    /* Now, and not by channel_destroy(), which does not know of a query whose callback was lost. */
    for (struct lane *lane = lanes->pool.lane; lane < lanes->pool.lane + LANES_MAX; lane++)
        if (lane->state != LANE_FREE)
            give_up_overdue(lanes, lane, UINT64_MAX);
    pool_close_all(&lanes->pool);
    for (int i = 0; i < WAITING_LISTS; i++)
        settle_all(lanes, &lanes->waiting[i]);
    complete_settled(lanes);
    dns_answer_unref(lanes->timeout);
    dns_answer_unref(lanes->unreachable);
    mem_free(lanes);
}

enum helo_status lanes_set_servers(struct lanes *lanes, const char *servers, uint64_t now_ms)
{
    switch (order_set(&lanes->pool.order, servers, now_ms)) {
    case ORDER_NONE:
        return HELO_RESOLVER;
    case ORDER_SAME:
        break;
    case ORDER_NEW:
        lanes->case_misses = 0;
        pool_drain_all(&lanes->pool);
        break;
    }
    return HELO_OK;
}

/* False: no memory. */
static bool add_query(struct lanes *lanes, struct dns_lookup *lookup, uint64_t now_ms)
{
    struct query *query = mem_zalloc(sizeof *query);

    if (query == NULL)
        return false;
    query->channel_query.done = query_done;
    query->lanes = lanes;
    query->lookup = lookup;
    query->since_ms = now_ms;
    attempt_init(&query->attempt, lookup->probe, lanes->case_misses >= PLAIN_CASE_AFTER,
                 lanes->pool.order.count);
    TAILQ_INSERT_TAIL(list_for(lanes, &query->attempt), query, link);
    lanes->query_count++;
    return true;
}

static void ask_home(struct lanes *lanes, uint64_t now_ms)
{
    if (lanes->home_asked || !order_wants_home(&lanes->pool.order, now_ms))
        return;
    lanes->home.probe = true;
    lanes->home_asked = add_query(lanes, &lanes->home, now_ms);
}

void lanes_add(struct lanes *lanes, struct dns_lookup *list, uint64_t now_ms)
{
    if (list != NULL)
        ask_home(lanes, now_ms);
    while (list != NULL) {
        struct dns_lookup *lookup = list;

        list = lookup->backend_next;
        if (lookup->probe)
            pool_wear(&lanes->pool);
        if (!add_query(lanes, lookup, now_ms))
            service_complete(lanes->backend->service, lookup, dns_answer_ref(lanes->unreachable));
    }
}

size_t lanes_poll(struct lanes *lanes, struct pollfd *fds)
{
    size_t count = 0;

    for (struct lane *lane = lanes->pool.lane; lane < lanes->pool.lane + LANES_MAX; lane++) {
        size_t more = lane->state == LANE_FREE ? 0 : channel_poll(lane->channel, fds + count);

        for (size_t i = 0; i < more; i++)
            lanes->owner[count++] = lane;
    }
    return count;
}

void lanes_process(struct lanes *lanes, const struct pollfd *fds, size_t count, uint64_t now_ms)
{
    lanes->now_ms = now_ms;
    for (size_t i = 0; i < count; i++)
        if (fds[i].revents != 0)
            channel_process(lanes->owner[i]->channel, fds[i].fd, fds[i].revents);
}

void lanes_tick(struct lanes *lanes, uint64_t now_ms)
{
    lanes->now_ms = now_ms;
    for (struct lane *lane = lanes->pool.lane; lane < lanes->pool.lane + LANES_MAX; lane++) {
        if (lane->state == LANE_FREE || lane->flying_count == 0)
            continue;
        channel_process(lane->channel, -1, 0);
        give_up_overdue(lanes, lane, now_ms);
        lane_age(lane, now_ms);
    }
}

void lanes_run(struct lanes *lanes, uint64_t now_ms)
{
    lanes->now_ms = now_ms;
    /* What cannot even be sent settles at once, and makes room again. */
    do {
        complete_settled(lanes);
        pool_close_drained(&lanes->pool);
        start(lanes, &lanes->waiting[CHANNEL_PROBE]);
        for (int i = 0; i < WAITING_LISTS; i++)
            start(lanes, &lanes->waiting[i]);
    } while (!TAILQ_EMPTY(&lanes->settled));
}

bool lanes_busy(const struct lanes *lanes)
{
    return lanes->query_count > 0;
}
