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
 *    than a public one that stands behind it; lists refuse those. The same question decides about
 *    servers that are suspects (order.h). One such is on its way at a time.
 * LIMITS   One that has waited in vain (waits_ms) is not asked at all.
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
    WAITING_LISTS = CHANNEL_KINDS + ATTEMPT_TURNS - 1
};

static const uint64_t patience_ms[] = {
    [CHANNEL_UDP] = WATCHDOG_MS,
    [CHANNEL_BARE] = WATCHDOG_MS,
    [CHANNEL_TCP] = SHORT_WATCHDOG_MS,
    [CHANNEL_PROBE] = SHORT_WATCHDOG_MS,
};

/* For a place. Those for one query each are few, and whoever asked goes soon; then somebody else's
 * try is not to wait behind it, but to begin anew. */
static const uint64_t waits_ms[] = {
    [CHANNEL_UDP] = WATCHDOG_MS,
    [CHANNEL_BARE] = SHORT_WATCHDOG_MS,
    [CHANNEL_TCP] = SHORT_WATCHDOG_MS,
    [CHANNEL_PROBE] = SHORT_WATCHDOG_MS,
};

/* The question of ours to some servers alone. */
struct ours {
    struct dns_lookup lookup;
    bool asked;
    bool home;      /* to the site's first server; else to suspects */
    unsigned epoch; /* of the order then */
    unsigned timeouts;
    char servers[ORDER_LINE];
};

struct lanes {
    struct dns_backend *backend;
    /* Made in advance, for when there is no memory for another. */
    struct dns_answer *timeout, *unreachable;
    struct lane_pool pool;
    struct query_list waiting[WAITING_LISTS];
    struct query_list settled;
    size_t query_count; /* in all lists but the lost */
    struct letters letters;
    struct ours ours;
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

static void heed_ours(struct lanes *lanes, enum dns_status status)
{
    struct ours *ours = &lanes->ours;
    struct order *order = &lanes->pool.order;
    bool silent = status == DNS_TIMEOUT || status == DNS_UNREACHABLE;
    bool served = !silent && status != DNS_SERVFAIL && status != DNS_REFUSED;

    ours->asked = false;
    if (!ours->home)
        (void)order_tried(order, ours->epoch, silent ? SERVERS_MAX : ours->timeouts, served,
                          lanes->now_ms);
    else if (served)
        (void)order_go_home(order, lanes->now_ms);
}

static void complete(struct lanes *lanes, struct dns_lookup *lookup, struct dns_answer *answer)
{
    lanes->query_count--;
    if (lookup != &lanes->ours.lookup) {
        service_complete(lanes->backend->service, lookup, answer);
        return;
    }
    heed_ours(lanes, answer->status);
    dns_answer_unref(answer);
}

/* Tells the order of the servers what came. answer: NULL when it is asked again. */
static void report(struct lanes *lanes, const struct query *query,
                   const struct channel_reply *reply, const struct dns_answer *answer, bool refused)
{
    const struct lane *lane = query->lane;
    struct order_report r = {.epoch = lane->epoch,
                             .timeouts = reply->timeouts,
                             .sent_ms = query->since_ms,
                             .probe = lane->kind == CHANNEL_PROBE};
    bool failed =
        query->attempt.said != NULL ||
        (answer != NULL && (answer->status == DNS_SERVFAIL || answer->status == DNS_REFUSED));

    if (query->lookup == &lanes->ours.lookup) {
        lanes->ours.timeouts = reply->timeouts;
        return;
    }
    if (lane->first > 0) {
        if (answer != NULL && dns_status_is_definite(answer->status))
            (void)order_passed(&lanes->pool.order, lane->epoch, refused, lanes->now_ms);
        return;
    }
    /* After some fast answers c-ares 1.32 and newer wait for 250 ms only: that is no silence. A
     * probe is answered without a look elsewhere, and has less time. */
    if (reply->timeouts > 0 && lane->kind != CHANNEL_PROBE &&
        lanes->now_ms - query->since_ms < SILENCE_MS)
        return;
    r.served = !failed;
    (void)order_answered(&lanes->pool.order, &r, lanes->now_ms);
}

/* At the head: it has waited already. */
static void ask_again(struct lanes *lanes, struct query *query)
{
    query->since_ms = lanes->now_ms;
    TAILQ_INSERT_HEAD(list_for(lanes, &query->attempt), query, link);
}

/* c-ares' callback: inside channel_send(), channel_process() or channel_destroy(). */
static void query_done(struct channel_query *channel_query, const struct channel_reply *reply)
{
    struct query *query = (struct query *)channel_query;
    struct lanes *lanes = query->lanes;
    struct lane *lane = query->lane;
    struct dns_answer *answer = NULL;
    bool mixed = !query->attempt.plain_case;
    bool refused = query->attempt.said != NULL && query->attempt.said->status == DNS_REFUSED;
    bool final;

    if (query->lookup == NULL) {
        TAILQ_REMOVE(&lane->lost, query, link);
        mem_free(query);
        return;
    }
    lane_remove(query);
    final = attempt_read(&query->attempt, &query->lookup->question, reply, &answer);
    if (reply->outcome == CHANNEL_ANSWERED) {
        letters_note(&lanes->letters, mixed, &query->attempt);
        report(lanes, query, reply, answer, refused);
    }
    if (lane->kind != CHANNEL_UDP)
        lane_drain(&lanes->pool, lane);
    query->shun = mixed && query->attempt.plain_case ? lane : NULL;
    query->lane = NULL;
    query->answer = answer;
    if (!final)
        ask_again(lanes, query);
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
    return query->lookup != &lanes->ours.lookup &&
           service_withdraw(lanes->backend->service, query->lookup);
}

static struct lane *choose_lane(struct lanes *lanes, const struct query *query, bool *full)
{
    const char *servers = query->lookup == &lanes->ours.lookup ? lanes->ours.servers : NULL;

    return pool_choose(&lanes->pool, query, servers, lanes->now_ms, full);
}

static bool is_overdue(const struct lanes *lanes, const struct query *query)
{
    return lanes->now_ms - query->since_ms > waits_ms[attempt_channel(&query->attempt)];
}

/* What is asked again goes to the head, so in lists of such the oldest are at the end, where under
 * load nobody would ever look. It was not asked: that is no failure to remember. */
static void drop_buried(struct lanes *lanes, struct query_list *waiting)
{
    struct query *query;

    while ((query = TAILQ_LAST(waiting, query_list)) != NULL && is_overdue(lanes, query)) {
        TAILQ_REMOVE(waiting, query, link);
        settle(lanes, query, lanes->unreachable);
    }
}

static void start(struct lanes *lanes, struct query_list *waiting)
{
    drop_buried(lanes, waiting);
    while (!TAILQ_EMPTY(waiting)) {
        struct query *query = TAILQ_FIRST(waiting);
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
        if (!is_overdue(lanes, query))
            lane = choose_lane(lanes, query, &full);
        if (full)
            return;
        TAILQ_REMOVE(waiting, query, link);
        if (lane == NULL)
            settle(lanes, query, lanes->unreachable);
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
    lanes->ours.lookup.probe = true;
    health_question(&lanes->ours.lookup.question);
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
        lanes->letters = (struct letters){.misses = 0};
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
    attempt_init(&query->attempt, lookup->probe, letters_plain(&lanes->letters),
                 lanes->pool.order.count);
    TAILQ_INSERT_TAIL(list_for(lanes, &query->attempt), query, link);
    lanes->query_count++;
    return true;
}

static void ask_ours(struct lanes *lanes, bool home, uint64_t now_ms)
{
    struct ours *ours = &lanes->ours;

    ours->home = home;
    ours->epoch = lanes->pool.order.epoch;
    ours->timeouts = 0;
    if (home)
        order_home_server(&lanes->pool.order, ours->servers);
    else
        order_first(&lanes->pool.order, lanes->pool.order.suspects, ours->servers);
    ours->asked = add_query(lanes, &ours->lookup, now_ms);
}

void lanes_add(struct lanes *lanes, struct dns_lookup *list, uint64_t now_ms)
{
    if (list != NULL && !lanes->ours.asked && order_wants_home(&lanes->pool.order, now_ms))
        ask_ours(lanes, true, now_ms);
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
        if (lanes->pool.order.suspects > 0 && !lanes->ours.asked)
            ask_ours(lanes, false, now_ms);
        start(lanes, &lanes->waiting[CHANNEL_PROBE]);
        for (int i = 0; i < WAITING_LISTS; i++)
            start(lanes, &lanes->waiting[i]);
    } while (!TAILQ_EMPTY(&lanes->settled));
}

bool lanes_busy(const struct lanes *lanes)
{
    return lanes->query_count > 0;
}
