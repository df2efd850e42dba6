/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_settings.c - scalar settings, by the rows of schema.def; and `version`
 */
#include <string.h>

#include "base/limits.h"
#include "policy/loader.h"

static bool keep_text(struct loader *l, const struct setting_row *row, const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);

    if (!load_text_check(row, node->text, &place, l->diag))
        return false;
    if (!setting_set_text(l->scope->settings, row, node->text))
        l->nomem = true;
    return true;
}

/* Words that other programs read as "nothing": as a text they are hardly meant. */
static bool is_null_word(const struct yaml_node *node)
{
    return node->plain && (strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

/* False: it was reported. */
static bool take_value(struct loader *l, const struct setting_row *row,
                       const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);
    long long value;

    if (yaml_is_empty(node) || is_null_word(node)) {
        diag_report(l->diag, HELO_ERROR, &place,
                    row->type == SETTING_TEXT ? "write \"\" for none"
                                              : "leave the key out for the default",
                    "%s: a value is missing here", row->key);
        return false;
    }
    if (row->type == SETTING_TEXT)
        return keep_text(l, row, node);
    if (!setting_parse(row, node->text, node->plain, &place, l->diag, &value))
        return false;
    setting_set_number(l->scope->settings, row, value);
    return true;
}

void load_setting(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    const struct setting_row *setting = setting_find(row->path);
    size_t index = setting_index(setting);

    if (!loader_first(l, &l->layer->seen[key_index(row->path)], row->path, node->key) ||
        !loader_expect(l, node, KIND_TEXT, row->path) || !take_value(l, setting, node))
        return;
    l->scope->set[index] = true;
    if (l->scope->origins != NULL)
        l->scope->origins[index] = loader_origin(l, node);
}

/* Each file may say which version of it this is; reports and logs name it. */
void load_version(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    struct policy_entry entry = {.text = node->text,
                                 .file = l->current->file.path,
                                 .line = node->line,
                                 .expires_day = INT64_MAX};

    if (!loader_expect(l, node, KIND_TEXT, row->path))
        return;
    if (node->text[0] == '\0')
        loader_refuse(l, node, row->path, "is no version", "any text, best a date");
    else if (strlen(node->text) > LIMIT_VERSION_TEXT)
        loader_refuse(l, node, row->path, "is too long", "at most 64 bytes");
    else if (!l->current->read && !policy_add_entry(&l->policy->versions, &entry))
        l->nomem = true;
}
