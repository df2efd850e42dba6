/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_engine_faults.c - what becomes of a client when DNS misbehaves
 *
 * PURPOSE  For each fault: the facts that come out of a whole engine on real sockets, the verdict,
 *          and within which time. The policy refuses for everything that DNS definitely says, so a
 *          failure that is taken for an answer shows as a refusal.
 * CONTRACT All rows that wait do so at once, while the others come and go, some at a time: the test
 *          lasts as long as its slowest row, no fault may hold up another row, and a machine that
 *          is busy is not asked for everything in one moment. All of it with dns.on_failure: accept
 *          and, at another engine and server, with defer. Every second client has an IPv6 address.
 * LIMITS   Times are held against dns.wait, not against the speed of this machine.
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine_bench.h"
#include "faultdns.h"

#define LONG_LABEL "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
/* The only name that tests/tools/faultdns.py gives with `longptr`: 255 octets. */
#define LONG_NAME                            \
    LONG_LABEL "." LONG_LABEL "." LONG_LABEL \
               ".yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"

enum { LATE_MS = BENCH_WAIT_MS + 1000 };
#define LATE "delay5000" /* LATE_MS */

/*
 * A client whose DNS is in order but for the names that have an order to the server: its reverse
 * name, the host that a PTR record names, the name that it says. `made`: the answer is made by the
 * server, and has nothing to do with the client. 0 in a fact is YES.
 */
static struct row {
    const char *name;
    const char *ptr, *host, *helo;
    unsigned client_ptr, fcrdns, address, forward;
    unsigned mx, mx_bad; /* 0: not looked at */
    unsigned more_ptr;   /* PTR records besides the right one */
    enum helo_action verdict;
    bool made, slow, late;
} rows[] = {
    {"everything is in order"},
    /* silence */
    {"PTR: drop", .ptr = "drop", .client_ptr = UNKNOWN(TIMEOUT), .fcrdns = UNKNOWN(TIMEOUT),
     .slow = true},
    {"PTR name: drop", .host = "drop", .fcrdns = UNKNOWN(TIMEOUT), .slow = true},
    {"HELO: drop", .helo = "drop", .address = UNKNOWN(TIMEOUT), .forward = UNKNOWN(TIMEOUT),
     .mx = UNKNOWN(TIMEOUT), .slow = true},
    {"everything: drop", "drop", "drop", "drop", UNKNOWN(TIMEOUT), UNKNOWN(TIMEOUT),
     UNKNOWN(TIMEOUT), UNKNOWN(TIMEOUT), .slow = true},
    {"PTR: lost once", .ptr = "drop1"},
    {"PTR name: lost once", .host = "drop1"},
    {"HELO: lost once", .helo = "drop1"},
    {"HELO: delay", .helo = "delay300"},
    {"everything: delay", "delay300", "delay300", "delay300"},
    {"PTR: late", .ptr = LATE, .client_ptr = UNKNOWN(TIMEOUT), .fcrdns = UNKNOWN(TIMEOUT),
     .slow = true, .late = true},
    {"HELO: late", .helo = LATE, .address = UNKNOWN(TIMEOUT), .forward = UNKNOWN(TIMEOUT),
     .slow = true, .late = true},
    {"everything: duplicate", "dup", "dup", "dup"},
    /* forgery */
    {"HELO: wrong id", .helo = "wrongid", .address = UNKNOWN(TIMEOUT), .forward = UNKNOWN(TIMEOUT),
     .slow = true},
    {"HELO: wrong id, then the truth", .helo = "wrongid.truth"},
    {"HELO: wrong question", .helo = "wrongq", .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    {"HELO: wrong question, then the truth", .helo = "wrongq.truth"},
    {"PTR: wrong question, then the truth", .ptr = "wrongq.truth"},
    {"HELO: wrong port", .helo = "wrongport", .address = UNKNOWN(TIMEOUT),
     .forward = UNKNOWN(TIMEOUT), .slow = true},
    {"HELO: wrong port, then the truth", .helo = "wrongport.truth"},
    {"HELO: the question in lower case", .helo = "lower"},
    {"HELO: records of another owner", .helo = "othername"},
    /* damage */
    {"PTR: garbage", .ptr = "garbage", .client_ptr = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .fcrdns = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    {"HELO: garbage", .helo = "garbage", .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    {"HELO: no byte", .helo = "empty", .address = UNKNOWN(TIMEOUT), .forward = UNKNOWN(TIMEOUT),
     .slow = true},
    {"HELO: no byte, then the truth", .helo = "empty.truth"},
    {"HELO: five bytes", .helo = "short", .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    /* c-ares writes answers anew since 1.28, and then there is no noise. */
    {"HELO: noise behind the end", .helo = "trail", .address = UNKNOWN(MALFORMED) | YES,
     .forward = UNKNOWN(MALFORMED) | YES},
    {"HELO: 65535 answers promised", .helo = "lie", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"HELO: no question in the answer", .helo = "noq",
     .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    {"HELO: the question comes back", .helo = "echo",
     .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    {"HELO: an address of three bytes", .helo = "badrdata.a.aaaa0", .made = true,
     .address = UNKNOWN(MALFORMED), .forward = UNKNOWN(MALFORMED)},
    /* compression loops */
    {"PTR: owner is a loop", .ptr = "comploop", .client_ptr = UNKNOWN(MALFORMED),
     .fcrdns = UNKNOWN(MALFORMED)},
    {"PTR: data is a loop", .ptr = "ptrloop", .client_ptr = UNKNOWN(MALFORMED),
     .fcrdns = UNKNOWN(MALFORMED)},
    {"HELO: owner is a loop", .helo = "comploop", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"HELO: question is a loop", .helo = "qloop", .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    /* failures that are said */
    {"PTR: SERVFAIL", .ptr = "servfail", .client_ptr = UNKNOWN(SERVFAIL),
     .fcrdns = UNKNOWN(SERVFAIL)},
    {"PTR name: SERVFAIL", .host = "servfail", .fcrdns = UNKNOWN(SERVFAIL)},
    {"HELO: SERVFAIL", .helo = "servfail", .address = UNKNOWN(SERVFAIL),
     .forward = UNKNOWN(SERVFAIL), .mx = UNKNOWN(SERVFAIL), .mx_bad = UNKNOWN(SERVFAIL)},
    {"PTR: REFUSED", .ptr = "refused", .client_ptr = UNKNOWN(REFUSED), .fcrdns = UNKNOWN(REFUSED)},
    {"HELO: REFUSED", .helo = "refused", .address = UNKNOWN(REFUSED), .forward = UNKNOWN(REFUSED)},
    {"HELO: FORMERR", .helo = "formerr", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"HELO: FORMERR to EDNS alone", .helo = "noedns"},
    {"HELO: NOTIMP", .helo = "notimp", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"HELO: rcode 9", .helo = "rcode9", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"HELO: rcode 15", .helo = "rcode15", /* that nobody has defined: SERVFAIL to newer c-ares */
     .address = UNKNOWN(MALFORMED) | UNKNOWN(SERVFAIL),
     .forward = UNKNOWN(MALFORMED) | UNKNOWN(SERVFAIL)},
    {"HELO: rcode 16, by EDNS", .helo = "rcode16", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"PTR: lame referral", .ptr = "lame", .client_ptr = UNKNOWN(MALFORMED),
     .fcrdns = UNKNOWN(MALFORMED)},
    {"HELO: lame referral", .helo = "lame", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    /* negative answers are definite, and refuse here; but for one that nobody vouches for */
    {"PTR: NXDOMAIN", .ptr = "nx", .client_ptr = NO, .fcrdns = NO, .verdict = HELO_ACTION_REJECT},
    {"HELO: NXDOMAIN", .helo = "nx", .address = NO, .forward = NO, .mx = NO,
     .verdict = HELO_ACTION_REJECT},
    {"HELO: NXDOMAIN without SOA", .helo = "nx.nosoa", .address = NO, .forward = NO,
     .verdict = HELO_ACTION_REJECT},
    {"HELO: NODATA", .helo = "nodata", .address = NO, .forward = NO, .verdict = HELO_ACTION_REJECT},
    {"HELO: NODATA, for 2^31 seconds", .helo = "nodata.negttl2147483648", .address = NO,
     .forward = NO, .verdict = HELO_ACTION_REJECT},
    {"HELO: NODATA without SOA", .helo = "nodata.nosoa", .address = UNKNOWN(MALFORMED),
     .forward = UNKNOWN(MALFORMED)},
    {"PTR: NODATA without SOA", .ptr = "nodata.nosoa", .client_ptr = UNKNOWN(MALFORMED),
     .fcrdns = UNKNOWN(MALFORMED)},
    /* too large for a datagram */
    {"everything: TC, then TCP", "tc", "tc", "tc"},
    {"HELO: 64 KiB", .helo = "fill65535"},
    {"PTR: 64 KiB", .ptr = "fill65535"},
    {"PTR: 500 names, the first is right", .ptr = "ok", .more_ptr = 499},
    {"PTR: 500 names, none is right", .ptr = "ptr500", .made = true, .fcrdns = NO,
     .verdict = HELO_ACTION_REJECT},
    {"HELO: 200 addresses, none that is kept is right", .helo = "a200.aaaa", .made = true,
     .forward = UNKNOWN(BUDGET), .verdict = HELO_ACTION_DEFER},
    {"HELO: 4000 addresses, none that is kept is right", .helo = "a4000.aaaa", .made = true,
     .forward = UNKNOWN(BUDGET), .verdict = HELO_ACTION_DEFER},
    {"HELO: beyond what was offered, without TC", .helo = "fill3000.big"},
    {"HELO: TC, nobody listens at TCP", .helo = "tcnotcp",
     .address = UNKNOWN(TIMEOUT) | UNKNOWN(RESOLVER),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(RESOLVER), .slow = true},
    {"PTR: TC, nobody listens at TCP", .ptr = "tcnotcp",
     .client_ptr = UNKNOWN(TIMEOUT) | UNKNOWN(RESOLVER),
     .fcrdns = UNKNOWN(TIMEOUT) | UNKNOWN(RESOLVER), .slow = true},
    {"HELO: TC, silence at TCP", .helo = "tctcphang", .address = UNKNOWN(TIMEOUT),
     .forward = UNKNOWN(TIMEOUT), .slow = true},
    {"HELO: TC, cut in the middle at TCP", .helo = "tctcpcut",
     .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED) | UNKNOWN(RESOLVER),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED) | UNKNOWN(RESOLVER), .slow = true},
    {"HELO: TC, garbage at TCP", .helo = "tc.garbage",
     .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    {"HELO: TC, a short message at TCP", .helo = "tc.cut20",
     .address = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED),
     .forward = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED), .slow = true},
    /* chains */
    {"HELO: CNAME chain of 8", .helo = "cname8"},
    {"PTR: CNAME chain of 2 (RFC 2317)", .ptr = "cname2"},
    {"HELO: CNAME chain of 20", .helo = "cname20", .address = UNKNOWN(BUDGET),
     .forward = UNKNOWN(BUDGET), .verdict = HELO_ACTION_DEFER},
    {"PTR: CNAME chain of 20", .ptr = "cname20", .client_ptr = UNKNOWN(BUDGET),
     .fcrdns = UNKNOWN(BUDGET), .verdict = HELO_ACTION_DEFER},
    {"HELO: CNAME loop", .helo = "cnameloop", .address = UNKNOWN(BUDGET),
     .forward = UNKNOWN(BUDGET), .verdict = HELO_ACTION_DEFER},
    {"PTR: CNAME loop", .ptr = "cnameloop", .client_ptr = UNKNOWN(BUDGET),
     .fcrdns = UNKNOWN(BUDGET), .verdict = HELO_ACTION_DEFER},
    {"HELO: CNAME beside other data", .helo = "cnameother"},
    {"HELO: CNAME to a name that is not there", .helo = "cnamenx", .address = NO, .forward = NO,
     .verdict = HELO_ACTION_REJECT},
    {"HELO: CNAME by way of NUL and dot in a label", .helo = "oddcname"},
    /* times to live */
    {"everything: TTL 0", "ttl0", "ttl0", "ttl0"},
    {"everything: TTL 2^31", "ttl2147483648", "ttl2147483648", "ttl2147483648"},
    {"everything: TTL 2^32 - 1", "ttl4294967295", "ttl4294967295", "ttl4294967295"},
    /* odd names */
    {"PTR: blanks, NUL, dots inside labels; one is right", .ptr = "badptr"},
    {"PTR: a name of 255 octets", .ptr = "longptr", .made = true},
    {"HELO: odd MX names", .helo = "badptr", .mx = YES, .mx_bad = NO},
    {"HELO: 40 MX records", .helo = "mx40", .mx = YES, .mx_bad = YES},
    {"HELO: null MX", .helo = "mx.nullmx", .mx = NO, .mx_bad = NO},
};

/* Every length that the A answer about a HELO name may be cut to, the whole one too. */
enum { CUT_WHOLE = 12 + 23 + 16 + 11, CUTS = CUT_WHOLE + 1 };

/* What a client is, and whom it visits. */
enum { CLIENT_TEXT = 48, HELO_TEXT = 32 };

struct cast {
    struct visit visit;
    char client[CLIENT_TEXT], helo[HELO_TEXT];
};

static struct scene {
    const char *on_failure;
    struct faultdns server;
    struct bench bench;
    sem_t gate; /* of rows that do not wait */
    struct cast rows[UNIT_COUNT(rows)], cuts[CUTS];
} scenes[] = {{.on_failure = "accept"}, {.on_failure = "defer"}};

/* ---- the zone ------------------------------------------------------------------------------ */

static void name_client(size_t number, char out[CLIENT_TEXT])
{
    (void)snprintf(out, CLIENT_TEXT, number % 2 == 0 ? "203.0.113.%zu" : "2001:db8:f::%zu", number);
}

/* Behind the table, and all with IPv4 addresses: their A answer is the one that says something. */
static size_t cut_number(size_t bytes)
{
    return (UNIT_COUNT(rows) + 1) / 2 * 2 + 2 + 2 * bytes;
}

static void name_helo(size_t number, char out[HELO_TEXT])
{
    (void)snprintf(out, HELO_TEXT, "mail.r%03zu.example", number);
}

/* The address of a name, and its fault. */
static void write_host(FILE *zone, const char *name, const char *client, const char *fault,
                       bool made)
{
    if (!made || fault == NULL)
        (void)fprintf(zone, "%s %s %s\n", name, strchr(client, ':') != NULL ? "AAAA" : "A", client);
    if (fault != NULL)
        (void)fprintf(zone, "%s FAULT %s\n", name, fault);
}

static void write_row(FILE *zone, const struct row *row, size_t number)
{
    char client[CLIENT_TEXT], helo[HELO_TEXT], host[HELO_TEXT];
    bool is_long = row->ptr != NULL && strcmp(row->ptr, "longptr") == 0;

    name_client(number, client);
    name_helo(number, helo);
    (void)snprintf(host, sizeof host, "host.r%03zu.example", number);
    write_host(zone, helo, client, row->helo, row->made);
    write_host(zone, is_long ? LONG_NAME : host, client, row->host, row->made);
    if (!row->made || row->ptr == NULL)
        (void)fprintf(zone, "%s PTR %s\n", client, host);
    if (row->ptr != NULL)
        (void)fprintf(zone, "%s FAULT %s\n", client, row->ptr);
    for (unsigned i = 0; i < row->more_ptr; i++)
        (void)fprintf(zone, "%s PTR other%u.example\n", client, i);
}

static bool write_zone(char path[])
{
    int fd = mkstemp(path);
    FILE *zone = fd >= 0 ? fdopen(fd, "w") : NULL;
    char fault[16];

    if (zone == NULL)
        return false;
    for (size_t i = 0; i < UNIT_COUNT(rows); i++)
        write_row(zone, &rows[i], i + 1);
    for (size_t i = 0; i < CUTS; i++) {
        const struct row row = {.ptr = fault, .helo = fault};

        (void)snprintf(fault, sizeof fault, "cut%zu", i);
        write_row(zone, &row, cut_number(i));
    }
    return fclose(zone) == 0;
}

/* ---- the visits ---------------------------------------------------------------------------- */

enum { AT_A_TIME = 8 };

static void prepare(struct scene *scene, struct cast *cast, size_t number, unsigned recipients,
                    sem_t *gate)
{
    name_client(number, cast->client);
    name_helo(number, cast->helo);
    cast->visit = (struct visit){.bench = &scene->bench,
                                 .client = cast->client,
                                 .helo = cast->helo,
                                 .recipients = recipients,
                                 .gate = gate};
}

static void begin(struct scene *scene)
{
    (void)sem_init(&scene->gate, 0, AT_A_TIME);
    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        prepare(scene, &scene->rows[i], i + 1, rows[i].late ? 2 : 1,
                rows[i].slow ? NULL : &scene->gate);
        assert_true(visit_start(&scene->rows[i].visit));
    }
}

static void end(struct scene *scene)
{
    for (size_t i = 0; i < UNIT_COUNT(rows); i++)
        visit_join(&scene->rows[i].visit);
    (void)sem_destroy(&scene->gate);
}

static void begin_cuts(struct scene *scene)
{
    for (size_t i = 0; i < CUTS; i++) {
        prepare(scene, &scene->cuts[i], cut_number(i), 1, NULL);
        assert_true(visit_start(&scene->cuts[i].visit));
    }
}

static void end_cuts(struct scene *scene)
{
    for (size_t i = 0; i < CUTS; i++)
        visit_join(&scene->cuts[i].visit);
}

static void each_scene(void (*act)(struct scene *))
{
    for (size_t i = 0; i < UNIT_COUNT(scenes); i++)
        act(&scenes[i]);
}

/* ---- what is expected ---------------------------------------------------------------------- */

static void expect_fact(const struct told *told, enum fact_id id, unsigned among)
{
    char text[64];

    if (!UNIT_EXPECT((told_fact(told, id) & among) != 0))
        print_error("    %s\n", told_text(told, id, text));
}

/* dns.on_failure is about what could not be learnt; a definite answer stands. */
static enum helo_action with_failure(const struct scene *scene, enum helo_action verdict,
                                     bool unknown)
{
    if (verdict == HELO_ACTION_OFF)
        verdict = HELO_ACTION_ACCEPT;
    if (verdict == HELO_ACTION_ACCEPT && unknown && strcmp(scene->on_failure, "defer") == 0)
        return HELO_ACTION_DEFER;
    return verdict;
}

static void expect_verdict(const struct told *told, enum helo_action verdict)
{
    UNIT_EXPECT_TEXT(helo_action_text(told->action), helo_action_text(verdict));
    UNIT_EXPECT(told->made);
    UNIT_EXPECT((told->code / 100 == 5) == (verdict == HELO_ACTION_REJECT));
}

static void expect_row(const struct scene *scene, const struct row *row, const struct told *told)
{
    const unsigned wanted[] = {row->client_ptr, row->fcrdns, row->address, row->forward};
    static const enum fact_id ids[] = {FACT_client_ptr, FACT_client_fcrdns, FACT_helo_address,
                                       FACT_helo_forward};
    /* A refusal that is certain does not wait for what else there is. */
    const unsigned others = row->verdict == HELO_ACTION_REJECT ? YES | UNKNOWN(PENDING) : YES;
    bool unknown = false;

    for (size_t i = 0; i < UNIT_COUNT(ids); i++) {
        expect_fact(told, ids[i], wanted[i] != 0 ? wanted[i] : others);
        unknown = unknown || (told_fact(told, ids[i]) & wanted[i]) > (YES | NO);
    }
    if (row->mx != 0)
        expect_fact(told, FACT_helo_mx, row->mx);
    if (row->mx_bad != 0)
        expect_fact(told, FACT_helo_mx_bad, row->mx_bad);
    expect_verdict(told, with_failure(scene, row->verdict, unknown));
    if (!UNIT_EXPECT(told->took_ms <= (row->slow ? BENCH_SLOW_MS : BENCH_FAST_MS)))
        print_error("    it took %ju ms\n", (uintmax_t)told->took_ms);
}

static void expect_all(const struct scene *scene)
{
    static const struct row in_order = {.slow = true};
    const struct cast *cast = scene->rows;

    UNIT_EACH(const struct row, row, rows) {
        expect_row(scene, row, &cast->visit.told[0]);
        if (row->late) /* what came too late for one recipient is there for the next */
            expect_row(scene, &in_order, &cast->visit.told[1]);
        cast++;
    }
}

static void faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(scenes); i++)
        expect_all(&scenes[i]);
}

/* One fault for the PTR, which is longer, and all types of the HELO name. */
static void expect_cut(const struct scene *scene, size_t bytes, const struct told *told)
{
    const unsigned broken = UNKNOWN(TIMEOUT) | UNKNOWN(MALFORMED);
    const unsigned forward = bytes < CUT_WHOLE ? broken : YES;
    const struct row row = {.client_ptr = broken,
                            .fcrdns = broken,
                            .address = forward,
                            .forward = forward,
                            .slow = true};

    expect_row(scene, &row, told);
}

static void every_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(scenes); i++) {
        for (size_t bytes = 0; bytes < CUTS; bytes++) {
            char name[32];

            (void)snprintf(name, sizeof name, "cut to %zu bytes", bytes);
            unit_enter(name);
            expect_cut(&scenes[i], bytes, &scenes[i].cuts[bytes].visit.told[0]);
        }
    }
    unit_leave();
}

/* ---- the stage ----------------------------------------------------------------------------- */

static bool open_scene(struct scene *scene, const char *zone)
{
    char servers[80];

    if (!faultdns_start(&scene->server, zone))
        return false;
    (void)snprintf(servers, sizeof servers, "[\"%s\"]", scene->server.server);
    return bench_start(&scene->bench, servers, scene->on_failure, "  wait_for: everything\n");
}

/* All visits of both scenes are made here, so that the tests only look at what came of them. */
static int play(void **state)
{
    char zone[] = "/tmp/test_engine_faults.XXXXXX";
    bool opened = write_zone(zone);

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(scenes) && opened; i++)
        opened = open_scene(&scenes[i], zone);
    (void)unlink(zone);
    if (!opened)
        return -1;
    each_scene(begin);
    each_scene(end);
    each_scene(begin_cuts);
    each_scene(end_cuts);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(scenes); i++) {
        bench_stop(&scenes[i].bench);
        faultdns_stop(&scenes[i].server);
    }
    return 0;
}

/* Nobody must think that the resolver is down because some names are silent. */
static void no_alarm(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(scenes); i++)
        UNIT_EXPECT_INT(bench_warnings(&scenes[i].bench), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(faults),
        UNIT_TEST(every_length),
        UNIT_TEST(no_alarm),
    };

    return cmocka_run_group_tests(tests, play, close_all);
}
