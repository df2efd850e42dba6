/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reason.h - the sentences of checks.def with their fields filled in
 *
 * PURPOSE  One place that turns a reason and the facts into words, for replies, logs and
 *          explanations.
 * CONTRACT Output is printable ASCII of one line; a field that is not known stands as "-".
 *          Fields: {helo} {client} {literal} {ptr} {fault} {position} {form}.
 * THREADS  any.
 */
#ifndef HELO_POLICY_REASON_H
#define HELO_POLICY_REASON_H

#include <stddef.h>

#include "checks/registry.h"
#include "facts/facts.h"

enum { REASON_TEXT_SIZE = 400 };

/* What was seen and why that is a fault. Returns out. */
char *reason_seen(char out[REASON_TEXT_SIZE], enum reason_id reason, const struct facts *facts);
/* How the sender mends it. Returns out. */
char *reason_mend(char out[REASON_TEXT_SIZE], enum reason_id reason, const struct facts *facts);

#endif /* HELO_POLICY_REASON_H */
