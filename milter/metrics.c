/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics.c - the filter's numbers for those who watch it, see metrics.h
 */
#include "metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "metrics_file.h"
#include "metrics_http.h"
#include "metrics_process.h"
#include "metrics_rows.h"
#include "spec.h"
#include "thread.h"

/* Formatting is shallow; sanitizers want several times as much as any of it. */
enum { STACK_BYTES = 1024 * 1024 };

/* A taken port is tried again so often; the last file is waited for so long. */
enum { AGAIN_S = 1, LAST_S = 2 };

enum file_state { FILE_NONE, FILE_KEPT, FILE_LAST, FILE_DONE };

static struct {
    helo_engine *engine;
    const struct mh_socket *milter;
    struct mh_spec spec;
    struct mh_socket_options socket_options;
    bool listens; /* metrics.listen is there */
    struct mh_metrics_file file;
    uint64_t interval_ms;

    pthread_mutex_t lock;    /* guards the rest */
    pthread_cond_t changed;  /* CLOCK_MONOTONIC */
    enum file_state state;   /* of the file */
    struct mh_socket socket; /* fd -1: not open */
} metrics = {.lock = PTHREAD_MUTEX_INITIALIZER, .socket = {.fd = -1, .inode = -1}};

static const char *text_of(const struct mh_setup *setup, const char *key)
{
    const char *value = helo_policy_string(setup->policy, key);

    return value != NULL ? value : "";
}

/* ---- the set-up ------------------------------------------------------------------------------ */

enum mh_exit mh_metrics_check(const struct mh_setup *setup)
{
    const char *listen = text_of(setup, "metrics.listen");
    struct mh_spec spec;
    const char *wrong;

    if (listen[0] == '\0')
        return MH_EXIT_OK;
    if (!mh_metrics_http_is_built()) {
        mh_log(LOG_ERR, "error: metrics.listen: this filter is built without an HTTP server "
                        "(HELO_METRICS_HTTP); metrics.file writes the same to a file");
        return MH_EXIT_POLICY;
    }
    wrong = mh_spec_parse(listen, &spec);
    if (wrong != NULL) {
        mh_log(LOG_ERR, "error: metrics.listen '%s': %s", listen, wrong);
        return MH_EXIT_POLICY;
    }
    return mh_socket_check(&spec, setup->identity.uid);
}

static void close_socket(struct mh_socket *socket)
{
    if (socket->fd >= 0)
        (void)close(socket->fd);
    if (socket->inode >= 0)
        (void)close(socket->inode);
    socket->fd = socket->inode = -1;
}

/* A client may hang up between our waking and accept(), which must not block then. */
static enum mh_exit open_socket(struct mh_socket *out)
{
    enum mh_exit code = mh_socket_open(&metrics.spec, &metrics.socket_options, out);

    if (code == MH_EXIT_OK && fcntl(out->fd, F_SETFL, fcntl(out->fd, F_GETFL) | O_NONBLOCK) != 0) {
        mh_log(LOG_ERR, "error: metrics.listen: fcntl: %s", strerror(errno));
        code = MH_EXIT_SYSTEM;
    }
    if (code != MH_EXIT_OK)
        close_socket(out);
    return code;
}

enum mh_exit mh_metrics_open(const struct mh_setup *setup)
{
    const char *listen = text_of(setup, "metrics.listen");
    long long interval_ms = helo_policy_number(setup->policy, "metrics.interval");
    enum mh_exit code;

    mh_metrics_process_begin();
    mh_metrics_note_policy(true);
    (void)snprintf(metrics.file.path, sizeof metrics.file.path, "%s",
                   text_of(setup, "metrics.file"));
    metrics.interval_ms = interval_ms > 0 ? (uint64_t)interval_ms : 1000;
    metrics.listens = listen[0] != '\0' && mh_spec_parse(listen, &metrics.spec) == NULL;
    if (!metrics.listens)
        return MH_EXIT_OK;
    metrics.socket_options = (struct mh_socket_options){
        .mode = setup->socket_mode,
        .owner = setup->identity.uid,
        .group = setup->socket_group,
        .replace = setup->options->replace,
    };
    code = open_socket(&metrics.socket);
    if (code == MH_EXIT_BUSY)
        mh_log(LOG_WARNING, "warning: metrics.listen: it is tried again until it is free");
    metrics.socket_options.quiet = true;
    return code == MH_EXIT_BUSY ? MH_EXIT_OK : code;
}

/* ---- HTTP ------------------------------------------------------------------------------------ */

/* False: it never will be. */
static bool wait_for_socket(void)
{
    const struct timespec again = {.tv_sec = AGAIN_S};
    struct mh_socket socket;
    enum mh_exit code;

    while (metrics.socket.fd < 0) {
        (void)nanosleep(&again, NULL);
        code = open_socket(&socket);
        if (code == MH_EXIT_SYSTEM)
            return false;
        if (code != MH_EXIT_OK)
            continue;
        (void)pthread_mutex_lock(&metrics.lock);
        metrics.socket = socket;
        (void)pthread_mutex_unlock(&metrics.lock);
        mh_log(LOG_NOTICE, "metrics.listen is free, and served");
    }
    return true;
}

static void *serve(void *arg)
{
    if (wait_for_socket())
        mh_metrics_http_serve(metrics.socket.fd, metrics.engine);
    return arg;
}

/* ---- the file -------------------------------------------------------------------------------- */

static struct timespec from_now(uint64_t ms)
{
    struct timespec then = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &then);
    then.tv_sec += (time_t)(ms / 1000);
    then.tv_nsec += (long)(ms % 1000) * 1000000;
    if (then.tv_nsec >= 1000000000) {
        then.tv_sec++;
        then.tv_nsec -= 1000000000;
    }
    return then;
}

/* Returns when the file is due, or is to be written for the last time: then false. */
static bool wait_until_due(void)
{
    struct timespec due = from_now(metrics.interval_ms);
    bool goes_on;

    (void)pthread_mutex_lock(&metrics.lock);
    while (metrics.state == FILE_KEPT &&
           pthread_cond_timedwait(&metrics.changed, &metrics.lock, &due) == 0)
        ;
    goes_on = metrics.state == FILE_KEPT;
    (void)pthread_mutex_unlock(&metrics.lock);
    return goes_on;
}

static void write_file(void)
{
    /* Two processes that take turns would look like a filter that restarts all the time. */
    if (!mh_socket_is_replaced(metrics.milter))
        mh_metrics_file_write(&metrics.file, metrics.engine);
}

static void *keep_file(void *arg)
{
    do
        write_file();
    while (wait_until_due());
    write_file();
    (void)pthread_mutex_lock(&metrics.lock);
    metrics.state = FILE_DONE;
    (void)pthread_cond_signal(&metrics.changed);
    (void)pthread_mutex_unlock(&metrics.lock);
    return arg;
}

/* ---- both ------------------------------------------------------------------------------------ */

static bool start_thread(void *(*run)(void *), const char *what)
{
    int error = mh_thread_start(run, NULL, STACK_BYTES);

    if (error != 0)
        mh_log(LOG_ERR, "error: %s is not served, no thread: %s", what, strerror(error));
    return error == 0;
}

void mh_metrics_begin(helo_engine *engine, const struct mh_socket *milter)
{
    pthread_condattr_t monotonic;

    metrics.engine = engine;
    metrics.milter = milter;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&metrics.changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (metrics.listens)
        (void)start_thread(serve, "metrics.listen");
    if (metrics.file.path[0] == '\0')
        return;
    metrics.state = FILE_KEPT;
    if (!start_thread(keep_file, "metrics.file"))
        metrics.state = FILE_NONE;
}

void mh_metrics_stop(void)
{
    struct timespec until = from_now(LAST_S * 1000);

    (void)pthread_mutex_lock(&metrics.lock);
    if (metrics.state == FILE_KEPT) {
        metrics.state = FILE_LAST;
        (void)pthread_cond_signal(&metrics.changed);
    }
    while (metrics.state == FILE_LAST &&
           pthread_cond_timedwait(&metrics.changed, &metrics.lock, &until) == 0)
        ;
    if (metrics.socket.fd >= 0)
        (void)mh_socket_withdraw(&metrics.socket);
    (void)pthread_mutex_unlock(&metrics.lock);
}
