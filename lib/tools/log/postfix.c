/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * postfix.c - Postfix's smtpd, and what cleanup, qmgr and the delivery agents say of its mail
 *
 * PURPOSE  A refusal is one line with all that is known. Accepted mail is a row from smtpd's
 *          "client=" on: qmgr has the sender, the delivery agents the recipients (as the client
 *          said them, where an alias changed them: orig_to), "removed" is its end.
 * CONTRACT Postfix does not log the HELO of accepted mail. It does with
 *              smtpd_data_restrictions = check_client_access static:{INFO helo}
 *          and for each recipient with the same in smtpd_recipient_restrictions; what any other
 *          line of the same connection says (WARN, a refused recipient) is taken, too.
 *          "hostname X does not resolve to address Y" comes before the connect that it is about. It
 *          is what Postfix found for the first name of several, with or without an error of DNS.
 * LIMITS   A client that says another HELO in a connection, after a line that told one and before
 *          mail of which no line tells it, is taken to have said the former.
 */
#include "tools/log/format.h"

/* ---- connections ----------------------------------------------------------------------------- */

static void set_helo(struct log_state *state, struct track_row *row, const struct log_entry *from)
{
    row->helo_status = from->helo_status;
    row_unset(row, ROW_HELO);
    if (from->helo != NULL)
        state_set(state, row, ROW_HELO, span_of(from->helo));
}

/* The row of this process, which says that this client is at its other end. */
static struct track_row *connection(struct log_state *state, const struct frame *frame,
                                    const struct peer *peer)
{
    uint64_t key = state_key_process(frame, frame->program);
    struct track_row *row = track_find(&state->connections, key);
    const char *client = row != NULL ? row_get(row, ROW_CLIENT) : NULL;
    int is_known = client != NULL && span_is(span_of(client), peer->address);

    if (!is_known && row != NULL)
        track_remove(&state->connections, row);
    if (!is_known)
        row = track_add(&state->connections, key);
    if (is_known && row->ptr_status != LOG_PTR_UNKNOWN)
        return row;
    state_set(state, row, ROW_CLIENT, peer->address);
    if (peer->name.length > 0 && !span_is(peer->name, SPAN("unknown"))) {
        row->ptr_status = LOG_PTR_VERIFIED;
        state_set(state, row, ROW_PTR, peer->name);
    }
    return row;
}

static struct track_row *numbered(struct log_state *state, struct track_row *row)
{
    if (row->connection == 0)
        row->connection = ++state->connection;
    return row;
}

static void read_connect(struct log_state *state, const struct frame *frame, struct span rest)
{
    struct track_row *row;
    struct peer peer;

    if (!peer_take(state, &rest, &peer))
        return;
    row = connection(state, frame, &peer);
    /* A process serves one client after the other: a new number, and nothing said yet. */
    row->connection = ++state->connection;
    row->helo_status = LOG_HELO_UNKNOWN;
    row_unset(row, ROW_HELO);
    state_connected(state, row);
}

static void read_disconnect(struct log_state *state, const struct frame *frame)
{
    struct track_row *row =
        track_find(&state->connections, state_key_process(frame, frame->program));

    struct span client;

    if (row == NULL)
        return;
    client = span_of(row_get(row, ROW_CLIENT) != NULL ? row_get(row, ROW_CLIENT) : "");
    state_disconnected(state, client);
    track_remove(&state->connections, row);
}

/* "mail.example does not resolve to address 192.0.2.1[: reason]" */
static void read_forged(struct log_state *state, const struct frame *frame, struct span rest)
{
    uint64_t key = state_key_process(frame, frame->program);
    struct track_row *row = track_find(&state->connections, key);
    struct span name, address, reason = {0};
    const char *end;

    if (!span_until(&rest, ' ', &name) || !span_take(&rest, SPAN("does not resolve to address ")))
        return;
    end = span_find(rest, SPAN(": "));
    address = end != NULL ? span_before(rest, end) : rest;
    if (end != NULL)
        reason = span_behind(rest, end + 2);
    if (!state_is_address(state, &address))
        return;
    if (row != NULL)
        track_remove(&state->connections, row);
    row = track_add(&state->connections, key);
    state_set(state, row, ROW_CLIENT, address);
    if (span_starts(reason, SPAN("Temporary failure"))) {
        row->ptr_status = LOG_PTR_TEMPERROR;
        return;
    }
    row->ptr_status = LOG_PTR_FORGED;
    state_set(state, row, ROW_PTR, name);
}

/* ---- refusals, and remarks ------------------------------------------------------------------- */

static void add_connection(struct log_state *state, const struct frame *frame,
                           const struct track_row *row, struct log_entry *entry)
{
    entry->client = row_get(row, ROW_CLIENT);
    entry->ptr_status = row->ptr_status;
    entry->ptr = row_get(row, ROW_PTR);
    entry->connection = row->connection;
    entry->server = state_server(state, frame->host);
    if (frame->listener.length > 0)
        entry->listener = state_text(state, frame->listener);
}

/* Our own id, at the end of our filter's reply; what stands before it may quote a HELO. */
static const char *own_id(struct log_state *state, struct span text)
{
    const char *key = span_find_last(text, SPAN("id="));
    struct span id = {0};

    if (key != NULL)
        id = span_behind(text, key + 3);
    if (id.length > LOG_ID_CHARS && id.at[LOG_ID_CHARS] == ' ')
        id.length = LOG_ID_CHARS;
    if (id.length != LOG_ID_CHARS || (key > text.at && key[-1] != ' '))
        return NULL;
    for (size_t i = 0; i < id.length; i++)
        if (!((id.at[i] >= '0' && id.at[i] <= '9') || (id.at[i] >= 'A' && id.at[i] <= 'Z')))
            return NULL;
    return state_text(state, id);
}

struct remark {
    struct span qid, action, stage;
    struct peer peer;
    struct told told;
};

enum remark_kind {
    REMARK_TOLD, /* mail goes on: what it tells of the client is kept */
    REMARK_TRY,  /* a refusal before there is mail, or of one recipient */
    REMARK_END   /* a mail is refused as a whole, or thrown away */
};

/* Where a refusal is one of a try to send: not VRFY, ETRN, AUTH. */
static const struct {
    struct span name;
    enum remark_kind kind;
} stages[] = {
    {SPAN_ROW("RCPT"), REMARK_TRY},        {SPAN_ROW("MAIL"), REMARK_TRY},
    {SPAN_ROW("HELO"), REMARK_TRY},        {SPAN_ROW("EHLO"), REMARK_TRY},
    {SPAN_ROW("CONNECT"), REMARK_TRY},     {SPAN_ROW("DATA"), REMARK_END},
    {SPAN_ROW("BDAT"), REMARK_END},        {SPAN_ROW("END-OF-MESSAGE"), REMARK_END},
    {SPAN_ROW("EOM"), REMARK_END},         {SPAN_ROW("header"), REMARK_END},
    {SPAN_ROW("mime-header"), REMARK_END}, {SPAN_ROW("nested-header"), REMARK_END},
    {SPAN_ROW("body"), REMARK_END},
};

static enum remark_kind stage_kind(struct span stage)
{
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        if (span_is(stage, stages[i].name))
            return stages[i].kind;
    return REMARK_TOLD;
}

static enum remark_kind kind_of(const struct remark *r)
{
    enum remark_kind kind = stage_kind(r->stage);

    if (span_is(r->action, SPAN("reject")) || span_is(r->action, SPAN("milter-reject")))
        return kind;
    return kind == REMARK_END && span_is(r->action, SPAN("discard")) ? kind : REMARK_TOLD;
}

/* "reject: RCPT from mail.example[192.0.2.1]: 550 5.7.1 ...", "info: DATA from ..." */
static int read_remark(struct log_state *state, struct span rest, struct remark *r)
{
    if (!span_until(&rest, ':', &r->action) || memchr(r->action.at, ' ', r->action.length) ||
        !span_take(&rest, SPAN(" ")) || !span_until(&rest, ' ', &r->stage) ||
        !span_take(&rest, SPAN("from ")) || !peer_take(state, &rest, &r->peer) ||
        !span_take(&rest, SPAN(": ")))
        return 0;
    told_read(rest, &r->told);
    return 1;
}

/* cleanup: "reject: header Subject: ... from mail.example[192.0.2.1]; from=<a> ...: 5.7.1 text" */
static int read_content_remark(struct span rest, struct remark *r)
{
    if (!span_until(&rest, ':', &r->action) || !span_take(&rest, SPAN(" ")) ||
        !span_until(&rest, ' ', &r->stage) || stage_kind(r->stage) != REMARK_END)
        return 0;
    told_read(rest, &r->told);
    r->told.text = r->told.behind;
    (void)span_take(&r->told.text, SPAN(": "));
    return r->told.has_proto;
}

/* What is known of this mail is in its row, which is handed out. Returns 0 when there is none. */
static int end_mail(struct log_state *state, struct track_row *row, const struct remark *r,
                    const struct log_entry *entry)
{
    if (row == NULL)
        return 0;
    row->outcome = entry->outcome;
    row->line = state->line;
    row->path = state->path;
    if (r->told.has_from)
        state_set(state, row, ROW_FROM, span_of(entry->from));
    if (r->told.has_rcpt && !row_add_rcpt(row, r->told.rcpt))
        state->failed = HELO_NOMEM;
    state_finish(state, row);
    return 1;
}

static void emit_remark(struct log_state *state, const struct frame *frame, struct remark *r)
{
    struct log_entry entry = state_entry(state, frame);
    struct track_row *mail = track_find(&state->mails, state_key_mail(frame->host, r->qid));
    int is_smtpd = span_is(frame->service, SPAN("smtpd"));
    enum remark_kind kind = kind_of(r);

    told_helo(state, &r->told, r->stage, &entry);
    entry.from = r->told.has_from ? told_from(state, r->told.from) : NULL;
    entry.rcpt = r->told.has_rcpt ? state_text(state, r->told.rcpt) : NULL;
    entry.outcome =
        span_is(r->action, SPAN("discard")) ? LOG_OUTCOME_ACCEPTED : told_outcome(&r->told);
    if (is_smtpd) {
        struct track_row *row = numbered(state, connection(state, frame, &r->peer));

        set_helo(state, row, &entry);
        add_connection(state, frame, row, &entry);
    }
    if (mail != NULL && kind != REMARK_TRY && entry.helo_status != LOG_HELO_UNKNOWN)
        set_helo(state, mail, &entry);
    if (kind == REMARK_TOLD || (kind == REMARK_END && end_mail(state, mail, r, &entry)))
        return;
    if (!is_smtpd)
        return; /* mail that was received before the log begins */
    if (span_is(r->action, SPAN("milter-reject")))
        entry.id = own_id(state, r->told.text);
    if (!span_is(r->qid, SPAN("NOQUEUE")))
        entry.qid = state_text(state, r->qid);
    state_emit(state, LOG_FORMAT_POSTFIX, &entry);
}

/* ---- accepted mail --------------------------------------------------------------------------- */

/* ", sasl_method=PLAIN, sasl_username=joe" ... */
static void read_client_rest(struct log_state *state, struct track_row *row, struct span rest)
{
    const char *found = span_find(rest, SPAN(", sasl_username="));

    if (span_find(rest, SPAN(", orig_client=")) != NULL ||
        span_find(rest, SPAN(", orig_queue_id=")) != NULL) {
        row->silent = 1;
        state_count(state, LOG_POSTFIX_REINJECTED);
    }
    if (found != NULL) {
        struct span user = span_behind(rest, found + sizeof ", sasl_username=" - 1);
        const char *end = span_find(user, SPAN(", "));

        state_set(state, row, ROW_AUTH, end != NULL ? span_before(user, end) : user);
    }
}

static void copy_text(struct log_state *state, struct track_row *to, const struct track_row *from,
                      enum row_text which)
{
    const char *text = row_get(from, which);

    if (text != NULL)
        state_set(state, to, which, span_of(text));
}

/* "client=mail.example[192.0.2.1]:4711, sasl_method=..." */
static void read_client(struct log_state *state, const struct frame *frame, struct span qid,
                        struct span rest)
{
    struct track_row *mail, *open;
    struct peer peer;

    if (!peer_take(state, &rest, &peer))
        return;
    open = numbered(state, connection(state, frame, &peer));
    mail = state_mail(state, frame, LOG_FORMAT_POSTFIX, qid);
    mail->connection = open->connection;
    mail->ptr_status = open->ptr_status;
    mail->helo_status = open->helo_status;
    copy_text(state, mail, open, ROW_CLIENT);
    copy_text(state, mail, open, ROW_PTR);
    copy_text(state, mail, open, ROW_HELO);
    if (frame->listener.length > 0)
        state_set(state, mail, ROW_LISTENER, frame->listener);
    read_client_rest(state, mail, rest);
}

static void read_smtpd(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message;
    struct remark r = {0};

    if (span_take(&rest, SPAN("connect from "))) {
        read_connect(state, frame, rest);
    } else if (span_starts(rest, SPAN("disconnect from "))) {
        read_disconnect(state, frame);
    } else if (span_take(&rest, SPAN("warning: hostname "))) {
        read_forged(state, frame, rest);
    } else if (span_until(&rest, ':', &r.qid) && state_is_qid(r.qid) &&
               span_take(&rest, SPAN(" "))) {
        if (span_take(&rest, SPAN("client=")))
            read_client(state, frame, r.qid, rest);
        else if (read_remark(state, rest, &r))
            emit_remark(state, frame, &r);
    }
}

/* ---- the queue ------------------------------------------------------------------------------- */

static void read_cleanup(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message;
    struct remark r = {0};

    if (!span_until(&rest, ':', &r.qid) || !state_is_qid(r.qid) || !span_take(&rest, SPAN(" ")) ||
        span_starts(rest, SPAN("message-id=")))
        return;
    if (read_remark(state, rest, &r) || read_content_remark(rest, &r))
        emit_remark(state, frame, &r);
}

void format_postfix(struct log_state *state, const struct frame *frame)
{
    static const struct {
        struct span service;
        void (*read)(struct log_state *state, const struct frame *frame);
    } readers[] = {
        {SPAN_ROW("smtpd"), read_smtpd},
        {SPAN_ROW("qmgr"), format_postfix_queue},
        {SPAN_ROW("cleanup"), read_cleanup},
        {SPAN_ROW("postscreen"), format_postscreen},
        {SPAN_ROW("pickup"), format_postfix_pickup},
        {SPAN_ROW("nqmgr"), format_postfix_queue},
        {SPAN_ROW("smtp"), format_postfix_queue},
        {SPAN_ROW("lmtp"), format_postfix_queue},
        {SPAN_ROW("local"), format_postfix_queue},
        {SPAN_ROW("virtual"), format_postfix_queue},
        {SPAN_ROW("pipe"), format_postfix_queue},
        {SPAN_ROW("discard"), format_postfix_queue},
        {SPAN_ROW("error"), format_postfix_queue},
        {SPAN_ROW("relay"), format_postfix_queue},
        {SPAN_ROW("retry"), format_postfix_queue},
    };

    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (span_is(frame->service, readers[i].service)) {
            readers[i].read(state, frame);
            return;
        }
    }
}
