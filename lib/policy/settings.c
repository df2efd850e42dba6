/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * settings.c - see settings.h
 *
 * PURPOSE  The rows of schema.def as a table, and the values they hold as struct fields. How they
 *          stand in a file: settings_text.c.
 */
#include "policy/settings.h"

#include <string.h>

#include "base/mem.h"
#include "policy/policy.h"

#define WORDS(...)        \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }
#define FIELD(field) offsetof(struct settings, field)

static const struct setting_row rows[] = {
#define NUMBER(key, field, default, min, max, help) \
    {key, SETTING_NUMBER, FIELD(field), default, min, max, NULL, NULL, help},
#define DURATION(key, field, default, min, max, help) \
    {key, SETTING_DURATION, FIELD(field), default, min, max, NULL, NULL, help},
#define SIZE(key, field, default, min, max, help) \
    {key, SETTING_SIZE, FIELD(field), default, min, max, NULL, NULL, help},
#define SCORE(key, field, default, min, max, help) \
    {key, SETTING_SCORE, FIELD(field), default, min, max, NULL, NULL, help},
#define BOOL(key, field, default, help) \
    {key, SETTING_BOOL, FIELD(field), default, 0, 1, NULL, NULL, help},
#define CHOICE(key, field, default, choices, help) \
    {key, SETTING_CHOICE, FIELD(field), default, 0, 0, choices, NULL, help},
#define TEXT(key, field, default, help) \
    {key, SETTING_TEXT, FIELD(field), 0, 0, 0, NULL, default, help},
#include "policy/schema.def"
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };
_Static_assert((int)ROW_COUNT == (int)SETTING_ROWS, "setting_origin[] has a place for every row");

const struct setting_row *setting_row(size_t i)
{
    return i < ROW_COUNT ? &rows[i] : NULL;
}

const struct setting_row *setting_find(const char *key)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

size_t setting_index(const struct setting_row *row)
{
    return (size_t)(row - rows);
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* The row's type says which of the two a field is; both come from the same line of schema.def. */
static long long *number_field(struct settings *s, const struct setting_row *row)
{
    return (long long *)(void *)((char *)s + row->offset);
}

static char **text_field(struct settings *s, const struct setting_row *row)
{
    return (char **)(void *)((char *)s + row->offset);
}

long long setting_number(const struct settings *s, const struct setting_row *row)
{
    long long value;

    memcpy(&value, (const char *)s + row->offset, sizeof(value));
    return value;
}

const char *setting_text(const struct settings *s, const struct setting_row *row)
{
    const char *text;

    memcpy(&text, (const char *)s + row->offset, sizeof(text));
    return text;
}

void setting_set_number(struct settings *s, const struct setting_row *row, long long value)
{
    *number_field(s, row) = value;
}

bool setting_set_text(struct settings *s, const struct setting_row *row, const char *text)
{
    char *copy = mem_copy_text(text);

    if (copy == NULL)
        return false;
    mem_free(*text_field(s, row));
    *text_field(s, row) = copy;
    return true;
}

bool settings_init(struct settings *s)
{
    memset(s, 0, sizeof(*s));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].type != SETTING_TEXT)
            setting_set_number(s, &rows[i], rows[i].initial);
        else if (!setting_set_text(s, &rows[i], rows[i].text))
            return false;
    }
    return true;
}

void settings_fini(struct settings *s)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].type == SETTING_TEXT) {
            mem_free(*text_field(s, &rows[i]));
            *text_field(s, &rows[i]) = NULL;
        }
    }
}

/* ---- helo.h: settings by their YAML path ----------------------------------------------------- */

const char *helo_policy_string(const helo_policy *policy, const char *key)
{
    const struct setting_row *row = setting_find(key);

    if (strcmp(key, "profile") == 0)
        return policy->profile;
    if (row != NULL && row->type == SETTING_TEXT)
        return setting_text(&policy->settings, row);
    if (row != NULL && row->type == SETTING_CHOICE)
        return row->words[setting_number(&policy->settings, row)];
    return NULL;
}

long long helo_policy_number(const helo_policy *policy, const char *key)
{
    const struct setting_row *row = setting_find(key);

    if (row == NULL || row->type == SETTING_TEXT || row->type == SETTING_CHOICE)
        return -1;
    return setting_number(&policy->settings, row);
}
