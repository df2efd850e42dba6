/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.h - what plays a scenario: its state, and what its files share
 */
#ifndef HELO_TESTS_REPLAY_H
#define HELO_TESTS_REPLAY_H

#include <stdio.h>

#include "base/limits.h"
#include "include/helo.h"
#include "policy/verdict.h"
#include "replay/script_backend.h"
#include "session/engine.h"

enum { MAX_SESSIONS = 16, MAX_WORDS = 6, BLOCK_BYTES = 65536 };

struct player {
    const char *path;
    unsigned line;
    unsigned failures;
    FILE *file;
    helo_policy *policy;
    helo_zone *zones[32]; /* former ones may still be looked at */
    size_t zone_count;
    struct script_backend *backend;
    helo_engine *engine;
    struct {
        char name[32];
        helo_session *session;
    } sessions[MAX_SESSIONS];
    size_t session_count;
    helo_session *current;
    const helo_verdict *verdict;
    uint64_t took_ms;
    unsigned told;
};

/* An expectation was not met. */
void fail(struct player *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A mistake in the scenario itself: nothing that follows means anything. */
void die(struct player *p, const char *what) __attribute__((noreturn));
unsigned parse_type(struct player *p, const char *word);
/* An address stands for the name of its PTR record. */
const char *dns_name(const char *word, char buffer[LIMIT_NAME_CHARS + 1]);
void do_expect(struct player *p, char **words); /* expect.c */

#endif /* HELO_TESTS_REPLAY_H */
