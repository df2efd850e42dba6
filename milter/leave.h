/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leave.h - an inherited socket is left to the next process
 *
 * PURPOSE  Whoever opened the socket for us (systemd) keeps it, and so its queue: a client that
 *          nobody accepts waits there, and is the next process's. So at a stop nobody is taken any
 *          more, while the sessions that run go on.
 * CONTRACT libmilter cannot be told to stop listening without dropping its sessions. So another
 *          socket, which nobody else can connect to, is put under the number of its descriptor.
 * THREADS  the signal thread, once.
 */
#ifndef MH_LEAVE_H
#define MH_LEAVE_H

#include <pthread.h>
#include <stdbool.h>

#include "socket.h"

/*
 * Pokes go to the new socket from now on. listener: the thread in smfi_main(). False, after a line
 * in the log, when it cannot be done.
 */
bool mh_leave(struct mh_socket *own, pthread_t listener);

/* After mh_leave(): is there a client in the queue? */
bool mh_leave_someone_waits(const struct mh_socket *own);

#endif /* MH_LEAVE_H */
