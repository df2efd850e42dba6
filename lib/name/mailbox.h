/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailbox.h - the path of MAIL and RCPT, taken apart
 *
 * PURPOSE  Local part and domain of an address as an MTA hands it over.
 * CONTRACT Nothing fails; what is not there is "". With or without <>, with a source route (RFC
 *          5321 4.1.2, appendix C), with comments and blanks, which MTAs pass over. A path that
 *          does not end as it should has neither local part nor domain, and so matches no
 *          exemption: the MTA may see somebody else in it.
 * THREADS  none of its own.
 * STANDARDS RFC 5321 4.1.2. Not: quoting inside the local part is not undone.
 */
#ifndef HELO_NAME_MAILBOX_H
#define HELO_NAME_MAILBOX_H

#include "base/limits.h"

struct mailbox {
    char text[LIMIT_PATH_TEXT + 1];  /* the path as given, printable, for people */
    char local[LIMIT_PATH_TEXT + 1]; /* printable */
    char domain[LIMIT_NAME_CHARS +
                1]; /* lower case, no trailing dot; "" when there is none, or it is no name */
};

/* path may be NULL. */
void mailbox_parse(struct mailbox *out, const char *path);

#endif /* HELO_NAME_MAILBOX_H */
