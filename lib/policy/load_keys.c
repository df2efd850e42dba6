/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_keys.c - every key a policy may have, and the walk through sections
 *
 * PURPOSE  One table: path, and what loads it. Scalar settings and lists come from schema.def.
 * CONTRACT A key that is in no row is an error. A scalar is set once, in all files together;
 *          sections and lists of several files add up.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "policy/loader.h"

static const struct key_row keys[] = {
    {"include", load_include, 0}, {"server", load_section, 0}, {"exempt", load_section, 0},
    {"checks", load_checks, 0},   {"dns", load_section, 0},    {"dns.cache", load_section, 0},
    {"limits", load_section, 0},  {"reply", load_section, 0},  {"milter", load_section, 0},
    {"log", load_section, 0},
#define LIST(key, id, default, max, help)             {key, load_list, LIST_##id},
#define NUMBER(key, field, default, min, max, help)   {key, load_setting, 0},
#define DURATION(key, field, default, min, max, help) {key, load_setting, 0},
#define SIZE(key, field, default, min, max, help)     {key, load_setting, 0},
#define BOOL(key, field, default, help)               {key, load_setting, 0},
#define CHOICE(key, field, default, choices, help)    {key, load_setting, 0},
#define TEXT(key, field, default, help)               {key, load_setting, 0},
#include "policy/schema.def"
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };
_Static_assert((int)KEY_COUNT <= (int)LOADER_KEYS, "struct loader has a place for every key");

enum { KEY_PATH_SIZE = 64, ACCEPTED_SHOWN = 8 };

static const struct key_row *find_key(const char *path)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].path, path) == 0)
            return &keys[i];
    }
    return NULL;
}

size_t key_index(const char *path)
{
    return (size_t)(find_key(path) - keys);
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

bool loader_first(struct loader *l, struct diag_place *seen, const char *name,
                  const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);

    if (seen->file == NULL) {
        *seen = place;
        return true;
    }
    diag_report(l->diag, HELO_ERROR, &place, NULL, "%s is set twice: first at %s:%u:%u", name,
                seen->file->path, seen->line, seen->column);
    return false;
}

/* What stands there, or is wanted there. */
static const char *const kind_names[] = {
    [KIND_TEXT] = "a single value",
    [KIND_LIST] = "a list",
    [KIND_MAPPING] = "a section of keys",
    [KIND_BROKEN] = "nothing",
};

bool loader_expect(struct loader *l, const struct yaml_node *node, enum yaml_kind kind,
                   const char *name)
{
    static const char *const hints[] = {
        [KIND_TEXT] = NULL,
        [KIND_LIST] =
            "write a list in brackets, as in [one, two], or one entry per line, each after '- '",
        [KIND_MAPPING] = "write its keys below it, indented, each as 'key: value'",
        [KIND_BROKEN] = NULL,
    };
    struct diag_place place = loader_place(l, node);

    if (node->kind == kind)
        return true;
    if (node->kind != KIND_BROKEN)
        diag_report(l->diag, HELO_ERROR, &place, hints[kind], "%s: %s is wanted here, not %s", name,
                    kind_names[kind], yaml_is_empty(node) ? "nothing" : kind_names[node->kind]);
    return false;
}

/* " (accepted: one, two)", where that is short enough to be read. */
static void add_accepted(char *out, size_t size, const char *const *words, size_t count)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && count <= ACCEPTED_SHOWN && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s%s", i == 0 ? " (accepted: " : ", ",
                                 words[i], i + 1 == count ? ")" : "");
}

static void report_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                           const char *accepted, const char *hint)
{
    struct diag_place place = loader_place(l, word);
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(l->diag, HELO_ERROR, &place, hint, "unknown %s %s%s", what,
                diag_quote(quoted, word->text), accepted);
}

void loader_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                    const char *const *words, size_t count)
{
    char accepted[160] = "";
    char hint[KEY_PATH_SIZE + 32];
    const char *meant = NULL;

    /* Nobody sees what is past the limit: no work is spent on it. */
    if (l->diag->given <= LIMIT_DIAGNOSTICS) {
        meant = diag_suggest(word->text, words, count);
        add_accepted(accepted, sizeof(accepted), words, count);
    }
    if (meant != NULL)
        (void)snprintf(hint, sizeof(hint), "did you mean '%s'?", meant);
    report_unknown(l, word, what, accepted, meant != NULL ? hint : NULL);
}

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

static void report_unknown_key(struct loader *l, const struct key_row *section,
                               const struct yaml_node *key)
{
    const struct key_row *row = find_misplaced(key->text);
    const char *dot = row != NULL ? strrchr(row->path, '.') : NULL;
    const char *words[KEY_COUNT];
    char what[KEY_PATH_SIZE + 16];
    char hint[2 * KEY_PATH_SIZE];
    size_t count = 0;

    (void)snprintf(what, sizeof(what), section != NULL ? "key in %s:" : "key",
                   section != NULL ? section->path : "");
    if (row != NULL) {
        if (dot != NULL)
            (void)snprintf(hint, sizeof(hint), "write '%s:' below '%.*s:'", dot + 1,
                           (int)(dot - row->path), row->path);
        else
            (void)snprintf(hint, sizeof(hint), "write '%s:' at the top, not indented", row->path);
        report_unknown(l, key, what, "", hint);
        return;
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const char *word = word_in_section(keys[i].path, section != NULL ? section->path : "");

        if (word != NULL)
            words[count++] = word;
    }
    loader_unknown(l, key, what, words, count);
}

/* ---- the walk ---- */

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
            row = find_key(path);
        if (row != NULL)
            row->load(l, row, node);
        else
            report_unknown_key(l, section, node->key);
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

/* ---- scalars ---- */

static void load_text_setting(struct loader *l, const struct setting_row *row,
                              const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);

    if (load_text_check(row, node->text, &place, l->diag) &&
        !setting_set_text(&l->policy->settings, row, node->text))
        l->nomem = true;
}

/* Words that other programs read as "nothing": as a text they are hardly meant. */
static bool is_null_word(const struct yaml_node *node)
{
    return node->plain && (strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

void load_setting(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    const struct setting_row *setting = setting_find(row->path);
    struct diag_place place = loader_place(l, node);
    long long value;

    if (!loader_first(l, &l->seen[row - keys], row->path, node->key) ||
        !loader_expect(l, node, KIND_TEXT, row->path))
        return;
    if (yaml_is_empty(node) || is_null_word(node)) {
        diag_report(l->diag, HELO_ERROR, &place,
                    setting->type == SETTING_TEXT ? "write \"\" for none"
                                                  : "leave the key out for the default",
                    "%s: a value is missing here", row->path);
    } else if (setting->type == SETTING_TEXT) {
        load_text_setting(l, setting, node);
    } else if (setting_parse(setting, node->text, node->plain, &place, l->diag, &value)) {
        setting_set_number(&l->policy->settings, setting, value);
    }
}
