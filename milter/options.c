/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.c - the command line, see options.h
 */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>

#include <libmilter/mfapi.h>

#include "exit.h"
#include "helo.h"

static const char default_policy[] = MH_POLICY_PATH;

static const struct option long_options[] = {
    {"policy", required_argument, NULL, 'p'}, {"foreground", no_argument, NULL, 'f'},
    {"socket", required_argument, NULL, 's'}, {"replace", no_argument, NULL, 'r'},
    {"test", no_argument, NULL, 't'},         {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
};

static void print_usage(FILE *out)
{
    (void)fprintf(out,
                  "usage: milter-helo [-ft] [-p FILE] [-s SPEC] [--replace]\n"
                  "       milter-helo -V | -h\n"
                  "  -p, --policy FILE   settings (%s)\n"
                  "  -s, --socket SPEC   in place of milter.socket: unix:PATH, inet:PORT@ADDRESS,\n"
                  "                      inet6:PORT@ADDRESS or fd:NUMBER\n"
                  "  -f, --foreground    stay attached, log to stderr\n"
                  "      --replace       take over the path of a unix socket that is in use\n"
                  "  -t, --test          look at the settings and the set-up, then end\n"
                  "  -V, --version       say the version, then end\n"
                  "  -h, --help          say this, then end\n",
                  default_policy);
}

static void print_version(void)
{
    unsigned int major = 0, minor = 0, patch = 0;

    (void)smfi_version(&major, &minor, &patch);
    (void)printf("milter-helo %s (libhelo %s, libmilter %u.%u.%u)\n", HELO_VERSION_TEXT,
                 helo_version(), major, minor, patch);
}

int mh_options_parse(int argc, char **argv, struct mh_options *out)
{
    int letter;

    *out = (struct mh_options){.policy = default_policy};
    while ((letter = getopt_long(argc, argv, "p:s:ftVh", long_options, NULL)) != -1) {
        switch (letter) {
        case 'p':
            out->policy = optarg;
            break;
        case 's':
            out->socket = optarg;
            break;
        case 'f':
            out->foreground = true;
            break;
        case 'r':
            out->replace = true;
            break;
        case 't':
            out->test = true;
            break;
        case 'V':
            print_version();
            return MH_EXIT_OK;
        case 'h':
            print_usage(stdout);
            return MH_EXIT_OK;
        default: /* getopt_long() has said what is wrong */
            print_usage(stderr);
            return MH_EXIT_USAGE;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "milter-helo: unexpected argument: '%s'\n", argv[optind]);
        print_usage(stderr);
        return MH_EXIT_USAGE;
    }
    return -1;
}
