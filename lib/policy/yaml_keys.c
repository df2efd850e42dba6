/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml_keys.c - the keys of a mapping are all different
 *
 * PURPOSE  YAML says that a key stands once; libyaml leaves that to its user. The last one winning
 *          in silence is how a setting gets lost.
 * LIMITS   O(n log n): a mapping may have as many keys as a file has nodes. In one of few keys they
 *          are compared in place: a file may have a hundred thousand of these.
 */
#include "policy/yaml.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FEW_KEYS = 8 };

/* A key with its number in the file, so that of equal ones the first stays first. */
struct slot {
    struct yaml_node *node;
    size_t order;
    const struct yaml_node *original; /* the first of the same name; NULL: this is it */
};

static int compare_names(const void *left, const void *right)
{
    const struct slot *a = left;
    const struct slot *b = right;
    int order = strcmp(a->node->key->text, b->node->key->text);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int compare_places(const void *left, const void *right)
{
    const struct slot *a = left;
    const struct slot *b = right;

    return (a->order > b->order) - (a->order < b->order);
}

/* False when there are none, as nearly always. */
static bool mark_duplicates(struct slot *slots, size_t count)
{
    bool found = false;

    qsort(slots, count, sizeof(*slots), compare_names);
    for (size_t i = 1; i < count; i++) {
        const struct slot *before = &slots[i - 1];

        if (strcmp(before->node->key->text, slots[i].node->key->text) != 0)
            continue;
        slots[i].original = before->original != NULL ? before->original : before->node->key;
        found = true;
    }
    return found;
}

static void report_duplicate(const struct diag_file *file, const struct slot *slot,
                             struct diag *diag)
{
    struct diag_place place = yaml_place(file, slot->node->key);
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(
        diag, HELO_ERROR, &place, NULL, "the key %s stands twice here: first in line %u, column %u",
        diag_quote(quoted, slot->node->key->text), slot->original->line, slot->original->column);
}

/* Reports the duplicates in the order of the file, and unlinks them. */
static void drop_duplicates(const struct diag_file *file, struct yaml_node *mapping,
                            struct slot *slots, size_t count, struct diag *diag)
{
    struct yaml_node **link = &mapping->first;

    qsort(slots, count, sizeof(*slots), compare_places);
    for (size_t i = 0; i < count; i++) {
        if (slots[i].original != NULL) {
            report_duplicate(file, &slots[i], diag);
            mapping->count--;
        } else {
            *link = slots[i].node;
            link = &slots[i].node->next;
        }
    }
    *link = NULL;
}

/* Of a mapping with few keys. */
static bool all_differ(const struct yaml_node *mapping)
{
    for (const struct yaml_node *a = mapping->first; a != NULL; a = a->next) {
        for (const struct yaml_node *b = a->next; b != NULL; b = b->next) {
            if (a->key->text[0] == b->key->text[0] && strcmp(a->key->text, b->key->text) == 0)
                return false;
        }
    }
    return true;
}

bool yaml_keys_check(const struct diag_file *file, struct yaml_node *mapping, struct diag *diag)
{
    struct slot *slots;
    size_t count = 0;

    if (mapping->count <= FEW_KEYS && all_differ(mapping))
        return true;
    slots = mem_array(mapping->count, sizeof(*slots));
    if (slots == NULL)
        return false;
    for (struct yaml_node *node = mapping->first; node != NULL; node = node->next) {
        slots[count] = (struct slot){node, count, NULL};
        count++;
    }
    if (mark_duplicates(slots, count))
        drop_duplicates(file, mapping, slots, count, diag);
    mem_free(slots);
    return true;
}
