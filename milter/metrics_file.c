/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_file.c - the numbers, as a file for node_exporter's textfile collector, see
 *                  metrics_file.h
 *
 * The directory need not be ours alone. So FILE.tmp is made anew each time, and is neither followed
 * as a link nor opened as what somebody has put there. It is not forced to the disk: what is lost
 * with the machine is of no use after it.
 */
#include "metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "metrics_rows.h"

/* Returns 0, or errno. */
static int write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, text, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : EIO;
        text += written;
        length -= (size_t)written;
    }
    return 0;
}

/* 0644 whatever the umask is: the collector is somebody else. Returns 0, or errno. */
static int make(const char *path, const char *text, size_t length)
{
    int fd, error;

    if (unlink(path) != 0 && errno != ENOENT)
        return errno;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    error = write_all(fd, text, length);
    if (error == 0 && fchmod(fd, 0644) != 0)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    return error;
}

/* Returns 0, or errno. */
static int replace(const char *path, const char *text, size_t length)
{
    char temporary[PATH_MAX + sizeof ".tmp"];
    int error;

    (void)snprintf(temporary, sizeof temporary, "%s.tmp", path);
    error = make(temporary, text, length);
    if (error == 0 && rename(temporary, path) != 0)
        error = errno;
    if (error != 0)
        (void)unlink(temporary);
    return error;
}

static const char *hint(int error)
{
    if (error == EROFS)
        return "; under systemd ReadWritePaths= has to name its directory, see milter-helo(8)";
    return error == EACCES || error == EPERM
               ? "; milter.user must be able to write in its directory"
               : "";
}

void mh_metrics_file_write(struct mh_metrics_file *file, helo_engine *engine)
{
    size_t length = 0;
    char *text = mh_metrics_rows(engine, &length);
    int error = text != NULL ? replace(file->path, text, length) : ENOMEM;

    free(text);
    if (error != 0 && error != file->error)
        mh_log(LOG_ERR, "error: metrics.file %s is not written: %s%s", file->path, strerror(error),
               hint(error));
    if (error == 0 && file->error != 0)
        mh_log(LOG_NOTICE, "metrics.file %s is written again", file->path);
    file->error = error;
}
