/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_engine_servers.c - what becomes of clients when our own resolvers fail
 *
 * PURPOSE  Resolvers that never were, that hang, die and come back, that are only to be had over
 *          IPv6, or behind one that is silent or refuses: through a whole engine on real sockets.
 *          Nobody is refused for any of it, nobody waits for what is known to be down, and the
 *          operator hears of it once.
 * CONTRACT Every client is a new one, so that no cache helps, but where that is the point.
 * LIMITS   Times are held against dns.wait, not against the speed of this machine.
 */
#include "unit/unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine_bench.h"
#include "faultdns.h"

enum {
    CLIENTS = 250,
    AT_ONCE_MS = BENCH_WAIT_MS / 2, /* much more than it takes, and no wait */
    PATIENCE_MS = 20000             /* until something must have been noticed */
};

#define NOBODY  "\"127.0.0.1:1\"" /* tcpmux: no machine has it any more */
#define DOWN    "  down_after: 3s\n"
#define NO_LUCK (UNKNOWN(RESOLVER) | UNKNOWN(TIMEOUT))

static char zone[] = "/tmp/test_engine_servers.XXXXXX";

/* ---- visitors ------------------------------------------------------------------------------ */

static unsigned next_client;

/* Its DNS is in order; every second one comes by IPv6. */
static void name_client(unsigned number, char out[48])
{
    (void)snprintf(out, 48, number % 2 == 0 ? "203.0.113.%u" : "2001:db8:f::%u", number);
}

static int write_zone(void **state)
{
    int fd = mkstemp(zone);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

    (void)state;
    if (file == NULL)
        return -1;
    for (unsigned i = 1; i < CLIENTS; i++) {
        char client[48];

        name_client(i, client);
        (void)fprintf(file, "%s PTR mail.c%u.example\n", client, i);
        (void)fprintf(file, "mail.c%u.example %s %s\n", i, i % 2 == 0 ? "A" : "AAAA", client);
    }
    return fclose(file) == 0 ? 0 : -1;
}

static int remove_zone(void **state)
{
    (void)state;
    return unlink(zone);
}

static struct told visit_of(struct bench *bench, unsigned number)
{
    char client[48], helo[32];
    struct visit visit = {.bench = bench, .client = client, .helo = helo, .recipients = 1};

    name_client(number, client);
    (void)snprintf(helo, sizeof helo, "mail.c%u.example", number);
    visit_make(&visit);
    return visit.told[0];
}

/* Of a client that was never seen. */
static struct told visit(struct bench *bench)
{
    assert_true(++next_client < CLIENTS);
    return visit_of(bench, next_client);
}

/* All four facts, the verdict, and the time. */
static void expect_told(const struct told *told, unsigned among, enum helo_action action,
                        unsigned within_ms)
{
    static const enum fact_id ids[] = {FACT_client_ptr, FACT_client_fcrdns, FACT_helo_address,
                                       FACT_helo_forward};
    char text[64];

    for (size_t i = 0; i < UNIT_COUNT(ids); i++)
        if (!UNIT_EXPECT((told_fact(told, ids[i]) & among) != 0))
            print_error("    %s\n", told_text(told, ids[i], text));
    UNIT_EXPECT_TEXT(helo_action_text(told->action), helo_action_text(action));
    UNIT_EXPECT(told->made);
    if (!UNIT_EXPECT(told->took_ms <= within_ms))
        print_error("    it took %ju ms\n", (uintmax_t)told->took_ms);
}

static void expect_in_order(struct bench *bench, unsigned within_ms)
{
    struct told told = visit(bench);

    expect_told(&told, YES, HELO_ACTION_ACCEPT, within_ms);
}

/* Nobody waits any more. */
static void expect_down(struct bench *bench, enum helo_action action)
{
    for (unsigned i = 0; i < 10; i++) {
        struct told told = visit(bench);

        expect_told(&told, UNKNOWN(RESOLVER), action, AT_ONCE_MS);
    }
    UNIT_EXPECT_INT(bench_warnings(bench), 1);
}

/* ---- servers ------------------------------------------------------------------------------- */

static void start_bench(struct bench *bench, const char *servers, const char *on_failure)
{
    char list[160 + 2];

    (void)snprintf(list, sizeof list, "[%s]", servers);
    assert_true(bench_start(bench, list, on_failure, DOWN));
}

static void start_server(struct faultdns *server, const char *option, const char *value)
{
    const char *const options[] = {"--zone", zone, option, value, NULL};

    assert_true(faultdns_start_with(server, options));
}

/* On a port below those that the kernel gives away, so that nobody else takes it after a kill. */
static void start_at_port(struct faultdns *server, int port)
{
    bool started = false;

    for (int i = 0; i < 20 && !started; i++) {
        char text[16];
        const char *const options[] = {"--zone", zone, "--port", text, NULL};

        (void)snprintf(text, sizeof text, "%d",
                       port != 0 ? port : 20000 + (int)((getpid() * 7 + i * 101) % 10000));
        started = faultdns_start_with(server, options);
    }
    assert_true(started);
}

/* Visits until the operator has heard of it; no client may be refused meanwhile. */
static void visit_until(struct bench *bench, unsigned (*count)(struct bench *), const char *what)
{
    uint64_t until_ms = clock_now_ms() + PATIENCE_MS;

    while (count(bench) == 0 && clock_now_ms() < until_ms) {
        struct told told = visit(bench);

        expect_told(&told, YES | NO_LUCK, HELO_ACTION_ACCEPT, BENCH_SLOW_MS);
        if (told.took_ms < 100) /* known to be down: the next one would only do the same */
            (void)usleep(100000);
    }
    if (!UNIT_EXPECT(count(bench) == 1))
        print_error("    %s: not within %d ms\n", what, PATIENCE_MS);
}

/* ---- none ---------------------------------------------------------------------------------- */

/*
 * An engine starts without its resolver, be it that nobody listens or that nobody says a word: the
 * first clients may wait, the others do not. (c-ares 1.18.1 loses the news that nobody listens when
 * two questions share a socket.)
 */
static void never_was(void **state)
{
    struct faultdns silent;
    struct bench benches[2];
    char quoted[80];
    uint64_t until_ms = clock_now_ms() + PATIENCE_MS;

    (void)state;
    start_server(&silent, "--always", "drop");
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", silent.server);
    start_bench(&benches[0], NOBODY, "defer");
    start_bench(&benches[1], quoted, "defer");
    for (struct bench *bench = benches; clock_now_ms() < until_ms;
         bench = &benches[bench == benches]) {
        struct told told = visit(bench);

        expect_told(&told, NO_LUCK, HELO_ACTION_DEFER, BENCH_SLOW_MS);
        if (bench_warnings(&benches[0]) > 0 && bench_warnings(&benches[1]) > 0)
            break;
        if (told.took_ms < 100)
            (void)usleep(100000);
    }
    for (size_t i = 0; i < UNIT_COUNT(benches); i++) {
        expect_down(&benches[i], HELO_ACTION_DEFER);
        bench_stop(&benches[i]);
    }
    faultdns_stop(&silent);
}

/* ---- down, and back ------------------------------------------------------------------------ */

enum { KNOWN = 1 }; /* a client that comes again, and again */

static void expect_known(struct bench *bench)
{
    struct told told = visit_of(bench, KNOWN);

    expect_told(&told, YES, HELO_ACTION_ACCEPT, BENCH_FAST_MS);
}

static void dies_and_returns(void **state)
{
    struct faultdns server;
    struct bench bench;
    char quoted[80];
    int port;

    (void)state;
    next_client = next_client < KNOWN ? KNOWN : next_client;
    start_at_port(&server, 0);
    port = server.port;
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", server.server);
    start_bench(&bench, quoted, "accept");
    expect_known(&bench);
    faultdns_kill(&server);
    visit_until(&bench, bench_warnings, "that it is down");
    expect_down(&bench, HELO_ACTION_ACCEPT);
    expect_known(&bench); /* from the cache */
    UNIT_EXPECT_INT(bench_notes(&bench), 0);
    start_at_port(&server, port);
    visit_until(&bench, bench_notes, "that it is back");
    expect_in_order(&bench, BENCH_SLOW_MS);
    UNIT_EXPECT_INT(bench_warnings(&bench), 1);
    bench_stop(&bench);
    faultdns_stop(&server);
}

/* Its socket stays, and takes what nobody reads. */
static void hangs_and_goes_on(void **state)
{
    struct faultdns server;
    struct bench bench;
    char quoted[80];

    (void)state;
    start_server(&server, NULL, NULL);
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", server.server);
    start_bench(&bench, quoted, "accept");
    expect_in_order(&bench, BENCH_FAST_MS);
    (void)kill(server.pid, SIGSTOP);
    visit_until(&bench, bench_warnings, "that it is down");
    expect_down(&bench, HELO_ACTION_ACCEPT);
    (void)kill(server.pid, SIGCONT);
    visit_until(&bench, bench_notes, "that it is back");
    expect_in_order(&bench, BENCH_SLOW_MS);
    bench_stop(&bench);
    faultdns_stop(&server);
}

/* ---- several ------------------------------------------------------------------------------- */

static bool has_ipv6(void)
{
    struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&loopback, sizeof loopback) == 0;

    if (fd >= 0)
        (void)close(fd);
    return has;
}

/* Alone, and behind an IPv4 address where nobody is. */
static void only_over_ipv6(void **state)
{
    static const char *const before[] = {"", NOBODY ", "};
    struct faultdns server;

    (void)state;
    if (!has_ipv6())
        skip();
    start_server(&server, "--address", "::1");
    for (size_t i = 0; i < UNIT_COUNT(before); i++) {
        struct bench bench;
        char servers[120];

        (void)snprintf(servers, sizeof servers, "%s\"%s\"", before[i], server.server);
        start_bench(&bench, servers, "accept");
        expect_in_order(&bench, BENCH_FAST_MS);
        UNIT_EXPECT_INT(bench_warnings(&bench), 0);
        bench_stop(&bench);
    }
    faultdns_stop(&server);
}

/* Each question waits a second for the first one, until that is known. */
static void first_is_silent(void **state)
{
    struct faultdns silent, good;
    struct bench bench;
    char servers[160];
    uint64_t took_ms = UINT64_MAX;

    (void)state;
    start_server(&silent, "--always", "drop");
    start_server(&good, NULL, NULL);
    (void)snprintf(servers, sizeof servers, "\"%s\", \"%s\"", silent.server, good.server);
    start_bench(&bench, servers, "accept");
    for (unsigned i = 0; i < 20 && took_ms >= 500; i++) {
        struct told told = visit(&bench);

        expect_told(&told, YES, HELO_ACTION_ACCEPT, BENCH_SLOW_MS);
        took_ms = told.took_ms;
    }
    if (!UNIT_EXPECT(took_ms < 500))
        print_error("    still %ju ms\n", (uintmax_t)took_ms);
    UNIT_EXPECT_INT(bench_warnings(&bench), 0);
    bench_stop(&bench);
    faultdns_stop(&silent);
    faultdns_stop(&good);
}

/* A server that answers, and never with an answer. */
static void first_does_not_serve(void **state)
{
    static const char *const faults[] = {"refused", "servfail"};

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(faults); i++) {
        struct faultdns bad, good;
        struct bench bench;
        char servers[160];

        start_server(&bad, "--always", faults[i]);
        start_server(&good, NULL, NULL);
        (void)snprintf(servers, sizeof servers, "\"%s\", \"%s\"", bad.server, good.server);
        start_bench(&bench, servers, "accept");
        for (unsigned n = 0; n < 5; n++)
            expect_in_order(&bench, BENCH_FAST_MS);
        UNIT_EXPECT_INT(bench_warnings(&bench), 0);
        bench_stop(&bench);
        faultdns_stop(&bad);
        faultdns_stop(&good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(never_was),      UNIT_TEST(dies_and_returns), UNIT_TEST(hangs_and_goes_on),
        UNIT_TEST(only_over_ipv6), UNIT_TEST(first_is_silent),  UNIT_TEST(first_does_not_serve),
    };

    return cmocka_run_group_tests(tests, write_zone, remove_zone);
}
