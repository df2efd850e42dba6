/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * postscreen.c - Postfix's doorman
 *
 * PURPOSE  One process for all clients, which are told apart by address and port. It refuses at
 *          RCPT with all that was said; a client that speaks before its turn and hangs up is known
 *          by the line "PREGREET".
 * CONTRACT PREGREET shows what the client sent, escaped as C strings are, and cut at 100 bytes; of
 *          that, the argument of a HELO or EHLO that is whole is taken. When the client is let
 *          through, or refused by a line with its HELO, that line is what counts.
 */
#include "tools/log/format.h"

/* The row of mails, or of connections, for one client and port. */
static uint64_t key_of(const struct frame *frame, const struct peer *peer)
{
    struct span port = {(const char *)&peer->port, sizeof peer->port};
    uint64_t hash = span_hash(span_hash(span_seed(), frame->host), peer->address);

    return span_hash(hash, port);
}

/*
 * Takes "[203.0.113.9]:40543", which is also the queue id for the table of mails: no other has a
 * bracket.
 */
static int take_client(struct log_state *state, struct span *rest, struct peer *peer,
                       struct span *qid)
{
    struct span before = *rest;

    if (!peer_take(state, rest, peer))
        return 0;
    *qid = span_before(before, rest->at);
    return 1;
}

static struct track_row *held(struct log_state *state, const struct frame *frame, struct span qid)
{
    return track_find(&state->mails, state_key_mail(frame->host, qid));
}

static struct track_row *connection(struct log_state *state, const struct frame *frame,
                                    const struct peer *peer)
{
    uint64_t key = key_of(frame, peer);
    struct track_row *row = track_find(&state->connections, key);

    if (row == NULL)
        row = track_add(&state->connections, key);
    if (row->connection == 0)
        row->connection = ++state->connection;
    return row;
}

/* "[203.0.113.9]:40543 to [192.0.2.1]:2525" */
static void read_connect(struct log_state *state, const struct frame *frame, struct span rest)
{
    struct track_row *row;
    struct peer peer, server;

    if (!peer_take(state, &rest, &peer))
        return;
    row = connection(state, frame, &peer);
    if (span_take(&rest, SPAN(" to ")) && peer_take(state, &rest, &server))
        row->port = server.port <= 65535 ? server.port : 0;
}

/* "EHLO mail.example\r\n" */
static int read_greeting(struct span said, struct span *helo)
{
    const char *end = span_find(said, SPAN("\\r\\n"));

    if (end == NULL || (!span_take(&said, SPAN("EHLO ")) && !span_take(&said, SPAN("HELO "))))
        return 0;
    *helo = span_before(said, end);
    return helo->length > 0;
}

/* "24 after 0.03 from [203.0.113.120]:42813: EHLO pre.greet.example\r\n" */
static void read_pregreet(struct log_state *state, const struct frame *frame, struct span rest)
{
    const char *from = span_find(rest, SPAN(" from ["));
    struct track_row *row, *open;
    struct span helo, qid;
    struct peer peer;

    if (from == NULL)
        return;
    rest = span_behind(rest, from + sizeof " from " - 1);
    if (!take_client(state, &rest, &peer, &qid) || !span_take(&rest, SPAN(": ")) ||
        !read_greeting(rest, &helo))
        return;
    open = connection(state, frame, &peer);
    row = state_mail(state, frame, LOG_FORMAT_POSTFIX, qid);
    row_unset(row, ROW_QID);
    row->connection = open->connection;
    row->port = open->port;
    row->helo_status = LOG_HELO_SAID;
    state_set(state, row, ROW_CLIENT, peer.address);
    state_set(state, row, ROW_HELO, helo);
}

/* "reject: RCPT from [203.0.113.120]:36333: 550 5.5.1 Protocol error; from=<a>, to=<b>, ..." */
static void read_reject(struct log_state *state, const struct frame *frame, struct span rest)
{
    struct log_entry entry = state_entry(state, frame);
    struct track_row *row, *waiting;
    struct span stage, qid;
    struct told told;
    struct peer peer;

    if (!span_until(&rest, ' ', &stage) || !span_take(&rest, SPAN("from ")) ||
        !take_client(state, &rest, &peer, &qid) || !span_take(&rest, SPAN(": ")))
        return;
    told_read(rest, &told);
    row = connection(state, frame, &peer);
    told_helo(state, &told, stage, &entry);
    entry.client = state_text(state, peer.address);
    entry.connection = row->connection;
    entry.listener_port = row->port;
    entry.server = state_server(state, frame->host);
    entry.from = told.has_from ? told_from(state, told.from) : NULL;
    entry.rcpt = told.has_rcpt ? state_text(state, told.rcpt) : NULL;
    entry.outcome = told_outcome(&told);
    waiting = held(state, frame, qid);
    if (waiting != NULL)
        track_remove(&state->mails, waiting);
    state_emit(state, LOG_FORMAT_POSTFIX, &entry);
}

static void read_end(struct log_state *state, const struct frame *frame, struct span rest,
                     int is_passed)
{
    struct track_row *row;
    struct peer peer;
    struct span qid;

    if (!take_client(state, &rest, &peer, &qid))
        return;
    row = held(state, frame, qid);
    if (row != NULL && is_passed)
        track_remove(&state->mails, row); /* smtpd will say what becomes of it */
    else if (row != NULL)
        state_finish(state, row);
    row = track_find(&state->connections, key_of(frame, &peer));
    if (row != NULL)
        track_remove(&state->connections, row);
}

void format_postscreen(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message;

    state->no_look_up = 1;
    if (span_take(&rest, SPAN("CONNECT from ")))
        read_connect(state, frame, rest);
    else if (span_take(&rest, SPAN("PREGREET ")))
        read_pregreet(state, frame, rest);
    else if (span_take(&rest, SPAN("NOQUEUE: reject: ")))
        read_reject(state, frame, rest);
    else if (span_take(&rest, SPAN("PASS NEW ")) || span_take(&rest, SPAN("PASS OLD ")))
        read_end(state, frame, rest, 1);
    else if (span_take(&rest, SPAN("DISCONNECT ")))
        read_end(state, frame, rest, 0);
}
