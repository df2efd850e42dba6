/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * consumer.c - somebody else's program: one verdict from memory, and the version
 */
#include <arpa/inet.h>
#include <helo.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const char *const own_names[] = {"mx.site.example", NULL};
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct helo_client client = {
        .size = sizeof(client), .address = (struct sockaddr *)&address, .server_names = own_names};
    struct helo_engine_options options = {.size = sizeof(options)};
    const helo_verdict *verdict;
    helo_session *session;
    helo_engine *engine;
    helo_policy *policy;
    helo_zone *zone;
    char *log;
    int refused;

    inet_pton(AF_INET, "203.0.113.9", &address.sin_addr);
    if (helo_policy_default(&policy) != HELO_OK || helo_zone_create(&zone) != HELO_OK)
        return 1;
    options.zone = zone;
    if (helo_engine_create(policy, &options, &engine) != HELO_OK ||
        helo_session_create(engine, &client, &session) != HELO_OK ||
        helo_session_helo(session, "mx.site.example", strlen("mx.site.example")) != HELO_OK ||
        helo_session_decide(session, HELO_AT_RCPT, "<user@site.example>", NULL, &verdict) !=
            HELO_OK ||
        helo_verdict_format(verdict, HELO_FORMAT_LOG, &log) != HELO_OK)
        return 1;
    printf("libhelo %s: %s\n", helo_version(), log);
    refused = helo_verdict_would(verdict) == HELO_ACTION_REJECT;
    helo_free(log);
    helo_session_free(session);
    helo_engine_destroy(engine);
    helo_policy_unref(policy);
    helo_zone_free(zone);
    return refused ? 0 : 1;
}
