/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exim.c - Exim's mainlog
 *
 * PURPOSE  "<=" has client, HELO and sender of accepted mail, "=>", "->", "**" and "==" its
 *          recipients, "Completed" its end; a refusal is one line.
 * CONTRACT H=name (helo) [address]: the name is confirmed forward and back. Exim leaves "(helo)"
 *          out when the HELO is that name, in any case of letters, or its own address in brackets
 *          (seen with 4.96), and an old one when there was none: it is taken for the name, and
 *          counted (LOG_EXIM_HELO_NOT_SHOWN). Without a name the line before may say that there is
 *          none; for a forged one Exim says nothing. A HELO has the characters of a host name,
 *          unless the site lets junk pass (helo_accept_junk_hosts): then it may end itself and go
 *          on with an address of its own choice. So where more than one ") [address]" follows,
 *          nobody can tell, and the line is wrong. A sender is passed over as RFC 5321 quotes it.
 * LIMITS   What is known of a client's name is a row of the connections' table (track.h).
 */
#include "tools/log/format.h"

/* "mail.example (helo) [192.0.2.1]:4711 I=[192.0.2.9]:25" */
struct host {
    struct span name, helo, address;
    int has_helo;
    unsigned port; /* of the receiving side */
};

/* ---- the client ------------------------------------------------------------------------------ */

/* " [192.0.2.1]:4711" */
static int take_address(struct log_state *state, struct span *rest, struct span *address)
{
    struct span s = *rest;

    if (!span_take(&s, SPAN("[")) || !span_until(&s, ']', address) ||
        !state_is_address(state, address))
        return 0;
    /* "[192.0.2.1]:4711", not "[192.0.2.1]: text" */
    if (s.length > 1 && s.at[0] == ':' && span_is_digit(s.at[1])) {
        span_drop(&s, 1);
        (void)span_take_number(&s);
    }
    *rest = s;
    return 1;
}

/* How many ") [address]" there are. */
static unsigned count_ends(struct log_state *state, struct span rest)
{
    unsigned count = 0;
    const char *found;

    while ((found = span_find(rest, SPAN(") ["))) != NULL) {
        struct span address;

        rest = span_behind(rest, found + 2);
        count += (unsigned)take_address(state, &rest, &address);
    }
    return count;
}

static int take_host(struct log_state *state, struct span *rest, struct host *out)
{
    struct span s = *rest;
    const char *end;

    *out = (struct host){0};
    if (s.length > 0 && s.at[0] != '(' && s.at[0] != '[' && !span_until(&s, ' ', &out->name))
        return 0;
    if (span_take(&s, SPAN("("))) {
        unsigned ends = count_ends(state, s);

        end = span_find(s, SPAN(") ["));
        if (ends > 1)
            state_wrong(state, 0, "more than one address may be the client's");
        if (ends != 1)
            return 0;
        out->has_helo = 1;
        out->helo = span_before(s, end);
        s = span_behind(s, end + 2);
    }
    if (!take_address(state, &s, &out->address))
        return 0;
    if (span_take(&s, SPAN(" I="))) {
        struct span own;

        if (span_take(&s, SPAN("[")) && span_until(&s, ']', &own) && span_take(&s, SPAN(":")))
            out->port = span_take_number(&s);
    }
    *rest = s;
    return 1;
}

/* What the last line about this address said of its name: a row of connections. */
static uint64_t name_key(struct span address)
{
    return span_hash(span_hash(span_seed(), SPAN("exim name")), address);
}

/* "no host name found for IP address 203.0.113.99" */
static void read_no_name(struct log_state *state, struct span address)
{
    struct track_row *row;

    if (!state_is_address(state, &address))
        return;
    row = track_find(&state->connections, name_key(address));
    if (row == NULL)
        row = track_add(&state->connections, name_key(address));
    row->ptr_status = LOG_PTR_NONE;
    row->time_s = 0;
}

/* One process serves one connection, when the log tells its number (log_selector +pid). */
static unsigned long long connection_of(struct log_state *state, const struct frame *frame,
                                        unsigned pid, struct span address)
{
    struct span bytes = {(const char *)&pid, sizeof pid};
    uint64_t key = span_hash(span_hash(span_hash(span_seed(), frame->host), bytes), address);
    struct track_row *row;

    if (pid == 0)
        return 0;
    row = track_find(&state->connections, key);
    if (row == NULL) {
        row = track_add(&state->connections, key);
        row->connection = ++state->connection;
    }
    return row->connection;
}

static void add_host(struct log_state *state, const struct frame *frame, unsigned pid,
                     const struct host *host, struct log_entry *entry)
{
    const struct track_row *row = track_find(&state->connections, name_key(host->address));

    entry->client = state_text(state, host->address);
    entry->server = state_server(state, frame->host);
    entry->listener_port = host->port <= 65535 ? host->port : 0;
    entry->connection = connection_of(state, frame, pid, host->address);
    if (host->name.length > 0) {
        entry->ptr_status = LOG_PTR_VERIFIED;
        entry->ptr = state_text(state, host->name);
    } else if (row != NULL) {
        entry->ptr_status = row->ptr_status;
    }
    if (host->has_helo) {
        entry->helo_status = LOG_HELO_SAID;
        entry->helo = state_text(state, host->helo);
    } else if (host->name.length > 0) {
        state_count(state, LOG_EXIM_HELO_NOT_SHOWN);
        entry->helo_status = LOG_HELO_SAID;
        entry->helo = entry->ptr;
    }
    entry->helo_length = entry->helo != NULL ? strlen(entry->helo) : 0;
}

/* ---- accepted mail --------------------------------------------------------------------------- */

/* A path as it is written in "<= a@b.example H=", its quoted local part with blanks and all. */
static int take_sender(struct span *rest, struct span *out)
{
    struct span s = *rest;
    size_t at = 0;

    if (s.length > 0 && s.at[0] == '"')
        for (at = 1; at < s.length && s.at[at] != '"'; at++)
            at += s.at[at] == '\\';
    while (at < s.length && s.at[at] != ' ')
        at++;
    if (at >= s.length)
        return 0;
    *out = (struct span){s.at, at};
    span_drop(rest, at);
    return 1;
}

/*
 * " A=plain:joe", outside quotes, where what a client chooses itself stands (its certificate's
 * name, the server name it asks for), and before " S=", behind which the message has its say
 * (id=...).
 */
static int take_to_user(struct span *rest)
{
    int quoted = 0;

    for (size_t i = 0; i + 3 <= rest->length; i++) {
        if (quoted && rest->at[i] == '\\')
            i++;
        else if (rest->at[i] == '"')
            quoted = !quoted;
        else if (!quoted && memcmp(rest->at + i, " S=", 3) == 0)
            return 0;
        else if (!quoted && memcmp(rest->at + i, " A=", 3) == 0) {
            span_drop(rest, i + 3);
            return 1;
        }
    }
    return 0;
}

static void read_user(struct log_state *state, struct track_row *row, struct span rest)
{
    struct span user;

    if (!take_to_user(&rest))
        return;
    if (span_until(&rest, ':', &user)) {
        const char *blank = memchr(rest.at, ' ', rest.length);

        state_set(state, row, ROW_AUTH, blank != NULL ? span_before(rest, blank) : rest);
    }
}

static void set_text(struct log_state *state, struct track_row *row, enum row_text which,
                     const char *text)
{
    if (text != NULL)
        state_set(state, row, which, span_of(text));
}

static void read_arrival(struct log_state *state, const struct frame *frame, unsigned pid,
                         struct span qid, struct span rest)
{
    struct log_entry entry = {0};
    struct track_row *row;
    struct host host;
    struct span from;

    if (!take_sender(&rest, &from))
        return;
    if (span_take(&rest, SPAN(" H="))) {
        if (!take_host(state, &rest, &host))
            return;
        add_host(state, frame, pid, &host, &entry);
    } else {
        /* By no connection: "U=root P=local", "R=1xU... U=Debian-exim P=local" for a bounce. */
        entry.client = "local";
        entry.helo_status = LOG_HELO_NONE;
    }
    row = state_mail(state, frame, LOG_FORMAT_EXIM, qid);
    row->outcome = LOG_OUTCOME_ACCEPTED;
    row->ptr_status = entry.ptr_status;
    row->helo_status = entry.helo_status;
    row->connection = entry.connection;
    row->port = entry.listener_port;
    state_set(state, row, ROW_FROM, from);
    set_text(state, row, ROW_CLIENT, entry.client);
    set_text(state, row, ROW_PTR, entry.ptr);
    set_text(state, row, ROW_HELO, entry.helo);
    read_user(state, row, rest);
}

/* "joe <joe@site.example> R=...": the address before aliases, where there is one. */
static void read_delivery(struct log_state *state, const struct frame *frame, struct span qid,
                          struct span rest)
{
    struct track_row *row = state_mail_find(state, frame, qid);
    struct span to, original, behind;

    if (row == NULL || !take_sender(&rest, &to))
        return;
    behind = rest;
    if (span_take(&behind, SPAN(" <")) && span_until(&behind, '>', &original))
        to = original;
    if (to.length > 0 && to.at[to.length - 1] == ':')
        to.length--; /* "** a@b.example: ..." */
    if (!row_add_rcpt(row, to))
        state->failed = HELO_NOMEM;
}

/* ---- refusals -------------------------------------------------------------------------------- */

/* What stands before " rejected RCPT <...>" is passed over: F=<...>, X=..., A=... */
static int find_verb(struct log_state *state, struct span *rest, struct log_entry *entry)
{
    const char *found = span_find(*rest, SPAN(" F=<")), *end;
    struct span from;

    if (found != NULL) {
        *rest = span_behind(*rest, found + 4);
        if ((end = span_find(*rest, SPAN("> "))) == NULL)
            return 0;
        from = span_before(*rest, end);
        *rest = span_behind(*rest, end + 1);
        entry->from = from.length == 0 ? "<>" : state_text(state, from);
    } else if ((found = span_find(*rest, SPAN(" temporarily rejected "))) != NULL ||
               (found = span_find(*rest, SPAN(" rejected "))) != NULL) {
        if (span_find(*rest, SPAN(" incomplete transaction ")) != NULL)
            return 0;
        *rest = span_behind(*rest, found);
    }
    entry->outcome = LOG_OUTCOME_REJECTED;
    if (span_take(rest, SPAN(" temporarily")))
        entry->outcome = LOG_OUTCOME_DEFERRED;
    return span_take(rest, SPAN(" rejected "));
}

/* "mail.example (helo) [192.0.2.1] F=<a@b.example> rejected RCPT <c@d.example>: text" */
static void read_refusal(struct log_state *state, const struct frame *frame, unsigned pid,
                         struct span rest)
{
    struct log_entry entry = state_entry(state, frame);
    struct host host;
    struct span rcpt;

    if (!take_host(state, &rest, &host) || !find_verb(state, &rest, &entry))
        return;
    add_host(state, frame, pid, &host, &entry);
    if (span_take(&rest, SPAN("RCPT <")) && span_until(&rest, '>', &rcpt))
        entry.rcpt = state_text(state, rcpt);
    state_emit(state, LOG_FORMAT_EXIM, &entry);
}

/* "rejected EHLO from mail.example [192.0.2.1]: syntactically invalid argument(s): b_c.example" */
static void read_refused_helo(struct log_state *state, const struct frame *frame, unsigned pid,
                              struct span rest)
{
    static const struct span why[] = {SPAN_ROW(": syntactically invalid argument(s): ")};
    struct log_entry entry = state_entry(state, frame);
    struct host host;

    if (!take_host(state, &rest, &host))
        return;
    add_host(state, frame, pid, &host, &entry);
    entry.helo = NULL;
    entry.helo_length = 0;
    entry.helo_status = LOG_HELO_NONE;
    entry.outcome = LOG_OUTCOME_REJECTED;
    if (span_take(&rest, why[0]) && !span_is(rest, SPAN("(no argument given)"))) {
        entry.helo_status = LOG_HELO_SAID;
        entry.helo = state_text(state, rest);
        entry.helo_length = strlen(entry.helo);
    } else if (host.has_helo) {
        return; /* refused by an ACL of the site's, with a line of its own at RCPT */
    }
    state_emit(state, LOG_FORMAT_EXIM, &entry);
}

static void read_mail(struct log_state *state, const struct frame *frame, unsigned pid,
                      struct span qid, struct span rest)
{
    static const struct span deliveries[] = {SPAN_ROW("=> "), SPAN_ROW("-> "), SPAN_ROW("** "),
                                             SPAN_ROW("== "), SPAN_ROW(">> ")};

    if (span_take(&rest, SPAN("<= "))) {
        read_arrival(state, frame, pid, qid, rest);
        return;
    }
    if (span_take(&rest, SPAN("H="))) {
        read_refusal(state, frame, pid, rest); /* after DATA */
        return;
    }
    if (span_starts(rest, SPAN("Completed"))) {
        struct track_row *row = track_find(&state->mails, state_key_mail(frame->host, qid));

        if (row != NULL)
            state_finish(state, row);
        return;
    }
    for (size_t i = 0; i < sizeof deliveries / sizeof deliveries[0]; i++)
        if (span_take(&rest, deliveries[i]))
            read_delivery(state, frame, qid, rest);
}

void format_exim(struct log_state *state, const struct frame *frame)
{
    struct span rest = frame->message, qid;
    struct frame inner = *frame;
    unsigned pid = frame->pid;
    enum stamp_form form;

    /* By syslog, Exim may write its own time once more. */
    if (frame->program.length > 0 && rest.length > 0 && span_is_digit(rest.at[0])) {
        size_t used = stamp_read(&state->clock, rest.at, rest.length, &form, &inner.time_s);

        if (form == STAMP_EXIM && used < rest.length)
            span_drop(&rest, used + 1);
    }
    if (span_take(&rest, SPAN("["))) {
        pid = span_take_number(&rest);
        if (!span_take(&rest, SPAN("] ")))
            return;
    }
    if (span_take(&rest, SPAN("H=")))
        read_refusal(state, &inner, pid, rest);
    else if (span_take(&rest, SPAN("rejected EHLO from ")) ||
             span_take(&rest, SPAN("rejected HELO from ")) ||
             span_take(&rest, SPAN("rejected MAIL from ")))
        read_refused_helo(state, &inner, pid, rest);
    else if (span_take(&rest, SPAN("no host name found for IP address ")))
        read_no_name(state, rest);
    else if (span_until(&rest, ' ', &qid) && (qid.length == 16 || qid.length == 23) &&
             state_is_qid(qid))
        read_mail(state, &inner, pid, qid, rest);
}
