/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callbacks.c - what libmilter calls, see callbacks.h
 *
 * ANSWERS  At connect: ACCEPT for who is exempt or past the limit, which makes the MTA close this
 *          connection: the cheapest there is. At HELO a refusal would stick to the session and hide
 *          AUTH and STARTTLS, on both MTAs, so nothing is refused there unless the site says
 *          decide_at: helo. At RCPT an accepted recipient is CONTINUE, since ACCEPT would hide the
 *          further ones, whose domains are judged, too. Where messages are tagged (header.h), no
 *          ACCEPT at all: it would hide the message.
 */
#include "callbacks.h"

#include <string.h>

#include "connection.h"
#include "decision.h"
#include "events.h"
#include "id.h"
#include "log.h"
#include "macros.h"
#include "notify.h"
#include "reply.h"
#include "sessions.h"

/* libmilter hands no argument of ours to callbacks. Set before the first one runs. */
static helo_engine *the_engine;

/* Lets the client of a session that cannot be judged pass. */
static sfsistat fail_open(struct mh_connection *connection, enum helo_status status)
{
    static struct mh_log_gate gate;
    unsigned dropped = 0;

    mh_event_count(MH_EVENT_FAILED_OPEN);
    if (mh_log_gate(&gate, &dropped))
        mh_log(LOG_ERR, "error: a client is accepted unjudged: %s (%u more like this)",
               helo_status_text(status), dropped);
    if (connection != NULL)
        mh_connection_pass(connection);
    return SMFIS_ACCEPT;
}

/*
 * Asks for the verdict, logs it, and gives the answer to return: SMFIS_CONTINUE when it is to
 * accept, and then notes it for the message.
 */
static sfsistat decide(SMFICTX *ctx, struct mh_connection *connection, enum helo_stage stage,
                       const char *recipient)
{
    char queue_id[MH_QUEUE_ID_SIZE];
    const helo_verdict *verdict = NULL;
    enum helo_status status;
    sfsistat answer;

    mh_id_make(connection->id);
    status = helo_session_decide(connection->session, stage, recipient, connection->id, &verdict);
    if (status != HELO_OK)
        return fail_open(connection, status);
    mh_macros_queue_id(ctx, queue_id);
    mh_decision_log(verdict, queue_id, connection->id, connection->client);
    answer = mh_reply_give(ctx, verdict, connection->id);
    if (answer == SMFIS_CONTINUE)
        mh_header_note(ctx, connection->header, verdict);
    return answer;
}

static enum helo_stage stage_of(const helo_policy *policy)
{
    const char *text = helo_policy_string(policy, "decide_at");

    if (text != NULL && strcmp(text, "helo") == 0)
        return HELO_AT_HELO;
    if (text != NULL && strcmp(text, "mail") == 0)
        return HELO_AT_MAIL;
    return HELO_AT_RCPT;
}

static sfsistat on_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2,
                             unsigned long f3, unsigned long *pf0, unsigned long *pf1,
                             unsigned long *pf2, unsigned long *pf3)
{
    struct mh_connection *connection = mh_connection_open(ctx);

    (void)f2, (void)f3;
    /* No memory, or stopping: the MTA does what the site has chosen for a filter that is down. */
    if (connection == NULL)
        return SMFIS_REJECT;
    mh_macros_request(ctx);
    /*
     * No action is wanted unless mail is tagged: it is never changed. *pf1 stays as libmilter set
     * it, with a NO bit for every event that has no callback here. No NR bit for commands: connect
     * and HELO may be answered, and NR_HELO would keep Postfix from sending HELO before the next
     * command.
     */
    *pf0 = *pf2 = *pf3 = 0;
    mh_header_free(connection->header);
    connection->header = mh_header_negotiate(the_engine, f0, f1, pf0, pf1);
    return SMFIS_CONTINUE;
}

/*
 * The client is exempt for good: says so in the log, and the MTA need not tell us more, unless a
 * field in its mail may pose as ours.
 */
static sfsistat pass_exempt(SMFICTX *ctx, struct mh_connection *connection)
{
    (void)decide(ctx, connection, HELO_AT_HELO, NULL);
    connection->exempt = true;
    if (connection->header != NULL)
        return SMFIS_CONTINUE;
    mh_connection_pass(connection);
    return SMFIS_ACCEPT;
}

static sfsistat on_connect(SMFICTX *ctx, char *hostname, struct sockaddr *address)
{
    struct mh_connection *connection = mh_connection_open(ctx);
    struct mh_client client;
    enum mh_admission admission;
    enum helo_status status;

    if (connection == NULL)
        return fail_open(NULL, HELO_NOMEM);
    mh_connection_pass(
        connection); /* an MTA may use one connection for several clients (SMFIC_QUIT_NC) */
    connection->tls = connection->helo_judged = false;
    admission = mh_sessions_admit();
    if (admission != MH_JUDGE)
        return admission == MH_DEFER ? SMFIS_TEMPFAIL : SMFIS_ACCEPT;
    connection->admitted = true;
    mh_macros_client(ctx, hostname, address, &client);
    connection->client = mh_decision_client(client.client.address);
    status = helo_session_create(the_engine, &client.client, &connection->session);
    if (status != HELO_OK)
        return fail_open(connection, status);
    if (helo_session_is_exempt(connection->session))
        return pass_exempt(ctx, connection);
    connection->decide_at = stage_of(helo_session_policy(connection->session));
    return SMFIS_CONTINUE;
}

/*
 * No MTA reports STARTTLS: it shows in the macros of the next command, which need not be HELO. What
 * was said in the clear is void then, and a refusal for it (RFC 3207 4.2).
 */
static void notice_starttls(SMFICTX *ctx, struct mh_connection *connection)
{
    if (connection->tls || !mh_macros_tls(ctx))
        return;
    connection->tls = true;
    connection->helo_judged = false;
    helo_session_starttls(connection->session);
}

static sfsistat on_helo(SMFICTX *ctx, char *argument)
{
    struct mh_connection *connection = mh_connection_judged(ctx);
    enum helo_status status;

    if (connection == NULL || argument == NULL)
        return SMFIS_CONTINUE;
    notice_starttls(ctx, connection);
    status = helo_session_helo(connection->session, argument, strlen(argument));
    if (status != HELO_OK)
        return fail_open(connection, status);
    if (connection->decide_at != HELO_AT_HELO)
        return SMFIS_CONTINUE;
    /* CONTINUE, not ACCEPT, when accepted: another HELO may follow. */
    connection->helo_judged = true;
    return decide(ctx, connection, HELO_AT_HELO, NULL);
}

/* A HELO that was accepted by decide_at: helo: this message gets the field that belongs to it. */
static void note_again(SMFICTX *ctx, struct mh_connection *connection)
{
    const helo_verdict *verdict = NULL;

    if (connection->header != NULL && helo_session_decide(connection->session, HELO_AT_MAIL, NULL,
                                                          connection->id, &verdict) == HELO_OK)
        mh_header_note(ctx, connection->header, verdict);
}

static sfsistat judge_sender(SMFICTX *ctx, struct mh_connection *connection)
{
    sfsistat answer;

    if (connection->decide_at == HELO_AT_RCPT)
        return SMFIS_CONTINUE;
    if (connection->helo_judged) {
        note_again(ctx, connection);
        return SMFIS_CONTINUE;
    }
    /* With decide_at: helo, a client that never said it is judged here. */
    answer = decide(ctx, connection, HELO_AT_MAIL, NULL);
    /* ACCEPT ends the events of this message only; the next MAIL is asked again. */
    return answer == SMFIS_CONTINUE && connection->header == NULL ? SMFIS_ACCEPT : answer;
}

static sfsistat on_envfrom(SMFICTX *ctx, char **arguments)
{
    struct mh_connection *connection = mh_connection_of(ctx);
    struct helo_sender sender;
    enum helo_status status;

    if (connection != NULL)
        mh_header_reset(connection->header);
    connection = mh_connection_judged(ctx);
    if (connection == NULL || arguments == NULL)
        return SMFIS_CONTINUE;
    notice_starttls(ctx, connection);
    mh_macros_sender(ctx, arguments[0], &sender);
    status = helo_session_mail(connection->session, &sender);
    if (status != HELO_OK)
        return fail_open(connection, status);
    return judge_sender(ctx, connection);
}

static sfsistat on_envrcpt(SMFICTX *ctx, char **arguments)
{
    struct mh_connection *connection = mh_connection_judged(ctx);

    if (connection == NULL || arguments == NULL || connection->decide_at != HELO_AT_RCPT)
        return SMFIS_CONTINUE;
    return decide(ctx, connection, HELO_AT_RCPT, arguments[0]);
}

/* Comes only where messages are tagged, from exempt clients, too. */
static sfsistat on_header(SMFICTX *ctx, char *name, char *body)
{
    struct mh_connection *connection = mh_connection_of(ctx);

    if (connection == NULL)
        return SMFIS_CONTINUE;
    return mh_header_see(
        ctx, connection->header,
        connection->session != NULL ? helo_session_policy(connection->session) : NULL, name, body);
}

static sfsistat on_eom(SMFICTX *ctx)
{
    struct mh_connection *connection = mh_connection_of(ctx);

    return connection != NULL ? mh_header_finish(ctx, connection->header) : SMFIS_CONTINUE;
}

/*
 * RSET (RFC 5321 4.1.1.5), or HELO in mid-transaction, reported before that HELO or after it: HELO
 * is kept.
 */
static sfsistat on_abort(SMFICTX *ctx)
{
    struct mh_connection *connection = mh_connection_of(ctx);

    if (connection != NULL)
        mh_header_reset(connection->header);
    connection = mh_connection_judged(ctx);
    if (connection != NULL)
        helo_session_reset(connection->session);
    return SMFIS_CONTINUE;
}

/* Comes also without a connect, and then for a connection that only poked the pool. */
static sfsistat on_close(SMFICTX *ctx)
{
    mh_notify_alive();
    mh_connection_close(ctx);
    return SMFIS_CONTINUE;
}

int mh_callbacks_register(helo_engine *engine)
{
    static char name[] = "milter-helo";
    struct smfiDesc description = {
        .xxfi_name = name,
        .xxfi_version = SMFI_VERSION,
        .xxfi_flags = SMFIF_NONE,
        .xxfi_negotiate = on_negotiate,
        .xxfi_connect = on_connect,
        .xxfi_helo = on_helo,
        .xxfi_envfrom = on_envfrom,
        .xxfi_envrcpt = on_envrcpt,
        .xxfi_header = on_header,
        .xxfi_eom = on_eom,
        .xxfi_abort = on_abort,
        .xxfi_close = on_close,
    };

    the_engine = engine;
    return smfi_register(description) == MI_SUCCESS ? 0 : -1;
}
