/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judge.h - one verdict through the public door: a YAML policy, zone lines, a client and what it
 * says
 */
#ifndef HELO_TESTS_JUDGE_H
#define HELO_TESTS_JUDGE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/diag.h"
#include "policy/load.h"
#include "policy/verdict.h"
#include "unit/unit.h"

struct judged {
    helo_policy *policy;
    helo_zone *zone;
    helo_engine *engine;
    helo_session *session;
    const helo_verdict *verdict;
};

struct judge_case {
    const char *policy; /* YAML; NULL: the default */
    const char *zone;   /* lines */
    const char *client; /* NULL: local submission */
    const char *helo;   /* NULL: none */
    const char *rcpt;
    const char *auth_user;
    const char *listener_name;
    unsigned listener_port;
    const char *tls_client;
    /* What somebody else knows of the client's reverse DNS. */
    const char *confirmed_name;
    enum helo_iprev iprev;
    const char *ptr_name;
    unsigned long long time_ms;
    bool offline;
};

static inline void judge_close(struct judged *j)
{
    helo_session_free(j->session);
    helo_engine_destroy(j->engine);
    helo_zone_free(j->zone);
    helo_policy_unref(j->policy);
    *j = (struct judged){0};
}

static inline enum helo_status judge_load_zone(struct judged *j, const char *lines)
{
    enum helo_status status = helo_zone_create(&j->zone);
    char line[256];

    while (status == HELO_OK && lines != NULL && *lines != '\0') {
        size_t length = strcspn(lines, "\n");

        assert_true(length < sizeof(line));
        memcpy(line, lines, length);
        line[length] = '\0';
        status = helo_zone_add(j->zone, line, "zone", 1, NULL, NULL);
        lines += length + (lines[length] == '\n');
    }
    return status;
}

static inline enum helo_status judge_load_policy(struct judged *j, const char *yaml)
{
    struct diag diag;

    if (yaml == NULL)
        return helo_policy_default(&j->policy);
    diag_init(&diag, NULL, NULL);
    return policy_load_text(yaml, strlen(yaml), "policy", &diag, &j->policy);
}

static inline const struct sockaddr *judge_address(const char *text, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof(*out));
    if (text == NULL)
        return NULL;
    if (inet_pton(AF_INET, text, &((struct sockaddr_in *)out)->sin_addr) == 1) {
        out->ss_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)out)->sin6_addr), 1);
        out->ss_family = AF_INET6;
    }
    return (const struct sockaddr *)out;
}

static inline enum helo_status judge_play(struct judged *j, const struct judge_case *c)
{
    static const char *const names[] = {"mx.site.example", NULL};
    static const char *const addresses[] = {"192.0.2.1", "IPv6:2001:db8::1", NULL};
    struct sockaddr_storage address;
    struct helo_client client = {.size = sizeof(client),
                                 .address = judge_address(c->client, &address),
                                 .listener_name = c->listener_name,
                                 .listener_port = c->listener_port,
                                 .server_names = names,
                                 .server_addresses = addresses,
                                 .confirmed_name = c->confirmed_name,
                                 .iprev = c->iprev,
                                 .ptr_name = c->ptr_name,
                                 .time_ms = c->time_ms};
    struct helo_sender sender = {.size = sizeof(sender),
                                 .address = "<a@b.example>",
                                 .auth_user = c->auth_user,
                                 .tls_client = c->tls_client};
    enum helo_status status = helo_session_create(j->engine, &client, &j->session);

    if (status == HELO_OK && c->helo != NULL)
        status = helo_session_helo(j->session, c->helo, strlen(c->helo));
    if (status == HELO_OK)
        status = helo_session_mail(j->session, &sender);
    if (status == HELO_OK)
        status = helo_session_decide(j->session, HELO_AT_RCPT,
                                     c->rcpt != NULL ? c->rcpt : "<user@site.example>", "ID7",
                                     &j->verdict);
    return status;
}

/* On failure j is closed already. */
static inline enum helo_status judge_open(struct judged *j, const struct judge_case *c)
{
    struct helo_engine_options options = {.size = sizeof(options), .offline = c->offline};
    enum helo_status status;

    *j = (struct judged){0};
    status = judge_load_policy(j, c->policy);
    if (status == HELO_OK)
        status = judge_load_zone(j, c->zone);
    options.zone = j->zone;
    if (status == HELO_OK)
        status = helo_engine_create(j->policy, &options, &j->engine);
    if (status == HELO_OK)
        status = judge_play(j, c);
    if (status != HELO_OK)
        judge_close(j);
    return status;
}

#endif /* HELO_TESTS_JUDGE_H */
