/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes.h - look-ups on their way: a window of queries over a few channels that are often renewed
 *
 * PURPOSE  Everything between "here is a look-up" and "here is its answer", but for threads.
 * CONTRACT Each look-up added is completed once, at the latest inside lanes_destroy(). No query is
 *          started and no look-up completed from inside a callback of c-ares; both happen in
 *          lanes_run().
 *          DNS_TIMEOUT is what no server said a word to; DNS_UNREACHABLE, where nobody listens or
 *          the question did not get out: no socket, no channel, no memory. DNS_SERVFAIL and
 *          DNS_REFUSED are what a server said, and no other one knew better (attempt.h).
 *          Of several servers the one that was good last is asked first (order.h).
 *          A probe (dns_lookup.probe) goes at once, whatever waits and flies, and what comes after
 *          it goes by new channels.
 * FAIRNESS What waits for room waits in its order. Room is 128 queries that were sent in the last
 *          30 ms and are not answered; older ones do not count, so that questions about zones that
 *          are dead hold up others for 30 to 50 ms for each 128 of them, however long they stay.
 *          That one client cannot be all of them is the service's business
 *          (limits.in_flight_per_client). What is asked again at the next server has such room of
 *          its own, for it is another server's.
 *          What waits for a channel of its own (TCP, no EDNS) and gets none for 3 s was not asked:
 *          DNS_UNREACHABLE.
 * OWNERSHIP Look-ups are the service's; between lanes_add() and service_complete() they are used
 *           here.
 * LIMITS   LANES_MAX channels: 16 that are shared; for one query each 48 by TCP, 48 without EDNS
 *          and 4 for probes.
 *          To a server that answers nothing within 30 ms go 2,600 to 4,200 questions a second, as
 *          the ticks fall; to one that answers within T ms, 128,000 / T.
 * THREADS  one. service_complete() is called without any lock.
 */
#ifndef HELO_DNS_LANES_H
#define HELO_DNS_LANES_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/backend.h"
#include "dns/channel.h"

struct lanes;

enum {
    LANES_MAX = 116,                          /* in use and draining */
    LANES_POLL = LANES_MAX * CHANNEL_SOCKETS, /* descriptors at most */
    LANES_TICK_MS = 20                        /* how often lanes_tick() is wanted while busy */
};

/* servers: "192.0.2.1:53,[2001:db8::1]:53". backend->service is read when a look-up completes.
 * HELO_RESOLVER: there is none that order_set() takes; HELO_NOMEM. */
enum helo_status lanes_create(struct dns_backend *backend, const char *servers, struct lanes **out);
void lanes_destroy(struct lanes *lanes);
/*
 * New queries go to these servers; those on their way end where they began. Nothing happens when
 * they are the same as before. HELO_RESOLVER: there is none that order_set() takes; the former ones
 * stay.
 */
enum helo_status lanes_set_servers(struct lanes *lanes, const char *servers, uint64_t now_ms);
/* A list by backend_next. */
void lanes_add(struct lanes *lanes, struct dns_lookup *list, uint64_t now_ms);
/* Writes what to poll for; returns how many, at most LANES_POLL. */
size_t lanes_poll(struct lanes *lanes, struct pollfd *fds);
/* The same array after poll(). */
void lanes_process(struct lanes *lanes, const struct pollfd *fds, size_t count, uint64_t now_ms);
void lanes_tick(struct lanes *lanes, uint64_t now_ms);
/* Completes what is answered, gives up what is overdue, starts what has room. */
void lanes_run(struct lanes *lanes, uint64_t now_ms);
/* Something is on its way. */
bool lanes_busy(const struct lanes *lanes);

#endif /* HELO_DNS_LANES_H */
