/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - what Exim's ACL says to helo_exim(), taken apart
 *
 * PURPOSE  The arguments of ${dlfunc}, into what helo.h wants to know.
 * CONTRACT Each argument is one string, "name=value". What follows the first "=" is the value,
 *          whatever is in it: a hostile HELO cannot become another argument. The order is free;
 *          what is missing is not known; what is unknown, or there twice, is a fault of the ACL,
 *          and is said so. Exim gives 8 arguments at most, so some hold several words: those in
 *          front are Exim's own and have no blank in them, the last word is the rest.
 *
 *            policy=FILE                  the policy; else the one that milter-helo reads
 *            client=ADDRESS PORT NAME     no ADDRESS: local submission; NAME if Exim confirmed it
 *            server=ADDRESS PORT NAME...  where the client connected to, and what Exim calls itself
 *            tls=CIPHER VERIFIED NAME     CIPHER: encrypted; VERIFIED 1: a certificate of NAME
 *            helo=TEXT                    empty: none was said
 *            auth=AUTHENTICATOR USER      AUTHENTICATOR: somebody has authenticated
 *            sender=ADDRESS               empty: the null reverse-path
 *            recipient=LOCAL@DOMAIN       LOCAL without its quotes, as Exim has it
 *
 * OWNERSHIP Most strings stay in the arguments; they live during the call of helo_exim().
 * THREADS  none of its own.
 */
#ifndef HELO_EXIM_REQUEST_H
#define HELO_EXIM_REQUEST_H

#include <netinet/in.h>
#include <stdbool.h>

/* name; in the order in which they are told of. */
#define HX_ARGUMENTS(X) \
    X(policy)           \
    X(client)           \
    X(server)           \
    X(tls)              \
    X(helo)             \
    X(auth)             \
    X(sender)           \
    X(recipient)

enum hx_argument {
#define HX_ARGUMENT_ENUM(name) HX_##name,
    HX_ARGUMENTS(HX_ARGUMENT_ENUM)
#undef HX_ARGUMENT_ENUM
        HX_ARGUMENT_COUNT
};

enum {
    /*
     * EXPAND_DLFUNC_MAX_ARGS. When there are as many, Exim (4.96) does not end their list, and
     * counts what happens to lie behind it: argc may be larger.
     */
    HX_ARGUMENTS_MAX = 8,
    HX_ADDRESS_SIZE = 64, /* IPv6 has 45 characters, and may have an interface behind it */
    HX_WORD_SIZE = 128,   /* the name of an authenticator */
    HX_NAMES = 2,         /* $primary_hostname, $smtp_active_hostname */
    HX_NAMES_SIZE = 512,  /* two names of 253 characters */
    HX_PATH_SIZE = 1024,  /* twice RFC 5321 4.5.3.1.3, every character of it escaped */
    HX_FAULT_SIZE = 256
};

/* A string that was not told is NULL, or "" where it is an array. */
struct hx_request {
    unsigned given; /* bit i: argument i of HX_ARGUMENTS */
    const char *policy;
    char client_address[HX_ADDRESS_SIZE];
    unsigned client_port;
    struct sockaddr_storage client; /* AF_UNSPEC: local submission */
    const char *client_name;
    char server_address[HX_ADDRESS_SIZE];
    unsigned server_port;
    char names[HX_NAMES_SIZE];
    const char *server_names[HX_NAMES + 1]; /* into names; NULL-terminated */
    bool tls;
    const char *tls_client;
    const char *helo;
    char auth_type[HX_WORD_SIZE];
    const char *auth_user;
    const char *sender;
    char recipient[HX_PATH_SIZE]; /* as RFC 5321 4.1.2 has it: quoted where it must be */
    char fault[HX_FAULT_SIZE];    /* printable */
};

static inline bool hx_request_has(const struct hx_request *request, enum hx_argument argument)
{
    return (request->given >> argument & 1u) != 0;
}

/* False: *out has a fault, and nothing else. */
bool hx_request_parse(struct hx_request *out, int argc, unsigned char *argv[]);

#endif /* HELO_EXIM_REQUEST_H */
