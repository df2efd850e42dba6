/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reload.c - a new policy for the running filter, see reload.h
 */
#include "reload.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "counters.h"
#include "events.h"
#include "log.h"
#include "log_setup.h"
#include "metrics_rows.h"
#include "selftest.h"
#include "sessions.h"

/* A new list of networks may have a hundred thousand entries; that it is new is one line. */
enum { CHANGES_SHOWN = 50 };

/* What was used up at the start. */
static const char *const start_only[] = {
    "milter.socket",  "milter.socket_mode", "milter.socket_group",
    "milter.user",    "milter.group",       "milter.pid_file",
    "log.to",         "log.facility",       "log.file",
    "metrics.listen", "metrics.file",       "metrics.interval",
};

static bool is_changed(const helo_policy *former, const helo_policy *policy, const char *key)
{
    const char *before = helo_policy_string(former, key);
    const char *after = helo_policy_string(policy, key);

    if (before == NULL || after == NULL)
        return helo_policy_number(former, key) != helo_policy_number(policy, key);
    return strcmp(before, after) != 0;
}

static void warn_start_only(const struct mh_setup *setup, const helo_policy *policy)
{
    for (size_t i = 0; i < sizeof start_only / sizeof start_only[0]; i++) {
        if (is_changed(setup->policy, policy, start_only[i]))
            mh_log(LOG_WARNING, "warning: %s has changed: that needs a restart", start_only[i]);
    }
}

/* A change's text begins with the key. */
static bool needs_restart(const char *text)
{
    for (size_t i = 0; i < sizeof start_only / sizeof start_only[0]; i++) {
        size_t length = strlen(start_only[i]);

        if (strncmp(text, start_only[i], length) == 0 && text[length] == ':')
            return true;
    }
    return false;
}

static void log_change(void *arg, const char *text)
{
    size_t *shown = arg;

    if (*shown < CHANGES_SHOWN) {
        mh_log(LOG_NOTICE, "policy change: %s%s", text,
               needs_restart(text) ? " (after a restart)" : "");
        ++*shown;
    }
}

/* Returns how many there are. */
static size_t log_changes(const helo_policy *former, const helo_policy *policy)
{
    size_t shown = 0;
    size_t count = helo_policy_changes(former, policy, log_change, &shown);

    if (count > shown)
        mh_log(LOG_NOTICE, "policy change: and %zu more", count - shown);
    return count;
}

/* The policy is in force. */
static void report(const struct mh_setup *setup, const helo_policy *former,
                   const helo_policy *policy)
{
    size_t count;

    warn_start_only(setup, policy);
    count = log_changes(former, policy);
    mh_log(LOG_NOTICE, "policy reloaded: %s mode=%s (%zu change%s)", setup->policy_path,
           helo_policy_string(policy, "mode"), count, count == 1 ? "" : "s");
}

/*
 * A policy with 100,000 networks leaves 150 MiB behind when it goes, which the C library keeps for
 * a next one of that size.
 */
static void give_back_memory(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
}

void mh_reload_limits(const helo_policy *policy)
{
    const char *when_full = helo_policy_string(policy, "limits.when_full");

    mh_sessions_limit(helo_policy_number(policy, "limits.sessions"),
                      when_full != NULL && strcmp(when_full, "defer") == 0);
}

void mh_reload(const struct mh_setup *setup, helo_engine *engine)
{
    const char *path = setup->policy_path;
    helo_policy *former = helo_engine_policy(engine);
    helo_policy *policy = NULL;
    enum helo_status status = mh_policy_load(path, &policy);

    if (status == HELO_OK)
        status = helo_engine_set_policy(engine, policy);
    mh_event_count(status == HELO_OK ? MH_EVENT_RELOADED : MH_EVENT_RELOAD_FAILED);
    mh_metrics_note_policy(status == HELO_OK);
    if (status == HELO_OK) {
        mh_reload_limits(policy);
        mh_log_follow(policy);
        report(setup, former, policy);
        mh_counters_log(engine);
        mh_selftest_start(engine);
    } else {
        if (status != HELO_POLICY) /* its findings say more */
            mh_log(LOG_ERR, "error: %s: %s", path, helo_status_text(status));
        mh_log(LOG_ERR, "policy not reloaded, the former stays in force: %s", path);
    }
    helo_policy_unref(policy);
    helo_policy_unref(former);
    give_back_memory();
}

void mh_reload_when_stale(const struct mh_setup *setup, helo_engine *engine)
{
    enum { AGAIN_S = 60 * 60 };
    static time_t next; /* one thread at a time calls */
    helo_policy *policy = helo_engine_policy(engine);
    bool stale = helo_policy_is_stale(policy) != 0;
    time_t now = time(NULL);

    helo_policy_unref(policy);
    if (!stale || now < next)
        return;
    next = now + AGAIN_S;
    mh_log(LOG_NOTICE, "an entry of the policy has expired: it is read again");
    mh_reload(setup, engine);
}
