/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wildcard.c - shell wildcards over whole texts, see wildcard.h
 *
 * Not fnmatch(3), whose classes and ranges follow the locale, and which does not say what is wrong
 * with a wildcard.
 */
#include "name/wildcard.h"

#include <string.h>

/* ---- classes: s is behind the '[' ------------------------------------------------------------ */

static const char *skip_negation(const char *s)
{
    return *s == '!' || *s == '^' ? s + 1 : s;
}

/* The last byte of the member at s, which is one character or a range. */
static const char *member_last(const char *s)
{
    return s[1] == '-' && s[2] != ']' && s[2] != '\0' ? s + 2 : s;
}

/* The ']', or the end of the text when there is none. */
static const char *class_close(const char *s)
{
    s = skip_negation(s);
    if (*s == '\0')
        return s;
    do {
        s = member_last(s) + 1;
    } while (*s != ']' && *s != '\0');
    return s;
}

static bool class_has(const char *s, char c)
{
    const char *member = skip_negation(s);
    bool negated = member != s, has = false;

    do {
        const char *last = member_last(member);

        has = has || (c >= *member && c <= *last);
        member = last + 1;
    } while (*member != ']');
    return has != negated;
}

/* ---- faults ---------------------------------------------------------------------------------- */

static const char *class_fault(const char *s, const char **at)
{
    const char *member = skip_negation(s);

    do {
        const char *last = member_last(member);

        *at = member;
        if (*member == '[' && member[1] != '\0' && strchr(":.=", member[1]) != NULL)
            return "[:names:] are not known in wildcards: write ranges, as in [0-9a-z]";
        if (*last < *member)
            return "a range goes from the lower character to the higher";
        member = last + 1;
    } while (*member != ']');
    return NULL;
}

/* What is wrong with the element at s; *end is behind it when nothing is. */
static const char *element_fault(const char *s, const char **at, const char **end)
{
    *at = s;
    *end = s + 1;
    if (*s == '\\')
        return "a backslash has no meaning in wildcards: write [*], [?] or [[] for *, ? or [";
    if (*s != '[')
        return NULL;
    s = class_close(s + 1);
    if (*s == '\0')
        return "this [ has no ] behind it";
    *end = s + 1;
    return class_fault(*at + 1, at);
}

bool wildcard_is(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

const char *wildcard_fault(const char *text, size_t *offset)
{
    const char *s = text, *at, *end = text;

    while (*s != '\0') {
        const char *why = element_fault(s, &at, &end);

        if (why != NULL) {
            *offset = (size_t)(at - text);
            return why;
        }
        if (*s == '.' && *end == '\0') {
            *offset = (size_t)(s - text);
            return "names are compared without a dot at their end";
        }
        /* Who writes an address literal hardly means a class of its digits. */
        if (*s == '[' && s == text && *end == '\0') {
            *offset = 0;
            return "this is one character of a class; for an address literal write a regular "
                   "expression, as in /\\[192\\.0\\.2\\.1\\]/";
        }
        s = end;
    }
    return NULL;
}

/* ---- matching -------------------------------------------------------------------------------- */

void wildcard_init(struct wildcard *w, const char *text)
{
    size_t length = strlen(text), tail = 0;

    while (tail < length && strchr("*?]", text[length - tail - 1]) == NULL)
        tail++;
    *w = (struct wildcard){.text = text, .length = length, .tail = tail};
}

/* Whether c is what the element at p stands for, which is no '*' and not the end. */
static bool element_has(const char *p, char c)
{
    if (*p == '[')
        return class_has(p + 1, c);
    return *p == '?' || *p == c;
}

static const char *element_end(const char *p)
{
    return *p == '[' ? class_close(p + 1) + 1 : p + 1;
}

bool wildcard_matches(const struct wildcard *w, const char *text, size_t length)
{
    const char *p = w->text, *s = text, *end = text + length;
    const char *behind_star = NULL; /* the last '*' passed, and what it has taken so far */
    const char *taken = NULL;

    if (length < w->tail || memcmp(end - w->tail, p + w->length - w->tail, w->tail) != 0)
        return false;
    while (s < end) {
        if (*p == '*') {
            behind_star = ++p;
            taken = s;
        } else if (*p != '\0' && element_has(p, *s)) {
            p = element_end(p);
            s++;
        } else if (behind_star != NULL) {
            p = behind_star;
            s = ++taken;
        } else {
            return false;
        }
    }
    return p[strspn(p, "*")] == '\0';
}
