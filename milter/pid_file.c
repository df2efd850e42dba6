/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pid_file.c - the number of the process, see pid_file.h
 */
#include "pid_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "secure.h"

static int fail(const char *path, const char *what)
{
    mh_log(LOG_ERR, "error: milter.pid_file %s: %s", path, what);
    return -1;
}

/* The directory is one of ours, and what stands at the path is nothing or an ordinary file. */
static int check(const char *path, uid_t user)
{
    char copy[PATH_MAX];
    struct stat about;
    bool safe;
    int fd;

    if (path[0] != '/')
        return fail(path, "the path must be absolute");
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return fail(path, strerror(ENAMETOOLONG));
    fd = open(dirname(copy), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(path, strerror(errno));
    safe = mh_secure_directory(fd, copy, geteuid(), user);
    (void)close(fd);
    if (!safe)
        return -1;
    if (lstat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return fail(path, "exists and is not an ordinary file");
    return 0;
}

int mh_pid_file_write(const char *path, uid_t user, struct mh_pid_file *out)
{
    char temporary[PATH_MAX], number[24];
    int length = snprintf(number, sizeof number, "%ld\n", (long)getpid());

    *out = (struct mh_pid_file){.path = "", .fd = -1};
    if (path[0] == '\0')
        return 0;
    if (check(path, user) != 0)
        return -1;
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return fail(path, strerror(ENAMETOOLONG));
    out->fd = mkostemp(temporary, O_CLOEXEC);
    if (out->fd < 0)
        return fail(path, strerror(errno));
    if (write(out->fd, number, (size_t)length) != length || fchmod(out->fd, 0644) != 0 ||
        rename(temporary, path) != 0) {
        (void)fail(path, strerror(errno));
        (void)unlink(temporary);
        (void)close(out->fd);
        out->fd = -1;
        return -1;
    }
    out->path = path;
    return 0;
}

void mh_pid_file_remove(struct mh_pid_file *file)
{
    struct stat ours, there;

    if (file->fd < 0)
        return;
    if (fstat(file->fd, &ours) == 0 && lstat(file->path, &there) == 0 &&
        ours.st_dev == there.st_dev && ours.st_ino == there.st_ino && unlink(file->path) != 0 &&
        ftruncate(file->fd, 0) != 0)
        mh_log(LOG_WARNING, "warning: milter.pid_file %s stays behind: %s", file->path,
               strerror(errno));
    (void)close(file->fd);
    file->fd = -1;
}
