/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stamp.c - time stamps of logs, see stamp.h
 *
 * STANDARDS RFC 3164 4.1.2 (BSD), RFC 3339 (ISO 8601's profile for logs), POSIX mktime().
 * LIMITS   A leap second counts as the second behind it. Hours that daylight saving repeats are the
 *          first of the two.
 */
#include "tools/log/stamp.h"

#include <string.h>
#include <time.h>

#include "tools/log/span.h"

enum {
    DAY_S = 24 * 60 * 60,
    YEARS_BACK = 8, /* 29 February comes every four years, or eight around a century */
    UNIX_DIGITS = 10
};

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "SunMonTueWedThuFriSat";

void stamp_init(struct stamp_clock *clock, long long reference_s)
{
    *clock = (struct stamp_clock){.reference_s = reference_s};
}

/* Two digits at the front; -1 when there are none. */
static int two(const char *text)
{
    unsigned tens = (unsigned)(text[0] - '0'), ones = (unsigned)(text[1] - '0');

    return tens <= 9 && ones <= 9 ? (int)(tens * 10 + ones) : -1;
}

/* Index of the three letters, or -1. */
static int word_index(const char *words, const char *text)
{
    for (int i = 0; words[3 * i] != '\0'; i++)
        if (memcmp(words + 3 * i, text, 3) == 0)
            return i;
    return -1;
}

/* Days since 1970 of a Gregorian date (month 1..12), by eras of 400 years. */
static long long days_of(int year, int month, int day)
{
    long long y = month <= 2 ? year - 1 : year;
    long long era = y / 400, of_era = y % 400;
    long long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* The length of ".123" or ",123456"; 0 when there is none. */
static size_t fraction(const char *text, size_t length)
{
    size_t digits = 1;

    if (length < 2 || (text[0] != '.' && text[0] != ','))
        return 0;
    while (digits < length && text[digits] >= '0' && text[digits] <= '9')
        digits++;
    return digits > 1 ? digits : 0;
}

/* "04:53:13", the seconds behind the hour. */
static int read_clock(const char *text, int *hour, int *seconds)
{
    int minute = two(text + 3), second = two(text + 6);

    *hour = two(text);
    if (*hour < 0 || *hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
        text[2] != ':' || text[5] != ':')
        return 0;
    *seconds = minute * 60 + second;
    return 1;
}

/* "Z", "+01:00", "+0100". */
static size_t read_zone(const char *text, size_t length, int *east_s)
{
    size_t colon = length >= 6 && text[3] == ':';
    int hours, minutes;

    *east_s = 0;
    if (length >= 1 && text[0] == 'Z')
        return 1;
    if (length < 5 || (text[0] != '+' && text[0] != '-'))
        return 0;
    hours = two(text + 1);
    minutes = two(text + 3 + colon);
    if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59)
        return 0;
    *east_s = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
    return 5 + colon;
}

/* The beginning of the hour in local time; 0 when there is no such day. */
static int local_hour(int year, int month, int day, int hour, long long *time_s)
{
    struct tm tm = {
        .tm_year = year - 1900, .tm_mon = month, .tm_mday = day, .tm_hour = hour, .tm_isdst = -1};
    time_t found = mktime(&tm);

    *time_s = (long long)found;
    return found != (time_t)-1 && tm.tm_mday == day;
}

static int guess_year(const struct stamp_clock *clock, int month, int day, int hour,
                      long long *time_s)
{
    long long latest = clock->reference_s + DAY_S;
    time_t now = (time_t)latest;
    struct tm tm;

    if (localtime_r(&now, &tm) == NULL)
        return 0;
    for (int back = 0; back <= YEARS_BACK; back++)
        if (local_hour(tm.tm_year + 1900 - back, month, day, hour, time_s) && *time_s <= latest)
            return 1;
    return 0;
}

static int is_known_hour(const struct stamp_clock *clock, const char *text, size_t chars)
{
    return clock->hour_chars == chars && memcmp(clock->hour, text, chars) == 0;
}

static void keep_hour(struct stamp_clock *clock, const char *text, size_t chars, long long hour_s)
{
    memcpy(clock->hour, text, chars);
    clock->hour_chars = chars;
    clock->hour_s = hour_s;
}

/* "Nov 22 04:53:13", "Nov  2 04:53:13.123456" */
static size_t read_bsd(struct stamp_clock *clock, const char *text, size_t length,
                       long long *time_s)
{
    int month, day, hour, seconds;
    char padded[2];

    if (length < 15 || text[3] != ' ' || text[6] != ' ' || !read_clock(text + 7, &hour, &seconds))
        return 0;
    if (!is_known_hour(clock, text, 9)) {
        long long hour_s;

        month = word_index(months, text);
        padded[0] = text[4] == ' ' ? '0' : text[4];
        padded[1] = text[5];
        day = two(padded);
        if (month < 0 || day < 1 || day > 31 || !guess_year(clock, month, day, hour, &hour_s))
            return 0;
        keep_hour(clock, text, 9, hour_s);
    }
    *time_s = clock->hour_s + seconds;
    return 15 + fraction(text + 15, length - 15);
}

/* "2026-11-22" */
static int read_date(const char *text, int *year, int *month, int *day)
{
    int century = two(text), of_century = two(text + 2);

    *month = two(text + 5);
    *day = two(text + 8);
    *year = century * 100 + of_century;
    return century >= 19 && of_century >= 0 && text[4] == '-' && text[7] == '-' && *month >= 1 &&
           *month <= 12 && *day >= 1 && *day <= 31;
}

/* "2026-11-22T04:53:13.123+01:00", "2026-11-22 04:53:13.123 +0100"; the zone may be missing. */
static size_t read_iso(struct stamp_clock *clock, const char *text, size_t length,
                       enum stamp_form *form, long long *time_s)
{
    int year, month, day, hour, seconds, east_s = 0;
    size_t used, blank, zone;
    long long hour_s;

    if (length < 19 || (text[10] != 'T' && text[10] != ' ') ||
        !read_date(text, &year, &month, &day) || !read_clock(text + 11, &hour, &seconds))
        return 0;
    *form = text[10] == 'T' ? STAMP_ISO : STAMP_EXIM;
    used = 19 + fraction(text + 19, length - 19);
    blank = *form == STAMP_EXIM && used < length && text[used] == ' ';
    zone = read_zone(text + used + blank, length - used - blank, &east_s);
    if (zone > 0) {
        *time_s = days_of(year, month, day) * DAY_S + hour * 3600 + seconds - east_s;
        return used + blank + zone;
    }
    if (!is_known_hour(clock, text, STAMP_HOUR_CHARS)) {
        if (!local_hour(year, month - 1, day, hour, &hour_s))
            return 0;
        keep_hour(clock, text, STAMP_HOUR_CHARS, hour_s);
    }
    *time_s = clock->hour_s + seconds;
    return used;
}

/* "1795323193.123456" */
static size_t read_unix(const char *text, size_t length, long long *time_s)
{
    long long seconds = 0;
    size_t digits = 0, behind;

    while (digits < length && digits < UNIX_DIGITS && text[digits] >= '0' && text[digits] <= '9')
        seconds = seconds * 10 + (text[digits++] - '0');
    behind = digits == UNIX_DIGITS ? fraction(text + digits, length - digits) : 0;
    if (behind == 0)
        return 0;
    *time_s = seconds;
    return digits + behind;
}

/* "Sun 2026-11-22 04:53:13 CET": a zone's name is this machine's, or UTC. */
static size_t read_full(struct stamp_clock *clock, const char *text, size_t length,
                        long long *time_s)
{
    struct span rest = {text, length}, zone;
    enum stamp_form form;
    int year, month, day, hour, seconds;
    size_t used;

    span_drop(&rest, 4);
    used = read_iso(clock, rest.at, rest.length, &form, time_s);
    if (used == 0 || form != STAMP_EXIM)
        return 0;
    span_drop(&rest, used);
    if (!span_take(&rest, SPAN(" ")) || !span_until(&rest, ' ', &zone))
        return 0;
    if ((span_is(zone, SPAN("UTC")) || span_is(zone, SPAN("GMT"))) &&
        read_date(text + 4, &year, &month, &day) && read_clock(text + 15, &hour, &seconds))
        *time_s = days_of(year, month, day) * DAY_S + hour * 3600 + seconds;
    return 4 + used + 1 + zone.length;
}

size_t stamp_read(struct stamp_clock *clock, const char *text, size_t length, enum stamp_form *form,
                  long long *time_s)
{
    size_t used;

    *form = STAMP_NONE;
    if (length < UNIX_DIGITS)
        return 0;
    if (text[0] >= '0' && text[0] <= '9') {
        used = read_iso(clock, text, length, form, time_s);
        if (used == 0 && (used = read_unix(text, length, time_s)) > 0)
            *form = STAMP_UNIX;
    } else if (length > 4 && text[3] == ' ' && text[4] >= '0' && text[4] <= '9' &&
               word_index(weekdays, text) >= 0) {
        *form = STAMP_FULL;
        used = read_full(clock, text, length, time_s);
    } else {
        *form = STAMP_BSD;
        used = read_bsd(clock, text, length, time_s);
    }
    if (used == 0)
        *form = STAMP_NONE;
    return used;
}
