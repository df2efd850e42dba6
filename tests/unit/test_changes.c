/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_changes.c - how one policy differs from another
 *
 * PURPOSE  Every kind of difference has its line, in an order that does not change; what is the
 *          same has none.
 */
#include "unit/judge.h"

#include "base/text.h"

static helo_policy *load(const char *yaml)
{
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, NULL, NULL);
    if (policy_load_text(yaml, strlen(yaml), "file", &diag, &policy) != HELO_OK)
        fail_msg("not a good policy: %s", yaml);
    return policy;
}

static void add_line(void *arg, const char *text)
{
    struct text *lines = arg;

    text_addf(lines, "%s\n", text);
}

static const struct change_row {
    const char *name;
    const char *former;
    const char *policy;
    const char *want;
} rows[] = {
    {"nothing", "", "", ""},
    {"what is said that was the default", "",
     "mode: observe\nchecks: {own_ip: {action: reject, "
     "reasons: {private: observe}}}",
     ""},
    {"the same from elsewhere", "dns: {wait: 1s}", "\n\n\ndns: {wait: 1000ms}", ""},
    {"a choice", "", "mode: enforce", "mode: enforce, was observe (file:1)\n"},
    {"back to the default", "mode: enforce", "", "mode: observe, was enforce (default)\n"},
    {"a number with its unit", "", "dns: {wait: 1500ms}", "dns.wait: 1500ms, was 2s (file:1)\n"},
    {"a text", "reply: {contact: a}", "reply: {contact: 'b \"c\"'}",
     "reply.contact: \"b \"c\"\", was \"a\" (file:1)\n"},
    {"a text to the sender", "", "reply: {texts: {no_ptr: 'see {helo}'}}",
     "reply.texts.no_ptr: \"see {helo}\", was ours (file:1)\n"},
    {"one for all reasons", "reply: {texts: {bare_ip: x}}", "\nreply: {texts: {bare_ip: y}}",
     "reply.texts.bare_ip: \"y\", was \"x\" (file:2)\n"},
    {"for some reasons, and back to ours", "reply: {texts: {bare_ip: x}}",
     "reply: {texts: {bare_ip: {client: x, private: y}}}",
     "reply.texts.bare_ip.private: \"y\", was \"x\" (file:1)\n"
     "reply.texts.bare_ip.other: ours, was \"x\"\n"},
    {"several, in the order of the settings", "", "log: {to: stderr}\nmode: enforce",
     "mode: enforce, was observe (file:2)\nlog.to: stderr, was auto (file:1)\n"},
    {"a check", "", "checks: {no_ptr: reject}", "checks.no_ptr: reject, was observe (file:1)\n"},
    {"all reasons of a check", "checks: {bare_ip: off}", "checks:\n  bare_ip: tag",
     "checks.bare_ip: tag, was off (file:2)\n"},
    {"some reasons of a check", "", "checks: {bare_ip: defer}",
     "checks.bare_ip.other: defer, was reject (file:1)\n"},
    {"reasons that differ", "", "checks: {own_name: {reasons: {claimed: tag, unconfirmed: off}}}",
     "checks.own_name.claimed: tag, was reject (file:1)\n"
     "checks.own_name.unconfirmed: off, was defer (file:1)\n"},
    {"a score", "checks: {not_fqdn: {score: 1}}", "checks: {not_fqdn: {score: 2.5}}",
     "checks.not_fqdn: score 2.5, was 1 (file:1)\n"},
    {"action and score", "", "checks: {no_ptr: {action: defer, score: 1}}",
     "checks.no_ptr: defer, was observe (file:1)\nchecks.no_ptr: score 1, was 0 (file:1)\n"},
    {"a threshold", "", "checks: {no_ptr: {score: 1}}\nscore: {defer: 4.5}",
     "score.defer: 4.5, was 0 (file:2)\nchecks.no_ptr: score 1, was 0 (file:1)\n"},
    {"a profile that sets nothing new", "", "profile: observe\nchecks: {}", NULL},
    {"an entry", "", "networks: [192.0.2.0/24]", "networks: 1 added (192.0.2.0/24)\n"},
    {"entries come and go", "networks: [192.0.2.1, 192.0.2.2]",
     "networks: [192.0.2.2, 192.0.2.3, 192.0.2.4]",
     "networks: 2 added (192.0.2.3/32, 192.0.2.4/32), 1 removed (192.0.2.1/32)\n"},
    {"more than are named", "", "networks: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4]",
     "networks: 4 added\n"},
    {"an entry in another form", "networks: [192.0.2.1/32]", "networks: [192.0.2.1]", ""},
    {"another order", "networks: [192.0.2.1, 192.0.2.2]", "networks: [192.0.2.2, 192.0.2.1]", ""},
    {"twice, and once", "networks: [192.0.2.1, 192.0.2.1]", "networks: [192.0.2.1]",
     "networks: 1 removed (192.0.2.1/32)\n"},
    {"a note", "networks: [192.0.2.1]", "networks: [{net: 192.0.2.1, note: n}]",
     "networks: 1 changed (192.0.2.1/32)\n"},
    {"a date", "networks: [{net: 192.0.2.1, expires: 2098-01-01}]",
     "networks: [{net: 192.0.2.1, expires: 2099-01-01}]", "networks: 1 changed (192.0.2.1/32)\n"},
    {"defaults of a list", "", "exempt: {recipients: [postmaster]}",
     "exempt.recipients: 1 removed (abuse)\n"},
    {"own names", "", "server: {names: [mx.a.example], addresses: ['2001:db8::1']}",
     "server.names: 1 added (mx.a.example)\nserver.addresses: 1 added (2001:db8::1)\n"},
    {"a sender's hosts", "data: {senders: [{helo: [a.example], hosts: [b.example]}]}",
     "data: {senders: [{helo: [a.example], hosts: [b.example, c.example]}]}",
     "data.senders: 1 changed (a.example)\n"},
    {"a sender's second name", "data: {senders: [{helo: [a.example], hosts: [b.example]}]}",
     "data: {senders: [{helo: [a.example, d.example], hosts: [b.example]}]}",
     "data.senders: 1 changed (a.example)\n"},
    {"senders in another order",
     "data: {senders: [{helo: [a.example], hosts: [b.example]}, {helo: [c.example], hosts: "
     "[d.example]}]}",
     "data: {senders: [{helo: [c.example], hosts: [d.example]}, {helo: [a.example], hosts: "
     "[b.example]}]}",
     ""},
    {"a zone's codes", "rhsbl: {zones: [{zone: a.example, codes: [127.0.0.2]}]}",
     "rhsbl: {zones: [{zone: a.example, codes: [127.0.0.2, 127.0.0.3]}]}",
     "rhsbl.zones: 1 changed (a.example)\n"},
    {"a listener's rules", "listeners: [{port: 26, checks: {own_name: tag}}]",
     "listeners: [{port: 26, checks: {own_name: defer}}]", "listeners: 1 changed (26)\n"},
    {"a listener's threshold",
     "listeners: [{port: 26, checks: {own_name: {score: 1}}, score: {defer: 1}}]",
     "listeners: [{port: 26, checks: {own_name: {score: 1}}, score: {defer: 2}}]",
     "listeners: 1 changed (26)\n"},
    {"what a site wrote before what a profile brings along, which may be long", "version: one",
     "version: two\nnetworks: [192.0.2.1]\nmode: enforce\nlists: {deny: [a.example]}\n"
     "checks: {no_ptr: tag}",
     "networks: 1 added (192.0.2.1/32)\nlists.deny: 1 added (a.example)\n"
     "mode: enforce, was observe (file:3)\nversion: two, was one (file:1)\n"
     "checks.no_ptr: tag, was observe (file:5)\n"},
    {"a check that is not raised as a whole", "checks: {own_name: observe}",
     "checks: {own_name: reject}",
     "checks.own_name.claimed: reject, was observe (file:1)\n"
     "checks.own_name.unconfirmed: defer, was observe (file:1)\n"},
    {"a version", "version: one", "version: two", "version: two, was one (file:1)\n"},
    {"a control character is none", "", "reply: {contact: \"a\"}",
     "reply.contact: \"a\", was \"\" (file:1)\n"},
};

static void tells_every_difference(void **state)
{
    (void)state;
    UNIT_EACH(const struct change_row, r, rows) {
        helo_policy *former = load(r->former), *policy = load(r->policy);
        struct text lines;
        size_t count, ends = 0;

        text_init(&lines, 100000);
        count = helo_policy_changes(former, policy, add_line, &lines);
        if (r->want != NULL)
            UNIT_EXPECT_TEXT(lines.data != NULL ? lines.data : "", r->want);
        for (const char *s = lines.data; s != NULL && *s != '\0'; s++)
            ends += *s == '\n';
        UNIT_EXPECT_INT(count, ends);
        UNIT_EXPECT_INT(helo_policy_changes(former, policy, NULL, NULL), count);
        UNIT_EXPECT_INT(helo_policy_changes(policy, policy, NULL, NULL), 0);
        text_fini(&lines);
        helo_policy_unref(former);
        helo_policy_unref(policy);
    }
}

static void tells_the_profile(void **state)
{
    helo_policy *former = load(""), *policy = load("\nprofile: strict");
    struct text lines;

    (void)state;
    text_init(&lines, 100000);
    (void)helo_policy_changes(former, policy, add_line, &lines);
    assert_ptr_equal(strstr(lines.data, "profile: strict, was none (file:2)\n"), lines.data);
    assert_non_null(strstr(lines.data, "\nchecks.not_fqdn: reject, was observe (profile strict:"));
    text_fini(&lines);
    text_init(&lines, 100000);
    (void)helo_policy_changes(policy, former, add_line, &lines);
    assert_ptr_equal(strstr(lines.data, "profile: none, was strict\n"), lines.data);
    text_fini(&lines);
    helo_policy_unref(former);
    helo_policy_unref(policy);
}

/* ---- many, and no memory --------------------------------------------------------------------- */

static helo_policy *with_networks(unsigned first, unsigned count)
{
    struct text yaml;
    helo_policy *policy;

    text_init(&yaml, 10000000);
    text_add(&yaml, "networks:\n");
    for (unsigned i = first; i < first + count; i++)
        text_addf(&yaml, "- 10.%u.%u.%u\n", i >> 16, i >> 8 & 255, i & 255);
    policy = load(yaml.data);
    text_fini(&yaml);
    return policy;
}

static void counts_a_hundred_thousand(void **state)
{
    helo_policy *former = with_networks(0, 100000), *policy = with_networks(30000, 100000);
    struct text lines;

    (void)state;
    text_init(&lines, 1000);
    assert_int_equal(helo_policy_changes(former, policy, add_line, &lines), 1);
    assert_string_equal(lines.data, "networks: 30000 added, 30000 removed\n");
    text_fini(&lines);
    helo_policy_unref(former);
    helo_policy_unref(policy);
}

struct pair {
    helo_policy *former, *policy;
};

/* Whoever has no memory still learns that something differs, and how much. */
static bool compare_once(void *arg)
{
    struct pair *pair = arg;

    assert_int_equal(helo_policy_changes(pair->former, pair->policy, NULL, NULL), 3);
    return true;
}

static void survives_a_lack_of_memory(void **state)
{
    struct pair pair = {load("networks: [192.0.2.1]"),
                        load("networks: [192.0.2.2]\nmode: enforce\nchecks: {no_ptr: tag}")};

    (void)state;
    unit_each_fault_tolerated(compare_once, &pair);
    helo_policy_unref(pair.former);
    helo_policy_unref(pair.policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(tells_every_difference),
        UNIT_TEST(tells_the_profile),
        UNIT_TEST(counts_a_hundred_thousand),
        UNIT_TEST(survives_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
