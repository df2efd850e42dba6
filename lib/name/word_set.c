/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * word_set.c - see word_set.h
 */
#include "name/word_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void word_set_init(struct word_set *set)
{
    *set = (struct word_set){NULL, 0, 0};
}

void word_set_fini(struct word_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        mem_free(set->words[i]);
    mem_free(set->words);
    word_set_init(set);
}

bool word_set_add(struct word_set *set, const char *word)
{
    char *copy;

    if (set->count == set->room) {
        size_t room = set->room == 0 ? 16 : set->room * 2;
        char **words = mem_grow(set->words, room, sizeof(words[0]));

        if (words == NULL)
            return false;
        set->words = words;
        set->room = room;
    }
    copy = mem_copy_text(word);
    if (copy != NULL)
        set->words[set->count++] = copy;
    return copy != NULL;
}

static int compare_words(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void word_set_seal(struct word_set *set)
{
    if (set->count > 0)
        qsort(set->words, set->count, sizeof(set->words[0]), compare_words);
}

/* As strcmp(word, key), where key has length bytes. */
static int compare_to(const char *word, const char *key, size_t length)
{
    int order = strncmp(word, key, length);

    return order != 0 ? order : word[length] != '\0';
}

bool word_set_has(const struct word_set *set, const char *word, size_t length)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_to(set->words[middle], word, length);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
