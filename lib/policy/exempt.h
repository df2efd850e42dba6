/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exempt.h - who is never judged
 *
 * PURPOSE  Find the first exemption that holds: by what is known at connect, then at the message,
 *          before any DNS; and last by names that DNS confirms.
 * CONTRACT Only what a client cannot make up counts: its address, what the MTA says of it, the
 *          recipient, and what DNS confirms.
 * THREADS  any.
 */
#ifndef HELO_POLICY_EXEMPT_H
#define HELO_POLICY_EXEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "facts/facts.h"
#include "policy/policy.h"

/* Names appear in logs and JSON. */
#define EXEMPT_LIST(X)                                                                   \
    X(NONE, "none")                                                                      \
    X(LOCAL, "local")                 /* no socket address: sendmail -bs and the like */ \
    X(LOOPBACK, "loopback")           /* 127/8, ::1: also Postfix's non_smtpd_milters */ \
    X(NETWORK, "network")             /* networks */                                     \
    X(LISTENER, "listener")           /* exempt.listener_names, exempt.listener_ports */ \
    X(AUTHENTICATED, "authenticated") /* exempt.authenticated */                         \
    X(TLS_CLIENT, "tls_client")       /* exempt.tls_clients */                           \
    X(RECIPIENT, "recipient")         /* exempt.recipients */                            \
    X(HELO, "helo")                   /* exempt.helo_names, confirmed by DNS */          \
    X(RDNS, "rdns")                   /* exempt.rdns_domains, confirmed by DNS */

enum exempt_kind {
#define EXEMPT_ENUM(name, text) EXEMPT_##name,
    EXEMPT_LIST(EXEMPT_ENUM)
#undef EXEMPT_ENUM
};

struct exemption {
    enum exempt_kind kind;
    const struct policy_entry *entry; /* the policy's, or NULL */
};

/* What is known at connect. today: clock_today(), for entries that expire. */
struct exemption exempt_at_connect(const struct helo_policy *policy, const struct ip *client,
                                   const char *listener_name, unsigned listener_port,
                                   int64_t today);
/* What MAIL and RCPT add; f->authenticated, f->tls_client, f->in_recipient. */
struct exemption exempt_at_message(const struct helo_policy *policy, const struct facts *f,
                                   int64_t today);
/*
 * What DNS confirms. *open: the facts that could still make an entry hold (0: none); those that
 * were asked in vain are not among them, but *doubtful tells that one was.
 */
struct exemption exempt_by_dns(const struct helo_policy *policy, const struct facts *f,
                               fact_mask *open, bool *doubtful);
const char *exempt_text(enum exempt_kind kind);

#endif /* HELO_POLICY_EXEMPT_H */
