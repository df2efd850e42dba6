/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_service.c - the cache, and questions in the air
 *
 * PURPOSE  One thread, and a backend under the test's control (service_world.h). cache_find() is
 *          wrapped, so that something can happen just behind it, and pthread_mutex_lock() to see
 *          which locks a hit takes.
 */
#include "unit/service_world.h"

#include <pthread.h>

#include "dns/service_state.h"

static struct {
    void (*behind_find)(void); /* called once, behind the next cache_find() */
    unsigned locked;           /* times the service's lock was taken */
} spy;

bool __real_cache_find(struct cache *cache, const struct dns_question *question, uint64_t now_ms,
                       struct cache_hit *out);
bool __wrap_cache_find(struct cache *cache, const struct dns_question *question, uint64_t now_ms,
                       struct cache_hit *out);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);

bool __wrap_cache_find(struct cache *cache, const struct dns_question *question, uint64_t now_ms,
                       struct cache_hit *out)
{
    bool found = __real_cache_find(cache, question, now_ms, out);
    void (*behind_find)(void) = spy.behind_find;

    spy.behind_find = NULL;
    if (behind_find != NULL)
        behind_find();
    return found;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (world.service != NULL)
        spy.locked += mutex == &world.service->lock;
    return __real_pthread_mutex_lock(mutex);
}

/* ---- the cache ----------------------------------------------------------------------------- */

static void the_second_visit_costs_nothing(void **state)
{
    struct dns_ticket *ticket;
    unsigned locked;

    (void)state;
    world_open(&world_limits);
    ticket = world_ask("mail.example.com", DNS_A);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING);
    UNIT_EXPECT(!world_rung());
    world_complete("mail.example.com", DNS_A, DNS_OK, 300);
    UNIT_EXPECT(world_rung());
    UNIT_EXPECT(!world_rung());
    UNIT_EXPECT_INT(world_status(ticket), DNS_OK);
    world_release(ticket);

    locked = spy.locked;
    world.now_ms += 299999;
    UNIT_EXPECT_INT(world_see("mail.example.com", DNS_A), DNS_OK);
    UNIT_EXPECT_INT(spy.locked, locked); /* neither asking, looking nor leaving took the lock */
    UNIT_EXPECT_INT(world.submitted, 1);
    world.now_ms += 1;
    UNIT_EXPECT_INT(world_see("mail.example.com", DNS_A), -1);
    UNIT_EXPECT_INT(world.submitted, 2);

    UNIT_EXPECT_INT(world_see("mail.example.com", DNS_AAAA), -1);
    world_complete("mail.example.com", DNS_AAAA, DNS_UNREACHABLE, 0); /* is not kept */
    world_complete("mail.example.com", DNS_A, DNS_NXDOMAIN, 60);
    locked = spy.locked;
    UNIT_EXPECT_INT(world_see("mail.example.com", DNS_AAAA), DNS_NXDOMAIN);
    UNIT_EXPECT_INT(spy.locked, locked);
    UNIT_EXPECT_INT(world.submitted, 3);
    world_close();
}

static void failures_are_answers_that_live_briefly(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    ticket = world_ask("broken.example.com", DNS_A);
    world_complete("broken.example.com", DNS_A, DNS_SERVFAIL, 0);
    UNIT_EXPECT_INT(world_status(ticket), DNS_SERVFAIL);
    UNIT_EXPECT_INT(world_see("broken.example.com", DNS_A), DNS_SERVFAIL);
    UNIT_EXPECT_INT(world.submitted, 1);
    UNIT_EXPECT_INT(world_counters().dns_failed, 1);
    world_release(ticket);
    world_close();
}

static void complete_behind_the_look(void)
{
    world_complete("race.example.com", DNS_A, DNS_OK, 300);
}

/* The answer comes between the look into the cache and the look at what is in the air. */
static void an_answer_that_slips_between_is_found(void **state)
{
    struct dns_ticket *first, *second;

    (void)state;
    world_open(&world_limits);
    first = world_ask("race.example.com", DNS_A);
    spy.behind_find = complete_behind_the_look;
    second = world_ask("race.example.com", DNS_A);
    UNIT_EXPECT_INT(world_status(second), DNS_OK);
    UNIT_EXPECT_INT(world.submitted, 1);
    UNIT_EXPECT_INT(world_counters().cache_misses, 1);
    UNIT_EXPECT_INT(world_counters().cache_hits, 1);
    world_release(first);
    UNIT_EXPECT_INT(world_status(second), DNS_OK);
    world_release(second);
    world_close();
}

/* RFC 4074 4.2: "no such name" to AAAA of a name that has an A. */
static void no_such_name_does_not_hide_what_is_in_the_air(void **state)
{
    struct dns_ticket *a, *aaaa, *later;

    (void)state;
    world_open(&world_limits);
    a = world_ask("half.example.com", DNS_A);
    aaaa = world_ask("half.example.com", DNS_AAAA);
    world_complete("half.example.com", DNS_AAAA, DNS_NXDOMAIN, 60);
    UNIT_EXPECT_INT(world_see("half.example.com", DNS_MX), DNS_NXDOMAIN); /* all types */
    later = world_ask("half.example.com", DNS_A);
    UNIT_EXPECT_INT(world_progress(later), DNS_PENDING);
    UNIT_EXPECT_INT(world.submitted, 2);
    UNIT_EXPECT_INT(world_counters().dns_joined, 1);
    UNIT_EXPECT_INT(world_counters().cache_hits, 1); /* MX; what A had was no answer */
    UNIT_EXPECT_INT(world_counters().cache_misses, 3);
    world_complete("half.example.com", DNS_A, DNS_OK, 60);
    UNIT_EXPECT_INT(world_status(later), DNS_OK);
    UNIT_EXPECT_INT(world_status(a), DNS_OK);
    UNIT_EXPECT_INT(world_status(aaaa), DNS_NXDOMAIN);
    world_release(a);
    world_release(aaaa);
    world_release(later);
    world_close();
}

static void stale_answers_stand_by(void **state)
{
    struct dns_ticket *ticket;
    const struct dns_answer *stale;

    (void)state;
    world_open(&world_limits);
    world_release(world_ask("old.example.com", DNS_A));
    world_complete("old.example.com", DNS_A, DNS_OK, 300);
    world.now_ms += 301000;
    ticket = world_ask("old.example.com", DNS_A);
    UNIT_EXPECT_INT(world_progress(ticket), DNS_PENDING); /* a new one is asked for all the same */
    UNIT_EXPECT_INT(world_counters().cache_stale, 0);
    stale = service_stale(world.service, ticket);
    assert_non_null(stale);
    UNIT_EXPECT_INT(stale->status, DNS_OK);
    UNIT_EXPECT_INT(stale->ttl_s, 300);
    UNIT_EXPECT(service_stale(world.service, ticket) == stale);
    UNIT_EXPECT_INT(world_counters().cache_stale, 1); /* once for a ticket */
    world_complete("old.example.com", DNS_A, DNS_SERVFAIL, 0);
    UNIT_EXPECT_INT(world_status(ticket), DNS_SERVFAIL);
    UNIT_EXPECT(service_stale(world.service, ticket) == stale);
    world_release(ticket);
    ticket = world_ask("old.example.com", DNS_A); /* the failure is live, the answer stale */
    UNIT_EXPECT_INT(world_status(ticket), DNS_SERVFAIL);
    UNIT_EXPECT(service_stale(world.service, ticket) != NULL);
    world_release(ticket);
    ticket = world_ask("new.example.com", DNS_A);
    UNIT_EXPECT(service_stale(world.service, ticket) == NULL);
    UNIT_EXPECT_INT(world_counters().cache_stale, 2);
    world_release(ticket);
    world_close();
}

/* ---- in the air ---------------------------------------------------------------------------- */

static void one_question_for_many(void **state)
{
    struct dns_ticket *tickets[5];
    struct dns_ticket *other;

    (void)state;
    world_open(&world_limits);
    for (size_t i = 0; i < UNIT_COUNT(tickets); i++)
        tickets[i] = world_ask("busy.example.com", DNS_A);
    other = world_ask("busy.example.com", DNS_AAAA);
    UNIT_EXPECT_INT(world.submitted, 2);
    UNIT_EXPECT_INT(world_counters().dns_asked, 2);
    UNIT_EXPECT_INT(world_counters().dns_joined, 4);
    UNIT_EXPECT_INT(world_counters().dns_in_flight, 2);
    world_release(tickets[0]); /* who asked first leaves: nothing is cancelled */
    world_complete("busy.example.com", DNS_A, DNS_NODATA, 60);
    for (size_t i = 1; i < UNIT_COUNT(tickets); i++) {
        UNIT_EXPECT_INT(world_status(tickets[i]), DNS_NODATA);
        world_release(tickets[i]);
    }
    UNIT_EXPECT_INT(world_progress(other), DNS_PENDING);
    UNIT_EXPECT_INT(world_counters().dns_in_flight, 1);
    world_release(other);
    world_close();
}

static void a_late_answer_fills_the_cache(void **state)
{
    (void)state;
    world_open(&world_limits);
    UNIT_EXPECT_INT(world_see("late.example.com", DNS_MX), -1);
    world.now_ms += 9000;
    world_complete("late.example.com", DNS_MX, DNS_OK, 60);
    UNIT_EXPECT_INT(world_see("late.example.com", DNS_MX), DNS_OK);
    UNIT_EXPECT_INT(world.submitted, 1);
    world_close();
}

static void what_nobody_wants_can_be_withdrawn(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    ticket = world_ask("left.example.com", DNS_A);
    UNIT_EXPECT(!service_withdraw(world.service, world.air[0]));
    world_release(ticket);
    UNIT_EXPECT(service_withdraw(world.service, world_land("left.example.com", DNS_A)));
    UNIT_EXPECT_INT(world_counters().dns_withdrawn, 1);
    UNIT_EXPECT_INT(world_counters().dns_in_flight, 0);
    ticket = world_ask("left.example.com", DNS_A); /* is asked anew */
    UNIT_EXPECT_INT(world.submitted, 2);
    world_complete("left.example.com", DNS_A, DNS_OK, 60);
    UNIT_EXPECT_INT(world_status(ticket), DNS_OK);
    world_release(ticket);
    world_close();
}

static void without_a_cache_there_is_still_one_question(void **state)
{
    struct service_limits limits = world_limits;
    struct dns_ticket *first, *second;

    (void)state;
    limits.cache.bytes = 0;
    world_open(&limits);
    first = world_ask("none.example.com", DNS_A);
    second = world_ask("none.example.com", DNS_A);
    UNIT_EXPECT_INT(world.submitted, 1);
    world_complete("none.example.com", DNS_A, DNS_OK, 60);
    UNIT_EXPECT_INT(world_status(first), DNS_OK);
    UNIT_EXPECT_INT(world_status(second), DNS_OK);
    UNIT_EXPECT_INT(world_see("none.example.com", DNS_A), -1);
    UNIT_EXPECT_INT(world.submitted, 2);
    world_release(first);
    world_release(second);
    world_close();
}

/* Nobody waits for what cannot come. */
static void no_memory_for_an_answer_ends_the_waiting(void **state)
{
    struct dns_ticket *ticket;

    (void)state;
    world_open(&world_limits);
    ticket = world_ask("full.example.com", DNS_A);
    service_complete(world.service, world_land("full.example.com", DNS_A), NULL);
    UNIT_EXPECT(world_rung());
    UNIT_EXPECT_INT(world_status(ticket), DNS_UNREACHABLE);
    UNIT_EXPECT_INT(world_see("full.example.com", DNS_A), -1); /* not kept: asked anew */
    UNIT_EXPECT_INT(world.submitted, 2);
    world_release(ticket);
    world_release(NULL);
    world_close();
    service_destroy(NULL);
    waiter_free(NULL);
}

/* ---- no memory ----------------------------------------------------------------------------- */

static bool create_under_fault(void *arg)
{
    struct dns_service *service = NULL;
    struct dns_waiter *waiter = NULL;
    enum helo_status status;

    (void)arg;
    world = (struct world){.base = {.ops = &world_ops}, .now_ms = WORLD_START_MS};
    status = waiter_create(&waiter);
    if (status == HELO_OK)
        status = service_create(&world.base, &world_limits, NULL, NULL, &service);
    UNIT_EXPECT((service != NULL) == (status == HELO_OK));
    waiter_free(waiter);
    service_destroy(service);
    return status == HELO_OK;
}

/* Asks for a client, and lets two addresses follow. True when the question was asked. */
static bool ask_under_fault(void *arg)
{
    const struct ip client = world_client("2001:db8::9");
    const struct dns_question question = world_question(WORLD_REVERSE, DNS_PTR);
    const struct dns_request request = {&question, &client, world_follow};
    struct dns_answer *answer = arg;
    struct dns_ticket *ticket = NULL;
    enum helo_status status;

    status = service_ask(world.service, world.waiter, &request, &ticket);
    if (status == HELO_OK) {
        service_complete(world.service, world_land(WORLD_REVERSE, DNS_PTR), dns_answer_ref(answer));
        UNIT_EXPECT_INT(world_status(ticket), DNS_OK);
    }
    UNIT_EXPECT((ticket != NULL) == (status == HELO_OK));
    world_release(ticket);
    mem_fail_after(0);
    while (world.air_count > 0)
        service_complete(world.service, world_take(0), world_answer(DNS_TIMEOUT, 0));
    UNIT_EXPECT_INT(world_counters().dns_in_flight, 0);
    world.now_ms += 1000000;
    return status == HELO_OK;
}

static void no_memory(void **state)
{
    struct dns_answer *answer = NULL;
    const char name[1][LIMIT_NAME_CHARS + 1] = {"0.host.example"};

    (void)state;
    unit_each_fault(create_under_fault, NULL);
    assert_int_equal(dns_answer_create_names(DNS_PTR, name, 1, 300, &answer), HELO_OK);
    world_open(&world_limits);
    for (unsigned long n = 1; n < 20; n++) {
        bool asked;

        mem_fail_after(n);
        asked = ask_under_fault(answer);
        UNIT_EXPECT(asked || n <= 3); /* ticket, account, flight; all else is done without */
        UNIT_EXPECT(!asked || n > 3);
    }
    world_close();
    UNIT_EXPECT_INT(answer->refs, 1);
    dns_answer_unref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_second_visit_costs_nothing),
        UNIT_TEST(failures_are_answers_that_live_briefly),
        UNIT_TEST(an_answer_that_slips_between_is_found),
        UNIT_TEST(no_such_name_does_not_hide_what_is_in_the_air),
        UNIT_TEST(stale_answers_stand_by),
        UNIT_TEST(one_question_for_many),
        UNIT_TEST(a_late_answer_fills_the_cache),
        UNIT_TEST(what_nobody_wants_can_be_withdrawn),
        UNIT_TEST(without_a_cache_there_is_still_one_question),
        UNIT_TEST(no_memory_for_an_answer_ends_the_waiting),
        UNIT_TEST(no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
