/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leave.c - an inherited socket is left to the next process, see leave.h
 *
 * ALGORITHM
 *  1. A socket of the same family (libmilter hangs up on others) that only we know the address of:
 *     of a unix one the kernel finds a name, of TCP a port of the loopback address. It never blocks
 *     in accept(): a client may have made the old one readable a moment ago.
 *  2. dup3() puts it under libmilter's descriptor in one step; the old one is kept under another
 *     number, to see who waits.
 *  3. A listener that already sleeps in poll() sleeps on the old socket. A signal ends that call,
 *     and the next one is for the new socket.
 */
#include "leave.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"

/* Of any other use in this process, or by libmilter, there is none. */
enum { WAKE_UP = SIGURG };

static void wake_up(int number)
{
    (void)number; /* that it came is enough */
}

static int bind_anywhere(int fd, int family)
{
    const struct sockaddr_un local = {.sun_family = AF_UNIX};
    const struct sockaddr_in v4 = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};

    if (family == AF_INET)
        return bind(fd, (const struct sockaddr *)&v4, sizeof v4);
    if (family == AF_INET6)
        return bind(fd, (const struct sockaddr *)&v6, sizeof v6);
    /* No name at all: unix(7), autobind. */
    return bind(fd, (const struct sockaddr *)&local, offsetof(struct sockaddr_un, sun_path));
}

/* Its descriptor, or -1; its address goes to own. */
static int open_stand_in(struct mh_socket *own)
{
    int family = own->own_address.ss_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    own->left_length = sizeof own->left_address;
    if (bind_anywhere(fd, family) == 0 && listen(fd, SOMAXCONN) == 0 &&
        getsockname(fd, (struct sockaddr *)&own->left_address, &own->left_length) == 0)
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
