/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml.h - a file of YAML as a tree of nodes with their places
 *
 * PURPOSE  All the loader needs of YAML, and none of what makes it dangerous.
 * CONTRACT One document of mappings, lists and texts of one line. Nothing is resolved: `yes`,
 *          `0660` and `~` are the text that stands there. Errors, each reported with its place:
 *          text that is not clean UTF-8, directives, anchors, aliases, tags, a second document,
 *          duplicate keys, keys that are no text, control characters in a text, and all that goes
 *          past a LIMIT_YAML_.
 * OWNERSHIP All nodes and texts are the tree's.
 * THREADS  none of its own.
 * LIMITS   LIMIT_YAML_DEPTH, LIMIT_YAML_NODES. Work is O(n log n) in the length of the file.
 * STANDARDS YAML 1.1 as libyaml reads it. Not: merge keys, schemas, explicit types, several
 *           documents.
 */
#ifndef HELO_POLICY_YAML_H
#define HELO_POLICY_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "include/helo.h"

enum yaml_kind {
    KIND_TEXT,
    KIND_LIST,
    KIND_MAPPING,
    KIND_BROKEN /* an alias: reported already, to be passed over */
};

/* Kept small: a large file has nearly a million, and touching fresh memory is what they cost. */
struct yaml_node {
    enum yaml_kind kind : 8;
    bool plain : 1;              /* of a text: without quotes */
    unsigned line, column;       /* 1-based, the column in bytes */
    unsigned count;              /* of a mapping or list */
    const char *text;            /* of a text; "" else */
    const struct yaml_node *key; /* in a mapping; NULL else */
    struct yaml_node *first;     /* of a mapping or list */
    struct yaml_node *next;
};

struct yaml_tree {
    struct yaml_node *root; /* NULL: the file says nothing */
    struct arena arena;     /* nodes and texts */
};

/*
 * HELO_OK: *out is a tree, though diag may have got errors. HELO_POLICY: there is no tree, and diag
 * has the reason. HELO_NOMEM. The text of file must outlive the places taken from the tree.
 */
enum helo_status yaml_tree_parse(const struct diag_file *file, struct diag *diag,
                                 struct yaml_tree *out);
void yaml_tree_fini(struct yaml_tree *tree);

/* Nothing stands there: `key:` with no value. */
bool yaml_is_empty(const struct yaml_node *node);
struct diag_place yaml_place(const struct diag_file *file, const struct yaml_node *node);

/* ---- for yaml.c ------------------------------------------------------------------------------ */

/* A place in the file, in libyaml's count and in ours. */
struct yaml_cursor {
    size_t index;  /* characters */
    size_t offset; /* bytes */
    size_t line_start;
    unsigned line; /* 0-based */
};

/* policy/yaml_tree.c */
void yaml_cursor_move(struct yaml_cursor *cursor, const struct diag_file *file, size_t index);

/*
 * False, and reported: file is not text that YAML can be. *ascii: every character of it is one
 * byte. policy/yaml_text.c
 */
bool yaml_text_check(const struct diag_file *file, struct diag *diag, bool *ascii);
/* How many bytes there are before the first that is not printable ASCII. policy/yaml_text.c */
size_t yaml_printable_run(const char *text, size_t left);
/*
 * Reports every key that stands twice, and takes the second away. False: no memory.
 * policy/yaml_keys.c
 */
bool yaml_keys_check(const struct diag_file *file, struct yaml_node *mapping, struct diag *diag);

#endif /* HELO_POLICY_YAML_H */
