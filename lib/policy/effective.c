/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * effective.c - a policy as YAML, see effective.h
 *
 * ALGORITHM
 *  Keys stand in schema.def in the order and the sections of a file. They are gone through twice:
 *  first the sections without a long list, then those with one, so that what a person looks for
 *  comes before a hundred thousand networks. `checks`, which schema.def does not have, comes behind
 *  the keys that stand in no section.
 */
#include "policy/effective.h"

#include <string.h>

#include "policy/explain.h"

static const char *const keys[] = {
#define NUMBER(key, field, default, min, max, help)   key,
#define DURATION(key, field, default, min, max, help) key,
#define SIZE(key, field, default, min, max, help)     key,
#define SCORE(key, field, default, min, max, help)    key,
#define BOOL(key, field, default, help)               key,
#define CHOICE(key, field, default, choices, help)    key,
#define TEXT(key, field, default, help)               key,
#define TEXTS(key, help)                              key,
#define LIST(key, id, default, max, help)             key,
#include "policy/schema.def"
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]), INDENT = 2 };

/* ---- sections ---- */

static size_t top_length(const char *key)
{
    return strcspn(key, ".");
}

/* Both stand in one section; a key of the top is its own. */
static bool same_top(const char *a, const char *b)
{
    return top_length(a) == top_length(b) && strncmp(a, b, top_length(a)) == 0;
}

static bool section_is_long(const struct helo_policy *policy, const char *key)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const struct list_row *row = same_top(keys[i], key) ? list_find(keys[i]) : NULL;

        if (row != NULL && effective_is_long(list_of(policy, row)))
            return true;
    }
    return false;
}

/* Writes the sections that a key lies in and the one before it did not. */
static void open_sections(struct text *out, const char *before, const char *key)
{
    unsigned depth = 0;

    for (const char *at = key, *dot; (dot = strchr(at, '.')) != NULL; at = dot + 1, depth++) {
        size_t length = (size_t)(dot - key) + 1;

        if (strncmp(before, key, length) == 0)
            continue;
        effective_indent(out, depth * INDENT);
        text_add_bytes(out, at, (size_t)(dot - at));
        text_add(out, ":\n");
    }
}

static unsigned depth_of(const char *key)
{
    unsigned depth = 0;

    for (; *key != '\0'; key++)
        depth += *key == '.';
    return depth;
}

/* ---- settings ---- */

/* A mode is a text, too: "0660" without quotes is a number to other readers. */
static void add_text(struct text *out, const char *text)
{
    if (text[0] >= '0' && text[0] <= '9')
        effective_quoted(out, text);
    else
        effective_scalar(out, text);
}

static void add_setting(struct text *out, const struct helo_policy *policy,
                        const struct setting_row *row)
{
    const struct origin *origin = &policy->setting_origin[setting_index(row)];
    const char *dot = strrchr(row->key, '.');
    char value[SETTING_VALUE_SIZE];

    effective_indent(out, depth_of(row->key) * INDENT);
    text_addf(out, "%s: ", dot != NULL ? dot + 1 : row->key);
    if (row->type == SETTING_TEXT)
        add_text(out, setting_text(&policy->settings, row));
    else
        text_add(out, setting_format(row, setting_number(&policy->settings, row), value));
    effective_end(out, origin->file, origin->line);
}

static void add_key(struct text *out, const struct helo_policy *policy, const char *key)
{
    const struct setting_row *setting = setting_find(key);
    const struct list_row *list = list_find(key);

    if (setting != NULL)
        add_setting(out, policy, setting);
    else if (list != NULL)
        effective_list(out, policy, list, depth_of(key) * INDENT);
    else
        effective_reply_texts(out, policy, depth_of(key) * INDENT);
}

static void add_keys(struct text *out, const struct helo_policy *policy, bool is_long)
{
    bool checks_due = !is_long;
    const char *before = "";

    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (section_is_long(policy, keys[i]) != is_long)
            continue;
        if (checks_due && strchr(keys[i], '.') != NULL) {
            text_add(out, "checks:\n");
            effective_rules(out, &policy->rules, INDENT);
            checks_due = false;
        }
        open_sections(out, before, keys[i]);
        add_key(out, policy, keys[i]);
        before = keys[i];
    }
}

/* ---- the head ---- */

/* The main file's version is its own; the others come with their files. */
static void add_versions(struct text *out, const struct helo_policy *policy)
{
    for (size_t i = 0; i < policy->versions.count; i++) {
        const struct policy_entry *entry = &policy->versions.entries[i];

        if (strcmp(entry->file, policy->path) == 0) {
            text_add(out, "version: ");
            effective_scalar(out, entry->text);
            effective_end(out, entry->file, entry->line);
        } else {
            text_add(out, "# ");
            explain_site_text(entry->file, out);
            text_add(out, ": version ");
            explain_site_text(entry->text, out);
            text_add(out, "\n");
        }
    }
}

static void add_profile(struct text *out, const struct helo_policy *policy)
{
    if (policy->profile == NULL)
        return;
    text_add(out, effective_is_builtin_profile(policy->profile) ? "profile: " : "# profile: ");
    effective_scalar(out, policy->profile);
    effective_end(out, policy->profile_origin.file, policy->profile_origin.line);
}

void effective_write(const struct helo_policy *policy, struct text *out)
{
    text_add(out, "# All that ");
    if (policy->path[0] == '\0')
        text_add(out, "the built-in policy");
    else
        explain_site_text(policy->path, out);
    text_add(out, " comes to, with the place that each value is from.\n"
                  "# Read again, it makes the same policy.\n");
    add_versions(out, policy);
    add_profile(out, policy);
    add_keys(out, policy, false);
    add_keys(out, policy, true);
}
