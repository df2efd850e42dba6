/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.h - what a policy, or two, would have done with the mail of logs, counted
 *
 * PURPOSE  Takes one judgement after the other; the reports read it.
 * CONTRACT Memory does not grow with the number of mails: distinct.h, senders.h and timeline.h say
 *          what is exact, and up to where. `mails` are entries: one for each recipient, or try at
 *          one.
 *          What counts is what the policy would do in "mode: enforce", whatever its mode.
 *          What the log shows as refused already is kept apart from mail that is accepted today, or
 *          of which the log does not tell: only the latter can be lost.
 * OWNERSHIP tally_fini() gives back what it has grown to.
 * THREADS  one at a time.
 */
#ifndef HELO_REPLAY_TALLY_H
#define HELO_REPLAY_TALLY_H

#include "tools/replay/distinct.h"
#include "tools/replay/judge.h"
#include "tools/replay/senders.h"
#include "tools/replay/timeline.h"

enum { TODAYS = LOG_OUTCOME_REJECTED + 1 };

/* Mails, what became of them as the log has it, and of how many different ones they are. */
struct slice {
    unsigned long long mails;
    unsigned long long today[TODAYS]; /* by enum log_outcome */
    unsigned long long lone;          /* connections that the log does not number */
    struct distinct connections, clients, organisations;
};

/* One reason of one check, with one action; or one cause why a check had no answer. */
struct finding {
    const char *check; /* static */
    char reason[SENDER_REASON];
    enum helo_action action;
    int is_unknown;            /* reason is a cause: "open", "timeout" ... */
    unsigned long long ground; /* mails of which it is a ground of the refusal or deferral */
    unsigned long long alone;  /* of these, those with no other ground */
    struct slice slice;
    struct finding *next;
};

enum { TALLY_CHECKS = OPINION_CHECKS, TALLY_EXEMPTIONS = 16 };

struct tally {
    struct slice all, fate[FATES];
    struct finding *findings[TALLY_CHECKS]; /* by the number of the check */
    struct slice exempt[TALLY_EXEMPTIONS];  /* by the number of the kind */
    unsigned long long open; /* mails that are accepted, and some check of which could not be run */
    unsigned long long nameless; /* judged, and it is not known what the server is called */
    unsigned long long weaker;   /* our own log has a worse verdict on it than policy 0 */
    unsigned long long no_helo, no_client; /* of the unjudged: what the log does not say */
    struct senders lost;      /* refused or deferred, and not refused by the MTA today */
    struct senders kept_out;  /* refused or deferred, and so it is today */
    struct timeline timeline; /* kinds: fates */
    unsigned long long undated;
    /* --against: fates by the other policy, then by this one. */
    int is_compared;
    unsigned long long change[FATES][FATES];
    struct senders stricter, milder; /* what becomes of them is worse now, or better */
    int nomem;
};

void tally_init(struct tally *tally, int is_compared);
void tally_add(struct tally *tally, const struct judgement *judgement);
void tally_fini(struct tally *tally);

/* Of the slice: what the log does not show as refused or deferred by the MTA. */
unsigned long long slice_came_in(const struct slice *slice);
unsigned long long slice_connections(const struct slice *slice);

#endif /* HELO_REPLAY_TALLY_H */
