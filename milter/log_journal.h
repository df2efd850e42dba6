/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_journal.h - lines with fields, for systemd's journal
 *
 * PURPOSE  log.to: journal. What a decision says can be asked for by field, as in
 *          `journalctl HELO_VERDICT=reject`.
 * CONTRACT A build without libsystemd (HELO_SYSTEMD) has log_journal_none.c in the place of
 *          log_journal.c. One file speaks to the library.
 * THREADS  any.
 * STANDARDS systemd.journal-fields(7).
 */
#ifndef MH_LOG_JOURNAL_H
#define MH_LOG_JOURNAL_H

#include <stdbool.h>

bool mh_log_journal_is_built(void);

/* There is a journal, and we may write to it. */
bool mh_log_journal_is_there(void);

/*
 * text is the message. pairs: a decision's, which become HELO_ID, HELO_CLIENT ...; or NULL.
 * facility as in syslog(3). 0, or the error for which the journal has not got it.
 */
int mh_log_journal_write(int priority, int facility, const char *text, const char *pairs);

#endif /* MH_LOG_JOURNAL_H */
