/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml_tree.c - the memory of a tree, and places in its file
 *
 * PURPOSE  What yaml.c builds with. Nodes and texts live in blocks that go all at once.
 */
#include "policy/yaml.h"

#include <stdalign.h>

#include "base/mem.h"

/* ---- memory ---- */

enum { BLOCK_BYTES = 32 * 1024 };

struct yaml_block {
    struct yaml_block *next;
    size_t used, room;
    max_align_t data[];
};

void *yaml_tree_alloc(struct yaml_tree *tree, size_t size)
{
    struct yaml_block *block = tree->blocks;
    size_t room;
    void *memory;

    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (block == NULL || block->room - block->used < size) {
        room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        block = mem_zalloc(sizeof(*block) + room);
        if (block == NULL)
            return NULL;
        block->next = tree->blocks;
        block->room = room;
        tree->blocks = block;
    }
    memory = (char *)block->data + block->used;
    block->used += size;
    return memory;
}

void yaml_tree_fini(struct yaml_tree *tree)
{
    while (tree->blocks != NULL) {
        struct yaml_block *block = tree->blocks;

        tree->blocks = block->next;
        mem_free(block);
    }
    tree->root = NULL;
}

void yaml_append(struct yaml_node *parent, struct yaml_node *node)
{
    if (parent->first == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    parent->count++;
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
