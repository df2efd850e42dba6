/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.c - the running filter, see server.h
 *
 * THE ORDER OF A START, each step where it is for a reason
 *  1. File descriptors, socket, pid file: these may need root.
 *  2. Rights are given up, for good.
 *  3. The policy is read again: what cannot be read by now could not be reloaded later.
 *  4. The engine, libmilter, the signal thread: threads exist only from here on, and none of them
 *     ever was root.
 *  5. Ready: the socket listens, the parent may go.
 *
 * THE STOP
 * smfi_stop() would drop every session that runs. So libmilter goes on and refuses negotiation: new
 * sessions get what the MTA does without a filter. Those of an inherited socket wait in its queue
 * for the next process instead (leave.h). The process ends when the last session has.
 */
#include "server.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libmilter/mfapi.h>

#include "callbacks.h"
#include "counters.h"
#include "daemon.h"
#include "decision.h"
#include "leave.h"
#include "log.h"
#include "log_setup.h"
#include "metrics.h"
#include "notify.h"
#include "pid_file.h"
#include "reload.h"
#include "selftest.h"
#include "sessions.h"
#include "signals.h"
#include "socket.h"

/*
 * libmilter starts a thread for every session that blocks, each with the default stack of 8 MiB of
 * address space: at 2000 of them that is 16 GiB. Callbacks need some KiB; sanitizers several times
 * as much.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_BYTES = 2 * 1024 * 1024 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { STACK_BYTES = 2 * 1024 * 1024 };
#else
enum { STACK_BYTES = 256 * 1024 };
#endif
#else
enum { STACK_BYTES = 256 * 1024 };
#endif

static struct mh_server {
    const struct mh_setup *setup;
    helo_engine *engine;
    struct mh_socket socket;
    struct mh_pid_file pid_file;
    pthread_t listener; /* the thread in smfi_main() */
} server = {.socket = {.fd = -1, .inode = -1}, .pid_file = {.path = "", .fd = -1}};

static void tell_systemd(void (*tell)(const struct mh_notify_status *status))
{
    helo_policy *policy = helo_engine_policy(server.engine);
    const struct mh_notify_status status = {
        .mode = helo_policy_string(policy, "mode"),
        .policy = server.setup->policy_path,
        .sessions = mh_sessions_open(),
    };

    tell(&status);
    helo_policy_unref(policy);
}

static void reload(void *arg)
{
    (void)arg;
    mh_notify_reloading();
    (void)mh_log_reopen();
    mh_reload(server.setup, server.engine);
    tell_systemd(mh_notify_ready);
}

/* A line in the new file says that it is one. */
static void reopen(void *arg)
{
    (void)arg;
    if (mh_log_reopen() == 0)
        mh_log(LOG_NOTICE, "the log is opened again");
}

static uint64_t stop_grace_ms(void)
{
    helo_policy *policy = helo_engine_policy(server.engine);
    long long grace = helo_policy_number(policy, "milter.stop_grace");

    helo_policy_unref(policy);
    return grace > 0 ? (uint64_t)grace : 0;
}

/*
 * A peer that sends half a packet holds one of the pool's threads, and a session that became ready
 * beside it waits for that thread (socket.h): for ever, if nobody else comes. No callback of ours
 * runs then that could poke, and whoever waits may not even have negotiated. So that is done once a
 * second; it costs some 70 us.
 */
static void tick(void *arg)
{
    (void)arg;
    mh_socket_poke(&server.socket);
    mh_reload_when_stale(server.setup, server.engine);
    tell_systemd(mh_notify_tick);
    mh_decision_tell(false);
}

/*
 * Who stands in the queue of our own socket came in good time, and knows of no other process: is
 * taken. In the queue of an inherited one they wait for the next process. Either way, who was taken
 * a moment ago has some time for the first word.
 */
static void take_no_more(void)
{
    bool inherited = server.socket.spec.kind == MH_SPEC_FD;

    if (inherited ? mh_leave(&server.socket, server.listener) : mh_socket_withdraw(&server.socket))
        mh_socket_settle(&server.socket);
}

/*
 * Until the last session has ended. But the next process starts when this one is gone, and MTAs
 * give up on a filter that is silent for as little as 10 s (Sendmail); so once somebody waits in
 * the queue of an inherited socket, sessions have WAITED_FOR_MS more at most.
 */
static enum mh_wait wait_for_sessions(uint64_t grace_ms)
{
    enum { LOOK_MS = 1000, WAITED_FOR_MS = 5000 };
    uint64_t left_ms = grace_ms;

    if (!atomic_load(&server.socket.left))
        return mh_signals_wait(grace_ms);
    while (left_ms > WAITED_FOR_MS && !mh_leave_someone_waits(&server.socket)) {
        enum mh_wait end = mh_signals_wait(LOOK_MS);

        if (end != MH_TIMEOUT)
            return end;
        tick(NULL); /* which comes in waits of more than a second only */
        left_ms -= LOOK_MS;
    }
    if (left_ms > WAITED_FOR_MS) {
        left_ms = WAITED_FOR_MS;
        mh_log(LOG_NOTICE, "clients wait for the next process: sessions have %llu ms to finish",
               (unsigned long long)left_ms);
    }
    return mh_signals_wait(left_ms);
}

/* _exit: libmilter's threads run on, and what they use must not be torn down under them. */
static void stop(void *arg)
{
    uint64_t grace_ms = stop_grace_ms();
    enum mh_wait end;
    unsigned open;

    (void)arg;
    mh_notify_stopping(grace_ms);
    take_no_more();
    open = mh_sessions_stop(mh_signals_wake);
    mh_log(LOG_NOTICE, "stopping: %u sessions run, and have %llu ms to finish", open,
           (unsigned long long)grace_ms);
    end = wait_for_sessions(grace_ms);
    mh_pid_file_remove(&server.pid_file);
    mh_metrics_stop();
    mh_decision_tell(true);
    mh_counters_log(server.engine);
    mh_log(LOG_NOTICE, "stopped: %u sessions left%s", mh_sessions_open(),
           end == MH_TIMEOUT ? ": milter.stop_grace is over"
           : end == MH_AGAIN ? ": told to stop at once"
                             : "");
    _exit(MH_EXIT_OK);
}

static enum mh_exit open_files(const struct mh_setup *setup)
{
    const struct mh_socket_options options = {
        .mode = setup->socket_mode,
        .owner = setup->identity.uid,
        .group = setup->socket_group,
        .replace = setup->options->replace,
    };
    enum mh_exit code;

    mh_reload_limits(setup->policy);
    code = mh_socket_open(&setup->spec, &options, &server.socket);
    if (code != MH_EXIT_OK)
        return code;
    code = mh_metrics_open(setup);
    if (code != MH_EXIT_OK)
        return code;
    if (mh_pid_file_write(helo_policy_string(setup->policy, "milter.pid_file"), setup->identity.uid,
                          &server.pid_file) != 0)
        return MH_EXIT_SYSTEM;
    return MH_EXIT_OK;
}

/*
 * The policy in force is the one the filter's user read: that root could read it says nothing of a
 * reload. The first one stays with the set-up, which points into it, and what there was to warn of
 * was said then.
 */
static enum mh_exit reread_policy(const struct mh_setup *setup, helo_policy **out)
{
    enum helo_status status;

    if (!setup->identity.change) {
        *out = helo_policy_ref(setup->policy);
        return MH_EXIT_OK;
    }
    status = helo_policy_load(setup->policy_path, NULL, NULL, out);
    if (status == HELO_OK)
        return MH_EXIT_OK;
    mh_log(LOG_ERR,
           "error: user %s cannot read the policy %s, or what it includes: %s; a reload (SIGHUP) "
           "would fail",
           setup->identity.name, setup->policy_path, helo_status_text(status));
    return MH_EXIT_SYSTEM;
}

static enum mh_exit start_engine(const struct mh_setup *setup)
{
    const struct helo_engine_options options = {
        .size = sizeof options,
        .before_wait = mh_socket_poke,
        .before_wait_arg = &server.socket,
        .warn = mh_selftest_warn,
    };
    helo_policy *policy = NULL;
    enum mh_exit code = reread_policy(setup, &policy);
    enum helo_status status;

    if (code != MH_EXIT_OK)
        return code;
    status = helo_engine_create(policy, &options, &server.engine);
    helo_policy_unref(policy);
    if (status == HELO_OK)
        return MH_EXIT_OK;
    mh_log(LOG_ERR, "error: the engine cannot be started: %s", helo_status_text(status));
    return MH_EXIT_SYSTEM;
}

static enum mh_exit start_milter(void)
{
    char connection[32]; /* libmilter writes to it */
    pthread_attr_t attributes;

    (void)snprintf(connection, sizeof connection, "fd:%d", server.socket.fd);
    if (pthread_attr_init(&attributes) == 0) {
        (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
        (void)pthread_setattr_default_np(&attributes);
        (void)pthread_attr_destroy(&attributes);
    }
    if (mh_callbacks_register(server.engine) == 0 && smfi_setconn(connection) == MI_SUCCESS &&
        smfi_setbacklog(SOMAXCONN) == MI_SUCCESS && smfi_opensocket(false) == MI_SUCCESS)
        return MH_EXIT_OK;
    mh_log(LOG_ERR, "error: libmilter does not take the socket; it has logged why to syslog");
    return MH_EXIT_SYSTEM;
}

static enum mh_exit start(const struct mh_setup *setup, int ready)
{
    static const struct mh_signal_actions actions = {
        .reload = reload, .reopen = reopen, .stop = stop, .tick = tick};
    enum mh_exit code = open_files(setup);
    bool to_stderr = false;

    if (code == MH_EXIT_OK && mh_privileges_drop(&setup->identity) != 0)
        code = MH_EXIT_SYSTEM;
    if (code == MH_EXIT_OK)
        code = start_engine(setup);
    if (code == MH_EXIT_OK)
        code = start_milter();
    if (code == MH_EXIT_OK)
        code = mh_log_begin(setup, ready < 0, &to_stderr);
    if (code != MH_EXIT_OK)
        return code;
    mh_log(LOG_NOTICE, "ready socket=%s policy=%s mode=%s", setup->spec_text, setup->policy_path,
           helo_policy_string(setup->policy, "mode"));
    mh_metrics_begin(server.engine, &server.socket);
    if (ready >= 0 && mh_daemon_ready(ready, to_stderr) != 0)
        return MH_EXIT_SYSTEM;
    /* Before a stop can come, which says the opposite. */
    tell_systemd(mh_notify_ready);
    if (mh_signals_start(&actions) != 0)
        return MH_EXIT_SYSTEM;
    mh_selftest_start(server.engine);
    return MH_EXIT_OK;
}

enum mh_exit mh_server_run(const struct mh_setup *setup, int ready)
{
    enum mh_exit code;

    server.setup = setup;
    server.listener = pthread_self();
    code = start(setup, ready);
    if (code == MH_EXIT_OK) {
        (void)smfi_main();
        mh_log(LOG_ERR, "error: libmilter ended; it has logged why to syslog");
        code = MH_EXIT_SYSTEM;
    }
    (void)mh_socket_withdraw(&server.socket);
    mh_pid_file_remove(&server.pid_file);
    /* Threads may run: as in stop(). */
    if (server.engine != NULL)
        _exit((int)code);
    return code;
}
