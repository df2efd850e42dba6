/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.h - a verdict for people, programs and logs
 *
 * PURPOSE  The forms of helo_verdict_format(). Those of JSON and of both logs are documented and
 *          stable.
 * CONTRACT Everything is printable; bounded by LIMIT_EXPLAIN_BYTES.
 * THREADS  any.
 */
#ifndef HELO_POLICY_EXPLAIN_H
#define HELO_POLICY_EXPLAIN_H

#include <stdbool.h>

#include "base/text.h"
#include "policy/verdict.h"

void explain_text(const struct helo_verdict *v, struct text *out); /* policy/explain_text.c */
void explain_json(const struct helo_verdict *v, struct text *out); /* policy/explain_json.c */
void explain_log(const struct helo_verdict *v, struct text *out);  /* policy/explain_log.c */
void explain_log_json(const struct helo_verdict *v, struct text *out);
/*
 * What both logs share: policy/explain_log.c. The exemption as one word ("skip" is one of
 * lists.skip), or NULL, and the entry behind it, or NULL; whether a check is to be listed under
 * that outcome, and what is said of it there.
 */
const char *explain_log_exempt(const struct helo_verdict *v, const struct policy_entry **entry);
bool explain_log_lists(const struct helo_verdict *v, enum check_id id, enum outcome_kind kind);
const char *explain_log_word(const struct check_result *result, enum outcome_kind kind);
/*
 * Adds what is known behind a fact: "a.example (no), b.example (yes)"; nothing when there is
 * nothing. For people; its form is not documented; policy/explain.c
 */
void explain_fact_value(const struct facts *facts, enum fact_id id, struct text *out);
/* "network 192.0.2.0/24 (etc/networks.yaml:12)", "authenticated"; policy/explain.c */
void explain_exemption(const struct exemption *exempt, struct text *out);
/* "192.0.2.0/24 (etc/networks.yaml:12)"; policy/explain.c */
void explain_entry(const struct policy_entry *entry, struct text *out);
/* A text of the site's own, in whatever language, without control characters; policy/explain.c */
void explain_site_text(const char *s, struct text *out);
/*
 * Of the session: the id, the client's first confirmed name (else its first name of all), the
 * listener as "mx.site.example:25". "" for what is not known. policy/explain.c
 */
const char *explain_id(const struct helo_verdict *v);
const char *explain_ptr(const struct facts *facts);
/* The client's reverse DNS in a word of RFC 8601 2.7.3: "pass", "fail", "permerror", "temperror";
 * NULL when nobody has asked, or nobody has waited. policy/explain.c */
const char *explain_iprev(const struct facts *facts);
void explain_listener(const struct helo_verdict *v, struct text *out);
/* "observe", "enforce"; policy/explain.c */
const char *explain_mode(const struct helo_policy *policy);
/* It is enabled, and no exemption came before it; policy/explain.c */
bool explain_check_ran(const struct helo_verdict *v, enum check_id id);
/* The reason of a fail, the cause of an unknown; NULL for the rest; policy/explain.c */
const char *explain_reason(const struct check_result *result);

#endif /* HELO_POLICY_EXPLAIN_H */
