/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml_text.c - is this a text at all? before YAML is looked for in it
 *
 * PURPOSE  Binary files, other encodings and line ends that an editor does not show are told in
 *          plain words, with their place.
 * CONTRACT What passes is valid UTF-8 (RFC 3629) without control characters, whose lines end in LF
 *          or CRLF, and none of them is a YAML directive.
 *
 * Reasons for the narrower rules: libyaml also ends lines at CR, NEL, U+2028 and U+2029, so that a
 * setting could hide in what every editor shows as a comment; and it searches all %TAG directives
 * for each one, which takes hours for a file full of them.
 */
#include "policy/yaml.h"

#include <stdint.h>
#include <string.h>

/* What stands at p: its length in bytes and its code point; 0 for what is no UTF-8. */
static size_t decode(const unsigned char *p, size_t left, uint32_t *code)
{
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least; /* less would have a shorter form */
    } forms[] = {{0x80, 0x00, 1, 0},
                 {0xe0, 0xc0, 2, 0x80},
                 {0xf0, 0xe0, 3, 0x800},
                 {0xf8, 0xf0, 4, 0x10000}};
    size_t i = 0;

    while (i < 4 && (p[0] & forms[i].mask) != forms[i].lead)
        i++;
    if (i == 4 || forms[i].length > left)
        return 0;
    *code = p[0] & (unsigned char)~forms[i].mask;
    for (size_t k = 1; k < forms[i].length; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (p[k] & 0x3fu);
    }
    if (*code < forms[i].least || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return forms[i].length;
}

/* Code points that are not accepted; the first row that fits is named. */
static const struct {
    uint32_t first, last;
    const char *message;
} refused[] = {
    {0x00, 0x00, "a NUL byte stands here: this is no text file"},
    {0x0d, 0x0d, "a line ends in CR alone; lines end in LF or CRLF"},
    {0x01, 0x1f, "a control character stands here: is this a text file?"},
    {0x7f, 0x7f, "a control character stands here: is this a text file?"},
    {0x85, 0x85, "a line end (U+0085) that editors do not show stands here"},
    {0x80, 0x9f, "a control character stands here: is this a text file?"},
    {0x2028, 0x2029, "a line end (U+2028, U+2029) that editors do not show stands here"},
    {0xfeff, 0xfeff, "a byte order mark stands inside the file"},
    {0xfffe, 0xffff, "a code point that is no character stands here"},
};

static const char *find_fault(const unsigned char *p, size_t left, uint32_t code)
{
    if (code == '\t' || code == '\n' || (code == '\r' && left > 1 && p[1] == '\n'))
        return NULL;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (code >= refused[i].first && code <= refused[i].last)
            return refused[i].message;
    }
    return NULL;
}

/* Byte order marks of what is not UTF-8. */
static bool looks_utf16(const struct diag_file *file)
{
    return file->length >= 2 &&
           (memcmp(file->text, "\xff\xfe", 2) == 0 || memcmp(file->text, "\xfe\xff", 2) == 0);
}

/*
 * Eight at once: a bad byte has its upper bit set, or gets it when 0x20 is taken from it or 1 added
 * to it. A carry out of a bad byte may make its neighbour look bad; the word has one anyway, and is
 * looked at byte by byte.
 */
size_t yaml_printable_run(const char *text, size_t left)
{
    static const uint64_t ones = UINT64_MAX / 0xff;
    const unsigned char *p = (const unsigned char *)text;
    size_t run = 0;
    uint64_t word;

    for (; left - run >= sizeof(word); run += sizeof(word)) {
        memcpy(&word, p + run, sizeof(word));
        if (((word | (word - ones * 0x20) | (word + ones)) & ones * 0x80) != 0)
            break;
    }
    while (run < left && p[run] >= 0x20 && p[run] < 0x7f)
        run++;
    return run;
}

/* What is wrong with the character at p; its length in bytes is at least 1. */
static const char *check_one(const unsigned char *p, size_t left, bool starts_line, size_t *length)
{
    uint32_t code = 0;

    *length = decode(p, left, &code);
    if (*length == 0)
        return "bytes that are not UTF-8 stand here";
    if (starts_line && code == '%')
        return "YAML directives (% at the start of a line) are not accepted";
    return find_fault(p, left, code);
}

bool yaml_text_check(const struct diag_file *file, struct diag *diag, bool *ascii)
{
    const unsigned char *text = (const unsigned char *)file->text;
    struct diag_place place = {file, 1, 1};
    size_t line_start = 0;
    size_t length;

    *ascii = true;
    for (size_t at = 0; at < file->length; at += length) {
        const char *fault;

        length = text[at] != '%' ? yaml_printable_run(file->text + at, file->length - at) : 0;
        if (length != 0)
            continue; /* nearly all of it */
        fault = check_one(text + at, file->length - at, at == line_start, &length);
        if (fault != NULL) {
            place.column = (unsigned)(at - line_start) + 1;
            diag_report(diag, HELO_ERROR, &place,
                        looks_utf16(file) ? "the file is UTF-16: save it as UTF-8" : NULL, "%s",
                        fault);
            return false;
        }
        *ascii = *ascii && length == 1;
        if (text[at] == '\n') {
            line_start = at + 1;
            place.line++;
        }
    }
    return true;
}
