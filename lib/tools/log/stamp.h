/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stamp.h - time stamps of logs
 *
 * PURPOSE  ISO 8601 with or without a zone, BSD syslog's "Nov 22 04:53:13", Exim's
 *          "2026-11-22 04:53:13.123 +0000", and journalctl's forms (short, short-iso, short-full,
 *          short-unix, with fractions).
 * CONTRACT Times without a zone are this machine's (TZ), as log readers have it. A year that is not
 *          said is the latest that makes the time not later than the reference, by a day at most: a
 *          line of December that is read in January is of the year before.
 * THREADS  a clock is used by one; mktime(3) reads TZ.
 */
#ifndef HELO_TOOLS_LOG_STAMP_H
#define HELO_TOOLS_LOG_STAMP_H

#include <stddef.h>

enum stamp_form {
    STAMP_NONE,
    STAMP_BSD,
    STAMP_ISO,
    STAMP_EXIM, /* as ISO, with a blank in place of T, and a blank before the zone */
    STAMP_UNIX,
    STAMP_FULL /* Exim's, with a weekday before it and a name of a zone behind it */
};

enum { STAMP_HOUR_CHARS = 13 }; /* "2026-11-22 04" */

/* mktime(3) is slow, and most lines are of the same hour as the one before. */
struct stamp_clock {
    long long reference_s;
    char hour[STAMP_HOUR_CHARS + 1];
    size_t hour_chars;
    long long hour_s; /* when that hour began */
};

void stamp_init(struct stamp_clock *clock, long long reference_s);
/*
 * Reads the stamp that text begins with. Returns its length and writes the time, or 0 when there is
 * none.
 */
size_t stamp_read(struct stamp_clock *clock, const char *text, size_t length, enum stamp_form *form,
                  long long *time_s);

#endif /* HELO_TOOLS_LOG_STAMP_H */
