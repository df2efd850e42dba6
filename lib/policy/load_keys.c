/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_keys.c - every key a policy may have, and the walk through sections
 *
 * PURPOSE  One table: path, and what loads it. Scalar settings and lists come from schema.def.
 * CONTRACT A key that is in no row is an error, and so is one of a site's in a profile. A scalar is
 *          set once, in all files of the site together; sections and lists of several files add up.
 */
#include <stdio.h>
#include <string.h>

#include "policy/loader.h"

static const struct key_row keys[] = {
    {"include", load_include, 0},    {"profile", load_profile, 0}, {"version", load_version, 0},
    {"checks", load_checks, 0},      {"server", load_section, 0},  {"exempt", load_section, 0},
    {"lists", load_section, 0},      {"data", load_section, 0},    {"rhsbl", load_section, 0},
    {"score", load_section, 0},      {"dns", load_section, 0},     {"dns.cache", load_section, 0},
    {"helo_churn", load_section, 0}, {"limits", load_section, 0},  {"reply", load_section, 0},
    {"headers", load_section, 0},    {"milter", load_section, 0},  {"log", load_section, 0},
    {"metrics", load_section, 0},
#define LIST(key, id, default, max, help)             {key, load_list, LIST_##id},
#define NUMBER(key, field, default, min, max, help)   {key, load_setting, 0},
#define DURATION(key, field, default, min, max, help) {key, load_setting, 0},
#define SIZE(key, field, default, min, max, help)     {key, load_setting, 0},
#define SCORE(key, field, default, min, max, help)    {key, load_setting, 0},
#define BOOL(key, field, default, help)               {key, load_setting, 0},
#define CHOICE(key, field, default, choices, help)    {key, load_setting, 0},
#define TEXT(key, field, default, help)               {key, load_setting, 0},
#define TEXTS(key, help)                              {key, load_reply_texts, 0},
#include "policy/schema.def"
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };
_Static_assert((int)KEY_COUNT <= (int)LOADER_KEYS, "struct layer has a place for every key");

enum { KEY_PATH_SIZE = 64 };

const struct key_row *key_find(const char *path)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].path, path) == 0)
            return &keys[i];
    }
    return NULL;
}

size_t key_index(const char *path)
{
    return (size_t)(key_find(path) - keys);
}

/* path is section, or lies below it. */
static bool lies_in(const char *path, const char *section)
{
    size_t length = strlen(section);

    return strncmp(path, section, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

/*
 * What a profile is for: what is checked, and what becomes of it. Whom a site trusts, and where it
 * listens, is its own.
 */
static const char *const of_profiles[] = {
    "checks", "score", "dns.on_failure", "decide_at", "rfc5321_4_1_4", "helo_churn", "version",
};

bool key_is_of_profile(const char *path)
{
    for (size_t i = 0; i < sizeof(of_profiles) / sizeof(of_profiles[0]); i++) {
        if (lies_in(path, of_profiles[i]) || lies_in(of_profiles[i], path))
            return true;
    }
    return false;
}

/* The last word of a path when its section is the one wanted ("" is the top), else NULL. */
static const char *word_in_section(const char *path, const char *section)
{
    size_t length = strlen(section);
    const char *word = path;

    if (length > 0) {
        if (strncmp(path, section, length) != 0 || path[length] != '.')
            return NULL;
        word = path + length + 1;
    }
    return strchr(word, '.') == NULL ? word : NULL;
}

/* ---- reports ---- */

/*
 * The row a key was meant for that is no key where it stands: `socket` at the top, or `dns.wait`.
 */
static const struct key_row *find_misplaced(const char *word)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const char *dot = strrchr(keys[i].path, '.');

        if (strcmp(keys[i].path, word) == 0 || (dot != NULL && strcmp(dot + 1, word) == 0))
            return &keys[i];
    }
    return NULL;
}

static void report_misplaced(struct loader *l, const char *what, const struct key_row *row,
                             const struct yaml_node *key)
{
    const char *dot = strrchr(row->path, '.');
    char hint[2 * KEY_PATH_SIZE];

    if (dot != NULL)
        (void)snprintf(hint, sizeof(hint), "write '%s:' below '%.*s:'", dot + 1,
                       (int)(dot - row->path), row->path);
    else
        (void)snprintf(hint, sizeof(hint), "write '%s:' at the top, not indented", row->path);
    loader_report_unknown(l, key, what, "", hint);
}

static void report_unknown_key(struct loader *l, const struct key_row *section,
                               const struct yaml_node *key)
{
    const struct key_row *row = find_misplaced(key->text);
    const char *words[KEY_COUNT];
    char what[KEY_PATH_SIZE + 16];
    size_t count = 0;

    (void)snprintf(what, sizeof(what), section != NULL ? "key in %s:" : "key",
                   section != NULL ? section->path : "");
    if (row != NULL) {
        report_misplaced(l, what, row, key);
        return;
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const char *word = word_in_section(keys[i].path, section != NULL ? section->path : "");

        if (word != NULL)
            words[count++] = word;
    }
    loader_unknown_because(
        l, key, what, words, count,
        section != NULL && strcmp(section->path, "score") == 0 ? loader_comma_hint(key) : NULL);
}

static void report_foreign_key(struct loader *l, const struct key_row *row,
                               const struct yaml_node *key)
{
    struct diag_place place = loader_place(l, key);
    char hint[200] = "a profile sets";
    size_t used = strlen(hint);

    for (size_t i = 0; i < sizeof(of_profiles) / sizeof(of_profiles[0]) && used < sizeof(hint); i++)
        used += (size_t)snprintf(hint + used, sizeof(hint) - used, "%s%s", i == 0 ? " " : ", ",
                                 of_profiles[i]);
    diag_report(l->diag, HELO_ERROR, &place, hint, "a profile cannot set '%s'", row->path);
}

/* ---- the walk ---- */

static void load_key(struct loader *l, const struct key_row *section, const struct key_row *row,
                     const struct yaml_node *node)
{
    if (row == NULL)
        report_unknown_key(l, section, node->key);
    else if (l->current->role == FILE_PROFILE && !key_is_of_profile(row->path))
        report_foreign_key(l, row, node->key);
    else
        row->load(l, row, node);
}

static void load_entries(struct loader *l, const struct key_row *section,
                         const struct yaml_node *mapping)
{
    char path[KEY_PATH_SIZE];

    for (const struct yaml_node *node = mapping->first; node != NULL && !l->nomem;
         node = node->next) {
        const struct key_row *row = NULL;
        int length = snprintf(path, sizeof(path), "%s%s%s", section != NULL ? section->path : "",
                              section != NULL ? "." : "", node->key->text);

        /* "dns.wait: 2s" at the top would be a second way to say the same. */
        if (length > 0 && (size_t)length < sizeof(path) && strchr(node->key->text, '.') == NULL)
            row = key_find(path);
        load_key(l, section, row, node);
    }
}

void load_section(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    /* A section whose keys are all comments says nothing. */
    if (!yaml_is_empty(node) && loader_expect(l, node, KIND_MAPPING, row->path))
        load_entries(l, row, node);
}

void load_root(struct loader *l, const struct yaml_node *root)
{
    if (!yaml_is_empty(root) && loader_expect(l, root, KIND_MAPPING, "the file"))
        load_entries(l, NULL, root);
}
