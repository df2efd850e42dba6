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

static const char ident[] = "milter-helo";

static const struct {
    const char *name;
    int value;
} facilities[] = {
    {"mail", LOG_MAIL},     {"daemon", LOG_DAEMON}, {"local0", LOG_LOCAL0}, {"local1", LOG_LOCAL1},
    {"local2", LOG_LOCAL2}, {"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4}, {"local5", LOG_LOCAL5},
    {"local6", LOG_LOCAL6}, {"local7", LOG_LOCAL7},
};

static bool use_syslog;

/* A line longer than PIPE_BUF is not written in one piece by the kernel. */
static pthread_mutex_t stderr_lock = PTHREAD_MUTEX_INITIALIZER;

void mh_log_open(bool to_syslog, const char *facility)
{
    int value = LOG_MAIL;

    for (size_t i = 0; i < sizeof facilities / sizeof facilities[0]; i++) {
        if (facility != NULL && strcmp(facility, facilities[i].name) == 0)
            value = facilities[i].value;
    }
    use_syslog = to_syslog;
    openlog(ident, LOG_PID | (to_syslog ? 0 : LOG_PERROR), value);
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

void mh_log(int priority, const char *format, ...)
{
    static const char prefix[] = "milter-helo: ";
    char line[sizeof prefix + MH_LOG_BYTES + 1]; /* with the prefix, a newline and a NUL */
    char *text = line + sizeof prefix - 1;
    int saved = errno;
    va_list arguments;
    int wanted;

    memcpy(line, prefix, sizeof prefix);
    va_start(arguments, format);
    wanted = vsnprintf(text, MH_LOG_BYTES, format, arguments);
    va_end(arguments);
    if (wanted >= MH_LOG_BYTES)
        memcpy(text + MH_LOG_BYTES - sizeof "...", "...", sizeof "...");
    if (wanted >= 0 && use_syslog) {
        syslog(priority, "%s", text);
    } else if (wanted >= 0) {
        size_t length = strlen(line);

        line[length++] = '\n';
        (void)pthread_mutex_lock(&stderr_lock);
        write_all(line, length);
        (void)pthread_mutex_unlock(&stderr_lock);
    }
    errno = saved;
}

void mh_log_text(int priority, const char *text)
{
    if (!use_syslog) {
        (void)pthread_mutex_lock(&stderr_lock);
        write_all(text, strlen(text));
        write_all("\n", 1);
        (void)pthread_mutex_unlock(&stderr_lock);
        return;
    }
    for (; *text != '\0'; text += *text == '\n') {
        size_t length = strcspn(text, "\n");

        syslog(priority, "%.*s", (int)length, text);
        text += length;
    }
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
