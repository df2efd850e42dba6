/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * order.h - which of several name servers is asked first
 *
 * PURPOSE  c-ares goes on to the next server by itself, but 1.18.1 forgets at once: a silent first
 *          server would cost a timeout for every question. So the order is remembered here: last
 *          good first.
 * CONTRACT Pure; time is passed in. Told what came of questions, it says whether the order changed:
 *
 *      an answer after timeouts, none in time since it was sent     the silent ones go last, at
 *                                                                   once, or after ORDER_LATE in a
 *                                                                   row when the next one was
 *                                                                   found bad not long ago
 *      ORDER_REFUSING times in a row the first fails a question     those passed over go last
 *      (SERVFAIL, REFUSED) that another one then answers
 *      the first of the site's order answers a question of its own  the site's order again
 *
 *          A report belongs to the order it was asked under: order->epoch at that time. One about
 *          a former order says nothing. A slow zone makes answers late, too: so one answer in time
 *          speaks for the server, and a change that was no good is not made again soon.
 *          With one server nothing ever changes.
 * OWNERSHIP the caller's struct; nothing is allocated.
 * LIMITS   SERVERS_MAX servers.
 * THREADS  none of its own.
 */
#ifndef HELO_DNS_ORDER_H
#define HELO_DNS_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/servers.h"

enum {
    ORDER_TEXT = 80, /* of one server, with port and zone id */
    ORDER_LINE = SERVERS_MAX * ORDER_TEXT,
    ORDER_LATE = 3,
    ORDER_REFUSING = 5,
    ORDER_FORGET_MS = 60 * 1000, /* for so long a server that was found bad is in doubt */
    ORDER_HOME_MS = 60 * 1000    /* how often the first of the site's order is tried again */
};

struct order_server {
    char text[ORDER_TEXT];
    bool failed;
    uint64_t failed_ms;
};

struct order {
    struct order_server server[SERVERS_MAX]; /* in the order they are asked now */
    size_t count;
    char home[ORDER_LINE]; /* as they were set */
    unsigned epoch;        /* counts the changes */
    unsigned late;         /* in a row */
    unsigned refusing;     /* in a row */
    bool timely;           /* there was an answer in time, at timely_ms */
    uint64_t timely_ms;
    uint64_t changed_ms; /* or when home was last tried */
};

enum order_change {
    ORDER_NEW,
    ORDER_SAME, /* as it was set before: nothing changes, and what is known stays */
    ORDER_NONE  /* not one server: nothing changes */
};

/* "server,server"; one that is too long and those past SERVERS_MAX are left out. */
enum order_change order_set(struct order *order, const char *servers, uint64_t now_ms);
/* Writes the servers as channel_create() takes them, beginning with number `first`. */
void order_line(const struct order *order, size_t first, char out[ORDER_LINE]);

/* An answer to a question whose first server was number 0 of the order. */
struct order_report {
    unsigned epoch;
    unsigned timeouts; /* before it came */
    uint64_t sent_ms;
    bool served; /* neither SERVFAIL nor REFUSED; and no probe, which even such a server answers */
};

/* All return whether the order is another one now. */
bool order_answered(struct order *order, const struct order_report *report, uint64_t now_ms);
/* `passed` servers failed a question in so many words that the one behind them answers. */
bool order_passed(struct order *order, unsigned epoch, unsigned passed, uint64_t now_ms);

/* Not the site's order, and it is time to ask its first server something. Notes that it said so. */
bool order_wants_home(struct order *order, uint64_t now_ms);
/* Writes that server. */
void order_home_server(const struct order *order, char out[ORDER_TEXT]);
bool order_go_home(struct order *order, uint64_t now_ms);

#endif /* HELO_DNS_ORDER_H */
