/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * changes.h - what the comparisons of two policies share; see changes.c
 *
 * OWNERSHIP Keeps nothing.
 * THREADS  none of its own.
 */
#ifndef HELO_POLICY_CHANGES_H
#define HELO_POLICY_CHANGES_H

#include "base/text.h"
#include "policy/policy.h"

enum { CHANGES_LINE_BYTES = 8192 };

struct changes {
    const struct helo_policy *former, *policy;
    helo_change_fn *fn;
    void *arg;
    size_t count;
};

/* Gives out one line, and frees it. */
void changes_tell(struct changes *c, struct text *line);
/* A text of the site's, in quotes. */
void changes_add_text(struct text *line, const char *s);
/* " (FILE:LINE)" */
void changes_add_place(struct text *line, const char *file, unsigned line_number);
/* NULL is the same as NULL only. */
bool changes_same_text(const char *a, const char *b);

/* reply.texts: policy/changes_texts.c */
void changes_of_reply_texts(struct changes *c);

#endif /* HELO_POLICY_CHANGES_H */
