/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_verdict.c - from outcomes and policy to an action, and to the reply that says why
 */
#include <ctype.h>
#include <stdio.h>

#include "unit/judge.h"

#define ENFORCE "mode: enforce\n"
#define GOOD                                \
    "203.0.113.9 PTR mail.client.example\n" \
    "mail.client.example A 203.0.113.9\n"   \
    "mx.site.example A 192.0.2.1\n"         \
    "cluster.example A 198.51.100.1\n"      \
    "broken.example SERVFAIL\n"

static const struct row {
    const char *name;
    struct judge_case c;
    const char *action; /* and would, unless that is given */
    const char *would;
    const char *lead;  /* check, or NULL */
    const char *reply; /* begins so; NULL: none */
} rows[] = {
    {"an honest client", {ENFORCE, GOOD, "203.0.113.9", "mail.client.example"}, "accept"},
    {"observe refuses nothing",
     {NULL, GOOD, "203.0.113.9", "mx.site.example"},
     "accept",
     "reject",
     "own_name",
     "550 5.7.1 Refused: HELO \"mx.site.example\" is the name of this server, and you are "
     "[203.0.113.9]"},
    {"enforce does",
     {ENFORCE, GOOD, "203.0.113.9", "mx.site.example"},
     "reject",
     NULL,
     "own_name",
     "550 5.7.1 Refused: HELO \"mx.site.example\""},
    {"a defer",
     {ENFORCE, GOOD, "203.0.113.9", "203.0.113.9"},
     "defer",
     NULL,
     "bare_ip",
     "450 4.7.1 Not accepted until mended: HELO \"203.0.113.9\" is an IP address without brackets"},
    {"an observed check", {ENFORCE, GOOD, "203.0.113.9", "benderclmsuedu"}, "accept"},
    {"a check that is off",
     {ENFORCE "checks: {own_name: off}\n", GOOD, "203.0.113.9", "mx.site.example"},
     "accept"},
    {"an action of the site's",
     {ENFORCE "checks: {not_fqdn: reject}\n", GOOD, "203.0.113.9", "benderclmsuedu"},
     "reject",
     NULL,
     "not_fqdn",
     "550 5.7.1 Refused: HELO \"benderclmsuedu\" is not a full host name"},
    {"an action for one reason",
     {ENFORCE "checks: {bare_ip: {reasons: {client: reject}}}\n", GOOD, "203.0.113.9",
      "203.0.113.9"},
     "reject",
     NULL,
     "bare_ip",
     "550 5.7.1 "},
    {"the other reasons keep theirs",
     {ENFORCE "checks: {bare_ip: {reasons: {client: reject}}}\n", GOOD, "203.0.113.9",
      "192.168.1.1"},
     "defer",
     NULL,
     "bare_ip",
     "450 4.7.1 "},
    {"reverse DNS has a code of its own",
     {ENFORCE "checks: {no_ptr: reject}\n", GOOD, "203.0.113.10", "cluster.example"},
     "reject",
     NULL,
     "no_ptr",
     "550 5.7.25 Refused: your address, [203.0.113.10], has no reverse DNS"},
    {"RFC 5321 4.1.4: never the only ground",
     {ENFORCE "checks: {forward_mismatch: reject, rdns_mismatch: reject}\n", GOOD, "203.0.113.9",
      "cluster.example"},
     "accept"},
    {"... beside another it is named, and adds no strength",
     {ENFORCE "checks: {forward_mismatch: reject, no_ptr: defer}\n", GOOD, "203.0.113.10",
      "cluster.example"},
     "defer",
     NULL,
     "no_ptr",
     "450 4.7.25 Not accepted until mended: your address"},
    {"... and alone when the site insists",
     {ENFORCE "rfc5321_4_1_4: ignore\nchecks: {forward_mismatch: reject}\n", GOOD, "203.0.113.9",
      "cluster.example"},
     "reject",
     NULL,
     "forward_mismatch",
     "550 5.7.1 Refused: HELO \"cluster.example\" does not resolve"},
    {"broken DNS refuses nobody", {ENFORCE, GOOD, "203.0.113.9", "broken.example"}, "accept"},
    {"broken DNS defers when told to",
     {ENFORCE "dns: {on_failure: defer}\n", GOOD, "203.0.113.9", "broken.example"},
     "defer",
     NULL,
     "no_address",
     "451 4.4.3 Not accepted now: DNS gave no definite answer (servfail)"},
    {"broken DNS under a reject",
     {ENFORCE "dns: {on_failure: defer}\n", GOOD "203.0.113.66 SERVFAIL\n", "203.0.113.66",
      "localhost"},
     "reject",
     NULL,
     "localhost",
     "550 5.7.1 "},
    {"authenticated", {ENFORCE, GOOD, "203.0.113.9", "mx.site.example", NULL, "joe"}, "accept"},
    {"authenticated counts not",
     {ENFORCE "exempt: {authenticated: false}\n", GOOD, "203.0.113.9", "mx.site.example", NULL,
      "joe"},
     "reject",
     NULL,
     "own_name",
     "550 5.7.1 "},
    {"postmaster",
     {ENFORCE, GOOD, "203.0.113.9", "mx.site.example", "<postmaster@site.example>"},
     "accept"},
    {"one address only",
     {ENFORCE "exempt: {recipients: [help@site.example]}\n", GOOD, "203.0.113.9", "mx.site.example",
      "<Help@SITE.example>"},
     "accept"},
    {"that address elsewhere",
     {ENFORCE "exempt: {recipients: [help@site.example]}\n", GOOD, "203.0.113.9", "mx.site.example",
      "<help@other.example>"},
     "reject",
     NULL,
     "own_name",
     "550 5.7.1 "},
    {"submission port",
     {ENFORCE, GOOD, "203.0.113.9", "mx.site.example", NULL, NULL, "mx", 587},
     "accept"},
    {"submission by name",
     {ENFORCE, GOOD, "203.0.113.9", "mx.site.example", NULL, NULL, "MSA", 2525},
     "accept"},
    {"port 25",
     {ENFORCE, GOOD, "203.0.113.9", "mx.site.example", NULL, NULL, "MTA", 25},
     "reject",
     NULL,
     "own_name",
     "550 5.7.1 "},
    {"a network",
     {ENFORCE "networks: [203.0.113.0/24]\n", GOOD, "203.0.113.9", "mx.site.example"},
     "accept"},
    {"an expired entry",
     {ENFORCE "networks: [{net: 203.0.113.0/24, expires: 2001-01-01}]\n", GOOD, "203.0.113.9",
      "mx.site.example"},
     "reject",
     NULL,
     "own_name",
     "550 5.7.1 "},
    {"an expired entry inside a live one",
     {ENFORCE "networks: [203.0.0.0/16, {net: 203.0.113.0/24, expires: "
              "2001-01-01}]\n",
      GOOD, "203.0.113.9", "mx.site.example"},
     "accept"},
    {"an entry that still holds",
     {ENFORCE "networks: [{net: 203.0.113.0/24, expires: 9999-12-31}]\n", GOOD, "203.0.113.9",
      "mx.site.example"},
     "accept"},
    {"loopback", {ENFORCE, GOOD, "127.0.0.1", "localhost"}, "accept"},
    {"local submission", {ENFORCE, GOOD, NULL, "localhost"}, "accept"},
    {"IPv6",
     {ENFORCE, GOOD, "2001:db8:5::9", "[IPv6:2001:db8::1]"},
     "reject",
     NULL,
     "own_ip",
     "550 5.7.1 Refused: HELO \"[IPv6:2001:db8::1]\" is the address of this server, and yours is "
     "[2001:db8:5::9]"},
};

/* Every line fit to be sent, whatever the client said: RFC 5321 4.5.3.1.5. */
static void expect_sane_reply(const struct helo_reply *reply)
{
    for (size_t i = 0; i < reply->lines; i++) {
        UNIT_EXPECT(strlen(reply->line[i]) < HELO_REPLY_LINE_BYTES);
        for (const char *c = reply->line[i]; *c != '\0'; c++)
            UNIT_EXPECT(*c >= ' ' && *c <= '~');
    }
    UNIT_EXPECT((reply->code == 0) == (reply->lines == 0));
    UNIT_EXPECT(reply->code == 0 || reply->enhanced[0] == '0' + reply->code / 100);
}

static void expect_reply(const struct row *r, const helo_verdict *verdict)
{
    struct helo_reply reply;
    char text[1024];

    helo_verdict_reply(verdict, &reply);
    expect_sane_reply(&reply);
    if (r->reply == NULL) {
        UNIT_EXPECT_INT(reply.code, 0);
        return;
    }
    snprintf(text, sizeof(text), "%d %s %s", reply.code, reply.enhanced, reply.line[0]);
    text[strlen(r->reply)] = '\0';
    UNIT_EXPECT_TEXT(text, r->reply);
    UNIT_EXPECT(strstr(reply.line[reply.lines - 1], r->lead) != NULL);
    UNIT_EXPECT(strstr(reply.line[reply.lines - 1], "id=ID7") != NULL);
}

static void verdicts(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct judged j;

        assert_int_equal(judge_open(&j, &r->c), HELO_OK);
        UNIT_EXPECT_TEXT(helo_action_text(helo_verdict_action(j.verdict)), r->action);
        UNIT_EXPECT_TEXT(helo_action_text(helo_verdict_would(j.verdict)),
                         r->would != NULL ? r->would : r->action);
        if (r->lead != NULL)
            UNIT_EXPECT_INT(verdict_lead(j.verdict), check_find(r->lead));
        else
            UNIT_EXPECT_INT(verdict_lead(j.verdict), CHECK_COUNT);
        expect_reply(r, j.verdict);
        judge_close(&j);
    }
}

static void the_site_is_named(void **state)
{
    static const struct judge_case c = {
        ENFORCE
        "reply: {url: 'https://site.example/helo?a=%s', contact: postmaster@site.example}\n",
        GOOD, "203.0.113.9", "mx.site.example"};
    struct judged j;
    struct helo_reply reply;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    helo_verdict_reply(j.verdict, &reply);
    assert_non_null(strstr(reply.line[2], "see https://site.example/helo?a=%s"));
    assert_non_null(strstr(reply.line[2], "contact postmaster@site.example"));
    judge_close(&j);
}

static const struct hostile {
    const char *name;
    const char *helo;
} hostiles[] = {
    {"format string", "%s%n%s%n"},
    {"line breaks", "a\r\nX-Header: b"},
    {"8-bit", "\xff\xfe\x80"},
    {"escape", "\x1b[2J"},
    {"backslashes", "\\\\\\\\\\\\\\\\\\\\\\\\"},
    {"quotes", "\"\"\"\""},
};

static void hostile_text_makes_sane_replies(void **state)
{
    (void)state;
    UNIT_EACH(const struct hostile, h, hostiles) {
        struct judge_case c = {ENFORCE, GOOD, "203.0.113.9", h->helo};
        struct judged j;
        struct helo_reply reply;

        assert_int_equal(judge_open(&j, &c), HELO_OK);
        helo_verdict_reply(j.verdict, &reply);
        UNIT_EXPECT_INT(reply.code, 550);
        expect_sane_reply(&reply);
        judge_close(&j);
    }
}

static void a_huge_helo_makes_a_sane_reply(void **state)
{
    static char helo[6 * 1024 * 1024];
    struct judge_case c = {ENFORCE, GOOD, "203.0.113.9", helo};
    struct judged j;
    struct helo_reply reply;

    (void)state;
    memset(helo, 'a', sizeof(helo) - 1);
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    helo_verdict_reply(j.verdict, &reply);
    assert_int_equal(reply.code, 550);
    expect_sane_reply(&reply);
    judge_close(&j);
}

static bool judge_once(void *arg)
{
    struct judged j;
    char *text;
    bool done;

    if (judge_open(&j, arg) != HELO_OK)
        return false;
    done = helo_verdict_format(j.verdict, HELO_FORMAT_JSON, &text) == HELO_OK;
    if (done)
        helo_free(text);
    judge_close(&j);
    return done;
}

/* Without memory a look-up has no answer; nothing crashes, and nothing leaks. */
static void memory_runs_out(void **state)
{
    struct judge_case c = {ENFORCE "networks: [10.0.0.0/8]\n", GOOD, "203.0.113.9",
                           "mx.site.example"};

    (void)state;
    unit_each_fault_tolerated(judge_once, &c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(verdicts),
        UNIT_TEST(the_site_is_named),
        UNIT_TEST(hostile_text_makes_sane_replies),
        UNIT_TEST(a_huge_helo_makes_a_sane_reply),
        UNIT_TEST(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
