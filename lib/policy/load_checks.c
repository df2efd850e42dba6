/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_checks.c - `checks:`, by the rows of checks.def
 *
 * PURPOSE  NAME: ACTION sets every reason of a check; NAME: {action: ACTION, reasons: {REASON:
 *          ACTION}} sets some of them apart. Without `action`, the reasons that are not named keep
 *          their defaults.
 */
#include <stdio.h>
#include <string.h>

#include "policy/loader.h"

/* What a file may say; `accept` is not among them: a check that accepts is off. */
static const enum helo_action accepted[] = {HELO_ACTION_OFF, HELO_ACTION_OBSERVE, HELO_ACTION_DEFER,
                                            HELO_ACTION_REJECT};

enum { ACCEPTED_COUNT = sizeof(accepted) / sizeof(accepted[0]) };

enum { CHECK_PATH_SIZE = 48 };

static char *check_path(enum check_id check, char out[CHECK_PATH_SIZE])
{
    (void)snprintf(out, CHECK_PATH_SIZE, "checks.%s", check_row(check)->name);
    return out;
}

static bool parse_action(struct loader *l, const struct yaml_node *node, const char *name,
                         enum helo_action *out)
{
    const char *words[ACCEPTED_COUNT];

    if (!loader_expect(l, node, KIND_TEXT, name))
        return false;
    for (size_t i = 0; i < ACCEPTED_COUNT; i++) {
        words[i] = helo_action_text(accepted[i]);
        if (strcmp(node->text, words[i]) == 0) {
            *out = accepted[i];
            return true;
        }
    }
    loader_unknown(l, node, "action", words, ACCEPTED_COUNT);
    return false;
}

static void set_reason(struct loader *l, enum reason_id reason, enum helo_action action,
                       const struct yaml_node *node)
{
    enum check_id check = reason_row(reason)->check;

    l->policy->action[reason] = action;
    if (action >= HELO_ACTION_DEFER)
        l->strongest[check] = loader_place(l, node);
}

static void set_check(struct loader *l, enum check_id check, const struct yaml_node *node)
{
    enum helo_action action;
    char path[CHECK_PATH_SIZE];

    if (!parse_action(l, node, check_path(check, path), &action))
        return;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check)
            set_reason(l, (enum reason_id)i, action, node);
    }
}

static void load_reason(struct loader *l, enum check_id check, const struct yaml_node *node)
{
    enum reason_id reason = reason_find(check, node->key->text);
    const char *words[REASON_COUNT];
    enum helo_action action;
    size_t count = 0;

    if (reason != REASON_COUNT) {
        if (parse_action(l, node, node->key->text, &action))
            set_reason(l, reason, action, node);
        return;
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check)
            words[count++] = reason_row((enum reason_id)i)->name;
    }
    loader_unknown(l, node->key, "reason", words, count);
}

static void load_parts(struct loader *l, enum check_id check, const struct yaml_node *mapping)
{
    static const char *const words[] = {"action", "reasons"};
    const struct yaml_node *reasons = NULL;

    /* The reasons come after the action, in whatever order they stand. */
    for (const struct yaml_node *node = mapping->first; node != NULL; node = node->next) {
        if (strcmp(node->key->text, "action") == 0)
            set_check(l, check, node);
        else if (strcmp(node->key->text, "reasons") == 0)
            reasons = node;
        else
            loader_unknown(l, node->key, "key of a check:", words,
                           sizeof(words) / sizeof(words[0]));
    }
    if (reasons == NULL || !loader_expect(l, reasons, KIND_MAPPING, "reasons"))
        return;
    for (const struct yaml_node *node = reasons->first; node != NULL; node = node->next)
        load_reason(l, check, node);
}

static void load_check(struct loader *l, const struct yaml_node *node)
{
    enum check_id check = check_find(node->key->text);
    const char *words[CHECK_COUNT];
    char path[CHECK_PATH_SIZE];

    if (check == CHECK_COUNT) {
        for (unsigned i = 0; i < CHECK_COUNT; i++)
            words[i] = check_row((enum check_id)i)->name;
        loader_unknown(l, node->key, "check", words, CHECK_COUNT);
    } else if (loader_first(l, &l->check_seen[check], check_path(check, path), node->key)) {
        if (node->kind == KIND_MAPPING)
            load_parts(l, check, node);
        else
            set_check(l, check, node);
    }
}

void load_checks(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    if (yaml_is_empty(node) || !loader_expect(l, node, KIND_MAPPING, row->path))
        return;
    for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next)
        load_check(l, entry);
}
