/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.h - what makes the lines of a reply
 *
 * PURPOSE  reply.c has our sentences and the codes, reply_site.c what a site adds to them, or says
 *          in their place.
 * CONTRACT Printable ASCII; a line past HELO_REPLY_LINES is left out.
 * THREADS  any.
 */
#ifndef HELO_POLICY_REPLY_H
#define HELO_POLICY_REPLY_H

#include "policy/verdict.h"

void reply_add_line(struct helo_reply *reply, const char *text); /* policy/reply.c */

/* ---- policy/reply_site.c --------------------------------------------------------------------- */

/* The site has words of its own for this failed check. */
bool reply_has_own_text(const struct helo_verdict *v, enum check_id check);
/* Those, filled in; cut to `size` at a blank. */
void reply_own_text(const struct helo_verdict *v, enum check_id check, char *out, size_t size);
/* The same as lines, two at most. */
void reply_add_own_text(const struct helo_verdict *v, enum check_id check,
                        struct helo_reply *reply);
/* The last line: the checks, the id, where to ask. */
void reply_add_trailer(const struct helo_verdict *v, enum check_id lead, struct helo_reply *reply);

#endif /* HELO_POLICY_REPLY_H */
