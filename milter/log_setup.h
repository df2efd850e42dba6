/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_setup.h - what the policy says of the log
 *
 * PURPOSE  log.to, log.facility and log.file to what mh_log_open() wants; log.format and log.rate,
 *          which a reload may change.
 * CONTRACT The file is opened by the filter's user, after rights were given up and with all else in
 *          order: until then what goes wrong is said on standard error, to who started the filter.
 * THREADS  mh_log_follow() one at a time; the rest before there are others.
 */
#ifndef MH_LOG_SETUP_H
#define MH_LOG_SETUP_H

#include <stdbool.h>

#include "exit.h"
#include "helo.h"
#include "setup.h"

/* Without changing anything. MH_EXIT_OK, _POLICY or _SYSTEM; whatever is wrong is logged. */
enum mh_exit mh_log_check(const struct mh_setup *setup);

/* *to_stderr: whether lines go there. */
enum mh_exit mh_log_begin(const struct mh_setup *setup, bool foreground, bool *to_stderr);

void mh_log_follow(const helo_policy *policy);

#endif /* MH_LOG_SETUP_H */
