/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_offline.c - judging by what a log tells alone: no look-ups, somebody else's reverse DNS; and
 * what helo.h tells of a verdict piece by piece
 */
#include "unit/judge.h"

/* The result of a check by its name; false when it did not run. */
static bool result_of(const helo_verdict *verdict, const char *check, struct helo_check_result *out)
{
    for (size_t i = 0; helo_check_info(i) != NULL; i++) {
        if (strcmp(helo_check_info(i)->name, check) == 0)
            return helo_verdict_check(verdict, i, out) != 0;
    }
    return false;
}

static const char watchful[] = "mode: enforce\n"
                               "dns: {on_failure: defer}\n"
                               "checks: {no_ptr: reject, fcrdns: defer, no_address: defer,\n"
                               "  localhost: reject, own_name: reject}\n";

/* What is not known stays open, whatever on_failure says; what is known is judged. */
static const struct offline_row {
    const char *name;
    const char *client;
    const char *helo;
    enum helo_iprev iprev;
    const char *ptr_name, *confirmed_name;
    const char *check, *outcome, *reason; /* of that check */
    enum helo_action want;
} rows[] = {
    {"nothing known", "192.175.48.10", "mail.example.net", HELO_IPREV_NONE, NULL, NULL, "no_ptr",
     "unknown", "open", HELO_ACTION_ACCEPT},
    {"nothing known, IPv6", "2620:4f:8000::1", "mail.example.net", HELO_IPREV_NONE, NULL, NULL,
     "fcrdns", "unknown", "open", HELO_ACTION_ACCEPT},
    {"HELO's DNS is not known", "192.175.48.10", "mail.example.net", HELO_IPREV_NONE, NULL, NULL,
     "no_address", "unknown", "open", HELO_ACTION_ACCEPT},
    {"no PTR", "192.175.48.10", "mail.example.net", HELO_IPREV_PERMERROR, NULL, NULL, "no_ptr",
     "fail", "missing", HELO_ACTION_REJECT},
    {"no PTR, IPv6", "2620:4f:8000::1", "mail.example.net", HELO_IPREV_PERMERROR, NULL, NULL,
     "no_ptr", "fail", "missing", HELO_ACTION_REJECT},
    {"a PTR name that has another address", "192.175.48.10", "mail.example.net", HELO_IPREV_FAIL,
     "liar.example.org", NULL, "fcrdns", "fail", "unconfirmed", HELO_ACTION_DEFER},
    {"the same without its name", "192.175.48.10", "mail.example.net", HELO_IPREV_FAIL, NULL, NULL,
     "fcrdns", "fail", "unconfirmed", HELO_ACTION_DEFER},
    {"it confirms no HELO", "192.175.48.10", "liar.example.org", HELO_IPREV_FAIL,
     "liar.example.org", NULL, "no_address", "unknown", "open", HELO_ACTION_DEFER},
    {"confirmed", "192.175.48.10", "mail.example.net", HELO_IPREV_NONE, NULL, "mail.example.net",
     "fcrdns", "pass", NULL, HELO_ACTION_ACCEPT},
    {"confirmed, and so is the HELO", "192.175.48.10", "mail.example.net", HELO_IPREV_NONE, NULL,
     "mail.example.net", "no_address", "pass", NULL, HELO_ACTION_ACCEPT},
    {"confirmed wins over what else is said", "192.175.48.10", "mail.example.net",
     HELO_IPREV_PERMERROR, NULL, "mail.example.net", "no_ptr", "pass", NULL, HELO_ACTION_ACCEPT},
    {"DNS did not answer the MTA", "192.175.48.10", "mail.example.net", HELO_IPREV_TEMPERROR, NULL,
     NULL, "no_ptr", "unknown", "servfail", HELO_ACTION_DEFER},
    {"what needs no DNS", "192.175.48.10", "localhost", HELO_IPREV_NONE, NULL, NULL, "localhost",
     "fail", "name", HELO_ACTION_REJECT},
};

static void offline(void **state)
{
    (void)state;
    UNIT_EACH(const struct offline_row, r, rows) {
        const struct judge_case c = {.policy = watchful,
                                     .client = r->client,
                                     .helo = r->helo,
                                     .iprev = r->iprev,
                                     .ptr_name = r->ptr_name,
                                     .confirmed_name = r->confirmed_name,
                                     .offline = true};
        struct helo_check_result result = {.outcome = "did not run"};
        struct judged j;

        assert_int_equal(judge_open(&j, &c), HELO_OK);
        UNIT_EXPECT_INT(helo_verdict_action(j.verdict), r->want);
        UNIT_EXPECT_INT(result_of(j.verdict, r->check, &result), true);
        UNIT_EXPECT_TEXT(result.outcome, r->outcome);
        UNIT_EXPECT_TEXT(result.reason, r->reason);
        UNIT_EXPECT_INT(helo_engine_test(j.engine), HELO_OK);
        judge_close(&j);
    }
}

/*
 * Names are counted by the time of the log, not by the clock of the day it is read. Only those that
 * DNS does not confirm count, so this wants DNS.
 */
static const struct churn_row {
    const char *name;
    unsigned long long step_ms;
    enum helo_action third;
} churns[] = {
    {"three names in two minutes", 60000, HELO_ACTION_DEFER},
    {"three names in two days", 86400000, HELO_ACTION_ACCEPT},
};

static void churn_of_the_past(void **state)
{
    static const char *const names[] = {"a.example.com", "b.example.org", "c.example.net"};

    (void)state;
    UNIT_EACH(const struct churn_row, r, churns) {
        struct judge_case c = {.policy = "mode: enforce\n"
                                         "checks: {helo_churn: defer}\n"
                                         "helo_churn: {names: 2, window: 1h}\n",
                               .zone = "",
                               .client = "192.175.48.10",
                               .helo = names[0],
                               .time_ms = 1700000000000};
        struct judged j;

        assert_int_equal(judge_open(&j, &c), HELO_OK);
        for (size_t i = 1; i < 3; i++) {
            helo_session_free(j.session);
            j.session = NULL;
            c.helo = names[i];
            c.time_ms += r->step_ms;
            assert_int_equal(judge_play(&j, &c), HELO_OK);
        }
        UNIT_EXPECT_INT(helo_verdict_action(j.verdict), r->third);
        judge_close(&j);
    }
}

static const struct pieces_row {
    const char *name;
    const char *client;
    const char *auth_user;
    const char *kind, *entry, *note; /* NULL: none */
    unsigned line;
} pieces[] = {
    {"judged", "192.175.48.10", NULL, NULL, NULL, NULL, 0},
    {"a network", "198.51.100.7", NULL, "network", "198.51.100.0/24", "partner", 3},
    {"authenticated", "192.175.48.10", "jane", "authenticated", NULL, NULL, 0},
    {"local", NULL, NULL, "local", NULL, NULL, 0},
};

static bool is_kind(const char *text)
{
    for (size_t i = 0; helo_exemption_kind(i) != NULL; i++) {
        if (strcmp(helo_exemption_kind(i), text) == 0)
            return true;
    }
    return false;
}

static void exemptions(void **state)
{
    (void)state;
    assert_false(is_kind("none"));
    UNIT_EACH(const struct pieces_row, r, pieces) {
        const struct judge_case c = {.policy = "mode: enforce\n"
                                               "networks:\n"
                                               "  - net: 198.51.100.0/24\n"
                                               "    note: partner\n",
                                     .client = r->client,
                                     .auth_user = r->auth_user,
                                     .helo = "localhost",
                                     .offline = true};
        struct helo_exemption exemption = {0};
        struct helo_check_result result;
        struct judged j;

        assert_int_equal(judge_open(&j, &c), HELO_OK);
        UNIT_EXPECT_INT(helo_verdict_exemption(j.verdict, &exemption), r->kind != NULL);
        UNIT_EXPECT_INT(result_of(j.verdict, "localhost", &result), r->kind == NULL);
        UNIT_EXPECT_TEXT(exemption.kind, r->kind);
        UNIT_EXPECT_INT(exemption.kind == NULL || is_kind(exemption.kind), true);
        UNIT_EXPECT_TEXT(exemption.entry, r->entry);
        UNIT_EXPECT_TEXT(exemption.note, r->note);
        UNIT_EXPECT_INT(exemption.line, r->line);
        judge_close(&j);
    }
}

/* Every check has its place; past the last there is none. */
static void checks(void **state)
{
    const struct judge_case c = {.policy = "mode: observe\nchecks: {not_fqdn: off}\n",
                                 .client = "192.175.48.10",
                                 .helo = "localhost",
                                 .offline = true};
    struct helo_check_result result;
    size_t count = 0;
    struct judged j;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    assert_int_equal(helo_verdict_action(j.verdict), HELO_ACTION_ACCEPT);
    assert_true(result_of(j.verdict, "localhost", &result));
    assert_int_equal(result.action, HELO_ACTION_REJECT);
    assert_int_equal(result.ground, 1);
    assert_false(result_of(j.verdict, "not_fqdn", &result));
    while (helo_check_info(count) != NULL)
        count++;
    assert_int_equal(helo_verdict_check(j.verdict, count, &result), 0);
    assert_int_equal(helo_verdict_check(j.verdict, (size_t)-1, &result), 0);
    judge_close(&j);
}

static const struct organisation_row {
    const char *name;
    const char *host, *want; /* NULL: none */
} organisations[] = {
    {"a host", "mx1.mail.example.org", "example.org"},
    {"capitals, and a dot", "MX.Example.ORG.", "Example.ORG."},
    {"itself", "example.org", "example.org"},
    {"two labels of suffix", "mail.example.co.uk", "example.co.uk"},
    {"a suffix", "co.uk", NULL},
    {"one label", "localhost", NULL},
    {"nothing", "", NULL},
    {"NULL", NULL, NULL},
};

static void organisation(void **state)
{
    (void)state;
    UNIT_EACH(const struct organisation_row, r, organisations)
        UNIT_EXPECT_TEXT(helo_organisational_domain(r->host), r->want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(offline), UNIT_TEST(churn_of_the_past),
                                       UNIT_TEST(exemptions), UNIT_TEST(checks),
                                       UNIT_TEST(organisation)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
