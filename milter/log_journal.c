/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_journal.c - lines with fields, for systemd's journal, see log_journal.h
 */
#define SD_JOURNAL_SUPPRESS_LOCATION 1 /* CODE_FILE= and the like say nothing to a postmaster */

#include "log_journal.h"

#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <systemd/sd-journal.h>

#include "log.h"
#include "log_line.h"

/* Where the library sends it; it drops silently what it cannot send there. */
static const char journal_socket[] = "/run/systemd/journal/socket";

/* A decision has 16 pairs; one more is no reason to lose all. */
enum { FIELDS_MAX = 32, NUMBER_SIZE = 32 };

bool mh_log_journal_is_built(void)
{
    return true;
}

bool mh_log_journal_is_there(void)
{
    return access(journal_socket, W_OK) == 0;
}

/* The library takes what it does not change without const, since readv() does. */
static struct iovec part_of(char *text, size_t length)
{
    return (struct iovec){.iov_base = text, .iov_len = length};
}

/* Returns how many there are; room is what they are made in. */
static int add_fields(struct iovec *parts, int most, const char *pairs, char *room, size_t size)
{
    size_t length;
    int count = 0;

    while (count < most && (length = mh_line_field(&pairs, room, size)) > 0) {
        parts[count++] = part_of(room, length);
        room += length + 1;
        size -= length + 1;
    }
    return count;
}

int mh_log_journal_write(int priority, int facility, const char *text, const char *pairs)
{
    char identifier[] = "SYSLOG_IDENTIFIER=milter-helo";
    char message[sizeof "MESSAGE=" + MH_LINE_BYTES];
    char level[NUMBER_SIZE], from[NUMBER_SIZE];
    char fields[MH_LOG_BYTES];
    struct iovec parts[4 + FIELDS_MAX];
    int count = 0;

    (void)snprintf(message, sizeof message, "MESSAGE=%s", text);
    (void)snprintf(level, sizeof level, "PRIORITY=%d", priority);
    (void)snprintf(from, sizeof from, "SYSLOG_FACILITY=%d", facility >> 3);
    parts[count++] = part_of(message, strlen(message));
    parts[count++] = part_of(level, strlen(level));
    parts[count++] = part_of(from, strlen(from));
    parts[count++] = part_of(identifier, sizeof identifier - 1);
    if (pairs != NULL)
        count += add_fields(parts + count, FIELDS_MAX, pairs, fields, sizeof fields);
    return -sd_journal_sendv(parts, count);
}
