/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - where the daemon says what it does, see log.h
 */
#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "events.h"
#include "log_file.h"
#include "log_journal.h"
#include "log_line.h"

static const char ident[] = "milter-helo";

static const struct {
    const char *name;
    int value;
} facilities[] = {
    {"mail", LOG_MAIL},     {"daemon", LOG_DAEMON}, {"local0", LOG_LOCAL0}, {"local1", LOG_LOCAL1},
    {"local2", LOG_LOCAL2}, {"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4}, {"local5", LOG_LOCAL5},
    {"local6", LOG_LOCAL6}, {"local7", LOG_LOCAL7},
};

/* Threads may log when this changes, each line as it finds it. */
static struct {
    atomic_int to; /* enum mh_log_to */
    atomic_int facility;
    atomic_bool levels, json;
} state = {.to = MH_LOG_STDERR, .facility = LOG_MAIL};

/* A line longer than PIPE_BUF is not written in one piece by the kernel. */
static pthread_mutex_t stderr_lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * A line is made in a buffer with room for what may come before it, "<6>" and "milter-helo: ", and
 * for a newline after it.
 */
enum { HEAD_BYTES = 32, BUFFER_BYTES = HEAD_BYTES + MH_LINE_BYTES + 1 };

/* ---- where they go --------------------------------------------------------------------------- */

int mh_log_open(const struct mh_log_target *target)
{
    int value = LOG_MAIL;

    for (size_t i = 0; i < sizeof facilities / sizeof facilities[0]; i++) {
        if (target->facility != NULL && strcmp(target->facility, facilities[i].name) == 0)
            value = facilities[i].value;
    }
    if (target->to == MH_LOG_FILE && mh_log_file_open(target->file) != 0)
        return -1;
    /* What systemd reads from stderr it has from syslog already. */
    openlog(ident, LOG_PID | (target->to == MH_LOG_STDERR && !target->levels ? LOG_PERROR : 0),
            value);
    atomic_store(&state.facility, value);
    atomic_store(&state.levels, target->levels);
    atomic_store(&state.to, (int)target->to);
    return 0;
}

void mh_log_json(bool on)
{
    atomic_store(&state.json, on);
}

int mh_log_reopen(void)
{
    if (mh_log_file_reopen() == 0)
        return 0;
    mh_log(LOG_ERR, "error: log.file %s cannot be opened again: %s; the former stays open",
           mh_log_file_path(), strerror(errno));
    return -1;
}

static enum mh_line_form form_of_pairs(void)
{
    return atomic_load(&state.to) == MH_LOG_FILE ? MH_LINE_STAMPED : MH_LINE_PLAIN;
}

static enum mh_line_form form_of_lines(void)
{
    return atomic_load(&state.json) ? MH_LINE_JSON : form_of_pairs();
}

static struct timespec time_of_line(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now;
}

static void write_all(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, text, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* nobody reads it, and there is nowhere else to say so */
        text += written;
        length -= (size_t)written;
    }
}

/* Puts `before` before the line. */
static void write_stderr(int priority, char *line, size_t length, const char *before)
{
    char head[HEAD_BYTES + 1];
    int wanted = atomic_load(&state.levels)
                     ? snprintf(head, sizeof head, "<%d>%s", priority, before)
                     : snprintf(head, sizeof head, "%s", before);
    size_t size = wanted > 0 && wanted <= HEAD_BYTES ? (size_t)wanted : 0;
    char *start = line - size;

    memcpy(start, head, size);
    line[length] = '\n';
    (void)pthread_mutex_lock(&stderr_lock);
    write_all(start, size + length + 1);
    (void)pthread_mutex_unlock(&stderr_lock);
}

/* To a disk that is full there is nothing to write: syslog is told, once a minute. */
static void tell_failure(int error)
{
    enum { AGAIN_S = 60 };
    static atomic_llong next;
    struct timespec now = {0};
    long long due = atomic_load(&next);

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if ((long long)now.tv_sec >= due &&
        atomic_compare_exchange_strong(&next, &due, (long long)now.tv_sec + AGAIN_S))
        syslog(LOG_ERR, "error: log.file %s cannot be written to: %s; its lines are lost",
               mh_log_file_path(), strerror(error));
}

/* A line of the file's own, once it can be written to again. It overwrites the one that was. */
static void tell_missing(char *line)
{
    int error;
    unsigned long long missing = mh_log_file_missing(&error);
    struct timespec now;
    char text[256];
    size_t length;

    if (missing == 0)
        return;
    (void)snprintf(text, sizeof text,
                   "warning: the log could not be written: %llu lines are missing since the start: "
                   "%s",
                   missing, strerror(error));
    now = time_of_line();
    length = mh_line_message(line, form_of_lines(), &now, LOG_WARNING, text);
    line[length] = '\n';
    (void)mh_log_file_write(line, length + 1);
}

static void write_file(char *line, size_t length)
{
    int error;

    line[length] = '\n';
    error = mh_log_file_write(line, length + 1);
    if (error != 0)
        tell_failure(error);
    else
        tell_missing(line);
}

/* line stands in a buffer. before: of one on stderr. pairs: of a decision, or NULL. */
static void deliver(int priority, char *line, size_t length, const char *before, const char *pairs)
{
    int saved = errno;

    switch ((enum mh_log_to)atomic_load(&state.to)) {
    case MH_LOG_SYSLOG:
        syslog(priority, "%s", line);
        break;
    case MH_LOG_JOURNAL:
        if (mh_log_journal_write(priority, atomic_load(&state.facility), line, pairs) != 0)
            mh_event_count(MH_EVENT_LOG_FAILED);
        break;
    case MH_LOG_FILE:
        write_file(line, length);
        break;
    case MH_LOG_STDERR:
    default:
        write_stderr(priority, line, length, before);
        break;
    }
    errno = saved;
}

/* ---- what they say --------------------------------------------------------------------------- */

static void put_message(int priority, const char *text, const char *before)
{
    enum mh_line_form form = form_of_lines();
    struct timespec now = time_of_line();
    char buffer[BUFFER_BYTES], *line = buffer + HEAD_BYTES;
    size_t length = mh_line_message(line, form, &now, priority, text);

    deliver(priority, line, length, form == MH_LINE_JSON ? "" : before, NULL);
}

static const char stderr_head[] = "milter-helo: ";

void mh_log(int priority, const char *format, ...)
{
    char text[MH_LOG_BYTES];
    int saved = errno;
    va_list arguments;
    int wanted;

    va_start(arguments, format);
    wanted = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (wanted >= MH_LOG_BYTES)
        memcpy(text + MH_LOG_BYTES - sizeof "...", "...", sizeof "...");
    if (wanted >= 0)
        put_message(priority, text, stderr_head);
    errno = saved;
}

/* A caret stands below what it points at only where lines have no time, and begin alike. */
void mh_log_text(int priority, const char *text)
{
    char line[MH_LOG_BYTES];

    if (form_of_lines() == MH_LINE_JSON || atomic_load(&state.to) == MH_LOG_JOURNAL) {
        put_message(priority, text, "");
        return;
    }
    for (; *text != '\0'; text += *text == '\n') {
        size_t length = strcspn(text, "\n");

        (void)snprintf(line, sizeof line, "%.*s", (int)length, text);
        put_message(priority, line, "");
        text += length;
    }
}

struct mh_log_wants mh_log_wants(void)
{
    bool json = atomic_load(&state.json);

    return (struct mh_log_wants){.pairs = !json || atomic_load(&state.to) == MH_LOG_JOURNAL,
                                 .json = json};
}

bool mh_log_decision(const char *queue_id, const char *pairs, const char *json)
{
    enum mh_line_form form = form_of_lines();
    struct timespec now = time_of_line();
    char buffer[BUFFER_BYTES], *line = buffer + HEAD_BYTES;
    size_t length;

    /* log.format may have changed since the caller has asked. */
    if (form == MH_LINE_JSON ? json == NULL : pairs == NULL)
        form = json == NULL ? form_of_pairs() : MH_LINE_JSON;
    length = mh_line_decision(line, form, &now, queue_id, form == MH_LINE_JSON ? json : pairs);
    if (length > 0)
        deliver(LOG_INFO, line, length, form == MH_LINE_JSON ? "" : stderr_head, pairs);
    return length > 0;
}

bool mh_log_gate(struct mh_log_gate *gate, unsigned *dropped)
{
    struct timespec now = {0};
    long long last = atomic_load(&gate->second);

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    /* Of several threads in a new second, one gets the exchange. */
    if (last == (long long)now.tv_sec ||
        !atomic_compare_exchange_strong(&gate->second, &last, (long long)now.tv_sec)) {
        atomic_fetch_add(&gate->dropped, 1);
        return false;
    }
    *dropped = atomic_exchange(&gate->dropped, 0);
    return true;
}
