/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - where the daemon says what it does
 *
 * PURPOSE  One line per event, to stderr or to syslog.
 * CONTRACT Lines are whole: none is cut by another thread's. Text from outside must be printable
 *          when it comes here.
 * LIMITS   A line is cut at MH_LOG_BYTES.
 * THREADS  mh_log() and mh_log_gate() from any; mh_log_open() before there are others.
 */
#ifndef MH_LOG_H
#define MH_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <syslog.h> /* LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO: the priorities of mh_log() */

/* A decision with every field at its limit, and every byte of it written as \xNN, is shorter. */
enum { MH_LOG_BYTES = 8192 };

/*
 * Until this is called, lines go to stderr. facility is one of log.facility's words. libmilter's
 * own messages, which go to syslog alone, are shown on stderr as well when that is where ours go.
 */
void mh_log_open(bool to_syslog, const char *facility);

void mh_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Lines that are complete by themselves, as a diagnostic with its source line and caret: no prefix
 * on stderr.
 */
void mh_log_text(int priority, const char *text);

/*
 * Keeps what a busy server could repeat a thousand times a second to one line a second. Static ones
 * start as {0}.
 */
struct mh_log_gate {
    atomic_llong second; /* of the last line, monotonic */
    atomic_uint dropped; /* since then */
};

/* True when a line may be written now; *dropped is how many were not since the last one. */
bool mh_log_gate(struct mh_log_gate *gate, unsigned *dropped);

#endif /* MH_LOG_H */
