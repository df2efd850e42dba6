/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signals.h - HUP, TERM and INT belong to the filter, not to libmilter
 *
 * PURPOSE  libmilter waits for these signals in a thread of its own, and any of them ends it. The
 *          executable's own sigwait() parks that thread; ours waits for them all.
 * CONTRACT mh_signals_block() comes before any thread: one that has TERM unblocked would die of it
 *          at once, and the process with it.
 */
#ifndef MH_SIGNALS_H
#define MH_SIGNALS_H

#include <stdint.h>

/* What is to be done, all in the one signal thread. */
struct mh_signal_actions {
    void (*reload)(void *arg); /* HUP */
    void (*reopen)(void *arg); /* USR1, also while stopping */
    void (*stop)(void *arg);   /* TERM, INT; does not return */
    void (*tick)(void *arg);   /* once a second, also while stopping */
    void *arg;
};

void mh_signals_block(void);

/* Starts the thread. *what must live as long. 0, or -1 after a line in the log. */
int mh_signals_start(const struct mh_signal_actions *what);

/*
 * In the signal thread, while stopping: waits until mh_signals_wake() (MH_WOKEN), another TERM or
 * INT (MH_AGAIN), or timeout_ms is over (MH_TIMEOUT). HUP means nothing then.
 */
enum mh_wait { MH_WOKEN, MH_AGAIN, MH_TIMEOUT };
enum mh_wait mh_signals_wait(uint64_t timeout_ms);

/* From any thread. */
void mh_signals_wake(void);

#endif /* MH_SIGNALS_H */
