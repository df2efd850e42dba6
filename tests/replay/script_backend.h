/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * script_backend.h - a resolver that answers by script, on a clock that only moves when told
 *
 * PURPOSE  In c-ares' place under the real look-up service, engine and session. What is answered
 *          comes from a helo_zone; when it is answered, from rules; how often each question was
 *          asked is counted.
 * THREADS  one.
 */
#ifndef HELO_TESTS_SCRIPT_BACKEND_H
#define HELO_TESTS_SCRIPT_BACKEND_H

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
/* Lets time pass, and answers what falls due. */
void script_backend_pass(struct script_backend *b, uint64_t ms);
unsigned script_backend_asked(const struct script_backend *b, const char *name, unsigned type);
unsigned script_backend_asked_in_all(const struct script_backend *b);

#endif /* HELO_TESTS_SCRIPT_BACKEND_H */
