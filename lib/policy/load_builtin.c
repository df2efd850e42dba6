/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_builtin.c - data files that the library brings along
 *
 * PURPOSE  What no file of the site says of names (data.*) comes from the files of etc/data as they
 *          were when the library was built.
 * CONTRACT List by list: a site that has its own senders still gets the built-in words. A file none
 *          of whose lists is wanted leaves no trace, its `version` included.
 */
#include <stdio.h>
#include <string.h>

#include "policy/loader.h"

enum { KEY_PATH_SIZE = 64 };

/* A list of this section is wanted. */
static bool has_wanted(const struct loader *l, const struct yaml_node *section)
{
    char path[KEY_PATH_SIZE];

    for (const struct yaml_node *node = section->first; node != NULL; node = node->next) {
        const struct key_row *row;

        (void)snprintf(path, sizeof(path), "%s.%s", section->key->text, node->key->text);
        row = key_find(path);
        if (row != NULL && row->load == load_list && !l->list_of_site[row->list])
            return true;
    }
    return false;
}

static bool is_wanted(const struct loader *l, const struct yaml_node *root)
{
    for (const struct yaml_node *node = root->first; node != NULL; node = node->next) {
        if (node->kind == KIND_MAPPING && has_wanted(l, node))
            return true;
    }
    return false;
}

static void load_file(struct loader *l, const struct builtin_file *file)
{
    struct source *source;
    struct source made;
    enum helo_status status;

    source_from_builtin(file, &made);
    status = loader_keep_source(l, &made, FILE_BUILTIN_DATA, &source);
    l->nomem = l->nomem || status == HELO_NOMEM;
    if (status != HELO_OK || source->tree.root == NULL || source->tree.root->kind != KIND_MAPPING ||
        !is_wanted(l, source->tree.root))
        return;
    l->current = source;
    load_root(l, source->tree.root);
}

void load_builtin_data(struct loader *l)
{
    const struct builtin_file *file;

    memcpy(l->list_of_site, l->list_begun, sizeof(l->list_of_site));
    for (size_t i = 0; (file = builtin_data(i)) != NULL && !l->nomem; i++)
        load_file(l, file);
}
