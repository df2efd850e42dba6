/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.c - the socket the MTA connects to, see socket.h
 *
 * ALGORITHM for unix:PATH
 *  1. The directory is opened, and everything else done relative to it: no race, and a temporary
 *     name needs no room in the 107 bytes of a socket's address.
 *  2. Whoever answers at PATH is alive. Who refuses the connection is stale.
 *  3. bind() under a temporary name. The mode comes from the umask, so there is no moment with
 *     another; owner and group are set on the inode that was bound (O_PATH), not on a name, which
 *     the owner of the directory could swap.
 *  4. listen(), then rename over PATH.
 */
#include "socket.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "events.h"
#include "log.h"
#include "secure.h"

/* The name it is bound under; by process, so that two that start at once do not meet. */
enum { TEMPORARY_SIZE = 32 };

/*
 * A withdrawn socket is settled when its queue was empty for 300 ms: long enough for libmilter, on
 * a busy machine, to hear the first word of the last one it took from it. At most 2 s.
 */
enum { SETTLE_STEP_MS = 20, SETTLE_QUIET_STEPS = 15, SETTLE_STEPS = 100 };

static enum mh_exit fail(const char *what, const char *where)
{
    mh_log(LOG_ERR, "error: socket %s: %s: %s", where, what, strerror(errno));
    return MH_EXIT_SYSTEM;
}

/* The directory of path, or -1; *base is the rest. O_PATH: it need not be readable. */
static int open_directory(const char *path, uid_t owner, const char **base)
{
    char copy[sizeof((struct mh_spec *)NULL)->at.path];
    const char *name;
    int fd;

    memcpy(copy, path, strlen(path) + 1);
    name = dirname(copy);
    fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        mh_log(LOG_ERR, "error: directory %s of the socket: %s%s", name, strerror(errno),
               errno == ENOENT ? "; make it, owned by milter.user, as in install -d -o USER" : "");
        return -1;
    }
    if (!mh_secure_directory(fd, name, geteuid(), owner)) {
        (void)close(fd);
        return -1;
    }
    *base = strrchr(path, '/') + 1;
    return fd;
}

/*
 * Nothing, or a socket: what else stands there was not put there by a filter, and is not ours to
 * remove.
 */
static enum mh_exit check_kind(int directory, const char *base, const char *path)
{
    struct stat about;

    if (fstatat(directory, base, &about, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? MH_EXIT_OK : fail("cannot be looked at", path);
    if (S_ISSOCK(about.st_mode))
        return MH_EXIT_OK;
    mh_log(LOG_ERR, "error: %s exists and is not a socket; remove it, or choose another path",
           path);
    return MH_EXIT_SYSTEM;
}

enum mh_exit mh_socket_check(const struct mh_spec *spec, uid_t owner)
{
    const char *base = NULL;
    enum mh_exit code;
    int directory;

    if (spec->kind != MH_SPEC_UNIX)
        return MH_EXIT_OK;
    directory = open_directory(spec->at.path, owner, &base);
    if (directory < 0)
        return MH_EXIT_SYSTEM;
    code = check_kind(directory, base, spec->at.path);
    (void)close(directory);
    return code;
}

/* Is there a process behind path? */
static enum mh_exit check_stale(const char *path, const struct mh_socket_options *options)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int reason = 0;

    if (fd < 0)
        return fail("socket", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        reason = errno;
    (void)close(fd);
    if (reason == ENOENT || reason == ECONNREFUSED)
        return MH_EXIT_OK;
    errno = reason;
    if (reason != 0 && reason != EAGAIN) /* EAGAIN: alive, and its queue is full */
        return fail("cannot tell whether a process listens on it", path);
    if (options->replace)
        return MH_EXIT_OK;
    if (!options->quiet)
        mh_log(LOG_ERR, "error: socket %s is in use by a live process; stop that, or use --replace",
               path);
    return MH_EXIT_BUSY;
}

/* Binds fd to name in the directory; the process' working directory is / afterwards. */
static int bind_at(int fd, int directory, const char *name, mode_t mode)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    mode_t former;
    int result;

    memcpy(address.sun_path, name, strlen(name) + 1);
    if (fchdir(directory) != 0)
        return -1;
    (void)unlink(name); /* of a process of the same number that was killed here */
    former = umask(~mode & 0777);
    result = bind(fd, (struct sockaddr *)&address, sizeof address);
    (void)umask(former);
    return chdir("/") == 0 ? result : -1;
}

/* The inode of a fresh socket, owned as it should be. */
static int adopt(int directory, const char *name, const struct mh_socket_options *options)
{
    struct stat about;
    int inode = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

    if (inode < 0)
        return -1;
    if (fstat(inode, &about) == 0 && S_ISSOCK(about.st_mode) &&
        ((about.st_uid == options->owner && about.st_gid == options->group) ||
         fchownat(inode, "", options->owner, options->group, AT_EMPTY_PATH) == 0))
        return inode;
    (void)close(inode);
    return -1;
}

static enum mh_exit publish(int directory, const char *base,
                            const struct mh_socket_options *options, struct mh_socket *out)
{
    const char *path = out->spec.at.path;
    char temporary[TEMPORARY_SIZE];
    enum mh_exit code = MH_EXIT_OK;

    (void)snprintf(temporary, sizeof temporary, ".milter-helo.%ld", (long)getpid());
    out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (out->fd < 0)
        return fail("socket", path);
    if (bind_at(out->fd, directory, temporary, options->mode) != 0)
        return fail("cannot be created", path);
    out->inode = adopt(directory, temporary, options);
    if (out->inode < 0)
        code = fail("cannot be given to milter.user and milter.socket_group", path);
    else if (listen(out->fd, SOMAXCONN) != 0)
        code = fail("listen", path);
    else if (renameat(directory, temporary, directory, base) != 0)
        code = fail("cannot take its place", path);
    if (code != MH_EXIT_OK)
        (void)unlinkat(directory, temporary, 0);
    return code;
}

/*
 * The path to poke goes through the inode: it leads to us even after another process' socket was
 * renamed over the path, while we finish what runs.
 */
static void remember_unix(struct mh_socket *out)
{
    struct sockaddr_un *address = (struct sockaddr_un *)&out->own_address;

    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d", out->inode);
    out->own_length = sizeof *address;
}

static enum mh_exit open_unix(const struct mh_socket_options *options, struct mh_socket *out)
{
    const char *path = out->spec.at.path;
    const char *base = NULL;
    enum mh_exit code;
    int directory = open_directory(path, options->owner, &base);

    if (directory < 0)
        return MH_EXIT_SYSTEM;
    code = check_kind(directory, base, path);
    if (code == MH_EXIT_OK)
        code = check_stale(path, options);
    if (code == MH_EXIT_OK)
        code = publish(directory, base, options, out);
    if (code == MH_EXIT_OK)
        remember_unix(out);
    (void)close(directory);
    return code;
}

/*
 * What an inet socket is reached by from this machine: a wildcard address is reached by loopback.
 */
static enum mh_exit remember_name(struct mh_socket *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&out->own_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->own_address;

    out->own_length = sizeof out->own_address;
    if (getsockname(out->fd, (struct sockaddr *)&out->own_address, &out->own_length) != 0)
        return fail("getsockname", "it listens on");
    if (v4->sin_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (v6->sin6_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
        v6->sin6_addr = in6addr_loopback;
    return MH_EXIT_OK;
}

static enum mh_exit open_inet(const struct mh_socket_options *options, struct mh_socket *out)
{
    const struct sockaddr *address = (const struct sockaddr *)&out->spec.at.inet.address;
    const int yes = 1;

    out->fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (out->fd < 0)
        return fail("socket", "(inet)");
    /* Sessions of a former process in TIME_WAIT do not hold the port; a listening one does. */
    if (setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        (address->sa_family == AF_INET6 &&
         setsockopt(out->fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) != 0))
        return fail("setsockopt", "(inet)");
    if (bind(out->fd, address, out->spec.at.inet.length) != 0) {
        if (errno != EADDRINUSE)
            return fail("bind", "(inet)");
        if (!options->quiet)
            mh_log(LOG_ERR, "error: the port of the socket is in use by a live process%s",
                   options->replace ? "; --replace is for unix sockets" : "");
        return MH_EXIT_BUSY;
    }
    if (listen(out->fd, SOMAXCONN) != 0)
        return fail("listen", "(inet)");
    return remember_name(out);
}

/*
 * A socket somebody bound for us, as systemd does: it outlives us, so a restart needs no care at
 * all.
 */
static enum mh_exit open_inherited(struct mh_socket *out)
{
    int type = 0;
    socklen_t length = sizeof type;

    out->fd = out->spec.at.fd;
    if (getsockopt(out->fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0)
        return fail("is no inherited socket", "fd:");
    if (type != SOCK_STREAM) {
        errno = EPROTOTYPE;
        return fail("is no stream socket", "fd:");
    }
    if (fcntl(out->fd, F_SETFD, FD_CLOEXEC) != 0)
        return fail("fcntl", "fd:");
    return remember_name(out);
}

enum mh_exit mh_socket_open(const struct mh_spec *spec, const struct mh_socket_options *options,
                            struct mh_socket *out)
{
    *out = (struct mh_socket){.spec = *spec, .fd = -1, .inode = -1, .queue = -1};
    if (spec->kind == MH_SPEC_UNIX)
        return open_unix(options, out);
    return spec->kind == MH_SPEC_INET ? open_inet(options, out) : open_inherited(out);
}

/* After the privileges are gone, root's directory keeps the file: the next start replaces it. */
bool mh_socket_withdraw(const struct mh_socket *own)
{
    struct stat ours, there;

    if (own->inode < 0 || fstat(own->inode, &ours) != 0)
        return false;
    if (lstat(own->spec.at.path, &there) != 0)
        return errno == ENOENT;
    if (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino)
        return true;
    return unlink(own->spec.at.path) == 0;
}

bool mh_socket_is_replaced(const struct mh_socket *own)
{
    struct stat ours, there;

    return own->inode >= 0 && fstat(own->inode, &ours) == 0 &&
           lstat(own->spec.at.path, &there) == 0 &&
           (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino);
}

void mh_socket_settle(const struct mh_socket *own)
{
    struct pollfd queue = {.fd = own->fd, .events = POLLIN};
    const struct timespec step = {.tv_nsec = SETTLE_STEP_MS * 1000000L};
    unsigned quiet = 0;

    for (unsigned i = 0; i < SETTLE_STEPS && quiet < SETTLE_QUIET_STEPS; i++) {
        quiet = poll(&queue, 1, 0) == 0 ? quiet + 1 : 0;
        (void)nanosleep(&step, NULL);
    }
}

/* Never blocks: a full queue means that the pool has plenty to wake up for. */
void mh_socket_poke(void *arg)
{
    static struct mh_log_gate gate;
    const struct mh_socket *own = arg;
    bool left = atomic_load(&own->left);
    const struct sockaddr_storage *address = left ? &own->left_address : &own->own_address;
    socklen_t length = left ? own->left_length : own->own_length;
    unsigned dropped = 0;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0 && (connect(fd, (const struct sockaddr *)address, length) == 0 ||
                    errno == EINPROGRESS || errno == EAGAIN)) {
        mh_event_count(MH_EVENT_POKED);
        (void)close(fd);
        return;
    }
    mh_event_count(MH_EVENT_POKE_FAILED);
    if (mh_log_gate(&gate, &dropped))
        mh_log(LOG_WARNING,
               "warning: the filter cannot connect to its own socket (%s): sessions that wait for "
               "DNS may hold up others (%u more like this)",
               strerror(errno), dropped);
    if (fd >= 0)
        (void)close(fd);
}
