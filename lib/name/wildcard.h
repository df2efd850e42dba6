/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wildcard.h - shell wildcards over whole texts
 *
 * PURPOSE  "*.dsl.example.org": '*' is any text, also none, also with dots in it; '?' is one
 *          character; [abc], [a-f], [!abc] and [^abc] are one character of a class, or not of it;
 *          ']' first in a class, and '-' first or last, are themselves. All else is itself. As
 *          fnmatch(3) without flags, but for these: no backslash escapes, no [:names:].
 * CONTRACT Both the wildcard and the text are lower case, printable ASCII.
 * THREADS  none of its own; a wildcard is only read.
 * LIMITS   A match takes at most the product of the lengths, some tens of microseconds at worst:
 *          only the last '*' is ever tried anew. Most misses take a comparison of the end.
 */
#ifndef HELO_NAME_WILDCARD_H
#define HELO_NAME_WILDCARD_H

#include <stdbool.h>
#include <stddef.h>

struct wildcard {
    const char *text; /* the caller's */
    size_t length;
    size_t tail; /* bytes at the end of it that stand for themselves */
};

/* Whether text has a character that makes it a wildcard. */
bool wildcard_is(const char *text);
/* What is wrong with text, and at which byte; NULL: nothing. */
const char *wildcard_fault(const char *text, size_t *offset);
/* text is without fault, and outlives the wildcard. */
void wildcard_init(struct wildcard *w, const char *text);
bool wildcard_matches(const struct wildcard *w, const char *text, size_t length);

#endif /* HELO_NAME_WILDCARD_H */
