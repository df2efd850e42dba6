/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source.c - the lines of a file, see source.h; the only reader of libarchive's header
 *
 * CONTRACT libarchive's "raw" format hands any file through; its filters undo the compression.
 *          Those that start another program (lrzip, lzop, grzip) are left out, for a log may come
 *          from anybody, and so are those that plain text could set off by its words (uu, rpm).
 * LIMITS   A decompressor's memory is that of its format: libarchive's own limits stand.
 */
#include "tools/log/source.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/tool.h"

enum {
    BUFFER_BYTES = 4 * SOURCE_LINE_MAX,
    READ_BYTES = 128 * 1024 /* of the file at once: fewer system calls gain no more */
};

struct source {
    struct archive *archive;
    int fd;
    struct stat status;
    unsigned long long consumed;
    unsigned long long lines;
    const char *path;  /* for messages */
    size_t start, end; /* of what is in buffer and not handed out */
    int ended;
    int skipping; /* the rest of a line that was cut */
    int failed;
    char error[SOURCE_ERROR_SIZE];
    char read[READ_BYTES];
    char buffer[BUFFER_BYTES + 1]; /* with a NUL behind a last line that has no newline */
};

static void say(char error[SOURCE_ERROR_SIZE], const char *path, const char *what)
{
    char shown[SOURCE_ERROR_SIZE / 2], reason[SOURCE_ERROR_SIZE / 4];

    (void)snprintf(error, SOURCE_ERROR_SIZE, "%s: %s", print_clean(shown, sizeof shown, path),
                   print_clean(reason, sizeof reason, what));
}

/* libarchive's type: la_ssize_t is ssize_t. */
static la_ssize_t read_some(struct archive *archive, void *arg, const void **out)
{
    struct source *source = arg;
    ssize_t bytes;

    do
        bytes = read(source->fd, source->read, READ_BYTES);
    while (bytes < 0 && errno == EINTR);
    if (bytes < 0) {
        archive_set_error(archive, errno, "%s", strerror(errno));
        return -1;
    }
    source->consumed += (size_t)bytes;
    *out = source->read;
    return bytes;
}

static int open_archive(struct source *source)
{
    static int (*const filters[])(struct archive *) = {
        archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
        archive_read_support_filter_xz,   archive_read_support_filter_lzma,
        archive_read_support_filter_zstd, archive_read_support_filter_lz4,
        archive_read_support_filter_lzip, archive_read_support_filter_compress,
    };
    struct archive_entry *entry;
    int result;

    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        (void)filters[i](source->archive); /* one that was not built in is not read */
    (void)archive_read_support_format_raw(source->archive);
    (void)archive_read_support_format_empty(source->archive);
    result = archive_read_open(source->archive, source, NULL, read_some, NULL);
    if (result == ARCHIVE_OK)
        result = archive_read_next_header(source->archive, &entry);
    source->ended = result == ARCHIVE_EOF;
    return result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF;
}

/* Returns what is wrong, or NULL. */
static const char *open_file(struct source *source, const char *path)
{
    source->fd =
        strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (source->fd < 0 || fstat(source->fd, &source->status) != 0)
        return strerror(errno);
    return S_ISDIR(source->status.st_mode) ? strerror(EISDIR) : NULL;
}

enum helo_status source_open(const char *path, struct source **out, char error[SOURCE_ERROR_SIZE])
{
    struct source *source = calloc(1, sizeof *source);
    const char *wrong;

    if (source != NULL)
        source->fd = -1;
    if (source == NULL || (source->archive = archive_read_new()) == NULL) {
        say(error, path, strerror(ENOMEM));
        source_close(source);
        return HELO_NOMEM;
    }
    source->path = strcmp(path, "-") == 0 ? "standard input" : path;
    wrong = open_file(source, path);
    if (wrong == NULL && !open_archive(source))
        wrong = archive_error_string(source->archive);
    if (wrong != NULL) {
        say(error, source->path, wrong);
        source_close(source);
        return HELO_IO;
    }
    *out = source;
    return HELO_OK;
}

/* A NUL would end the line for whoever takes it as text. There may be few, or nothing else. */
static void mask_nuls(char *bytes, size_t length)
{
    char *end = bytes + length, *found = bytes;

    while ((found = memchr(found, '\0', (size_t)(end - found))) != NULL)
        for (; found < end && *found == '\0'; found++)
            *found = '?';
}

static void fill(struct source *source)
{
    size_t kept = source->end - source->start;
    la_ssize_t bytes;

    memmove(source->buffer, source->buffer + source->start, kept);
    source->start = 0;
    source->end = kept;
    bytes = archive_read_data(source->archive, source->buffer + kept, BUFFER_BYTES - kept);
    if (bytes <= 0) {
        source->ended = 1;
        source->failed = bytes < 0;
        if (source->failed)
            say(source->error, source->path, archive_error_string(source->archive));
        return;
    }
    mask_nuls(source->buffer + kept, (size_t)bytes);
    source->end += (size_t)bytes;
}

static void hand_out(struct source *source, size_t length, struct source_line *line)
{
    char *text = source->buffer + source->start;

    line->cut = length > SOURCE_LINE_MAX;
    line->length = line->cut ? SOURCE_LINE_MAX : length;
    if (!line->cut && length > 0 && text[length - 1] == '\r')
        line->length--;
    text[line->length] = '\0';
    line->text = text;
    line->number = ++source->lines;
}

/* The bytes up to the newline, which is looked for behind those already seen. */
static int find_line(struct source *source, size_t *length)
{
    size_t seen = 0;

    for (;;) {
        const char *text = source->buffer + source->start;
        size_t there = source->end - source->start;
        const char *newline = there > seen ? memchr(text + seen, '\n', there - seen) : NULL;

        *length = newline != NULL ? (size_t)(newline - text) : there;
        if (newline != NULL || source->ended || there > SOURCE_LINE_MAX)
            return newline != NULL;
        seen = there;
        fill(source);
    }
}

int source_next(struct source *source, struct source_line *line, char error[SOURCE_ERROR_SIZE])
{
    size_t length;

    for (;;) {
        int whole = find_line(source, &length);
        int was_skipping = source->skipping;

        /* What an error has cut short is no line. */
        if (!whole && source->ended && (length == 0 || source->failed || was_skipping))
            break;
        if (!was_skipping)
            hand_out(source, length, line);
        source->start += length + (size_t)whole;
        source->skipping = !whole && !source->ended;
        if (!was_skipping)
            return 1;
    }
    if (!source->failed)
        return 0;
    memcpy(error, source->error, SOURCE_ERROR_SIZE);
    return -1;
}

void source_progress(const struct source *source, struct source_progress *out)
{
    *out = (struct source_progress){.consumed = source->consumed};
    if (S_ISREG(source->status.st_mode) && source->status.st_size > 0)
        out->total = (unsigned long long)source->status.st_size;
}

long long source_written_s(const struct source *source)
{
    return S_ISREG(source->status.st_mode) ? (long long)source->status.st_mtim.tv_sec : 0;
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    if (source->archive != NULL)
        (void)archive_read_free(source->archive);
    if (source->fd > STDIN_FILENO)
        (void)close(source->fd);
    free(source);
}
