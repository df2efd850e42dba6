/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml_tree.c - a tree's nodes, and places in its file
 *
 * PURPOSE  What yaml.c builds with.
 */
#include "policy/yaml.h"

/* ---- nodes ---- */

void yaml_tree_fini(struct yaml_tree *tree)
{
    arena_fini(&tree->arena);
    tree->root = NULL;
}

bool yaml_is_empty(const struct yaml_node *node)
{
    return node->kind == KIND_TEXT && node->plain && node->text[0] == '\0';
}

struct diag_place yaml_place(const struct diag_file *file, const struct yaml_node *node)
{
    return (struct diag_place){file, node->line, node->column};
}

/* ---- places ---- */

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80; /* RFC 3629 3 */
}

static void cursor_forward(struct yaml_cursor *c, const struct diag_file *file)
{
    if (file->text[c->offset++] == '\n') {
        c->line++;
        c->line_start = c->offset;
    }
    while (c->offset < file->length && is_continuation(file->text[c->offset]))
        c->offset++;
    c->index++;
}

static void cursor_back(struct yaml_cursor *c, const struct diag_file *file)
{
    do {
        c->offset--;
    } while (is_continuation(file->text[c->offset]));
    c->index--;
    if (file->text[c->offset] != '\n')
        return;
    c->line--;
    for (c->line_start = c->offset; c->line_start > 0 && file->text[c->line_start - 1] != '\n';)
        c->line_start--;
}

/*
 * Marks come in order but for a step back now and then: all of them together cost one walk through
 * the file.
 */
void yaml_cursor_move(struct yaml_cursor *c, const struct diag_file *file, size_t index)
{
    while (c->index < index && c->offset < file->length)
        cursor_forward(c, file);
    while (c->index > index)
        cursor_back(c, file);
}
