/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.h - YAML files to a policy
 *
 * PURPOSE  Behind helo_policy_load(). Reports every mistake of all files in one run.
 * CONTRACT A policy comes out only when there was no error. Nothing is guessed: duplicate and
 *          unknown keys, wrong types, values out of range, host bits in a network are errors.
 * THREADS  any.
 */
#ifndef HELO_POLICY_LOAD_H
#define HELO_POLICY_LOAD_H

#include <stddef.h>

#include "base/diag.h"
#include "policy/policy.h"

enum helo_status policy_load(const char *path, struct diag *diag, struct helo_policy **out);
/* The same from memory (the fuzz target, tests); includes are errors. */
enum helo_status policy_load_text(const char *text, size_t length, const char *path,
                                  struct diag *diag, struct helo_policy **out);

#endif /* HELO_POLICY_LOAD_H */
