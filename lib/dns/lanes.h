/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes.h - look-ups on their way: a window of queries over a few channels that are often renewed
 *
 * PURPOSE  Everything between "here is a look-up" and "here is its answer", but for threads.
 * CONTRACT Each look-up added is completed once, at the latest inside lanes_destroy(). No query is
 *          started and no look-up completed from inside a callback of c-ares; both happen in
 *          lanes_run().
 * OWNERSHIP Look-ups are the service's; between lanes_add() and service_complete() they are used
 *           here.
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
    LANES_MAX = 32,                           /* in use and draining, UDP and TCP */
    LANES_POLL = LANES_MAX * CHANNEL_SOCKETS, /* descriptors at most */
    LANES_TICK_MS = 20                        /* how often lanes_tick() is wanted while busy */
};

/*
 * servers as in channel_create(), taken over on success. backend->service is read when a look-up
 * completes.
 */
enum helo_status lanes_create(struct dns_backend *backend, char *servers, struct lanes **out);
void lanes_destroy(struct lanes *lanes);
/* New queries go to these servers; those on their way end where they began. Takes servers over. */
void lanes_set_servers(struct lanes *lanes, char *servers);
/* A list by backend_next. */
void lanes_add(struct lanes *lanes, struct dns_lookup *list, uint64_t now_ms);
/* Writes what to poll for; returns how many, at most LANES_POLL. */
size_t lanes_poll(struct lanes *lanes, struct pollfd *fds);
/* The same array after poll(). */
void lanes_process(struct lanes *lanes, const struct pollfd *fds, size_t count);
void lanes_tick(struct lanes *lanes, uint64_t now_ms);
/* Completes what is answered, gives up what is overdue, starts what has room. */
void lanes_run(struct lanes *lanes, uint64_t now_ms);
/* Something is on its way. */
bool lanes_busy(const struct lanes *lanes);

#endif /* HELO_DNS_LANES_H */
