/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - the engine and the session of one Exim process
 *
 * PURPOSE  Exim forks for each connection, and the child asks once per recipient: the policy is
 *          read and the engine made at the first question, and both are kept for the others.
 * CONTRACT One connection is told from the next by its client's address and port, should a process
 *          ever serve two. A process that was forked off finds nothing of its parent's: the
 *          resolver's thread did not come along, so the engine is left as it is, untouched, and
 *          another one is made if it is needed at all (a delivery needs none).
 *          No call waits for a lock that a thread of the parent might have held. All file
 *          descriptors are close-on-exec. The thread blocks all signals: Exim's alarms arrive where
 *          Exim expects them.
 *          A policy that cannot be read is not read again by the same process.
 * OWNERSHIP Everything is the process's, and ends with it.
 * THREADS  one: Exim has no others.
 */
#ifndef HELO_EXIM_PROCESS_H
#define HELO_EXIM_PROCESS_H

#include "helo.h"
#include "request.h"

/*
 * The session of this connection, told all that the request has to say of HELO, TLS and MAIL.
 * HELO_OK, or anything else: then nobody can be judged, and *reason says why, printable, in one
 * line, which lives until the next call.
 */
HELO_MUST_CHECK enum helo_status hx_process_session(const struct hx_request *request,
                                                    helo_session **out, const char **reason);

#endif /* HELO_EXIM_PROCESS_H */
