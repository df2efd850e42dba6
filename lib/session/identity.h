/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.h - which names and addresses are the server's own
 *
 * PURPOSE  What the policy configures, and (server.learn) the machine's host name and interface
 *          addresses.
 * CONTRACT Learned names have two labels or more: a short host name is one that anybody's mail
 *          program may say too. Loopback and link-local addresses are nobody's own. Not being able
 *          to learn is no error.
 * OWNERSHIP The caller's; identity_fini() releases it.
 * THREADS  none of its own.
 */
#ifndef HELO_SESSION_IDENTITY_H
#define HELO_SESSION_IDENTITY_H

#include <stdbool.h>

#include "facts/facts.h"
#include "include/helo.h"

enum helo_status identity_make(struct identity *out, const struct identity *configured, bool learn);
/* The machine's host name as it has it, in lower case; false when it has none that is one. */
bool identity_host_name(char out[LIMIT_NAME_CHARS + 1]);
void identity_fini(struct identity *identity);

#endif /* HELO_SESSION_IDENTITY_H */
