/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_backend.c - look-ups for many sessions: the backends' side
 *
 * PURPOSE  See service.h: what comes of an answer, and of time that passes.
 * THREADS  The lock is never held while a backend or the alarm is called.
 */
#include "base/limits.h"
#include "dns/service_state.h"

/* ---- what an answer leads to ----------------------------------------------------------------- */

static bool is_in_cache(struct dns_service *service, const struct dns_question *question,
                        uint64_t now_ms)
{
    struct cache_hit hit = {0};
    bool found = cache_find(service->cache, question, now_ms, &hit);

    dns_answer_unref(hit.answer);
    dns_answer_unref(hit.stale);
    return found;
}

/* With the lock held. NULL: it is known, in the air already, or may not be asked. */
static struct flight *follow_one(struct dns_service *service, const struct dns_question *question,
                                 const struct ip *client, uint64_t now_ms)
{
    struct flight *next = flights_find(&service->flights, question);

    if (next != NULL) {
        next->followed = true;
        return NULL;
    }
    if (is_in_cache(service, question, now_ms) ||
        service_launch(service, question, client, now_ms, &next) != LAUNCHED)
        return NULL;
    next->followed = true;
    service->counters.dns_followed++;
    return next;
}

/*
 * With the lock held. Returns what is to be submitted, in order. Nothing follows when everybody has
 * left, nor when the answer could get lost before a session asks.
 */
static struct dns_lookup *follow_up(struct dns_service *service, const struct flight *flight,
                                    uint64_t now_ms)
{
    struct dns_lookup *first = NULL, **end = &first;
    struct dns_question question;

    if (flight->follow == NULL || TAILQ_EMPTY(&flight->tickets) || service->limits.cache.bytes == 0)
        return NULL;
    for (unsigned i = 0; i < LIMIT_QUESTIONS; i++) {
        struct flight *next;

        if (!flight->follow(flight->answer, i, &question))
            break;
        next = follow_one(service, &question, &flight->follow_client, now_ms);
        if (next == NULL)
            continue;
        *end = &next->lookup;
        end = &next->lookup.backend_next;
    }
    return first;
}

static void submit_all(struct dns_service *service, struct dns_lookup *first)
{
    struct dns_backend *backend = service->backend;

    while (first != NULL) {
        struct dns_lookup *next = first->backend_next;

        backend->ops->submit(backend, first);
        first = next;
    }
}

/* ---- alarms ---------------------------------------------------------------------------------- */

/* amount 0: there is nothing to tell. */
static void tell(struct dns_service *service, enum service_alarm alarm, uint64_t amount)
{
    if (amount > 0 && service->alarm != NULL)
        service->alarm(service->alarm_arg, alarm, amount);
}

/* With the lock held: how many questions were refused, if that is over and to be told. */
static uint64_t find_room(struct dns_service *service)
{
    if (service->stopping)
        return 0;
    return crowd_check(&service->crowd, service->limits.in_flight, service->flights.count);
}

/* ---- answers --------------------------------------------------------------------------------- */

static bool is_from_server(enum dns_status status)
{
    return status != DNS_TIMEOUT && status != DNS_UNREACHABLE;
}

bool service_withdraw(struct dns_service *service, struct dns_lookup *lookup)
{
    struct flight *flight = flight_of(lookup);
    bool unwanted;

    (void)pthread_mutex_lock(&service->lock);
    unwanted = TAILQ_EMPTY(&flight->tickets) && !flight->followed && !lookup->probe;
    if (unwanted) {
        flights_remove(&service->flights, flight);
        asker_drop(flight->asker);
        service->counters.dns_withdrawn++;
        flight_unref(flight);
    }
    (void)pthread_mutex_unlock(&service->lock);
    return unwanted;
}

/* With the lock held. Who takes the time before a lock may be overtaken. */
static void count_answer(struct dns_service *service, enum dns_status status, uint64_t asked_ms,
                         uint64_t now_ms)
{
    service->counters.answers[status]++;
    service->counters.dns_failed += dns_status_is_failure(status);
    histogram_add(&service->answer_time, now_ms > asked_ms ? now_ms - asked_ms : 0);
}

/* With the lock held; what follows is asked after it is no longer on its client's account. */
static struct dns_lookup *land(struct dns_service *service, struct flight *flight,
                               struct dns_answer *answer, uint64_t now_ms)
{
    if (flight->lookup.probe) {
        flight->answer = answer;
        return NULL;
    }
    service->landed++;
    count_answer(service, answer->status, flight->asked_ms, now_ms);
    flights_remove(&service->flights, flight);
    asker_drop(flight->asker);
    flight->asker = NULL;
    flight_land(flight, answer);
    return follow_up(service, flight, now_ms);
}

void service_complete(struct dns_service *service, struct dns_lookup *lookup,
                      struct dns_answer *answer)
{
    struct flight *flight = flight_of(lookup);
    uint64_t now_ms = service_now_ms(service);
    struct dns_answer *landed = answer != NULL ? answer : dns_answer_ref(service->failure);
    struct dns_lookup *followers;
    uint64_t silent_ms = 0, refused;
    bool is_back = false;

    if (!lookup->probe)
        cache_put(service->cache, &lookup->question, landed, now_ms);
    (void)pthread_mutex_lock(&service->lock);
    if (is_from_server(landed->status))
        is_back = health_heard(&service->health, now_ms, service->flights.count - !lookup->probe,
                               &silent_ms);
    followers = land(service, flight, landed, now_ms);
    flight_unref(flight);
    refused = find_room(service);
    (void)pthread_mutex_unlock(&service->lock);
    submit_all(service, followers);
    tell(service, SERVICE_UP, is_back ? silent_ms : 0);
    tell(service, SERVICE_ROOM, refused);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* What one tick found to do. */
struct due {
    struct flight *probe; /* to be submitted, or NULL */
    bool goes_down;
    uint64_t silent_ms;
    uint64_t refused; /* there is room again; 0: nothing to tell */
};

/* With the lock held. Returns when there will be more. */
static uint64_t find_due(struct dns_service *service, uint64_t now_ms, struct due *due)
{
    struct health *health = &service->health;
    struct flight *probe = NULL;
    struct dns_question question;
    enum health_need need;

    if (service->stopping)
        return UINT64_MAX;
    if (health_next_ms(health) > now_ms)
        return health_next_ms(health);
    /* Made before it is wanted: a probe that could not be sent must not count as one in vain. */
    health_question(&question);
    probe = flight_create(&question);
    if (probe == NULL)
        return now_ms + HEALTH_PROBE_MS;
    probe->lookup.probe = true;
    while ((need = health_check(health, now_ms)) != HEALTH_NOTHING) {
        if (need == HEALTH_PROBE)
            due->probe = probe;
        else
            due->goes_down = true;
    }
    if (due->probe == NULL)
        flight_unref(probe);
    return health_next_ms(health);
}

uint64_t service_tick(struct dns_service *service, uint64_t now_ms)
{
    struct due due = {0};
    uint64_t next_ms;

    (void)pthread_mutex_lock(&service->lock);
    next_ms = find_due(service, now_ms, &due);
    if (due.goes_down) {
        due.silent_ms = health_silent_ms(&service->health, now_ms);
        service->counters.dns_down++;
        flights_give_up(&service->flights);
    }
    due.refused = find_room(service); /* what was withdrawn has made room, too */
    (void)pthread_mutex_unlock(&service->lock);
    if (due.probe != NULL)
        service->backend->ops->submit(service->backend, &due.probe->lookup);
    tell(service, SERVICE_DOWN, due.goes_down ? due.silent_ms : 0);
    tell(service, SERVICE_ROOM, due.refused);
    return next_ms;
}
