/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secure.c - may this file or directory be relied on? see secure.h
 */
#include "secure.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"

bool mh_secure_directory(int fd, const char *path, uid_t self, uid_t user)
{
    struct stat about;

    if (fstat(fd, &about) != 0) {
        mh_log(LOG_ERR, "error: directory %s: %s", path, strerror(errno));
        return false;
    }
    if (about.st_uid != 0 && about.st_uid != self && about.st_uid != user) {
        mh_log(LOG_ERR,
               "error: directory %s is unsafe: it is owned by uid %lu, who could take the place of "
               "what is in it; make it belong to root or to milter.user",
               path, (unsigned long)about.st_uid);
        return false;
    }
    /* Sticky: only the owner of a file may rename or remove it. */
    if ((about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0) {
        mh_log(LOG_ERR,
               "error: directory %s is unsafe: anybody may write to it (mode %04o) and take the "
               "place of what is in it; use another, or chmod o-w",
               path, (unsigned)(about.st_mode & 07777));
        return false;
    }
    return true;
}

/* sticky: a directory with that bit may be written to by all. */
static bool is_private(const char *path, uid_t self, bool sticky)
{
    struct stat about;

    if (stat(path, &about) != 0) {
        mh_log(LOG_ERR, "error: %s: %s", path, strerror(errno));
        return false;
    }
    if (about.st_uid != 0 && about.st_uid != self) {
        mh_log(LOG_ERR,
               "error: %s is unsafe: it is owned by uid %lu, who could change the policy; make it "
               "belong to root",
               path, (unsigned long)about.st_uid);
        return false;
    }
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !(sticky && (about.st_mode & S_ISVTX) != 0)) {
        mh_log(LOG_ERR,
               "error: %s is unsafe: others may write to it (mode %04o) and change the policy; "
               "chmod go-w",
               path, (unsigned)(about.st_mode & 07777));
        return false;
    }
    return true;
}

bool mh_secure_policy(const char *path, uid_t self)
{
    char copy[PATH_MAX]; /* dirname() writes to it */

    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        mh_log(LOG_ERR, "error: %s: %s", path, strerror(ENAMETOOLONG));
        return false;
    }
    return is_private(path, self, false) && is_private(dirname(copy), self, true);
}
