/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * header.h - the Authentication-Results fields of messages
 *
 * PURPOSE  For a policy that tags: our field on top of each message that was judged, and none in it
 *          that others made and that claims to be ours.
 * CONTRACT A connection has one of these if and only if the MTA was asked for header fields and for
 *          the right to change them; all functions take NULL for one that has none. A message gets
 *          the field of its last accepted recipient that was judged; who is exempt gets none.
 *          Forged fields go all the same. Our field stands above the Received field that the MTA
 *          adds, on Sendmail and on Postfix (RFC 8601 4).
 * OWNERSHIP The connection's.
 * THREADS  in the callback of the context.
 * LIMITS   MH_FORGED_MAX fields of a message can be removed; one with more is refused.
 * STANDARDS RFC 8601 4, 5.
 */
#ifndef MH_HEADER_H
#define MH_HEADER_H

#include "macros.h" /* libmilter's types */

/* Postfix takes 0.15 s to remove as many; the time grows with the square. */
enum { MH_FORGED_MAX = 1000 };

struct mh_header {
    char *results;                  /* of the message's verdict; NULL: none */
    unsigned fields;                /* Authentication-Results of this message so far */
    unsigned forged_count;          /* of them; may exceed MH_FORGED_MAX */
    unsigned forged[MH_FORGED_MAX]; /* which of them, from 1, ascending */
    bool silent;                    /* the MTA wants no answer to a field */
};

/*
 * In xxfi_negotiate: asks for what the policy needs. actions and steps are what the MTA offers, the
 * others what is asked for. NULL: nothing was asked for; a policy that tags then cannot, with a
 * line in the log.
 */
struct mh_header *mh_header_negotiate(helo_engine *engine, unsigned long actions,
                                      unsigned long steps, unsigned long *wanted_actions,
                                      unsigned long *wanted_steps);
void mh_header_free(struct mh_header *header);

/* A message begins or ends: forgets the former. */
void mh_header_reset(struct mh_header *header);
/* A recipient, or a sender, was accepted with this verdict. */
void mh_header_note(SMFICTX *ctx, struct mh_header *header, const helo_verdict *verdict);
/* A field of the message; the answer to return. policy may be NULL: nothing is ours then. */
sfsistat mh_header_see(SMFICTX *ctx, struct mh_header *header, const helo_policy *policy,
                       const char *name, const char *body);
/* The message is complete: changes it. The answer to return. */
sfsistat mh_header_finish(SMFICTX *ctx, struct mh_header *header);

#endif /* MH_HEADER_H */
