/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_service_threads.c - many sessions at once, and a resolver thread with moods
 *
 * PURPOSE  Asking, waiting, looking, leaving, answering, withdrawing, following, going down and
 *          coming back, all at the same time: for ThreadSanitizer, and for sums that must be right
 *          in the end.
 * CONTRACT Nothing sleeps: the resolver's clock goes forward by what it does. Waiting is bounded in
 *          real time, so that a bell that is not rung fails the test.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "dns/backend.h"
#include "dns/service.h"
#include "unit/unit.h"

enum {
    SESSIONS = 6,
    VISITS = 1500,  /* of each session thread */
    QUESTIONS = 4,  /* of a visit */
    NAMES = 48,     /* so few that visits meet */
    IN_FLIGHT = 40, /* places, so few that they run out */
    SILENCES = 6,   /* times, at most, the resolver says nothing until it counts as down */
    PATIENCE = 400, /* answers between two silences */
    PATIENCE_MS = 30000
};

static struct resolver {
    struct dns_backend base; /* first */
    struct dns_service *service;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct dns_lookup *queue;
    bool stopping;
    atomic_uint_fast64_t now_ms;
    /* The resolver thread's own, read when it has ended. */
    struct dns_lookup *held;
    unsigned answered, withdrawn, silences, alarms;
    bool down;
} resolver;

static atomic_uint wrong;    /* answers to other questions, bells not rung */
static atomic_uint given_up; /* tickets that said that the resolver is down */
static atomic_uint refused;  /* tickets past a limit */

/* ---- the resolver -------------------------------------------------------------------------- */

static void submit(struct dns_backend *base, struct dns_lookup *lookup)
{
    (void)base;
    (void)pthread_mutex_lock(&resolver.lock);
    lookup->backend_next = resolver.queue;
    resolver.queue = lookup;
    (void)pthread_cond_signal(&resolver.changed);
    (void)pthread_mutex_unlock(&resolver.lock);
}

static uint64_t now_ms(struct dns_backend *base)
{
    (void)base;
    return resolver.now_ms;
}

/* What the name says: "n7.example" is not there, all others are. */
static struct dns_answer *answer_to(const struct dns_question *question)
{
    const char host[1][LIMIT_NAME_CHARS + 1] = {"n1.example"};
    struct dns_answer *answer = NULL;
    enum helo_status status;

    if (question->type == DNS_PTR)
        status = dns_answer_create_names(DNS_PTR, host, 1, 60, &answer);
    else
        status = dns_answer_create(question->name[1] == '7' ? DNS_NXDOMAIN : DNS_OK, 60, &answer);
    return status == HELO_OK ? answer : NULL;
}

static void answer_all(struct dns_lookup *list)
{
    while (list != NULL) {
        struct dns_lookup *lookup = list;

        list = lookup->backend_next;
        resolver.now_ms += 25;
        if (resolver.answered % 16 == 0 && service_withdraw(resolver.service, lookup)) {
            resolver.withdrawn++;
            continue;
        }
        resolver.answered += !lookup->probe;
        service_complete(resolver.service, lookup, answer_to(&lookup->question));
    }
}

/* Until a session has noticed, or all have gone. */
static void wait_until_seen(unsigned before)
{
    (void)pthread_mutex_lock(&resolver.lock);
    while (given_up == before && !resolver.stopping)
        (void)pthread_cond_wait(&resolver.changed, &resolver.lock);
    (void)pthread_mutex_unlock(&resolver.lock);
}

/* Holds what it was given, and lets time pass, until the service has lost its patience. */
static void be_silent(void)
{
    unsigned before = given_up;

    for (unsigned i = 0; !resolver.down && i < 100; i++) {
        resolver.now_ms += 500;
        (void)service_tick(resolver.service, resolver.now_ms);
    }
    resolver.silences++;
    wait_until_seen(before);
}

/* That there are too many questions is told by who asks. */
static void alarm_noted(void *arg, enum service_alarm alarm, uint64_t amount)
{
    bool down = alarm == SERVICE_DOWN;

    (void)arg;
    if (alarm == SERVICE_CROWDED || alarm == SERVICE_ROOM) {
        if (alarm == SERVICE_CROWDED && amount != IN_FLIGHT)
            wrong++;
        return;
    }
    resolver.alarms++;
    if (down == resolver.down || amount < 4000)
        wrong++;
    resolver.down = down;
}

static bool take_queue(void)
{
    bool stopping;

    (void)pthread_mutex_lock(&resolver.lock);
    while (resolver.queue == NULL && !resolver.stopping)
        (void)pthread_cond_wait(&resolver.changed, &resolver.lock);
    resolver.held = resolver.queue;
    resolver.queue = NULL;
    stopping = resolver.stopping;
    (void)pthread_mutex_unlock(&resolver.lock);
    return !stopping || resolver.held != NULL;
}

static void *resolve(void *arg)
{
    unsigned silent_at = PATIENCE;

    while (take_queue()) {
        if (resolver.answered >= silent_at && resolver.silences < SILENCES) {
            be_silent();
            silent_at = resolver.answered + PATIENCE;
        }
        answer_all(resolver.held);
        (void)service_tick(resolver.service, resolver.now_ms);
    }
    return arg;
}

static void destroy(struct dns_backend *base)
{
    (void)base; /* the test ends the thread */
}

static const struct dns_backend_ops ops = {.submit = submit, .now_ms = now_ms, .destroy = destroy};

/* ---- sessions ------------------------------------------------------------------------------ */

static bool follow(const struct dns_answer *answer, unsigned i, struct dns_question *out)
{
    if (i > 1 || answer->name_count == 0)
        return false;
    out->type = i == 0 ? DNS_A : DNS_AAAA;
    return text_copy(out->name, sizeof out->name, answer->names[0]);
}

struct visitor {
    struct ip client;
    struct dns_waiter *waiter;
    uint32_t dice;
};

static unsigned throw_dice(struct visitor *v, unsigned sides)
{
    v->dice = v->dice * 1664525u + 1013904223u;
    return (v->dice >> 16) % sides;
}

static struct dns_ticket *ask(struct visitor *v, struct dns_question *question)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_PTR};
    const struct dns_request request = {question, &v->client, follow};
    struct dns_ticket *ticket = NULL;

    *question = (struct dns_question){.type = types[throw_dice(v, UNIT_COUNT(types))]};
    (void)snprintf(question->name, sizeof question->name, "n%u.example", throw_dice(v, NAMES));
    if (service_ask(resolver.service, v->waiter, &request, &ticket) != HELO_OK)
        wrong++;
    return ticket;
}

static bool is_open(const struct dns_ticket *ticket)
{
    const struct dns_answer *answer;

    return service_progress(resolver.service, ticket, &answer) == DNS_PENDING;
}

static void give_up(void)
{
    (void)pthread_mutex_lock(&resolver.lock);
    given_up++;
    (void)pthread_cond_signal(&resolver.changed);
    (void)pthread_mutex_unlock(&resolver.lock);
}

/* Returns whether the resolver was there. */
static bool check(const struct dns_question *question, const struct dns_ticket *ticket)
{
    const struct dns_answer *answer = NULL;
    enum dns_progress progress = service_progress(resolver.service, ticket, &answer);
    enum dns_status want =
        question->name[1] == '7' && question->type != DNS_PTR ? DNS_NXDOMAIN : DNS_OK;

    if (progress == DNS_DOWN)
        give_up();
    refused += progress == DNS_OVER_LIMIT || progress == DNS_CROWDED;
    /* A name that is not there is not there for PTR, either. */
    if (progress == DNS_ANSWERED && answer->status != want && question->name[1] != '7')
        wrong++;
    return progress != DNS_DOWN;
}

/* Returns whether it counts: while the resolver is down, visits are over at once. */
static bool visit(struct visitor *v)
{
    struct dns_question questions[QUESTIONS];
    struct dns_ticket *tickets[QUESTIONS];
    bool stays = throw_dice(v, 8) > 0;
    bool counts = true;

    for (size_t i = 0; i < QUESTIONS; i++)
        tickets[i] = ask(v, &questions[i]);
    for (size_t i = 0; stays && i < QUESTIONS; i++) {
        while (is_open(tickets[i]))
            if (!service_wait(resolver.service, v->waiter, clock_now_ms() + PATIENCE_MS)) {
                wrong++;
                break;
            }
        counts = check(&questions[i], tickets[i]) && counts;
    }
    for (size_t i = QUESTIONS; i-- > 0;)
        service_release(resolver.service, tickets[i]);
    return counts;
}

static void *run_session(void *arg)
{
    struct visitor *v = arg;
    struct dns_counters counters;

    for (unsigned i = 0; i < VISITS; i += visit(v)) {
        if (i % 64 == 0)
            service_count(resolver.service, &counters);
    }
    return NULL;
}

/* ---- all together -------------------------------------------------------------------------- */

static const struct service_limits limits = {
    .cache = {.bytes = 64 * 1024,
              .min_ttl_ms = 1000,
              .max_ttl_ms = 2000,
              .negative_ttl_ms = 2000,
              .failure_ttl_ms = 1000,
              .stale_ms = 60000},
    .in_flight = IN_FLIGHT,
    .in_flight_per_client = 16,
    .down_after_ms = 4000,
};

static void open_resolver(pthread_t *thread)
{
    resolver.base.ops = &ops;
    resolver.now_ms = 1000000;
    assert_int_equal(pthread_mutex_init(&resolver.lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&resolver.changed, NULL), 0);
    assert_int_equal(service_create(&resolver.base, &limits, alarm_noted, NULL, &resolver.service),
                     HELO_OK);
    assert_int_equal(pthread_create(thread, NULL, resolve, NULL), 0);
}

static void run_sessions(void)
{
    static struct visitor visitors[SESSIONS];
    pthread_t threads[SESSIONS];

    for (uint32_t i = 0; i < SESSIONS; i++) {
        struct visitor *v = &visitors[i];

        v->dice = i;
        assert_true(ip_parse(i % 2 == 0 ? "2001:db8::9" : "192.0.2.9", &v->client));
        v->client.bytes[i % 2 == 0 ? 15 : 3] = (uint8_t)i; /* one /64, three IPv4 addresses */
        assert_int_equal(waiter_create(&v->waiter), HELO_OK);
        assert_int_equal(pthread_create(&threads[i], NULL, run_session, v), 0);
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        waiter_free(visitors[i].waiter);
    }
}

static void close_resolver(pthread_t thread)
{
    (void)pthread_mutex_lock(&resolver.lock);
    resolver.stopping = true;
    (void)pthread_cond_signal(&resolver.changed);
    (void)pthread_mutex_unlock(&resolver.lock);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void all_at_once(void **state)
{
    struct dns_counters counters;
    pthread_t thread;

    (void)state;
    open_resolver(&thread);
    run_sessions();
    close_resolver(thread);
    service_count(resolver.service, &counters);
    UNIT_EXPECT_INT(wrong, 0);
    UNIT_EXPECT_INT(counters.dns_in_flight, 0);
    UNIT_EXPECT_INT(counters.dns_asked, resolver.answered + resolver.withdrawn);
    UNIT_EXPECT_INT(counters.dns_withdrawn, resolver.withdrawn);
    UNIT_EXPECT_INT(counters.dns_failed, 0);
    UNIT_EXPECT_INT(counters.dns_down, resolver.silences);
    UNIT_EXPECT_INT(resolver.alarms, 2 * resolver.silences);
    /* All of it has happened, or this test shows nothing. */
    UNIT_EXPECT(counters.cache_hits > VISITS);
    UNIT_EXPECT(counters.dns_joined > 0);
    UNIT_EXPECT(counters.dns_followed > 0);
    UNIT_EXPECT(resolver.silences > 0);
    UNIT_EXPECT(given_up > 0);
    service_destroy(resolver.service);
    (void)pthread_cond_destroy(&resolver.changed);
    (void)pthread_mutex_destroy(&resolver.lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(all_at_once)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
