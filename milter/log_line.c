/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_line.c - the forms of a line in the log, see log_line.h
 */
#include "log_line.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { STAMP_SIZE = 32 };

/* What is written so far; room is for what may still come, without the NUL. */
struct line {
    char *at;
    size_t room;
};

static bool add(struct line *line, const char *text, size_t length)
{
    if (length > line->room)
        return false;
    memcpy(line->at, text, length);
    line->at += length;
    line->room -= length;
    return true;
}

static bool add_text(struct line *line, const char *text)
{
    return add(line, text, strlen(text));
}

/* "2026-11-22T05:04:03.217Z" */
static void stamp(char out[STAMP_SIZE], const struct timespec *now)
{
    struct tm parts = {0};
    size_t length;

    (void)gmtime_r(&now->tv_sec, &parts);
    length = strftime(out, STAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(out + length, STAMP_SIZE - length, ".%03uZ",
                   (unsigned)(now->tv_nsec / 1000000) % 1000);
}

static const char *level_of(int priority)
{
    switch (priority) {
    case LOG_ERR:
        return "error";
    case LOG_WARNING:
        return "warning";
    case LOG_NOTICE:
        return "notice";
    default:
        return "info";
    }
}

/* What every line but a plain one begins with. */
static void begin(struct line *line, enum mh_line_form form, const struct timespec *now,
                  int priority)
{
    bool json = form == MH_LINE_JSON;
    char time_text[STAMP_SIZE];

    stamp(time_text, now);
    (void)add_text(line, json ? "{\"time\": \"" : "time=");
    (void)add_text(line, time_text);
    (void)add_text(line, json ? "\", \"level\": \"" : " level=");
    (void)add_text(line, level_of(priority));
    (void)add_text(line, json ? "\", \"event\": " : " ");
}

/*
 * Both JSON and logfmt know \" and \\; a line break is \n there and here. Other bytes that are not
 * printable would be a defect of ours: they are shown as '?', but that UTF-8 is left alone.
 */
static void add_escaped(struct line *line, const char *text)
{
    static const char dots[] = "...";
    struct line before_dots = *line; /* the longest part that "..." can follow */

    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char escaped[2] = {'\\', *text == '\n' ? 'n' : *text};
        bool is_escaped = byte == '"' || byte == '\\' || byte == '\n';

        if (!is_escaped)
            escaped[0] = byte < 0x20 || byte == 0x7f ? '?' : *text;
        if (!add(line, escaped, is_escaped ? 2 : 1)) {
            *line = before_dots;
            (void)add_text(line, dots);
            return;
        }
        if (line->room >= sizeof dots - 1)
            before_dots = *line;
    }
}

/* Keeps room for the end, which therefore always fits. */
static void add_quoted(struct line *line, const char *text, const char *end)
{
    line->room -= strlen(end);
    add_escaped(line, text);
    line->room += strlen(end);
    (void)add_text(line, end);
}

static size_t finish(const char *out, struct line *line)
{
    *line->at = '\0';
    return (size_t)(line->at - out);
}

size_t mh_line_message(char out[MH_LINE_BYTES], enum mh_line_form form, const struct timespec *now,
                       int priority, const char *text)
{
    struct line line = {.at = out, .room = MH_LINE_BYTES - 1};

    switch (form) {
    case MH_LINE_STAMPED:
        begin(&line, form, now, priority);
        (void)add_text(&line, "msg=\"");
        add_quoted(&line, text, "\"");
        break;
    case MH_LINE_JSON:
        begin(&line, form, now, priority);
        (void)add_text(&line, "\"message\", \"text\": \"");
        add_quoted(&line, text, "\"}");
        break;
    case MH_LINE_PLAIN:
    default:
        (void)add(&line, text, strnlen(text, line.room));
        break;
    }
    return finish(out, &line);
}

size_t mh_line_decision(char out[MH_LINE_BYTES], enum mh_line_form form, const struct timespec *now,
                        const char *queue_id, const char *made)
{
    struct line line = {.at = out, .room = MH_LINE_BYTES - 1};
    bool known = strcmp(queue_id, "-") != 0;
    size_t first;
    bool fits;

    if (form == MH_LINE_JSON) {
        begin(&line, form, now, LOG_INFO);
        /* Behind the object's brace; the queue id has nothing to escape (macros.c). */
        fits = add_text(&line, known ? "\"verdict\", \"qid\": \"" : "\"verdict\", \"qid\": ") &&
               add_text(&line, known ? queue_id : "null") && add_text(&line, known ? "\", " : ", ");
        return fits && add_text(&line, made + 1) ? finish(out, &line) : 0;
    }
    if (form == MH_LINE_STAMPED)
        begin(&line, form, now, LOG_INFO);
    first = strcspn(made, " "); /* id=...: the queue id goes behind it */
    fits = add(&line, made, first) && add_text(&line, " qid=") && add_text(&line, queue_id);
    return fits && add_text(&line, made + first) ? finish(out, &line) : 0;
}

/* Copies a value up to its end; returns what follows it. */
static const char *copy_value(const char *from, struct line *line, bool *fits)
{
    bool quoted = *from == '"';

    *fits = true;
    for (from += quoted; *from != '\0' && *from != (quoted ? '"' : ' '); from++) {
        /* "\x" is no escape of a quoted value's own, and stays. */
        if (quoted && *from == '\\' && (from[1] == '"' || from[1] == '\\'))
            from++;
        *fits = add(line, from, 1) && *fits;
    }
    return from + (quoted && *from == '"');
}

size_t mh_line_field(const char **at, char *out, size_t size)
{
    const char *from = *at;

    for (;;) {
        struct line line = {.at = out, .room = size - 1};
        bool fits = add_text(&line, "HELO_");
        bool absent;

        from += strspn(from, " ");
        for (; *from != '\0' && *from != '='; from++) {
            char letter = *from >= 'a' && *from <= 'z' ? (char)(*from - 'a' + 'A') : *from;

            fits = add(&line, &letter, 1) && fits;
        }
        if (*from == '\0')
            return 0;
        fits = add(&line, from++, 1) && fits;
        absent = from[0] == '-' && (from[1] == ' ' || from[1] == '\0');
        if (fits)
            from = copy_value(from, &line, &fits);
        *at = from;
        if (!fits)
            return 0;
        if (!absent)
            return finish(out, &line);
    }
}
