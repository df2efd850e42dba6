/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - where the daemon says what it does
 *
 * PURPOSE  One line per event, to stderr, syslog, the journal, or a file.
 * CONTRACT Lines are whole: none is cut by another thread's. Text from outside must be printable
 *          when it comes here. What cannot be written is lost, and never holds mail up.
 * LIMITS   A message is cut at MH_LOG_BYTES.
 * THREADS  any; mh_log_open() and mh_log_reopen() one at a time.
 */
#ifndef MH_LOG_H
#define MH_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <syslog.h> /* LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO: the priorities of mh_log() */

/* A decision with every field at its limit, and every byte of it written as \xNN, is shorter. */
enum { MH_LOG_BYTES = 8192 };

/* Where lines go. */
enum mh_log_to { MH_LOG_STDERR, MH_LOG_SYSLOG, MH_LOG_JOURNAL, MH_LOG_FILE };

struct mh_log_target {
    enum mh_log_to to;
    /* Standard error is systemd's: it wants "<6>" before each line for its priority. */
    bool levels;
    const char *facility; /* one of log.facility's words */
    const char *file;     /* of MH_LOG_FILE; must live as long as the process */
};

/*
 * Until this is called, lines go to stderr. libmilter's own messages, which go to syslog alone, are
 * shown on stderr as well when that is where ours go. 0, or -1 after a line in the log as it was.
 */
int mh_log_open(const struct mh_log_target *target);

/* One JSON object a line, or key=value and plain text. */
void mh_log_json(bool on);

/*
 * The file was rotated away. 0, also where there is no file; or -1 after a line in the log: then
 * the former stays open.
 */
int mh_log_reopen(void);

void mh_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Lines that are complete by themselves, as a diagnostic with its source line and caret: no prefix
 * on stderr.
 */
void mh_log_text(int priority, const char *text);

/* What a decision is to be made into. */
struct mh_log_wants {
    bool pairs; /* HELO_FORMAT_LOG */
    bool json;  /* HELO_FORMAT_LOG_JSON */
};
struct mh_log_wants mh_log_wants(void);

/* NULL: not wanted. queue_id: "-" is none. False when it is too long to be written. */
bool mh_log_decision(const char *queue_id, const char *pairs, const char *json);

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
