/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * track.c - what is open in a log, see track.h
 */
#include "tools/log/track.h"

#include <stdlib.h>
#include <string.h>

/* A row's number is its index plus 1, so that a table of zeros is an empty one. */
enum { TRACK_NONE, BUFFER_FIRST = 256 };

static struct track_row *row_of(const struct track *track, uint32_t number)
{
    return &track->rows[number - 1];
}

static uint32_t number_of(const struct track *track, const struct track_row *row)
{
    return (uint32_t)(row - track->rows) + 1;
}

int track_init(struct track *track, uint32_t count)
{
    *track = (struct track){.count = count};
    track->rows = calloc(count, sizeof *track->rows);
    track->buckets = calloc(count, sizeof *track->buckets);
    return track->rows != NULL && track->buckets != NULL;
}

void track_fini(struct track *track)
{
    for (uint32_t i = 0; i < track->touched; i++) {
        free(track->rows[i].text.bytes);
        free(track->rows[i].rcpt.bytes);
    }
    free(track->rows);
    free(track->buckets);
    *track = (struct track){0};
}

static uint32_t *bucket_of(const struct track *track, uint64_t hash)
{
    return &track->buckets[(uint32_t)(hash >> 32 ^ hash) & (track->count - 1)];
}

struct track_row *track_find(const struct track *track, uint64_t hash)
{
    uint32_t at = *bucket_of(track, hash);

    while (at != TRACK_NONE && row_of(track, at)->hash != hash)
        at = row_of(track, at)->chain;
    return at != TRACK_NONE ? row_of(track, at) : NULL;
}

int track_is_full(const struct track *track)
{
    return track->free == TRACK_NONE && track->touched == track->count;
}

struct track_row *track_oldest(const struct track *track)
{
    return track->oldest != TRACK_NONE ? row_of(track, track->oldest) : NULL;
}

/* Empty, but for its buffers, which the next mail will want, too. */
static void reset(struct track_row *row)
{
    struct row_buffer text = row->text, rcpt = row->rcpt;

    text.used = rcpt.used = 0;
    *row = (struct track_row){.text = text, .rcpt = rcpt};
}

void track_remove(struct track *track, struct track_row *row)
{
    uint32_t number = number_of(track, row);
    uint32_t *link = bucket_of(track, row->hash);

    while (*link != number)
        link = &row_of(track, *link)->chain;
    *link = row->chain;
    *(row->older != TRACK_NONE ? &row_of(track, row->older)->newer : &track->oldest) = row->newer;
    *(row->newer != TRACK_NONE ? &row_of(track, row->newer)->older : &track->newest) = row->older;
    reset(row);
    row->chain = track->free;
    track->free = number;
}

static struct track_row *take_free(struct track *track)
{
    struct track_row *row = track_oldest(track);

    if (track_is_full(track) && row != NULL)
        track_remove(track, row);
    if (track->free == TRACK_NONE)
        return &track->rows[track->touched++];
    row = row_of(track, track->free);
    track->free = row->chain;
    return row;
}

struct track_row *track_add(struct track *track, uint64_t hash)
{
    uint32_t *bucket = bucket_of(track, hash);
    struct track_row *row = take_free(track);
    uint32_t number = number_of(track, row);

    reset(row);
    row->hash = hash;
    row->chain = *bucket;
    row->older = track->newest;
    *(track->newest != TRACK_NONE ? &row_of(track, track->newest)->newer : &track->oldest) = number;
    track->newest = number;
    *bucket = number;
    return row;
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Returns 0 without memory, 1 when `more` bytes fit, -1 when they are too many. */
static int reserve(struct row_buffer *buffer, size_t more)
{
    size_t wanted = buffer->used + more, room = buffer->room > 0 ? buffer->room : BUFFER_FIRST;
    char *bytes;

    if (wanted <= buffer->room)
        return 1;
    if (wanted > ROW_TEXT_MAX)
        return -1;
    while (room < wanted)
        room *= 2;
    bytes = realloc(buffer->bytes, room);
    if (bytes == NULL)
        return 0;
    buffer->bytes = bytes;
    buffer->room = (uint32_t)room;
    return 1;
}

static void append(struct row_buffer *buffer, struct span value)
{
    memcpy(buffer->bytes + buffer->used, value.at, value.length);
    buffer->bytes[buffer->used + value.length] = '\0';
    buffer->used += (uint32_t)value.length + 1;
}

static struct span bounded(struct span value)
{
    if (value.length > ENTRY_TEXT_MAX)
        value.length = ENTRY_TEXT_MAX;
    return value;
}

const char *row_get(const struct track_row *row, enum row_text which)
{
    return row->text_at[which] > 0 ? row->text.bytes + row->text_at[which] - 1 : NULL;
}

void row_unset(struct track_row *row, enum row_text which)
{
    row->text_at[which] = 0;
}

/* Drops the values that others have taken the place of. */
static void compact(struct track_row *row)
{
    char kept[ROW_TEXT_MAX];
    uint32_t used = 0;

    for (size_t i = 0; i < ROW_TEXTS; i++) {
        const char *text = row_get(row, (enum row_text)i);

        if (text == NULL)
            continue;
        memcpy(kept + used, text, strlen(text) + 1);
        row->text_at[i] = used + 1;
        used += (uint32_t)strlen(text) + 1;
    }
    memcpy(row->text.bytes, kept, used);
    row->text.used = used;
}

int row_set(struct track_row *row, enum row_text which, struct span value)
{
    const char *now = row_get(row, which);
    int room;

    value = bounded(value);
    if (now != NULL && strlen(now) == value.length && memcmp(now, value.at, value.length) == 0)
        return 1;
    row_unset(row, which);
    room = reserve(&row->text, value.length + 1);
    if (room < 0) {
        compact(row);
        room = reserve(&row->text, value.length + 1);
    }
    if (room == 0)
        return 0;
    if (room > 0) {
        row->text_at[which] = row->text.used + 1;
        append(&row->text, value);
    }
    return 1; /* a row that is full does without: not known */
}

int row_add_rcpt(struct track_row *row, struct span value)
{
    int room;

    value = bounded(value);
    for (uint32_t at = 0; at < row->rcpt.used;) {
        size_t length = strlen(row->rcpt.bytes + at);

        if (length == value.length && memcmp(row->rcpt.bytes + at, value.at, length) == 0)
            return 1;
        at += (uint32_t)length + 1;
    }
    room = reserve(&row->rcpt, value.length + 1);
    row->rcpts_cut = row->rcpts_cut || room < 0;
    if (room > 0) {
        append(&row->rcpt, value);
        row->rcpts++;
    }
    return room != 0;
}
