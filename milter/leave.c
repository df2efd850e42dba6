/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leave.c - an inherited socket is left to the next process, see leave.h
 *
 * ALGORITHM
 *  1. A socket of the same family (libmilter hangs up on others). Whoever connects to it is served,
 *     and any user of this machine could connect to a name that the kernel finds. So a unix one is
 *     bound to a file that only we may write to, and is removed at once: we reach it through its
 *     inode. Of TCP it is a port of the loopback address. It never blocks in accept(): a client may
 *     have made the old one readable a moment ago.
 *  2. dup3() puts it under libmilter's descriptor in one step; the old one is kept under another
 *     number, to see who waits.
 *  3. A listener that already sleeps in poll() sleeps on the old socket. A signal ends that call,
 *     and the next one is for the new socket.
 */
#include "leave.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"

/* Of any other use in this process, or by libmilter, there is none. */
enum { WAKE_UP = SIGURG };

static void wake_up(int number)
{
    (void)number; /* that it came is enough */
}

/* The address of fd goes to own. */
static int bind_inet(int fd, int family, struct mh_socket *own)
{
    const struct sockaddr_in v4 = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    int result = family == AF_INET ? bind(fd, (const struct sockaddr *)&v4, sizeof v4)
                                   : bind(fd, (const struct sockaddr *)&v6, sizeof v6);

    own->left_length = sizeof own->left_address;
    return result != 0 ? result
                       : getsockname(fd, (struct sockaddr *)&own->left_address, &own->left_length);
}

/*
 * Linux takes the mode of the file from that of the socket: so it has no other for a moment, and
 * the umask, which is for all threads, stays as it is.
 */
static int bind_unix(int fd, struct mh_socket *own)
{
    struct sockaddr_un *address = (struct sockaddr_un *)&own->left_address;
    uint64_t name = 0;
    int inode;

    /* In a directory that everybody may write to: nobody may know the name before. */
    if (getrandom(&name, sizeof name, 0) != (ssize_t)sizeof name)
        return -1;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(address->sun_path, sizeof address->sun_path, P_tmpdir "/milter-helo.%016" PRIx64,
                   name);
    if (fchmod(fd, S_IRUSR | S_IWUSR) != 0 ||
        bind(fd, (const struct sockaddr *)address, sizeof *address) != 0)
        return -1;
    inode = open(address->sun_path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    (void)unlink(address->sun_path);
    if (inode < 0)
        return -1;
    (void)snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d", inode);
    own->left_length = sizeof *address;
    return 0;
}

/* Its descriptor, or -1; its address goes to own. */
static int open_stand_in(struct mh_socket *own)
{
    int family = own->own_address.ss_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if ((family == AF_UNIX ? bind_unix(fd, own) : bind_inet(fd, family, own)) == 0 &&
        listen(fd, SOMAXCONN) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* Without SA_RESTART, and poll() is never restarted anyway. */
static void interrupt(pthread_t listener)
{
    struct sigaction action = {.sa_handler = wake_up};

    (void)sigemptyset(&action.sa_mask);
    if (sigaction(WAKE_UP, &action, NULL) == 0)
        (void)pthread_kill(listener, WAKE_UP);
}

bool mh_leave(struct mh_socket *own, pthread_t listener)
{
    int stand_in = open_stand_in(own);

    own->queue = stand_in >= 0 ? fcntl(own->fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (own->queue < 0 || dup3(stand_in, own->fd, O_CLOEXEC) < 0) {
        mh_log(LOG_WARNING,
               "warning: the socket cannot be left to the next process (%s): who comes until this "
               "one has ended is told that there is no filter",
               strerror(errno));
        if (stand_in >= 0)
            (void)close(stand_in);
        return false;
    }
    (void)close(stand_in);
    atomic_store(&own->left, true);
    interrupt(listener);
    return true;
}

bool mh_leave_someone_waits(const struct mh_socket *own)
{
    struct pollfd queue = {.fd = own->queue, .events = POLLIN};

    return poll(&queue, 1, 0) > 0;
}
