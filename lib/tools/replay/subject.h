/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.h - what is judged and counted of an entry
 *
 * PURPOSE  The client as an address and as text, whose it is, and the keys that different ones are
 *          told apart by.
 * CONTRACT An organisation is that of the confirmed PTR name (public suffix list); without such a
 *          name the client is one by itself, an IPv6 client its /64.
 * OWNERSHIP Points into the entry.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_SUBJECT_H
#define HELO_REPLAY_SUBJECT_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "tools/log/entry.h"

union subject_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

enum {
    SUBJECT_CLIENT = 48,   /* an address as text */
    SUBJECT_NAME = 256,    /* RFC 1035 2.3.4 */
    SUBJECT_MEMORY = 8192, /* of ten bytes */
    SUBJECT_WAYS = 4       /* places where a name may stand */
};

struct subject {
    const struct log_entry *entry;
    union subject_address address; /* AF_UNSPEC: local, or none */
    int is_local;                  /* it came by no socket */
    char client[SUBJECT_CLIENT];   /* in the usual form; "local"; "": the log does not say */
    char ptr[SUBJECT_NAME];        /* printable, in small letters; "": none known */
    int ptr_confirmed;
    char organisation[SUBJECT_NAME]; /* "": not known */
    uint64_t client_key, organisation_key, connection_key;
};

/*
 * Where in a PTR name its organisation begins, for the names seen last: to ask the public suffix
 * list takes microseconds. All zeros: none.
 */
struct subject_memory {
    uint64_t hash[SUBJECT_MEMORY];
    unsigned short offset[SUBJECT_MEMORY]; /* SUBJECT_NAME: it has none */
    size_t turn;                           /* which of SUBJECT_WAYS goes next */
};

void subject_make(const struct log_entry *entry, struct subject_memory *memory,
                  struct subject *out);

/* The domain of a mail address in small letters, printable; "<>" for the null reverse-path, "" when
 * there is none. Returns out. */
char *subject_domain(char *out, size_t size, const char *address);

#endif /* HELO_REPLAY_SUBJECT_H */
