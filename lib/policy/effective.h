/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * effective.h - a policy as YAML, with the place that each value is from
 *
 * PURPOSE  What all files, the profile and the defaults come to, for people to read.
 * CONTRACT Read again, the text makes the same policy (policy/changes.c finds no difference): every
 *          setting stands there, whatever the profile says, and every entry of every list.
 *          Behind a value stands its place: "FILE:LINE", "profile NAME:LINE" for a built-in
 *          profile, "default". A list of more than EFFECTIVE_FEW entries comes last, and the places
 *          stand above each run of entries of one file, so that it is no longer than its file was.
 *          A list that comes with the library is named in a comment: read again, it comes again.
 *          So is a profile that is a file of the site's, whose name would mean nothing elsewhere:
 *          all it has said stands there.
 * LIMITS   A text of more than LIMIT_YAML_BYTES, which could not be read again, is failed.
 * THREADS  any.
 */
#ifndef HELO_POLICY_EFFECTIVE_H
#define HELO_POLICY_EFFECTIVE_H

#include "base/text.h"
#include "policy/lists.h"
#include "policy/policy.h"

enum { EFFECTIVE_FEW = 50 };

void effective_write(const struct helo_policy *policy, struct text *out); /* policy/effective.c */

/* ---- policy/effective_rules.c ---------------------------------------------------------------- */

/* A text as a scalar: bare when it can be nothing else, else in quotes. */
void effective_scalar(struct text *out, const char *s);
/* In quotes in any case. */
void effective_quoted(struct text *out, const char *s);
/* "FILE:LINE", "profile NAME:LINE", "default". */
void effective_place(struct text *out, const char *file, unsigned line);
/* "  # PLACE" and the end of the line. */
void effective_end(struct text *out, const char *file, unsigned line);
void effective_indent(struct text *out, unsigned indent);
/* What stands below `checks:`, one line for each check or reason. */
void effective_rules(struct text *out, const struct rules *rules, unsigned indent);
/* `texts:` of the section reply, one line for each check or reason that has one. */
void effective_reply_texts(struct text *out, const struct helo_policy *policy, unsigned indent);

/* ---- policy/effective_lists.c ---------------------------------------------------------------- */

bool effective_is_long(const struct policy_list *list);
/* A profile that the library brings along, and which therefore can be named anywhere. */
bool effective_is_builtin_profile(const char *name);
/* The list with its key, which is the last part of the row's. */
void effective_list(struct text *out, const struct helo_policy *policy, const struct list_row *row,
                    unsigned indent);

#endif /* HELO_POLICY_EFFECTIVE_H */
