/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sample.c - etc/milter-helo.yaml names every setting, list and check, each with its true
 * default
 *
 * What the profile or a data file sets stands there in a comment, "#KEY: VALUE" without a blank
 * behind the "#": it is uncommented here, and then is a setting like the others. The default is
 * told twice, as the value and in the comment above it: both are compared with the rows of
 * schema.def and checks.def. Runs in the root of the sources.
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "policy/load.h"
#include "policy/yaml.h"
#include "unit/findings.h"

#define SAMPLE          "etc/milter-helo.yaml"
#define SAMPLE_NETWORKS "etc/networks.yaml"
#define SAMPLE_PROFILE  "rfc-safe"

enum { SAMPLE_BYTES = 65536, LINE_BYTES = 160 };

static struct sample {
    char text[SAMPLE_BYTES];
    struct diag_file file;
    struct yaml_tree tree;
    helo_policy *policy;  /* as it is read */
    helo_policy *profile; /* of a file with nothing but the profile's name */
} sample;

/* ---- the file -------------------------------------------------------------------------------- */

static bool is_key_character(char c)
{
    return (c >= 'a' && c <= 'z') || text_is_digit(c) || c == '_';
}

/* "#KEY:" */
static bool is_setting(const char *comment)
{
    const char *at = comment + 1;

    while (is_key_character(*at))
        at++;
    return at > comment + 1 && *at == ':' && (at[1] == ' ' || at[1] == '\n');
}

/* Takes the "#" away before each setting; lines stay lines. */
static void uncomment(char *text)
{
    char *to = text;

    for (char *line = text; *line != '\0';) {
        size_t indent = strspn(line, " ");
        size_t length = strcspn(line, "\n") + 1;
        size_t mark = line[indent] == '#' && is_setting(line + indent) ? 1 : 0;

        memmove(to, line, indent);
        memmove(to + indent, line + indent + mark, length - indent - mark);
        to += length - mark;
        line += length;
    }
    *to = '\0';
}

static helo_policy *load(const char *path)
{
    struct findings findings = {0};
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, keep_finding, &findings);
    if (policy_load(path, &diag, &policy) != HELO_OK || findings.warnings > 0) {
        print_error("%s: %s\n", path, findings.first);
        helo_policy_unref(policy);
        return NULL;
    }
    return policy;
}

static helo_policy *load_profile(void)
{
    static const char text[] = "profile: " SAMPLE_PROFILE "\n";
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, NULL, NULL);
    return policy_load_text(text, sizeof(text) - 1, "policy", &diag, &policy) == HELO_OK ? policy
                                                                                         : NULL;
}

static int read_sample(void **state)
{
    FILE *file = fopen(SAMPLE, "r");
    struct diag diag;

    (void)state;
    if (file == NULL)
        return -1;
    sample.text[fread(sample.text, 1, sizeof(sample.text) - 1, file)] = '\0';
    (void)fclose(file);
    uncomment(sample.text);
    sample.file = (struct diag_file){SAMPLE, sample.text, strlen(sample.text)};
    diag_init(&diag, NULL, NULL);
    sample.policy = load(SAMPLE);
    sample.profile = load_profile();
    if (sample.policy == NULL || sample.profile == NULL)
        return -1;
    return yaml_tree_parse(&sample.file, &diag, &sample.tree) == HELO_OK ? 0 : -1;
}

static int free_sample(void **state)
{
    (void)state;
    yaml_tree_fini(&sample.tree);
    helo_policy_unref(sample.policy);
    helo_policy_unref(sample.profile);
    return 0;
}

/* ---- nodes and lines ------------------------------------------------------------------------- */

static const struct yaml_node *find_child(const struct yaml_node *node, const char *key,
                                          size_t length)
{
    const struct yaml_node *child = node->kind == KIND_MAPPING ? node->first : NULL;

    while (child != NULL &&
           (strncmp(child->key->text, key, length) != 0 || child->key->text[length] != '\0'))
        child = child->next;
    return child;
}

/* The node of "dns.cache.size", or NULL. */
static const struct yaml_node *find_node(const char *path)
{
    const struct yaml_node *node = sample.tree.root;

    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");

        node = find_child(node, path, length);
        path += length + (path[length] == '.');
    }
    return node;
}

/* A line without its indent; "" when there is none. */
static const char *line_of(unsigned number, char out[LINE_BYTES])
{
    const char *at = sample.text;

    for (unsigned i = 1; i < number && at != NULL; i++) {
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
    if (at == NULL)
        at = "";
    at += strspn(at, " ");
    (void)snprintf(out, LINE_BYTES, "%.*s", (int)strcspn(at, "\n"), at);
    return out;
}

/* The comment just above a key begins with this. */
static void expect_comment(const struct yaml_node *node, const char *wanted)
{
    char line[LINE_BYTES];

    (void)line_of(node->key->line - 1, line);
    if (strncmp(line, wanted, strlen(wanted)) != 0)
        UNIT_EXPECT_TEXT(line, wanted);
}

/* ---- settings and lists ---------------------------------------------------------------------- */

static void expect_setting(const struct setting_row *row)
{
    const struct yaml_node *node = find_node(row->key);
    char value[SETTING_VALUE_SIZE];
    char least[SETTING_VALUE_SIZE];
    char most[SETTING_VALUE_SIZE];
    char comment[LINE_BYTES];
    bool has_range = row->type != SETTING_BOOL && row->type != SETTING_CHOICE;

    if (!UNIT_EXPECT(node != NULL))
        return;
    if (row->type == SETTING_TEXT) {
        UNIT_EXPECT_TEXT(node->text, row->text);
        return;
    }
    /* What it says may be the profile's. */
    UNIT_EXPECT_TEXT(node->text,
                     setting_format(row, setting_number(&sample.profile->settings, row), value));
    (void)setting_format(row, row->initial, value);
    if (has_range)
        (void)snprintf(comment, sizeof(comment), "# Default: %s. %s to %s.", value,
                       setting_format(row, row->min, least), setting_format(row, row->max, most));
    else
        (void)snprintf(comment, sizeof(comment), "# Default: %s.", value);
    expect_comment(node, comment);
}

static void names_every_setting(void **state)
{
    const struct setting_row *row;

    (void)state;
    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        unit_now.row = row->key;
        expect_setting(row);
    }
    unit_now.row = NULL;
}

/* "[one, two]" */
static void format_list(const char *words, char out[LINE_BYTES])
{
    size_t used = 0;

    (void)snprintf(out, LINE_BYTES, "[");
    for (used = 1; *words != '\0'; words++)
        used +=
            (size_t)snprintf(out + used, LINE_BYTES - used, *words == ' ' ? ", " : "%c", *words);
    (void)snprintf(out + used, LINE_BYTES - used, "]");
}

static const struct list_row {
    const char *name;
    const char *words;
} lists[] = {
#define LIST(key, id, default, max, help) {key, default},
#include "policy/schema.def"
};

static void names_every_list(void **state)
{
    (void)state;
    UNIT_EACH(const struct list_row, r, lists) {
        const struct yaml_node *node = find_node(r->name);
        const char *last = strrchr(r->name, '.');
        char list[LINE_BYTES];
        char line[LINE_BYTES];
        char wanted[2 * LINE_BYTES];

        if (!UNIT_EXPECT(node != NULL))
            continue;
        format_list(r->words, list);
        (void)snprintf(wanted, sizeof(wanted), "%s: %s", last != NULL ? last + 1 : r->name, list);
        UNIT_EXPECT_TEXT(line_of(node->key->line, line), wanted);
        (void)snprintf(wanted, sizeof(wanted), "# Default: %s", r->words[0] != '\0' ? list : "");
        expect_comment(node, wanted);
    }
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* The action that a check's node gives a reason; NULL: it says nothing of it. */
static const char *action_in(const struct yaml_node *check, const char *reason)
{
    const struct yaml_node *reasons, *node;

    if (check->kind != KIND_MAPPING)
        return check->text;
    reasons = find_child(check, "reasons", strlen("reasons"));
    node = reasons != NULL ? find_child(reasons, reason, strlen(reason)) : NULL;
    if (node == NULL)
        node = find_child(check, "action", strlen("action"));
    return node != NULL ? node->text : NULL;
}

/* In a comment: with it every profile but this one would be lost. */
static void expect_row_of(enum check_id check, const struct yaml_node *node)
{
    UNIT_EXPECT_TEXT(node->key->text, check_row(check)->name);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);

        if (row->check != check)
            continue;
        UNIT_EXPECT_TEXT(action_in(node, row->name), helo_action_text(row->action));
        UNIT_EXPECT_TEXT(action_in(node, row->name),
                         helo_action_text(sample.profile->rules.action[i]));
    }
    expect_comment(node, "# ");
}

static void names_every_check(void **state)
{
    const struct yaml_node *checks = find_node("checks"), *node;

    (void)state;
    assert_non_null(checks);
    assert_int_equal(checks->count, CHECK_COUNT);
    node = checks->first;
    for (unsigned i = 0; i < CHECK_COUNT && node != NULL; i++, node = node->next) {
        unit_now.row = check_row((enum check_id)i)->name;
        expect_row_of((enum check_id)i, node);
    }
    unit_now.row = NULL;
}

/* ---- as a policy ----------------------------------------------------------------------------- */

static void expect_same_list(const struct policy_list *got, const struct policy_list *want)
{
    assert_int_equal(got->count, want->count);
    for (size_t i = 0; i < got->count; i++)
        assert_string_equal(got->entries[i].text, want->entries[i].text);
}

static void has_the_profile(void **state)
{
    const struct rules *got = &sample.policy->rules, *want = &sample.profile->rules;

    (void)state;
    assert_string_equal(sample.policy->profile, SAMPLE_PROFILE);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        unit_now.row = reason_row((enum reason_id)i)->name;
        UNIT_EXPECT_INT(got->action[i], want->action[i]);
        UNIT_EXPECT_INT(got->score[i], want->score[i]);
        UNIT_EXPECT(strcmp(got->action_origin[i].file, SAMPLE) != 0);
    }
    unit_now.row = NULL;
    UNIT_EXPECT_INT(got->score_defer, want->score_defer);
    UNIT_EXPECT_INT(got->score_reject, want->score_reject);
    UNIT_EXPECT(want->score_defer > 0);
}

/* Beside the profile it says what would hold without it, but for the networks it includes. */
static void changes_nothing_else(void **state)
{
    const helo_policy *got = sample.policy, *want = sample.profile;
    helo_policy *networks = load(SAMPLE_NETWORKS);
    const struct setting_row *row;

    (void)state;
    assert_non_null(networks);
    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        unit_now.row = row->key;
        if (row->type == SETTING_TEXT)
            UNIT_EXPECT_TEXT(setting_text(&got->settings, row), setting_text(&want->settings, row));
        else
            UNIT_EXPECT_INT(setting_number(&got->settings, row),
                            setting_number(&want->settings, row));
    }
    unit_now.row = NULL;
    assert_int_equal(got->own.name_count + got->own.address_count, 0);
    assert_int_equal(got->dns_server_count, 0);
    assert_int_equal(got->listeners.count + got->rhsbl_zones.count, 0);
    expect_same_list(&got->recipients, &want->recipients);
    expect_same_list(&got->listener_ports, &want->listener_ports);
    expect_same_list(&got->listener_names, &want->listener_names);
    expect_same_list(&got->networks, &networks->networks);
    assert_true(networks->networks.count > 0);
    helo_policy_unref(networks);
}

/* The data files that it includes are those that were built in. */
static void includes_all_data(void **state)
{
    const helo_policy *got = sample.policy, *want = sample.profile;
    static const struct data_row {
        const char *name;
        size_t offset;
    } rows[] = {
        {"special_tlds", offsetof(struct helo_policy, special_tlds)},
        {"dialup_words", offsetof(struct helo_policy, dialup_words)},
        {"veto_words", offsetof(struct helo_policy, veto_words)},
        {"senders", offsetof(struct helo_policy, senders)},
        {"pools", offsetof(struct helo_policy, pools)},
    };

    (void)state;
    UNIT_EACH(const struct data_row, r, rows) {
        const struct policy_list *list = (const void *)((const char *)got + r->offset);

        expect_same_list(list, (const void *)((const char *)want + r->offset));
        UNIT_EXPECT(list->count > 0);
        UNIT_EXPECT(list->count == 0 || strncmp(list->entries[0].file, "etc/data/", 9) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(names_every_setting),  UNIT_TEST(names_every_list),
        UNIT_TEST(names_every_check),    UNIT_TEST(has_the_profile),
        UNIT_TEST(changes_nothing_else), UNIT_TEST(includes_all_data),
    };

    return cmocka_run_group_tests(tests, read_sample, free_sample);
}
