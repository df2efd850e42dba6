/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_score.c - small faults that add up, and what the sender is told of them
 */
#include <stdio.h>

#include "unit/judge.h"

#define SCORES                                      \
    "mode: enforce\n"                               \
    "score: {defer: 3, reject: 5}\n"                \
    "checks:\n"                                     \
    "  not_fqdn: {action: observe, score: 2}\n"     \
    "  no_ptr: {action: observe, score: 1.5}\n"     \
    "  no_address: {action: observe, score: 1.5}\n" \
    "  forward_mismatch: {action: observe, score: 4}\n"
#define WORLD                                  \
    "203.0.113.9 PTR mail.client.example\n"    \
    "mail.client.example A 203.0.113.9\n"      \
    "2001:db8:9::9 PTR mail.client.example\n"  \
    "mail.client.example AAAA 2001:db8:9::9\n" \
    "short A 203.0.113.9\n"                    \
    "short A 203.0.113.10\n"                   \
    "short AAAA 2001:db8:9::10\n"              \
    "cluster.example A 198.51.100.1\n"         \
    "203.0.113.66 SERVFAIL\n"

/* More addresses than are kept. */
#define ONE_A(x)  "ptr.evil.example A 198.51.100." #x "\n"
#define MANY_A(x) ONE_A(x##1) ONE_A(x##2) ONE_A(x##3) ONE_A(x##4)
#define MANY                                                                                       \
    "203.0.113.33 PTR ptr.evil.example\n"                                                          \
    "mx.site.example CNAME ptr.evil.example\n"                                                     \
    "short A 203.0.113.33\n" MANY_A(1) MANY_A(2) MANY_A(3) MANY_A(4) MANY_A(5) MANY_A(6) MANY_A(7) \
        MANY_A(8) MANY_A(9)

static const struct row {
    const char *name;
    struct judge_case c;
    const char *action;
    unsigned score;    /* hundredths */
    const char *reply; /* begins so, all lines joined by '|'; NULL: none */
} rows[] = {
    {"nothing is wrong", {SCORES, WORLD, "203.0.113.9", "mail.client.example"}, "accept", 0},
    {"one fault is not enough", {SCORES, WORLD, "203.0.113.9", "short"}, "accept", 200},
    {"two reach the first threshold",
     {SCORES, WORLD, "203.0.113.10", "short"},
     "defer",
     350,
     "450 4.7.1 Not accepted until mended, for several signs together: HELO \"short\" is not a "
     "full host name: it has no dot "
     "inside|To mend it: make your mail server say its full host name, as in mail.example.org (RFC "
     "5321 2.3.5)|Also: your address, [203.0.113.10], has no reverse DNS (PTR record)|"
     "check=not_fqdn,no_ptr id=ID7"},
    {"over IPv6, too",
     {SCORES, WORLD, "2001:db8:9::10", "short"},
     "defer",
     350,
     "450 4.7.1 Not accepted until mended, for several signs together: HELO \"short\""},
    {"three reach the second",
     {SCORES, WORLD, "203.0.113.10", "nowhere"},
     "reject",
     500,
     "550 5.7.1 Refused for several signs together: HELO \"nowhere\" is not a full host name: it "
     "has no dot inside|To mend "
     "it: make your mail server say its full host name, as in mail.example.org (RFC 5321 2.3.5)|"
     "Also: HELO \"nowhere\" has no address in DNS; your address, [203.0.113.10], has no reverse "
     "DNS (PTR record)|check=not_fqdn,no_address,no_ptr id=ID7"},
    {"RFC 5321 4.1.4: a mismatch alone weighs nothing",
     {SCORES, WORLD, "203.0.113.9", "cluster.example"},
     "accept",
     0},
    {"... beside another fault it weighs as much as that",
     {SCORES, WORLD, "203.0.113.10", "cluster.example"},
     "defer",
     300,
     "450 4.7.1 Not accepted until mended, for several signs together: your address, "
     "[203.0.113.10], has no reverse DNS (PTR "
     "record)"},
    {"... and all it has when the site insists",
     {SCORES "rfc5321_4_1_4: ignore\n", WORLD, "203.0.113.10", "cluster.example"},
     "reject",
     550,
     "550 5.7.1 Refused for several signs together: HELO \"cluster.example\" does not resolve"},
    {"a failed look-up weighs nothing", {SCORES, WORLD, "203.0.113.66", "short"}, "accept", 200},
    {"a stronger action of a check comes before the sum, and waits for nothing",
     {SCORES "  localhost: {action: reject, score: 0.5}\n", WORLD, "203.0.113.10", "localhost"},
     "reject",
     250,
     "550 5.7.1 Refused: HELO \"localhost\" is the name every host has for itself"},
    {"a weaker action does not hide the sum",
     {"mode: enforce\nscore: {reject: 2}\nchecks: {bare_ip: defer, no_ptr: {score: 2}}\n", WORLD,
      "203.0.113.10", "203.0.113.10"},
     "reject",
     200,
     "550 5.7.1 Refused: your address, [203.0.113.10], has no reverse DNS"},
    {"a check that is off has no weight",
     {"mode: enforce\nscore: {defer: 1}\nchecks: {no_ptr: {action: off, score: 2}}\n", WORLD,
      "203.0.113.10", "mail.client.example"},
     "accept",
     0},
    {"what a spent budget hides may defer",
     {"mode: enforce\nscore: {reject: 5}\nchecks: {not_fqdn: {score: 3}, fcrdns: {action: observe, "
      "score: 2}}\n",
      MANY, "203.0.113.33", "short"},
     "defer",
     300,
     "450 4.7.1 "},
    {"... and is no ground of what is refused without it",
     {"mode: enforce\nscore: {reject: 5}\nchecks: {own_name: {score: 1}, no_ptr: {score: 5}}\n",
      MANY, "203.0.113.10", "mx.site.example"},
     "reject",
     500,
     "550 5.7.1 Refused: your address, [203.0.113.10], has no reverse DNS"},
    {"without thresholds nothing comes of a sum",
     {"mode: enforce\ndns: {wait_for: everything}\nchecks: {no_ptr: {score: 900}}\n", WORLD,
      "203.0.113.10", "short"},
     "accept",
     90000},
    {"a reason has its own weight",
     {"mode: enforce\nscore: {defer: 1}\nchecks: {bare_ip: {action: observe, reasons: {private: "
      "{score: 1}, other: {action: observe}}}}\n",
      WORLD, "203.0.113.9", "198.51.100.7"},
     "accept",
     0},
    {"... here it is",
     {"mode: enforce\nscore: {defer: 1}\nchecks: {bare_ip: {action: observe, reasons: {private: "
      "{score: 1}}}}\n",
      WORLD, "203.0.113.9", "192.168.1.1"},
     "defer",
     100,
     "450 4.7.1 Not accepted until mended: HELO \"192.168.1.1\" is a private or loopback IP "
     "address"},
};

static void join(const struct helo_verdict *v, char *out, size_t size)
{
    struct helo_reply reply;
    size_t used = 0;

    helo_verdict_reply(v, &reply);
    out[0] = '\0';
    if (reply.code != 0)
        used = (size_t)snprintf(out, size, "%d %s ", reply.code, reply.enhanced);
    for (size_t i = 0; i < reply.lines && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i == 0 ? "" : "|", reply.line[i]);
}

static void adds_up(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        char reply[HELO_REPLY_LINES * HELO_REPLY_LINE_BYTES + 64];
        struct judged j;

        assert_int_equal(judge_open(&j, &r->c), HELO_OK);
        UNIT_EXPECT_TEXT(helo_action_text(helo_verdict_action(j.verdict)), r->action);
        UNIT_EXPECT_INT(j.verdict->score, r->score);
        join(j.verdict, reply, sizeof(reply));
        if (r->reply == NULL)
            UNIT_EXPECT_TEXT(reply, "");
        else if (strncmp(reply, r->reply, strlen(r->reply)) != 0)
            UNIT_EXPECT_TEXT(reply, r->reply);
        judge_close(&j);
    }
}

/* Observe mode says what it would have done, with every ground. */
static void is_observed_first(void **state)
{
    static const struct judge_case c = {
        "score: {defer: 3}\nchecks: {not_fqdn: {score: 2}, no_ptr: {score: "
        "1}, no_address: off}\n",
        WORLD, "203.0.113.10", "short"};
    struct judged j;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    UNIT_EXPECT_INT(helo_verdict_action(j.verdict), HELO_ACTION_ACCEPT);
    UNIT_EXPECT_INT(helo_verdict_would(j.verdict), HELO_ACTION_DEFER);
    UNIT_EXPECT(j.verdict->result[CHECK_not_fqdn].ground && j.verdict->result[CHECK_no_ptr].ground);
    judge_close(&j);
}

/* However many grounds there are, and however much the site has to say: the id is not cut off. */
static void tells_the_id_whatever_else(void **state)
{
    static const struct judge_case c = {
        "mode: enforce\nscore: {reject: 7}\nchecks: {no_ptr: {score: 1}, "
        "no_address: {score: 1}, dynamic: {score: 1}, underscore: {score: 1}, special_tld: {score: "
        "1}, bogus_address: {score: 1}, forward_mismatch: {score: 1}, listed: {action: observe, "
        "score: 1}}\nlists: {deny: ['*']}\nreply: {url: "
        "'https://postmaster.site.example/"
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
        "89012345678901234567890123456789012345678901234567890123456789012345678901234567', "
        "contact: '+49 30 0123456789 "
        "01234567890123456789012345678901234567890123456789012345678901234567890123456789'}\n",
        "a_203-0-113-10.c.example A 192.168.7.7\n", "203.0.113.10", "a_203-0-113-10.c.example"};
    struct helo_reply reply;
    struct judged j;
    const char *last;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    helo_verdict_reply(j.verdict, &reply);
    last = reply.line[reply.lines - 1];
    UNIT_EXPECT(strncmp(last, "check=underscore,special_tld,", 29) == 0);
    UNIT_EXPECT(strstr(last, ",... id=ID7 see https://") != NULL);
    UNIT_EXPECT(strstr(last, " contact +49 30 0123456789") != NULL);
    judge_close(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(adds_up), UNIT_TEST(is_observed_first),
                                       UNIT_TEST(tells_the_id_whatever_else)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
