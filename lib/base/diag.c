/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diag.c - findings about files, see diag.h and helo.h
 *
 * No memory is allocated: a finding must get out when there is none.
 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum {
    MESSAGE_SIZE = 512,
    SOURCE_SIZE = 240,   /* a longer line is no help to anybody */
    SUGGEST_CHARS = 40,  /* no key is longer */
    SUGGEST_FRACTION = 3 /* of the length may be wrong */
};

/* ---- collect --------------------------------------------------------------------------------- */

void diag_init(struct diag *d, helo_diag_fn *fn, void *arg)
{
    *d = (struct diag){.fn = fn, .arg = arg};
}

/*
 * Copies the line of the place, byte for byte, so that the column stays true; control characters
 * are blanks and question marks. NULL when there is no such line, or the column lies behind what is
 * shown of it.
 */
static const char *source_line(const struct diag_place *place, char out[SOURCE_SIZE])
{
    const char *at = place->file->text;
    const char *end, *newline;
    size_t length;

    if (at == NULL || place->line == 0 || place->column >= SOURCE_SIZE)
        return NULL;
    end = at + place->file->length;
    for (unsigned line = 1; line < place->line; line++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            return NULL;
        at++;
    }
    newline = memchr(at, '\n', (size_t)(end - at));
    length = (size_t)((newline != NULL ? newline : end) - at);
    if (length != 0 && at[length - 1] == '\r')
        length--;
    length = length < SOURCE_SIZE ? length : SOURCE_SIZE - 1;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)at[i];

        out[i] = at[i];
        if (c < 0x20 || c == 0x7f)
            out[i] = c == '\t' ? ' ' : '?';
    }
    out[length] = '\0';
    return out;
}

static void diag_give(struct diag *d, const struct helo_diag *finding)
{
    static const char left_out[] = "more was found and is not shown";
    struct helo_diag last = {.severity = HELO_NOTE, .path = finding->path, .message = left_out};

    if (d->given > LIMIT_DIAGNOSTICS)
        return;
    d->given++;
    if (d->fn != NULL)
        d->fn(d->arg, d->given > LIMIT_DIAGNOSTICS ? &last : finding);
}

void diag_report(struct diag *d, enum helo_severity severity, const struct diag_place *place,
                 const char *hint, const char *format, ...)
{
    char message[MESSAGE_SIZE], source[SOURCE_SIZE];
    struct helo_diag finding = {.severity = severity, .message = message, .hint = hint};
    va_list args;

    d->errors += severity == HELO_ERROR;
    d->warnings += severity == HELO_WARNING;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (place != NULL && place->file != NULL) {
        finding.path = place->file->path;
        finding.line = place->line;
        finding.column = place->line != 0 ? place->column : 0;
        /* Nobody sees what is past the limit; looking its line up each time would be quadratic. */
        if (d->fn != NULL && d->given <= LIMIT_DIAGNOSTICS)
            finding.source = source_line(place, source);
    }
    diag_give(d, &finding);
}

char *diag_quote(char out[DIAG_QUOTE_SIZE], const char *value)
{
    size_t length = text_printable(out + 1, DIAG_QUOTE_SIZE - 2, value, strlen(value));

    out[0] = '\'';
    out[length + 1] = '\'';
    out[length + 2] = '\0';
    return out;
}

/* ---- did you mean ---------------------------------------------------------------------------- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, change, or swap two neighbours, each costs one. Case
 * costs nothing. */
static unsigned edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][SUGGEST_CHARS + 1];
    unsigned *older = rows[0], *old = rows[1], *now = rows[2];

    for (unsigned j = 0; j <= b_length; j++)
        older[j] = old[j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        char ca = text_lower(a[i - 1]);
        unsigned *spare = older;

        now[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            char cb = text_lower(b[j - 1]);

            now[j] = least(least(old[j], now[j - 1]) + 1, old[j - 1] + (ca != cb));
            if (i > 1 && j > 1 && ca == text_lower(b[j - 2]) && cb == text_lower(a[i - 2]))
                now[j] = least(now[j], older[j - 2] + 1);
        }
        older = old;
        old = now;
        now = spare;
    }
    return old[b_length];
}

const char *diag_suggest(const char *s, const char *const *words, size_t count)
{
    const char *best = NULL;
    size_t length = strlen(s);
    unsigned allowed = (unsigned)(length <= SUGGEST_CHARS ? length / SUGGEST_FRACTION : 0);

    if (length > SUGGEST_CHARS)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t word_length = strlen(words[i]);
        unsigned distance;

        if (word_length > SUGGEST_CHARS)
            continue;
        distance = edit_distance(s, length, words[i], word_length);
        if (distance < allowed || (distance == allowed && best == NULL)) {
            best = words[i];
            allowed = distance;
        }
    }
    return best;
}

/* ---- format ---------------------------------------------------------------------------------- */

/* As much of a text as fits, and the length that all of it has. */
struct cut {
    char *buffer;
    size_t size;
    size_t wanted;
};

static void cut_addf(struct cut *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void cut_addf(struct cut *c, const char *format, ...)
{
    size_t room = c->wanted < c->size ? c->size - c->wanted : 0;
    va_list args;
    int added;

    va_start(args, format);
    added = vsnprintf(room != 0 ? c->buffer + c->wanted : NULL, room, format, args);
    va_end(args);
    c->wanted += added > 0 ? (size_t)added : 0;
}

/* Columns are bytes; what a terminal shows of UTF-8 (RFC 3629) is one cell for a sequence, its
 * first byte. */
static int caret_indent(const char *source, unsigned column)
{
    int indent = 0;

    for (unsigned i = 0; i + 1 < column && source[i] != '\0'; i++)
        indent += ((unsigned char)source[i] & 0xc0) != 0x80;
    return indent;
}

size_t helo_diag_format(const struct helo_diag *diag, char *buffer, size_t size)
{
    static const char *const severity[] = {
        [HELO_NOTE] = "note", [HELO_WARNING] = "warning", [HELO_ERROR] = "error"};
    struct cut c = {.buffer = buffer, .size = size};

    if (diag->path != NULL && diag->path[0] != '\0') {
        cut_addf(&c, "%s:", diag->path);
        if (diag->line != 0)
            cut_addf(&c, "%u:", diag->line);
        if (diag->line != 0 && diag->column != 0)
            cut_addf(&c, "%u:", diag->column);
        cut_addf(&c, " ");
    }
    cut_addf(&c, "%s: %s", severity[diag->severity], diag->message);
    if (diag->hint != NULL)
        cut_addf(&c, "; %s", diag->hint);
    if (diag->source != NULL)
        cut_addf(&c, "\n    %s", diag->source);
    if (diag->source != NULL && diag->column != 0)
        cut_addf(&c, "\n    %*s^", caret_indent(diag->source, diag->column), "");
    return c.wanted;
}
