/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regex_text.h - regular expressions as text: what they may hold, and which names are hard for them
 *
 * PURPOSE  Before an expression is compiled: refuse what deciding whether a name matches does not
 *          need. Before it is used: names on which a backtracking engine spends much, so that an
 *          expression that can run long is found when a policy is loaded, not by a client.
 * CONTRACT An expression is what stands between its slashes: printable ASCII. The engine has the
 *          last word on its syntax; nothing here fails on any text.
 * THREADS  none of its own.
 *
 * ALGORITHM
 *  What is accepted: characters, '.', classes, escapes of classes and of characters that are
 *  neither letter nor digit, ^ $ \b \B \A \z \Z, groups ( and (?: and (?>, look-around (?= (?!
 *  (?<= (?<!, alternatives, and the repetitions * + ? {n,m}. Not: captures by name, back
 *  references, recursion, conditions, callouts, verbs, options; so a group captures nothing, and
 *  the time of a match depends on nothing but the repetitions.
 *
 *  Hard names are a few characters over and over; and for each repetition of the expression a text
 *  that leads up to it, then what is repeated over and over. Each once as it is, and once with a
 *  last character that nobody expects, since what backtracks does so when it fails at the end.
 */
#ifndef HELO_NAME_REGEX_TEXT_H
#define HELO_NAME_REGEX_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

/* What is refused in the expression, and at which byte; NULL: nothing. */
const char *regex_text_fault(const char *text, size_t length, size_t *offset);
/* The n-th hard name, of LIMIT_HELO_TEXT bytes; false when there are no more. */
bool regex_hard_name(const char *text, size_t length, unsigned n, char out[LIMIT_HELO_TEXT + 1]);

#endif /* HELO_NAME_REGEX_TEXT_H */
