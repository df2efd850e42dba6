/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_file.c - the log as a file, see log_file.h
 */
#include "log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "events.h"
#include "log.h"
#include "secure.h"

enum { FILE_MODE = 0640 }; /* a group of those who may read the log of mail is customary */

static struct {
    const char *path;
    int fd;           /* for good */
    atomic_bool torn; /* the last line has no end */
    atomic_ullong missing, told;
    atomic_int error;
} file = {.path = "", .fd = -1};

/* ---- before the start ------------------------------------------------------------------------ */

enum { GROUPS_MAX = 256 }; /* who has more may write, until the start proves otherwise */

static bool is_member(const struct mh_identity *identity, gid_t group)
{
    gid_t groups[GROUPS_MAX];
    int count = GROUPS_MAX;

    if (identity->gid == group)
        return true;
    if (identity->uid == geteuid())
        count = getgroups(count, groups);
    else if (getgrouplist(identity->name, identity->gid, groups, &count) < 0)
        count = -1;
    if (count < 0)
        return true;
    for (int i = 0; i < count; i++) {
        if (groups[i] == group)
            return true;
    }
    return false;
}

/* wanted: of S_IRWXO. */
static bool may(const struct mh_identity *identity, const struct stat *about, mode_t wanted)
{
    mode_t granted = about->st_mode & S_IRWXO;

    if (about->st_uid == identity->uid)
        granted = about->st_mode >> 6 & S_IRWXO;
    else if (is_member(identity, about->st_gid))
        granted = about->st_mode >> 3 & S_IRWXO;
    return (granted & wanted) == wanted;
}

static bool check_existing(int directory, const char *path, const char *base,
                           const struct mh_identity *identity, bool *exists)
{
    struct stat about;

    *exists = fstatat(directory, base, &about, AT_SYMLINK_NOFOLLOW) == 0;
    if (!*exists && errno != ENOENT) {
        mh_log(LOG_ERR, "error: log.file %s: %s", path, strerror(errno));
        return false;
    }
    if (*exists && !S_ISREG(about.st_mode)) {
        mh_log(LOG_ERR, "error: log.file %s is not a regular file", path);
        return false;
    }
    if (*exists && !may(identity, &about, S_IWOTH)) {
        mh_log(LOG_ERR,
               "error: log.file %s: user %s may not write to it (owner %lu, mode %04o); give it to "
               "that user",
               path, identity->name, (unsigned long)about.st_uid,
               (unsigned)(about.st_mode & 07777));
        return false;
    }
    return true;
}

/* It is opened for looking only; what is wrong is logged. */
static bool check_in(int directory, const char *name, const char *path, const char *base,
                     const struct mh_identity *identity)
{
    struct stat about;
    bool exists;

    if (!mh_secure_directory(directory, name, geteuid(), identity->uid) ||
        !check_existing(directory, path, base, identity, &exists))
        return false;
    if (fstat(directory, &about) != 0 ||
        !may(identity, &about, exists ? S_IXOTH : S_IWOTH | S_IXOTH)) {
        mh_log(LOG_ERR,
               "error: log.file: user %s may not write to the directory %s; make it that user's, "
               "as in install -d -o %lu %s",
               identity->name, name, (unsigned long)identity->uid, name);
        return false;
    }
    if (exists && !may(identity, &about, S_IWOTH | S_IXOTH))
        mh_log(LOG_WARNING,
               "warning: log.file: user %s may not write to the directory %s: once the file is "
               "rotated away, it cannot be made again; let logrotate create it",
               identity->name, name);
    return true;
}

bool mh_log_file_check(const char *path, const struct mh_identity *identity)
{
    char copy[PATH_MAX], base[PATH_MAX]; /* dirname() and basename() write to them */
    const char *name;
    bool good;
    int directory;

    if (strlen(path) >= sizeof copy) {
        mh_log(LOG_ERR, "error: log.file %s: %s", path, strerror(ENAMETOOLONG));
        return false;
    }
    memcpy(copy, path, strlen(path) + 1);
    memcpy(base, path, strlen(path) + 1);
    name = dirname(copy);
    directory = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        mh_log(LOG_ERR, "error: directory %s of log.file: %s%s", name, strerror(errno),
               errno == ENOENT ? "; make it, owned by milter.user, as in install -d -o USER" : "");
        return false;
    }
    good = check_in(directory, name, path, basename(base), identity);
    (void)close(directory);
    return good;
}

/* ---- open ------------------------------------------------------------------------------------ */

/* O_NONBLOCK: a FIFO in its place must not stop us. */
static int open_regular(const char *path)
{
    const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
    int fd = open(path, flags | O_CREAT | O_EXCL, FILE_MODE);
    struct stat about;

    if (fd >= 0) {
        (void)fchmod(fd, FILE_MODE); /* the umask is stricter, and is for all threads */
        return fd;
    }
    if (errno == EEXIST)
        fd = open(path, flags);
    if (fd >= 0 && fstat(fd, &about) == 0 && !S_ISREG(about.st_mode)) {
        (void)close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

int mh_log_file_open(const char *path)
{
    file.fd = open_regular(path);
    if (file.fd < 0) {
        mh_log(LOG_ERR, "error: log.file %s cannot be opened: %s", path,
               errno == EINVAL || errno == ENXIO || errno == ELOOP ? "it is not a regular file"
                                                                   : strerror(errno));
        return -1;
    }
    file.path = path;
    return 0;
}

int mh_log_file_reopen(void)
{
    int fd, result;

    if (file.fd < 0)
        return 0;
    fd = open_regular(file.path);
    if (fd < 0)
        return -1;
    result = dup3(fd, file.fd, O_CLOEXEC);
    (void)close(fd);
    if (result < 0)
        return -1;
    atomic_store(&file.torn, false);
    return 0;
}

const char *mh_log_file_path(void)
{
    return file.path;
}

/* ---- write ----------------------------------------------------------------------------------- */

int mh_log_file_write(char *line, size_t length)
{
    /* A line that was cut by a full disk must not run into this one. */
    bool torn = atomic_load(&file.torn);
    char newline[] = "\n";
    struct iovec parts[] = {{newline, torn ? 1 : 0},
                            {line, length}}; /* no const: for readv(), too */
    ssize_t wanted = (ssize_t)(parts[0].iov_len + length);
    ssize_t written;

    do
        written = writev(file.fd, parts, 2);
    while (written < 0 && errno == EINTR);
    if (written == wanted) {
        if (torn)
            atomic_store(&file.torn, false);
        return 0;
    }
    atomic_store(&file.error, written < 0 ? errno : ENOSPC);
    if (written > 0)
        atomic_store(&file.torn, true);
    atomic_fetch_add(&file.missing, 1);
    mh_event_count(MH_EVENT_LOG_FAILED);
    return atomic_load(&file.error);
}

unsigned long long mh_log_file_missing(int *error)
{
    unsigned long long missing = atomic_load(&file.missing);
    unsigned long long told = atomic_load(&file.told);

    if (missing == told || !atomic_compare_exchange_strong(&file.told, &told, missing))
        return 0;
    *error = atomic_load(&file.error);
    return missing;
}
