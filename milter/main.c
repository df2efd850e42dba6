/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - milter-helo, a mail filter that judges what clients say in HELO
 *
 * The daemon in five lines: what was asked for, what the set-up says, into the background, serve.
 * See milter-helo(8).
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "exit.h"
#include "log.h"
#include "options.h"
#include "server.h"
#include "setup.h"
#include "signals.h"

static enum mh_exit run(const struct mh_setup *setup)
{
    int ready = -1;

    (void)umask(077);
    if (chdir("/") != 0) { /* so that no file system is kept from being unmounted */
        mh_log(LOG_ERR, "error: /: %s", strerror(errno));
        return MH_EXIT_SYSTEM;
    }
    if (!setup->options->foreground) {
        ready = mh_daemon_detach();
        if (ready < 0) {
            mh_log(LOG_ERR, "error: fork: %s", strerror(errno));
            return MH_EXIT_SYSTEM;
        }
    }
    return mh_server_run(setup, ready);
}

int main(int argc, char **argv)
{
    struct mh_options options;
    struct mh_setup setup;
    int code = mh_options_parse(argc, argv, &options);

    if (code >= 0)
        return code;
    mh_signals_block();
    code = (int)mh_setup_load(&options, &setup);
    if (code == MH_EXIT_OK && options.test)
        mh_log(LOG_NOTICE, "%s: the policy and the set-up are in order", setup.policy_path);
    else if (code == MH_EXIT_OK)
        code = (int)run(&setup);
    mh_setup_fini(&setup);
    return code;
}
