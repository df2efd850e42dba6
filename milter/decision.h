/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decision.h - the line of each verdict
 *
 * PURPOSE  Logs verdicts, as many as log.rate lets through (log_rate.h), and counts the rest.
 * THREADS  any; mh_decision_tell() in the signal thread.
 */
#ifndef MH_DECISION_H
#define MH_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "helo.h"

struct sockaddr;

/* log.rate of a policy takes effect. */
void mh_decision_limit(const helo_policy *policy);

/* Tells clients apart for log.rate. NULL is a client, too. */
uint32_t mh_decision_client(const struct sockaddr *address);

/* queue_id: "-" is none. */
void mh_decision_log(const helo_verdict *verdict, const char *queue_id, const char *id,
                     uint32_t client);

/* Says what was left out, if anything was, and some time has passed since; now: whatever time. */
void mh_decision_tell(bool now);

#endif /* MH_DECISION_H */
