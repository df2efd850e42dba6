/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec.h - where to listen, in libmilter's notation
 *
 * PURPOSE  "unix:PATH", "inet:PORT@ADDRESS", "inet6:PORT@ADDRESS", "fd:NUMBER" to a struct.
 * CONTRACT Stricter than libmilter, which takes port 65536 for "any" and "unix:@x" for a file: what
 *          is not exactly one of the forms is refused with a text that says what is wanted.
 * THREADS  any.
 */
#ifndef MH_SPEC_H
#define MH_SPEC_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

enum mh_spec_kind { MH_SPEC_UNIX, MH_SPEC_INET, MH_SPEC_FD };

struct mh_spec {
    enum mh_spec_kind kind;
    union {
        char path[sizeof((struct sockaddr_un *)NULL)
                      ->sun_path]; /* UNIX: absolute, below 108 bytes */
        struct {
            struct sockaddr_storage address; /* INET: IPv4 or IPv6, with its port */
            socklen_t length;
        } inet;
        int fd; /* FD: a socket that was bound for us */
    } at;
};

/* NULL on success; else static text of what is wrong, for people. */
const char *mh_spec_parse(const char *text, struct mh_spec *out);

/* "unix:" and 107 bytes, or "inet6:65535@" and an address, are shorter. */
enum { MH_SPEC_TEXT = 128 };

/* Where a socket that is open already listens, in the same notation: "fd:NUMBER" if it has no such
 * name. */
void mh_spec_of_fd(int fd, char out[MH_SPEC_TEXT]);

#endif /* MH_SPEC_H */
