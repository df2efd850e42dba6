/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - what time it is, see clock.h
 */
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, S_PER_DAY = 86400 };

uint64_t clock_now_ms(void)
{
    struct timespec now = {0};

    /* Cannot fail: the clock exists on every POSIX.1-2008 system this is built for, and the pointer
     * is good. */
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

struct timespec clock_timespec(uint64_t ms)
{
    return (struct timespec){
        .tv_sec = (time_t)(ms / MS_PER_S),
        .tv_nsec = (long)(ms % MS_PER_S) * NS_PER_MS,
    };
}

int64_t clock_today(void)
{
    return (int64_t)time(NULL) / S_PER_DAY;
}

/* Two or four digits; -1 for anything else. */
static int digits(const char *s, size_t count)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        if (!text_is_digit(s[i]))
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to the first of January of a year from 1970 on. */
static int64_t days_before_year(int year)
{
    int64_t past = year - 1; /* whole years since year 1 */
    int64_t epoch = 719162;  /* days from 0001-01-01 to 1970-01-01 */

    return past * 365 + past / 4 - past / 100 + past / 400 - epoch;
}

int64_t clock_parse_date(const char *s)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    int64_t days;

    if (strlen(s) != sizeof "YYYY-MM-DD" - 1 || s[4] != '-' || s[7] != '-')
        return -1;
    year = digits(s, 4);
    month = digits(s + 5, 2);
    day = digits(s + 8, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > length[month - 1] + (month == 2 && is_leap(year))) {
        return -1;
    }
    days = days_before_year(year) + day - 1;
    for (int m = 1; m < month; m++)
        days += length[m - 1] + (m == 2 && is_leap(year));
    return days;
}
