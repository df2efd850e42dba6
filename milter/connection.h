/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection.h - what the filter keeps of one connection to the MTA
 *
 * PURPOSE  libmilter's private data: created when the MTA negotiates, freed when it hangs up.
 * CONTRACT The library's session is a part that may be missing: before the client is known, past
 *          the limit, after an error, and when the client is exempt and its messages are of no
 *          interest. No session means: do not judge, let pass.
 * OWNERSHIP The context's.
 * THREADS  one callback of a context at a time, each perhaps on another thread: no thread-local
 *          state.
 */
#ifndef MH_CONNECTION_H
#define MH_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include <libmilter/mfapi.h>

#include "header.h"
#include "helo.h"
#include "id.h"

struct mh_connection {
    helo_session *session;     /* NULL: not judged */
    struct mh_header *header;  /* NULL: messages are not changed */
    bool exempt;               /* its session is there for the policy alone */
    bool admitted;             /* holds one of limits.sessions */
    bool tls;                  /* encrypted, as far as was told */
    bool helo_judged;          /* by decide_at: helo, since HELO last counted */
    enum helo_stage decide_at; /* decide_at of the session's policy */
    uint32_t client;           /* mh_decision_client() of it */
    char id[MH_ID_SIZE];       /* of the last decision */
};

/* Creates it for a context that has none. NULL: no memory, or the filter is stopping. */
struct mh_connection *mh_connection_open(SMFICTX *ctx);
/* The context's, or NULL. */
struct mh_connection *mh_connection_of(SMFICTX *ctx);
/* The context's when it has a session to judge, or NULL: then a message is of interest for its
 * header at most. */
struct mh_connection *mh_connection_judged(SMFICTX *ctx);
/* Ends the judging, not the connection. */
void mh_connection_pass(struct mh_connection *connection);
void mh_connection_close(SMFICTX *ctx);

#endif /* MH_CONNECTION_H */
