/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * span.h - parts of a line, as they stand in it
 *
 * PURPOSE  Take a line apart without copying it.
 * CONTRACT A function that takes something from the front of a span returns 1 and has moved the
 *          span behind it, or returns 0 and has left it alone.
 * OWNERSHIP A span points into somebody's line.
 * THREADS  any.
 */
#ifndef HELO_TOOLS_LOG_SPAN_H
#define HELO_TOOLS_LOG_SPAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *at;
    size_t length;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
/* In a static table. */
#define SPAN_ROW(literal)              \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

static inline struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

static inline int span_is(struct span s, struct span word)
{
    return s.length == word.length && memcmp(s.at, word.at, word.length) == 0;
}

static inline int span_starts(struct span s, struct span word)
{
    return s.length >= word.length && memcmp(s.at, word.at, word.length) == 0;
}

static inline void span_drop(struct span *s, size_t bytes)
{
    s->at += bytes;
    s->length -= bytes;
}

static inline int span_take(struct span *s, struct span word)
{
    if (!span_starts(*s, word))
        return 0;
    span_drop(s, word.length);
    return 1;
}

/* What stands before the first `end`, which is passed over. */
static inline int span_until(struct span *s, char end, struct span *out)
{
    int is_empty = s->at == NULL || s->length == 0;
    const char *found = is_empty ? NULL : memchr(s->at, end, s->length);

    if (found == NULL)
        return 0;
    *out = (struct span){s->at, (size_t)(found - s->at)};
    span_drop(s, out->length + 1);
    return 1;
}

/* Where the first, or the last, `word` begins; NULL when there is none. */
static inline const char *span_find(struct span s, struct span word)
{
    return s.length >= word.length ? memmem(s.at, s.length, word.at, word.length) : NULL;
}

static inline const char *span_find_last(struct span s, struct span word)
{
    for (size_t end = s.length; end > 0 && end >= word.length;) {
        const char *found = memrchr(s.at, word.at[word.length - 1], end);

        if (found == NULL || (size_t)(found - s.at) + 1 < word.length)
            return NULL;
        if (memcmp(found + 1 - word.length, word.at, word.length) == 0)
            return found + 1 - word.length;
        end = (size_t)(found - s.at);
    }
    return NULL;
}

/* What stands before, and behind, a place in s. */
static inline struct span span_before(struct span s, const char *place)
{
    return (struct span){s.at, (size_t)(place - s.at)};
}

static inline struct span span_behind(struct span s, const char *place)
{
    return (struct span){place, (size_t)(s.at + s.length - place)};
}

/*
 * The length of a quoted local part at the front, in which a '>' ends nothing (RFC 5321 4.1.2); 0
 * when there is none.
 */
static inline size_t span_quoted(struct span s)
{
    size_t at = 1;

    if (s.length == 0 || s.at[0] != '"')
        return 0;
    while (at < s.length && s.at[at] != '"')
        at += s.at[at] == '\\' ? 2 : 1;
    return at < s.length ? at : 0;
}

/* The decimal number at the front; 0 when there is none, or one past 9 digits. */
static inline unsigned span_take_number(struct span *s)
{
    unsigned number = 0;
    size_t digits = 0;

    while (digits < s->length && s->at[digits] >= '0' && s->at[digits] <= '9' && digits < 10)
        number = number * 10 + (unsigned)(s->at[digits++] - '0');
    span_drop(s, digits);
    return digits <= 9 ? number : 0;
}

static inline int span_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * Where a hash begins. A random number of the process, so that nobody can send mail whose senders
 * or queue ids all have one hash: each look-up would go through all of them, and one mail would be
 * taken for another. Nothing is in the order of its hash, so reports are the same each time.
 */
uint64_t span_seed(void);

/* FNV-1a, 64 bits; begin with span_seed(). */

static inline uint64_t span_hash(uint64_t hash, struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 0x100000001b3u;
    return (hash ^ 0xff) * 0x100000001b3u; /* so that ("ab", "c") is not ("a", "bc") */
}

#endif /* HELO_TOOLS_LOG_SPAN_H */
