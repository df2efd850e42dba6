/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.h - the running filter
 *
 * PURPOSE  From a set-up to a filter that serves: rights given up, engine, socket, threads; its
 *          reload and its stop.
 * THREADS  mh_server_run() in the first thread; reload and stop in the signal thread.
 */
#ifndef MH_SERVER_H
#define MH_SERVER_H

#include "exit.h"
#include "setup.h"

/*
 * Runs until the process ends; returns only when something failed, and has logged it. ready is of
 * mh_daemon_detach(), or -1 in the foreground. setup must live as long.
 */
enum mh_exit mh_server_run(const struct mh_setup *setup, int ready);

#endif /* MH_SERVER_H */
