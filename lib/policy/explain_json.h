/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain_json.h - members of a JSON object
 *
 * PURPOSE  What the two forms of a verdict that are JSON (explain_json.c, explain_log_json.c) are
 *          made of.
 * CONTRACT Each adds "name": value, after a comma where one is due. What is absent is null.
 * THREADS  any.
 * STANDARDS RFC 8259.
 */
#ifndef HELO_POLICY_EXPLAIN_JSON_H
#define HELO_POLICY_EXPLAIN_JSON_H

#include "base/text.h"
#include "policy/policy.h"

/* The name alone; the value is to follow. */
void json_key(struct text *out, const char *name);
void json_text(struct text *out, const char *name, const char *value); /* NULL: null */
/* The verdict's strings are "" when there is nothing. */
void json_text_or_null(struct text *out, const char *name, const char *value);
void json_number(struct text *out, const char *name, unsigned long value);
/* A value that was built; part is used up. */
void json_built(struct text *out, const char *name, struct text *part);
void json_score(struct text *out, unsigned score);
/* "file" and "line" of an entry; both null when it is NULL or stands in no file. */
void json_place(struct text *out, const struct policy_entry *entry);

#endif /* HELO_POLICY_EXPLAIN_JSON_H */
