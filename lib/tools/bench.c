/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.c - see bench.h
 */
#include "tools/bench.h"

#include <stdlib.h>
#include <string.h>

void bench_init(struct bench *bench)
{
    *bench = (struct bench){.diags = {.to = stderr}};
}

void bench_fini(struct bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        helo_engine_destroy(bench->rows[i].engine);
        helo_policy_unref(bench->rows[i].policy);
        free(bench->rows[i].path);
    }
    helo_zone_free(bench->zone);
}

enum helo_status bench_load_zone(struct bench *bench, const char *path)
{
    enum helo_status status = helo_zone_create(&bench->zone);

    return status == HELO_OK ? helo_zone_load(bench->zone, path, print_diag, &bench->diags)
                             : status;
}

static int is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static enum helo_status add_row(struct bench *bench, const char *path, struct bench_row **out)
{
    struct bench_row *row = &bench->rows[bench->count];

    *row = (struct bench_row){0};
    if (path != NULL) {
        row->path = strdup(path);
        if (row->path == NULL)
            return HELO_NOMEM;
        row->status = helo_policy_load(path, print_diag, &bench->diags, &row->policy);
    } else {
        row->status = helo_policy_default(&row->policy);
    }
    bench->count++;
    *out = row;
    return row->status;
}

enum helo_status bench_policy(struct bench *bench, const char *path, struct bench_row **out)
{
    for (size_t i = 0; i < bench->count; i++) {
        if (is_same(bench->rows[i].path, path)) {
            *out = &bench->rows[i];
            return bench->rows[i].status;
        }
    }
    return bench->count < BENCH_POLICIES ? add_row(bench, path, out) : HELO_LIMIT;
}

enum helo_status bench_engine(struct bench *bench, struct bench_row *row, helo_engine **out)
{
    const struct helo_engine_options options = {
        .size = sizeof(options), .zone = bench->zone, .all_facts = 1, .offline = bench->offline};
    enum helo_status status = HELO_OK;

    if (row->engine == NULL)
        status = helo_engine_create(row->policy, &options, &row->engine);
    if (status == HELO_OK)
        *out = row->engine;
    return status;
}
