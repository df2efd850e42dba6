/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.c - make things printable and print them
 *
 * PURPOSE  Quoting, folding, "did you mean", diagnostics; see tool.h.
 * CONTRACT A terminal never gets a control character that a user or a file gave.
 * LIMITS   A word of more than SUGGEST_CHARS is not compared.
 * THREADS  one.
 */
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "tools/tool.h"

enum { SUGGEST_CHARS = 32, MESSAGE_BYTES = 512, DIAG_BYTES = 2048 };

/* Returns 0 when value was cut. */
static int clean(char *out, size_t size, const char *value)
{
    size_t used = 0;

    out[0] = '\0';
    for (const char *s = value; *s != '\0'; s++) {
        unsigned char byte = (unsigned char)*s;
        size_t width = byte >= 0x20 && byte <= 0x7e ? 1 : 4;

        if (used + width >= size)
            return 0;
        if (width == 1)
            out[used] = *s;
        else
            (void)snprintf(out + used, size - used, "\\x%02x", (unsigned)byte);
        used += width;
        out[used] = '\0';
    }
    return 1;
}

char *print_clean(char *out, size_t size, const char *value)
{
    (void)clean(out, size, value);
    return out;
}

char *print_quote(char out[PRINT_QUOTE_SIZE], const char *value)
{
    char shown[PRINT_QUOTE_SIZE - sizeof("''...") + 1];
    int whole = clean(shown, sizeof(shown), value);

    (void)snprintf(out, PRINT_QUOTE_SIZE, "'%s%s'", shown, whole ? "" : "...");
    return out;
}

void print_fault(const char *command, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    (void)fprintf(stderr, "helocheck%s%s: %s\n", *command == '\0' ? "" : " ", command, message);
}

void print_json_string(FILE *to, const char *s)
{
    (void)putc('"', to);
    for (; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\')
            (void)putc('\\', to);
        (void)putc(*s, to);
    }
    (void)putc('"', to);
}

void print_folded(FILE *to, unsigned indent, const char *s)
{
    size_t room = PRINT_COLUMNS - indent;

    while (strlen(s) > room) {
        size_t cut = room;

        while (cut > 0 && s[cut] != ' ')
            cut--;
        if (cut == 0)
            cut = room;
        (void)fprintf(to, "%.*s\n%*s", (int)cut, s, (int)indent, "");
        s += cut + strspn(s + cut, " ");
    }
    (void)fprintf(to, "%s\n", s);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements, neighbours that changed places. */
size_t print_distance(const char *a, const char *b)
{
    size_t rows[3][SUGGEST_CHARS + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    size_t columns = strlen(b);

    if (strlen(a) > SUGGEST_CHARS || columns > SUGGEST_CHARS)
        return SIZE_MAX;
    for (size_t j = 0; j <= columns; j++)
        above[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t *free_row = before;

        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1);
            row[j] = least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
        row = free_row;
    }
    return above[columns];
}

const char *print_suggest(const char *word, const void *table, size_t count, size_t stride,
                          size_t offset)
{
    size_t length = strlen(word);
    size_t best = length / 3 + 1;
    const char *found = NULL;

    if (length > SUGGEST_CHARS)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *candidate;
        size_t d;

        memcpy(&candidate, (const char *)table + i * stride + offset, sizeof(candidate));
        if (candidate == NULL || strlen(candidate) > SUGGEST_CHARS)
            continue;
        d = print_distance(word, candidate);
        if (d < best) {
            best = d;
            found = candidate;
        }
    }
    return found;
}

void print_diag(void *arg, const struct helo_diag *diag)
{
    struct print_diags *diags = arg;
    char text[DIAG_BYTES];

    diags->errors += diag->severity == HELO_ERROR;
    diags->warnings += diag->severity == HELO_WARNING;
    (void)helo_diag_format(diag, text, sizeof(text));
    /* The path is the user's own, to the byte. */
    for (char *s = text; *s != '\0'; s++)
        if (((unsigned char)*s < 0x20 && *s != '\n') || *s == 0x7f)
            *s = '?';
    (void)fprintf(diags->to, "%s\n", text);
}

int tool_exit_of(enum helo_status status)
{
    switch (status) {
    case HELO_POLICY:
        return TOOL_CONFIG;
    case HELO_IO:
        return TOOL_NOINPUT;
    case HELO_INVALID:
        return TOOL_DATA;
    case HELO_OK:
    case HELO_NOMEM:
    case HELO_SYSTEM:
    case HELO_RESOLVER:
    case HELO_LIMIT:
    default:
        return TOOL_INTERNAL;
    }
}
