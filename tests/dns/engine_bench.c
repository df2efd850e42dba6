/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * engine_bench.c - a whole engine on real sockets, and clients that visit it
 *
 * PURPOSE  See engine_bench.h.
 */
#include "engine_bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/diag.h"
#include "policy/load.h"
#include "policy/verdict.h"

/*
 * Without RFC 5321 4.1.4, so that each fact decides alone. The last two only ask: the tests' hosts
 * have documentation addresses, which are bogus, and names of many organisations.
 */
static const char policy_form[] = "mode: enforce\n"
                                  "rfc5321_4_1_4: ignore\n"
                                  "server: {names: [mx.site.example], learn: false}\n"
                                  "dns:\n"
                                  "  servers: %s\n"
                                  "  on_failure: %s\n"
                                  "  wait: %dms\n"
                                  "  deadline: %dms\n"
                                  "%s"
                                  "checks:\n"
                                  "  no_address: reject\n"
                                  "  bogus_address: reject\n"
                                  "  forward_mismatch: reject\n"
                                  "  no_ptr: reject\n"
                                  "  fcrdns: reject\n"
                                  "  rdns_mismatch: observe\n"
                                  "  mx_bogus: observe\n";

static void say(void *arg, const struct helo_diag *diag)
{
    (void)arg;
    if (diag->severity == HELO_ERROR)
        (void)fprintf(stderr, "%u:%u: %s\n", diag->line, diag->column, diag->message);
}

static void count_alarm(void *arg, const struct helo_diag *diag)
{
    struct bench *bench = arg;

    (void)pthread_mutex_lock(&bench->lock);
    bench->warnings += diag->severity == HELO_WARNING;
    bench->notes += diag->severity == HELO_NOTE;
    (void)pthread_mutex_unlock(&bench->lock);
}

static unsigned read_count(struct bench *bench, const unsigned *count)
{
    unsigned value;

    (void)pthread_mutex_lock(&bench->lock);
    value = *count;
    (void)pthread_mutex_unlock(&bench->lock);
    return value;
}

unsigned bench_warnings(struct bench *bench)
{
    return read_count(bench, &bench->warnings);
}

unsigned bench_notes(struct bench *bench)
{
    return read_count(bench, &bench->notes);
}

bool bench_start(struct bench *bench, const char *servers, const char *on_failure, const char *more)
{
    const struct helo_engine_options options = {
        .size = sizeof options, .warn = count_alarm, .warn_arg = bench};
    struct diag diag;
    helo_policy *policy = NULL;
    enum helo_status status;
    char text[1024];
    int length = snprintf(text, sizeof text, policy_form, servers, on_failure, BENCH_WAIT_MS,
                          3 * BENCH_WAIT_MS, more);

    *bench = (struct bench){.engine = NULL};
    diag_init(&diag, say, NULL);
    if (length < 0 || (size_t)length >= sizeof text ||
        policy_load_text(text, (size_t)length, "policy", &diag, &policy) != HELO_OK)
        return false;
    (void)pthread_mutex_init(&bench->lock, NULL);
    status = helo_engine_create(policy, &options, &bench->engine);
    helo_policy_unref(policy);
    return status == HELO_OK;
}

void bench_stop(struct bench *bench)
{
    helo_engine_destroy(bench->engine);
    (void)pthread_mutex_destroy(&bench->lock);
}

/* ---- visits -------------------------------------------------------------------------------- */

/* A mail filter makes all of this of a verdict. */
static bool make_all(const helo_verdict *verdict, int *code)
{
    static const enum helo_format formats[] = {HELO_FORMAT_TEXT, HELO_FORMAT_JSON, HELO_FORMAT_LOG};
    struct helo_reply reply;
    char *text = NULL;
    bool made = helo_verdict_auth_results(verdict, "mx.site.example", &text) == HELO_OK;

    helo_free(text);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        text = NULL;
        made = helo_verdict_format(verdict, formats[i], &text) == HELO_OK && made;
        helo_free(text);
    }
    helo_verdict_reply(verdict, &reply);
    *code = reply.code;
    return made;
}

static void decide(helo_session *session, struct told *told)
{
    const helo_verdict *verdict = NULL;
    uint64_t began_ms = clock_now_ms();

    if (helo_session_decide(session, HELO_AT_RCPT, "user@site.example", "1", &verdict) != HELO_OK)
        return;
    told->took_ms = clock_now_ms() - began_ms;
    told->action = helo_verdict_action(verdict);
    memcpy(told->fact, verdict->facts->fact, sizeof told->fact);
    told->made = make_all(verdict, &told->code);
}

static bool parse_client(const char *text, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    out->ss_family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    return inet_pton(out->ss_family, text,
                     out->ss_family == AF_INET6 ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr) ==
           1;
}

void visit_make(struct visit *visit)
{
    struct sockaddr_storage address;
    const struct helo_client client = {.size = sizeof client,
                                       .address = (const struct sockaddr *)&address};
    const struct helo_sender sender = {.size = sizeof sender, .address = "<joe@remote.example>"};
    helo_session *session = NULL;

    memset(visit->told, 0, sizeof visit->told);
    if (!parse_client(visit->client, &address) ||
        helo_session_create(visit->bench->engine, &client, &session) != HELO_OK)
        return;
    if (helo_session_helo(session, visit->helo, strlen(visit->helo)) == HELO_OK &&
        helo_session_mail(session, &sender) == HELO_OK)
        for (unsigned i = 0; i < visit->recipients; i++)
            decide(session, &visit->told[i]);
    helo_session_free(session);
}

static void *run(void *arg)
{
    struct visit *visit = arg;

    if (visit->gate != NULL)
        (void)sem_wait(visit->gate);
    visit_make(visit);
    if (visit->gate != NULL)
        (void)sem_post(visit->gate);
    return NULL;
}

bool visit_start(struct visit *visit)
{
    visit->running = pthread_create(&visit->thread, NULL, run, visit) == 0;
    return visit->running;
}

void visit_join(struct visit *visit)
{
    if (visit->running)
        (void)pthread_join(visit->thread, NULL);
    visit->running = false;
}

/* ---- facts --------------------------------------------------------------------------------- */

unsigned told_fact(const struct told *told, enum fact_id id)
{
    const struct fact *fact = &told->fact[id];

    return fact->state == FACT_UNKNOWN ? 8u << fact->cause : 1u << fact->state;
}

const char *told_text(const struct told *told, enum fact_id id, char out[64])
{
    const struct fact *fact = &told->fact[id];

    if (fact->state != FACT_UNKNOWN)
        (void)snprintf(out, 64, "%s: %s", fact_name(id), fact_state_text(fact->state));
    else
        (void)snprintf(out, 64, "%s: unknown(%s)", fact_name(id), fact_cause_text(fact->cause));
    return out;
}
