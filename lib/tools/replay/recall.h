/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recall.h - what DNS said of a HELO then, as our own log remembers it
 *
 * PURPOSE  A line of milter-helo names the checks that failed, when DNS was at hand. So an offline
 *          replay of it need not leave open whether the HELO has the client's address.
 *          And whose names and addresses it was called by: who failed own_name said a name of the
 *          server, whatever the log calls that.
 * CONTRACT Only what follows for certain: who failed a check that spares all whose HELO has the
 *          client's address does not have it. That a check did not fail tells nothing, for it may
 *          have been off.
 * LIMITS   Where neither no_address nor forward_mismatch was on then, it is not known which of the
 *          two it was: it is taken for the latter, which never refuses alone. Such an entry has an
 *          engine of its own, so that helo_churn does not see it among the others.
 * THREADS  any.
 */
#ifndef HELO_REPLAY_RECALL_H
#define HELO_REPLAY_RECALL_H

#include "tools/replay/opinion.h"
#include "tools/replay/subject.h"

enum { RECALL_LINE = 400 };

/* Writes a line for helo_zone_add(); returns 0 when the log tells nothing. */
int recall_line(const struct subject *subject, char out[RECALL_LINE]);

/* What of the server's the HELO is, as the entry itself proves. */
enum recall_claim {
    RECALL_NO_CLAIM,
    RECALL_OWN_NAME,   /* its name */
    RECALL_OWN_SUFFIX, /* a name below it: the name is that above the HELO, or one further above */
    RECALL_OWN_ADDRESS
};

enum recall_claim recall_claim(const struct log_entry *entry);
/* As helo_client takes them; they point into the entry. NULL: the claim tells none. */
const char *recall_own_name(const struct log_entry *entry, enum recall_claim claim);
const char *recall_own_address(const struct log_entry *entry, enum recall_claim claim);

/* The filter would have done worse to it, says the entry. */
int recall_is_weaker(const struct log_entry *entry, enum fate fate);

#endif /* HELO_REPLAY_RECALL_H */
