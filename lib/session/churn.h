/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * churn.h - how many different names has this client said lately?
 *
 * PURPOSE  The memory behind the check helo_churn. struct churn_store is the door; what is behind
 *          it today is a table in memory, and may one day be a store that several filters share.
 * CONTRACT Clients are told apart by their address (IPv4) or its /64 (IPv6). Names are noted by the
 *          caller's choice: the session notes only those that are not confirmed to be the client's.
 *          A note never fails: what does not fit pushes out what was not seen for long.
 * OWNERSHIP churn_free() releases the store; its users must be gone.
 * THREADS  churn_note() from any thread; churn_resize() from one at a time.
 * LIMITS   LIMIT_CHURN_NAMES of a client; the table is as large as it was made. A note costs a
 *          constant time, whoever hopes for collisions: the hash is keyed.
 */
#ifndef HELO_SESSION_CHURN_H
#define HELO_SESSION_CHURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "include/helo.h"

struct churn_store;

struct churn_ops {
    /* As churn_note(). */
    unsigned (*note)(struct churn_store *store, const struct ip *client, const char *name,
                     uint64_t window_ms, uint64_t now_ms);
    /* New size in bytes; what was remembered may be lost. False: no memory, all stays. From one
     * thread at a time. */
    bool (*resize)(struct churn_store *store, size_t bytes);
    void (*free)(struct churn_store *store);
};

/* First member of every store. */
struct churn_store {
    const struct churn_ops *ops;
};

/* A table in memory of at most `bytes`. HELO_NOMEM, HELO_SYSTEM. */
enum helo_status churn_memory_create(size_t bytes, struct churn_store **out);

/*
 * Notes that client said name (lower case); returns how many different names it has said within
 * window_ms, this one among them; at most LIMIT_CHURN_NAMES.
 */
unsigned churn_note(struct churn_store *store, const struct ip *client, const char *name,
                    uint64_t window_ms, uint64_t now_ms);
bool churn_resize(struct churn_store *store, size_t bytes);
void churn_free(struct churn_store *store);

#endif /* HELO_SESSION_CHURN_H */
