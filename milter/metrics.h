/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics.h - the filter's numbers for those who watch it
 *
 * PURPOSE  metrics.listen and metrics.file: from the policy to a thread each.
 * CONTRACT Mail comes first. What is wrong with the set-up is said before the filter starts; what
 *          goes wrong later is logged, and the filter serves without. A port that is taken, as by a
 *          process that is about to end, is tried again until it is free. Sessions, signals and the
 *          stop never wait for a disk, nor for whoever reads.
 * THREADS  check and open before there are others; begin, then stop, once.
 */
#ifndef MH_METRICS_H
#define MH_METRICS_H

#include "exit.h"
#include "helo.h"
#include "setup.h"
#include "socket.h"

/* Can what the policy asks for be had? MH_EXIT_OK, _POLICY or _SYSTEM; what is wrong is logged. */
enum mh_exit mh_metrics_check(const struct mh_setup *setup);

/* Opens the socket, with the owner, group and mode of the milter's: may need root's rights. */
enum mh_exit mh_metrics_open(const struct mh_setup *setup);

/*
 * Starts what the policy asks for, when all rights are given up. milter: the socket of the mail;
 * once another process has taken it over, that one writes the file.
 */
void mh_metrics_begin(helo_engine *engine, const struct mh_socket *milter);

/* The last numbers into the file, if that takes no longer than 2 s; the path of the socket goes. */
void mh_metrics_stop(void);

#endif /* MH_METRICS_H */
