/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_dns_faults.c - the real resolver thread against a name server that misbehaves on order
 *
 * PURPOSE  For each fault: which answer must come out of service, c-ares and parser together,
 *          within which time, and how often the server may be asked for it.
 * CONTRACT All rows are asked at once, so that the test takes as long as its slowest row (a server
 *          that is silent to the end: seven seconds) and shows, too, that no fault holds up another
 *          question.
 * LIMITS   `within_ms` is wide, for machines that are busy; what it has to show is the order of
 * magnitude.
 */
#include "unit/unit.h"

#include <stdio.h>

#include "base/clock.h"
#include "dns/backend.h"
#include "dns/service.h"
#include "faultdns.h"
#include "unit/dns_tickets.h"

/* Sets of statuses: what c-ares makes of a stray datagram depends on its version. */
#define OK          (1u << DNS_OK)
#define NXDOMAIN    (1u << DNS_NXDOMAIN)
#define NODATA      (1u << DNS_NODATA)
#define SERVFAIL    (1u << DNS_SERVFAIL)
#define REFUSED     (1u << DNS_REFUSED)
#define TIMEOUT     (1u << DNS_TIMEOUT)
#define MALFORMED   (1u << DNS_MALFORMED)
#define BARE_NODATA (1u << DNS_BARE_NODATA)
#define TOO_LONG    (1u << DNS_TOO_LONG)

enum { FAST = 4000, RETRY = 6000, SLOW = 14000, LONGEST_MS = 16000 };

#define ASK(labels, kind, statuses, ms) \
    .name = labels, .type = DNS_##kind, .want = statuses, .within_ms = ms

static struct row {
    const char *name; /* its labels are the order to the server; ".fault.test" is added */
    enum dns_type type;
    unsigned want; /* any of these */
    unsigned within_ms;
    size_t addresses, names;
    unsigned cnames, odd;
    bool cut;
    struct {
        unsigned udp, tcp; /* exactly; 0 and 0: not looked at */
    } asked;
    /* Results. */
    struct dns_ticket *ticket;
    uint64_t took_ms;
} rows[] = {
    /* what is right */
    {ASK("x.ok", A, OK, FAST), .addresses = 1, .asked = {1, 0}},
    {ASK("x.a3", A, OK, FAST), .addresses = 3},
    {ASK("x.aaaa2", AAAA, OK, FAST), .addresses = 2},
    {ASK("x.ptr3", PTR, OK, FAST), .names = 3},
    {ASK("x.mx2", MX, OK, FAST), .names = 2},
    {ASK("x.mx40", MX, OK, FAST), .names = LIMIT_MX_NAMES, .cut = true},
    {ASK("x.nullmx", MX, NODATA, FAST)},
    {ASK("x.dup", A, OK, FAST), .addresses = 1, .asked = {1, 0}},
    /* negative answers */
    {ASK("x.nx", A, NXDOMAIN, FAST), .asked = {1, 0}},
    {ASK("x.nx.nosoa", A, NXDOMAIN, FAST)},
    {ASK("x.nodata", A, NODATA, FAST)},
    {ASK("x.nodata.nosoa", A, BARE_NODATA, FAST)},
    {ASK("x.lame", A, MALFORMED, FAST)},
    /* failures that are said */
    {ASK("x.servfail", A, SERVFAIL, FAST), .asked = {1, 0}},
    {ASK("x.refused", A, REFUSED, FAST), .asked = {1, 0}},
    {ASK("x.formerr", A, MALFORMED, FAST)},
    {ASK("x.notimp", A, MALFORMED, FAST)},
    {ASK("x.rcode9", A, MALFORMED, FAST)},
    {ASK("x.noedns", A, OK, FAST), .addresses = 1},
    /* time */
    {ASK("x.delay300", A, OK, FAST), .addresses = 1, .asked = {1, 0}},
    {ASK("x.delay2500", A, OK, RETRY), .addresses = 1},
    {ASK("x.drop1", A, OK, RETRY), .addresses = 1},
    {ASK("x.drop2", A, OK, RETRY), .addresses = 1},
    {ASK("x.drop", A, TIMEOUT, SLOW)},
    /* damage: alone, and with the right answer behind it */
    {ASK("x.empty", A, TIMEOUT, SLOW)},
    {ASK("x.empty.truth", A, OK, RETRY), .addresses = 1},
    {ASK("x.short", A, TIMEOUT | MALFORMED, SLOW)},
    {ASK("x.short.truth", A, OK | MALFORMED, SLOW), .addresses = 1},
    {ASK("x.cut20", A, TIMEOUT | MALFORMED, SLOW)},
    {ASK("x.cut50", A, MALFORMED, SLOW)},
    {ASK("x.garbage", A, TIMEOUT | MALFORMED, SLOW)},
    {ASK("x.trail", A, OK | MALFORMED, SLOW), .addresses = 1},
    {ASK("x.lie", A, MALFORMED, SLOW)},
    {ASK("x.noq", A, TIMEOUT | MALFORMED, SLOW)},
    {ASK("x.comploop", A, MALFORMED | NODATA, FAST)},
    {ASK("x.badrdata", A, MALFORMED, FAST)},
    /* forgery */
    {ASK("x.wrongid", A, TIMEOUT, SLOW)},
    {ASK("x.wrongid.truth", A, OK, FAST), .addresses = 1, .asked = {1, 0}},
    {ASK("x.wrongq.truth", A, OK, FAST), .addresses = 1, .asked = {1, 0}},
    {ASK("x.wrongport.truth", A, OK, FAST), .addresses = 1, .asked = {1, 0}},
    {ASK("x.lower", A, OK, FAST), .addresses = 1, .asked = {2, 0}},
    {ASK("x.othername", A, OK, FAST), .addresses = 1},
    /* too large for a datagram */
    {ASK("x.tc", A, OK, FAST), .addresses = 1, .asked = {1, 1}},
    {ASK("x.a200", A, OK, FAST), .addresses = LIMIT_ADDRESSES, .cut = true, .asked = {1, 1}},
    {ASK("x.a4000", A, OK, FAST), .addresses = LIMIT_ADDRESSES, .cut = true, .asked = {1, 1}},
    {ASK("x.ptr500", PTR, OK, FAST), .names = LIMIT_PTR_NAMES, .cut = true, .asked = {1, 1}},
    {ASK("x.a100.big", A, OK, FAST), .addresses = LIMIT_ADDRESSES, .cut = true}, /* 1.34: no TCP */
    {ASK("x.tcnotcp", A, TIMEOUT, RETRY)},
    {ASK("x.tctcphang", A, TIMEOUT, RETRY)},
    {ASK("x.tctcpcut", A, TIMEOUT | MALFORMED, RETRY)},
    /* chains */
    {ASK("x.cname3", A, OK, FAST), .addresses = 1, .cnames = 3},
    {ASK("x.cname8", A, OK, FAST), .addresses = 1, .cnames = 8},
    {ASK("x.cname20", A, TOO_LONG, FAST), .cnames = LIMIT_CNAME_STEPS},
    {ASK("x.cnameloop", A, TOO_LONG, FAST), .cnames = LIMIT_CNAME_STEPS},
    {ASK("x.cnamenx", A, NXDOMAIN, FAST), .cnames = 1},
    {ASK("x.cnamenodata", A, NODATA, FAST), .cnames = 1},
    {ASK("x.cnameother", A, OK, FAST), .addresses = 1},
    {ASK("x.cname1.ptr2", PTR, OK, FAST), .names = 2, .cnames = 1}, /* RFC 2317 */
    /* odd names */
    {ASK("x.badptr", PTR, OK, FAST), .names = 1, .odd = 5},
    {ASK("x.longptr", PTR, OK, FAST), .names = 1},
};

static const struct service_limits no_cache = {.in_flight = 10000, .in_flight_per_client = 10000};
static struct faultdns server;

static struct dns_service *start_service(const struct service_limits *limits)
{
    char *servers[] = {server.server};
    struct dns_backend *backend = NULL;
    struct dns_service *service = NULL;

    assert_int_equal(backend_cares_create(servers, 1, &backend), HELO_OK);
    assert_int_equal(service_create(backend, limits, NULL, NULL, &service), HELO_OK);
    return service;
}

static struct dns_ticket *ask(struct dns_service *service, struct dns_waiter *waiter,
                              const char *name, enum dns_type type)
{
    struct dns_question question = {.type = type};
    struct dns_ticket *ticket = NULL;

    (void)snprintf(question.name, sizeof question.name, "%s.fault.test", name);
    assert_int_equal(ticket_ask(service, waiter, &question, &ticket), HELO_OK);
    return ticket;
}

/* ---- every fault --------------------------------------------------------------------------- */

/* Notes for each row when its answer was there; returns how many are not. */
static size_t look_at_all(struct dns_service *service, uint64_t began_ms)
{
    size_t pending = 0;

    for (struct row *r = rows; r < rows + UNIT_COUNT(rows); r++) {
        if (r->took_ms == 0 && ticket_answer(service, r->ticket) != NULL)
            r->took_ms = clock_now_ms() - began_ms + 1;
        pending += r->took_ms == 0;
    }
    return pending;
}

static void expect_row(const struct row *r, const struct dns_answer *answer)
{
    struct faultdns_seen seen;
    char name[128];

    if (!UNIT_EXPECT(answer != NULL))
        return;
    if (!UNIT_EXPECT((r->want & 1u << answer->status) != 0))
        print_error("    it is %s\n", dns_status_text(answer->status));
    UNIT_EXPECT(r->took_ms <= r->within_ms);
    if (answer->status == DNS_OK) {
        UNIT_EXPECT_INT(answer->address_count, r->addresses);
        UNIT_EXPECT_INT(answer->name_count, r->names);
        UNIT_EXPECT_INT(answer->odd, r->odd);
        UNIT_EXPECT_INT(answer->cut, r->cut);
    }
    UNIT_EXPECT_INT(answer->cnames, r->cnames);
    if (r->asked.udp + r->asked.tcp == 0)
        return;
    (void)snprintf(name, sizeof name, "%s.fault.test", r->name);
    if (UNIT_EXPECT(faultdns_seen(&server, name, &seen))) {
        UNIT_EXPECT_INT(seen.udp, r->asked.udp);
        UNIT_EXPECT_INT(seen.tcp, r->asked.tcp);
    }
}

static void every_fault(void **state)
{
    struct dns_service *service = start_service(&no_cache);
    struct dns_waiter *waiter = NULL;
    uint64_t began_ms = clock_now_ms();

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    for (struct row *r = rows; r < rows + UNIT_COUNT(rows); r++)
        r->ticket = ask(service, waiter, r->name, r->type);
    while (look_at_all(service, began_ms) > 0 &&
           service_wait(service, waiter, began_ms + LONGEST_MS))
        continue;
    UNIT_EACH(struct row, r, rows) {
        expect_row(r, ticket_answer(service, r->ticket));
        service_release(service, r->ticket);
    }
    waiter_free(waiter);
    service_destroy(service);
}

/* ---- many questions ------------------------------------------------------------------------ */

enum { FLOOD = 6000, FLOOD_IN_THE_AIR = 150 };

static bool wait_for(struct dns_service *service, struct dns_waiter *waiter,
                     const struct dns_ticket *ticket)
{
    uint64_t until_ms = clock_now_ms() + LONGEST_MS;

    while (ticket_answer(service, ticket) == NULL)
        if (!service_wait(service, waiter, until_ms))
            return false;
    return true;
}

/*
 * Enough for every lane to be renewed: from many ports, in mixed case, with ids that nobody
 * guesses, and none is lost on the way. (Of 6000 ids by lot some 5730 are different; of counted
 * ones all are, but their high octets are few.)
 */
static void many_questions(void **state)
{
    static struct dns_ticket *tickets[FLOOD];
    struct dns_service *service = start_service(&no_cache);
    struct dns_waiter *waiter = NULL;
    struct faultdns_seen before, after;
    size_t failed = 0;
    char name[32];

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    assert_true(faultdns_seen(&server, "fault.test", &before));
    for (size_t i = 0; i < FLOOD + FLOOD_IN_THE_AIR; i++) {
        if (i < FLOOD) {
            (void)snprintf(name, sizeof name, "x%zu.ok", i);
            tickets[i] = ask(service, waiter, name, DNS_A);
        }
        if (i >= FLOOD_IN_THE_AIR) {
            const struct dns_ticket *oldest = tickets[i - FLOOD_IN_THE_AIR];

            assert_true(wait_for(service, waiter, oldest));
            failed += ticket_answer(service, oldest)->status != DNS_OK;
        }
    }
    for (size_t i = 0; i < FLOOD; i++)
        service_release(service, tickets[i]);
    assert_true(faultdns_seen(&server, "fault.test", &after));
    UNIT_EXPECT_INT(failed, 0);
    UNIT_EXPECT(after.udp - before.udp >= FLOOD);
    UNIT_EXPECT(after.ports - before.ports >= 7); /* four lanes, each renewed or nearly */
    UNIT_EXPECT(after.mixed - before.mixed > FLOOD * 9 / 10); /* 1 in 4096 is all small */
    UNIT_EXPECT(after.ids - before.ids > 5500);
    UNIT_EXPECT_INT(after.high, 256);
    UNIT_EXPECT_INT(after.low, 256);
    waiter_free(waiter);
    service_destroy(service);
}

/*
 * More than fly at a time, to a server that never says a word, and then the end: each is completed
 * once.
 */
static void end_in_mid_air(void **state)
{
    static struct dns_ticket *tickets[1500];
    struct dns_service *service = start_service(&no_cache);
    struct dns_waiter *waiter = NULL;
    uint64_t began_ms;
    char name[32];

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    for (size_t i = 0; i < UNIT_COUNT(tickets); i++) {
        (void)snprintf(name, sizeof name, "y%zu.drop", i);
        tickets[i] = ask(service, waiter, name, DNS_A);
    }
    (void)service_wait(service, waiter, clock_now_ms() + 50);
    for (size_t i = 0; i < UNIT_COUNT(tickets); i++)
        service_release(service, tickets[i]);
    waiter_free(waiter);
    began_ms = clock_now_ms();
    service_destroy(service); /* LeakSanitizer counts */
    UNIT_EXPECT(clock_now_ms() - began_ms < 1000);
}

/*
 * A server that never keeps the mixed case: after some answers it is asked once for each question.
 */
static void plain_case_is_learnt(void **state)
{
    struct dns_service *service = start_service(&no_cache);
    struct dns_waiter *waiter = NULL;
    struct faultdns_seen seen;
    char name[32];

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    for (unsigned i = 0; i < 12; i++) {
        struct dns_ticket *ticket;

        (void)snprintf(name, sizeof name, "learn%u.lower", i);
        ticket = ask(service, waiter, name, DNS_A);
        assert_true(wait_for(service, waiter, ticket));
        UNIT_EXPECT_INT(ticket_answer(service, ticket)->status, DNS_OK);
        service_release(service, ticket);
    }
    UNIT_EXPECT(faultdns_seen(&server, "learn0.lower.fault.test", &seen) && seen.udp == 2);
    UNIT_EXPECT(faultdns_seen(&server, "learn11.lower.fault.test", &seen) && seen.udp == 1);
    waiter_free(waiter);
    service_destroy(service);
}

/* ---- nothing of c-ares' own ----------------------------------------------------------------- */

enum { AGAIN = 12 }; /* times, over four lanes: a cache in each would be seen */

/* Without a cache of ours there is none: whoever asks again goes to the server again. */
static void no_other_cache(void **state)
{
    static const char *const names[] = {"again.ok", "again.nx", "again.nodata", "again.servfail"};
    struct dns_service *service = start_service(&no_cache);
    struct dns_waiter *waiter = NULL;
    struct faultdns_seen seen;
    char name[64];

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    for (size_t i = 0; i < AGAIN * UNIT_COUNT(names); i++) {
        struct dns_ticket *ticket = ask(service, waiter, names[i % UNIT_COUNT(names)], DNS_A);

        assert_true(wait_for(service, waiter, ticket));
        service_release(service, ticket);
    }
    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        (void)snprintf(name, sizeof name, "%s.fault.test", names[i]);
        assert_true(faultdns_seen(&server, name, &seen));
        UNIT_EXPECT_INT(seen.udp, AGAIN);
    }
    waiter_free(waiter);
    service_destroy(service);
}

/* No /etc/hosts, no search list, no special names: the server is asked, and for just this name. */
static void every_name_goes_to_the_server(void **state)
{
    static const char *const names[] = {"localhost", "ip6-localhost", "mailhost", "site.local",
                                        "mx.onion",  "mx.invalid",    "a_b.test"};
    struct dns_service *service = start_service(&no_cache);
    struct dns_waiter *waiter = NULL;
    struct faultdns_seen seen;

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    for (size_t i = 0; i < UNIT_COUNT(names); i++) {
        struct dns_question question = {.type = DNS_A};
        struct dns_ticket *ticket = NULL;

        (void)snprintf(question.name, sizeof question.name, "%s", names[i]);
        assert_int_equal(ticket_ask(service, waiter, &question, &ticket), HELO_OK);
        assert_true(wait_for(service, waiter, ticket));
        UNIT_EXPECT_INT(ticket_answer(service, ticket)->status, DNS_NXDOMAIN);
        service_release(service, ticket);
        assert_true(faultdns_seen(&server, names[i], &seen));
        UNIT_EXPECT_INT(seen.udp, 1);
    }
    waiter_free(waiter);
    service_destroy(service);
}

/* ---- cache and coalescing ------------------------------------------------------------------ */

static void one_question_in_the_air(void **state)
{
    const struct service_limits limits = {
        .cache = {1 << 20, 0, 3600, 600, 5, 0}, .in_flight = 10000, .in_flight_per_client = 10000};
    struct dns_service *service = start_service(&limits);
    struct dns_waiter *waiters[4] = {NULL};
    struct dns_ticket *tickets[5] = {NULL};
    struct faultdns_seen seen;

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(waiters); i++) {
        assert_int_equal(waiter_create(&waiters[i]), HELO_OK);
        tickets[i] = ask(service, waiters[i], "same.delay200", DNS_A);
    }
    service_release(service, tickets[0]); /* others still wait for it */
    for (size_t i = 1; i < UNIT_COUNT(waiters); i++)
        assert_true(wait_for(service, waiters[i], tickets[i]));
    tickets[4] = ask(service, waiters[0], "same.delay200", DNS_A);
    UNIT_EXPECT(ticket_answer(service, tickets[4]) != NULL); /* at once, from the cache */
    UNIT_EXPECT(faultdns_seen(&server, "same.delay200.fault.test", &seen) && seen.udp == 1);
    for (size_t i = 1; i < UNIT_COUNT(tickets); i++)
        service_release(service, tickets[i]);
    for (size_t i = 0; i < UNIT_COUNT(waiters); i++)
        waiter_free(waiters[i]);
    service_destroy(service);
}

static int start_server(void **state)
{
    (void)state;
    return faultdns_start(&server, NULL) ? 0 : -1;
}

static int stop_server(void **state)
{
    (void)state;
    faultdns_stop(&server);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_fault),
        UNIT_TEST(many_questions),
        UNIT_TEST(end_in_mid_air),
        UNIT_TEST(plain_case_is_learnt),
        UNIT_TEST(no_other_cache),
        UNIT_TEST(every_name_goes_to_the_server),
        UNIT_TEST(one_question_in_the_air),
    };

    return cmocka_run_group_tests(tests, start_server, stop_server);
}
