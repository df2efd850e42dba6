/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_selftest.c - helo_engine_test(): what it finds, what it says, and how long it takes
 */
#include "unit/selftest_bench.h"

static const struct row {
    const char *name;
    const char *yaml;
    const char *zone;
    const char *heard;
    unsigned unusable;
    const char *host, *address; /* this machine's */
} rows[] = {
    {"nothing wrong", LISTS, OWN GOOD_ONE GOOD_TWO, ""},
    {"an own name of IPv6 only", QUIET, "mx.site.example AAAA 2001:db8::1", ""},
    {"TEST is not listed", LISTS, OWN GOOD_ONE,
     "warning: rhsbl.zones: two.example does not list TEST, as every list of domains does (RFC "
     "5782 5); it is not asked\n",
     2},
    {"TEST has another code", LISTS, OWN GOOD_TWO "TEST.one.example A 127.0.0.10",
     "warning: rhsbl.zones: one.example lists TEST with 127.0.0.10, which is none of the codes "
     "configured for it; it is not asked\n",
     1},
    {"INVALID is listed", LISTS, OWN GOOD_TWO "*.one.example A 127.0.0.4",
     "warning: rhsbl.zones: one.example lists INVALID with 127.0.0.4, as if it listed everything "
     "(RFC 5782 5); it is not asked\n",
     1},
    {"INVALID has a code that the site does not want", LISTS,
     OWN GOOD_ONE GOOD_TWO "INVALID.one.example A 127.0.0.1", ""},
    {"not allowed to ask", LISTS, OWN GOOD_TWO "*.one.example A 127.255.255.254",
     "warning: rhsbl.zones: one.example answers 127.255.255.254, an error: this resolver is not "
     "allowed to ask; it is not asked\n",
     1},
    {"asked too often", LISTS, OWN GOOD_ONE GOOD_TWO "INVALID.two.example A 127.255.255.255",
     "warning: rhsbl.zones: two.example answers 127.255.255.255, an error: this resolver is not "
     "allowed to ask; it is not asked\n",
     2},
    {"a resolver that makes up answers", LISTS, OWN GOOD_TWO "*.one.example A 198.51.100.1",
     "warning: rhsbl.zones: one.example answers 198.51.100.1, which is outside of 127.0.0.0/8; it "
     "is not asked\n",
     1},
    {"a list that does not answer stays", LISTS, OWN GOOD_TWO "TEST.one.example SERVFAIL",
     "warning: rhsbl.zones: one.example could not be tested (servfail); it is asked\n"},
    {"a list of which half does not answer stays", LISTS,
     OWN GOOD_ONE GOOD_TWO "INVALID.one.example TIMEOUT",
     "warning: rhsbl.zones: one.example could not be tested (no answer in time); it is asked\n"},
    {"INVALID is listed, and TEST is silent", LISTS,
     OWN GOOD_TWO "INVALID.one.example A 127.0.0.2\nTEST.one.example TIMEOUT",
     "warning: rhsbl.zones: one.example lists INVALID with 127.0.0.2, as if it listed everything "
     "(RFC 5782 5); it is not asked\n",
     1},
    {"both are wrong", LISTS, OWN,
     "warning: rhsbl.zones: one.example does not list TEST, as every list of domains does (RFC "
     "5782 5); it is not asked\n"
     "warning: rhsbl.zones: two.example does not list TEST, as every list of domains does (RFC "
     "5782 5); it is not asked\n",
     3},
    {"lists that are off are not tested",
     QUIET "rhsbl: {zones: [{zone: one.example, codes: [127.0.0.2]}]}\n", OWN, ""},
    {"an own name that is misspelt", QUIET, "mx.site.exmaple A " PUBLIC_V4,
     "warning: server.names: mx.site.example does not resolve: it has neither an A nor an AAAA "
     "record\n"},
    {"an own name with an MX only", QUIET, "mx.site.example MX 10 m.site.example",
     "warning: server.names: mx.site.example does not resolve: it has neither an A nor an AAAA "
     "record\n"},
    {"an own name that is broken", QUIET, "mx.site.example SERVFAIL",
     "warning: no answer about mx.site.example (servfail): what needs DNS cannot be judged\n"},
    {"an own name that nobody answers for", QUIET, "mx.site.example TIMEOUT",
     "warning: no answer about mx.site.example (no answer in time): what needs DNS cannot be "
     "judged\n"},
    {"own names are in no check", QUIET "checks: {own_name: off, own_suffix: off}\n", "", ""},
    {"a learned name that does not resolve", "server: {addresses: [" PUBLIC_V4 "]}\n", "",
     "warning: server.learn: the host name m.site.example does not resolve: it has neither an A "
     "nor an AAAA record\n",
     0, "m.site.example", "10.0.0.1"},
    {"a host name of one label", "", "",
     "note: server.learn: the host name mailhost has one label, so it is not taken for an own "
     "name\n",
     0, "mailhost", PUBLIC_V4},
    {"a host name of one label beside a configured one", "server: {names: [mx.site.example]}\n",
     OWN, "", 0, "mailhost", PUBLIC_V4},
    {"private addresses only", "server: {names: [mx.site.example]}\n", OWN,
     "warning: no public address of this server is known, so own_ip does not know it in a HELO\n",
     0, "mx.site.example", "10.0.0.1"},
    {"private addresses of IPv6 only", "server: {names: [mx.site.example]}\n", OWN,
     "warning: no public address of this server is known, so own_ip does not know it in a HELO\n",
     0, "mx.site.example", "fd00::1"},
    {"a public address of IPv6", "server: {names: [mx.site.example]}\n", OWN, "", 0,
     "mx.site.example", "2001:db8::1"},
    {"private addresses, and own_ip is off",
     "server: {names: [mx.site.example]}\nchecks: {own_ip: off}\n", OWN, "", 0, "mx.site.example",
     "10.0.0.1"},
    {"a private address that the site has configured",
     "server: {names: [mx.site.example], addresses: [10.0.0.1], learn: false}\n", OWN, ""},
};

static void findings(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct bench b;

        machine.host = r->host != NULL ? r->host : "m.site.example";
        machine.address = r->address != NULL ? r->address : PUBLIC_V4;
        begin(&b, r->yaml, r->zone);
        expect_heard(&b, r->heard);
        UNIT_EXPECT_INT(marks(&b), r->unusable);
        end(&b);
    }
}

/* ---- time ------------------------------------------------------------------------------------ */

static void all_is_asked_at_once(void **state)
{
    struct bench b;
    uint64_t began_ms;

    (void)state;
    begin(&b, LISTS, OWN GOOD_ONE GOOD_TWO);
    script_backend_set_latency(b.backend, 300);
    began_ms = now_ms(&b);
    expect_heard(&b, "");
    UNIT_EXPECT_INT(now_ms(&b) - began_ms, 300);
    UNIT_EXPECT_INT(script_backend_asked_in_all(b.backend), 6);
    end(&b);
}

static void silence_ends_at_the_deadline(void **state)
{
    struct bench b;
    uint64_t began_ms;

    (void)state;
    begin(&b, LISTS "dns: {deadline: 3s}\n",
          "mx.site.example TIMEOUT\n*.one.example TIMEOUT\n*.two.example TIMEOUT");
    began_ms = now_ms(&b);
    expect_heard(&b,
                 "warning: rhsbl.zones: one.example could not be tested (no answer in time); it "
                 "is asked\n"
                 "warning: rhsbl.zones: two.example could not be tested (no answer in time); it "
                 "is asked\n"
                 "warning: no answer about mx.site.example (no answer in time): what needs DNS "
                 "cannot be judged\n");
    UNIT_EXPECT_INT(now_ms(&b) - began_ms, 3000);
    UNIT_EXPECT_INT(marks(&b), 0);
    end(&b);
}

/* Without memory for an answer a question is a silent one; without memory to ask it is an error. */
static bool test_under_fault(void *arg)
{
    return helo_engine_test(arg) == HELO_OK;
}

static void no_memory_is_reported(void **state)
{
    struct helo_engine_options options = {.size = sizeof(options)};
    helo_policy *policy = load(LISTS FORGETFUL);
    helo_engine *engine = NULL;
    helo_zone *zone = NULL;

    (void)state;
    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    options.zone = zone;
    assert_int_equal(helo_engine_create(policy, &options, &engine), HELO_OK);
    unit_each_fault_tolerated(test_under_fault, engine);
    mem_fail_after(1);
    assert_int_equal(helo_engine_test(engine), HELO_NOMEM);
    mem_fail_after(0);
    helo_engine_destroy(engine);
    helo_policy_unref(policy);
    helo_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(findings),
        UNIT_TEST(all_is_asked_at_once),
        UNIT_TEST(silence_ends_at_the_deadline),
        UNIT_TEST(no_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
