/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_stale.c - what a verdict makes of stale facts and of a resolver that is down, and how it is
 * told
 */
#include <stdio.h>

#include "base/text.h"
#include "unit/judge.h"

#define ENFORCE "mode: enforce\n"

/* Facts of a client that says missing.example, which has no address, and an MX record by what DNS
 * said once; its reverse DNS is in order. */
static const struct row {
    const char *name;
    const char *policy;
    enum fact_source mx;     /* STALE or DNS */
    enum fact_cause address; /* NONE: definitely none */
    const char *would;
    unsigned score;
    const char *reply; /* all lines but the last, joined by '|'; begins so */
    const char *log;   /* is in it */
} rows[] = {
    {"a fresh fact refuses", ENFORCE "checks: {no_address: reject}\n", SOURCE_DNS, CAUSE_NONE,
     "reject", 0, "550 5.7.1 Refused: HELO \"missing.example\" has an MX record, but no address",
     " failed=special_tld:observe,no_address:reject unknown=- "},
    {"a stale one defers", ENFORCE "checks: {no_address: reject}\n", SOURCE_STALE, CAUSE_NONE,
     "defer", 0,
     "450 4.7.1 Not accepted now: HELO \"missing.example\" has an MX record, but no address in DNS"
     ": it is no host|To mend it: make your mail server say the name of a host, one with an A or "
     "AAAA record (RFC 5321 2.3.5)|DNS does not answer now, so this goes by what it said before; "
     "please try again later|check=no_address",
     " failed=special_tld:observe,no_address:defer unknown=no_address:stale "},
    {"a weaker action stays", ENFORCE "checks: {no_address: tag}\n", SOURCE_STALE, CAUSE_NONE,
     "accept", 0, "", " failed=special_tld:observe,no_address:tag unknown=no_address:stale "},
    {"a fresh score refuses",
     ENFORCE "score: {reject: 3}\nchecks: {no_address: {action: observe, score: 3}}\n", SOURCE_DNS,
     CAUSE_NONE, "reject", 300, "550 5.7.1 Refused: ", " score=3 "},
    {"a stale one may defer",
     ENFORCE "score: {reject: 3}\nchecks: {no_address: {action: observe, score: 3}}\n",
     SOURCE_STALE, CAUSE_NONE, "defer", 0, "450 4.7.1 Not accepted now: ", " score=0 "},
    {"... and is no ground of what is refused without it",
     ENFORCE "score: {reject: 3}\nchecks: {special_tld: {action: observe, score: 3}, no_address: "
             "{action: observe, score: 3}}\n",
     SOURCE_STALE, CAUSE_NONE, "reject", 300,
     "550 5.7.1 Refused: HELO \"missing.example\" ends in \".example\"", " score=3 "},
    {"with our resolver down mail flows", ENFORCE "checks: {no_address: reject}\n", SOURCE_DNS,
     CAUSE_RESOLVER, "accept", 0, "", " unknown=no_address:resolver "},
    {"... or waits, if the site wants it",
     ENFORCE "dns: {on_failure: defer}\nchecks: {no_address: reject}\n", SOURCE_DNS, CAUSE_RESOLVER,
     "defer", 0,
     "451 4.4.3 Not accepted now: this site's own DNS resolver cannot be asked (resolver)|Please "
     "try again later; nothing has to be mended on your side|check=no_address",
     " unknown=no_address:resolver "},
    {"a domain list that cannot be asked keeps no mail waiting",
     ENFORCE "dns: {on_failure: defer}\nchecks: {no_address: off, rhsbl: reject}\n"
             "rhsbl: {zones: [{zone: list.example, codes: [127.0.0.2]}]}\n",
     SOURCE_DNS, CAUSE_RESOLVER, "accept", 0, "", " unknown=rhsbl:resolver "},
};

static void make_facts(const struct row *r, const struct helo_policy *policy, struct facts *f)
{
    facts_init(f);
    assert_true(ip_parse("203.0.113.9", &f->client));
    helo_name_parse(&f->helo, "missing.example", strlen("missing.example"));
    f->ref = &policy->reference;
    for (unsigned i = 0; i < FACT_COUNT; i++)
        fact_set(f, (enum fact_id)i, FACT_NO, SOURCE_DNS);
    fact_set(f, FACT_client_ptr, FACT_YES, SOURCE_DNS);
    fact_set(f, FACT_client_fcrdns, FACT_YES, SOURCE_DNS);
    f->ptr_count = 1;
    text_copy(f->ptr[0].name, sizeof(f->ptr[0].name), "missing.example");
    f->ptr[0].confirmed = f->fact[FACT_client_fcrdns];
    fact_set(f, FACT_helo_mx, FACT_YES, r->mx);
    if (r->address == CAUSE_NONE)
        return;
    fact_set_unknown(f, FACT_helo_address, r->address, SOURCE_DNS);
    fact_set_unknown(f, FACT_helo_rhsbl, r->address, SOURCE_DNS);
}

static void expect_reply(const struct row *r, const struct helo_verdict *v)
{
    struct helo_reply reply;
    char got[2048] = "";
    size_t used = 0;

    helo_verdict_reply(v, &reply);
    for (size_t i = 0; i < reply.lines; i++)
        used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%s", i > 0 ? "|" : "",
                                 reply.line[i]);
    if (reply.code != 0) {
        memmove(got + strlen("550 5.7.1 "), got, used + 1);
        memcpy(got, reply.code == 550 ? "550" : reply.code == 451 ? "451" : "450", 3);
        got[3] = got[9] = ' ';
        memcpy(got + 4, reply.enhanced, 5);
    }
    if (strlen(got) > strlen(r->reply) && r->reply[0] != '\0')
        got[strlen(r->reply)] = '\0';
    UNIT_EXPECT_TEXT(got, r->reply);
}

static void expect_log(const struct row *r, const struct helo_verdict *v)
{
    char *log;

    assert_int_equal(helo_verdict_format(v, HELO_FORMAT_LOG, &log), HELO_OK);
    if (strstr(log, r->log) == NULL)
        UNIT_EXPECT_TEXT(log, r->log);
    helo_free(log);
}

static void verdicts_by_doubtful_facts(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct judged j = {0};
        struct facts facts;
        struct helo_verdict v = {
            .facts = &facts, .id = "ID7", .sender = "", .recipient = "", .auth_user = ""};

        assert_int_equal(judge_load_policy(&j, r->policy), HELO_OK);
        v.listener_name = "";
        v.policy = j.policy;
        v.rules = &j.policy->rules;
        make_facts(r, j.policy, &facts);
        UNIT_EXPECT_INT(verdict_judge(&v), 0);
        UNIT_EXPECT_TEXT(helo_action_text(v.would), r->would);
        UNIT_EXPECT_INT(v.score, r->score);
        expect_reply(r, &v);
        expect_log(r, &v);
        judge_close(&j);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(verdicts_by_doubtful_facts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
