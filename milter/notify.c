/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.c - what the filter and systemd tell each other, see notify.h
 *
 * Nothing here may hold up or end the filter: what systemd does not hear is no reason not to judge.
 *
 * STANDARDS sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3). RELOADING=1 comes with
 *          MONOTONIC_USEC=, so that a unit may also be Type=notify-reload (systemd 253 and newer).
 */
#include "notify.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include "clock.h"
#include "log.h"

enum {
    STATUS_BYTES = 512,
    STATUS_EVERY_MS = 5000, /* a number that changes all the time need not wake systemd for each */
    STOP_SPARE_MS = 10000,  /* beside milter.stop_grace: what the queue and the last words take */
    WATCHDOG_PARTS = 4      /* signs of life within WatchdogSec=, of which three may be missed */
};

static struct {
    char status[STATUS_BYTES]; /* as it was last told */
    uint64_t status_ms;
    uint64_t life_ms; /* of the last sign of life */
    bool stopping;
} told;

static atomic_bool alive;

static bool is_fit(int fd)
{
    return sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) > 0 ||
           sd_is_socket(fd, AF_INET, SOCK_STREAM, 1) > 0 ||
           sd_is_socket(fd, AF_INET6, SOCK_STREAM, 1) > 0;
}

int mh_notify_socket(void)
{
    /* The environment is kept: `milter-helo -t` and a later look at /proc show what was passed. */
    int count = sd_listen_fds(0);

    if (count < 0) {
        mh_log(LOG_ERR, "error: socket activation: %s (LISTEN_FDS, LISTEN_PID)", strerror(-count));
        return MH_PASSED_WRONG;
    }
    if (count == 0)
        return MH_PASSED_NONE;
    if (count > 1) {
        mh_log(LOG_ERR,
               "error: socket activation: %d sockets were passed, and the filter listens on one: "
               "write one ListenStream= in the .socket unit (an empty ListenStream= before it "
               "drops those that were set earlier)",
               count);
        return MH_PASSED_WRONG;
    }
    if (!is_fit(SD_LISTEN_FDS_START)) {
        mh_log(LOG_ERR, "error: socket activation: what was passed is no listening stream socket, "
                        "unix or TCP: the .socket unit needs ListenStream= and Accept=no");
        return MH_PASSED_WRONG;
    }
    return SD_LISTEN_FDS_START;
}

static void format_status(const struct mh_notify_status *status, char out[STATUS_BYTES])
{
    const char *plural = status->sessions == 1 ? "" : "s";

    if (told.stopping)
        (void)snprintf(out, STATUS_BYTES, "stopping: %u session%s left", status->sessions, plural);
    else
        (void)snprintf(out, STATUS_BYTES, "mode %s, %u session%s, policy %s", status->mode,
                       status->sessions, plural, status->policy);
}

void mh_notify_ready(const struct mh_notify_status *status)
{
    format_status(status, told.status);
    told.status_ms = mh_clock_ms();
    (void)sd_notifyf(0, "READY=1\nSTATUS=%s", told.status);
}

void mh_notify_reloading(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\nSTATUS=reading the policy",
                     (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

void mh_notify_stopping(uint64_t grace_ms)
{
    told.stopping = true;
    (void)sd_notifyf(0, "STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRIu64 "\nSTATUS=stopping",
                     (grace_ms + STOP_SPARE_MS) * 1000);
}

static void tell_status(const struct mh_notify_status *status, uint64_t now)
{
    char text[STATUS_BYTES];

    if (now - told.status_ms < STATUS_EVERY_MS)
        return;
    format_status(status, text);
    if (strcmp(text, told.status) == 0)
        return;
    memcpy(told.status, text, sizeof told.status);
    told.status_ms = now;
    (void)sd_notifyf(0, "STATUS=%s", text);
}

static void tell_life(uint64_t now)
{
    uint64_t limit_us = 0;

    if (sd_watchdog_enabled(0, &limit_us) <= 0 ||
        now - told.life_ms < limit_us / 1000 / WATCHDOG_PARTS || !atomic_exchange(&alive, false))
        return;
    told.life_ms = now;
    (void)sd_notify(0, "WATCHDOG=1");
}

void mh_notify_tick(const struct mh_notify_status *status)
{
    uint64_t now = mh_clock_ms();

    tell_status(status, now);
    tell_life(now);
}

void mh_notify_alive(void)
{
    atomic_store(&alive, true);
}
