/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel.h - the narrow door to c-ares: these question bytes, those answer bytes or none
 *
 * PURPOSE  One set of sockets to the name servers. All that matters of DNS (what an answer means,
 *          retry over TCP, deadlines, cache) is ours; c-ares sends, matches ids, sends again, and
 *          hands bytes over.
 * CONTRACT channel_send() answers each query once by its done(), at the latest inside
 *          channel_destroy(); done() may run inside channel_send(), and must not call any function
 *          of this header. c-ares 1.34.7 and .8 lose callbacks (their PR 1256): then
 *          channel_destroy() does not call done() either, and whoever asked must remember the query
 *          on his own.
 * OWNERSHIP The query struct and its bytes: the bytes are copied, the struct stays the caller's
 *           until done() or channel_destroy().
 * THREADS  a channel belongs to one thread.
 * LIMITS   CHANNEL_SOCKETS sockets are watched; CHANNEL_ANSWER_BYTES of a UDP answer are taken.
 */
#ifndef HELO_DNS_CHANNEL_H
#define HELO_DNS_CHANNEL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/helo.h"

struct channel;

enum channel_kind {
    CHANNEL_UDP,
    CHANNEL_BARE, /* UDP, for queries without an OPT record */
    CHANNEL_TCP,
    CHANNEL_PROBE, /* UDP, for queries without an OPT record: does anybody answer? */
    CHANNEL_KINDS
};

enum channel_outcome {
    CHANNEL_ANSWERED,  /* with bytes, whatever they say */
    CHANNEL_SILENT,    /* no answer, and time is up */
    CHANNEL_UNREACHED, /* nobody listens there, or it did not get out: no socket, no memory */
    CHANNEL_GARBAGE    /* something came that is no message */
};

enum {
    CHANNEL_SOCKETS = 16,       /* of one channel; one for each server, as a rule */
    CHANNEL_ANSWER_BYTES = 1232 /* what we offer in EDNS; as in message.c */
};

/* What came of a query. */
struct channel_reply {
    enum channel_outcome outcome;
    unsigned timeouts;    /* times a server was given up waiting for, before this */
    const uint8_t *bytes; /* gone when done() returns; NULL when nothing was answered */
    size_t length;
};

/* First member of what the caller keeps of a query. */
struct channel_query {
    void (*done)(struct channel_query *query, const struct channel_reply *reply);
};

/*
 * servers: "192.0.2.1:53,[2001:db8::1]:53", asked in this order, the next one when one is silent
 * for a second (on a probe for less, so that it takes less than one in all) or cannot be reached.
 * HELO_RESOLVER (also when there are none), HELO_NOMEM.
 */
enum helo_status channel_create(enum channel_kind kind, const char *servers, struct channel **out);
/* The system's servers, in that form; released with mem_free(). HELO_RESOLVER, HELO_NOMEM. */
enum helo_status channel_system_servers(char **out);
void channel_destroy(struct channel *channel);
void channel_send(struct channel *channel, const uint8_t *bytes, size_t length,
                  struct channel_query *query);
/* Writes what is to be polled for; returns how many, at most CHANNEL_SOCKETS. */
size_t channel_poll(const struct channel *channel, struct pollfd out[CHANNEL_SOCKETS]);
/* A descriptor of channel_poll() is ready; with -1 nothing is, but time has passed. */
void channel_process(struct channel *channel, int fd, short events);
/* It has more sockets than can be watched: drain it. */
bool channel_is_strained(const struct channel *channel);

#endif /* HELO_DNS_CHANNEL_H */
