/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faultdns.h - tests/tools/faultdns.py as a child of a test
 *
 * PURPOSE  Start it on a free port, ask it what it has seen, end it.
 * CONTRACT The working directory is the top of the source tree. The child ends at the latest when
 *          the test does: it reads a pipe whose other end is here.
 * THREADS  none of its own.
 */
#ifndef HELO_TESTS_DNS_FAULTDNS_H
#define HELO_TESTS_DNS_FAULTDNS_H

#include <stdbool.h>
#include <sys/types.h>

struct faultdns {
    pid_t pid;
    int stay; /* its standard input */
    int port;
    char server[64]; /* "127.0.0.1:PORT", "[::1]:PORT" */
};

struct faultdns_seen {
    unsigned udp, tcp, edns, mixed, ports;
    unsigned ids, high, low; /* different ones; octets of them */
};

/* zone may be NULL. False: it did not start; a message is on standard error. */
bool faultdns_start(struct faultdns *server, const char *zone);
/* Other options of the program, up to a NULL: "--address", "::1". */
bool faultdns_start_with(struct faultdns *server, const char *const *options);
void faultdns_stop(struct faultdns *server);
/* In mid-work, without a word. */
void faultdns_kill(struct faultdns *server);
/* What was asked of a name so far; of "fault.test": of all. */
bool faultdns_seen(const struct faultdns *server, const char *name, struct faultdns_seen *out);

#endif /* HELO_TESTS_DNS_FAULTDNS_H */
