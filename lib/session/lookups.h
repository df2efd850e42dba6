/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookups.h - the questions of one session: asked early, awaited late
 *
 * PURPOSE  Between the pure plan and the look-up service: tickets, deadlines, waiting.
 * CONTRACT A question that is older than dns.deadline is answered "timeout"; while the resolver is
 *          down, or has too much to do for all, "resolver" at once; for this client, "budget". One
 *          command waits dns.wait at most, and all commands that one HELO serves dns.deadline; a
 *          session with more than LIMIT_PATIENT_HELOS different names asks and waits no more:
 *          unknown(budget).
 * OWNERSHIP Holds the tickets; lookups_fini() gives them back and cancels nothing that others wait
 *           for.
 * THREADS  as the session.
 */
#ifndef HELO_SESSION_LOOKUPS_H
#define HELO_SESSION_LOOKUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/plan.h"
#include "dns/service.h"
#include "facts/facts.h"
#include "policy/settings.h"

struct lookups {
    struct dns_service *service;
    struct dns_waiter *waiter; /* made at the first question */
    struct plan plan;
    uint64_t deadline_ms; /* of a question, from its asking */
    uint64_t wait_ms;     /* at one command */
    uint64_t waited_ms;   /* with the present HELO so far */
    unsigned helos;       /* different ones, the present one among them */
    bool refused;         /* some question was not asked, or the resolver is down */
    bool offline;         /* nothing is ever asked: facts stay unknown(open) */
};

void lookups_init(struct lookups *l, struct dns_service *service, const struct settings *settings);
void lookups_fini(struct lookups *l);
/* Asks what the wanted facts need and is not asked yet. True when something was. */
bool lookups_ask(struct lookups *l, const struct facts *facts, fact_mask wanted);
/* What could not be asked before is asked now: the resolver was down, or too much in the air. For
 * each event of the session. */
void lookups_ask_again(struct lookups *l, const struct facts *facts);
/* Takes in what was answered meanwhile, and puts it into facts. */
void lookups_collect(struct lookups *l, struct facts *facts);
/*
 * What is still open stays so: facts become stale, or unknown(timeout), or unknown(budget) when
 * nothing is waited for any more, until the next lookups_collect(). wanted: those that somebody
 * waits for.
 */
void lookups_give_up(struct lookups *l, struct facts *facts, fact_mask wanted);
/* The HELO is another one: its questions go. */
void lookups_drop_helo(struct lookups *l);
/* When this command has to be answered, at the latest. */
uint64_t lookups_limit(const struct lookups *l, uint64_t now_ms);
/* Whether an answer may still come in time. */
bool lookups_are_open(const struct lookups *l);
/* Blocks until an answer came or until_ms. */
void lookups_wait(struct lookups *l, uint64_t until_ms);

#endif /* HELO_SESSION_LOOKUPS_H */
