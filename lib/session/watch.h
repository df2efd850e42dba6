/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - are the clients' addresses the clients' own?
 *
 * PURPOSE  Behind a proxy, or a container's NAT, every client seems to come from one private
 *          address: then a filter judges nobody, because that network is exempt, or everybody by an
 *          address that is not his. Nothing else would show it, so it is said aloud.
 * CONTRACT When none of the first WATCH_CLIENTS clients had a public address, warn is called once,
 *          and once a day while that stays so; and with a note when a public one comes. After the
 *          first public client nothing is watched any more. Loopback clients do not count: they are
 *          local mail. Pure but for warn: the time is passed in.
 * THREADS  any; no locks. warn may be called by two threads at the same time.
 */
#ifndef HELO_SESSION_WATCH_H
#define HELO_SESSION_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "include/helo.h"

enum { WATCH_CLIENTS = 100, WATCH_AGAIN_MS = 24 * 60 * 60 * 1000 };

struct watch {
    helo_diag_fn *warn; /* may be NULL */
    void *arg;
    uint64_t state;   /* atomic: when was warned, and whether a public client came; watch.c */
    uint32_t private; /* atomic: clients so far, up to WATCH_CLIENTS */
};

void watch_init(struct watch *w, helo_diag_fn *warn, void *arg);
/* Every client so far is private, and there were WATCH_CLIENTS of them. */
bool watch_sees_only_private(const struct watch *w);
/* A session has begun. client: IP_NONE for one without an address. */
void watch_client(struct watch *w, const struct ip *client, uint64_t now_ms);

#endif /* HELO_SESSION_WATCH_H */
