/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.c - see counters.h
 */
#include "counters.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

/* 40 numbers without labels, and a hundred with, of 40 letters and 20 digits; more is cut. */
enum { LINE_BYTES = MH_LOG_BYTES - 64 };

struct line {
    char text[LINE_BYTES];
    size_t length;
    unsigned long long hits, misses;
};

/*
 * Of those with labels there are hundreds, and most are zero for ever: "check_fails.no_ptr.observe"
 * only once there is one. What comes and goes with labels is for those who draw it, and so is how
 * long things took.
 */
static bool is_shown(const struct helo_counter *counter)
{
    return counter->labels[0].key == NULL ? counter->kind != HELO_HISTOGRAM
                                          : counter->kind == HELO_COUNTER && counter->value > 0;
}

static void add(void *arg, const struct helo_counter *counter)
{
    const char *first = counter->labels[0].key != NULL ? counter->labels[0].value : "";
    const char *second = counter->labels[1].key != NULL ? counter->labels[1].value : "";
    struct line *line = arg;
    size_t room = sizeof line->text - line->length;
    int wanted;

    if (!is_shown(counter))
        return;
    wanted = snprintf(line->text + line->length, room, " %s%s%s%s%s=%llu", counter->name,
                      first[0] != '\0' ? "." : "", first, second[0] != '\0' ? "." : "", second,
                      counter->value);
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
