/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - a thread beside those of libmilter
 *
 * CONTRACT It is waited for by nobody, and ends with the process at the latest. Signals are blocked
 *          in whoever starts it, and so in it (signals.h). Its stack is its own affair: those of
 *          callbacks are small (server.c).
 */
#ifndef MH_THREAD_H
#define MH_THREAD_H

#include <stddef.h>

/* Returns 0, or an error number. */
int mh_thread_start(void *(*run)(void *), void *arg, size_t stack_bytes);

#endif /* MH_THREAD_H */
