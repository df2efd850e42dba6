/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_policy_rules.c - policy/policy.c and policy/load*.c: which value is in force, and where it
 * comes from: defaults, built-in files, profiles, the site's own; and whose rules hold at a
 * listener
 */
#include "unit/unit.h"

#include "base/clock.h"
#include "policy/builtin.h"
#include "policy/load.h"
#include "unit/findings.h"

static helo_policy *load(const char *yaml)
{
    struct findings findings = {0};
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, keep_finding, &findings);
    if (policy_load_text(yaml, strlen(yaml), "input", &diag, &policy) != HELO_OK)
        fail_msg("%s", findings.first);
    return policy;
}

/* ---- what is built in ---- */

/* A mistake in one of them would be everybody's; a note tells what is in force. */
static void builtin_profiles_are_good(void **state)
{
    const struct builtin_file *file;
    size_t count = 0;

    (void)state;
    for (size_t i = 0; (file = builtin_profile(i)) != NULL; i++) {
        struct findings findings = {0};
        helo_policy *policy = NULL;
        struct diag diag;
        char yaml[64];

        count++;
        unit_now.row = file->path;
        (void)snprintf(yaml, sizeof(yaml), "profile: %s\n", file->name);
        diag_init(&diag, keep_finding, &findings);
        UNIT_EXPECT_INT(policy_load_text(yaml, strlen(yaml), "input", &diag, &policy), HELO_OK);
        UNIT_EXPECT_INT(findings.warnings, 0);
        if (policy == NULL || findings.warnings > 0)
            UNIT_EXPECT_TEXT(findings.first, "");
        if (policy != NULL)
            UNIT_EXPECT_TEXT(policy->profile, file->name);
        helo_policy_unref(policy);
    }
    unit_now.row = NULL;
    assert_true(count >= 15);
}

static const struct data_row {
    const char *name;
    size_t offset;
} data_rows[] = {
    {"special_tlds", offsetof(struct helo_policy, special_tlds)},
    {"dialup_words", offsetof(struct helo_policy, dialup_words)},
    {"veto_words", offsetof(struct helo_policy, veto_words)},
    {"senders", offsetof(struct helo_policy, senders)},
    {"pools", offsetof(struct helo_policy, pools)},
};

static const struct policy_list *list_of(const struct helo_policy *policy, size_t offset)
{
    return (const struct policy_list *)(const void *)((const char *)policy + offset);
}

/* The data of etc/data are there without any file, with their places. */
static void builtin_data_is_there(void **state)
{
    helo_policy *policy = NULL;

    (void)state;
    assert_int_equal(helo_policy_default(&policy), HELO_OK);
    UNIT_EACH(const struct data_row, r, data_rows) {
        const struct policy_list *list = list_of(policy, r->offset);

        if (!UNIT_EXPECT(list->count > 0))
            continue;
        UNIT_EXPECT_INT(strncmp(list->entries[0].file, "built-in data/", 14), 0);
        UNIT_EXPECT(list->entries[0].line > 1);
    }
    assert_true(policy->versions.count > 0);
    helo_policy_unref(policy);
}

static void expect_same_data(const helo_policy *got, const helo_policy *want)
{
    UNIT_EACH(const struct data_row, r, data_rows) {
        const struct policy_list *a = list_of(got, r->offset);
        const struct policy_list *b = list_of(want, r->offset);

        if (!UNIT_EXPECT_INT(a->count, b->count))
            continue;
        for (size_t i = 0; i < a->count; i++)
            UNIT_EXPECT_TEXT(a->entries[i].text, b->entries[i].text);
    }
}

static void default_is_an_empty_file(void **state)
{
    helo_policy *policy = NULL;
    helo_policy *empty = load("");

    (void)state;
    assert_int_equal(helo_policy_default(&policy), HELO_OK);
    assert_string_equal(policy->path, "");
    assert_string_equal(empty->path, "input");
    assert_null(policy->profile);
    assert_int_equal(policy->file_count, 0);
    expect_same_data(policy, empty);
    assert_int_equal(policy->versions.count, empty->versions.count);
    assert_int_equal(policy->reference.special_tlds.count, policy->special_tlds.count);
    assert_memory_equal(&policy->rules.enabled, &empty->rules.enabled,
                        sizeof(policy->rules.enabled));
    helo_policy_unref(policy);
    helo_policy_unref(empty);
}

/* Each list by itself: the site's words do not take the built-in senders away. */
static void site_replaces_data(void **state)
{
    helo_policy *builtin = load("");
    helo_policy *policy = load("data: {dialup_words: [own], senders: []}\n");

    (void)state;
    assert_int_equal(policy->dialup_words.count, 1);
    assert_string_equal(policy->dialup_words.entries[0].file, "input");
    assert_true(word_set_has(&policy->reference.dialup_words, "own", 3));
    assert_int_equal(policy->senders.count, 0);
    assert_int_equal(policy->special_tlds.count, builtin->special_tlds.count);
    assert_int_equal(policy->veto_words.count, builtin->veto_words.count);
    helo_policy_unref(builtin);
    helo_policy_unref(policy);
}

/* ---- where a value comes from ---- */

static const struct origin_row {
    const char *name;
    const char *yaml;
    const char *key; /* of a setting, or CHECK.REASON; score:CHECK.REASON */
    const char *value;
    const char *file;
    unsigned line;
} origin_rows[] = {
    {"default", "", "mode", "observe", "", 0},
    {"set", "\nmode: enforce\n", "mode", "enforce", "input", 2},
    {"set to the default", "mode: observe\n", "mode", "observe", "input", 1},
    {"in a section", "dns:\n  cache:\n    size: 1MiB\n", "dns.cache.size", "1MiB", "input", 3},
    {"value below its key", "score:\n  defer:\n    2.5\n", "score.defer", "2.5", "input", 3},
    {"default action", "", "bare_ip.other", "reject", "", 0},
    {"all reasons", "checks:\n  bare_ip: tag\n", "bare_ip.other", "tag", "input", 2},
    {"one reason", "checks:\n  bare_ip:\n    reasons:\n      other: off\n", "bare_ip.other", "off",
     "input", 4},
    {"the other reason", "checks:\n  bare_ip:\n    reasons:\n      other: off\n", "bare_ip.client",
     "defer", "", 0},
    {"score", "checks:\n  no_ptr:\n    action: defer\n    score: 3\nscore: {defer: 1}\n",
     "score:no_ptr.missing", "3", "input", 4},
    {"no score", "checks:\n  no_ptr: defer\n", "score:no_ptr.missing", "0", "", 0},
    {"off takes the score away", "checks:\n  no_ptr: off\n", "score:no_ptr.missing", "0", "input",
     2},
    {"profile", "profile: observe\n", "bare_ip.other", "observe", "built-in profiles/observe.yaml",
     1},
    {"profile and site", "profile: observe\nchecks: {bare_ip: defer}\n", "bare_ip.other", "defer",
     "input", 2},
    {"profile named last", "checks: {bare_ip: defer}\nprofile: observe\n", "bare_ip.other", "defer",
     "input", 1},
    {"profile's setting", "profile: observe\n", "dns.on_failure", "accept",
     "built-in profiles/observe.yaml", 1},
    {"profile's setting and site", "dns: {on_failure: defer}\nprofile: observe\n", "dns.on_failure",
     "defer", "input", 1},
    {"site's action keeps the profile's score", "checks: {not_fqdn: tag}\nprofile: rfc-safe\n",
     "score:not_fqdn.one_label", "2.5", "built-in profiles/rfc-safe.yaml", 1},
    {"site's score keeps the profile's action",
     "checks: {not_fqdn: {score: 1}}\nprofile: rfc-safe\n", "not_fqdn.one_label", "observe",
     "built-in profiles/rfc-safe.yaml", 1},
    {"site's off takes the profile's score", "checks: {not_fqdn: off}\nprofile: rfc-safe\n",
     "score:not_fqdn.one_label", "0", "input", 1},
};

static const struct reason_row *find_reason(const char *path, unsigned *reason)
{
    for (*reason = 0; *reason < REASON_COUNT; ++*reason) {
        const struct reason_row *row = reason_row((enum reason_id) * reason);
        char name[64];

        (void)snprintf(name, sizeof(name), "%s.%s", check_row(row->check)->name, row->name);
        if (strcmp(name, path) == 0)
            return row;
    }
    return NULL;
}

/* The value and the origin of one row's key. */
static struct origin look_up(const helo_policy *policy, const char *key,
                             char value[SETTING_VALUE_SIZE])
{
    const struct setting_row *row = setting_find(key);
    bool score = strncmp(key, "score:", 6) == 0;
    unsigned reason;

    if (row != NULL) {
        (void)setting_format(row, setting_number(&policy->settings, row), value);
        return policy->setting_origin[setting_index(row)];
    }
    assert_non_null(find_reason(score ? key + 6 : key, &reason));
    if (score) {
        (void)score_format(policy->rules.score[reason], value);
        return policy->rules.score_origin[reason];
    }
    (void)snprintf(value, SETTING_VALUE_SIZE, "%s", helo_action_text(policy->rules.action[reason]));
    return policy->rules.action_origin[reason];
}

/* Of a built-in file only that it is a line of it: its comments may grow. */
static void knows_origins(void **state)
{
    (void)state;
    UNIT_EACH(const struct origin_row, r, origin_rows) {
        helo_policy *policy = load(r->yaml);
        char value[SETTING_VALUE_SIZE];
        struct origin origin = look_up(policy, r->key, value);

        UNIT_EXPECT_TEXT(value, r->value);
        UNIT_EXPECT_TEXT(origin.file, r->file);
        if (strncmp(r->file, "built-in ", 9) == 0)
            UNIT_EXPECT(origin.line > r->line);
        else
            UNIT_EXPECT_INT(origin.line, r->line);
        helo_policy_unref(policy);
    }
}

static void knows_origins_of_lists(void **state)
{
    helo_policy *policy = load("server:\n  names:\n    - MX.example.org\n  addresses: [192.0.2.1]\n"
                               "dns: {servers: [127.0.0.1]}\nprofile: observe\n");

    (void)state;
    assert_int_equal(policy->own_names.count, 1);
    assert_string_equal(policy->own_names.entries[0].text, "MX.example.org");
    assert_int_equal(policy->own_names.entries[0].line, 3);
    assert_int_equal(policy->own_addresses.entries[0].line, 4);
    assert_int_equal(policy->dns_server_list.entries[0].line, 5);
    assert_int_equal(policy->profile_origin.line, 6);
    assert_string_equal(policy->profile_origin.file, "input");
    helo_policy_unref(policy);
}

/* ---- whose rules hold ---- */

static const char listeners[] = "checks: {no_ptr: defer}\n"
                                "score: {defer: 1}\n"
                                "listeners:\n"
                                "  - {port: 2525, checks: {no_ptr: reject}, score: {reject: 7}}\n"
                                "  - {name: Trap, checks: {no_ptr: tag}}\n"
                                "  - {name: trap, port: 2525, checks: {no_ptr: off}}\n"
                                "  - {port: 26, checks: {no_ptr: reject}, expires: 2027-03-31}\n"
                                "  - {port: 27, profile: strict}\n";

static const struct listener_row {
    const char *name;
    const char *listener;
    unsigned port;
    const char *today;
    enum helo_action action; /* of no_ptr */
    unsigned reject;         /* the threshold */
} listener_rows[] = {
    {"another", "MTA", 25, "2027-01-01", HELO_ACTION_DEFER, 0},
    {"unknown", "", 0, "2027-01-01", HELO_ACTION_DEFER, 0},
    {"by port", "MTA", 2525, "2027-01-01", HELO_ACTION_REJECT, 700},
    {"by name, whatever its case", "TRAP", 25, "2027-01-01", HELO_ACTION_TAG, 0},
    {"both go before either", "Trap", 2525, "2027-01-01", HELO_ACTION_OFF, 0},
    {"the last day", "MTA", 26, "2027-03-31", HELO_ACTION_REJECT, 0},
    {"expired", "MTA", 26, "2027-04-01", HELO_ACTION_DEFER, 0},
};

static void finds_listeners(void **state)
{
    helo_policy *policy = load(listeners);

    (void)state;
    UNIT_EACH(const struct listener_row, r, listener_rows) {
        const struct rules *rules =
            policy_rules(policy, r->listener, r->port, clock_parse_date(r->today));

        UNIT_EXPECT_INT(rules->action[REASON_no_ptr_missing], r->action);
        UNIT_EXPECT_INT(rules->score_reject, r->reject);
        UNIT_EXPECT_INT(rules->enabled[CHECK_no_ptr], r->action != HELO_ACTION_OFF);
    }
    helo_policy_unref(policy);
}

/* Defaults, its profile, its own: the site's checks are not among them. */
static void listener_has_its_own_rules(void **state)
{
    helo_policy *policy = load(listeners);
    helo_policy *strict = load("profile: strict\n");
    const struct rules *rules = policy_rules(policy, "MTA", 27, 0);

    (void)state;
    assert_string_equal(policy->listener_rules[4].profile, "strict");
    assert_ptr_equal(policy->listener_rules[4].entry, &policy->listeners.entries[4]);
    assert_memory_equal(rules->action, strict->rules.action, sizeof(rules->action));
    assert_memory_equal(rules->score, strict->rules.score, sizeof(rules->score));
    assert_memory_equal(rules->enabled, strict->rules.enabled, sizeof(rules->enabled));
    assert_int_equal(rules->needs, strict->rules.needs);
    assert_int_equal(rules->score_defer, strict->rules.score_defer);
    assert_int_equal(rules->score_reject, strict->rules.score_reject);
    helo_policy_unref(policy);
    helo_policy_unref(strict);
}

static void needs_what_is_enabled(void **state)
{
    helo_policy *policy = load("checks: {no_ptr: off, fcrdns: off}\n");
    helo_policy *none = load("profile: observe\nchecks: {mx_bogus: off}\n");
    struct rules rules;

    (void)state;
    assert_true(policy->rules.needs & FACT_BIT(client_fcrdns)); /* own_name */
    assert_false(policy->rules.needs & FACT_BIT(helo_mx_bad));
    assert_false(none->rules.needs & FACT_BIT(helo_mx_bad));
    rules_init(&rules);
    for (unsigned i = 0; i < REASON_COUNT; i++)
        rules.action[i] = HELO_ACTION_OFF;
    rules_settle(&rules);
    assert_int_equal(rules.needs, 0);
    helo_policy_unref(policy);
    helo_policy_unref(none);
}

/* ---- what is asked of a policy ---- */

static void finds_entries(void **state)
{
    helo_policy *policy = load("lists: {deny: [a.example, b.example], mx_deny: [c.example]}\n"
                               "data: {senders: [{helo: [d.example], hosts: [d.example]}]}\n"
                               "rhsbl: {zones: [{zone: e.example, codes: [127.0.0.2]}]}\n");

    (void)state;
    assert_string_equal(policy_entry_of(policy, CHECK_listed, 1)->text, "b.example");
    assert_string_equal(policy_entry_of(policy, CHECK_mx_bogus, 0)->text, "c.example");
    assert_string_equal(policy_entry_of(policy, CHECK_impersonation, 0)->text, "d.example");
    assert_string_equal(policy_entry_of(policy, CHECK_rhsbl, 0)->text, "e.example");
    assert_null(policy_entry_of(policy, CHECK_listed, 2));
    assert_null(policy_entry_of(policy, CHECK_listed, ENTRY_NONE));
    assert_null(policy_entry_of(policy, CHECK_no_ptr, 0));
    helo_policy_unref(policy);
}

static const struct tags_row {
    const char *name;
    const char *yaml;
    bool tags;
} tags_rows[] = {
    {"none", "mode: enforce\n", false},
    {"one", "mode: enforce\nchecks: {no_ptr: tag}\n", true},
    {"one reason", "mode: enforce\nchecks: {bare_ip: {reasons: {other: tag}}}\n", true},
    {"observing", "checks: {no_ptr: tag}\n", false},
    {"a listener's", "mode: enforce\nlisteners: [{port: 26, checks: {no_ptr: tag}}]\n", true},
};

static void knows_tags(void **state)
{
    (void)state;
    UNIT_EACH(const struct tags_row, r, tags_rows) {
        helo_policy *policy = load(r->yaml);

        UNIT_EXPECT_INT(policy_tags(policy), r->tags);
        helo_policy_unref(policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(builtin_profiles_are_good),
        UNIT_TEST(builtin_data_is_there),
        UNIT_TEST(default_is_an_empty_file),
        UNIT_TEST(site_replaces_data),
        UNIT_TEST(knows_origins),
        UNIT_TEST(knows_origins_of_lists),
        UNIT_TEST(finds_listeners),
        UNIT_TEST(listener_has_its_own_rules),
        UNIT_TEST(needs_what_is_enabled),
        UNIT_TEST(finds_entries),
        UNIT_TEST(knows_tags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
