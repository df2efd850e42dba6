/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recall.h - what DNS said of a HELO then, as our own log remembers it
 *
 * PURPOSE  A line of milter-helo names the checks that failed, when DNS was at hand. So an offline
 *          replay of it need not leave open whether the HELO has the client's address.
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

#include "tools/replay/subject.h"

enum { RECALL_LINE = 400 };

/* Writes a line for helo_zone_add(); returns 0 when the log tells nothing. */
int recall_line(const struct subject *subject, char out[RECALL_LINE]);

#endif /* HELO_REPLAY_RECALL_H */
