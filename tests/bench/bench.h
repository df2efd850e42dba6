/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h - measure operations against a reference in the same run
 *
 * PURPOSE  A table of rows, each an operation; what comes out are nanoseconds and, what can be
 *          compared between machines and days, the ratio to another row of the same table.
 * CONTRACT Rows take turns: every round runs each of them once, so that a machine that slows down
 *          slows them all. The ratio is taken within each round. Printed are the medians and, in
 *          brackets, the lowest and highest of all rounds; the first round warms up and is not
 *          counted.
 * THREADS  one; the clock is this thread's CPU time, so other processes cost only cache.
 *
 * RECIPE
 *   static uint64_t judge(void *arg, size_t times)  runs it so many times; what it returns is kept
 *                                                   alive, so that no compiler leaves it out
 *   const struct bench_row rows[] = {BENCH_REFERENCE, {"a verdict", judge, &verdict, 100000, 0}};
 *   bench_run("verdicts", rows, BENCH_COUNT(rows), &options);  the last number of a row tells which
 *                                                   one its ratio is to
 */
#ifndef HELO_TESTS_BENCH_H
#define HELO_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { BENCH_ROWS = 24, BENCH_ROUNDS = 11, BENCH_MAX_ROUNDS = 101 };

struct bench_row {
    const char *name;
    uint64_t (*run)(void *arg, size_t times);
    void *arg;
    size_t times;   /* in one round */
    size_t against; /* the row of the ratio */
};

struct bench_options {
    size_t rounds;
    const char *only; /* rows whose name has this; NULL: all */
};

/* Nothing measures past a broken set-up. */
static inline void bench_must(bool met, const char *what)
{
    if (!met) {
        (void)fprintf(stderr, "bench: %s\n", what);
        exit(70); /* EX_SOFTWARE */
    }
}

/* ---- the reference --------------------------------------------------------------------------- */

/* Numbers that are the same on every machine: xorshift64. */
static inline uint64_t bench_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/*
 * Of this file and not of the library, so that it stays what it is when the library gets faster.
 * Six instructions a step, each of which waits for the one before: only the core's clock counts.
 */
static inline uint64_t bench_steps(void *arg, size_t times)
{
    uint64_t seed = 88172645463325252u;

    (void)arg;
    for (size_t i = 0; i < times * 64; i++)
        (void)bench_random(&seed);
    return seed;
}

#define BENCH_REFERENCE                                                    \
    {                                                                      \
        "64 steps of xorshift64 (reference)", bench_steps, NULL, 200000, 0 \
    }

/* ---- rounds ---------------------------------------------------------------------------------- */

static volatile uint64_t bench_kept;

static inline double bench_time(const struct bench_row *row)
{
    struct timespec begin, end;

    bench_must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin) == 0, "no clock");
    bench_kept = row->run(row->arg, row->times);
    bench_must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end) == 0, "no clock");
    return ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
           (double)row->times;
}

static inline int bench_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static inline void bench_print(const struct bench_row *row, double *ns, double *ratio,
                               size_t rounds)
{
    size_t last = rounds - 1;

    qsort(ns, rounds, sizeof(*ns), bench_compare);
    qsort(ratio, rounds, sizeof(*ratio), bench_compare);
    (void)printf("%-44s %12.1f [%.1f-%.1f] %12.0f %9.3f [%.3f-%.3f]\n", row->name, ns[rounds / 2],
                 ns[0], ns[last], 1e9 / ns[rounds / 2], ratio[rounds / 2], ratio[0], ratio[last]);
}

/* The rows that were asked for, and those they are compared with. */
static inline size_t bench_select(const struct bench_row *rows, size_t count, const char *only,
                                  size_t selected[BENCH_ROWS])
{
    bool wanted[BENCH_ROWS] = {false};
    size_t found = 0;

    bench_must(count <= BENCH_ROWS, "too many rows");
    for (size_t i = 0; i < count; i++) {
        if (only == NULL || strstr(rows[i].name, only) != NULL)
            wanted[i] = wanted[rows[i].against] = true;
    }
    for (size_t i = 0; i < count; i++) {
        if (wanted[i])
            selected[found++] = i;
    }
    return found;
}

static inline void bench_run(const char *title, const struct bench_row *rows, size_t count,
                             const struct bench_options *options)
{
    static double ns[BENCH_ROWS][BENCH_MAX_ROUNDS];
    static double ratio[BENCH_ROWS][BENCH_MAX_ROUNDS];
    size_t selected[BENCH_ROWS];
    size_t found = bench_select(rows, count, options->only, selected);

    if (found == 0)
        return;
    for (size_t i = 0; i < found; i++)
        (void)bench_time(&rows[selected[i]]);
    for (size_t round = 0; round < options->rounds; round++) {
        for (size_t i = 0; i < found; i++)
            ns[selected[i]][round] = bench_time(&rows[selected[i]]);
        for (size_t i = 0; i < found; i++)
            ratio[selected[i]][round] =
                ns[selected[i]][round] / ns[rows[selected[i]].against][round];
    }
    (void)printf("%-44s %12s %20s %9s  (%zu rounds)\n", title, "ns [low-high]", "per second",
                 "ratio", options->rounds);
    for (size_t i = 0; i < found; i++)
        bench_print(&rows[selected[i]], ns[selected[i]], ratio[selected[i]], options->rounds);
}

static inline struct bench_options bench_options(int argc, char **argv)
{
    unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : BENCH_ROUNDS;

    if (argc > 3 || rounds < 1 || rounds > BENCH_MAX_ROUNDS) {
        (void)fprintf(stderr,
                      "usage: %s [ROUNDS [TEXT]]    1 to %d rounds (default %d) of the rows whose "
                      "name has TEXT\n",
                      argv[0], BENCH_MAX_ROUNDS, BENCH_ROUNDS);
        exit(64); /* EX_USAGE */
    }
    return (struct bench_options){rounds, argc > 2 ? argv[2] : NULL};
}

#endif /* HELO_TESTS_BENCH_H */
