/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_effective.c - a policy as YAML: read again, it is the same
 *
 * PURPOSE  For every good policy of tests/conf and every profile, and for what is hard to write:
 *          the text loads, the policy it makes does not differ, and the text that makes is the same
 *          but for the places.
 */
#include "unit/judge.h"

#include <dirent.h>
#include <stdio.h>

#include "base/text.h"
#include "policy/builtin.h"
#include "policy/effective.h"

static void print_finding(void *arg, const struct helo_diag *finding)
{
    if (finding->severity == HELO_ERROR)
        print_error("%s: %u:%u: %s\n    %s\n", (const char *)arg, finding->line, finding->column,
                    finding->message, finding->source != NULL ? finding->source : "");
}

static enum helo_status load_text(const char *text, helo_policy **out)
{
    static char name[] = "the text";
    struct diag diag;

    diag_init(&diag, print_finding, name);
    return policy_load_text(text, strlen(text), "effective", &diag, out);
}

static void print_change(void *arg, const char *text)
{
    if (strncmp(text, "profile: ", strlen("profile: ")) != 0) /* see expect_round_trip() */
        print_error("%s: differs: %s\n", (const char *)arg, text);
}

/* Cuts the comments off: the places differ. */
static void cut_comments(char *text)
{
    char *to = text;

    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *mark = NULL;

        for (const char *at = line; at < line + length; at++) {
            /* No value of these policies has two blanks before a '#'. */
            if (at[0] == '#' && (at == line || strspn(line, " ") == (size_t)(at - line) ||
                                 (at[-1] == ' ' && at[-2] == ' '))) {
                mark = at;
                break;
            }
        }
        if (mark == NULL || strspn(line, " ") != (size_t)(mark - line)) {
            memmove(to, line, mark != NULL ? (size_t)(mark - line) : length);
            to += mark != NULL ? (size_t)(mark - line) : length;
            *to++ = '\n';
        }
        line += length + (line[length] == '\n');
    }
    *to = '\0';
}

static void expect_round_trip(const char *name, const helo_policy *policy)
{
    helo_policy *again = NULL;
    char *text = NULL, *text_again = NULL;
    char copy[64];
    /* A profile of the site's own is named in a comment, which is lost. */
    size_t lost = policy->profile != NULL && !effective_is_builtin_profile(policy->profile) ? 1 : 0;

    (void)snprintf(copy, sizeof(copy), "%s", name);
    assert_int_equal(helo_policy_effective(policy, &text), HELO_OK);
    if (load_text(text, &again) != HELO_OK) {
        print_error("%s", text);
        fail_msg("%s: its effective policy cannot be read", name);
    }
    if (helo_policy_changes(policy, again, print_change, copy) != lost ||
        helo_policy_changes(again, policy, print_change, copy) != lost)
        fail_msg("%s: its effective policy is another", name);
    assert_int_equal(helo_policy_effective(again, &text_again), HELO_OK);
    cut_comments(text);
    cut_comments(text_again);
    if (strcmp(text, text_again) != 0) {
        print_error("%s\n----\n%s", text, text_again);
        fail_msg("%s: its effective policy is written differently", name);
    }
    helo_free(text);
    helo_free(text_again);
    helo_policy_unref(again);
}

static void every_good_policy(void **state)
{
    static const char folder[] = "tests/conf/good";
    DIR *directory = opendir(folder);
    const struct dirent *entry;
    unsigned count = 0;

    (void)state;
    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL) {
        size_t length = strlen(entry->d_name);
        char path[300];
        helo_policy *policy;

        if (length < 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        assert_int_equal(helo_policy_load(path, NULL, NULL, &policy), HELO_OK);
        expect_round_trip(entry->d_name, policy);
        helo_policy_unref(policy);
        count++;
    }
    (void)closedir(directory);
    assert_true(count > 20);
}

static void every_profile(void **state)
{
    const struct builtin_file *file;
    unsigned count = 0;

    (void)state;
    for (size_t i = 0; (file = builtin_profile(i)) != NULL; i++, count++) {
        helo_policy *policy;
        char yaml[100];

        (void)snprintf(yaml, sizeof(yaml), "profile: %s\n", file->name);
        assert_int_equal(load_text(yaml, &policy), HELO_OK);
        expect_round_trip(file->name, policy);
        helo_policy_unref(policy);
    }
    assert_true(count > 5);
}

static const struct hard_row {
    const char *name;
    const char *yaml;
} hard_rows[] = {
    {"nothing", ""},
    {"quotes, escapes and what looks like a comment",
     "reply: {contact: 'a \"b\" \\ c: [d] {{e}, # f  # g'}\n"},
    {"another language",
     "networks: [{net: 192.0.2.0/24, note: \"b\xc3\xbcro, \xd0\xbf\xd0\xba\"}]\n"},
    {"words that are none",
     "exempt: {recipients: [\"null\", \"true\", \"no\", \"~\", \"1\", \"-\", \"#\"]}\n"},
    {"a mode", "milter: {socket_mode: \"0600\"}\n"},
    {"dates", "networks: [{net: 192.0.2.0/24, expires: 1970-01-01}, {net: 192.0.2.0/25, expires: "
              "2000-02-29}, {net: 192.0.2.0/26, expires: 2099-12-31}, {net: 192.0.2.0/27, expires: "
              "2100-03-01}, {net: 192.0.2.0/28, owner: x, expires: 9999-12-31}]\n"},
    {"patterns",
     "lists: {deny: [.x.example, '*.y.example', '/^a\"[0-9]\\.b$/', mail.example], skip: "
     "[{match: '*a*', note: n}], mx_deny: [{match: /x/, expires: 2099-01-01}]}\n"
     "exempt: {tls_clients: [.partner.example]}\n"},
    {"a check's reasons apart",
     "checks: {bare_ip: {action: tag, score: 1.25, reasons: {client: off, private: {action: defer, "
     "score: 0}}}}\n"},
    {"scores of a profile taken back",
     "profile: rfc-safe\nchecks: {not_fqdn: {action: reject, score: 0}, no_ptr: off}\n"},
    {"listeners",
     "listeners: [{port: 2525, profile: strict}, {name: MTA2, note: n, expires: 2099-01-01, "
     "checks: {own_name: tag}, score: {defer: 3.5, reject: 4}}, {port: 26, name: 'x\"y', profile: "
     "rfc-safe, checks: {no_ptr: {action: observe, score: 0}}}]\n"},
    {"data of the site's own",
     "data: {special_tlds: [corp, {tld: lan, note: n}], dialup_words: [dsl], veto_words: [], "
     "senders: [{helo: [Big.example, Large.example], hosts: [a.example]}, {helo: [other.example], "
     "hosts: [b.example, c.example], expires: 2000-01-01}], pools: [192.0.2.0/24, 2001:db8::/32, "
     "{net: 198.51.100.7, owner: o}, dsl.example.net, {domain: cable.example.net, note: n}]}\n"},
    {"zones", "rhsbl: {zones: [{zone: a.example, codes: [127.0.0.2]}, {zone: b.example, codes: "
              "[127.0.1.2-127.0.1.99, 127.0.2.0/24], note: n}]}\n"},
    {"who is exempt",
     "exempt: {recipients: [], listener_ports: [{port: 465, note: n}], listener_names: [{name: x, "
     "owner: o}], helo_names: [mail.a.example, {name: b.example, expires: 2099-01-01}], "
     "rdns_domains: [{domain: c.example, note: n}]}\n"},
    {"the machine is learned", "server: {learn: true, names: [mx.a.example]}\n"},
    {"a version", "version: 2026-11-21 the third\n"},
};

static void what_is_hard_to_write(void **state)
{
    (void)state;
    UNIT_EACH(const struct hard_row, r, hard_rows) {
        struct diag diag;
        helo_policy *policy = NULL;

        diag_init(&diag, NULL, NULL);
        if (policy_load_text(r->yaml, strlen(r->yaml), "row", &diag, &policy) != HELO_OK)
            assert_int_equal(load_text(r->yaml, &policy), HELO_OK); /* says why not */
        expect_round_trip(r->name, policy);
        helo_policy_unref(policy);
    }
}

/* ---- what a person reads --------------------------------------------------------------------- */

static const struct line_row {
    const char *name;
    const char *yaml;
    const char *line; /* is there, with the line break before and after it */
} line_rows[] = {
    {"a default", "", "\nmode: observe  # default\n"},
    {"a value of the file", "\nmode: enforce", "\nmode: enforce  # effective:2\n"},
    {"a section", "dns: {wait: 1s}", "\n  wait: 1s  # effective:1\n"},
    {"a section in a section", "dns:\n  cache:\n    size: 1MiB",
     "\n  cache:\n    size: 1MiB  # effective:3\n"},
    {"a check", "checks:\n  own_name: defer", "\n  own_name: defer  # effective:2\n"},
    {"a reason", "checks:\n  own_name:\n    reasons: {claimed: tag}",
     "\n  own_name:\n    reasons:\n      claimed: tag  # effective:3\n"
     "      unconfirmed: defer  # default\n"},
    {"action and score of different places",
     "checks:\n  not_fqdn:\n    action: reject\n    score: 2",
     "\n  not_fqdn: {action: reject, score: 2}  # effective:3; score: effective:4\n"},
    {"an entry", "networks:\n- 192.0.2.0/24", "\nnetworks:\n  - 192.0.2.0/24  # effective:2\n"},
    {"an entry of the defaults", "", "\n  recipients:\n    - postmaster  # default\n"},
    {"no entry", "networks: []", "\nnetworks: []\n"},
    {"nothing is learned", "server: {learn: false}",
     "\n# Nothing is learned of this machine (server.learn).\n"},
};

static void says_where_it_is_from(void **state)
{
    (void)state;
    UNIT_EACH(const struct line_row, r, line_rows) {
        helo_policy *policy = NULL;
        char *text = NULL;

        assert_int_equal(load_text(r->yaml, &policy), HELO_OK);
        assert_int_equal(helo_policy_effective(policy, &text), HELO_OK);
        if (!UNIT_EXPECT(strstr(text, r->line) != NULL))
            print_error("no '%s' in:\n%s", r->line, text);
        helo_free(text);
        helo_policy_unref(policy);
    }
}

/* A list of 60: behind all that is short, with its places above it. */
static void a_long_list_comes_last(void **state)
{
    struct text yaml;
    helo_policy *policy = NULL;
    char *text = NULL;
    const char *at;

    (void)state;
    text_init(&yaml, 100000);
    text_add(&yaml, "networks:\n");
    for (unsigned i = 0; i < 60; i++)
        text_addf(&yaml, "  - 192.0.2.%u\n", i);
    text_add(&yaml, "log: {to: stderr}\n");
    assert_int_equal(load_text(yaml.data, &policy), HELO_OK);
    assert_int_equal(helo_policy_effective(policy, &text), HELO_OK);
    at = strstr(
        text,
        "\nnetworks:\n  # effective:2 to 61 (60 entries)\n  - 192.0.2.0/32\n  - 192.0.2.1/32\n");
    assert_non_null(at);
    assert_true(at > strstr(text, "\n  to: stderr"));
    expect_round_trip("a long list", policy);
    helo_free(text);
    helo_policy_unref(policy);
    text_fini(&yaml);
}

/* What could not be read again is not written. */
static void a_policy_may_be_too_long(void **state)
{
    struct helo_policy *policy = policy_create();
    char note[1001];
    char *text = NULL;

    (void)state;
    assert_non_null(policy);
    memset(note, 'n', sizeof(note) - 1);
    note[sizeof(note) - 1] = '\0';
    for (unsigned i = 0; i < LIMIT_YAML_BYTES / 1000; i++) {
        const struct policy_entry entry = {
            .text = "192.0.2.0/24", .file = "", .note = note, .expires_day = INT64_MAX};

        assert_true(policy_add_entry(&policy->networks, &entry));
    }
    assert_int_equal(helo_policy_effective(policy, &text), HELO_LIMIT);
    helo_policy_unref(policy);
}

static bool write_once(void *arg)
{
    char *text = NULL;
    bool written = helo_policy_effective(arg, &text) == HELO_OK;

    helo_free(text);
    return written;
}

static void reports_a_lack_of_memory(void **state)
{
    helo_policy *policy = NULL;

    (void)state;
    assert_int_equal(load_text("server: {names: [mx.a.example]}\n", &policy), HELO_OK);
    unit_each_fault(write_once, policy);
    helo_policy_unref(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_good_policy),        UNIT_TEST(every_profile),
        UNIT_TEST(what_is_hard_to_write),    UNIT_TEST(says_where_it_is_from),
        UNIT_TEST(a_long_list_comes_last),   UNIT_TEST(a_policy_may_be_too_long),
        UNIT_TEST(reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
