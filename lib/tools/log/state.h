/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state.h - what the readers of the formats share: the line, the tables, the way out
 *
 * PURPOSE  A reader takes a frame (frame.h) apart and says what it found: at once, with
 *          state_emit(), or bit by bit in a row of a table, until state_finish().
 * CONTRACT Only reader.c makes a state. A reader that finds itself without memory sets `failed`.
 * OWNERSHIP Text of state_text() lives until the next line.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_LOG_STATE_H
#define HELO_TOOLS_LOG_STATE_H

#include "tools/log/frame.h"
#include "tools/log/reader.h"
#include "tools/log/seen.h"
#include "tools/log/span.h"
#include "tools/log/stamp.h"
#include "tools/log/track.h"

enum {
    /* One of each value that a line of ours can have, and those that are made of others. */
    STATE_TEXT_SIZE = 24 * (ENTRY_TEXT_MAX + 1),
    STATE_MESSAGE_SIZE = 320
};

struct log_state {
    const struct log_options *options;
    struct log_coverage *out;
    struct track connections, mails;
    struct seen seen;
    struct stamp_clock clock;
    /* The line being read. */
    const char *path;
    unsigned long long line;
    unsigned notices;              /* told of this file */
    unsigned long long connection; /* the number given last */
    enum helo_status failed;
    int has_own;    /* verdicts of our own log were read */
    int has_mta;    /* and mail of an MTA's, whose HELO is known */
    int stopped;    /* entry() has ended the reading */
    int no_look_up; /* who wrote the line looks no client up: postscreen */
    int text_full;  /* the line has more values than there is room for */
    size_t text_used;
    char text[STATE_TEXT_SIZE];
};

/* ---- keys ------------------------------------------------------------------------------------ */

/* What two lines must have in common. */
uint64_t state_key_process(const struct frame *frame, struct span program);
uint64_t state_key_mail(struct span host, struct span qid);
uint64_t state_key_client(struct span client);

/*
 * Who is connected to an MTA that logs it, for lines of our own log in the same file: it has no
 * number of the connection. Two connections of one client at once cannot be told apart.
 */
void state_connected(struct log_state *state, const struct track_row *connection);
void state_disconnected(struct log_state *state, struct span client);
void state_add_connection(const struct log_state *state, struct log_entry *entry);

/* ---- text ------------------------------------------------------------------------------------ */

/* With a NUL, cut to ENTRY_TEXT_MAX; "" and text_full when the line has more than there is room
   for. */
const char *state_text(struct log_state *state, struct span value);
/* The same of what may have a NUL in it: with the length that was kept. */
struct span state_bytes(struct log_state *state, struct span value);
/* The host's name when it is a full one, else NULL. */
const char *state_server(struct log_state *state, struct span host);
/* An IP address as text; one of IPv6, which may have Sendmail's "IPv6:" before it, is made to be as
   RFC 5952 writes it, since programs do not agree. */
int state_is_address(struct log_state *state, struct span *address);
/* A qid of any MTA: 5 to 32 letters, digits and hyphens. */
int state_is_qid(struct span qid);

/* ---- entries --------------------------------------------------------------------------------- */

struct log_entry state_entry(const struct log_state *state, const struct frame *frame);
/* Hands an entry out, unless it was handed out before. */
void state_emit(struct log_state *state, enum log_format format, const struct log_entry *entry);
/* Hands out what a row has gathered. */
void state_emit_row(struct log_state *state, const struct track_row *row);
/* The same of a row of `mails`, and takes it out of the table. */
void state_finish(struct log_state *state, struct track_row *row);
/* A new row of `mails`, with what the frame says. One that is there under the same queue id is
   finished; so is the oldest, when there is no room. */
struct track_row *state_mail(struct log_state *state, const struct frame *frame,
                             enum log_format format, struct span qid);
/* The row that these lines go on about, or NULL, and then it is counted. */
struct track_row *state_mail_find(struct log_state *state, const struct frame *frame,
                                  struct span qid);
void state_set(struct log_state *state, struct track_row *row, enum row_text which,
               struct span value);

/* ---- findings -------------------------------------------------------------------------------- */

static inline void state_count(struct log_state *state, enum log_fact fact)
{
    state->out->fact[fact]++;
}

/* Counts a line that is wrong, and tells of it. */
void state_wrong(struct log_state *state, unsigned column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void state_notice(struct log_state *state, unsigned long long line, unsigned column,
                  const char *message);

#endif /* HELO_TOOLS_LOG_STATE_H */
