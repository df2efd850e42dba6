/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signals.c - HUP, TERM and INT belong to the filter, not to libmilter, see signals.h
 */
#include "signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "thread.h"

/* A reload reads YAML, which takes more than the small stacks of callbacks. */
enum { STACK_BYTES = 2 * 1024 * 1024 };

enum { TICK_MS = 1000 };

/* Of the one signal thread. */
static const struct mh_signal_actions *actions;

/*
 * libmilter has HUP, TERM and INT, and leaves USR1 alone; USR2 is the wake-up from our own threads.
 * All are blocked everywhere: the default of each is to end the process.
 */
static void fill(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGHUP);
    (void)sigaddset(set, SIGINT);
    (void)sigaddset(set, SIGTERM);
    (void)sigaddset(set, SIGUSR1);
    (void)sigaddset(set, SIGUSR2);
}

/*
 * Called by libmilter alone, which finds this before the C library's: its signal thread would
 * compete with ours for every signal and end the filter. Measured: with two waiting threads, a
 * burst of HUP ends the filter every time.
 */
__attribute__((visibility("default"))) int sigwait(const sigset_t *set, int *sig)
{
    (void)set;
    (void)sig;
    for (;;)
        (void)pause(); /* everything that could interrupt it is blocked */
}

void mh_signals_block(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t set;

    fill(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL); /* an MTA that hung up is an error of write() */
    (void)sigaction(SIGXFSZ, &ignore, NULL); /* and so is a file past its limit (RLIMIT_FSIZE) */
}

/* The next signal, or 0 when until_ms came first. */
static int next_signal(uint64_t until_ms)
{
    sigset_t set;

    fill(&set);
    for (;;) {
        uint64_t now = mh_clock_ms();
        uint64_t left = now < until_ms ? until_ms - now : 0;
        uint64_t step = left < TICK_MS ? left : TICK_MS;
        struct timespec wait = {.tv_sec = (time_t)(step / 1000),
                                .tv_nsec = (long)(step % 1000) * 1000000};
        int number = sigtimedwait(&set, NULL, &wait);

        if (number > 0)
            return number;
        if (errno == EAGAIN && step == left)
            return 0;
        actions->tick(actions->arg);
    }
}

static void *run(void *arg)
{
    for (;;) {
        int number = next_signal(UINT64_MAX);

        if (number == SIGHUP)
            actions->reload(actions->arg);
        else if (number == SIGUSR1)
            actions->reopen(actions->arg);
        else if (number == SIGTERM || number == SIGINT)
            actions->stop(actions->arg);
    }
    return arg;
}

int mh_signals_start(const struct mh_signal_actions *what)
{
    int error;

    actions = what;
    error = mh_thread_start(run, NULL, STACK_BYTES);
    if (error != 0)
        mh_log(LOG_ERR, "error: the signal thread cannot be started: %s", strerror(error));
    return error == 0 ? 0 : -1;
}

enum mh_wait mh_signals_wait(uint64_t timeout_ms)
{
    uint64_t until_ms = mh_clock_ms() + timeout_ms;

    for (;;) {
        switch (next_signal(until_ms)) {
        case SIGTERM:
        case SIGINT:
            return MH_AGAIN;
        case SIGUSR1:
            actions->reopen(actions->arg);
            break;
        case SIGUSR2:
            return MH_WOKEN;
        case 0:
            return MH_TIMEOUT;
        default:
            break;
        }
    }
}

void mh_signals_wake(void)
{
    (void)kill(getpid(), SIGUSR2);
}
