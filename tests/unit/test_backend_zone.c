/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_backend_zone.c - dns/backend_zone.c: a zone in a resolver's place, and its clock
 */
#include "unit/unit.h"

#include <pthread.h>

#include "dns/backend.h"
#include "unit/dns_tickets.h"

static const struct dns_question good = {DNS_A, "mx.example"};
static const struct dns_question silent = {DNS_A, "silent.example"};

static helo_zone *make_zone(void)
{
    helo_zone *zone = NULL;

    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    assert_int_equal(helo_zone_add(zone, "mx.example A 192.0.2.1", "zone", 1, NULL, NULL), HELO_OK);
    assert_int_equal(helo_zone_add(zone, "silent.example TIMEOUT", "zone", 2, NULL, NULL), HELO_OK);
    return zone;
}

static struct dns_service *start_service(helo_zone *zone)
{
    const struct service_limits no_cache = {.in_flight = 100, .in_flight_per_client = 100};
    struct dns_backend *backend = NULL;
    struct dns_service *service = NULL;

    assert_int_equal(backend_zone_create(zone, &backend), HELO_OK);
    assert_int_equal(service_create(backend, &no_cache, NULL, NULL, &service), HELO_OK);
    return service;
}

static void time_moves_for_the_silent_only(void **state)
{
    helo_zone *zone = make_zone();
    struct dns_service *service = start_service(zone);
    uint64_t begin_ms = service_now_ms(service);
    struct dns_ticket *tickets[2] = {NULL};
    struct dns_waiter *waiter = NULL;

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    assert_int_equal(ticket_ask(service, waiter, &silent, &tickets[0]), HELO_OK);
    assert_int_equal(ticket_ask(service, waiter, &good, &tickets[1]), HELO_OK);
    UNIT_EXPECT(ticket_answer(service, tickets[1]) == NULL); /* never inside submit() */
    UNIT_EXPECT(service_wait(service, waiter, begin_ms + 500));
    UNIT_EXPECT_INT(service_now_ms(service), begin_ms);
    UNIT_EXPECT(ticket_answer(service, tickets[1]) != NULL);
    UNIT_EXPECT(!service_wait(service, waiter, begin_ms + 500));
    UNIT_EXPECT_INT(service_now_ms(service), begin_ms + 500);
    UNIT_EXPECT(ticket_answer(service, tickets[0]) == NULL);
    service_release(service, tickets[0]);
    service_release(service, tickets[1]);
    waiter_free(waiter);
    service_destroy(service); /* completes the silent one */
    helo_zone_free(zone);
}

enum { THREADS = 4, ROUNDS = 2000, LONG_MS = 30 * 1000 };

/* An answer is taken off the queue by any thread, and time must not move while it is on its way. */
static void *ask_many(void *arg)
{
    struct dns_service *service = arg;
    struct dns_waiter *waiter = NULL;
    uintptr_t lost = 0;

    if (waiter_create(&waiter) != HELO_OK)
        return (void *)1;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct dns_ticket *ticket = NULL;

        if (ticket_ask(service, waiter, &good, &ticket) != HELO_OK)
            break;
        while (ticket_answer(service, ticket) == NULL && lost == 0)
            lost = !service_wait(service, waiter, LONG_MS);
        service_release(service, ticket);
    }
    waiter_free(waiter);
    return (void *)lost;
}

static void threads_share_it(void **state)
{
    helo_zone *zone = make_zone();
    struct dns_service *service = start_service(zone);
    pthread_t threads[THREADS];
    void *lost;

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, service), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &lost), 0);
        UNIT_EXPECT(lost == NULL);
    }
    UNIT_EXPECT(service_now_ms(service) < LONG_MS);
    service_destroy(service);
    helo_zone_free(zone);
}

static bool create_under_fault(void *arg)
{
    struct dns_backend *backend = NULL;

    if (backend_zone_create(arg, &backend) != HELO_OK)
        return false;
    backend->ops->destroy(backend);
    return true;
}

static void no_memory_is_reported(void **state)
{
    helo_zone *zone = make_zone();

    (void)state;
    unit_each_fault(create_under_fault, zone);
    helo_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(time_moves_for_the_silent_only),
        UNIT_TEST(threads_share_it),
        UNIT_TEST(no_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
