/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lane.h - channels that are often renewed, and the queries that fly on them
 *
 * PURPOSE  The lower half of lanes.c: which channel a query takes, when a channel goes.
 * STRUCTURE
 *   query    one look-up: how it is asked now, and where it stands
 *   lane     one channel and the queries that fly on it
 *   pool     all lanes: the open ones, by place; those that drain; those for one query
 * CHOICES
 *  - Four open UDP lanes, one of them by lot for each query, each renewed after 1000 queries or a
 *    minute: a forger has to guess which of several short-lived ports. A worn lane drains: it takes
 *    no more, and goes when it is empty. One more place for each other server that may be asked
 *    first.
 *  - LANE_WINDOW young queries fly to a server that is asked first, on all lanes together: the
 *    kernel's stock receive buffer holds some 256 queries, of all clients of that server, and each
 *    one that is dropped costs a second. What was sent LANE_YOUNG_MS ago no longer counts: the
 *    server has read it by now, and a dead zone's answer never comes. Two windows fit, so that a
 *    server may be kept from its processor for longer than that. Measured on a busy machine: with
 *    200 some are dropped, with 100 a server 20 ms away answers a quarter less.
 *  - A lane of its own for each query that goes by TCP, since its answer was cut, or without EDNS:
 *    a stalled connection holds up nothing else, and such queries are few. Each of the two kinds
 *    has places of its own, so that zones that stall the one leave the other. And for each probe:
 *    with a new socket, so that an address of ours that is gone, or a firewall that has forgotten
 *    the old one, is not taken for a resolver that is.
 *  - A lane belongs to the order of servers it was opened under (order.h).
 * OWNERSHIP A lane owns its channel and its lost queries; others are the caller's.
 * THREADS  one.
 */
#ifndef HELO_DNS_LANE_H
#define HELO_DNS_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "dns/attempt.h"
#include "dns/channel.h"
#include "dns/lanes.h"
#include "dns/order.h"

enum {
    LANE_LOTS = 4,
    LANE_PLACES = LANE_LOTS + ATTEMPT_TURNS - 1,
    LANE_SHARED_MAX = 16, /* open and draining */
    LANE_BARE_MAX = 48,   /* without EDNS */
    LANE_TCP_MAX = 48,
    LANE_PROBE_MAX = 4,
    LANE_WINDOW = 128,
    LANE_YOUNG_MS = 30,
    LANE_FLYING_MAX = 2000, /* c-ares 1.34 never ends when it runs out of ids */
    LANE_QUERIES = 1000,
    LANE_AGE_MS = 60 * 1000
};

_Static_assert(LANE_SHARED_MAX + LANE_BARE_MAX + LANE_TCP_MAX + LANE_PROBE_MAX == LANES_MAX,
               "each kind has its room, and none can take another's");

struct lane;

struct query {
    struct channel_query channel_query; /* first: done() gets this */
    TAILQ_ENTRY(query) link;            /* of the list it stands in */
    struct lanes *lanes;
    struct lane *lane;         /* while it flies or is lost */
    bool old;                  /* it flies, and not among the young */
    struct dns_lookup *lookup; /* NULL: lost */
    struct dns_answer *answer; /* settled */
    struct attempt attempt;
    const struct lane *shun; /* not on this one again; never looked into */
    unsigned epoch;          /* of the order that attempt.turn counts in */
    uint64_t since_ms;       /* waiting: added; flying: sent */
};

TAILQ_HEAD(query_list, query);

enum lane_state { LANE_FREE, LANE_OPEN, LANE_DRAINING };

struct lane {
    enum lane_state state;
    enum channel_kind kind;
    struct channel *channel;
    struct query_list young, old; /* flying, each in the order they were sent; old before young */
    struct query_list lost;
    size_t young_count, flying_count;
    size_t sent;
    unsigned epoch; /* of the order of servers */
    unsigned first; /* the number of its first server in that order */
    bool worn;
    uint64_t opened_ms;
};

struct lane_pool {
    struct lane lane[LANES_MAX];
    struct lane *open[LANE_PLACES]; /* NULL: to be opened when wanted */
    size_t count[CHANNEL_KINDS];    /* open and draining */
    struct order order;
    struct dice dice;
};

/*
 * The lane for a query. servers: in place of the order's, for a probe, or NULL. NULL with *full:
 * there is no room now. NULL without: no channel is to be had.
 */
struct lane *pool_choose(struct lane_pool *pool, const struct query *query, const char *servers,
                         uint64_t now_ms, bool *full);
/* Every open lane is renewed before it is used again, if there is room for it to drain. */
void pool_wear(struct lane_pool *pool);
/* No query goes on what is open now. */
void pool_drain_all(struct lane_pool *pool);
/* Those that drain and are empty. channel_destroy() calls done() for lost queries. */
void pool_close_drained(struct lane_pool *pool);
void pool_close_all(struct lane_pool *pool);

void lane_add(struct lane *lane, struct query *query, uint64_t now_ms);
void lane_remove(struct query *query);
/* The query that has flown longest, or NULL. */
struct query *lane_oldest(const struct lane *lane);
/* What was sent long enough ago is young no more. */
void lane_age(struct lane *lane, uint64_t now_ms);
/* It takes no more queries. */
void lane_drain(struct lane_pool *pool, struct lane *lane);

#endif /* HELO_DNS_LANE_H */
