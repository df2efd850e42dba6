/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_entry.c - one entry of a list
 *
 * PURPOSE  "192.0.2.0/24", or {net: "192.0.2.0/24", note: TEXT, owner: TEXT, expires: YYYY-MM-DD}:
 *          the same for every list, with the keys that its form has in place of `net`.
 * CONTRACT An entry past its date is kept, so that it is shown, and warned about.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "policy/loader.h"

/* What every entry may have beside its own keys. */
static const char *const extras[] = {"note", "owner", "expires"};

enum { EXTRA_NOTE, EXTRA_OWNER, EXTRA_EXPIRES, EXTRA_COUNT };

static void take_expires(struct loader *l, const struct yaml_node *node, struct loaded_entry *out)
{
    struct diag_place place = loader_place(l, node);
    int64_t day = clock_parse_date(node->text);

    if (day < 0) {
        loader_refuse(l, node, out->key, "is not a date",
                      "YEAR-MONTH-DAY, as in 2027-03-31: the last day the entry holds");
        return;
    }
    out->entry.expires_day = day;
    out->expired = day < l->today;
    if (out->expired)
        diag_report(l->diag, HELO_WARNING, &place, "remove the entry, or give it another date",
                    "%s: this entry expired on %s and has no effect", out->key, node->text);
}

static void take_extra(struct loader *l, size_t extra, const struct yaml_node *node,
                       struct loaded_entry *out)
{
    if (!loader_expect(l, node, KIND_TEXT, out->key))
        return;
    if (extra == EXTRA_NOTE)
        out->entry.note = node->text;
    else if (extra == EXTRA_OWNER)
        out->entry.owner = node->text;
    else
        take_expires(l, node, out);
}

static size_t key_count(const struct entry_form *form)
{
    size_t count = 0;

    while (count < ENTRY_KEYS && form->keys[count].name != NULL)
        count++;
    return count;
}

/* Where a word stands among count ones; count when it does not. */
static size_t find_word(const char *const *words, size_t count, const char *word)
{
    size_t i = 0;

    while (i < count && strcmp(words[i], word) != 0)
        i++;
    return i;
}

static void report_unknown(struct loader *l, const struct entry_form *form,
                           const struct yaml_node *key, const char *const *words, size_t count)
{
    char what[64] = "key of ";

    (void)text_copy(what + strlen(what), sizeof(what) - strlen(what), form->what);
    (void)text_copy(what + strlen(what), sizeof(what) - strlen(what), ":");
    loader_unknown(l, key, what, words, count);
}

/* given[]: it stands there, perhaps as what it cannot be, which has been reported. */
static void take_mapping(struct loader *l, const struct entry_form *form,
                         const struct yaml_node *item, struct loaded_entry *out,
                         bool given[ENTRY_KEYS])
{
    const char *words[ENTRY_KEYS + EXTRA_COUNT];
    size_t own = key_count(form);

    for (size_t i = 0; i < own; i++)
        words[i] = form->keys[i].name;
    memcpy(words + own, extras, sizeof(extras));
    for (const struct yaml_node *node = item->first; node != NULL; node = node->next) {
        size_t i = find_word(words, own + EXTRA_COUNT, node->key->text);

        if (i < own) {
            given[i] = true;
            if (loader_expect(l, node, form->keys[i].kind, out->key))
                out->part[i] = node;
        } else if (i < own + EXTRA_COUNT) {
            take_extra(l, i - own, node, out);
        } else {
            report_unknown(l, form, node->key, words, own + EXTRA_COUNT);
        }
    }
}

/* Reports that what must be there is not: `what` says so. */
static void report_missing(struct loader *l, const struct entry_form *form,
                           const struct loaded_entry *entry, const char *what)
{
    struct diag_place place = loader_place(l, entry->item);
    char hint[128];

    if (form->plain)
        (void)snprintf(hint, sizeof(hint), "as in {%s: %s, note: \"branch office\"}",
                       form->keys[0].name, form->example);
    else
        (void)snprintf(hint, sizeof(hint), "as in %s", form->example);
    diag_report(l->diag, HELO_ERROR, &place, hint, "%s: this entry has %s", entry->key, what);
}

/* All that must be there is. */
static bool is_complete(struct loader *l, const struct entry_form *form,
                        const struct loaded_entry *entry, const bool given[ENTRY_KEYS])
{
    const char *either[2] = {NULL, NULL};
    bool found = false;
    char what[64];

    for (size_t i = 0; i < key_count(form); i++) {
        const struct entry_key *key = &form->keys[i];

        if (key->need == ENTRY_MUST && !given[i]) {
            (void)snprintf(what, sizeof(what), "no '%s'", key->name);
            report_missing(l, form, entry, what);
            return false;
        }
        if (key->need == ENTRY_EITHER) {
            either[either[0] != NULL] = key->name;
            found = found || given[i];
        }
    }
    if (either[0] == NULL || found)
        return true;
    (void)snprintf(what, sizeof(what), "neither '%s' nor '%s'", either[0], either[1]);
    report_missing(l, form, entry, what);
    return false;
}

/* All that is given is what it must be. */
static bool is_usable(const struct loaded_entry *entry, const bool given[ENTRY_KEYS])
{
    for (size_t i = 0; i < ENTRY_KEYS; i++) {
        if (given[i] && entry->part[i] == NULL)
            return false;
    }
    return true;
}

/* Its first text says what it is about. */
static void name_entry(struct loaded_entry *entry)
{
    for (size_t i = 0; i < ENTRY_KEYS; i++) {
        if (entry->part[i] != NULL && entry->part[i]->kind == KIND_TEXT) {
            entry->entry.text = entry->part[i]->text;
            entry->entry.line = entry->part[i]->line;
            return;
        }
    }
}

bool load_entry(struct loader *l, const char *key, const struct entry_form *form,
                const struct yaml_node *item, struct loaded_entry *out)
{
    bool given[ENTRY_KEYS] = {false};

    *out = (struct loaded_entry){
        .key = key,
        .item = item,
        .entry = {.text = "",
                  .file = l->current->file.path,
                  .line = item->line,
                  .expires_day = INT64_MAX},
    };
    if (form->what != NULL && item->kind == KIND_MAPPING) {
        take_mapping(l, form, item, out, given);
        if (!is_complete(l, form, out, given) || !is_usable(out, given))
            return false;
    } else if (loader_expect(l, item, form->plain ? KIND_TEXT : KIND_MAPPING, key)) {
        out->part[0] = item;
    } else {
        return false;
    }
    name_entry(out);
    return true;
}

bool loader_keep_entry(struct loader *l, struct policy_list *list, const struct loaded_entry *entry,
                       const char *text, uint32_t *tag)
{
    struct policy_entry copy = entry->entry;

    copy.text = text;
    *tag = (uint32_t)list->count;
    if (!policy_add_entry(list, &copy))
        l->nomem = true;
    return !l->nomem;
}
