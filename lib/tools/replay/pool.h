/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.h - several entries judged at a time: who asks DNS mostly waits
 *
 * PURPOSE  --dns: POOL_WORKERS sessions in flight on one engine, whose cache they share, and no
 *          more questions a second than the site's resolver is to be asked.
 * CONTRACT Entries are tallied in the order in which they are ready. pool_add() waits while
 *          POOL_QUEUE entries do.
 * OWNERSHIP Entries are copied. The bench and the tally are the caller's, and the pool's until
 *          pool_finish().
 * THREADS  pool_add() and pool_finish() from one thread.
 */
#ifndef HELO_REPLAY_POOL_H
#define HELO_REPLAY_POOL_H

#include "tools/replay/judge.h"
#include "tools/replay/tally.h"

enum { POOL_WORKERS = 32, POOL_QUEUE = 128 };

struct pool;

/*
 * rate: questions a second. workers: POOL_WORKERS at most; with one, entries are tallied in the
 * order of the log, whatever the machine does. HELO_NOMEM, HELO_SYSTEM.
 */
enum helo_status pool_create(const struct judge_bench *bench, struct tally *tally, unsigned rate,
                             size_t workers, struct pool **out);
/* Fails when judging has failed. */
enum helo_status pool_add(struct pool *pool, const struct log_entry *entry);
/* Waits for all that was added (`hurry`: drops what has not begun), and frees the pool. */
enum helo_status pool_finish(struct pool *pool, int hurry);

#endif /* HELO_REPLAY_POOL_H */
