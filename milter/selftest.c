/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest.c - what only a running filter can find out about its policy, see selftest.h
 */
#include "selftest.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "log.h"
#include "thread.h"

/* More than a callback's: what resolves names here is not on the path of a session. */
enum { STACK_BYTES = 1024 * 1024 };

static struct {
    pthread_mutex_t lock;
    bool running, again;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

void mh_selftest_warn(void *arg, const struct helo_diag *finding)
{
    static const struct {
        int priority;
        const char *word;
    } severities[] = {
        [HELO_NOTE] = {LOG_NOTICE, "note"},
        [HELO_WARNING] = {LOG_WARNING, "warning"},
        [HELO_ERROR] = {LOG_ERR, "error"},
    };
    const char *hint = finding->hint != NULL ? finding->hint : "";

    (void)arg;
    mh_log(severities[finding->severity].priority, "%s: %s%s%s", severities[finding->severity].word,
           finding->message, hint[0] != '\0' ? "; " : "", hint);
}

/* True when another round is due. */
static bool begin_again(void)
{
    bool again;

    (void)pthread_mutex_lock(&state.lock);
    again = state.again;
    state.again = false;
    state.running = again;
    (void)pthread_mutex_unlock(&state.lock);
    return again;
}

static void *run(void *arg)
{
    do {
        enum helo_status status = helo_engine_test(arg);

        if (status != HELO_OK)
            mh_log(LOG_ERR, "error: the policy could not be tested: %s", helo_status_text(status));
    } while (begin_again());
    return NULL;
}

void mh_selftest_start(helo_engine *engine)
{
    bool start;
    int error;

    (void)pthread_mutex_lock(&state.lock);
    start = !state.running;
    state.running = true;
    state.again = !start;
    (void)pthread_mutex_unlock(&state.lock);
    error = start ? mh_thread_start(run, engine, STACK_BYTES) : 0;
    if (error == 0)
        return;
    (void)pthread_mutex_lock(&state.lock);
    state.running = state.again = false;
    (void)pthread_mutex_unlock(&state.lock);
    mh_log(LOG_ERR, "error: the policy is not tested, no thread: %s", strerror(error));
}
