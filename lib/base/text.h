/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h - strings of bounded length
 *
 * PURPOSE  Build text without counting by hand, and make foreign bytes printable.
 * CONTRACT A builder remembers its first failure: add what is wanted, look once at the end. Fixed
 *          buffers are always NUL-terminated; what does not fit is cut, never overrun.
 * THREADS  none of its own.
 */
#ifndef HELO_BASE_TEXT_H
#define HELO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A growing string. */
struct text {
    char *data; /* NUL-terminated once anything was added; NULL before */
    size_t length;
    size_t room;
    size_t limit; /* bytes, without the NUL */
    bool failed;  /* no memory, or past the limit */
};

void text_init(struct text *t, size_t limit);
void text_fini(struct text *t);
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const char *s, size_t length);
void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes (RFC 8259 7); s is printable or UTF-8-clean text; NULL gives
 * null. */
void text_add_json(struct text *t, const char *s);
/* A logfmt value: bare when it has only 0x21..0x7e without '"', '=' and '\'; quoted with \xNN else;
 * "-" when empty. */
void text_add_logfmt(struct text *t, const char *s);
/* Hands the string over (mem_free) and leaves t empty; NULL when it failed. An empty builder gives
 * "". */
char *text_take(struct text *t);

/* Copies what fits. Returns false when s was cut. */
bool text_copy(char *out, size_t size, const char *s);
/*
 * Copies foreign bytes so that they can stand in a log or reply: 0x20..0x7e as they are, '\' as
 * "\\", all else as "\xNN"; what does not fit is cut at a whole escape and ends in "...". Returns
 * the length written.
 */
size_t text_printable(char *out, size_t size, const char *bytes, size_t length);

/* ASCII only, whatever the locale says: DNS and SMTP are (RFC 4343, RFC 5321 2.4). */
bool text_equal_nocase(const char *a, const char *b);
void text_lower_all(char *s);

static inline bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif /* HELO_BASE_TEXT_H */
