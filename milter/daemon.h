/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon.h - into the background, once it works
 *
 * PURPOSE  The command returns when the filter listens, and with the filter's own exit code when it
 *          cannot: whoever starts it need not guess or sleep.
 * THREADS  before there are others.
 */
#ifndef MH_DAEMON_H
#define MH_DAEMON_H

/*
 * Forks. Returns in the child, with the descriptor to hand to mh_daemon_ready(), or -1 when there
 * is no child. The parent waits, and ends: with 0 once the child is ready, else with its exit code.
 */
int mh_daemon_detach(void);

/*
 * Lets the parent go, and the terminal. keep_stderr: it is where the log goes. 0, or -1 after a
 * line in the log.
 */
int mh_daemon_ready(int fd, int keep_stderr);

#endif /* MH_DAEMON_H */
