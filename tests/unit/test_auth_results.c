/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_auth_results.c - the field that tells of a verdict, and whose such a field claims to be
 *
 * PURPOSE  What a downstream filter reads is what the checks found, whatever the client said; and
 *          no spelling of our name passes for somebody else's.
 */
#include "unit/judge.h"

#include <stdio.h>

static const char zone[] = "203.0.113.9 PTR mail.client.example\n"
                           "mail.client.example A 203.0.113.9\n"
                           "2001:db8:9::9 PTR mail.client.example\n"
                           "mail.client.example AAAA 2001:db8:9::9\n"
                           "203.0.113.10 PTR other.client.example\n"
                           "other.client.example A 203.0.113.11\n"
                           "far.client.example A 198.51.100.7\n"
                           "203.0.113.12 SERVFAIL\n"
                           "203.0.113.13 PTR broken.client.example\n"
                           "broken.client.example SERVFAIL\n";

#define TAGS "mode: enforce\nchecks: {not_fqdn: tag, no_ptr: tag, fcrdns: tag, syntax: tag, "

/* ---- what is written ------------------------------------------------------------------------- */

static const struct written_row {
    const char *name;
    const char *policy;
    const char *client;
    const char *helo;
    const char *want; /* behind "mx.site.example"; the id at the end is left out */
} written_rows[] = {
    {"all is well", TAGS "no_address: tag}", "203.0.113.9", "mail.client.example",
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example)"
     ";\n\tx-helo=pass smtp.helo=mail.client.example"},
    {"IPv6 stands in quotes", TAGS "no_address: tag}", "2001:db8:9::9", "mail.client.example",
     ";\n\tiprev=pass policy.iprev=\"2001:db8:9::9\" (mail.client.example)"
     ";\n\tx-helo=pass smtp.helo=mail.client.example"},
    {"one that is tagged fails", TAGS "}", "203.0.113.9", "mail",
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example)"
     ";\n\tx-helo=fail reason=not_fqdn smtp.helo=mail"},
    {"two fail, in the registry's order", TAGS "}", "203.0.113.99", "mail",
     ";\n\tiprev=permerror policy.iprev=203.0.113.99"
     ";\n\tx-helo=fail reason=\"not_fqdn,no_ptr\" smtp.helo=mail"},
    {"one that is observed fails", "mode: enforce\nchecks: {not_fqdn: tag, no_address: observe}",
     "203.0.113.9", "nowhere.example",
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example)"
     ";\n\tx-helo=pass smtp.helo=nowhere.example"},
    {"a stronger one is told, too",
     "mode: enforce\nrfc5321_4_1_4: obey\nchecks: {forward_mismatch: reject, not_fqdn: tag}",
     "203.0.113.9", "far.client.example",
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example)"
     ";\n\tx-helo=fail reason=forward_mismatch smtp.helo=far.client.example"},
    {"no name of the client has its address", TAGS "}", "203.0.113.10", "mail.client.example",
     ";\n\tiprev=fail policy.iprev=203.0.113.10"
     ";\n\tx-helo=fail reason=fcrdns smtp.helo=mail.client.example"},
    {"the client's name cannot be looked up", TAGS "}", "203.0.113.12", "mail.client.example",
     ";\n\tiprev=temperror policy.iprev=203.0.113.12"
     ";\n\tx-helo=temperror smtp.helo=mail.client.example"},
    {"its address cannot be looked up", TAGS "}", "203.0.113.13", "mail.client.example",
     ";\n\tiprev=temperror policy.iprev=203.0.113.13"
     ";\n\tx-helo=temperror smtp.helo=mail.client.example"},
    {"what failed counts more than what is open", TAGS "}", "203.0.113.12", "mail",
     ";\n\tiprev=temperror policy.iprev=203.0.113.12"
     ";\n\tx-helo=fail reason=not_fqdn smtp.helo=mail"},
    {"nobody asked DNS",
     "mode: enforce\nchecks: {no_ptr: off, fcrdns: off, rdns_mismatch: off, bogus_address: off, "
     "impersonation: off, not_fqdn: tag}",
     "203.0.113.9", "mail.client.example", ";\n\tx-helo=pass smtp.helo=mail.client.example"},
    {"no HELO", "mode: enforce\nchecks: {not_fqdn: tag}", "203.0.113.9", NULL,
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example);\n\tx-helo=none"},
    {"no HELO is what is tagged", "mode: enforce\nchecks: {no_helo: tag}", "203.0.113.9", NULL,
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example)"
     ";\n\tx-helo=fail reason=no_helo"},
    {"a literal stands in quotes", "mode: enforce\nchecks: {literal_mismatch: tag}", "203.0.113.9",
     "[203.0.113.9]",
     ";\n\tiprev=pass policy.iprev=203.0.113.9 (mail.client.example)"
     ";\n\tx-helo=pass smtp.helo=\"[203.0.113.9]\""},
    {"scores are added up",
     "mode: enforce\nchecks: {not_fqdn: {action: tag, score: 1.5}, no_ptr: {action: tag, "
     "score: 2}}",
     "203.0.113.99", "mail",
     ";\n\tiprev=permerror policy.iprev=203.0.113.99"
     ";\n\tx-helo=fail reason=\"not_fqdn,no_ptr\" smtp.helo=mail policy.score=3.5"},
    {"a line break is none",
     "mode: enforce\nchecks: {syntax: tag, no_ptr: off, fcrdns: off, rdns_mismatch: off, "
     "bogus_address: off, impersonation: off}",
     "203.0.113.9", "a\r\nX-Evil: yes\r\n\r\nbody",
     ";\n\tx-helo=fail reason=syntax smtp.helo=\"a\\\\x0d\\\\x0aX-Evil: "
     "yes\\\\x0d\\\\x0a\\\\x0d\\\\x0abody\""},
    {"quotes and what ends a value",
     "mode: enforce\nchecks: {syntax: tag, no_ptr: off, fcrdns: off, rdns_mismatch: off, "
     "bogus_address: off, impersonation: off}",
     "203.0.113.9", "x\"; dkim=pass (\\\"",
     ";\n\tx-helo=fail reason=syntax smtp.helo=\"x\\\"; dkim=pass (\\\\\\\\\\\"\""},
    {"8-bit",
     "mode: enforce\nchecks: {syntax: tag, no_ptr: off, fcrdns: off, rdns_mismatch: off, "
     "bogus_address: off, impersonation: off}",
     "203.0.113.9", "caf\xe9.example",
     ";\n\tx-helo=fail reason=syntax smtp.helo=\"caf\\\\xe9.example\""},
};

static enum helo_status write_field(const struct judge_case *c, const char *server_name, char **out)
{
    struct judged j;
    enum helo_status status = judge_open(&j, c);

    if (status != HELO_OK)
        return status;
    status = helo_verdict_auth_results(j.verdict, server_name, out);
    judge_close(&j);
    return status;
}

/* Folded elsewhere, it is the same field. */
static void unfold(char *text)
{
    char *to = text;

    for (const char *s = text; *s != '\0'; s++) {
        if (s[0] == '\n' && to > text && to[-1] != ';')
            *to++ = ' ', s++;
        else
            *to++ = *s;
    }
    *to = '\0';
}

static void writes_what_was_found(void **state)
{
    (void)state;
    UNIT_EACH(const struct written_row, r, written_rows) {
        const struct judge_case c = {
            .policy = r->policy, .zone = zone, .client = r->client, .helo = r->helo};
        char want[512];
        char *got = NULL;

        (void)snprintf(want, sizeof(want), "mx.site.example%s (id=ID7)", r->want);
        assert_int_equal(write_field(&c, "mx.site.example", &got), HELO_OK);
        unfold(got);
        UNIT_EXPECT_TEXT(got, want);
        helo_free(got);
    }
}

static const struct silent_row {
    const char *name;
    struct judge_case c;
} silent_rows[] = {
    {"local", {.client = NULL, .helo = "localhost"}},
    {"loopback", {.client = "127.0.0.1", .helo = "localhost"}},
    {"authenticated", {.client = "203.0.113.9", .helo = "mail", .auth_user = "joe"}},
    {"submission", {.client = "203.0.113.9", .helo = "mail", .listener_port = 587}},
    {"postmaster", {.client = "203.0.113.9", .helo = "mail", .rcpt = "<postmaster@site.example>"}},
};

static void says_nothing_of_who_is_exempt(void **state)
{
    (void)state;
    UNIT_EACH(const struct silent_row, r, silent_rows) {
        char *got = NULL;

        UNIT_EXPECT_INT(write_field(&r->c, "mx.site.example", &got), HELO_OK);
        UNIT_EXPECT_TEXT(got, "");
        helo_free(got);
    }
}

static const struct id_row {
    const char *name;
    const char *policy;
    const char *server_name;
    const char *want; /* what the field begins with; NULL: there is none */
} id_rows[] = {
    {"the MTA's name", NULL, "mx.site.example", "mx.site.example;"},
    {"the site's", "headers: {authserv_id: site.example}", "mx.site.example", "site.example;"},
    {"the site's, without the MTA's", "headers: {authserv_id: site.example}", NULL,
     "site.example;"},
    {"none", NULL, NULL, NULL},
    {"empty", NULL, "", NULL},
    {"no host name", NULL, "mx; dkim=pass", NULL},
    {"a line break", NULL, "mx.example\r\nX-Evil: yes", NULL},
    {"short", NULL, "mx", "mx;"},
};

static void knows_who_we_are(void **state)
{
    (void)state;
    UNIT_EACH(const struct id_row, r, id_rows) {
        const struct judge_case c = {
            .policy = r->policy, .client = "203.0.113.9", .helo = "mail.client.example"};
        char *got = NULL;

        UNIT_EXPECT_INT(write_field(&c, r->server_name, &got),
                        r->want != NULL ? HELO_OK : HELO_INVALID);
        if (r->want != NULL)
            UNIT_EXPECT(got != NULL && strncmp(got, r->want, strlen(r->want)) == 0);
        helo_free(got);
    }
}

/* RFC 5322 2.1.1: 78 where a blank allows it, and 998 for ever. */
static void keeps_lines_short(void **state)
{
    char longest[2001];
    const struct judge_case c = {.policy = TAGS "}",
                                 .zone = zone,
                                 .client = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                                 .helo = longest};
    char *got = NULL;
    size_t line = 0;

    (void)state;
    memset(longest, '\\', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(write_field(&c, "mx.site.example", &got), HELO_OK);
    for (const char *s = got; *s != '\0'; s++) {
        size_t word = strcspn(s, " \n");

        line = *s == '\n' ? 0 : line + 1;
        assert_true(line < 998);
        assert_true(line <= 78 || word > 0);
        assert_true(*s == '\n' ? s[1] == '\t' : *s == '\t' || (*s >= 0x20 && *s <= 0x7e));
    }
    helo_free(got);
}

static bool write_once(void *arg)
{
    struct judged *j = arg;
    char *got = NULL;
    bool written = helo_verdict_auth_results(j->verdict, "mx.site.example", &got) == HELO_OK;

    helo_free(got);
    return written;
}

static void reports_a_lack_of_memory(void **state)
{
    const struct judge_case c = {
        .policy = TAGS "}", .zone = zone, .client = "203.0.113.99", .helo = "mail"};
    struct judged j;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    unit_each_fault(write_once, &j);
    judge_close(&j);
}

/* ---- whose a field is ------------------------------------------------------------------------ */

static const struct owned_row {
    const char *name;
    const char *body;
    bool ours;
} owned_rows[] = {
    {"as we write it", "mx.site.example;\n\tiprev=pass policy.iprev=203.0.113.9", true},
    {"nothing behind", "mx.site.example", true},
    {"no results", "mx.site.example; none", true},
    {"other case", "MX.Site.Example; spf=pass", true},
    {"a dot at the end", "mx.site.example.; spf=pass", true},
    {"with a version", "mx.site.example 1; spf=pass", true},
    {"with an unknown version", "mx.site.example 99; spf=pass", true},
    {"quoted", "\"mx.site.example\"; spf=pass", true},
    {"quoted, with escapes", "\"m\\x.site.exam\\ple\"; spf=pass", true},
    {"quoted, with blanks", "\" mx.site.example \"; spf=pass", true},
    {"quoted, without an end", "\"mx.site.example", true},
    {"blanks in front", " \t mx.site.example; spf=pass", true},
    {"folded in front", "\r\n\tmx.site.example; spf=pass", true},
    {"a blank that is none", "\xc2\xa0mx.site.example\xc2\xa0; spf=pass", true},
    {"a control character", "\x01mx.site.example\x7f; spf=pass", true},
    {"a comment in front", "(note) mx.site.example; spf=pass", true},
    {"comments in a comment", "(a (b) (c(d))) mx.site.example; spf=pass", true},
    {"an escaped end in a comment", "(a\\)b) mx.site.example; spf=pass", true},
    {"what looks like an escape", "(a\\) mx.site.example; spf=pass", true},
    {"comments without blanks", "(a)(b)mx.site.example(c);spf=pass", true},
    {"no semicolon", "mx.site.example spf=pass", true},
    {"no blank", "mx.site.example=x", true},
    {"somebody else's", "mx.other.example; spf=pass", false},
    {"a host below ours", "a.mx.site.example; spf=pass", false},
    {"a name that begins with ours", "mx.site.example.evil.example; spf=pass", false},
    {"a name that ends in ours", "emx.site.example; spf=pass", false},
    {"ours in a comment", "mx.other.example (mx.site.example); spf=pass", false},
    {"ours in a comment in front", "(mx.site.example) mx.other.example; spf=pass", false},
    {"ours as a value", "mx.other.example; spf=pass smtp.helo=mx.site.example", false},
    {"a comment without an end", "(mx.site.example; spf=pass", false},
    {"nothing", "", false},
    {"blanks", " \t\r\n ", false},
    {"quotes with nothing in them", "\"\"; spf=pass", false},
    {"an end without a beginning", ") mx.site.example", false},
    {"a method in place of the name", "; mx.site.example", false},
};

static void knows_a_claim(void **state)
{
    helo_policy *policy;

    (void)state;
    assert_int_equal(helo_policy_default(&policy), HELO_OK);
    UNIT_EACH(const struct owned_row, r, owned_rows) {
        UNIT_EXPECT_INT(helo_policy_owns_auth_results(policy, "mx.site.example", r->body), r->ours);
        UNIT_EXPECT_INT(helo_policy_owns_auth_results(policy, "MX.site.example.", r->body),
                        r->ours);
        UNIT_EXPECT_INT(helo_policy_owns_auth_results(policy, NULL, r->body), 0);
    }
    helo_policy_unref(policy);
}

static void a_claim_is_about_the_name_of_the_site(void **state)
{
    static const char yaml[] = "headers: {authserv_id: Site.Example}";
    struct judged j = {0};

    (void)state;
    assert_int_equal(judge_load_policy(&j, yaml), HELO_OK);
    assert_true(helo_policy_owns_auth_results(j.policy, "mx.site.example", "site.example; x=y"));
    assert_false(
        helo_policy_owns_auth_results(j.policy, "mx.site.example", "mx.site.example; x=y"));
    judge_close(&j);
}

/* A name of any length is compared, or is nobody's of ours. */
static void a_long_claim_is_none(void **state)
{
    static const char start[] = "mx.site.example";
    char body[5000];
    helo_policy *policy;

    (void)state;
    assert_int_equal(helo_policy_default(&policy), HELO_OK);
    memset(body, 'a', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    memcpy(body, start, sizeof(start) - 1);
    assert_false(helo_policy_owns_auth_results(policy, start, body));
    memset(body, '(', sizeof(body) - 1);
    assert_false(helo_policy_owns_auth_results(policy, start, body));
    memset(body, ' ', sizeof(body) - 1);
    memcpy(body + sizeof(body) - sizeof(start), start, sizeof(start));
    assert_true(helo_policy_owns_auth_results(policy, start, body));
    helo_policy_unref(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(writes_what_was_found),
        UNIT_TEST(says_nothing_of_who_is_exempt),
        UNIT_TEST(knows_who_we_are),
        UNIT_TEST(keeps_lines_short),
        UNIT_TEST(reports_a_lack_of_memory),
        UNIT_TEST(knows_a_claim),
        UNIT_TEST(a_claim_is_about_the_name_of_the_site),
        UNIT_TEST(a_long_claim_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
