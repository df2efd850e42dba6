/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_profile_sessions.c - what profiles make of more than one HELO
 *
 * A batch of helocheck says one HELO per session; the rest of what profiles do is in
 * tests/golden/profiles.want.
 */
#include "unit/judge.h"

static const char zone[] = "mail.example.net A 192.175.48.10\n"
                           "192.175.48.10 PTR mail.example.net\n";

static const struct second_row {
    const char *name;
    const char *policy;
    const char *second;
    bool starttls; /* between them */
    enum helo_action want;
} seconds[] = {
    {"haraka, another name", "profile: haraka\n", "mail2.example.net", false, HELO_ACTION_REJECT},
    {"haraka, the same name", "profile: haraka\n", "MAIL.example.net.", false, HELO_ACTION_ACCEPT},
    {"haraka, another inside TLS", "profile: haraka\n", "mail2.example.net", true,
     HELO_ACTION_ACCEPT},
    {"rfc-safe, another name", "profile: rfc-safe\n", "mail2.example.net", false,
     HELO_ACTION_ACCEPT},
    {"strict, another name", "profile: strict\nchecks: {no_address: off}\n", "mail2.example.net",
     false, HELO_ACTION_ACCEPT},
};

/* Another session on the engine of j, which has one. */
static void play_again(struct judged *j, const struct judge_case *c)
{
    helo_session_free(j->session);
    j->session = NULL;
    assert_int_equal(judge_play(j, c), HELO_OK);
}

static void second_helo(void **state)
{
    (void)state;
    UNIT_EACH(const struct second_row, r, seconds) {
        const struct judge_case c = {.policy = r->policy,
                                     .zone = zone,
                                     .client = "192.175.48.10",
                                     .helo = "mail.example.net"};
        const helo_verdict *verdict;
        struct judged j;

        assert_int_equal(judge_open(&j, &c), HELO_OK);
        UNIT_EXPECT_INT(helo_verdict_would(j.verdict), HELO_ACTION_ACCEPT);
        if (r->starttls)
            helo_session_starttls(j.session);
        assert_int_equal(helo_session_helo(j.session, r->second, strlen(r->second)), HELO_OK);
        assert_int_equal(
            helo_session_mail(j.session, &(struct helo_sender){.size = sizeof(struct helo_sender),
                                                               .address = "<a@example.net>"}),
            HELO_OK);
        assert_int_equal(
            helo_session_decide(j.session, HELO_AT_RCPT, "<user@example.org>", "ID", &verdict),
            HELO_OK);
        UNIT_EXPECT_INT(helo_verdict_would(verdict), r->want);
        judge_close(&j);
    }
}

/* Names of other organisations than the client's, each with another address. */
static const char names_zone[] = "mail.client.example A 192.175.48.10\n"
                                 "192.175.48.10 PTR mail.client.example\n"
                                 "a.example.com A 192.31.196.77\n"
                                 "b.example.org A 192.31.196.77\n"
                                 "c.example.net A 192.31.196.77\n";

static const struct churn_profile_row {
    const char *name;
    const char *policy;
    enum helo_action third; /* what the third name gets */
} churns[] = {
    {"strict", "profile: strict\nhelo_churn: {names: 2}\n", HELO_ACTION_DEFER},
    {"strict, within its default", "profile: strict\n", HELO_ACTION_ACCEPT},
    {"rfc-safe, which has it off", "profile: rfc-safe\nhelo_churn: {names: 2}\n",
     HELO_ACTION_ACCEPT},
    {"observe", "profile: observe\nhelo_churn: {names: 2}\n", HELO_ACTION_ACCEPT},
};

static void many_names(void **state)
{
    static const char *const names[] = {"a.example.com", "b.example.org", "c.example.net"};

    (void)state;
    UNIT_EACH(const struct churn_profile_row, r, churns) {
        struct judge_case c = {.policy = r->policy, .zone = names_zone, .client = "192.175.48.10"};
        struct judged j;

        c.helo = names[0];
        assert_int_equal(judge_open(&j, &c), HELO_OK);
        UNIT_EXPECT_INT(helo_verdict_would(j.verdict), HELO_ACTION_ACCEPT);
        c.helo = names[1];
        play_again(&j, &c);
        UNIT_EXPECT_INT(helo_verdict_would(j.verdict), HELO_ACTION_ACCEPT);
        c.helo = names[2];
        play_again(&j, &c);
        UNIT_EXPECT_INT(helo_verdict_would(j.verdict), r->third);
        judge_close(&j);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(second_helo), UNIT_TEST(many_names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
