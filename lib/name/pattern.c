/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.c - a site's list of HELO names, see pattern.h
 */
#include "name/pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"
#include "name/regex.h"
#include "name/wildcard.h"

enum { FIRST_ROOM = 8 };

struct pattern_row {
    uint32_t tag;
    char *text; /* of a wildcard; NULL: an expression */
    struct wildcard wildcard;
    struct regex regex;
};

/* ---- adding ---------------------------------------------------------------------------------- */

bool pattern_fault_set(struct pattern_fault *fault, size_t offset, const char *format, ...)
{
    va_list arguments;

    fault->offset = offset;
    va_start(arguments, format);
    (void)vsnprintf(fault->message, sizeof fault->message, format, arguments);
    va_end(arguments);
    return false;
}

bool pattern_fault_nomem(struct pattern_fault *fault)
{
    fault->nomem = true;
    return pattern_fault_set(fault, 0, "no memory");
}

/* Room for one more row. */
static bool reserve(struct pattern_list *list)
{
    size_t room = list->room != 0 ? list->room * 2 : FIRST_ROOM;
    struct pattern_row *rows;

    if (list->count < list->room)
        return true;
    rows = mem_grow(list->rows, room, sizeof *rows);
    if (rows == NULL)
        return false;
    list->rows = rows;
    list->room = room;
    return true;
}

/* What names are made of; ':' is in an IPv6 address, and in a port that somebody glued on. */
static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || text_is_digit(c) || (c != '\0' && strchr("-_.:", c) != NULL);
}

static bool add_name(struct pattern_list *list, const char *text, uint32_t tag,
                     struct pattern_fault *fault)
{
    char domain[LIMIT_NAME_CHARS + 1];
    size_t dot = text[0] == '.';

    if (text[dot] == '\0')
        return pattern_fault_set(fault, dot,
                                 "a dot alone is no entry: .example.org is every name below it");
    for (size_t i = dot; text[i] != '\0'; i++) {
        if (!is_name_character(text_lower(text[i]))) {
            return pattern_fault_set(
                fault, i,
                "names here have only letters, digits and - _ . : in them; a regular "
                "expression has a slash in front and one behind, /pool[0-9]+\\.example/");
        }
        if (text[i] == '.' && (i == dot || text[i - 1] == '.'))
            return pattern_fault_set(fault, i, "there is nothing between these dots");
    }
    if (!domain_normalise(domain, text + dot))
        return pattern_fault_set(fault, dot + LIMIT_NAME_CHARS,
                                 "no name is longer than 253 characters");
    return domain_set_add(&list->names, domain, dot != 0 ? DOMAIN_BELOW : DOMAIN_EXACT, tag) ||
           pattern_fault_nomem(fault);
}

static bool add_wildcard(struct pattern_list *list, const char *text, uint32_t tag,
                         struct pattern_fault *fault)
{
    struct pattern_row row = {.tag = tag};
    size_t offset = 0;
    const char *why = wildcard_fault(text, &offset);

    if (why != NULL)
        return pattern_fault_set(fault, offset, "%s", why);
    if (!reserve(list) || (row.text = mem_copy_text(text)) == NULL)
        return pattern_fault_nomem(fault);
    text_lower_all(row.text);
    wildcard_init(&row.wildcard, row.text);
    list->rows[list->count++] = row;
    return true;
}

/* The length of what stands between the slashes; false when it does not end as it should. */
static bool find_slashes(const char *text, size_t *length, struct pattern_fault *fault)
{
    size_t i = 1;

    while (text[i] != '\0' && text[i] != '/')
        i += text[i] == '\\' && text[i + 1] != '\0' ? 2 : 1;
    if (text[i] == '\0')
        return pattern_fault_set(fault, i, "a regular expression ends in a slash, too");
    if (text[i + 1] != '\0') {
        return pattern_fault_set(
            fault, i + 1,
            "text behind the slash that ends the regular expression: a slash in it is "
            "written \\/, options there are none, case is ignored");
    }
    if (i == 1)
        return pattern_fault_set(fault, i, "there is nothing between the slashes");
    *length = i - 1;
    return true;
}

static bool add_expression(struct pattern_list *list, const char *text, uint32_t tag,
                           struct pattern_fault *fault)
{
    struct pattern_row row = {.tag = tag};
    size_t length = 0;

    if (!find_slashes(text, &length, fault))
        return false;
    if (list->engine == NULL)
        list->engine = regex_engine_create();
    if (list->engine == NULL || !reserve(list))
        return pattern_fault_nomem(fault);
    if (!regex_compile(&row.regex, list->engine, text + 1, length, fault))
        return false;
    list->rows[list->count++] = row;
    return true;
}

bool pattern_add(struct pattern_list *list, const char *text, uint32_t tag,
                 struct pattern_fault *fault)
{
    size_t length = strlen(text);

    *fault = (struct pattern_fault){0};
    if (length == 0)
        return pattern_fault_set(fault, 0,
                                 "empty: an entry is a name, .suffix, wild*card or /expression/");
    for (size_t i = 0; i < length; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e)
            return pattern_fault_set(fault, i,
                                     "a byte that is not printable ASCII is in no name: names in "
                                     "other alphabets are written xn--...");
    }
    if (length > LIMIT_PATTERN_TEXT)
        return pattern_fault_set(fault, LIMIT_PATTERN_TEXT, "an entry has %d characters at most",
                                 LIMIT_PATTERN_TEXT);
    if (text[0] == '/')
        return add_expression(list, text, tag, fault);
    return wildcard_is(text) ? add_wildcard(list, text, tag, fault)
                             : add_name(list, text, tag, fault);
}

/* ---- lists ----------------------------------------------------------------------------------- */

void pattern_list_init(struct pattern_list *list)
{
    *list = (struct pattern_list){0};
    domain_set_init(&list->names);
}

void pattern_list_fini(struct pattern_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        regex_fini(&list->rows[i].regex);
        mem_free(list->rows[i].text);
    }
    mem_free(list->rows);
    regex_engine_free(list->engine);
    domain_set_fini(&list->names);
    pattern_list_init(list);
}

bool pattern_list_seal(struct pattern_list *list)
{
    return domain_set_seal(&list->names);
}

/* ---- finding --------------------------------------------------------------------------------- */

static enum pattern_match match_row(const struct pattern_list *list, const struct pattern_row *row,
                                    struct regex_name *name)
{
    if (row->text == NULL)
        return regex_match(&row->regex, list->engine, name);
    return wildcard_matches(&row->wildcard, name->text, name->length) ? PATTERN_YES : PATTERN_NO;
}

static enum pattern_match find_row(const struct pattern_list *list, const char *text, size_t length,
                                   uint32_t *tag)
{
    struct regex_name name;
    enum pattern_match found = PATTERN_NO;

    regex_name_init(&name, text, length);
    for (size_t i = 0; i < list->count && found != PATTERN_YES; i++) {
        enum pattern_match now = match_row(list, &list->rows[i], &name);

        if (now == PATTERN_YES)
            *tag = list->rows[i].tag;
        if (now != PATTERN_NO)
            found = now;
    }
    regex_name_fini(&name);
    return found;
}

enum pattern_match pattern_find(const struct pattern_list *list, const char *text, uint32_t *tag)
{
    size_t length = strnlen(text, LIMIT_HELO_TEXT + 1);
    const struct domain_set_row *row;

    if (length > LIMIT_HELO_TEXT)
        return PATTERN_LIMIT;
    if (length > 1 && text[length - 1] == '.')
        length--;
    row = domain_set_find_bytes(&list->names, text, length);
    if (row != NULL) {
        *tag = row->tag;
        return PATTERN_YES;
    }
    return list->count != 0 ? find_row(list, text, length, tag) : PATTERN_NO;
}
