/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_world.h - a look-up service, and a backend that does what the test says
 *
 * PURPOSE  Questions in the air are answered when the test says so, on a clock that it moves.
 *          Around it: clients, sessions' tickets, and the alarms that came.
 * CONTRACT Submitting and the alarm call back into the service, and so would hang if they were
 *          called with its lock held.
 * THREADS  one.
 */
#ifndef HELO_TESTS_SERVICE_WORLD_H
#define HELO_TESTS_SERVICE_WORLD_H

#include "unit/unit.h"

#include <stdio.h>

#include "base/text.h"
#include "dns/backend.h"
#include "dns/service.h"

enum { WORLD_AIR = 128, WORLD_ALARMS = 8, WORLD_START_MS = 1000000 };

static struct world {
    struct dns_backend base; /* first */
    struct dns_service *service;
    struct dns_waiter *waiter;
    uint64_t now_ms;
    struct dns_lookup *air[WORLD_AIR]; /* in the order they were submitted, probes among them */
    size_t air_count;
    unsigned submitted, probes;
    struct {
        enum service_alarm what;
        uint64_t amount;
    } alarm[WORLD_ALARMS];
    size_t alarms;
} world;

static inline struct dns_counters world_counters(void)
{
    struct dns_counters counters = {0};

    service_count(world.service, &counters);
    return counters;
}

/* ---- the backend --------------------------------------------------------------------------- */

static inline void world_submit(struct dns_backend *base, struct dns_lookup *lookup)
{
    assert_ptr_equal(base, &world.base);
    assert_true(world.air_count < WORLD_AIR);
    (void)world_counters();                           /* takes the lock */
    lookup->backend_next = (struct dns_lookup *)base; /* it may be used as the backend likes */
    lookup->backend_data = base;
    world.air[world.air_count++] = lookup;
    world.submitted += !lookup->probe;
    world.probes += lookup->probe;
}

static inline uint64_t world_now_ms(struct dns_backend *base)
{
    assert_ptr_equal(base, &world.base);
    return world.now_ms;
}

static inline struct dns_lookup *world_take(size_t i)
{
    struct dns_lookup *lookup = world.air[i];

    world.air_count--;
    memmove(world.air + i, world.air + i + 1, (world.air_count - i) * sizeof(struct dns_lookup *));
    return lookup;
}

static inline struct dns_answer *world_answer(enum dns_status status, uint32_t ttl_s)
{
    struct dns_answer *answer = NULL;

    assert_int_equal(dns_answer_create(status, ttl_s, &answer), HELO_OK);
    return answer;
}

static inline void world_destroy(struct dns_backend *base)
{
    assert_ptr_equal(base, &world.base);
    while (world.air_count > 0)
        service_complete(world.service, world_take(0), world_answer(DNS_TIMEOUT, 0));
}

static inline void world_alarm(void *arg, enum service_alarm alarm, uint64_t amount)
{
    assert_ptr_equal(arg, &world);
    assert_true(world.alarms < WORLD_ALARMS);
    (void)world_counters();
    world.alarm[world.alarms].what = alarm;
    world.alarm[world.alarms++].amount = amount;
}

static const struct dns_backend_ops world_ops = {
    .submit = world_submit, .now_ms = world_now_ms, .destroy = world_destroy};

/* ---- life ---------------------------------------------------------------------------------- */

static const struct service_limits world_limits = {
    .cache = {.bytes = 1024 * 1024,
              .min_ttl_ms = 5000,
              .max_ttl_ms = 3600000,
              .negative_ttl_ms = 600000,
              .failure_ttl_ms = 5000,
              .stale_ms = 3600000},
    .in_flight = 4000,
    .in_flight_per_client = 200,
    .down_after_ms = 4000,
};

static inline void world_open(const struct service_limits *limits)
{
    world = (struct world){.base = {.ops = &world_ops}, .now_ms = WORLD_START_MS};
    assert_int_equal(service_create(&world.base, limits, world_alarm, &world, &world.service),
                     HELO_OK);
    assert_int_equal(waiter_create(&world.waiter), HELO_OK);
}

static inline void world_close(void)
{
    waiter_free(world.waiter);
    service_destroy(world.service);
}

/* ---- sessions ------------------------------------------------------------------------------ */

/* "192.0.2.1", or NULL for nobody. */
static inline struct ip world_client(const char *text)
{
    struct ip ip = {.family = IP_NONE};

    if (text != NULL)
        assert_true(ip_parse(text, &ip));
    return ip;
}

static inline struct dns_question world_question(const char *name, enum dns_type type)
{
    struct dns_question question = {.type = type};

    assert_true(text_copy(question.name, sizeof question.name, name));
    return question;
}

static inline struct dns_ticket *world_ask_as(const struct ip *client, const char *name,
                                              enum dns_type type, dns_follow_fn *follow)
{
    const struct dns_question question = world_question(name, type);
    const struct dns_request request = {&question, client, follow};
    struct dns_ticket *ticket = NULL;

    assert_int_equal(service_ask(world.service, world.waiter, &request, &ticket), HELO_OK);
    return ticket;
}

static inline struct dns_ticket *world_ask(const char *name, enum dns_type type)
{
    return world_ask_as(NULL, name, type, NULL);
}

static inline enum dns_progress world_progress(const struct dns_ticket *ticket)
{
    const struct dns_answer *answer = NULL;
    enum dns_progress progress = service_progress(world.service, ticket, &answer);

    assert_true((answer != NULL) == (progress == DNS_ANSWERED));
    return progress;
}

/* -1: it has none. */
static inline int world_status(const struct dns_ticket *ticket)
{
    const struct dns_answer *answer = NULL;

    return service_progress(world.service, ticket, &answer) == DNS_ANSWERED ? (int)answer->status
                                                                            : -1;
}

static inline void world_release(struct dns_ticket *ticket)
{
    service_release(world.service, ticket);
}

/* Asks, looks, and leaves. */
static inline int world_see(const char *name, enum dns_type type)
{
    struct dns_ticket *ticket = world_ask(name, type);
    int status = world_status(ticket);

    world_release(ticket);
    return status;
}

/* Whether the bell was rung since the last look. */
static inline bool world_rung(void)
{
    return service_wait(world.service, world.waiter, 0);
}

/* ---- answers ------------------------------------------------------------------------------- */

/* In the air, submitted and not answered; WORLD_AIR: it is not. */
static inline size_t world_find(const char *name, enum dns_type type)
{
    const struct dns_question question = world_question(name, type);

    for (size_t i = 0; i < world.air_count; i++)
        if (!world.air[i]->probe && dns_question_equal(&world.air[i]->question, &question))
            return i;
    return WORLD_AIR;
}

static inline bool world_in_air(const char *name, enum dns_type type)
{
    return world_find(name, type) < WORLD_AIR;
}

static inline struct dns_lookup *world_land(const char *name, enum dns_type type)
{
    size_t i = world_find(name, type);

    if (i == WORLD_AIR)
        fail_msg("%s %s is not in the air", name, dns_type_text(type));
    return world_take(i);
}

static inline void world_complete(const char *name, enum dns_type type, enum dns_status status,
                                  uint32_t ttl_s)
{
    service_complete(world.service, world_land(name, type), world_answer(status, ttl_s));
}

/* A PTR answer of names "0.host.example", "1.host.example" ... */
static inline void world_complete_ptr(const char *name, unsigned names)
{
    char hosts[LIMIT_PTR_NAMES][LIMIT_NAME_CHARS + 1];
    struct dns_answer *answer = NULL;

    for (unsigned i = 0; i < names; i++)
        (void)snprintf(hosts[i], sizeof hosts[i], "%u.host.example", i);
    assert_int_equal(dns_answer_create_names(DNS_PTR, (const char(*)[LIMIT_NAME_CHARS + 1]) hosts,
                                             names, 300, &answer),
                     HELO_OK);
    service_complete(world.service, world_land(name, DNS_PTR), answer);
}

#define WORLD_REVERSE "9.113.0.203.in-addr.arpa"

/* The addresses of each name of a PTR answer. */
static inline bool world_follow(const struct dns_answer *answer, unsigned i,
                                struct dns_question *out)
{
    if (i / 2 >= answer->name_count)
        return false;
    *out = world_question(answer->names[i / 2], i % 2 == 0 ? DNS_A : DNS_AAAA);
    return true;
}

#endif /* HELO_TESTS_SERVICE_WORLD_H */
