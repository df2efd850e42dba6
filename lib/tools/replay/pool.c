/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.c - see pool.h
 *
 * ALGORITHM  A ring of copied entries; each worker takes one, has its own judge, and holds the lock
 *          while it tallies. The rate: before a session is made, the number of questions that the
 *          engines have sent must not be more than the time passed allows, and one second's worth;
 *          else the worker waits.
 */
#include "tools/replay/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PACE_STEP_MS = 10, WORKER_SESSIONS = JUDGE_SESSIONS / POOL_WORKERS };

struct pool {
    struct judge_bench bench;
    struct tally *tally;
    unsigned rate;
    long long began_ms;
    pthread_mutex_t lock;
    pthread_cond_t not_full, not_empty;
    struct log_entry *ring[POOL_QUEUE];
    size_t head, count;
    int closed, hurry;
    enum helo_status status;
    pthread_t workers[POOL_WORKERS];
    size_t started;
};

/* ---- the rate -------------------------------------------------------------------------------- */

static long long now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void add_asked(void *arg, const struct helo_counter *counter)
{
    unsigned long long *sum = arg;

    if (strcmp(counter->name, "dns_asked") == 0)
        *sum += counter->value;
}

static int may_ask(struct pool *pool)
{
    unsigned long long asked = 0;
    unsigned long long passed = (unsigned long long)(now_ms() - pool->began_ms);
    int hurry;

    for (size_t i = 0; i < JUDGE_POLICIES; i++)
        if (pool->bench.engine[i] != NULL)
            helo_engine_counters(pool->bench.engine[i], add_asked, &asked);
    (void)pthread_mutex_lock(&pool->lock);
    hurry = pool->hurry;
    (void)pthread_mutex_unlock(&pool->lock);
    return hurry || asked <= pool->rate + pool->rate * passed / 1000;
}

static void pace(void *arg)
{
    const struct timespec step = {0, PACE_STEP_MS * 1000000L};

    while (!may_ask(arg))
        (void)nanosleep(&step, NULL);
}

/* ---- workers --------------------------------------------------------------------------------- */

/* Waits for an entry; NULL when there will be none. */
static struct log_entry *take(struct pool *pool)
{
    struct log_entry *entry = NULL;

    (void)pthread_mutex_lock(&pool->lock);
    while (pool->count == 0 && !pool->closed)
        (void)pthread_cond_wait(&pool->not_empty, &pool->lock);
    if (pool->count > 0) {
        entry = pool->ring[pool->head];
        pool->head = (pool->head + 1) % POOL_QUEUE;
        pool->count--;
        (void)pthread_cond_signal(&pool->not_full);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return entry;
}

static void judge_one(struct pool *pool, struct judge *judge, const struct log_entry *entry)
{
    struct judgement judgement;
    enum helo_status status = judge_entry(judge, entry, &judgement);

    (void)pthread_mutex_lock(&pool->lock);
    if (status == HELO_OK)
        tally_add(pool->tally, &judgement);
    else if (pool->status == HELO_OK)
        pool->status = status;
    (void)pthread_mutex_unlock(&pool->lock);
}

static void *work(void *arg)
{
    struct pool *pool = arg;
    struct judge *judge = judge_create(&pool->bench, WORKER_SESSIONS);
    struct log_entry *entry;

    while ((entry = take(pool)) != NULL) {
        if (judge != NULL)
            judge_one(pool, judge, entry);
        free(entry);
    }
    if (judge == NULL) {
        (void)pthread_mutex_lock(&pool->lock);
        pool->status = HELO_NOMEM;
        (void)pthread_mutex_unlock(&pool->lock);
    }
    judge_free(judge);
    return NULL;
}

enum helo_status pool_create(const struct judge_bench *bench, struct tally *tally, unsigned rate,
                             size_t workers, struct pool **out)
{
    struct pool *pool = calloc(1, sizeof(*pool));

    if (pool == NULL)
        return HELO_NOMEM;
    pool->bench = *bench;
    pool->bench.before_session = pace;
    pool->bench.arg = pool;
    pool->tally = tally;
    pool->rate = rate;
    pool->began_ms = now_ms();
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->not_full, NULL);
    (void)pthread_cond_init(&pool->not_empty, NULL);
    while (pool->started < workers && pool->started < POOL_WORKERS &&
           pthread_create(&pool->workers[pool->started], NULL, work, pool) == 0)
        pool->started++;
    if (pool->started == 0) {
        (void)pool_finish(pool, 1);
        return HELO_SYSTEM;
    }
    *out = pool;
    return HELO_OK;
}

enum helo_status pool_add(struct pool *pool, const struct log_entry *entry)
{
    struct log_entry *copy = log_entry_copy(entry);
    enum helo_status status;

    if (copy == NULL)
        return HELO_NOMEM;
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->count == POOL_QUEUE)
        (void)pthread_cond_wait(&pool->not_full, &pool->lock);
    pool->ring[(pool->head + pool->count++) % POOL_QUEUE] = copy;
    status = pool->status;
    (void)pthread_cond_signal(&pool->not_empty);
    (void)pthread_mutex_unlock(&pool->lock);
    return status;
}

enum helo_status pool_finish(struct pool *pool, int hurry)
{
    enum helo_status status;

    (void)pthread_mutex_lock(&pool->lock);
    pool->closed = 1;
    pool->hurry = hurry;
    for (; hurry && pool->count > 0; pool->count--) {
        free(pool->ring[pool->head]);
        pool->head = (pool->head + 1) % POOL_QUEUE;
    }
    (void)pthread_cond_broadcast(&pool->not_empty);
    (void)pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->started; i++)
        (void)pthread_join(pool->workers[i], NULL);
    status = pool->status;
    (void)pthread_mutex_destroy(&pool->lock);
    (void)pthread_cond_destroy(&pool->not_full);
    (void)pthread_cond_destroy(&pool->not_empty);
    free(pool);
    return status;
}
