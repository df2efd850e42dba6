/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sample.c - etc/milter-helo.yaml names every setting, list and check, each with its true
 * default
 *
 * The default is told twice there, as the value and in the comment above it: both are compared with
 * the rows of schema.def and checks.def. Runs in the root of the sources.
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/load.h"
#include "policy/yaml.h"
#include "unit/findings.h"

#define SAMPLE          "etc/milter-helo.yaml"
#define SAMPLE_NETWORKS "etc/networks.yaml"

enum { SAMPLE_BYTES = 65536, LINE_BYTES = 160 };

static struct sample {
    char text[SAMPLE_BYTES];
    struct diag_file file;
    struct yaml_tree tree;
} sample;

static int read_sample(void **state)
{
    FILE *file = fopen(SAMPLE, "r");
    struct diag diag;
    size_t length;

    (void)state;
    if (file == NULL)
        return -1;
    length = fread(sample.text, 1, sizeof(sample.text) - 1, file);
    (void)fclose(file);
    sample.file = (struct diag_file){SAMPLE, sample.text, length};
    diag_init(&diag, NULL, NULL);
    return yaml_tree_parse(&sample.file, &diag, &sample.tree) == HELO_OK ? 0 : -1;
}

static int free_sample(void **state)
{
    (void)state;
    yaml_tree_fini(&sample.tree);
    return 0;
}

/* The node of "dns.cache.size", or NULL. */
static const struct yaml_node *find_node(const char *path)
{
    const struct yaml_node *node = sample.tree.root;

    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        const struct yaml_node *child = node->first;

        while (child != NULL &&
               (strncmp(child->key->text, path, length) != 0 || child->key->text[length] != '\0'))
            child = child->next;
        node = child;
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
    UNIT_EXPECT_TEXT(node->text, setting_format(row, row->initial, value));
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

static void names_every_check(void **state)
{
    const struct yaml_node *checks = find_node("checks");

    (void)state;
    assert_non_null(checks);
    assert_int_equal(checks->count, CHECK_COUNT);
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row((enum check_id)i);
        char path[LINE_BYTES];
        char comment[LINE_BYTES];
        const struct yaml_node *node;

        unit_now.row = row->name;
        (void)snprintf(path, sizeof(path), "checks.%s", row->name);
        (void)snprintf(comment, sizeof(comment), "# Default: %s",
                       helo_action_text(check_default_action((enum check_id)i)));
        node = find_node(path);
        if (UNIT_EXPECT(node != NULL))
            expect_comment(node, comment);
    }
    unit_now.row = NULL;
}

static helo_policy *load(const char *path)
{
    struct findings findings = {0};
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, keep_finding, &findings);
    if (policy_load(path, &diag, &policy) != HELO_OK || findings.warnings > 0)
        fail_msg("%s: %s", path, findings.first);
    return policy;
}

static void expect_same_list(const struct policy_list *got, const struct policy_list *want)
{
    assert_int_equal(got->count, want->count);
    for (size_t i = 0; i < got->count; i++)
        assert_string_equal(got->entries[i].text, want->entries[i].text);
}

/* As a policy it is the built-in one, but for the networks it includes. */
static void changes_nothing(void **state)
{
    helo_policy *policy = load(SAMPLE);
    helo_policy *networks = load(SAMPLE_NETWORKS);
    helo_policy *builtin = policy_create();
    const struct setting_row *row;

    (void)state;
    assert_non_null(builtin);
    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        if (row->type == SETTING_TEXT)
            assert_string_equal(setting_text(&policy->settings, row),
                                setting_text(&builtin->settings, row));
        else
            assert_int_equal(setting_number(&policy->settings, row),
                             setting_number(&builtin->settings, row));
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        unit_now.row = reason_row((enum reason_id)i)->name;
        UNIT_EXPECT_INT(policy->action[i], builtin->action[i]);
    }
    unit_now.row = NULL;
    assert_int_equal(policy->own.name_count + policy->own.address_count, 0);
    assert_int_equal(policy->dns_server_count, 0);
    expect_same_list(&policy->recipients, &builtin->recipients);
    expect_same_list(&policy->listener_ports, &builtin->listener_ports);
    expect_same_list(&policy->listener_names, &builtin->listener_names);
    expect_same_list(&policy->networks, &networks->networks);
    assert_true(networks->networks.count > 0);
    helo_policy_unref(policy);
    helo_policy_unref(networks);
    helo_policy_unref(builtin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(names_every_setting),
        UNIT_TEST(names_every_list),
        UNIT_TEST(names_every_check),
        UNIT_TEST(changes_nothing),
    };

    return cmocka_run_group_tests(tests, read_sample, free_sample);
}
