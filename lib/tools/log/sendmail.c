/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sendmail.c - Sendmail's lines of from= and of refusals
 *
 * PURPOSE  Who sent how much to whom: Sendmail never logs the HELO, so that none of it can be
 *          judged, and the report says how much that is.
 * CONTRACT "relay=name [address]" is confirmed forward and back, "(may be forged)" behind it that
 *          it is not; "relay=[address]" has no name, for one reason or another;
 *          "relay=user@localhost" came by no socket. With the privacy option authwarnings it says
 *          who said no HELO. A refusal comes before the line "from=" of the same queue id; that of
 *          a milter does not name the client, and waits for it. The values of a line are
 *          Sendmail's, in its order; what a client said may stand in them, in angle brackets. So
 *          relay= is the last of the line, and reject= what is behind it.
 */
#include "tools/log/format.h"

/* "mail.example [192.0.2.1] (may be forged)", "[192.0.2.1]", "root@localhost" */
static int read_relay(struct log_state *state, struct span rest, struct log_entry *entry)
{
    const char *open = memchr(rest.at, '[', rest.length);
    struct span name, address;

    if (open == NULL) {
        entry->client = "local";
        entry->helo_status = LOG_HELO_NONE;
        return span_find(rest, SPAN("@")) != NULL;
    }
    name = span_before(rest, open);
    rest = span_behind(rest, open + 1);
    if (!span_until(&rest, ']', &address) || !state_is_address(state, &address))
        return 0;
    entry->client = state_text(state, address);
    if (name.length < 2)
        return 1;
    name.length--; /* the blank */
    entry->ptr = state_text(state, name);
    entry->ptr_status =
        span_take(&rest, SPAN(" (may be forged)")) ? LOG_PTR_FORGED : LOG_PTR_VERIFIED;
    return 1;
}

/* "key=<a@b.example>, ..." at the front */
static int find_path(struct span rest, struct span key, struct span *out)
{
    struct span path = rest;
    const char *end;

    if (!span_take(&path, key))
        return 0;
    rest = path;
    span_drop(&rest, span_quoted(path));
    end = memchr(rest.at, '>', rest.length);
    if (end == NULL)
        return 0;
    *out = span_before(path, end);
    return 1;
}

static void set_text(struct log_state *state, struct track_row *row, enum row_text which,
                     const char *text)
{
    if (text != NULL)
        state_set(state, row, which, span_of(text));
}

/* ---- what comes before from= ----------------------------------------------------------------- */

/* The row of a mail whose client is not known yet. */
static struct track_row *waiting(struct log_state *state, const struct frame *frame,
                                 struct span qid)
{
    struct track_row *row = track_find(&state->mails, state_key_mail(frame->host, qid));

    if (row == NULL) {
        row = state_mail(state, frame, LOG_FORMAT_SENDMAIL, qid);
        row->silent = 1;
    }
    return row;
}

static enum log_outcome outcome_of(const char *reply)
{
    return *reply == '4' ? LOG_OUTCOME_DEFERRED : LOG_OUTCOME_REJECTED;
}

/* rcpt: NULL when the sender was refused. */
static void refuse(struct log_state *state, const struct frame *frame, struct span qid,
                   const struct span *rcpt, const char *reply)
{
    struct track_row *row = waiting(state, frame, qid);

    row->outcome = outcome_of(reply);
    if (rcpt != NULL && !row_add_rcpt(row, *rcpt))
        state->failed = HELO_NOMEM;
}

static void read_milter(struct log_state *state, const struct frame *frame, struct span qid,
                        struct span rest)
{
    const char *reject = span_find(rest, SPAN(", reject="));
    struct span rcpt;

    if (reject != NULL && find_path(rest, SPAN("to=<"), &rcpt))
        refuse(state, frame, qid, &rcpt, reject + sizeof ", reject=" - 1);
}

/* "check_relay, arg1=mail.example, arg2=192.0.2.1, relay=..., reject=...": nothing was said yet */
static void read_relay_refused(struct log_state *state, const struct frame *frame, struct span rest)
{
    struct log_entry entry = state_entry(state, frame);
    const char *relay = span_find(rest, SPAN(", relay=")), *reject;

    if (relay == NULL)
        return;
    rest = span_behind(rest, relay + sizeof ", relay=" - 1);
    reject = span_find(rest, SPAN(", reject="));
    if (reject == NULL || !read_relay(state, span_before(rest, reject), &entry))
        return;
    entry.server = state_server(state, frame->host);
    entry.outcome = outcome_of(reject + sizeof ", reject=" - 1);
    state_emit(state, LOG_FORMAT_SENDMAIL, &entry);
}

/*
 * "check_rcpt, arg1=<joe@site.example>, relay=mail.example [192.0.2.1], reject=550 5.7.1 ...": what
 * stands behind arg1 may be the client's, so that relay= is not believed.
 */
static void read_ruleset(struct log_state *state, const struct frame *frame, struct span qid,
                         struct span rest)
{
    const char *reject = span_find_last(rest, SPAN(", reject="));
    struct span rcpt;

    if (reject == NULL)
        return;
    if (span_starts(rest, SPAN("check_relay,")))
        read_relay_refused(state, frame, rest);
    else if (span_starts(rest, SPAN("check_mail,")))
        refuse(state, frame, qid, NULL, reject + sizeof ", reject=" - 1);
    else if (span_take(&rest, SPAN("check_rcpt, ")))
        refuse(state, frame, qid, find_path(rest, SPAN("arg1=<"), &rcpt) ? &rcpt : NULL,
               reject + sizeof ", reject=" - 1);
}

/* "<nobody@site.example>... User unknown": refused with 550, and no ruleset has a line of it. */
static void read_unknown_user(struct log_state *state, const struct frame *frame, struct span qid,
                              struct span rest)
{
    const char *words = span_find_last(rest, SPAN(">... User unknown"));
    struct span rcpt;

    if (words != NULL && find_path(rest, SPAN("<"), &rcpt))
        refuse(state, frame, qid, &rcpt, "550");
}

/* "AUTH=server, relay=mail.example [192.0.2.1], authid=joe@site.example, mech=PLAIN, bits=0" */
static void read_auth(struct log_state *state, const struct frame *frame, struct span rest)
{
    const char *user = span_find(rest, SPAN(", authid="));
    uint64_t key = state_key_process(frame, frame->program);
    struct track_row *row = track_find(&state->connections, key);
    struct log_entry entry = {0};
    struct span id;

    if (user == NULL || !span_take(&rest, SPAN("relay=")) ||
        !read_relay(state, span_before(rest, user), &entry))
        return;
    if (row == NULL)
        row = track_add(&state->connections, key);
    id = span_behind(rest, user + sizeof ", authid=" - 1);
    if ((user = span_find_last(id, SPAN(", mech="))) != NULL)
        id = span_before(id, user);
    state_set(state, row, ROW_CLIENT, span_of(entry.client));
    state_set(state, row, ROW_AUTH, id);
}

/* ---- from=, to= ------------------------------------------------------------------------------ */

/* A process serves one connection, and then another client's. */
static void add_process(struct log_state *state, const struct frame *frame, const char *client,
                        struct track_row *mail)
{
    uint64_t key = state_key_process(frame, frame->program);
    struct track_row *row = track_find(&state->connections, key);

    if (row != NULL && row_get(row, ROW_CLIENT) != NULL &&
        strcmp(row_get(row, ROW_CLIENT), client) != 0) {
        track_remove(&state->connections, row);
        row = NULL;
    }
    if (row == NULL)
        row = track_add(&state->connections, key);
    if (row->connection == 0)
        row->connection = ++state->connection;
    state_set(state, row, ROW_CLIENT, span_of(client));
    mail->connection = row->connection;
    set_text(state, mail, ROW_AUTH, row_get(row, ROW_AUTH));
}

/*
 * The refusals that waited are handed out; a mail without recipients is at its end then. It was not
 * let in: where no refusal is told, the client has left before it named a recipient.
 */
static void settle(struct log_state *state, struct track_row *row, unsigned accepted)
{
    int waited = row->rcpt.used > 0;

    if (waited)
        state_emit_row(state, row);
    row->rcpt.used = row->rcpts = 0;
    row->expected = accepted;
    if (accepted > 0)
        row->outcome = LOG_OUTCOME_ACCEPTED;
    else if (waited || row->outcome == LOG_OUTCOME_UNKNOWN)
        track_remove(&state->mails, row);
    else
        state_finish(state, row);
}

static unsigned number_behind(struct span rest, struct span key)
{
    const char *found = span_find_last(rest, key);

    if (found == NULL)
        return 0;
    rest = span_behind(rest, found + key.length);
    return span_take_number(&rest);
}

/* "from=<a@b.example>, size=5, class=0, nrcpts=1, ..., daemon=MTA-v4, relay=mail.example [...]" */
static void read_from(struct log_state *state, const struct frame *frame, struct span qid,
                      struct span rest)
{
    const char *relay = span_find_last(rest, SPAN(", relay="));
    const char *daemon = span_find_last(rest, SPAN(", daemon="));
    struct log_entry entry = {0};
    struct track_row *row;
    struct span from, listener;

    if (relay == NULL || !find_path(rest, SPAN("from=<"), &from) ||
        !read_relay(state, span_behind(rest, relay + sizeof ", relay=" - 1), &entry))
        return;
    row = waiting(state, frame, qid);
    if (!row->silent) { /* another mail of the same queue id */
        state_finish(state, row);
        row = waiting(state, frame, qid);
    }
    row->silent = 0;
    row->line = state->line;
    row->path = state->path;
    row->ptr_status = entry.ptr_status;
    if (entry.helo_status != LOG_HELO_UNKNOWN)
        row->helo_status = entry.helo_status;
    state_set(state, row, ROW_FROM, from.length == 0 ? SPAN("<>") : from);
    set_text(state, row, ROW_CLIENT, entry.client);
    set_text(state, row, ROW_PTR, entry.ptr);
    if (daemon != NULL && daemon < relay) {
        listener = span_behind(rest, daemon + sizeof ", daemon=" - 1);
        if (span_until(&listener, ',', &from))
            state_set(state, row, ROW_LISTENER, from);
    }
    add_process(state, frame, entry.client, row);
    settle(state, row, number_behind(rest, SPAN(", nrcpts=")));
}

/* "to=<joe@site.example>, delay=..., stat=Sent" */
static void read_to(struct log_state *state, const struct frame *frame, struct span qid,
                    struct span rest)
{
    struct track_row *row = state_mail_find(state, frame, qid);
    const char *stat = span_find_last(rest, SPAN(", stat="));
    struct span to;

    if (row == NULL || stat == NULL || !find_path(rest, SPAN("to=<"), &to))
        return;
    if (!row_add_rcpt(row, to))
        state->failed = HELO_NOMEM;
    row->outcome = LOG_OUTCOME_ACCEPTED;
}

/* "Authentication-Warning: mx.example: mail.example [192.0.2.1] didn't use HELO protocol" */
static void read_warning(struct log_state *state, const struct frame *frame, struct span qid,
                         struct span rest)
{
    struct span words = SPAN(" didn't use HELO protocol");

    if (rest.length > words.length &&
        span_is(span_behind(rest, rest.at + rest.length - words.length), words))
        waiting(state, frame, qid)->helo_status = LOG_HELO_NONE;
}

void format_sendmail(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message, qid;

    if (span_take(&rest, SPAN("AUTH=server, "))) {
        read_auth(state, frame, rest);
        return;
    }
    if (!span_until(&rest, ':', &qid) || !state_is_qid(qid) || !span_take(&rest, SPAN(" ")))
        return;
    if (span_starts(rest, SPAN("from=<")))
        read_from(state, frame, qid, rest);
    else if (span_starts(rest, SPAN("to=<")))
        read_to(state, frame, qid, rest);
    else if (span_take(&rest, SPAN("ruleset=")))
        read_ruleset(state, frame, qid, rest);
    else if (span_take(&rest, SPAN("Milter: ")))
        read_milter(state, frame, qid, rest);
    else if (span_take(&rest, SPAN("Authentication-Warning: ")))
        read_warning(state, frame, qid, rest);
    else if (span_starts(rest, SPAN("<")))
        read_unknown_user(state, frame, qid, rest);
}
