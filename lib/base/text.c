/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - strings of bounded length, see text.h
 *
 * No function of <ctype.h> or <strings.h> is used: they follow the locale, and names on the wire do
 * not.
 */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_ROOM = 64, ESCAPE_SIZE = 7 };

/* ---- builder --------------------------------------------------------------------------------- */

void text_init(struct text *t, size_t limit)
{
    *t = (struct text){.limit = limit < SIZE_MAX / 4 ? limit : SIZE_MAX / 4};
}

void text_fini(struct text *t)
{
    mem_free(t->data);
    text_init(t, t->limit);
}

/* Makes room for length more bytes and the NUL. */
static bool text_reserve(struct text *t, size_t length)
{
    size_t want, room = t->room != 0 ? t->room : FIRST_ROOM;
    char *data;

    if (t->failed || length > t->limit - t->length) {
        t->failed = true;
        return false;
    }
    want = t->length + length + 1;
    while (room < want)
        room *= 2;
    if (room == t->room)
        return true;
    data = mem_grow(t->data, room, 1);
    if (data == NULL) {
        t->failed = true;
        return false;
    }
    t->data = data;
    t->room = room;
    t->data[t->length] = '\0';
    return true;
}

void text_add_bytes(struct text *t, const char *s, size_t length)
{
    if (text_reserve(t, length) && length != 0) {
        memcpy(t->data + t->length, s, length);
        t->length += length;
        t->data[t->length] = '\0';
    }
}

void text_add(struct text *t, const char *s)
{
    text_add_bytes(t, s, strlen(s));
}

void text_addf(struct text *t, const char *format, ...)
{
    va_list args;
    int wanted;

    va_start(args, format);
    wanted = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (wanted < 0) {
        t->failed = true;
        return;
    }
    if (text_reserve(t, (size_t)wanted)) {
        va_start(args, format);
        (void)vsnprintf(t->data + t->length, (size_t)wanted + 1, format, args);
        va_end(args);
        t->length += (size_t)wanted;
    }
}

char *text_take(struct text *t)
{
    char *taken = NULL;

    if (!t->failed)
        text_add_bytes(t, "", 0);
    if (!t->failed) {
        taken = t->data;
        t->data = NULL;
    }
    text_fini(t);
    return taken;
}

/* ---- escapes --------------------------------------------------------------------------------- */

static bool is_printable(unsigned char c)
{
    return c >= 0x20 && c <= 0x7e;
}

/* RFC 8259 7: what a JSON string cannot have. Returns the length, 0 for "as it is". */
static size_t escape_json(char out[ESCAPE_SIZE], unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    const char *at = c != '\0' ? strchr(from, c) : NULL;

    if (at != NULL)
        return (size_t)snprintf(out, ESCAPE_SIZE, "\\%c", to[at - from]);
    return c < 0x20 || c == 0x7f ? (size_t)snprintf(out, ESCAPE_SIZE, "\\u%04x", (unsigned)c) : 0;
}

static size_t escape_logfmt(char out[ESCAPE_SIZE], unsigned char c)
{
    if (c == '"' || c == '\\')
        return (size_t)snprintf(out, ESCAPE_SIZE, "\\%c", c);
    return is_printable(c) ? 0 : (size_t)snprintf(out, ESCAPE_SIZE, "\\x%02x", (unsigned)c);
}

static size_t escape_printable(char out[ESCAPE_SIZE], unsigned char c)
{
    if (c == '\\')
        return (size_t)snprintf(out, ESCAPE_SIZE, "\\\\");
    return is_printable(c) ? 0 : (size_t)snprintf(out, ESCAPE_SIZE, "\\x%02x", (unsigned)c);
}

static void text_add_escaped(struct text *t, const char *s,
                             size_t (*escape)(char out[ESCAPE_SIZE], unsigned char c))
{
    char escaped[ESCAPE_SIZE];
    const char *plain = s; /* begin of what goes as it is */

    text_add_bytes(t, "\"", 1);
    for (; *s != '\0'; s++) {
        size_t length = escape(escaped, (unsigned char)*s);

        if (length != 0) {
            text_add_bytes(t, plain, (size_t)(s - plain));
            text_add_bytes(t, escaped, length);
            plain = s + 1;
        }
    }
    text_add_bytes(t, plain, (size_t)(s - plain));
    text_add_bytes(t, "\"", 1);
}

void text_add_json(struct text *t, const char *s)
{
    if (s == NULL) {
        text_add(t, "null");
        return;
    }
    text_add_escaped(t, s, escape_json);
}

/* A value that is "-" itself is quoted, so that nobody can say what stands for "absent". */
static bool is_bare_logfmt(const char *s)
{
    if (strcmp(s, "-") == 0)
        return false;
    for (; *s != '\0'; s++) {
        if (!is_printable((unsigned char)*s) || strchr(" \"=\\", *s) != NULL)
            return false;
    }
    return true;
}

void text_add_logfmt(struct text *t, const char *s)
{
    if (s == NULL || *s == '\0') {
        text_add(t, "-");
    } else if (is_bare_logfmt(s)) {
        text_add(t, s);
    } else {
        text_add_escaped(t, s, escape_logfmt);
    }
}

/* ---- fixed buffers --------------------------------------------------------------------------- */

bool text_copy(char *out, size_t size, const char *s)
{
    size_t length = strlen(s);
    bool fits = length < size;

    if (size != 0) {
        length = fits ? length : size - 1;
        memcpy(out, s, length);
        out[length] = '\0';
    }
    return fits;
}

size_t text_printable(char *out, size_t size, const char *bytes, size_t length)
{
    static const char dots[] = "...";
    size_t used = 0;
    size_t before_dots = 0; /* the longest whole part that "..." can follow */
    char escaped[ESCAPE_SIZE];

    if (size == 0)
        return 0;
    for (size_t i = 0; i < length; i++) {
        size_t width = escape_printable(escaped, (unsigned char)bytes[i]);
        const char *from = width != 0 ? escaped : bytes + i;

        width = width != 0 ? width : 1;
        if (used + width >= size) {
            used = before_dots;
            width = size - 1 - used < sizeof dots - 1 ? size - 1 - used : sizeof dots - 1;
            memcpy(out + used, dots, width);
            used += width;
            break;
        }
        memcpy(out + used, from, width);
        used += width;
        if (used + sizeof dots <= size)
            before_dots = used;
    }
    out[used] = '\0';
    return used;
}

/* ---- case ------------------------------------------------------------------------------------ */

void text_lower_all(char *s)
{
    for (; *s != '\0'; s++)
        *s = text_lower(*s);
}

bool text_equal_nocase(const char *a, const char *b)
{
    while (*a != '\0' && text_lower(*a) == text_lower(*b)) {
        a++;
        b++;
    }
    return text_lower(*a) == text_lower(*b);
}
