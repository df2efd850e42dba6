/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * changes.c - helo_policy_changes(): how one policy differs from another
 *
 * PURPOSE  What a reload has changed, a line each, for the log: profile, lists, settings, texts,
 *          versions, checks. Another profile changes dozens of checks: what a site wrote itself
 *          comes before them, where a log that ends early still has it.
 * CONTRACT Where a value comes from is told, and is no difference. Every line is printable, apart
 *          from what the site wrote in another language. Equal policies have no lines; and two
 *          without lines are the same to whoever asks them.
 *              networks: 1 added (192.0.2.0/24), 30 removed
 *              listeners: 1 changed (MTA2:2525)
 *              mode: enforce, was observe (milter-helo.yaml:3)
 *              checks.own_ip: reject, was observe (milter-helo.yaml:9)
 *              checks.not_fqdn.one_label: score 2.5, was 0 (default)
 * OWNERSHIP Keeps nothing. Without memory a list that differs is told of, but not how.
 * LIMITS   Entries are named when there are at most CHANGES_NAMED of a kind.
 */
#include "policy/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/effective.h"
#include "policy/explain.h"
#include "policy/lists.h"

enum { CHANGES_NAMED = 3 };

/* ---- lines ---- */

/* Takes the line over. */
void changes_tell(struct changes *c, struct text *line)
{
    c->count++;
    if (c->fn != NULL)
        c->fn(c->arg, line->failed || line->data == NULL ? "no memory to say what" : line->data);
    text_fini(line);
}

void changes_add_text(struct text *line, const char *s)
{
    text_add(line, "\"");
    explain_site_text(s, line);
    text_add(line, "\"");
}

void changes_add_place(struct text *line, const char *file, unsigned line_number)
{
    text_add(line, " (");
    effective_place(line, file, line_number);
    text_add(line, ")");
}

bool changes_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- profile and settings ---- */

static void compare_profile(struct changes *c)
{
    const struct origin *origin = &c->policy->profile_origin;
    struct text line;

    if (changes_same_text(c->former->profile, c->policy->profile))
        return;
    text_init(&line, CHANGES_LINE_BYTES);
    text_add(&line, "profile: ");
    explain_site_text(c->policy->profile != NULL ? c->policy->profile : "none", &line);
    text_add(&line, ", was ");
    explain_site_text(c->former->profile != NULL ? c->former->profile : "none", &line);
    if (c->policy->profile != NULL)
        changes_add_place(&line, origin->file, origin->line);
    changes_tell(c, &line);
}

static bool same_setting(const struct settings *a, const struct settings *b,
                         const struct setting_row *row)
{
    if (row->type == SETTING_TEXT)
        return strcmp(setting_text(a, row), setting_text(b, row)) == 0;
    return setting_number(a, row) == setting_number(b, row);
}

static void add_setting(struct text *line, const struct settings *s, const struct setting_row *row)
{
    char value[SETTING_VALUE_SIZE];

    if (row->type == SETTING_TEXT)
        changes_add_text(line, setting_text(s, row));
    else
        text_add(line, setting_format(row, setting_number(s, row), value));
}

static void compare_settings(struct changes *c)
{
    const struct setting_row *row;
    struct text line;

    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        const struct origin *origin = &c->policy->setting_origin[i];

        if (same_setting(&c->former->settings, &c->policy->settings, row))
            continue;
        text_init(&line, CHANGES_LINE_BYTES);
        text_addf(&line, "%s: ", row->key);
        add_setting(&line, &c->policy->settings, row);
        text_add(&line, ", was ");
        add_setting(&line, &c->former->settings, row);
        changes_add_place(&line, origin->file, origin->line);
        changes_tell(c, &line);
    }
}

/* ---- checks ---- */

/* What a reason has: its action or its score, with its place. */
struct value {
    unsigned number;
    const struct origin *origin;
};

typedef struct value value_fn(const struct rules *rules, enum reason_id reason);

static struct value action_value(const struct rules *rules, enum reason_id reason)
{
    return (struct value){rules->action[reason], &rules->action_origin[reason]};
}

static struct value score_value(const struct rules *rules, enum reason_id reason)
{
    return (struct value){rules->score[reason], &rules->score_origin[reason]};
}

static void add_value(struct text *line, value_fn *get, struct value value)
{
    char score[SETTING_VALUE_SIZE];

    text_add(line, get == action_value ? helo_action_text((enum helo_action)value.number)
                                       : score_format(value.number, score));
}

/* reason: REASON_COUNT for all of the check's, which `of` stands for. */
static void tell_value(struct changes *c, value_fn *get, enum check_id check, enum reason_id reason,
                       enum reason_id of)
{
    struct value now = get(&c->policy->rules, of);
    struct text line;

    text_init(&line, CHANGES_LINE_BYTES);
    text_addf(&line, "checks.%s", check_row(check)->name);
    if (reason != REASON_COUNT)
        text_addf(&line, ".%s", reason_row(reason)->name);
    text_add(&line, get == score_value ? ": score " : ": ");
    add_value(&line, get, now);
    text_add(&line, ", was ");
    add_value(&line, get, get(&c->former->rules, of));
    changes_add_place(&line, now.origin->file, now.origin->line);
    changes_tell(c, &line);
}

/* Where all reasons of a check had one value and have another, one line tells of all. */
static void compare_values(struct changes *c, value_fn *get, enum check_id check)
{
    enum reason_id first = REASON_COUNT;
    unsigned differing = 0;
    bool uniform = true;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        enum reason_id id = (enum reason_id)i;

        if (reason_row(id)->check != check)
            continue;
        first = first == REASON_COUNT ? id : first;
        differing += get(&c->former->rules, id).number != get(&c->policy->rules, id).number;
        uniform = uniform &&
                  get(&c->former->rules, id).number == get(&c->former->rules, first).number &&
                  get(&c->policy->rules, id).number == get(&c->policy->rules, first).number;
    }
    if (differing > 0 && uniform) {
        tell_value(c, get, check, REASON_COUNT, first);
        return;
    }
    for (unsigned i = 0; differing > 0 && i < REASON_COUNT; i++) {
        enum reason_id id = (enum reason_id)i;

        if (reason_row(id)->check == check &&
            get(&c->former->rules, id).number != get(&c->policy->rules, id).number)
            tell_value(c, get, check, id, id);
    }
}

static void compare_checks(struct changes *c)
{
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        compare_values(c, action_value, (enum check_id)i);
        compare_values(c, score_value, (enum check_id)i);
    }
}

/* ---- entries of lists ---- */

static bool same_rules(const struct rules *a, const struct rules *b)
{
    return memcmp(a->action, b->action, sizeof(a->action)) == 0 &&
           memcmp(a->score, b->score, sizeof(a->score)) == 0 && a->score_defer == b->score_defer &&
           a->score_reject == b->score_reject;
}

typedef const char *item_fn(const struct helo_policy *policy, size_t entry, size_t i);

static bool same_items(const struct changes *c, item_fn *get, size_t former, size_t now)
{
    for (size_t i = 0;; i++) {
        const char *a = get(c->former, former, i);
        const char *b = get(c->policy, now, i);

        if (!changes_same_text(a, b))
            return false;
        if (a == NULL)
            return true;
    }
}

static bool same_zone(const struct changes *c, size_t former, size_t now)
{
    char a[LIST_CODE_SIZE], b[LIST_CODE_SIZE];

    for (size_t i = 0;; i++) {
        bool has_a = list_zone_code(c->former, former, i, a);
        bool has_b = list_zone_code(c->policy, now, i, b);

        if (has_a != has_b || (has_a && strcmp(a, b) != 0))
            return false;
        if (!has_a)
            return true;
    }
}

/* What an entry has beside its text. */
static bool same_entry(const struct changes *c, const struct list_row *row, size_t former,
                       size_t now)
{
    const struct policy_entry *a = &list_of(c->former, row)->entries[former];
    const struct policy_entry *b = &list_of(c->policy, row)->entries[now];

    if (!changes_same_text(a->note, b->note) || !changes_same_text(a->owner, b->owner) ||
        a->expires_day != b->expires_day)
        return false;
    switch (row->kind) {
    case LIST_OF_SENDERS:
        return same_items(c, list_sender_name, former, now) &&
               same_items(c, list_sender_host, former, now);
    case LIST_OF_ZONES:
        return same_zone(c, former, now);
    case LIST_OF_LISTENERS:
        return same_rules(&c->former->listener_rules[former].rules,
                          &c->policy->listener_rules[now].rules);
    case LIST_OF_ENTRIES:
    case LIST_OF_POOLS:
    default:
        return true;
    }
}

/* ---- lists ---- */

/* An entry where it stands among those sorted by their texts. */
struct place {
    const struct policy_entry *entry;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = strcmp(a->entry->text, b->entry->text);

    return order != 0 ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

/* NULL: no memory. */
static struct place *sorted(const struct policy_list *list)
{
    struct place *places = mem_array(list->count, sizeof(*places));

    for (size_t i = 0; places != NULL && i < list->count; i++)
        places[i].entry = &list->entries[i];
    if (places != NULL && list->count > 0)
        qsort(places, list->count, sizeof(*places), compare_places);
    return places;
}

/* Entries of one kind of difference. */
struct group {
    const char *what;
    size_t count;
    const struct policy_entry *named[CHANGES_NAMED];
};

enum { ADDED, REMOVED, CHANGED, GROUP_COUNT };

static void note(struct group *group, const struct policy_entry *entry)
{
    if (group->count < CHANGES_NAMED)
        group->named[group->count] = entry;
    group->count++;
}

/* Both are sorted by text: what stands in one alone is met before its place in the other. */
static void merge(const struct changes *c, const struct list_row *row, const struct place *former,
                  const struct place *now, struct group groups[GROUP_COUNT])
{
    const struct policy_list *before = list_of(c->former, row), *after = list_of(c->policy, row);
    size_t i = 0, j = 0;

    while (i < before->count || j < after->count) {
        int order = i == before->count  ? 1
                    : j == after->count ? -1
                                        : strcmp(former[i].entry->text, now[j].entry->text);

        if (order < 0)
            note(&groups[REMOVED], former[i++].entry);
        else if (order > 0)
            note(&groups[ADDED], now[j++].entry);
        else if (same_entry(c, row, (size_t)(former[i].entry - before->entries),
                            (size_t)(now[j].entry - after->entries)))
            i++, j++;
        else
            i++, note(&groups[CHANGED], now[j++].entry);
    }
}

static void add_group(struct text *line, const struct group *group, bool first)
{
    text_addf(line, "%s%zu %s", first ? "" : ", ", group->count, group->what);
    for (size_t i = 0; group->count <= CHANGES_NAMED && i < group->count; i++) {
        text_add(line, i == 0 ? " (" : ", ");
        explain_site_text(group->named[i]->text, line);
    }
    text_add(line, group->count <= CHANGES_NAMED ? ")" : "");
}

static void tell_groups(struct changes *c, const char *key, const struct group groups[GROUP_COUNT])
{
    struct text line;
    bool first = true;

    text_init(&line, CHANGES_LINE_BYTES);
    text_addf(&line, "%s: ", key);
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (groups[i].count > 0) {
            add_group(&line, &groups[i], first);
            first = false;
        }
    }
    changes_tell(c, &line);
}

/* The same entries in the same order: what most reloads find in most lists, without memory. */
static bool same_list(const struct changes *c, const struct list_row *row)
{
    const struct policy_list *before = list_of(c->former, row), *after = list_of(c->policy, row);

    if (before->count != after->count)
        return false;
    for (size_t i = 0; i < before->count; i++) {
        if (strcmp(before->entries[i].text, after->entries[i].text) != 0 ||
            !same_entry(c, row, i, i))
            return false;
    }
    return true;
}

static void compare_list(struct changes *c, const struct list_row *row)
{
    struct group groups[GROUP_COUNT] = {[ADDED] = {.what = "added"},
                                        [REMOVED] = {.what = "removed"},
                                        [CHANGED] = {.what = "changed"}};
    struct place *former, *now;

    if (same_list(c, row))
        return;
    former = sorted(list_of(c->former, row));
    now = sorted(list_of(c->policy, row));
    if (former == NULL || now == NULL) {
        struct text line;

        text_init(&line, CHANGES_LINE_BYTES);
        text_addf(&line, "%s: not the same", row->key);
        changes_tell(c, &line);
    } else {
        merge(c, row, former, now, groups);
        /* In another order a list is the same, but for what counts first. */
        if (groups[ADDED].count + groups[REMOVED].count + groups[CHANGED].count > 0)
            tell_groups(c, row->key, groups);
    }
    mem_free(former);
    mem_free(now);
}

/* ---- versions ---- */

static const struct policy_entry *find_version(const struct policy_list *versions, const char *file)
{
    for (size_t i = 0; i < versions->count; i++) {
        if (strcmp(versions->entries[i].file, file) == 0)
            return &versions->entries[i];
    }
    return NULL;
}

static void compare_versions(struct changes *c)
{
    struct text line;

    for (size_t i = 0; i < c->policy->versions.count; i++) {
        const struct policy_entry *now = &c->policy->versions.entries[i];
        const struct policy_entry *former = find_version(&c->former->versions, now->file);

        if (former == NULL || strcmp(former->text, now->text) == 0)
            continue;
        text_init(&line, CHANGES_LINE_BYTES);
        text_add(&line, "version: ");
        explain_site_text(now->text, &line);
        text_add(&line, ", was ");
        explain_site_text(former->text, &line);
        changes_add_place(&line, now->file, now->line);
        changes_tell(c, &line);
    }
}

size_t helo_policy_changes(const helo_policy *former, const helo_policy *policy, helo_change_fn *fn,
                           void *arg)
{
    struct changes c = {.former = former, .policy = policy, .fn = fn, .arg = arg};
    const struct list_row *row;

    compare_profile(&c);
    for (size_t i = 0; (row = list_row(i)) != NULL; i++)
        compare_list(&c, row);
    compare_settings(&c);
    changes_of_reply_texts(&c);
    compare_versions(&c);
    compare_checks(&c);
    return c.count;
}
