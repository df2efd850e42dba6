/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exempt.c - who is never refused, and what must be known before that holds
 */
#include <stdio.h>

#include "base/clock.h"
#include "unit/judge.h"

/* Everything this client says is refused, unless it is exempt. */
#define STRICT                   \
    "mode: enforce\n"            \
    "checks: {no_ptr: reject}\n" \
    "lists: {deny: [\"*\"]}\n"
#define HELO_NAMES \
    STRICT "exempt: {helo_names: [partner.example, {name: mx.friend.example, note: A, owner: B}]}\n"
#define RDNS \
    STRICT "exempt: {rdns_domains: [partner.example, {domain: old.example, expires: 2020-01-01}]}\n"
#define TLS STRICT "exempt: {tls_clients: [relay.partner.example, .branch.site.example]}\n"
#define SKIP                                       \
    "mode: enforce\n"                              \
    "checks: {not_fqdn: reject, no_ptr: reject}\n" \
    "lists: {skip: [printer7, .lab.example], deny: [bad.lab.example]}\n"
#define WORLD                                  \
    "203.0.113.9 PTR out.partner.example\n"    \
    "out.partner.example A 203.0.113.9\n"      \
    "2001:db8:9::9 PTR out.partner.example\n"  \
    "out.partner.example AAAA 2001:db8:9::9\n" \
    "mx.friend.example A 203.0.113.9\n"        \
    "203.0.113.8 PTR out.partner.example\n"    \
    "203.0.113.7 PTR mail.old.example\n"       \
    "mail.old.example A 203.0.113.7\n"         \
    "broken.partner.example SERVFAIL\n"        \
    "203.0.113.66 SERVFAIL\n"                  \
    "203.0.113.67 PTR broken.partner.example\n"

static const struct row {
    const char *name;
    struct judge_case c;
    const char *action;
    const char *exempt; /* kind, and the entry's text when it has one */
} rows[] = {
    {"a name that resolves to the client",
     {HELO_NAMES, WORLD, "203.0.113.9", "out.partner.example"},
     "accept",
     "helo partner.example"},
    {"over IPv6",
     {HELO_NAMES, WORLD, "2001:db8:9::9", "out.partner.example"},
     "accept",
     "helo partner.example"},
    {"an entry with a note",
     {HELO_NAMES, WORLD, "203.0.113.9", "mx.friend.example"},
     "accept",
     "helo mx.friend.example"},
    {"anybody can say the name",
     {HELO_NAMES, WORLD, "203.0.113.8", "out.partner.example"},
     "reject",
     "none"},
    {"label by label", {HELO_NAMES, WORLD, "203.0.113.9", "notpartner.example"}, "reject", "none"},
    {"when DNS cannot tell, nobody is refused for good",
     {HELO_NAMES, WORLD, "203.0.113.9", "broken.partner.example"},
     "defer",
     "none"},
    {"... unless the name is in no entry",
     {HELO_NAMES, WORLD, "203.0.113.66", "elsewhere.example"},
     "reject",
     "none"},

    {"a confirmed PTR name",
     {RDNS, WORLD, "203.0.113.9", "localhost"},
     "accept",
     "rdns partner.example"},
    {"a PTR name over IPv6", {RDNS, WORLD, "2001:db8:9::9", "x"}, "accept", "rdns partner.example"},
    {"a PTR name that lies", {RDNS, WORLD, "203.0.113.8", "x"}, "reject", "none"},
    {"an entry past its date", {RDNS, WORLD, "203.0.113.7", "x"}, "reject", "none"},
    {"no PTR, definitely", {RDNS, WORLD, "203.0.113.10", "x"}, "reject", "none"},
    {"a PTR that cannot be looked up", {RDNS, WORLD, "203.0.113.66", "x"}, "defer", "none"},
    {"a PTR name that cannot be looked up", {RDNS, WORLD, "203.0.113.67", "x"}, "defer", "none"},

    {"a certificate",
     {TLS, WORLD, "203.0.113.10", "x", NULL, NULL, NULL, 0, "Relay.Partner.example"},
     "accept",
     "tls_client relay.partner.example"},
    {"a certificate below an entry",
     {TLS, WORLD, "203.0.113.10", "x", NULL, NULL, NULL, 0, "a.branch.site.example"},
     "accept",
     "tls_client .branch.site.example"},
    {"another certificate",
     {TLS, WORLD, "203.0.113.10", "x", NULL, NULL, NULL, 0, "relay.example"},
     "reject",
     "none"},
    {"no certificate", {TLS, WORLD, "203.0.113.10", "x"}, "reject", "none"},

    {"skip: the argument is not judged",
     {SKIP, WORLD, "203.0.113.9", "printer7"},
     "accept",
     "none"},
    {"skip: what DNS says of the client is",
     {SKIP, WORLD, "203.0.113.10", "printer7"},
     "reject",
     "none"},
    {"skip: the deny list is one of the argument's",
     {SKIP, WORLD, "203.0.113.9", "bad.lab.example"},
     "accept",
     "none"},
    {"skip: our own name is no argument's",
     {SKIP "server: {names: [mx.lab.example]}\n", WORLD, "203.0.113.9", "mx.lab.example"},
     "reject",
     "none"},
    {"skip: who says another name", {SKIP, WORLD, "203.0.113.9", "printer8"}, "reject", "none"},
};

static void spares(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        char got[128];
        struct judged j;

        assert_int_equal(judge_open(&j, &r->c), HELO_OK);
        UNIT_EXPECT_TEXT(helo_action_text(helo_verdict_action(j.verdict)), r->action);
        (void)snprintf(got, sizeof(got), "%s%s%s", exempt_text(j.verdict->exempt.kind),
                       j.verdict->exempt.entry != NULL ? " " : "",
                       j.verdict->exempt.entry != NULL ? j.verdict->exempt.entry->text : "");
        UNIT_EXPECT_TEXT(got, r->exempt);
        judge_close(&j);
    }
}

/* The log names the entry with its place, so that whoever wonders can find it. */
static void is_logged_with_its_place(void **state)
{
    static const struct row lines[] = {
        {"helo",
         {HELO_NAMES, WORLD, "203.0.113.9", "out.partner.example"},
         "exempt=helo(policy:4)",
         NULL},
        {"rdns", {RDNS, WORLD, "203.0.113.9", "x"}, "exempt=rdns(policy:4)", NULL},
        {"skip", {SKIP, WORLD, "203.0.113.9", "printer7"}, "exempt=skip(policy:3)", NULL},
    };

    (void)state;
    UNIT_EACH(const struct row, r, lines) {
        struct judged j;
        char *line;

        assert_int_equal(judge_open(&j, &r->c), HELO_OK);
        assert_int_equal(helo_verdict_format(j.verdict, HELO_FORMAT_LOG, &line), HELO_OK);
        if (strstr(line, r->action) == NULL)
            UNIT_EXPECT_TEXT(line, r->action);
        helo_free(line);
        judge_close(&j);
    }
}

/* A front end loads it again when the first entry has ended; what had ended before is no reason. */
static void tells_when_an_entry_has_ended(void **state)
{
    static const struct judge_case c = {
        "networks: [{net: 192.0.2.0/24, expires: 2020-01-01}, {net: 198.51.100.0/24, expires: "
        "2098-01-01}]\nexempt: {rdns_domains: [{domain: a.example, expires: 2099-12-31}]}\n",
        NULL, "203.0.113.9", "x"};
    static const struct judge_case endless = {"networks: [192.0.2.0/24]\n", NULL, "203.0.113.9",
                                              "x"};
    struct judged j;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    UNIT_EXPECT_INT(j.policy->stale_day, clock_parse_date("2098-01-02"));
    UNIT_EXPECT(!helo_policy_is_stale(j.policy));
    j.policy->stale_day = clock_today();
    UNIT_EXPECT(helo_policy_is_stale(j.policy));
    judge_close(&j);
    assert_int_equal(judge_open(&j, &endless), HELO_OK);
    UNIT_EXPECT_INT(j.policy->stale_day, INT64_MAX);
    judge_close(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(spares), UNIT_TEST(is_logged_with_its_place),
                                       UNIT_TEST(tells_when_an_entry_has_ended)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
