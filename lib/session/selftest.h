/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest.h - what only a running engine can find wrong with a policy
 *
 * PURPOSE  helo_engine_test(): do domain lists answer as lists do, do own names resolve, are own
 *          addresses such as clients see? A mistake there refuses good mail, or nothing at all, and
 *          no file shows it.
 * CONTRACT A list that fails is marked in the snapshot: sessions that begin later do not ask it,
 *          until a test of it succeeds. One that gives no answer stays as it was. Only definite
 *          answers make a finding of a name. What belongs to checks that are off is not tested.
 * THREADS  any; the marks are atomic.
 * STANDARDS RFC 5782 5: a list of domains has an entry TEST, and none INVALID.
 */
#ifndef HELO_SESSION_SELFTEST_H
#define HELO_SESSION_SELFTEST_H

#include "base/diag.h"
#include "dns/service.h"
#include "session/engine.h"

/* All questions at once, for dns.deadline at most; findings go to diag. HELO_NOMEM. */
enum helo_status selftest_run(struct snapshot *snapshot, struct dns_service *service,
                              struct diag *diag);
/* The marks that made, which is not in force yet, has of former: those of zones that are the same
 * in both. */
void selftest_carry(struct snapshot *made, const struct snapshot *former);
/* What becomes facts.rhsbl_unusable. */
unsigned selftest_unusable(const struct snapshot *snapshot);

#endif /* HELO_SESSION_SELFTEST_H */
