/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_verdict.c - verdicts per second on one core
 *
 * JUDGE      verdict_judge() alone: every check there is, on facts that are all at hand.
 * SESSION    The whole way through helo.h: create, HELO, MAIL, decide for one recipient, free.
 *            Every check is on that asks DNS nothing of these clients; that nothing was asked is
 *            looked at.
 * RECIPIENT  One more recipient of a session that was decided for another.
 * USAGE      bench_verdict [ROUNDS [TEXT]]
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/text.h"
#include "bench/bench.h"
#include "checks/registry.h"
#include "policy/load.h"
#include "policy/verdict.h"

/* ---- clients --------------------------------------------------------------------------------- */

struct client {
    const char *address;
    const char *helo;
    enum helo_action would;
};

/* The usual ones of a mail server's day. Names end as real ones do: .example is a ground. */
enum { HONEST, HONEST_V6, DIALUP, OWN_NAME, OWN_LITERAL, CLIENTS };

static const struct client clients[CLIENTS] = {
    [HONEST] = {"203.0.113.9", "mail.client.example.net", HELO_ACTION_ACCEPT},
    [HONEST_V6] = {"2001:db8:5::9", "mail.client.example.net", HELO_ACTION_ACCEPT},
    [DIALUP] = {"198.51.100.77", "host-198-51-100-77.dsl.provider.example.com", HELO_ACTION_REJECT},
    [OWN_NAME] = {"203.0.113.10", "mx.site.example.org", HELO_ACTION_REJECT},
    [OWN_LITERAL] = {"203.0.113.11", "[192.0.2.1]", HELO_ACTION_REJECT},
};

static const char *const zone_lines[] = {
    "203.0.113.9 PTR mail.client.example.net",
    "2001:db8:5::9 PTR mail.client.example.net",
    "mail.client.example.net A 203.0.113.9",
    "mail.client.example.net AAAA 2001:db8:5::9",
    "198.51.100.77 PTR host-198-51-100-77.dsl.provider.example.com",
    "host-198-51-100-77.dsl.provider.example.com A 198.51.100.77",
    "203.0.113.10 PTR host10.provider.example.com",
    "host10.provider.example.com A 203.0.113.10",
    "mx.site.example.org A 192.0.2.1",
};

/* ---- an engine ------------------------------------------------------------------------------- */

struct site {
    helo_policy *policy;
    helo_zone *zone;
    helo_engine *engine;
};

/* Whether a check can be run without a question about an ordinary client. */
static bool is_local(const struct check_row *row)
{
    return row->family != FAMILY_DNS && strcmp(row->name, "helo_churn") != 0;
}

static char *make_policy(bool all)
{
    struct text text;
    char *yaml;

    text_init(&text, LIMIT_YAML_BYTES);
    text_add(
        &text,
        "mode: enforce\n"
        "server: {names: [mx.site.example.org, mx2.site.example.org], addresses: [192.0.2.1]}\n"
        "networks: [192.0.2.128/25, \"2001:db8:1::/48\"]\n"
        "lists: {deny: [\"*.spam.example.net\", liar.example.net]}\n");
    if (all)
        text_add(&text,
                 "rhsbl: {zones: [{zone: dbl.site.example.org, codes: [127.0.1.2-127.0.1.99]}]}\n");
    text_add(&text, "checks:\n");
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row((enum check_id)i);

        text_addf(&text, "  %s: %s\n", row->name,
                  !all && !is_local(row) ? "off"
                  : row->corroborating   ? "observe"
                                         : "reject");
    }
    yaml = text_take(&text);
    bench_must(yaml != NULL, "no memory for the policy's text");
    return yaml;
}

static void complain(void *arg, const struct helo_diag *finding)
{
    char text[1024];

    (void)arg;
    (void)helo_diag_format(finding, text, sizeof(text));
    if (finding->severity == HELO_ERROR)
        (void)fprintf(stderr, "%s\n", text);
}

static void open_site(struct site *site, bool all)
{
    struct helo_engine_options engine = {.size = sizeof(engine), .all_facts = all};
    char *yaml = make_policy(all);
    struct diag diag;

    diag_init(&diag, complain, NULL);
    bench_must(policy_load_text(yaml, strlen(yaml), "bench", &diag, &site->policy) == HELO_OK,
               "the policy has errors");
    helo_free(yaml);
    bench_must(helo_zone_create(&site->zone) == HELO_OK, "no memory");
    for (size_t i = 0; i < BENCH_COUNT(zone_lines); i++)
        bench_must(helo_zone_add(site->zone, zone_lines[i], "zone", 1, complain, NULL) == HELO_OK,
                   "the zone has errors");
    engine.zone = site->zone;
    bench_must(helo_engine_create(site->policy, &engine, &site->engine) == HELO_OK, "no engine");
}

static void close_site(struct site *site)
{
    helo_engine_destroy(site->engine);
    helo_zone_free(site->zone);
    helo_policy_unref(site->policy);
}

/* ---- a session ------------------------------------------------------------------------------- */

struct play {
    struct site *site;
    const struct client *client;
    struct sockaddr_storage address;
    helo_session *session;
};

static void prepare(struct play *play, struct site *site, unsigned client)
{
    *play = (struct play){.site = site, .client = &clients[client]};
    if (inet_pton(AF_INET, play->client->address,
                  &((struct sockaddr_in *)&play->address)->sin_addr) == 1) {
        play->address.ss_family = AF_INET;
    } else {
        bench_must(inet_pton(AF_INET6, play->client->address,
                             &((struct sockaddr_in6 *)&play->address)->sin6_addr) == 1,
                   "no address");
        play->address.ss_family = AF_INET6;
    }
}

/* What a milter gives of one. */
static void connect_client(struct play *play)
{
    static const char *const names[] = {"mx.site.example.org", NULL};
    static const char *const addresses[] = {"192.0.2.1", NULL};
    const struct helo_client client = {.size = sizeof(client),
                                       .address = (const struct sockaddr *)&play->address,
                                       .listener_name = "smtp",
                                       .listener_port = 25,
                                       .server_names = names,
                                       .server_addresses = addresses};

    bench_must(helo_session_create(play->site->engine, &client, &play->session) == HELO_OK,
               "no session");
}

static void say(struct play *play)
{
    const struct helo_sender sender = {.size = sizeof(sender),
                                       .address = "<someone@client.example.net>"};

    bench_must(helo_session_helo(play->session, play->client->helo, strlen(play->client->helo)) ==
                   HELO_OK,
               "HELO failed");
    bench_must(helo_session_mail(play->session, &sender) == HELO_OK, "MAIL failed");
}

static const helo_verdict *decide(struct play *play, const char *recipient)
{
    const helo_verdict *verdict = NULL;

    bench_must(helo_session_decide(play->session, HELO_AT_RCPT, recipient, "4Abc1d2EfGz",
                                   &verdict) == HELO_OK,
               "no verdict");
    return verdict;
}

/* A figure for something else than was meant is worse than none. */
static void check_verdict(const struct play *play, const helo_verdict *verdict, bool asks)
{
    char *text = NULL;

    if (helo_verdict_action(verdict) == play->client->would &&
        (asks || verdict->dns_questions == 0))
        return;
    if (helo_verdict_format(verdict, HELO_FORMAT_TEXT, &text) == HELO_OK)
        (void)fprintf(stderr, "%s\n", text);
    bench_must(0,
               asks ? "another verdict was meant" : "another verdict was meant, or DNS was asked");
}

/* ---- rows ------------------------------------------------------------------------------------ */

static uint64_t judge(void *arg, size_t times)
{
    struct helo_verdict *verdict = arg;
    uint64_t kept = 0;

    for (size_t i = 0; i < times; i++)
        kept += verdict_judge(verdict) + (unsigned)verdict->action;
    return kept;
}

static uint64_t create_and_free(void *arg, size_t times)
{
    struct play *play = arg;

    for (size_t i = 0; i < times; i++) {
        connect_client(play);
        helo_session_free(play->session);
    }
    return times;
}

static uint64_t whole_session(void *arg, size_t times)
{
    struct play *play = arg;
    uint64_t kept = 0;

    for (size_t i = 0; i < times; i++) {
        connect_client(play);
        say(play);
        kept += (unsigned)helo_verdict_action(decide(play, "<user@site.example.org>"));
        helo_session_free(play->session);
    }
    return kept;
}

static uint64_t next_recipient(void *arg, size_t times)
{
    static const char *const recipients[] = {"<user@site.example.org>", "<other@site.example.org>"};
    struct play *play = arg;
    uint64_t kept = 0;

    for (size_t i = 0; i < times; i++)
        kept += (unsigned)helo_verdict_action(decide(play, recipients[i % 2]));
    return kept;
}

/* ---- tables ---------------------------------------------------------------------------------- */

enum { JUDGED = 50000, PLAYED = 10000 };

static void bench_judge(const struct bench_options *options)
{
    static struct play plays[CLIENTS];
    static struct helo_verdict verdicts[CLIENTS];
    struct bench_row rows[] = {BENCH_REFERENCE,
                               {"judge: honest", judge, &verdicts[HONEST], JUDGED, 0},
                               {"judge: honest, IPv6", judge, &verdicts[HONEST_V6], JUDGED, 0},
                               {"judge: a provider's line", judge, &verdicts[DIALUP], JUDGED, 0},
                               {"judge: our name", judge, &verdicts[OWN_NAME], JUDGED, 0},
                               {"judge: our address", judge, &verdicts[OWN_LITERAL], JUDGED, 0}};
    struct site site;

    open_site(&site, true);
    for (unsigned i = 0; i < CLIENTS; i++) {
        prepare(&plays[i], &site, i);
        connect_client(&plays[i]);
        say(&plays[i]);
        verdicts[i] = *decide(&plays[i], "<user@site.example.org>");
        check_verdict(&plays[i], &verdicts[i], true);
        bench_must(verdict_judge(&verdicts[i]) == 0, "a fact is not at hand");
    }
    bench_run("verdict_judge(), all checks, facts at hand", rows, BENCH_COUNT(rows), options);
    for (unsigned i = 0; i < CLIENTS; i++)
        helo_session_free(plays[i].session);
    close_site(&site);
}

static void bench_session(const struct bench_options *options)
{
    static struct play plays[CLIENTS], open[2];
    struct bench_row rows[] = {
        BENCH_REFERENCE,
        {"create and free", create_and_free, &plays[HONEST], PLAYED, 0},
        {"session: honest", whole_session, &plays[HONEST], PLAYED, 0},
        {"session: honest, IPv6", whole_session, &plays[HONEST_V6], PLAYED, 0},
        {"session: a provider's line", whole_session, &plays[DIALUP], PLAYED, 0},
        {"session: our address", whole_session, &plays[OWN_LITERAL], PLAYED, 0},
        {"recipient: honest", next_recipient, &open[0], JUDGED, 0},
        {"recipient: our address", next_recipient, &open[1], JUDGED, 0}};
    struct site site;

    open_site(&site, false);
    for (unsigned i = 0; i < CLIENTS; i++)
        prepare(&plays[i], &site, i);
    prepare(&open[0], &site, HONEST);
    prepare(&open[1], &site, OWN_LITERAL);
    for (unsigned i = 0; i < 2; i++) {
        connect_client(&open[i]);
        say(&open[i]);
        check_verdict(&open[i], decide(&open[i], "<user@site.example.org>"), false);
    }
    bench_run("sessions, nothing asked of DNS", rows, BENCH_COUNT(rows), options);
    helo_session_free(open[0].session);
    helo_session_free(open[1].session);
    close_site(&site);
}

int main(int argc, char **argv)
{
    struct bench_options options = bench_options(argc, argv);

    bench_judge(&options);
    bench_session(&options);
    return 0;
}
