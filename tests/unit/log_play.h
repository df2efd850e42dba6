/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_play.h - a log that is a string, and the entries it gives as one
 *
 * PURPOSE  A row of a test is the lines of a log and what must come out, one line per entry:
 *              client ptr helo from rcpt | what else there is: key=value ...
 *          ptr is "?" (not known), "name", "!name" (forged), "none" or "temperror"; helo is "?",
 *          "-" (none was said) or the text, blanks in it as '_'; from and rcpt are "-" when not
 *          known. Behind the bar stand connection (c), auth, server, listener, port, qid, id,
 *          outcome (when it is known), would.
 * CONTRACT A file in memory, read by log_read() as any other.
 */
#ifndef HELO_TESTS_LOG_PLAY_H
#define HELO_TESTS_LOG_PLAY_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "tools/log/reader.h"
#include "unit.h"

enum { PLAY_TEXT = 1 << 20, PLAY_FILES = 4, PLAY_PATH = 32 };

/* Sunday, 22 November 2026, 12:00 UTC: what comes after has happened a year before. */
#define PLAY_NOW 1795348800

struct play {
    struct text entries, notices;
    struct log_coverage coverage;
    enum helo_status status;
};

static const char *play_ptr(const struct log_entry *e, char room[ENTRY_TEXT_MAX + 2])
{
    switch (e->ptr_status) {
    case LOG_PTR_VERIFIED:
    case LOG_PTR_FORGED:
        (void)snprintf(room, ENTRY_TEXT_MAX + 2, "%s%s", e->ptr_status == LOG_PTR_FORGED ? "!" : "",
                       e->ptr);
        return room;
    case LOG_PTR_NONE:
        return "none";
    case LOG_PTR_TEMPERROR:
        return "temperror";
    case LOG_PTR_UNKNOWN:
    default:
        return "?";
    }
}

static const char *play_helo(const struct log_entry *e, char room[ENTRY_TEXT_MAX + 2])
{
    if (e->helo_status != LOG_HELO_SAID)
        return e->helo_status == LOG_HELO_NONE ? "-" : "?";
    (void)snprintf(room, ENTRY_TEXT_MAX + 2, "%s", e->helo);
    for (char *c = room; *c != '\0'; c++)
        *c = *c == ' ' ? '_' : *c;
    return room;
}

static void play_add(struct text *out, const char *key, const char *value)
{
    if (value != NULL)
        text_addf(out, " %s=%s", key, value);
}

static int play_entry(void *arg, const struct log_entry *e)
{
    static const char *const outcomes[] = {NULL, "accepted", "deferred", "rejected"};
    struct play *play = arg;
    struct text *out = &play->entries;
    char ptr[ENTRY_TEXT_MAX + 2], helo[ENTRY_TEXT_MAX + 2];

    text_addf(out, "%s %s %s %s %s |", e->client, play_ptr(e, ptr), play_helo(e, helo),
              e->from != NULL ? e->from : "-", e->rcpt != NULL ? e->rcpt : "-");
    if (e->connection != 0)
        text_addf(out, " c=%llu", e->connection);
    play_add(out, "auth", e->auth);
    play_add(out, "server", e->server);
    play_add(out, "listener", e->listener);
    if (e->listener_port != 0)
        text_addf(out, " port=%u", e->listener_port);
    play_add(out, "qid", e->qid);
    play_add(out, "id", e->id);
    play_add(out, "outcome", outcomes[e->outcome]);
    play_add(out, "would", e->would);
    text_add(out, "\n");
    return 0;
}

static void play_notice(void *arg, const struct log_notice *notice)
{
    struct play *play = arg;

    text_addf(&play->notices, "%llu:%u: %s\n", notice->line, notice->column, notice->message);
}

/* A file in memory, and the path it can be opened by as often as one likes. Returns its number. */
static inline int play_file(const void *bytes, size_t length, char path[PLAY_PATH])
{
    int fd = memfd_create("log", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), (ssize_t)length);
    (void)snprintf(path, PLAY_PATH, "/proc/self/fd/%d", fd);
    return fd;
}

/* Reads the logs one after the other. play_fini() afterwards. */
static inline void play_logs(struct play *play, const char *const *logs, size_t count)
{
    const struct log_options options = {
        .entry = play_entry, .notice = play_notice, .arg = play, .now_s = PLAY_NOW};
    char room[PLAY_FILES][PLAY_PATH];
    const char *paths[PLAY_FILES];
    int fds[PLAY_FILES];

    assert_true(count <= PLAY_FILES);
    *play = (struct play){0};
    text_init(&play->entries, PLAY_TEXT);
    text_init(&play->notices, PLAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        fds[i] = play_file(logs[i], strlen(logs[i]), room[i]);
        paths[i] = room[i];
    }
    play->status = log_read(paths, count, &options, &play->coverage);
    for (size_t i = 0; i < count; i++)
        (void)close(fds[i]);
}

static inline const char *play_text(const struct text *text)
{
    return text->data != NULL ? text->data : "";
}

static inline void play_fini(struct play *play)
{
    text_fini(&play->entries);
    text_fini(&play->notices);
}

/* ---- rows ------------------------------------------------------------------------------------ */

struct play_row {
    const char *name;
    const char *log;
    const char *want;
    const char *notices; /* NULL: none */
};

static inline void play_rows(const struct play_row *row)
{
    struct play play;

    play_logs(&play, &row->log, 1);
    UNIT_EXPECT_INT(play.status, HELO_OK);
    UNIT_EXPECT_TEXT(play_text(&play.entries), row->want);
    UNIT_EXPECT_TEXT(play_text(&play.notices), row->notices != NULL ? row->notices : "");
    play_fini(&play);
}

#endif /* HELO_TESTS_LOG_PLAY_H */
