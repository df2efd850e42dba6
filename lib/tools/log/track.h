/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * track.h - what is open in a log: connections, and mail whose end was not read yet
 *
 * PURPOSE  The lines of an MTA about one mail stand apart, with hundreds of others between them.
 *          A row gathers them, under the hash of what they have in common (the process, the queue
 *          id).
 * CONTRACT When all rows are in use the one that was added first makes room. Two keys with the same
 *          64 bits are one; keys are the MTA's and not the client's.
 * OWNERSHIP Rows belong to the table, and their texts to the rows: both live until the row is
 *          removed, texts until the next row_set() of the row.
 * THREADS  one.
 * LIMITS   Below. In all some 8 MiB for a usual log, and never more than rows * 2 * ROW_TEXT_MAX,
 *          170 MiB, for one that was made to fill every row.
 */
#ifndef HELO_TOOLS_LOG_TRACK_H
#define HELO_TOOLS_LOG_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include "tools/log/entry.h"
#include "tools/log/reader.h"
#include "tools/log/span.h"

enum {
    /* Connections open at once: Postfix has 100 to a service, big relays some thousands; a host
       that gathers the logs of many has them all. */
    TRACK_CONNECTIONS = 4096,
    /* Mail between its receipt and its last delivery. Most is gone in a second; what waits longer
       is handed out as it is when the row is wanted. */
    TRACK_MAILS = 16384,
    /* Of a row: all values of a usual mail are below 300 bytes; this is for one value of full
       length beside them. And the same for its recipients: RFC 5321 4.5.3.1.8 wants 100. */
    ROW_TEXT_MAX = 4096
};

enum row_text {
    ROW_CLIENT,
    ROW_PTR,
    ROW_HELO,
    ROW_FROM,
    ROW_AUTH,
    ROW_SERVER,
    ROW_LISTENER,
    ROW_QID,
    ROW_TEXTS
};

struct row_buffer {
    char *bytes;
    uint32_t used, room;
};

struct track_row {
    uint64_t hash;
    uint32_t chain, older, newer; /* numbers of rows, 0 behind the last */
    /* What entry.h says of these. */
    long long time_s;
    unsigned long long line, connection;
    const char *path;
    enum log_format format;
    enum log_ptr ptr_status;
    enum log_helo helo_status;
    enum log_outcome outcome;
    unsigned port;
    /* Recipients the MTA has said there are (0: it has not), and those read. */
    unsigned expected, rcpts;
    int silent; /* the same mail was handed out before: a content filter gave it back */
    int rcpts_cut;
    uint32_t text_at[ROW_TEXTS];  /* in text, behind its offset 0; 0: not known */
    struct row_buffer text, rcpt; /* rcpt: one behind the other, each with its NUL */
};

struct track {
    struct track_row *rows;
    uint32_t *buckets;
    uint32_t count;   /* of rows, a power of two */
    uint32_t touched; /* rows that were ever in use: the first ones */
    uint32_t free, oldest, newest;
};

/* Returns 0 without memory; track_fini() is fine then. count: a power of two. */
int track_init(struct track *track, uint32_t count);
void track_fini(struct track *track);

struct track_row *track_find(const struct track *track, uint64_t hash);
int track_is_full(const struct track *track);
/* A new row, empty; the hash is in no other. */
struct track_row *track_add(struct track *track, uint64_t hash);
void track_remove(struct track *track, struct track_row *row);
/* The row that was added first, or NULL. */
struct track_row *track_oldest(const struct track *track);

/* NULL: not known. */
const char *row_get(const struct track_row *row, enum row_text which);
/* Cut to ENTRY_TEXT_MAX. Returns 0 without memory. */
int row_set(struct track_row *row, enum row_text which, struct span value);
void row_unset(struct track_row *row, enum row_text which);
/* Once each; past ROW_TEXT_MAX only rcpts_cut is set. Returns 0 without memory. */
int row_add_rcpt(struct track_row *row, struct span value);

#endif /* HELO_TOOLS_LOG_TRACK_H */
