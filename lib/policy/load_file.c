/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_file.c - the bytes of one file, and whether to believe them
 *
 * PURPOSE  Read a regular file of at most LIMIT_YAML_BYTES that nobody but its owner and group may
 *          change.
 * CONTRACT A file that everybody may write is refused: whoever can write the policy can switch the
 *          filter off, or make it refuse all mail. Never blocks on a FIFO or device.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "policy/loader.h"

/* ---- reports ---- */

/* Where to report, and what file is spoken of. */
struct subject {
    struct diag *diag;
    const struct diag_place *place;
    const char *name; /* "" where the place is the file itself */
};

static enum helo_status refuse(const struct subject *s, enum helo_status status, const char *what,
                               const char *hint)
{
    diag_report(s->diag, HELO_ERROR, s->place, hint, "%s%s%s", s->name,
                s->name[0] != '\0' ? ": " : "", what);
    return status;
}

static enum helo_status refuse_errno(const struct subject *s, int error)
{
    char buffer[128];

    return refuse(s, HELO_IO, strerror_r(error, buffer, sizeof(buffer)), NULL);
}

/* ---- reading ---- */

static enum helo_status check_kind(const struct subject *s, const struct stat *st)
{
    if (S_ISDIR(st->st_mode))
        return refuse(s, HELO_IO, "this is a directory, not a file", NULL);
    if (!S_ISREG(st->st_mode))
        return refuse(s, HELO_IO, "this is not a regular file", NULL);
    if ((st->st_mode & S_IWOTH) != 0)
        return refuse(s, HELO_POLICY, "everybody may write this file, so nobody can trust it",
                      "chmod o-w");
    if (st->st_size > LIMIT_YAML_BYTES)
        return refuse(s, HELO_POLICY, "the file is larger than 16 MiB", NULL);
    return HELO_OK;
}

/* Up to room bytes; -1 with errno. */
static ssize_t read_all(int fd, char *buffer, size_t room)
{
    size_t have = 0;
    ssize_t got = 1;

    while (got > 0 && have < room) {
        got = read(fd, buffer + have, room - have);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            have += (size_t)got;
    }
    return got < 0 ? -1 : (ssize_t)have;
}

static enum helo_status read_open(int fd, const struct subject *s, struct source *out)
{
    struct stat st;
    enum helo_status status;
    ssize_t got;
    size_t room;

    if (fstat(fd, &st) != 0)
        return refuse_errno(s, errno);
    status = check_kind(s, &st);
    if (status != HELO_OK)
        return status;
    /* One byte more than it had tells whether it grows under our eyes. */
    room = (size_t)st.st_size + 1;
    out->text = mem_zalloc(room + 1);
    if (out->text == NULL)
        return HELO_NOMEM;
    got = read_all(fd, out->text, room);
    if (got < 0)
        return refuse_errno(s, errno);
    if ((size_t)got == room)
        return refuse(s, HELO_IO, "the file grew while it was read", NULL);
    out->length = (size_t)got;
    out->device = st.st_dev;
    out->inode = st.st_ino;
    return HELO_OK;
}

/* A byte order mark (RFC 3629 6) is tolerated, and no part of line 1. */
static void set_file(struct source *out)
{
    size_t mark = out->length >= 3 && memcmp(out->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    out->file = (struct diag_file){out->path, out->text + mark, out->length - mark};
}

enum helo_status source_read(struct loader *l, const char *path, const struct diag_place *place,
                             struct source *out)
{
    const struct diag_file file = {path, NULL, 0};
    const struct diag_place whole = {&file, 0, 0};
    const struct subject s = {l->diag, place != NULL ? place : &whole, place != NULL ? path : ""};
    struct source source = {.path = mem_copy_text(path)};
    enum helo_status status = HELO_NOMEM;
    int fd;

    if (source.path == NULL)
        return HELO_NOMEM;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    status = fd < 0 ? refuse_errno(&s, errno) : read_open(fd, &s, &source);
    if (fd >= 0)
        (void)close(fd);
    if (status == HELO_OK) {
        set_file(&source);
        *out = source;
    } else {
        source_fini(&source);
    }
    return status;
}

enum helo_status source_from_text(const char *text, size_t length, const char *path,
                                  struct source *out)
{
    struct source source = {
        .path = mem_copy_text(path), .text = mem_copy_bytes(text, length), .length = length};

    if (source.path == NULL || source.text == NULL) {
        source_fini(&source);
        return HELO_NOMEM;
    }
    set_file(&source);
    *out = source;
    return HELO_OK;
}

void source_from_builtin(const struct builtin_file *file, struct source *out)
{
    *out = (struct source){.file = {file->path, file->text, file->length}, .length = file->length};
}

void source_fini(struct source *source)
{
    yaml_tree_fini(&source->tree);
    mem_free(source->path);
    mem_free(source->text);
}
