/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * engine.h - what all sessions share: look-ups, and the snapshot in force
 *
 * OWNERSHIP A snapshot (policy and own identity) is counted; each session pins one for its life.
 * THREADS  engine_pin() and snapshot_unref() from any thread.
 */
#ifndef HELO_SESSION_ENGINE_H
#define HELO_SESSION_ENGINE_H

#include <stdbool.h>

#include "base/diag.h"
#include "dns/service.h"
#include "facts/facts.h"
#include "include/helo.h"
#include "policy/policy.h"
#include "session/churn.h"
#include "session/tally.h"
#include "session/watch.h"

struct snapshot {
    unsigned refs; /* atomic */
    struct helo_policy *policy;
    struct identity own;
    bool learns;               /* this machine's names and addresses are in own */
    unsigned rhsbl_unusable;   /* atomic; bit i: zone i has failed its test (session/selftest.h) */
    struct churn_store *churn; /* the engine's; NULL: no policy has wanted it so far */
};

struct snapshot *engine_pin(struct helo_engine *engine);
void snapshot_unref(struct snapshot *snapshot);
struct dns_service *engine_service(struct helo_engine *engine);
struct watch *engine_watch(struct helo_engine *engine);
struct tally *engine_tally(struct helo_engine *engine);
/* Findings go to options.warn. */
void engine_diag(const struct helo_engine *engine, struct diag *diag);
bool engine_wants_all_facts(const struct helo_engine *engine);
bool engine_is_offline(const struct helo_engine *engine);
/* A session is about to block. */
void engine_before_wait(struct helo_engine *engine);

/* A backend of the caller's in place of the network (tests); taken over on success. */
enum helo_status engine_create_with(struct helo_policy *policy,
                                    const struct helo_engine_options *options,
                                    struct dns_backend *backend, struct helo_engine **out);

#endif /* HELO_SESSION_ENGINE_H */
