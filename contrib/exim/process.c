/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - the engine and the session of one Exim process, see process.h
 */
#include "process.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REASON_SIZE = PATH_MAX + 128 };

static struct {
    pid_t owner; /* who made it; 0: nobody has */
    char policy[PATH_MAX];
    enum helo_status status; /* of making the engine */
    helo_engine *engine;
    char reason[REASON_SIZE];
    helo_session *session;
    char client_address[HX_ADDRESS_SIZE];
    unsigned client_port;
    bool tls;
} process;

/* ---- the engine ------------------------------------------------------------------------------ */

/* Keeps the first error, in one line: "path:line:column: error: ...". */
static void note_finding(void *arg, const struct helo_diag *diag)
{
    (void)arg;
    if (diag->severity != HELO_ERROR || process.reason[0] != '\0')
        return;
    (void)helo_diag_format(diag, process.reason, sizeof(process.reason));
    process.reason[strcspn(process.reason, "\n")] = '\0';
}

static enum helo_status make_engine(void)
{
    helo_policy *policy = NULL;
    enum helo_status status = helo_policy_load(process.policy, note_finding, NULL, &policy);

    if (status == HELO_OK)
        status = helo_engine_create(policy, NULL, &process.engine);
    helo_policy_unref(policy);
    if (status != HELO_OK && process.reason[0] == '\0')
        (void)snprintf(process.reason, sizeof(process.reason), "%s: %s", process.policy,
                       helo_status_text(status));
    return status;
}

/*
 * What belongs to this process is ended. What a parent made is only forgotten: its memory is this
 * process's own copy, and nobody's else.
 */
static void forget(void)
{
    if (process.owner == getpid()) {
        helo_session_free(process.session);
        helo_engine_destroy(process.engine);
    }
    memset(&process, 0, sizeof(process));
}

static enum helo_status want_engine(const char *policy)
{
    if (process.owner == getpid() && strcmp(process.policy, policy) == 0)
        return process.status;
    forget();
    process.owner = getpid();
    if (strlen(policy) >= sizeof(process.policy)) {
        (void)snprintf(process.reason, sizeof(process.reason), "the policy's path is too long");
        return process.status = HELO_LIMIT;
    }
    memcpy(process.policy, policy, strlen(policy) + 1);
    return process.status = make_engine();
}

/* ---- the session ----------------------------------------------------------------------------- */

static bool is_same_connection(const struct hx_request *request)
{
    return process.session != NULL && request->client.ss_family != AF_UNSPEC &&
           request->client_port == process.client_port &&
           strcmp(request->client_address, process.client_address) == 0;
}

static enum helo_status connect_session(const struct hx_request *request)
{
    const char *addresses[] = {request->server_address, NULL};
    struct helo_client client = {
        .size = sizeof(client),
        .confirmed_name = request->client_name,
        .listener_port = request->server_port,
        .server_names = request->server_names,
        .server_addresses = request->server_address[0] != '\0' ? addresses : NULL,
    };

    if (request->client.ss_family != AF_UNSPEC)
        client.address = (const struct sockaddr *)&request->client;
    helo_session_free(process.session);
    process.session = NULL;
    memcpy(process.client_address, request->client_address, sizeof(process.client_address));
    process.client_port = request->client_port;
    process.tls = false;
    return helo_session_create(process.engine, &client, &process.session);
}

/*
 * What was said since the last question. HELO and MAIL may be told again and again: the same HELO
 * changes nothing, and MAIL begins a transaction, as it does in SMTP. Exim drops its own
 * $sender_helo_name at STARTTLS, too (RFC 3207 4.2).
 */
static enum helo_status tell(const struct hx_request *request)
{
    struct helo_sender sender = {
        .size = sizeof(sender),
        .address = request->sender,
        .auth_user = request->auth_user,
        .auth_type = request->auth_type,
        .tls_client = request->tls_client,
    };
    enum helo_status status = HELO_OK;

    if (request->tls && !process.tls)
        helo_session_starttls(process.session);
    process.tls = request->tls;
    if (request->helo != NULL)
        status = helo_session_helo(process.session, request->helo, strlen(request->helo));
    if (status == HELO_OK && hx_request_has(request, HX_sender))
        status = helo_session_mail(process.session, &sender);
    return status;
}

enum helo_status hx_process_session(const struct hx_request *request, helo_session **out,
                                    const char **reason)
{
    enum helo_status status =
        want_engine(request->policy != NULL ? request->policy : HX_POLICY_PATH);

    if (status != HELO_OK) {
        *reason = process.reason;
        return status;
    }
    if (!is_same_connection(request))
        status = connect_session(request);
    if (status == HELO_OK)
        status = tell(request);
    if (status != HELO_OK)
        *reason = helo_status_text(status);
    else
        *out = process.session;
    return status;
}
