/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * case.c - play one SMTP session through the library
 *
 * PURPOSE  See case.h: connect, HELO, STARTTLS, MAIL, RCPT, as a front end would call the library.
 * CONTRACT What a client says (HELO, MAIL, RCPT, AUTH) may be anything. What the person at the
 *          keyboard says of the client and the server must make sense: the library passes over
 *          macros of an MTA that do not, which here would give an answer to another question than
 *          the one asked.
 * THREADS  one.
 */
#include "tools/case.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/tool.h"

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static int parse_address(const char *text, union address *out)
{
    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1)
        out->any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1)
        out->any.sa_family = AF_INET6;
    return out->any.sa_family != AF_UNSPEC;
}

static int is_local(const struct helo_case *c)
{
    return strcmp(c->client, "local") == 0;
}

/* Letters, digits, hyphens, underscores, and a dot inside. The library looks closer. */
static int looks_like_host(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const char *dot = strchr(name, '.');

    return name[strspn(name, letters)] == '\0' && dot != NULL && dot != name && dot[1] != '\0' &&
           strlen(name) <= 253;
}

static const char *check_client(const struct helo_case *c, char error[CASE_ERROR_SIZE])
{
    char quoted[PRINT_QUOTE_SIZE];
    union address address;

    if (c->client == NULL) {
        (void)snprintf(error, CASE_ERROR_SIZE, "is missing: an IP address, or 'local'");
        return "client";
    }
    if (is_local(c) || parse_address(c->client, &address))
        return NULL;
    (void)snprintf(error, CASE_ERROR_SIZE, "%s is neither an IP address nor 'local'",
                   print_quote(quoted, c->client));
    return "client";
}

static const char *check_server(const struct helo_case *c, char error[CASE_ERROR_SIZE])
{
    char quoted[PRINT_QUOTE_SIZE];
    union address address;

    for (size_t i = 0; i < c->server_names.count; i++) {
        if (looks_like_host(c->server_names.items[i]))
            continue;
        (void)snprintf(error, CASE_ERROR_SIZE, "%s is no full host name, as in mx.example.org",
                       print_quote(quoted, c->server_names.items[i]));
        return "server_names";
    }
    for (size_t i = 0; i < c->server_addresses.count; i++) {
        if (parse_address(c->server_addresses.items[i], &address))
            continue;
        (void)snprintf(error, CASE_ERROR_SIZE, "%s is no IP address",
                       print_quote(quoted, c->server_addresses.items[i]));
        return "server_addresses";
    }
    if (c->server_names.count <= CASE_OWN_MAX && c->server_addresses.count <= CASE_OWN_MAX)
        return NULL;
    (void)snprintf(error, CASE_ERROR_SIZE, "takes %d at most; the policy's server: takes more",
                   CASE_OWN_MAX);
    return c->server_names.count > CASE_OWN_MAX ? "server_names" : "server_addresses";
}

const char *case_check(const struct helo_case *c, char error[CASE_ERROR_SIZE])
{
    char quoted[PRINT_QUOTE_SIZE];
    const char *key = check_client(c, error);

    if (key == NULL)
        key = check_server(c, error);
    if (key == NULL && c->ptr != NULL && !looks_like_host(c->ptr)) {
        (void)snprintf(error, CASE_ERROR_SIZE, "%s is no full host name, as in mail.example.org",
                       print_quote(quoted, c->ptr));
        key = "ptr";
    }
    return key;
}

static enum helo_status connect_client(helo_engine *engine, const struct helo_case *c,
                                       helo_session **out)
{
    union address address;
    struct helo_client client = {
        .size = sizeof(client),
        .confirmed_name = c->ptr,
        .listener_name = c->listener_name,
        .listener_port = c->listener_port,
        .server_names = c->server_names.items,
        .server_addresses = c->server_addresses.items,
        .iprev = c->iprev,
        .ptr_name = c->ptr_seen,
    };

    if (!is_local(c) && parse_address(c->client, &address))
        client.address = &address.any;
    return helo_session_create(engine, &client, out);
}

static enum helo_status say(helo_session *session, const struct helo_case *c)
{
    const struct helo_sender sender = {
        .size = sizeof(sender),
        .address = c->from,
        .auth_user = c->auth,
        .tls_client = c->tls_client,
    };
    enum helo_status status = HELO_OK;

    if (c->helo.data != NULL)
        status = helo_session_helo(session, c->helo.data, c->helo.length);
    if (c->starttls)
        helo_session_starttls(session);
    return status == HELO_OK ? helo_session_mail(session, &sender) : status;
}

enum helo_status case_judge(helo_engine *engine, const struct helo_case *c, enum helo_format format,
                            enum helo_action *action, char **text)
{
    enum helo_stage stage = c->rcpt != NULL ? HELO_AT_RCPT : HELO_AT_MAIL;
    const helo_verdict *verdict;
    helo_session *session;
    enum helo_status status = connect_client(engine, c, &session);

    if (status != HELO_OK)
        return status;
    status = say(session, c);
    if (status == HELO_OK)
        status = helo_session_decide(session, stage, c->rcpt, c->id, &verdict);
    if (status == HELO_OK)
        status = helo_verdict_format(verdict, format, text);
    if (status == HELO_OK)
        *action = helo_verdict_action(verdict);
    helo_session_free(session);
    return status;
}

void case_fini(struct helo_case *c)
{
    field_list_fini(&c->server_names);
    field_list_fini(&c->server_addresses);
    field_list_fini(&c->zone);
}
