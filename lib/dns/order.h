/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * order.h - which of several name servers is asked first
 *
 * PURPOSE  c-ares goes on to the next server by itself, but 1.18.1 forgets at once: a silent first
 *          server would cost a timeout for every question. So the order is remembered here: last
 *          good first.
 * CONTRACT Pure; time is passed in. Told what came of questions, it says whether the order changed:
 *
 *      an answer after timeouts, none in time since it was sent     the silent ones are suspects,
 *                                                                   at once, or after ORDER_LATE in
 *                                                                   a row when the next one was
 *                                                                   found bad not long ago; after
 *                                                                   a probe they go last
 *      ORDER_REFUSING times in a row the first says REFUSED to a    it goes last
 *      question that another one then answers
 *      the same with SERVFAIL                                       it is a suspect
 *      a suspect is silent about a question of ours, or, after      it goes last
 *      those SERVFAILs, has no more to say to that
 *      the first of the site's order answers a question of ours     the site's order again
 *
 *          Whose zone it is decides what a good server says about its names: nothing for seconds,
 *          or SERVFAIL (DNSSEC). He must not choose who is asked first, so that proves nothing.
 *          The price: a server that answers what is its own, and other things late or with
 *          SERVFAIL, stays first.
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
    char home[ORDER_LINE];            /* as they were set */
    unsigned epoch;                   /* counts the changes */
    unsigned late, refusing, failing; /* in a row */
    size_t suspects;                  /* so many of the first are to be asked a question of ours */
    bool timely;                      /* there was an answer in time, at timely_ms */
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
    bool served; /* neither SERVFAIL nor REFUSED */
    bool probe;  /* a question of ours, which even a server answers that serves nothing else */
};

/* All return whether the order is another one now. */
bool order_answered(struct order *order, const struct order_report *report, uint64_t now_ms);
/* The first failed a question in so many words, REFUSED or SERVFAIL, that another one answered. */
bool order_passed(struct order *order, unsigned epoch, bool refused, uint64_t now_ms);
/* Suspects were asked: so many were silent, and then one served (or said no more than SERVFAIL). */
bool order_tried(struct order *order, unsigned epoch, size_t silent, bool served, uint64_t now_ms);

/* Writes the first `many` only. */
void order_first(const struct order *order, size_t many, char out[ORDER_LINE]);

/* Not the site's order, and it is time to ask its first server something. Notes that it said so. */
bool order_wants_home(struct order *order, uint64_t now_ms);
/* Writes that server. */
void order_home_server(const struct order *order, char out[ORDER_TEXT]);
bool order_go_home(struct order *order, uint64_t now_ms);

#endif /* HELO_DNS_ORDER_H */
