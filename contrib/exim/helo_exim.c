/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * helo_exim.c - the one function that Exim calls: ${dlfunc{FILE}{helo_exim}{name=value}...}
 *
 * PURPOSE  Exim speaks no milter; its ACLs ask libhelo through this. README tells what to write
 *          into them.
 * CONTRACT Arguments as request.h has them, an answer as answer.h has it:
 *            action  accept, defer, reject
 *            reply   for message=: "550 5.7.1 ...", lines separated by a new line. Not for accept.
 *            why     for log_message=: short, the checks and the id. Not for accept.
 *            log     for logwrite=: the line that milter-helo logs, or, with the names of Exim's
 *                    logs in front, an error
 *          Without recipient= nothing is decided: the look-ups of the client and its HELO start.
 *          Mail is never lost for our sake: what cannot be judged is accepted, and log says why.
 *          The function always returns OK: any other status would make Exim defer the mail.
 * STANDARDS The interface is exim_dlfunc_t of Exim's local_scan.h, described in its specification,
 *          "Adding a local scan function to Exim" and ${dlfunc}; unchanged since Exim 4.40. It is
 *          written out below rather than included: that header brings Exim's build configuration
 *          along, and macros like OK and FAIL, and would tie one build of this module to one
 *          version of Exim. No symbol of Exim's is used, so none can be missing.
 * TAINT    Exim 4.94 and newer distrust what clients say. The answer is new text to Exim, which it
 *          does not know to come from there. It is for message=, log_message= and logwrite=, and
 *          must not become a file name or a command.
 * THREADS  Exim's only one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "helo.h"
#include "id.h"
#include "process.h"
#include "request.h"

enum { EXIM_OK = 0 }; /* OK of local_scan.h */

typedef unsigned char uschar; /* as Exim's mytypes.h has it */

__attribute__((visibility("default"))) int helo_exim(uschar **yield, int argc, uschar *argv[]);

/* As mail logs of milter-helo begin, so that one search finds both. */
static const char log_prefix[] = "milter-helo: ";

/* Exim's panic log is what its cron job sends to the postmaster: once per process is enough. */
static void accept_unjudged(struct hx_answer *answer, const char *reason)
{
    static bool told;
    char line[HX_ANSWER_SIZE / 2];

    (void)snprintf(line, sizeof(line), "%s %serror: a client is accepted unjudged: %s",
                   told ? ":main:" : ":main,panic:", log_prefix, reason);
    told = true;
    hx_answer_init(answer, helo_action_text(HELO_ACTION_ACCEPT));
    hx_answer_add(answer, "log", line);
}

/* "550 5.7.1 LINE\nLINE": Exim takes both codes off, and puts them before each line. */
static void add_reply(struct hx_answer *answer, const helo_verdict *verdict)
{
    char text[HELO_REPLY_LINES * (HELO_REPLY_LINE_BYTES + 1) + 32];
    struct helo_reply reply;
    size_t used;

    helo_verdict_reply(verdict, &reply);
    used = (size_t)snprintf(text, sizeof(text), "%d %s ", reply.code, reply.enhanced);
    for (size_t i = 0; i < reply.lines && used < sizeof(text); i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i > 0 ? "\n" : "",
                                 reply.line[i]);
    hx_answer_add(answer, "reply", text);
}

/* "HELO refused: own_name,syntax id=...": the names are the registry's own. */
static void add_why(struct hx_answer *answer, const helo_verdict *verdict, const char *id)
{
    char text[1024];
    const char *separator = ": ";
    struct helo_check_result result;
    size_t used = (size_t)snprintf(text, sizeof(text), "HELO refused");

    for (size_t i = 0; helo_check_info(i) != NULL && used < sizeof(text); i++) {
        if (!helo_verdict_check(verdict, i, &result) || !result.ground)
            continue;
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", separator, result.check);
        separator = ",";
    }
    if (used < sizeof(text))
        (void)snprintf(text + used, sizeof(text) - used, " id=%s", id);
    hx_answer_add(answer, "why", text);
}

/* As milter-helo logs it, but for the queue id, which there is not yet. */
static void add_log(struct hx_answer *answer, const helo_verdict *verdict)
{
    char line[HX_ANSWER_SIZE / 2];
    char *text = NULL;

    if (helo_verdict_format(verdict, HELO_FORMAT_LOG, &text) != HELO_OK)
        return;
    (void)snprintf(line, sizeof(line), "%s%s", log_prefix, text);
    helo_free(text);
    hx_answer_add(answer, "log", line);
}

static void decide(struct hx_answer *answer, helo_session *session, const char *recipient)
{
    const helo_verdict *verdict = NULL;
    char id[MH_ID_SIZE];
    enum helo_action action;
    enum helo_status status;

    mh_id_make(id);
    status = helo_session_decide(session, HELO_AT_RCPT, recipient, id, &verdict);
    if (status != HELO_OK) {
        accept_unjudged(answer, helo_status_text(status));
        return;
    }
    action = helo_verdict_action(verdict);
    hx_answer_init(answer, helo_action_text(action));
    if (action == HELO_ACTION_REJECT || action == HELO_ACTION_DEFER) {
        add_reply(answer, verdict);
        add_why(answer, verdict, id);
    }
    add_log(answer, verdict);
}

int helo_exim(uschar **yield, int argc, uschar *argv[])
{
    static struct hx_answer answer; /* Exim copies it at once */
    struct hx_request request;
    helo_session *session = NULL;
    const char *reason = request.fault;
    int saved = errno;

    if (!hx_request_parse(&request, argc, argv) ||
        hx_process_session(&request, &session, &reason) != HELO_OK)
        accept_unjudged(&answer, reason);
    else if (hx_request_has(&request, HX_recipient))
        decide(&answer, session, request.recipient);
    else
        hx_answer_init(&answer, helo_action_text(HELO_ACTION_ACCEPT));
    *yield = (uschar *)answer.text;
    errno = saved;
    return EXIM_OK;
}
