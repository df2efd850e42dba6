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
 * sessions get what the MTA does without a filter. The process ends when the last session has.
 */
#include "server.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libmilter/mfapi.h>

#include "callbacks.h"
#include "counters.h"
#include "daemon.h"
#include "log.h"
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
} server = {.socket = {.fd = -1, .inode = -1}, .pid_file = {.path = "", .fd = -1}};

static void reload(void *arg)
{
    (void)arg;
    mh_reload(server.setup, server.engine);
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
}

/* _exit: libmilter's threads run on, and what they use must not be torn down under them. */
static void stop(void *arg)
{
    uint64_t grace_ms = stop_grace_ms();
    enum mh_wait end;
    unsigned open;

    (void)arg;
    /* Who stands in the queue came in good time, and knows of no other process. */
    if (mh_socket_withdraw(&server.socket))
        mh_socket_settle(&server.socket);
    open = mh_sessions_stop(mh_signals_wake);
    mh_log(LOG_NOTICE, "stopping: %u sessions run, and have %llu ms to finish", open,
           (unsigned long long)grace_ms);
    end = mh_signals_wait(grace_ms);
    mh_pid_file_remove(&server.pid_file);
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

/* to: auto, syslog or stderr. Returns whether lines go to stderr. */
static bool open_log(const struct mh_setup *setup, bool foreground)
{
    const char *to = helo_policy_string(setup->policy, "log.to");
    bool to_stderr = to != NULL && strcmp(to, "auto") != 0 ? strcmp(to, "stderr") == 0 : foreground;

    mh_log_open(!to_stderr, helo_policy_string(setup->policy, "log.facility"));
    return to_stderr;
}

static enum mh_exit start(const struct mh_setup *setup, int ready)
{
    static const struct mh_signal_actions actions = {.reload = reload, .stop = stop, .tick = tick};
    enum mh_exit code = open_files(setup);
    bool to_stderr;

    if (code == MH_EXIT_OK && mh_privileges_drop(&setup->identity) != 0)
        code = MH_EXIT_SYSTEM;
    if (code == MH_EXIT_OK)
        code = start_engine(setup);
    if (code == MH_EXIT_OK)
        code = start_milter();
    if (code != MH_EXIT_OK)
        return code;
    to_stderr = open_log(setup, ready < 0);
    mh_log(LOG_NOTICE, "ready socket=%s policy=%s mode=%s", setup->spec_text, setup->policy_path,
           helo_policy_string(setup->policy, "mode"));
    if ((ready >= 0 && mh_daemon_ready(ready, to_stderr) != 0) || mh_signals_start(&actions) != 0)
        return MH_EXIT_SYSTEM;
    mh_selftest_start(server.engine);
    return MH_EXIT_OK;
}

enum mh_exit mh_server_run(const struct mh_setup *setup, int ready)
{
    enum mh_exit code;

    server.setup = setup;
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
