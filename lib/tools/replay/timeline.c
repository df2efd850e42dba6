/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timeline.c - see timeline.h
 */
#include "tools/replay/timeline.h"

#include <string.h>

/* Each is a multiple of the one before, so that buckets can be joined. */
static const struct {
    long long width_s;
    const char *text;
} scales[] = {
    {60, "minute"}, {600, "10 minutes"}, {3600, "hour"},
    {86400, "day"}, {604800, "week"},    {2419200, "4 weeks"},
};

enum {
    SCALES = sizeof(scales) / sizeof(scales[0]),
    SCALE_WEEK = 4,
    /* 1970-01-01 was a Thursday: four days earlier than weeks from Monday want it. */
    MONDAY_S = 4 * 86400
};

static long long origin_s(unsigned scale)
{
    return scale >= SCALE_WEEK ? MONDAY_S : 0;
}

/* Rounds down, also before 1970. */
static long long bucket_of(unsigned scale, long long time_s)
{
    long long since = time_s - origin_s(scale), width = scales[scale].width_s;

    return since >= 0 ? since / width : -((width - 1 - since) / width);
}

static void join(struct timeline *line)
{
    unsigned scale = line->scale + 1;
    long long first = bucket_of(scale, timeline_start(line, 0));
    size_t last = 0;

    for (size_t i = 0; i < line->used; i++) {
        unsigned row[TIMELINE_KINDS];
        size_t to = (size_t)(bucket_of(scale, timeline_start(line, i)) - first);

        memcpy(row, line->count[i], sizeof(row));
        memset(line->count[i], 0, sizeof(row));
        for (size_t kind = 0; kind < TIMELINE_KINDS; kind++)
            line->count[to][kind] += row[kind];
        last = to;
    }
    line->scale = scale;
    line->first = first;
    line->used = line->used == 0 ? 0 : last + 1;
}

/* Makes bucket `number` one of those in use; 0 when the span is too long. */
static int reach(struct timeline *line, long long number)
{
    long long end = line->first + (long long)line->used;
    size_t shift;

    if (line->used == 0)
        line->first = end = number;
    if (number >= line->first + TIMELINE_BUCKETS || number < end - TIMELINE_BUCKETS)
        return 0;
    if (number < line->first) {
        shift = (size_t)(line->first - number);
        memmove(line->count[shift], line->count[0], line->used * sizeof(line->count[0]));
        memset(line->count[0], 0, shift * sizeof(line->count[0]));
        line->first = number;
        line->used += shift;
    } else if (number >= end) {
        line->used = (size_t)(number - line->first) + 1;
    }
    return 1;
}

void timeline_add(struct timeline *line, long long time_s, unsigned kind)
{
    while (!reach(line, bucket_of(line->scale, time_s))) {
        if (line->scale + 1 == SCALES)
            return;
        join(line);
    }
    line->count[bucket_of(line->scale, time_s) - line->first][kind]++;
}

void timeline_coarsen(struct timeline *line, size_t most)
{
    while (line->used > most && line->scale + 1 < SCALES)
        join(line);
}

long long timeline_start(const struct timeline *line, size_t i)
{
    return (line->first + (long long)i) * scales[line->scale].width_s + origin_s(line->scale);
}

long long timeline_width_s(const struct timeline *line)
{
    return scales[line->scale].width_s;
}

const char *timeline_width_text(const struct timeline *line)
{
    return scales[line->scale].text;
}
