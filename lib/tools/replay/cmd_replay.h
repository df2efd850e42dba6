/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_replay.h - the options of helocheck replay, and the replay itself
 */
#ifndef HELO_REPLAY_CMD_REPLAY_H
#define HELO_REPLAY_CMD_REPLAY_H

#include "tools/field.h"

struct replay_options {
    const char *policy, *against; /* NULL: the usual one; none */
    const char *zone;             /* DNS from a file; implies dns */
    const char *html;             /* "-": standard output */
    int dns, json;
    unsigned dns_rate; /* questions a second */
    unsigned top;
    struct field_list server_names, server_addresses;
    long long today_s; /* the end of that day; 0: not said */
    const char *const *logs;
    size_t log_count;
};

/* Returns an exit code. */
int replay_run(const struct replay_options *options);

#endif /* HELO_REPLAY_CMD_REPLAY_H */
