/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_setup.c - what the policy says of the log, see log_setup.h
 */
#include "log_setup.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decision.h"
#include "log.h"
#include "log_file.h"
#include "log_journal.h"

/* The words of log.to but "auto". */
static const struct {
    const char *word;
    enum mh_log_to to;
} targets[] = {
    {"syslog", MH_LOG_SYSLOG},
    {"stderr", MH_LOG_STDERR},
    {"journal", MH_LOG_JOURNAL},
    {"file", MH_LOG_FILE},
};

static const char *text_of(const helo_policy *policy, const char *key)
{
    const char *value = helo_policy_string(policy, key);

    return value != NULL ? value : "";
}

/*
 * systemd says so with "DEVICE:INODE" of the stream it gave us; a shell that was started by it, and
 * has started us with its error output elsewhere, hands on the variable alone (systemd.exec(5)).
 */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat about;
    char own[64];

    if (stream == NULL || fstat(STDERR_FILENO, &about) != 0)
        return false;
    (void)snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)about.st_dev, (uintmax_t)about.st_ino);
    return strcmp(stream, own) == 0;
}

static enum mh_log_to resolve(const helo_policy *policy, bool foreground)
{
    const char *to = text_of(policy, "log.to");

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        if (strcmp(to, targets[i].word) == 0)
            return targets[i].to;
    }
    if (stderr_is_journal())
        return mh_log_journal_is_there() ? MH_LOG_JOURNAL : MH_LOG_STDERR;
    return foreground ? MH_LOG_STDERR : MH_LOG_SYSLOG;
}

enum mh_exit mh_log_check(const struct mh_setup *setup)
{
    const char *to = text_of(setup->policy, "log.to");
    const char *file = text_of(setup->policy, "log.file");

    if (strcmp(to, "file") == 0 && file[0] == '\0') {
        mh_log(LOG_ERR, "error: log.to is file, and log.file does not say which; set it, as in "
                        "log: {to: file, file: /var/log/milter-helo/milter-helo.log}");
        return MH_EXIT_POLICY;
    }
    if (strcmp(to, "file") == 0)
        return mh_log_file_check(file, &setup->identity) ? MH_EXIT_OK : MH_EXIT_SYSTEM;
    if (file[0] != '\0')
        mh_log(LOG_WARNING, "warning: log.file is not written to: log.to is %s, not file", to);
    if (strcmp(to, "journal") != 0)
        return MH_EXIT_OK;
    if (!mh_log_journal_is_built()) {
        mh_log(LOG_ERR, "error: log.to: this filter is built without systemd's journal "
                        "(HELO_SYSTEMD); with syslog its lines come there, too");
        return MH_EXIT_POLICY;
    }
    if (!mh_log_journal_is_there()) {
        mh_log(LOG_ERR, "error: log.to: journal: there is none to write to on this system "
                        "(/run/systemd/journal/socket); use syslog, stderr or file");
        return MH_EXIT_SYSTEM;
    }
    return MH_EXIT_OK;
}

enum mh_exit mh_log_begin(const struct mh_setup *setup, bool foreground, bool *to_stderr)
{
    const struct mh_log_target target = {
        .to = resolve(setup->policy, foreground),
        .levels = stderr_is_journal(),
        .facility = helo_policy_string(setup->policy, "log.facility"),
        .file = helo_policy_string(setup->policy, "log.file"),
    };

    mh_log_follow(setup->policy);
    *to_stderr = target.to == MH_LOG_STDERR;
    return mh_log_open(&target) == 0 ? MH_EXIT_OK : MH_EXIT_SYSTEM;
}

void mh_log_follow(const helo_policy *policy)
{
    mh_log_json(strcmp(text_of(policy, "log.format"), "json") == 0);
    mh_decision_limit(policy);
}
