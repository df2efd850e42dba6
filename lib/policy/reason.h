/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reason.h - the sentences of checks.def with their fields filled in
 *
 * PURPOSE  One place that turns a reason and the facts into words, for replies, logs and
 *          explanations.
 * CONTRACT Output is printable ASCII of one line; a field that is not known stands as "-".
 *          Its fields are those of the table in reason.c.
 * THREADS  any.
 */
#ifndef HELO_POLICY_REASON_H
#define HELO_POLICY_REASON_H

#include <stddef.h>

#include "checks/registry.h"
#include "facts/facts.h"

enum {
    REASON_TEXT_SIZE = 400,
    REASON_FIELD_SIZE = 128 /* as much of a HELO as a sentence can hold and still be read */
};

/* What was seen and why that is a fault. Returns out. */
char *reason_seen(char out[REASON_TEXT_SIZE], enum reason_id reason, const struct facts *facts);
/* How the sender mends it. Returns out. */
char *reason_mend(char out[REASON_TEXT_SIZE], enum reason_id reason, const struct facts *facts);

/* Fills in the field that s begins with, "{helo}", and returns its length, or 0: there is none. */
size_t reason_field(char out[REASON_FIELD_SIZE], const char *s, const struct facts *facts);
/* The name of field i, without braces, or NULL past the last. */
const char *reason_field_name(size_t i);

#endif /* HELO_POLICY_REASON_H */
