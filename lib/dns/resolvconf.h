/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resolvconf.h - has the system's list of name servers changed?
 *
 * PURPOSE  A cheap look at resolv.conf(5), so that a machine that moves to another network need not
 *          wait for anything. c-ares reads the file; here is only whether it should.
 * CONTRACT One stat(2) in RESOLVCONF_LOOK_MS at most. A file that came or went has changed, too;
 *          one that was never looked at has. Links are followed.
 * THREADS  none of its own.
 */
#ifndef HELO_DNS_RESOLVCONF_H
#define HELO_DNS_RESOLVCONF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum { RESOLVCONF_LOOK_MS = 1000 };

struct resolvconf {
    struct stat seen; /* all zero: there was no file */
    bool looked;
    bool missed; /* what was seen could not be followed */
    uint64_t looked_ms;
};

bool resolvconf_changed(struct resolvconf *conf, const char *path, uint64_t now_ms);
/* The change could not be followed: the next look finds it again. */
void resolvconf_missed(struct resolvconf *conf);

#endif /* HELO_DNS_RESOLVCONF_H */
