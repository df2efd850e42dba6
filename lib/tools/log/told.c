/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * told.c - what Postfix says of a client and its session, see format.h
 *
 * CONTRACT smtpd replaces each of " <>()\";@", and what is not printable, in a HELO by '?' before
 *          it logs it (seen with Postfix 3.7; NEUTER_CHARACTERS in its smtpd.c), postscreen logs
 *          what came up to the first blank. So a HELO cannot end itself, and the last "helo=<" of a
 *          line is Postfix's. A sender, a recipient or the text of a refusal can have anything in
 *          it: that can spoil the sender and recipient of the client's own entry, nothing else.
 */
#include "tools/log/format.h"

int peer_take(struct log_state *state, struct span *s, struct peer *out)
{
    struct span rest = *s;

    *out = (struct peer){0};
    if (!span_until(&rest, '[', &out->name) || !span_until(&rest, ']', &out->address) ||
        memchr(out->name.at, ' ', out->name.length) != NULL ||
        !state_is_address(state, &out->address))
        return 0;
    /* "[192.0.2.1]:25", not "[192.0.2.1]: 550 ..." */
    if (rest.length > 1 && rest.at[0] == ':' && rest.at[1] >= '0' && rest.at[1] <= '9') {
        span_drop(&rest, 1);
        out->port = span_take_number(&rest);
    }
    *s = rest;
    return 1;
}

/* "<a>" behind a key; what is behind it stays in rest. */
static int take_path(struct span *rest, struct span key, struct span *out)
{
    struct span s = *rest, tail;
    const char *end;

    (void)span_take(&s, SPAN(","));
    if (!span_take(&s, SPAN(" ")) || !span_take(&s, key))
        return 0;
    tail = s;
    span_drop(&tail, span_quoted(s));
    end = memchr(tail.at, '>', tail.length);
    if (end == NULL)
        return 0;
    *out = span_before(s, end);
    *rest = span_behind(s, end + 1);
    return 1;
}

/* Takes "helo=<...>" off the end. What cleanup adds behind it (": 5.7.1 text") goes, too. */
static void take_helo(struct span *rest, struct told *out)
{
    const char *key = span_find_last(*rest, SPAN(" helo=<"));
    struct span value;

    if (key == NULL)
        return;
    value = span_behind(*rest, key + sizeof " helo=<" - 1);
    if (!span_until(&value, '>', &out->helo))
        return;
    out->has_helo = 1;
    out->behind = value;
    *rest = span_before(*rest, key);
}

void told_read(struct span rest, struct told *out)
{
    const char *fields;

    *out = (struct told){.text = rest};
    take_helo(&rest, out);
    fields = span_find_last(rest, SPAN("; from=<"));
    if (fields == NULL)
        fields = span_find_last(rest, SPAN("; to=<"));
    if (fields == NULL)
        fields = span_find_last(rest, SPAN("; proto="));
    if (fields == NULL) {
        out->text = rest;
        return;
    }
    out->text = span_before(rest, fields);
    rest = span_behind(rest, fields + 1);
    out->has_from = take_path(&rest, SPAN("from=<"), &out->from);
    out->has_rcpt = take_path(&rest, SPAN("to=<"), &out->rcpt);
    out->has_proto = span_find_last(rest, SPAN(" proto=")) != NULL;
}

/* At CONNECT nothing can have been said yet; later, what is not there was not said. */
void told_helo(struct log_state *state, const struct told *told, struct span stage,
               struct log_entry *entry)
{
    if (told->has_helo && told->helo.length > 0) {
        entry->helo_status = LOG_HELO_SAID;
        entry->helo = state_text(state, told->helo);
        entry->helo_length = strlen(entry->helo);
    } else if (told->has_proto && !span_is(stage, SPAN("CONNECT"))) {
        entry->helo_status = LOG_HELO_NONE;
    }
}

enum log_outcome told_outcome(const struct told *told)
{
    if (told->text.length > 0 && told->text.at[0] == '4')
        return LOG_OUTCOME_DEFERRED;
    return told->text.length > 0 && told->text.at[0] == '5' ? LOG_OUTCOME_REJECTED
                                                            : LOG_OUTCOME_UNKNOWN;
}

const char *told_from(struct log_state *state, struct span from)
{
    return from.length == 0 ? "<>" : state_text(state, from);
}
