/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * word_set.h - some dozens of words to be found in names
 *
 * CONTRACT Words are lower case; so is what is looked for. Sealed after the last addition.
 * OWNERSHIP The set copies its words.
 * THREADS  none of its own; a sealed set is read-only.
 */
#ifndef HELO_NAME_WORD_SET_H
#define HELO_NAME_WORD_SET_H

#include <stdbool.h>
#include <stddef.h>

struct word_set {
    char **words; /* sorted once sealed */
    size_t count;
    size_t room;
};

void word_set_init(struct word_set *set);
void word_set_fini(struct word_set *set);
bool word_set_add(struct word_set *set, const char *word); /* false: no memory */
void word_set_seal(struct word_set *set);
/* word need not end in a NUL. */
bool word_set_has(const struct word_set *set, const char *word, size_t length);

#endif /* HELO_NAME_WORD_SET_H */
