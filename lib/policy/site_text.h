/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * site_text.h - what a site writes for the sender's side, with {fields} in it
 *
 * PURPOSE  reply.url, reply.contact and reply.texts: looked at when the policy is read, filled in
 *          when a reply is made.
 * CONTRACT A field is a word in braces, and must be known: nothing is guessed when mail is refused.
 *          "{{" stands for a brace (not in a URL, where RFC 3986 has none). What was said is
 *          printable when it comes here. In a URL a value is percent-encoded but for the unreserved
 *          characters, and none stands before the end of the host name: a client must not choose
 *          where a link leads. What is not known stands as "-", and in a URL as nothing.
 *          Every text knows the fields of site_text_fields(); one for a check, {seen} and {mend},
 *          our own sentences, and the fields of those besides.
 * THREADS  any.
 * STANDARDS RFC 3986 2.1, 2.3 (percent-encoding), RFC 5321 4.2 (ASCII), RFC 6068 (mailto:).
 */
#ifndef HELO_POLICY_SITE_TEXT_H
#define HELO_POLICY_SITE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "policy/verdict.h"

/* What a text is for. */
enum site_text_kind {
    SITE_TEXT_PLAIN, /* a contact: general fields, as they are */
    SITE_TEXT_URL,   /* general fields, percent-encoded */
    SITE_TEXT_REPLY  /* in place of our sentences: {seen}, {mend} and theirs, too */
};

enum {
    SITE_TEXT_FIELDS = 16, /* general ones, at most */
    SITE_TEXT_NAME = 16    /* bytes of a field's name, with the final NUL */
};

/* It begins with a scheme, and is filled in as a URL is: "mailto:x@example.org?subject={id}". */
bool site_text_is_url(const char *text);

/*
 * What is wrong with the braces of a text, or NULL; then `field` has the name that is not known, or
 * "". reason: of SITE_TEXT_REPLY, whose sentences it is to stand for.
 */
const char *site_text_fault(const char *text, enum site_text_kind kind, enum reason_id reason,
                            char field[SITE_TEXT_NAME]);
/* The fields that a text may have, without braces; returns how many. */
size_t site_text_fields(enum site_text_kind kind, enum reason_id reason,
                        const char *names[2 * SITE_TEXT_FIELDS]);

/*
 * Fills a text in for a verdict with this leading check. False: it did not fit, and out has as much
 * as did, never a part of a percent-encoded byte.
 */
bool site_text_fill(const struct helo_verdict *v, enum check_id lead, const char *text,
                    enum site_text_kind kind, char *out, size_t size);

#endif /* HELO_POLICY_SITE_TEXT_H */
