/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - the command line
 *
 * OWNERSHIP Strings point into argv or are static.
 */
#ifndef MH_OPTIONS_H
#define MH_OPTIONS_H

#include <stdbool.h>

struct mh_options {
    const char *policy; /* file, as given */
    const char *socket; /* in place of milter.socket; NULL: as the policy says */
    bool foreground;
    bool replace; /* take the path of a socket that a live process listens on */
    bool test;    /* only look */
};

/* Returns -1 to go on; else the exit code of what was asked for (help, version) or got wrong. */
int mh_options_parse(int argc, char **argv, struct mh_options *out);

#endif /* MH_OPTIONS_H */
