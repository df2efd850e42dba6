/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.h - what the filter and systemd tell each other
 *
 * PURPOSE  The socket that systemd opened for us (systemd.socket(5)); that the filter is ready,
 *          reads its policy again, stops; a line for `systemctl status`; and signs of life
 *          (WatchdogSec=).
 * CONTRACT Who was not started by systemd notices nothing: every function then does nothing. A
 *          build without libsystemd (HELO_SYSTEMD) has notify_none.c in the place of notify.c.
 * THREADS  mh_notify_socket() before there are others; mh_notify_alive() from any; the rest one at
 *          a time: the first thread until the signal thread runs, then that one.
 */
#ifndef MH_NOTIFY_H
#define MH_NOTIFY_H

#include <stdint.h>

/*
 * The descriptor of the socket that was passed: one, listening, unix or TCP. Before any fork, since
 * it was passed to one process id.
 */
enum { MH_PASSED_NONE = -1, MH_PASSED_WRONG = -2 /* and said so in the log */ };
int mh_notify_socket(void);

/* What `systemctl status` shows. */
struct mh_notify_status {
    const char *mode;
    const char *policy; /* the file */
    unsigned sessions;
};

/* The socket listens, or the policy was read again, whatever came of it. */
void mh_notify_ready(const struct mh_notify_status *status);
void mh_notify_reloading(void);

/* grace_ms: how long that may take; systemd's own patience is made to exceed it. */
void mh_notify_stopping(uint64_t grace_ms);

/* Once a second. */
void mh_notify_tick(const struct mh_notify_status *status);

/*
 * libmilter took a connection and gave it to one of its threads, and that one came to its end. The
 * tick makes such a connection every second (mh_socket_poke()); systemd hears a sign of life only
 * when one has come through since the last.
 */
void mh_notify_alive(void);

#endif /* MH_NOTIFY_H */
