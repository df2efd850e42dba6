/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * engine_bench.h - a whole engine on real sockets, and clients that visit it
 *
 * PURPOSE  What the tests of faults share: an engine whose checks refuse whatever DNS definitely
 *          says against a client, so that a failure that is taken for a "no" refuses somebody; and
 *          visits by threads, as a mail filter makes them.
 * CONTRACT A visit notes and never judges: it may run in any thread, and assertions belong to the
 *          thread of the test.
 * THREADS  different visits run in parallel; the bench's alarms are counted under its lock.
 */
#ifndef HELO_TESTS_DNS_ENGINE_BENCH_H
#define HELO_TESTS_DNS_ENGINE_BENCH_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"
#include "include/helo.h"

/* dns.wait, and what a definite answer takes at most: less, so that both can be told apart, and
 * much more than it takes on a machine that has nothing else to do. */
enum { BENCH_WAIT_MS = 4000, BENCH_FAST_MS = 3000, BENCH_SLOW_MS = BENCH_WAIT_MS + 3000 };

struct bench {
    helo_engine *engine;
    pthread_mutex_t lock;
    unsigned warnings, notes; /* that the engine gave of its resolver */
};

/* servers, on_failure: as YAML has them; more: further lines below dns:, or "". False: not made. */
bool bench_start(struct bench *bench, const char *servers, const char *on_failure,
                 const char *more);
void bench_stop(struct bench *bench);
unsigned bench_warnings(struct bench *bench);
unsigned bench_notes(struct bench *bench);

/* What one recipient's verdict was. */
struct told {
    bool made; /* everything that can be made of the verdict, was */
    enum helo_action action;
    int code; /* of the reply */
    uint64_t took_ms;
    struct fact fact[FACT_COUNT];
};

struct visit {
    struct bench *bench;
    const char *client, *helo;
    unsigned recipients; /* 1 or 2 */
    sem_t *gate;         /* that a visit by a thread goes through, so many at a time; NULL: none */
    struct told told[2];
    pthread_t thread;
    bool running;
};

/* One connection: HELO, MAIL, RCPT; the verdict is asked for at once. */
void visit_make(struct visit *visit);
/* The same in a thread of its own. False: there is none. */
bool visit_start(struct visit *visit);
void visit_join(struct visit *visit);

/* Sets of what a fact may come out as. */
#define YES          (1u << FACT_YES)
#define NO           (1u << FACT_NO)
#define UNKNOWN(why) (8u << CAUSE_##why)
unsigned told_fact(const struct told *told, enum fact_id id);
/* "unknown(timeout)" */
const char *told_text(const struct told *told, enum fact_id id, char out[64]);

#endif /* HELO_TESTS_DNS_ENGINE_BENCH_H */
