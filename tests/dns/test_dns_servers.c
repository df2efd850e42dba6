/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_dns_servers.c - the real resolver thread with several name servers, some of which are bad
 *
 * PURPOSE  As long as one server answers, every question is answered, and what the others cost is
 *          paid once.
 * CONTRACT Servers are tests/tools/faultdns.py on loopback. What needs port 53 and another
 *          resolv.conf(5) runs in name spaces of its own, by this program under unshare(1), and is
 *          skipped where the kernel does not grant them.
 * LIMITS   FAST_MS is less than what c-ares waits before it asks the next server, and much more
 *          than an answer takes.
 */
#include "unit/unit.h"

#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "dns/backend.h"
#include "dns/order.h"
#include "dns/service.h"
#include "faultdns.h"
#include "unit/dns_tickets.h"

enum { FAST_MS = 900, LONGEST_MS = 16000 };

/* Good, and bad in one way each; one that is closed has a port where nobody listens. */
enum who { NOBODY, GOOD, SILENT, SILENT_TOO, REFUSING, FAILING, CLOSED, SIX, WHO };

static const char *const options_of[WHO][5] = {
    [GOOD] = {NULL},
    [SILENT] = {"--always", "drop", NULL},
    [SILENT_TOO] = {"--always", "drop", NULL},
    [REFUSING] = {"--always", "refused", NULL},
    [FAILING] = {"--always", "servfail", NULL},
    [CLOSED] = {NULL},
    [SIX] = {"--address", "::1", NULL},
};

static struct faultdns servers[WHO];
static const struct service_limits no_cache = {.in_flight = 10000, .in_flight_per_client = 10000};
static unsigned went_down;

static void alarm_rang(void *arg, enum service_alarm alarm, uint64_t amount)
{
    (void)arg;
    (void)amount;
    __atomic_add_fetch(&went_down, alarm == SERVICE_DOWN, __ATOMIC_RELAXED);
}

static struct dns_service *start_service(const enum who *list, const struct service_limits *limits)
{
    char *texts[SERVERS_MAX];
    size_t count = 0;
    struct dns_backend *backend = NULL;
    struct dns_service *service = NULL;

    for (; list[count] != NOBODY; count++)
        texts[count] = servers[list[count]].server;
    assert_int_equal(backend_cares_create(texts, count, &backend), HELO_OK);
    assert_int_equal(service_create(backend, limits, alarm_rang, NULL, &service), HELO_OK);
    return service;
}

struct result {
    enum dns_status status;
    uint64_t took_ms;
};

/* Asks for "LABELS.fault.test", and waits. */
static struct result ask(struct dns_service *service, const char *labels)
{
    struct dns_question question = {.type = DNS_A};
    struct dns_waiter *waiter = NULL;
    struct dns_ticket *ticket = NULL;
    uint64_t began_ms = clock_now_ms();
    struct result result = {.status = DNS_TIMEOUT};

    (void)snprintf(question.name, sizeof question.name, "%s.fault.test", labels);
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    assert_int_equal(ticket_ask(service, waiter, &question, &ticket), HELO_OK);
    while (ticket_answer(service, ticket) == NULL &&
           service_wait(service, waiter, began_ms + LONGEST_MS))
        continue;
    if (ticket_answer(service, ticket) != NULL)
        result.status = ticket_answer(service, ticket)->status;
    result.took_ms = clock_now_ms() - began_ms;
    service_release(service, ticket);
    waiter_free(waiter);
    return result;
}

static unsigned asked(enum who who)
{
    struct faultdns_seen seen = {0};

    assert_true(faultdns_seen(&servers[who], "fault.test", &seen));
    return seen.udp + seen.tcp;
}

/* ---- which is good ------------------------------------------------------------------------- */

/*
 * By the time that EARLY ones are answered it is known: mostly after two, but c-ares 1.34 has
 * shorter timeouts of its own, and a machine may be busy while our question to the silent one runs.
 */
enum { EARLY = 5, THEN = 30 };

static const struct row {
    const char *name;
    enum who list[4];
    enum dns_status want;
    unsigned timeouts;        /* the EARLY questions cost, together */
    unsigned asked_first_max; /* times the first server is asked in all; 0: not looked at */
} rows[] = {
    {"one that is good", {GOOD}, DNS_OK, 0, 1 + THEN},
    {"a silent first one", {SILENT, GOOD}, DNS_OK, 3, EARLY},
    {"two silent ones", {SILENT, SILENT_TOO, GOOD}, DNS_OK, 6, EARLY},
    {"a silent one behind", {GOOD, SILENT}, DNS_OK, 0, 1 + THEN},
    {"nobody listens at the first", {CLOSED, GOOD}, DNS_OK, 0, 0},
    {"nobody listens at two", {CLOSED, CLOSED, GOOD}, DNS_OK, 0, 0},
    {"closed, then silent", {CLOSED, SILENT, GOOD}, DNS_OK, 4, 0},
    {"one that refuses all", {REFUSING, GOOD}, DNS_OK, 0, ORDER_REFUSING},
    {"one that fails all", {FAILING, GOOD}, DNS_OK, 0, ORDER_REFUSING + 2},
    {"refusing, failing", {REFUSING, FAILING, GOOD}, DNS_OK, 0, ORDER_REFUSING},
    {"closed, refusing", {CLOSED, REFUSING, GOOD}, DNS_OK, 0, 0},
    {"all refuse", {REFUSING, FAILING}, DNS_REFUSED, 0, 0},
    {"one that refuses", {REFUSING}, DNS_REFUSED, 0, 1 + THEN},
    {"nobody listens at all", {CLOSED, CLOSED}, DNS_UNREACHABLE, 0, 0},
    {"nobody listens at the one", {CLOSED}, DNS_UNREACHABLE, 0, 0},
    {"IPv6", {SIX}, DNS_OK, 0, 0},
    {"IPv6 behind a silent one", {SILENT, SIX}, DNS_OK, 3, EARLY},
};

static void expect_row(const struct row *r, unsigned nth)
{
    struct dns_service *service = start_service(r->list, &no_cache);
    bool counts = r->asked_first_max > 0;
    unsigned before = counts ? asked(r->list[0]) : 0;
    uint64_t began_ms = clock_now_ms();
    char name[32];

    for (unsigned i = 0; i < 1 + THEN; i++) {
        struct result result;

        (void)snprintf(name, sizeof name, "r%ux%u.ok", nth, i);
        result = ask(service, name);
        UNIT_EXPECT_INT(result.status, r->want);
        if (i == EARLY - 1)
            UNIT_EXPECT(clock_now_ms() - began_ms <= r->timeouts * 1000u + FAST_MS);
        if (i >= EARLY && !UNIT_EXPECT(result.took_ms <= FAST_MS))
            print_error("    question %u, after %u ms\n", i, (unsigned)result.took_ms);
    }
    service_destroy(service);
    if (counts)
        UNIT_EXPECT(asked(r->list[0]) - before <= r->asked_first_max);
}

static void the_good_one_is_found(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        expect_row(r, (unsigned)(r - rows));
    }
}

/* A zone that is dead, or slow, is no reason to leave a server that answers others. */
static void a_slow_zone_changes_nothing(void **state)
{
    static const enum who list[] = {GOOD, SIX, NOBODY};
    struct dns_service *service = start_service(list, &no_cache);
    struct dns_waiter *waiter = NULL;
    struct dns_ticket *slow = NULL;
    const struct dns_question question = {DNS_A, "slow.delay1400.fault.test"};
    struct faultdns_seen seen;
    char name[32];

    (void)state;
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    assert_int_equal(ticket_ask(service, waiter, &question, &slow), HELO_OK);
    for (unsigned i = 0; ticket_answer(service, slow) == NULL; i++) {
        (void)snprintf(name, sizeof name, "others%u.delay50", i);
        UNIT_EXPECT_INT(ask(service, name).status, DNS_OK);
    }
    UNIT_EXPECT_INT(ask(service, "afterwards.ok").status, DNS_OK);
    UNIT_EXPECT(faultdns_seen(&servers[GOOD], "afterwards.ok.fault.test", &seen) && seen.udp == 1);
    service_release(service, slow);
    waiter_free(waiter);
    service_destroy(service);
}

/* Behind silent servers the last one hears the probes: nothing is down. */
static void a_probe_reaches_who_lives(void **state)
{
    static const enum who list[] = {SILENT, SILENT_TOO, GOOD, NOBODY};
    const struct service_limits limits = {
        .in_flight = 100, .in_flight_per_client = 100, .down_after_ms = 2000};
    const struct dns_question dead = {DNS_A, "dead.drop.fault.test"};
    struct dns_service *service = start_service(list, &limits);
    struct dns_waiter *waiter = NULL;
    struct dns_ticket *ticket = NULL;

    (void)state;
    __atomic_store_n(&went_down, 0, __ATOMIC_RELAXED);
    assert_int_equal(waiter_create(&waiter), HELO_OK);
    assert_int_equal(ticket_ask(service, waiter, &dead, &ticket), HELO_OK);
    UNIT_EXPECT(!service_wait(service, waiter, clock_now_ms() + 2 * limits.down_after_ms));
    UNIT_EXPECT_INT(__atomic_load_n(&went_down, __ATOMIC_RELAXED), 0);
    UNIT_EXPECT_INT(ask(service, "alive.ok").status, DNS_OK);
    service_release(service, ticket);
    waiter_free(waiter);
    service_destroy(service);
}

/* ---- coming and going ---------------------------------------------------------------------- */

static void restart(enum who who)
{
    char port[16];
    const char *options[] = {"--port", port, NULL};

    (void)snprintf(port, sizeof port, "%d", servers[who].port);
    assert_true(faultdns_start_with(&servers[who], options));
}

/* Its sockets at our side are told that nobody is there; they must not believe it for ever. */
static void killed_and_restarted(void **state)
{
    static const enum who list[] = {GOOD, NOBODY};
    struct dns_service *service = start_service(list, &no_cache);
    struct result result;

    (void)state;
    for (unsigned times = 0; times < 3; times++) {
        UNIT_EXPECT_INT(ask(service, "before.ok").status, DNS_OK);
        faultdns_kill(&servers[GOOD]);
        result = ask(service, "meanwhile.ok");
        UNIT_EXPECT_INT(result.status, DNS_UNREACHABLE);
        UNIT_EXPECT(result.took_ms <= FAST_MS);
        restart(GOOD);
        UNIT_EXPECT_INT(ask(service, "after.ok").status, DNS_OK);
    }
    service_destroy(service);
}

/* The policy names others. */
static void servers_change(void **state)
{
    static const enum who list[] = {GOOD, NOBODY};
    struct dns_service *service = start_service(list, &no_cache);
    char *texts[2] = {servers[SIX].server, NULL};
    unsigned before = asked(GOOD);

    (void)state;
    UNIT_EXPECT_INT(ask(service, "s1.ok").status, DNS_OK);
    UNIT_EXPECT_INT(asked(GOOD) - before, 1);
    assert_int_equal(service_configure(service, &no_cache, texts, 1), HELO_OK);
    UNIT_EXPECT_INT(ask(service, "s2.ok").status, DNS_OK);
    UNIT_EXPECT_INT(asked(GOOD) - before, 1);
    texts[0] = servers[CLOSED].server;
    assert_int_equal(service_configure(service, &no_cache, texts, 1), HELO_OK);
    UNIT_EXPECT_INT(ask(service, "s3.ok").status, DNS_UNREACHABLE);
    texts[1] = servers[GOOD].server;
    assert_int_equal(service_configure(service, &no_cache, texts, 2), HELO_OK);
    UNIT_EXPECT_INT(ask(service, "s4.ok").status, DNS_OK);
    UNIT_EXPECT_INT(asked(GOOD) - before, 2);
    texts[0] = (char[]){"localhost"}; /* no address: all stays as it is */
    UNIT_EXPECT_INT(service_configure(service, &no_cache, texts, 2), HELO_RESOLVER);
    UNIT_EXPECT_INT(ask(service, "s5.ok").status, DNS_OK);
    UNIT_EXPECT_INT(service_configure(service, &no_cache, NULL, 0), HELO_OK); /* the system's */
    service_destroy(service);
}

/* More than fly at a time, to servers of every kind, and then the end, which waits for none. */
static void end_in_mid_air(void **state)
{
    static const enum who lists[][4] = {
        {SILENT, SILENT_TOO}, {FAILING, SILENT}, {CLOSED, SILENT}, {CLOSED}, {GOOD, SILENT}};
    static const char *const faults[] = {"drop", "delay500", "tctcphang", "noedns.delay500"};
    static struct dns_ticket *tickets[1600];

    (void)state;
    for (size_t l = 0; l < UNIT_COUNT(lists); l++) {
        struct dns_service *service = start_service(lists[l], &no_cache);
        struct dns_waiter *waiter = NULL;
        uint64_t began_ms;

        assert_int_equal(waiter_create(&waiter), HELO_OK);
        for (size_t i = 0; i < UNIT_COUNT(tickets); i++) {
            struct dns_question question = {.type = DNS_A};

            (void)snprintf(question.name, sizeof question.name, "e%zux%zu.%s.fault.test", l, i,
                           faults[i % UNIT_COUNT(faults)]);
            assert_int_equal(ticket_ask(service, waiter, &question, &tickets[i]), HELO_OK);
        }
        (void)service_wait(service, waiter, clock_now_ms() + 100);
        for (size_t i = 0; i < UNIT_COUNT(tickets); i++)
            service_release(service, tickets[i]);
        waiter_free(waiter);
        began_ms = clock_now_ms();
        service_destroy(service); /* LeakSanitizer counts */
        UNIT_EXPECT(clock_now_ms() - began_ms <= FAST_MS);
    }
}

/* ---- resolv.conf --------------------------------------------------------------------------- */

static const char *self;

static void write_servers(const char *path, const char *first, const char *second)
{
    char text[128];
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int length = snprintf(text, sizeof text, "search example\nnameserver %s\nnameserver %s\n",
                          first, second);

    assert_true(fd >= 0 && write(fd, text, (size_t)length) == length);
    (void)close(fd);
}

static void loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    (void)close(fd);
}

/* Inside: the file names another server; questions go there soon, without a word of the policy's.
 */
static void resolvconf_is_followed(void **state)
{
    static const char *const at[2][5] = {{"--port", "53", "--address", "127.0.0.1", NULL},
                                         {"--port", "53", "--address", "127.0.0.2", NULL}};
    static const enum who none[] = {NOBODY};
    char path[] = "/tmp/helo-resolv-XXXXXX";
    struct faultdns first, second;
    struct dns_service *service;
    uint64_t changed_ms;
    unsigned failed = 0;

    (void)state;
    assert_true(mkstemp(path) >= 0);
    loopback_up();
    write_servers(path, "127.0.0.1", "127.0.0.9");
    assert_int_equal(mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL), 0);
    assert_true(faultdns_start_with(&first, at[0]) && faultdns_start_with(&second, at[1]));
    service = start_service(none, &no_cache);
    UNIT_EXPECT_INT(ask(service, "one.ok").status, DNS_OK);
    faultdns_kill(&first);
    UNIT_EXPECT_INT(ask(service, "two.ok").status, DNS_UNREACHABLE);

    write_servers(path, "127.0.0.9", "127.0.0.2");
    changed_ms = clock_now_ms();
    while (ask(service, "three.delay50").status != DNS_OK && clock_now_ms() - changed_ms < 5000) {
        failed++;
        (void)usleep(20 * 1000);
    }
    UNIT_EXPECT(clock_now_ms() - changed_ms < 2500);
    UNIT_EXPECT(failed > 0); /* one look a second, and no more */
    service_destroy(service);
    faultdns_stop(&second);
    (void)umount("/etc/resolv.conf");
    (void)unlink(path);
}

/* In name spaces of its own; returns its exit status. */
static int run_apart(const char *program, const char *argument)
{
    const char *words[] = {"unshare", "--user", "--map-root-user", "--net",
                           "--mount", program,  argument,          NULL};
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        (void)execvp(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static void resolvconf(void **state)
{
    (void)state;
    if (run_apart("true", NULL) != 0) {
        print_message("no name spaces here\n");
        skip();
    }
    UNIT_EXPECT_INT(run_apart(self, "inside"), 0);
}

/* ---- life ---------------------------------------------------------------------------------- */

static int start_servers(void **state)
{
    (void)state;
    for (int who = GOOD; who < WHO; who++)
        if (!faultdns_start_with(&servers[who], options_of[who]))
            return -1;
    faultdns_stop(&servers[CLOSED]); /* its port is nobody's now */
    return 0;
}

static int stop_servers(void **state)
{
    (void)state;
    for (int who = GOOD; who < WHO; who++)
        faultdns_stop(&servers[who]);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_good_one_is_found),
        UNIT_TEST(a_slow_zone_changes_nothing),
        UNIT_TEST(a_probe_reaches_who_lives),
        UNIT_TEST(killed_and_restarted),
        UNIT_TEST(servers_change),
        UNIT_TEST(end_in_mid_air),
        UNIT_TEST(resolvconf),
    };
    const struct CMUnitTest inside[] = {UNIT_TEST(resolvconf_is_followed)};

    self = argv[0];
    if (argc > 1)
        return cmocka_run_group_tests(inside, NULL, NULL);
    return cmocka_run_group_tests(tests, start_servers, stop_servers);
}
