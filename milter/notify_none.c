/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify_none.c - nothing is told to systemd, in a build without its library, see notify.h
 */
#include "notify.h"

int mh_notify_socket(void)
{
    return MH_PASSED_NONE;
}

void mh_notify_ready(const struct mh_notify_status *status)
{
    (void)status;
}

void mh_notify_reloading(void)
{
}

void mh_notify_stopping(uint64_t grace_ms)
{
    (void)grace_ms;
}

void mh_notify_tick(const struct mh_notify_status *status)
{
    (void)status;
}

void mh_notify_alive(void)
{
}
