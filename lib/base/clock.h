/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - what time it is
 *
 * PURPOSE  The only reader of clocks; everything else is told the time, so that tests can make it
 *          up.
 * THREADS  any.
 */
#ifndef HELO_BASE_CLOCK_H
#define HELO_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Monotonic, in ms, from an arbitrary start. */
uint64_t clock_now_ms(void);
/* The same clock as an absolute time for pthread_cond_timedwait() on CLOCK_MONOTONIC. */
struct timespec clock_timespec(uint64_t ms);
/* Days since 1970-01-01 UTC by the wall clock: for the expiry dates of list entries. */
int64_t clock_today(void);
/* Days since 1970-01-01 of a "YYYY-MM-DD" text (RFC 3339 full-date), or -1 when it is no date. */
int64_t clock_parse_date(const char *s);

#endif /* HELO_BASE_CLOCK_H */
