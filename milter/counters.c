/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.c - see counters.h
 */
#include "counters.h"

#include <stdio.h>
#include <string.h>

#include "log.h"

enum { LINE_BYTES = 2048 }; /* some 20 counters of 20 letters and 20 digits are below half of it */

struct line {
    char text[LINE_BYTES];
    size_t length;
    unsigned long long hits, misses;
};

static void add(void *arg, const struct helo_counter *counter)
{
    struct line *line = arg;
    size_t room = sizeof line->text - line->length;
    int wanted =
        snprintf(line->text + line->length, room, " %s=%llu", counter->name, counter->value);

    if (wanted > 0 && (size_t)wanted < room)
        line->length += (size_t)wanted;
    else
        line->text[line->length] = '\0'; /* whole counters only */
    if (strcmp(counter->name, "cache_hits") == 0)
        line->hits = counter->value;
    if (strcmp(counter->name, "cache_misses") == 0)
        line->misses = counter->value;
}

void mh_counters_log(helo_engine *engine)
{
    struct line line = {.text = ""};
    double asked;

    helo_engine_counters(engine, add, &line);
    asked = (double)line.hits + (double)line.misses;
    mh_log(LOG_NOTICE, "counters:%s cache_hit_ratio=%.3f", line.text,
           asked > 0 ? (double)line.hits / asked : 0);
}
