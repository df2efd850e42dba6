/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_policy.c - policy/policy.c and policy/load*.c: a policy's life, what is found in it, and
 * failing allocations
 *
 * What the loader says of good and bad files is in tests/conf.
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/load.h"
#include "unit/findings.h"

static helo_policy *load_text(const char *yaml)
{
    struct findings findings = {0};
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, keep_finding, &findings);
    if (policy_load_text(yaml, strlen(yaml), "input", &diag, &policy) != HELO_OK)
        fail_msg("%s", findings.first);
    return policy;
}

static void has_defaults(void **state)
{
    helo_policy *policy = policy_create();

    (void)state;
    assert_non_null(policy);
    assert_string_equal(policy->path, "");
    assert_int_equal(policy->settings.mode, MODE_OBSERVE);
    assert_int_equal(policy->settings.dns_wait_ms, 2000);
    for (unsigned i = 0; i < REASON_COUNT; i++)
        assert_int_equal(policy->rules.action[i], reason_row((enum reason_id)i)->action);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        assert_int_equal(policy->rules.enabled[i],
                         check_default_action((enum check_id)i) != HELO_ACTION_OFF);
    assert_int_equal(policy->networks.count, 0);
    assert_int_equal(policy->recipients.count, 2);
    assert_string_equal(policy->recipients.entries[0].text, "postmaster");
    assert_string_equal(policy->recipients.entries[0].file, "");
    assert_int_equal(policy->listener_ports.count, 2);
    assert_int_equal(policy->ports[1], 587);
    assert_int_equal(policy->listener_names.count, 4);
    helo_policy_unref(policy);
}

static void counts_references(void **state)
{
    helo_policy *policy = load_text("mode: enforce\nprofile: rfc-safe\n");

    (void)state;
    assert_ptr_equal(helo_policy_ref(policy), policy);
    helo_policy_unref(policy);
    assert_string_equal(helo_policy_string(policy, "mode"), "enforce");
    assert_string_equal(helo_policy_string(policy, "profile"), "rfc-safe");
    helo_policy_unref(policy);
    assert_null(helo_policy_ref(NULL));
    helo_policy_unref(NULL);
}

/* What a site writes comes in place of the defaults; `enabled` follows the actions. */
static void replaces_defaults(void **state)
{
    helo_policy *policy =
        load_text("exempt: {recipients: [x], listener_ports: [25, 26, 27]}\n"
                  "checks: {no_ptr: off, bare_ip: {action: off, reasons: {client: observe}}}\n"
                  "server: {names: [MX.Example.ORG.]}\n");

    (void)state;
    assert_string_equal(policy->path, "input");
    assert_int_equal(policy->recipients.count, 1);
    assert_string_equal(policy->recipients.entries[0].file, "input");
    assert_int_equal(policy->recipients.entries[0].line, 1);
    assert_int_equal(policy->listener_ports.count, 3);
    assert_int_equal(policy->ports[0], 25);
    assert_int_equal(policy->ports[2], 27);
    assert_int_equal(policy->listener_names.count, 4);
    assert_false(policy->rules.enabled[CHECK_no_ptr]);
    assert_true(policy->rules.enabled[CHECK_bare_ip]);
    assert_int_equal(policy->rules.action[REASON_bare_ip_client], HELO_ACTION_OBSERVE);
    assert_int_equal(policy->rules.action[REASON_bare_ip_other], HELO_ACTION_OFF);
    assert_int_equal(policy->own.name_count, 1);
    assert_string_equal(policy->own.names[0], "mx.example.org");
    helo_policy_unref(policy);
}

/* Of the networks around an address the one that is found holds the longest. */
static const struct network_row {
    const char *name;
    const char *yaml;
    const char *address;
    const char *note; /* of the entry that is found; NULL: none is */
} network_rows[] = {
    {"none", "networks: []\n", "192.0.2.1", NULL},
    {"inside", "networks: [{net: 192.0.2.0/24, note: a}]\n", "192.0.2.255", "a"},
    {"outside", "networks: [{net: 192.0.2.0/24, note: a}]\n", "192.0.3.0", NULL},
    {"single address", "networks: [{net: 2001:db8::1, note: a}]\n", "2001:db8::1", "a"},
    {"most specific", "networks: [{net: 10.0.0.0/8, note: a}, {net: 10.1.0.0/16, note: b}]\n",
     "10.1.0.1", "b"},
    {"wider holds longer",
     "networks: [{net: 10.1.0.0/16, note: b, expires: 9000-01-01}, {net: 10.0.0.0/8, note: a}]\n",
     "10.1.0.1", "a"},
    {"narrower holds longer",
     "networks: [{net: 10.0.0.0/8, note: a, expires: 9000-01-01}, {net: 10.1.0.0/16, note: b}]\n",
     "10.1.0.1", "b"},
    {"narrower holds longer, beside it",
     "networks: [{net: 10.0.0.0/8, note: a, expires: 9000-01-01}, {net: 10.1.0.0/16, note: b}]\n",
     "10.2.0.1", "a"},
    {"same network, later date",
     "networks: [{net: 10.0.0.0/8, note: a, expires: 9000-01-01},"
     " {net: 10.0.0.0/8, note: b, expires: 9000-01-02}]\n",
     "10.2.0.1", "b"},
    {"same network, same date",
     "networks: [{net: 10.0.0.0/8, note: a}, {net: 10.0.0.0/8, note: b}]\n", "10.2.0.1", "a"},
    {"three deep",
     "networks: [{net: 10.0.0.0/8, note: a, expires: 9000-01-02}, {net: 10.1.0.0/16, note: b,"
     " expires: 9000-01-01}, {net: 10.1.1.0/24, note: c, expires: 9000-01-03}]\n",
     "10.1.1.1", "c"},
    {"the middle one is nothing of its own",
     "networks: [{net: 10.0.0.0/8, note: a, expires: 9000-01-02}, {net: 10.1.0.0/16, note: b,"
     " expires: 9000-01-01}, {net: 10.1.1.0/24, note: c, expires: 9000-01-03}]\n",
     "10.1.2.1", "a"},
    {"after a neighbour",
     "networks: [{net: 10.1.0.0/16, note: a}, {net: 10.2.0.0/16, note: b, expires: 9000-01-01}]\n",
     "10.2.0.1", "b"},
    {"everybody", "networks: [{net: 0.0.0.0/0, note: a}, {net: \"::/0\", note: b}]\n",
     "2001:db8::1", "b"},
};

static void finds_networks(void **state)
{
    (void)state;
    UNIT_EACH(const struct network_row, r, network_rows) {
        helo_policy *policy = load_text(r->yaml);
        const struct ip_set_row *found;
        struct ip ip;

        UNIT_EXPECT(ip_parse(r->address, &ip));
        found = ip_set_find(&policy->network_set, &ip);
        UNIT_EXPECT_TEXT(found != NULL ? policy->networks.entries[found->tag].note : NULL, r->note);
        helo_policy_unref(policy);
    }
}

/* ---- failing allocations ---- */

/* A value for everything that a policy can hold. */
static const char rich[] =
    "version: 1\n"
    "mode: enforce\n"
    "score: {defer: 3, reject: 5}\n"
    "server: {names: [a.example, b.example], addresses: [192.0.2.1]}\n"
    "networks:\n"
    "  - {net: 192.0.2.0/24, note: a, owner: b, expires: 9000-01-01}\n"
    "  - 192.0.2.0/24\n"
    "  - 2001:db8::/32\n"
    "exempt:\n"
    "  recipients: [x, {recipient: y, note: z}]\n"
    "  listener_ports: [25]\n"
    "  listener_names: [n]\n"
    "  helo_names: [a.example]\n"
    "  rdns_domains: [{domain: a.example, owner: x}, b.example]\n"
    "  tls_clients: [a.example, \"*.a.example\", '/b[0-9]/']\n"
    "lists: {deny: [a.example, .b.example, 'c*', /d/], skip: [/e/], mx_deny: [.f.example]}\n"
    "data:\n"
    "  special_tlds: [corp, lan, home.arpa]\n"
    "  dialup_words: [dsl, ppp]\n"
    "  veto_words: [static]\n"
    "  senders: [{helo: [a.example, b.example], hosts: [c.example]},\n"
    "            {helo: [a.example], hosts: [d.example, e.example]}]\n"
    "  pools: [192.0.2.0/24, a.example]\n"
    "rhsbl: {zones: [{zone: a.example, codes: [127.0.0.2, 127.0.1.2-127.0.1.9]}]}\n"
    "checks: {own_name: reject, no_ptr: {score: 3, reasons: {missing: {score: 5}}}}\n"
    "listeners:\n"
    "  - {port: 2525, name: n, profile: rfc-safe, score: {reject: 4}, note: x}\n"
    "  - {name: o, checks: {no_ptr: reject}}\n"
    "dns: {servers: [127.0.0.1], wait: 1s}\n"
    "headers: {authserv_id: a.example}\n"
    "reply: {url: \"https://example.org/\"}\n";

static bool create_again(void *arg)
{
    helo_policy *policy = NULL;
    enum helo_status status = helo_policy_default(&policy);

    (void)arg;
    helo_policy_unref(policy);
    return status == HELO_OK;
}

static bool load_text_again(void *arg)
{
    helo_policy *policy = NULL;
    struct diag diag;
    enum helo_status status;

    (void)arg;
    diag_init(&diag, NULL, NULL);
    status = policy_load_text(rich, sizeof(rich) - 1, "input", &diag, &policy);
    assert_true(status == HELO_OK || status == HELO_NOMEM);
    assert_int_equal(diag.errors, 0);
    helo_policy_unref(policy);
    return status == HELO_OK;
}

/* A file that has errors has them without memory, too, or says that there is none. */
static bool load_bad_again(void *arg)
{
    static const char bad[] = "modee: x\nnetworks: [10.0.0.1/8, {net: 1}]\nmodee: y\n"
                              "checks: {own_name: tga}\ndns: {wait: 5, servers: [x]}\n"
                              "profile: nobody\nlists: {deny: [/(/]}\n"
                              "listeners: [{port: 1, profile: nobody}, {port: 0, checks: {}}]\n"
                              "rhsbl: {zones: [{zone: a, codes: [1]}]}\n";
    helo_policy *policy = NULL;
    struct diag diag;
    enum helo_status status;

    (void)arg;
    diag_init(&diag, NULL, NULL);
    status = policy_load_text(bad, sizeof(bad) - 1, "input", &diag, &policy);
    assert_true(status == HELO_POLICY || status == HELO_NOMEM);
    assert_null(policy);
    return status == HELO_POLICY;
}

static bool load_file_again(void *arg)
{
    helo_policy *policy = NULL;
    enum helo_status status = helo_policy_load(arg, NULL, NULL, &policy);

    assert_true(status == HELO_OK || status == HELO_NOMEM);
    helo_policy_unref(policy);
    return status == HELO_OK;
}

static void survives_faults(void **state)
{
    (void)state;
    unit_each_fault(create_again, NULL);
    unit_each_fault(load_text_again, NULL);
    unit_each_fault(load_bad_again, NULL);
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(content, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static void survives_faults_in_files(void **state)
{
    char folder[] = "/tmp/test_policy.XXXXXX";
    char main_file[64];
    char part_file[64];
    char house_file[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(main_file, sizeof(main_file), "%s/main.yaml", folder);
    (void)snprintf(part_file, sizeof(part_file), "%s/part.yaml", folder);
    (void)snprintf(house_file, sizeof(house_file), "%s/house.yaml", folder);
    write_file(main_file, "include: [part.yaml]\nserver: {names: [c.example]}\n"
                          "profile: ./house.yaml\n"
                          "listeners: [{port: 26, profile: ./house.yaml}]\n");
    write_file(part_file, rich);
    write_file(house_file, "version: 2\nchecks: {fcrdns: {action: defer, score: 3}}\n");
    unit_each_fault(load_file_again, main_file);
    (void)unlink(main_file);
    (void)unlink(part_file);
    (void)unlink(house_file);
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(has_defaults),      UNIT_TEST(counts_references),
        UNIT_TEST(replaces_defaults), UNIT_TEST(finds_networks),
        UNIT_TEST(survives_faults),   UNIT_TEST(survives_faults_in_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
