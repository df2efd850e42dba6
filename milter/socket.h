/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.h - the socket the MTA connects to
 *
 * PURPOSE  Binds it ourselves and hands libmilter the descriptor ("fd:N"), since libmilter would
 *          remove the path before it binds, and at its end remove whatever socket stands there, be
 *          it the next process's.
 * CONTRACT The MTA finds a socket at the path at every moment of a restart: ours is bound beside
 *          it, with owner, group and mode, listens, and is then renamed over it. A path that a live
 *          process listens on is left alone unless asked for. At the end the path is removed only
 *          if it is still ours.
 * OWNERSHIP The descriptors live until the process ends.
 * THREADS  open before there are others; poke from any.
 */
#ifndef MH_SOCKET_H
#define MH_SOCKET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "exit.h"
#include "spec.h"

struct mh_socket {
    struct mh_spec spec;
    int fd;                              /* listening */
    int inode;                           /* O_PATH of the file of a unix socket; -1: none */
    struct sockaddr_storage own_address; /* to poke */
    socklen_t own_length;
    atomic_bool left;                     /* of an inherited one, see leave.h: the rest counts */
    int queue;                            /* the socket itself, now that fd is another */
    struct sockaddr_storage left_address; /* to poke from then on */
    socklen_t left_length;
};

struct mh_socket_options {
    mode_t mode; /* of a unix socket */
    uid_t owner; /* whom it is to belong to */
    gid_t group;
    bool replace; /* also the path of a live process */
    bool quiet;   /* MH_EXIT_BUSY is not logged */
};

/*
 * Without changing anything: is the directory safe, and is what stands at the path a socket or
 * nothing?
 */
enum mh_exit mh_socket_check(const struct mh_spec *spec, uid_t owner);

/* MH_EXIT_OK, MH_EXIT_BUSY or MH_EXIT_SYSTEM; whatever is wrong is logged. */
enum mh_exit mh_socket_open(const struct mh_spec *spec, const struct mh_socket_options *options,
                            struct mh_socket *out);

/*
 * New clients find nothing from now on, those connected stay. False where that cannot be: inet and
 * inherited sockets, or a directory that is not ours to write to.
 */
bool mh_socket_withdraw(const struct mh_socket *own);
/* Another socket stands at the path by now, that of a process that serves in our place. */
bool mh_socket_is_replaced(const struct mh_socket *own);
/* Lets those that had found a withdrawn socket before be taken from its queue; at most 2 s. */
void mh_socket_settle(const struct mh_socket *own);

/*
 * Connects to the socket and hangs up: makes libmilter's pool start a thread before this one
 * blocks, or else a session that became ready meanwhile would wait for this thread, up to eight
 * times as long. arg is the struct mh_socket.
 */
void mh_socket_poke(void *arg);

#endif /* MH_SOCKET_H */
