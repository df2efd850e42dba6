/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * postfix_queue.c - what becomes of mail that Postfix has accepted, see postfix.c
 *
 * PURPOSE  qmgr has the sender, the delivery agents the recipients; pickup has mail that came by no
 *          socket.
 * CONTRACT A sender or recipient may have anything in it that a quoted local part can: what Postfix
 *          says behind it is looked for from the end of the line.
 */
#include "tools/log/format.h"

/* "from=<a@client.example>, size=254, nrcpt=2 (queue active)" */
static void read_sender(struct log_state *state, struct track_row *row, struct span rest)
{
    const char *end = span_find_last(rest, SPAN(">, size="));
    const char *count = span_find_last(rest, SPAN(", nrcpt="));

    if (end == NULL || count == NULL)
        return;
    state_set(state, row, ROW_FROM, end == rest.at ? SPAN("<>") : span_before(rest, end));
    rest = span_behind(rest, count + sizeof ", nrcpt=" - 1);
    row->expected = span_take_number(&rest);
    if (row->outcome == LOG_OUTCOME_UNKNOWN)
        row->outcome = LOG_OUTCOME_ACCEPTED;
}

/* "to=<joe@site.example>, orig_to=<j@site.example>, relay=..." */
static void read_delivery(struct log_state *state, const struct frame *frame, struct span qid,
                          struct span rest)
{
    struct track_row *row = state_mail_find(state, frame, qid);
    const char *end = span_find(rest, SPAN(">, ")), *relay = span_find_last(rest, SPAN(", relay="));
    struct span to;

    if (row == NULL || end == NULL || relay == NULL)
        return;
    to = span_before(rest, end);
    rest = span_behind(rest, end + 3);
    if (span_take(&rest, SPAN("orig_to=<")) && (end = span_find(rest, SPAN(">, "))) != NULL)
        to = span_before(rest, end);
    if (!row_add_rcpt(row, to))
        state->failed = HELO_NOMEM;
    row->outcome = LOG_OUTCOME_ACCEPTED;
}

void format_postfix_queue(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message, qid;
    struct track_row *row;

    if (!span_until(&rest, ':', &qid) || !state_is_qid(qid) || !span_take(&rest, SPAN(" ")))
        return;
    if (span_take(&rest, SPAN("to=<"))) {
        read_delivery(state, frame, qid, rest);
        return;
    }
    row = track_find(&state->mails, state_key_mail(frame->host, qid));
    if (row != NULL && span_take(&rest, SPAN("from=<")))
        read_sender(state, row, rest);
    else if (row != NULL && span_is(rest, SPAN("removed")))
        state_finish(state, row);
}

/* Mail by sendmail(1): "uid=0 from=<root>". */
void format_postfix_pickup(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message, qid;
    struct track_row *row;

    if (!span_until(&rest, ':', &qid) || !state_is_qid(qid) || !span_take(&rest, SPAN(" uid=")))
        return;
    row = state_mail(state, frame, LOG_FORMAT_POSTFIX, qid);
    row->helo_status = LOG_HELO_NONE;
    state_set(state, row, ROW_CLIENT, SPAN("local"));
}
