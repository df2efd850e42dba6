/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h - the engines that cases are judged by
 *
 * PURPOSE  Policies are read once and their engines made once, however many cases name them; a case
 *          with DNS records of its own gets an engine for itself.
 * OWNERSHIP The bench has what it made until bench_fini().
 * THREADS  one.
 */
#ifndef HELO_TOOLS_BENCH_H
#define HELO_TOOLS_BENCH_H

#include "include/helo.h"
#include "tools/field.h"
#include "tools/tool.h"

enum { BENCH_POLICIES = 64 }; /* different ones in a batch */

struct bench_row {
    char *path; /* NULL: the built-in policy */
    enum helo_status status;
    helo_policy *policy; /* NULL when it could not be read */
    helo_engine *engine; /* NULL until it is wanted */
};

struct bench {
    int offline;     /* DNS is not asked */
    helo_zone *zone; /* for all cases without one; NULL: ask real name servers */
    struct bench_row rows[BENCH_POLICIES];
    size_t count;
    struct print_diags diags;
};

void bench_init(struct bench *bench);
void bench_fini(struct bench *bench);
/* Answers questions from a file; before any engine. Findings go to stderr. */
enum helo_status bench_load_zone(struct bench *bench, const char *path);
/*
 * The row of a policy (NULL: built-in). Its status is told; findings go to stderr, at the first
 * time only.
 */
enum helo_status bench_policy(struct bench *bench, const char *path, struct bench_row **out);
/* The row's engine, on the bench's zone or on real name servers. */
enum helo_status bench_engine(struct bench *bench, struct bench_row *row, helo_engine **out);

#endif /* HELO_TOOLS_BENCH_H */
