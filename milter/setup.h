/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.h - everything that is decided before the filter runs
 *
 * PURPOSE  Command line and policy to what the server needs: who, where, which rights. Says all
 *          that is wrong in one run.
 * OWNERSHIP Owns its policy, and points into it; mh_setup_fini() releases all.
 * THREADS  before there are others, but mh_policy_load().
 */
#ifndef MH_SETUP_H
#define MH_SETUP_H

#include <limits.h>
#include <sys/types.h>

#include "exit.h"
#include "helo.h"
#include "options.h"
#include "privileges.h"
#include "spec.h"

struct mh_setup {
    const struct mh_options *options;
    char policy_path[PATH_MAX];     /* absolute: a reload comes after chdir("/") */
    helo_policy *policy;            /* as it was at the start */
    const char *spec_text;          /* of the socket: the policy's, the option's, or passed_text */
    char passed_text[MH_SPEC_TEXT]; /* of a socket that systemd has opened; "": none */
    struct mh_spec spec;
    mode_t socket_mode;
    gid_t socket_group;
    struct mh_identity identity;
};

/* MH_EXIT_OK, _POLICY or _SYSTEM; whatever is wrong is logged. */
enum mh_exit mh_setup_load(const struct mh_options *options, struct mh_setup *out);
void mh_setup_fini(struct mh_setup *setup);

/* helo_policy_load() with every finding logged. */
enum helo_status mh_policy_load(const char *path, helo_policy **out);

#endif /* MH_SETUP_H */
