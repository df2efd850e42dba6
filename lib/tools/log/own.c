/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * own.c - our own log, as key=value
 *
 * PURPOSE  The best there is: it has the HELO of every client, what was decided and why.
 * CONTRACT A verdict has id=, client= and verdict=; other lines of ours are passed over. HELO is
 *          made what it was again: the log writes bytes that are not printable as \xNN, and a
 *          backslash twice. Text that was cut ends in "...", and stays so.
 *          A client without an address came by no socket. Nothing was said in HELO yet where a
 *          client was exempt at connect: then neither HELO nor sender are known.
 *          ptr= is a confirmed name, or the first of those that are not, and the line does not say
 *          which, but where a check failed (fcrdns: it is not; no_ptr: there is none) or DNS did,
 *          or where the MTA's lines are in the same file and tell it. An iprev= (RFC 8601 2.7.3:
 *          pass, fail, permerror, temperror) is taken where there is one.
 */
#include "tools/log/own.h"

#include "tools/log/format.h"

static const struct {
    struct span name;
    size_t offset;
} keys[] = {
#define OWN_ROW(key) {SPAN_ROW(#key), offsetof(struct own, key)},
    OWN_KEYS(OWN_ROW)
#undef OWN_ROW
};

/* ---- values ---------------------------------------------------------------------------------- */

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *found = c != '\0' ? strchr(digits, c) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

/* Undoes \\, \" and \xNN, in place of nothing longer. Returns the length. */
static size_t unescape(char *out, struct span in)
{
    size_t used = 0;

    for (size_t i = 0; i < in.length; i++) {
        if (in.at[i] == '\\' && i + 3 < in.length && in.at[i + 1] == 'x' &&
            hex(in.at[i + 2]) >= 0 && hex(in.at[i + 3]) >= 0) {
            out[used++] = (char)(hex(in.at[i + 2]) * 16 + hex(in.at[i + 3]));
            i += 3;
        } else {
            i += in.at[i] == '\\' && i + 1 < in.length;
            out[used++] = in.at[i];
        }
    }
    return used;
}

/* Text of the line, without its quotes and escapes; a NUL would be none of ours. */
static const char *unquoted(struct log_state *state, struct span value)
{
    char text[ENTRY_TEXT_MAX];
    size_t length;

    if (value.length > sizeof text)
        value.length = sizeof text;
    length = unescape(text, value);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0')
            text[i] = '?';
    return state_text(state, (struct span){text, length});
}

/* `value"`, whose first quote is gone. */
static int take_quoted(struct span *rest, struct span *out)
{
    size_t at = 0;

    while (at < rest->length && rest->at[at] != '"')
        at += rest->at[at] == '\\' ? 2 : 1;
    if (at >= rest->length)
        return 0;
    *out = (struct span){rest->at, at};
    span_drop(rest, at + 1);
    return 1;
}

static void store(struct log_state *state, struct own *own, struct span key, struct span value,
                  int is_quoted)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!span_is(key, keys[i].name))
            continue;
        if (is_quoted || !span_is(value, SPAN("-"))) {
            const char *text = is_quoted ? unquoted(state, value) : state_text(state, value);

            memcpy((char *)own + keys[i].offset, &text, sizeof text);
        }
        return;
    }
}

/* Returns 0 when it ends in the middle of a value. */
static int read_pairs(struct log_state *state, struct span rest, struct own *own)
{
    struct span key, value;

    while (rest.length > 0) {
        int is_quoted;

        while (span_take(&rest, SPAN(" ")))
            continue;
        if (!span_until(&rest, '=', &key))
            return 1;
        is_quoted = span_take(&rest, SPAN("\""));
        if (is_quoted ? !take_quoted(&rest, &value) : !span_until(&rest, ' ', &value)) {
            if (is_quoted)
                return 0;
            value = rest;
            rest.length = 0;
        }
        store(state, own, key, value, is_quoted);
    }
    return 1;
}

/* ---- a verdict ------------------------------------------------------------------------------- */

static enum log_ptr ptr_of(const struct own *own)
{
    static const struct {
        const char *iprev;
        enum log_ptr status;
    } rows[] = {{"pass", LOG_PTR_VERIFIED},
                {"fail", LOG_PTR_FORGED},
                {"permerror", LOG_PTR_NONE},
                {"temperror", LOG_PTR_TEMPERROR}};

    for (size_t i = 0; own->iprev != NULL && i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(own->iprev, rows[i].iprev) == 0)
            return rows[i].status;
    if (log_list_has(own->failed, "no_ptr"))
        return LOG_PTR_NONE;
    if (log_list_has(own->failed, "fcrdns"))
        return own->ptr != NULL ? LOG_PTR_FORGED : LOG_PTR_UNKNOWN;
    return own->ptr == NULL && log_list_has(own->unknown, "no_ptr") ? LOG_PTR_TEMPERROR
                                                                    : LOG_PTR_UNKNOWN;
}

static void add_helo(struct log_state *state, const struct own *own, struct log_entry *entry)
{
    char raw[ENTRY_TEXT_MAX];
    struct span helo;

    if (own->helo == NULL || own->helo[0] == '\0') {
        int early = own->exempt != NULL && own->from == NULL;

        entry->helo_status = early && own->helo == NULL ? LOG_HELO_UNKNOWN : LOG_HELO_NONE;
        return;
    }
    helo = state_bytes(state, (struct span){raw, unescape(raw, span_of(own->helo))});
    entry->helo = helo.at;
    entry->helo_length = helo.length;
    entry->helo_status = LOG_HELO_SAID;
}

/* "submission:587" */
static void add_listener(struct log_state *state, const char *listener, struct log_entry *entry)
{
    struct span name, port;
    const char *colon;

    if (listener == NULL)
        return;
    name = span_of(listener);
    colon = span_find_last(name, SPAN(":"));
    if (colon != NULL) {
        port = span_behind(name, colon + 1);
        entry->listener_port = span_take_number(&port);
        if (port.length > 0 || entry->listener_port > 65535)
            entry->listener_port = 0;
        if (entry->listener_port > 0)
            name = span_before(name, colon);
    }
    entry->listener = name.length > 0 ? state_text(state, name) : NULL;
}

static enum log_outcome outcome_of(const char *verdict)
{
    if (strcmp(verdict, "reject") == 0)
        return LOG_OUTCOME_REJECTED;
    return strcmp(verdict, "defer") == 0 ? LOG_OUTCOME_DEFERRED : LOG_OUTCOME_ACCEPTED;
}

static void add_time(struct log_state *state, const struct own *own, struct log_entry *entry)
{
    enum stamp_form form;
    long long time_s;

    if (own->time != NULL &&
        stamp_read(&state->clock, own->time, strlen(own->time), &form, &time_s) > 0)
        entry->time_s = time_s;
    if (entry->time_s == 0)
        entry->time_s = log_id_time_s(own->id);
}

void own_emit(struct log_state *state, const struct frame *frame, const struct own *own)
{
    struct log_entry entry = state_entry(state, frame);
    struct span client = span_of(own->client != NULL ? own->client : "local");

    if (own->verdict == NULL || own->id == NULL) {
        state_wrong(state, 0, "a decision without %s=: is the line cut short?",
                    own->id == NULL ? "id" : "verdict");
        return;
    }
    if (own->client != NULL && !state_is_address(state, &client)) {
        state_wrong(state, 0, "client is no IP address: %s", own->client);
        return;
    }
    entry.client = client.at;
    entry.ptr_status = ptr_of(own);
    if (entry.ptr_status == LOG_PTR_VERIFIED || entry.ptr_status == LOG_PTR_FORGED)
        entry.ptr = own->ptr;
    add_time(state, own, &entry);
    add_helo(state, own, &entry);
    add_listener(state, own->listener, &entry);
    entry.from = own->from;
    entry.rcpt = own->to;
    entry.auth = own->auth;
    entry.server = state_server(state, frame->host);
    entry.id = own->id;
    entry.qid = own->qid;
    entry.outcome = outcome_of(own->verdict);
    entry.failed = own->failed;
    entry.unknown = own->unknown;
    entry.exempt = own->exempt;
    entry.verdict = own->verdict;
    entry.would = own->would;
    entry.score = own->score;
    if (state->text_full) {
        state_wrong(state, 0, "has more values than a decision has");
        return;
    }
    state_add_connection(state, &entry);
    state_emit(state, LOG_FORMAT_OWN, &entry);
}

/* "warning: log.rate (1000): 4711 decisions of the last 10.0 s have no line of their own: ..." */
void own_message(struct log_state *state, const char *text)
{
    struct span rest = span_of(text);

    if (!span_take(&rest, SPAN("warning: log.rate (")))
        return;
    (void)span_take_number(&rest);
    if (span_take(&rest, SPAN("): ")))
        state->out->fact[LOG_OWN_LINES_DROPPED] += span_take_number(&rest);
}

void format_own(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message;
    struct own own = {0};

    if (!span_starts(rest, SPAN("id=")) && !span_starts(rest, SPAN("time="))) {
        own_message(state, state_text(state, rest));
        return;
    }
    if (!read_pairs(state, rest, &own))
        state_wrong(state, 0, "ends in the middle of a value: is the line cut short?");
    else if (own.msg != NULL)
        own_message(state, own.msg);
    else if (own.id != NULL)
        own_emit(state, frame, &own);
}
