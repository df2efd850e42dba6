/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * effective_lists.c - the lists of an effective policy, see effective.h
 */
#include <stdio.h>
#include <string.h>

#include "policy/builtin.h"
#include "policy/effective.h"
#include "policy/explain.h"

bool effective_is_long(const struct policy_list *list)
{
    return list->count > EFFECTIVE_FEW;
}

bool effective_is_builtin_profile(const char *name)
{
    const struct builtin_file *file;

    for (size_t i = 0; (file = builtin_profile(i)) != NULL; i++) {
        if (strcmp(file->name, name) == 0)
            return true;
    }
    return false;
}

/* All of it comes with the library. */
static const char *builtin_path(const struct policy_list *list)
{
    const struct builtin_file *file;

    for (size_t i = 0; list->count > 0 && (file = builtin_data(i)) != NULL; i++) {
        if (strcmp(file->path, list->entries[0].file) == 0)
            return file->path;
    }
    return NULL;
}

/* ---- parts of an entry ---- */

/* Gregorian, from days since 1970-01-01; by years of 400, which have the same number of days. */
static void add_date(struct text *out, int64_t day)
{
    /* Days since 0000-03-01: a leap day is the last of its year then. */
    int64_t days = day + 719468;
    int64_t era = days / 146097;
    int64_t of_era = days % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153; /* 0: March */

    text_addf(out, "%04d-%02d-%02d", (int)(era * 400 + year + (month >= 10)),
              (int)(month < 10 ? month + 3 : month - 9),
              (int)(of_year - (153 * month + 2) / 5 + 1));
}

/* Each between `before` and `after`: in one line or over several. */
static void add_extras(struct text *out, const struct policy_entry *entry, const char *before,
                       const char *after)
{
    const struct {
        const char *key;
        const char *text;
    } extras[] = {{"note", entry->note}, {"owner", entry->owner}};

    for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
        if (extras[i].text == NULL)
            continue;
        text_addf(out, "%s%s: ", before, extras[i].key);
        effective_scalar(out, extras[i].text);
        text_add(out, after);
    }
    if (entry->expires_day != INT64_MAX) {
        text_addf(out, "%sexpires: ", before);
        add_date(out, entry->expires_day);
        text_add(out, after);
    }
}

static bool has_extras(const struct policy_entry *entry)
{
    return entry->note != NULL || entry->owner != NULL || entry->expires_day != INT64_MAX;
}

/* ---- entries ---- */

static const char *part_of(const struct list_row *row, const struct policy_entry *entry)
{
    struct cidr net;

    if (row->kind != LIST_OF_POOLS)
        return row->part;
    return cidr_parse(entry->text, &net) == CIDR_OK ? "net" : "domain";
}

static void add_entry(struct text *out, const struct list_row *row,
                      const struct policy_entry *entry)
{
    if (!has_extras(entry)) {
        effective_scalar(out, entry->text);
        return;
    }
    text_addf(out, "{%s: ", part_of(row, entry));
    effective_scalar(out, entry->text);
    add_extras(out, entry, ", ", "");
    text_add(out, "}");
}

/* The first name is the entry's, as it was written; of one that has expired it is the only one. */
static void add_sender(struct text *out, const struct helo_policy *policy, size_t index)
{
    const struct policy_entry *entry = &policy->senders.entries[index];
    const char *name;

    text_add(out, "{helo: [");
    effective_scalar(out, entry->text);
    for (size_t i = 1; (name = list_sender_name(policy, index, i)) != NULL; i++) {
        text_add(out, ", ");
        effective_scalar(out, name);
    }
    text_add(out, "], hosts: [");
    for (size_t i = 0; (name = list_sender_host(policy, index, i)) != NULL; i++) {
        text_add(out, i > 0 ? ", " : "");
        effective_scalar(out, name);
    }
    text_add(out, "]");
    add_extras(out, entry, ", ", "");
    text_add(out, "}");
}

static void add_zone(struct text *out, const struct helo_policy *policy, size_t index)
{
    const struct policy_entry *entry = &policy->rhsbl_zones.entries[index];
    char code[LIST_CODE_SIZE];

    text_add(out, "{zone: ");
    effective_scalar(out, entry->text);
    text_add(out, ", codes: [");
    for (size_t i = 0; list_zone_code(policy, index, i, code); i++)
        text_addf(out, "%s%s", i > 0 ? ", " : "", code);
    text_add(out, "]");
    add_extras(out, entry, ", ", "");
    text_add(out, "}");
}

/* Over several lines, with its rules; the first one has the place. */
static void add_listener(struct text *out, const struct helo_policy *policy, size_t index,
                         unsigned indent)
{
    const struct listener *listener = &policy->listener_rules[index];
    const struct policy_entry *entry = &policy->listeners.entries[index];
    char defer[SETTING_VALUE_SIZE], reject[SETTING_VALUE_SIZE], before[16];

    (void)snprintf(before, sizeof(before), "%*s", (int)indent, "");
    if (listener->name != NULL) {
        text_add(out, "name: ");
        effective_scalar(out, listener->name);
        effective_end(out, entry->file, entry->line);
    }
    if (listener->port != 0) {
        text_addf(out, "%sport: %u", listener->name != NULL ? before : "", listener->port);
        effective_end(out, entry->file, entry->line);
    }
    add_extras(out, entry, before, "\n");
    if (listener->profile != NULL) {
        text_addf(out, "%s%sprofile: ", before,
                  effective_is_builtin_profile(listener->profile) ? "" : "# ");
        effective_scalar(out, listener->profile);
        text_add(out, "\n");
    }
    text_addf(out, "%sscore: {defer: %s, reject: %s}\n", before,
              score_format(listener->rules.score_defer, defer),
              score_format(listener->rules.score_reject, reject));
    text_addf(out, "%schecks:\n", before);
    effective_rules(out, &listener->rules, indent + 2);
}

/* ---- lists ---- */

/* The entries from `first` on that stand in one file. */
static size_t run_length(const struct policy_list *list, size_t first)
{
    size_t end = first + 1;

    while (end < list->count && strcmp(list->entries[end].file, list->entries[first].file) == 0)
        end++;
    return end - first;
}

/* "# FILE:3 to 100002 (100000 entries)" */
static void add_run(struct text *out, const struct policy_list *list, size_t first, size_t length,
                    unsigned indent)
{
    effective_indent(out, indent);
    text_add(out, "# ");
    effective_place(out, list->entries[first].file, list->entries[first].line);
    if (length > 1)
        text_addf(out, " to %u (%zu entries)", list->entries[first + length - 1].line, length);
    text_add(out, "\n");
}

static void add_item(struct text *out, const struct helo_policy *policy, const struct list_row *row,
                     size_t index, unsigned indent)
{
    const struct policy_list *list = list_of(policy, row);

    switch (row->kind) {
    case LIST_OF_SENDERS:
        add_sender(out, policy, index);
        break;
    case LIST_OF_ZONES:
        add_zone(out, policy, index);
        break;
    case LIST_OF_LISTENERS:
        add_listener(out, policy, index, indent + 2);
        return;
    case LIST_OF_ENTRIES:
    case LIST_OF_POOLS:
    default:
        add_entry(out, row, &list->entries[index]);
        break;
    }
    if (effective_is_long(list))
        text_add(out, "\n");
    else
        effective_end(out, list->entries[index].file, list->entries[index].line);
}

static void add_items(struct text *out, const struct helo_policy *policy,
                      const struct list_row *row, unsigned indent)
{
    const struct policy_list *list = list_of(policy, row);

    for (size_t i = 0, left = 0; i < list->count && !out->failed; i++, left--) {
        if (left == 0) {
            left = run_length(list, i);
            if (effective_is_long(list))
                add_run(out, list, i, left, indent);
        }
        effective_indent(out, indent);
        text_add(out, "- ");
        add_item(out, policy, row, i, indent);
    }
}

void effective_list(struct text *out, const struct helo_policy *policy, const struct list_row *row,
                    unsigned indent)
{
    const struct policy_list *list = list_of(policy, row);
    const char *dot = strrchr(row->key, '.');
    const char *key = dot != NULL ? dot + 1 : row->key;
    const char *builtin = builtin_path(list);

    effective_indent(out, indent);
    if (builtin != NULL) {
        text_addf(out, "# %s: %zu entries, %s\n", key, list->count, builtin);
        return;
    }
    if (list->count == 0) {
        text_addf(out, "%s: []\n", key);
        return;
    }
    text_addf(out, "%s:\n", key);
    add_items(out, policy, row, indent + 2);
}
