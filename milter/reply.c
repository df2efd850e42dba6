/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.c - the one place where a verdict becomes an answer to the MTA, see reply.h
 */
#include "reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

/* libmilter takes 980 bytes a line, and every % may be doubled. */
enum { LINE_BYTES = 2 * HELO_REPLY_LINE_BYTES };
_Static_assert(LINE_BYTES <= 980, "a line may become too long for libmilter");
/* smfi_setmlreply() below is called with every line. */
_Static_assert(HELO_REPLY_LINES == 4, "the call names each line");

/*
 * Does what the library wrote say what is about to be done? Postfix holds a filter broken whose
 * enhanced code is of another class than its code (RFC 2034 4), and libmilter passes over a reply
 * whose code is of another class than what the callback returns.
 */
static bool is_consistent(enum helo_action action, const struct helo_reply *reply)
{
    int class = action == HELO_ACTION_REJECT ? 5 : 4;

    return reply->code / 100 == class && reply->enhanced[0] == '0' + class && reply->lines > 0 &&
           reply->lines <= HELO_REPLY_LINES;
}

/*
 * Doubles %: both MTAs expand a single one. What is not printable ASCII never comes from the
 * library; both MTAs would send it raw to the client, so it is masked all the same.
 */
static void escape_line(const char *from, char to[LINE_BYTES])
{
    size_t used = 0;

    for (; *from != '\0' && used + 2 < LINE_BYTES; from++) {
        if (*from == '%')
            to[used++] = '%';
        to[used++] = *from;
        if (*from < ' ' || *from > '~')
            to[used - 1] = '?';
    }
    to[used] = '\0';
}

static bool set_reply(SMFICTX *ctx, const struct helo_reply *reply)
{
    char text[HELO_REPLY_LINES][LINE_BYTES];
    const char *line[HELO_REPLY_LINES] = {NULL};
    char code[4], enhanced[sizeof reply->enhanced];

    (void)snprintf(code, sizeof code, "%d", reply->code);
    memcpy(enhanced, reply->enhanced, sizeof enhanced);
    for (size_t i = 0; i < reply->lines; i++) {
        escape_line(reply->line[i], text[i]);
        line[i] = text[i];
    }
    return smfi_setmlreply(ctx, code, enhanced, line[0], line[1], line[2], line[3],
                           (const char *)NULL) == MI_SUCCESS;
}

sfsistat mh_reply_give(SMFICTX *ctx, const helo_verdict *verdict, const char *id)
{
    enum helo_action action = helo_verdict_action(verdict);
    struct helo_reply reply;

    if (action != HELO_ACTION_REJECT && action != HELO_ACTION_DEFER)
        return SMFIS_CONTINUE;
    helo_verdict_reply(verdict, &reply);
    if (!is_consistent(action, &reply) || !set_reply(ctx, &reply)) {
        mh_log(LOG_ERR, "error: accepted in spite of the verdict, its reply cannot be given: id=%s",
               id);
        return SMFIS_CONTINUE;
    }
    return action == HELO_ACTION_REJECT ? SMFIS_REJECT : SMFIS_TEMPFAIL;
}
