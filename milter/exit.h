/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.h - what the daemon's exit codes mean
 *
 * The values are those of <sysexits.h>, spelled out since scripts and milter-helo(8) depend on
 * them.
 */
#ifndef MH_EXIT_H
#define MH_EXIT_H

enum mh_exit {
    MH_EXIT_OK = 0,
    MH_EXIT_USAGE = 64,
    MH_EXIT_BUSY = 69,   /* a live process listens on the socket */
    MH_EXIT_SYSTEM = 71, /* the system said no, or the set-up is unsafe */
    MH_EXIT_POLICY = 78  /* the policy has errors, or asks for what cannot be */
};

#endif /* MH_EXIT_H */
