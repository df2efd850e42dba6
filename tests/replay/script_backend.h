/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * script_backend.h - a resolver that answers by script, on a clock that only moves when told
 *
 * PURPOSE  In c-ares' place under the real look-up service, engine and session. What is answered
 *          comes from a helo_zone; when it is answered, from rules; how often each question was
 *          asked is counted. service_tick() is called at the times it asks for.
 * THREADS  one.
 */
#ifndef HELO_TESTS_SCRIPT_BACKEND_H
#define HELO_TESTS_SCRIPT_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/backend.h"

struct script_backend;

struct script_backend *script_backend_create(void);
struct dns_backend *script_backend_base(struct script_backend *b);
/* Answers of questions asked from now on; the zone belongs to the caller. */
void script_backend_set_zone(struct script_backend *b, const helo_zone *zone);
/* Of all questions that have no rule of their own; type 0 in a rule is every type. */
void script_backend_set_latency(struct script_backend *b, uint64_t ms);
void script_backend_add_rule(struct script_backend *b, const char *name, unsigned type,
                             uint64_t ms);
/* How long a question stays in the air that nobody answers: then it is a timeout. 0: for ever. For
 * what is lost from now on. */
void script_backend_set_patience(struct script_backend *b, uint64_t ms);
/* As a resolver that is dead: what is in the air is lost, and so is what is asked until it lives
 * again. */
void script_backend_set_mute(struct script_backend *b, bool mute);
/* Lets time pass, and answers what falls due. */
void script_backend_pass(struct script_backend *b, uint64_t ms);
unsigned script_backend_asked(const struct script_backend *b, const char *name, unsigned type);
/* But for probes. */
unsigned script_backend_asked_in_all(const struct script_backend *b);

#endif /* HELO_TESTS_SCRIPT_BACKEND_H */
