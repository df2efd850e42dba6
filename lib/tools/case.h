/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * case.h - one SMTP session to be judged, from the command line or from a line of a batch
 *
 * PURPOSE  The fields of a case, once, for both; and playing it through the library.
 * OWNERSHIP Text belongs to whoever filled the case in; case_fini() frees only the arrays of the
 *           lists.
 * THREADS  one.
 *
 * CASE_FIELDS(X) rows are X(member, kind, key, option, argument, help).
 */
#ifndef HELO_TOOLS_CASE_H
#define HELO_TOOLS_CASE_H

#include "include/helo.h"
#include "tools/field.h"

enum {
    /* What the library takes of an MTA's word for itself. The policy's server.names holds more. */
    CASE_OWN_MAX = 4
};

#define CASE_FIELDS(X)                                                                            \
    X(client, TEXT, "client", "--client", "IP",                                                   \
      "the address that connects, or 'local' for mail that came by no socket")                    \
    X(helo, BYTES, "helo", "--helo", "NAME",                                                      \
      "what it says in HELO or EHLO; without: it says none")                                      \
    X(starttls, FLAG, "starttls", "--starttls", NULL,                                             \
      "STARTTLS came after that HELO, and no HELO after it")                                      \
    X(from, TEXT, "from", "--from", "ADDR", "the sender in MAIL; <> for none")                    \
    X(rcpt, TEXT, "rcpt", "--rcpt", "ADDR", "the recipient in RCPT; without: judged after MAIL")  \
    X(auth, TEXT, "auth", "--auth", "USER", "it has authenticated itself as this user")           \
    X(tls_client, TEXT, "tls_client", "--tls-client", "NAME",                                     \
      "the name in its TLS certificate, which the MTA has verified")                              \
    X(ptr, TEXT, "ptr", "--ptr", "NAME",                                                          \
      "the client's name, which the MTA has confirmed forward and back (RFC 8601 2.7.3)")         \
    X(server_names, LIST, "server_names", "--server-name", "NAME",                                \
      "what this server is called; repeatable, adds to the policy's")                             \
    X(server_addresses, LIST, "server_addresses", "--server-address", "IP",                       \
      "an address of this server; repeatable, adds to the policy's")                              \
    X(listener_name, TEXT, "listener_name", "--listener-name", "NAME",                            \
      "the MTA's name for the port it came in at, as in {daemon_name}")                           \
    X(listener_port, PORT, "listener_port", "--listener-port", "PORT", "the port it came in at")  \
    X(id, TEXT, "id", "--id", "ID", "shown in the reply")                                         \
    X(policy, TEXT, "policy", "--policy", "FILE", "judge by it; without: by the built-in policy") \
    X(zone, LIST, "zone", NULL, NULL, NULL)                                                       \
    X(note, NOTE, "note", NULL, NULL, NULL)

struct helo_case {
    const char *client;
    struct field_bytes helo;
    int starttls;
    const char *from;
    const char *rcpt;
    const char *auth;
    const char *tls_client;
    const char *ptr;
    struct field_list server_names;
    struct field_list server_addresses;
    const char *listener_name;
    unsigned listener_port;
    const char *id;
    const char *policy;
    struct field_list
        zone;  /* of a batch: DNS records; items is not NULL when it was given, even empty */
    char note; /* only for its row */
    /* What a log says of the client's reverse DNS, where that is not asked: helo.h. */
    enum helo_iprev iprev;
    const char *ptr_seen;
};

/* A row of CASE_FIELDS in a table for `type`, which has the case as its member `at`. */
#define CASE_FIELD_AT(type, at, member, kind, key, option, argument, help) \
    {key, option, argument, help, FIELD_##kind, offsetof(type, at.member)},

enum { CASE_ERROR_SIZE = 256 };

/*
 * Looks at what the library would pass over in silence: addresses and names that are none. Returns
 * the row's member name as a JSON key, with error filled in; NULL when all is well.
 */
const char *case_check(const struct helo_case *c, char error[CASE_ERROR_SIZE]);

/* Plays the case. *text is released with helo_free(). */
enum helo_status case_judge(helo_engine *engine, const struct helo_case *c, enum helo_format format,
                            enum helo_action *action, char **text);
void case_fini(struct helo_case *c);

#endif /* HELO_TOOLS_CASE_H */
