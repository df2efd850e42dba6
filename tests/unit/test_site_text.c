/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_site_text.c - the site's own words in replies
 *
 * PURPOSE  reply.url, reply.contact and reply.texts with their {fields}, as the sender gets them:
 *          filled in, encoded, and never a broken URL, however long is what a client says.
 */
#include "unit/judge.h"

#include <stdio.h>

#include "policy/site_text.h"

#define ENFORCE "mode: enforce\n"
#define HUNDRED                                          \
    "aaaaaaaaa.bbbbbbbbb.ccccccccc.ddddddddd.eeeeeeeee." \
    "fffffffff.ggggggggg.hhhhhhhhh.iiiiiiiii.jjjjjjjjj."
#define EIGHTY "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"

static void expect_line(const struct helo_reply *reply, size_t line, const char *want)
{
    const char *found = line < reply->lines ? reply->line[line] : "(no such line)";

    UNIT_EXPECT_TEXT(found, want);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static const struct reply_row {
    const char *name;
    const char *policy; /* behind ENFORCE */
    const char *client;
    const char *helo;
    size_t line;
    const char *want;
} reply_rows[] = {
    {"nothing of the site's", "", "203.0.113.9", "localhost", 2, "check=localhost id=ID7"},
    {"a page by id and check", "reply: {url: 'https://example.org/refused?id={id}&why={check}'}",
     "203.0.113.9", "localhost", 2,
     "check=localhost id=ID7 see https://example.org/refused?id=ID7&why=localhost"},
    {"a value is encoded", "reply: {url: 'https://example.org/{reason}?ip={client}&h={helo}'}",
     "2001:db8::9", "[127.0.0.1]", 2,
     "check=localhost id=ID7 see "
     "https://example.org/address?ip=2001%3Adb8%3A%3A9&h=%5B127.0.0.1%5D"},
    {"what a client says makes no second field", "reply: {url: 'https://example.org/?h={helo}'}",
     "203.0.113.9", "{id}&x=1#", 2,
     "check=syntax id=ID7 see https://example.org/?h=%7Bid%7D%26x%3D1%23"},
    {"nothing known, in a URL", "reply: {url: 'https://example.org/?ptr={ptr}'}", "203.0.113.9",
     "localhost", 2, "check=localhost id=ID7 see https://example.org/?ptr="},
    {"nothing known, in words", "reply: {contact: 'help ({ptr})'}", "203.0.113.9", "localhost", 2,
     "check=localhost id=ID7 contact help (-)"},
    {"a contact in words", "reply: {contact: '+49 30 123456, say {id} {{{verdict}}'}",
     "203.0.113.9", "localhost", 2,
     "check=localhost id=ID7 contact +49 30 123456, say ID7 {reject}"},
    {"a contact that is a URL", "reply: {contact: 'mailto:help@example.org?subject={id}%20{from}'}",
     "203.0.113.9", "localhost", 2,
     "check=localhost id=ID7 contact "
     "mailto:help@example.org?subject=ID7%20a%40b.example"},
    {"a query too long is left out, never cut",
     "reply: {url: 'https://example.org/" EIGHTY EIGHTY "?h={helo}'}", "203.0.113.9",
     "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
     2, "check=syntax id=ID7 see https://example.org/" EIGHTY EIGHTY},
    {"a path too long leaves the page out",
     "reply: {url: 'https://example.org/" EIGHTY EIGHTY "/{helo}', contact: x}", "203.0.113.9",
     "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
     2, "check=syntax id=ID7 contact x"},
    {"a contact comes before a query",
     "checks: {underscore: reject}\n"
     "reply: {url: 'https://example.org/r?h={helo}&h={helo}', contact: 'ask {helo}'}",
     "203.0.113.9", HUNDRED "local_", 2,
     "check=underscore id=ID7 see https://example.org/r contact ask " HUNDRED "local_"},
    {"own words", "reply: {texts: {localhost: 'Bitte HELO berichtigen: {helo} ({cite})'}}",
     "203.0.113.9", "localhost", 0, "Bitte HELO berichtigen: localhost (RFC 6761 6.3)"},
    {"the standard stands with the id then",
     "reply: {texts: {localhost: 'x'}, url: 'https://e.org/'}", "203.0.113.9", "localhost", 1,
     "check=localhost id=ID7 (RFC 6761 6.3) see https://e.org/"},
    {"other faults in our words beside own ones",
     "checks: {underscore: reject, not_fqdn: reject}\nreply: {texts: {underscore: 'x'}}",
     "203.0.113.9", "a_b", 1, "Also: HELO \"a_b\" is not a full host name: it has no dot inside"},
    {"other faults in own words",
     "checks: {underscore: reject, not_fqdn: reject}\n"
     "reply: {texts: {not_fqdn: 'no dot: {helo}.'}}",
     "203.0.113.9", "a_b", 2, "Also: no dot: a_b."},
    {"of another reason of the check", "reply: {texts: {localhost: {address: 'x'}}}", "203.0.113.9",
     "localhost", 0,
     "Refused: HELO \"localhost\" is the name every host has for itself, and you are "
     "[203.0.113.9]"},
    {"of the reason", "reply: {texts: {localhost: {address: 'x', name: 'y {client}'}}}",
     "2001:db8::9", "localhost", 0, "y 2001:db8::9"},
    {"our sentences in it", "checks: {no_ptr: reject}\nreply: {texts: {no_ptr: '{seen}! {mend}.'}}",
     "2001:db8::9", "mail.b.example", 0,
     "your address, [2001:db8::9], has no reverse DNS (PTR record)! ask whoever runs that address "
     "to give it a PTR record that names your mail server."},
    {"a percent sign is one", "checks: {no_ptr: reject}\nreply: {texts: {no_ptr: '100% {helo}'}}",
     "203.0.113.9", "mail.b.example", 0, "100% mail.b.example"},
};

static void fills_in_replies(void **state)
{
    (void)state;
    UNIT_EACH(const struct reply_row, r, reply_rows) {
        struct helo_reply reply;
        char policy[1024];
        struct judge_case c = {.policy = policy,
                               .zone = "mail.b.example A 203.0.113.9",
                               .client = r->client,
                               .helo = r->helo,
                               .rcpt = "bob@site.example"};
        struct judged j;

        (void)snprintf(policy, sizeof(policy), "%s%s", ENFORCE, r->policy);
        assert_int_equal(judge_open(&j, &c), HELO_OK);
        helo_verdict_reply(j.verdict, &reply);
        expect_line(&reply, r->line, r->want);
        judge_close(&j);
    }
}

/* ---- long words ------------------------------------------------------------------------------ */

/* Two lines at most, parted at a blank; what does not fit ends in dots. */
static void folds_long_words(void **state)
{
    static const char text[] =
        ENFORCE "checks: {no_ptr: reject}\nreply: {texts: {no_ptr: '" EIGHTY " " EIGHTY " " EIGHTY
                " " EIGHTY " " EIGHTY " {helo} {helo} {helo} {helo}'}}";
    struct judge_case c = {.policy = text,
                           .client = "203.0.113.9",
                           .helo = HUNDRED "b.example",
                           .rcpt = "a@b.example"};
    struct helo_reply reply;
    struct judged j;

    (void)state;
    assert_int_equal(judge_open(&j, &c), HELO_OK);
    helo_verdict_reply(j.verdict, &reply);
    assert_int_equal(reply.lines, 3);
    assert_string_equal(reply.line[0], EIGHTY " " EIGHTY " " EIGHTY " " EIGHTY);
    assert_string_equal(reply.line[1], EIGHTY " " HUNDRED "b.example " HUNDRED "b.example...");
    judge_close(&j);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static bool load_texts(void *arg)
{
    struct helo_policy *policy = NULL;
    struct diag diag;
    enum helo_status status;

    diag_init(&diag, NULL, NULL);
    status = policy_load_text(arg, strlen(arg), "policy", &diag, &policy);
    helo_policy_unref(policy);
    return status == HELO_OK;
}

static void survives_without_memory(void **state)
{
    static char text[] =
        "reply: {url: 'https://e.org/{id}', texts: {no_ptr: x, bare_ip: {client: y}}}";

    (void)state;
    unit_each_fault(load_texts, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(fills_in_replies), UNIT_TEST(folds_long_words),
                                       UNIT_TEST(survives_without_memory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
