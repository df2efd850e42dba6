/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * manual.c - milter-helo.yaml(5) out of its frame and the rows
 *
 *     helo_manual FRAME PAGE
 *
 * PURPOSE  A program of the build, no part of the library. What the rows of schema.def and
 *          checks.def know (key, form, default, range, help) is written by them; what needs a
 *          sentence more, and all else, by hand into the frame.
 * CONTRACT Every setting stands in the page once: a row that the frame has no place for is an error
 *          that ends the build, and so is a word about a key that there is not.
 *
 * FRAME    A page in mdoc, with these lines in it, which are comments to mdoc:
 *              .\" SETTINGS NAME ...  here begins a list: the settings below the sections or of the
 *                                     keys NAME, in the order of schema.def
 *              .\" ABOUT KEY          the lines that follow belong to this one of them
 *              .\" END                the list ends
 *              .\" CHECKS             a list of the checks
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/registry.h"
#include "policy/loader.h"
#include "policy/settings.h"

enum { LINE_BYTES = 512, NAMES = 8, COLUMNS = 78 };

/* ---- the rows -------------------------------------------------------------------------------- */

struct row {
    const char *key;
    const char *form; /* what stands behind the key */
    const char *help;
    const char *words; /* of a list: its default */
    int max;           /* of a list: entries; 0: it is none */
    enum list_id list;
};

static const struct row rows[] = {
#define NUMBER(key, field, default, min, max, help)   {key, "number", help, NULL, 0, 0},
#define DURATION(key, field, default, min, max, help) {key, "duration", help, NULL, 0, 0},
#define SIZE(key, field, default, min, max, help)     {key, "size", help, NULL, 0, 0},
#define SCORE(key, field, default, min, max, help)    {key, "score", help, NULL, 0, 0},
#define BOOL(key, field, default, help)               {key, "boolean", help, NULL, 0, 0},
#define CHOICE(key, field, default, choices, help)    {key, "word", help, NULL, 0, 0},
#define TEXT(key, field, default, help)               {key, "text", help, NULL, 0, 0},
#define TEXTS(key, help)                              {key, "section", help, NULL, 0, 0},
#define LIST(key, id, default, max, help)             {key, "list", help, default, max, LIST_##id},
#include "policy/schema.def"
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static struct page {
    const char *frame;
    FILE *in, *out;
    unsigned line;
    bool written[ROWS];
    bool open;               /* between SETTINGS and END */
    const struct row *row;   /* begun, its default not written yet */
    char names[LINE_BYTES];  /* of SETTINGS, as they stand there */
    const char *name[NAMES]; /* the words of it */
    size_t name_count;
} page;

static bool fail(const char *what, const char *about)
{
    (void)fprintf(stderr, "%s:%u: error: %s%s\n", page.frame, page.line, what, about);
    return false;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Text in lines; `column` goes on from one call to the next, until end_text(). */
static size_t column;

static void put_word(const char *word, size_t length)
{
    if (column > 0 && column + 1 + length > COLUMNS) {
        (void)fputc('\n', page.out);
        column = 0;
    }
    if (column > 0)
        (void)fputc(' ', page.out);
    if (column == 0 && (word[0] == '.' || word[0] == '\''))
        (void)fputs("\\&", page.out);
    for (size_t i = 0; i < length; i++)
        (void)fputs(word[i] == '\\' ? "\\e" : (const char[]){word[i], '\0'}, page.out);
    column += length + 1;
}

static void put_text(const char *text)
{
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");

        put_word(text, length);
        text += length;
    }
}

static void end_text(void)
{
    if (column > 0)
        (void)fputc('\n', page.out);
    column = 0;
}

/* As a sentence: a capital in front, unless it is a word of the file's; and a full stop. */
static void put_sentence(const char *text)
{
    char line[LINE_BYTES];
    size_t first = strcspn(text, " ");

    (void)snprintf(line, sizeof(line), "%s.", text);
    if (line[0] >= 'a' && line[0] <= 'z' && memchr(text, ':', first) == NULL)
        line[0] = (char)(line[0] - 'a' + 'A');
    put_text(line);
    end_text();
}

/* Something that stands so in a file. */
static void put_quoted(const char *text, const char *behind)
{
    (void)fputs(".Ql \"", page.out);
    for (; *text != '\0'; text++)
        (void)fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, page.out);
    (void)fprintf(page.out, "\"%s\n", behind);
}

/* ---- one setting ----------------------------------------------------------------------------- */

static void put_range(const struct setting_row *row)
{
    char value[SETTING_VALUE_SIZE], min[SETTING_VALUE_SIZE], max[SETTING_VALUE_SIZE];
    char line[LINE_BYTES];

    (void)snprintf(line, sizeof(line), "Default: %s; from %s to %s.",
                   setting_format(row, row->initial, value), setting_format(row, row->min, min),
                   setting_format(row, row->max, max));
    put_text(line);
}

static void put_words(const struct setting_row *row)
{
    put_text("One of");
    for (size_t i = 0; row->words[i] != NULL; i++) {
        char word[LINE_BYTES];

        (void)snprintf(word, sizeof(word), "%s%s", row->words[i],
                       row->words[i + 1] != NULL ? "," : ".");
        put_text(word);
    }
    end_text();
}

static void put_value(const struct setting_row *row)
{
    char value[SETTING_VALUE_SIZE];
    char line[LINE_BYTES];

    if (row == NULL) { /* a section of texts */
        put_text("Default: none.");
        end_text();
        return;
    }
    if (row->type == SETTING_CHOICE)
        put_words(row);
    if (row->type == SETTING_TEXT)
        (void)snprintf(line, sizeof(line), "Default: %s.",
                       row->text[0] != '\0' ? row->text : "none");
    else
        (void)snprintf(line, sizeof(line), "Default: %s.",
                       setting_format(row, row->initial, value));
    if (row->type == SETTING_TEXT || row->type == SETTING_BOOL || row->type == SETTING_CHOICE)
        put_text(line);
    else
        put_range(row);
    end_text();
}

/* What an entry may be: as in load_lists.c, which knows. */
static void put_entry_form(const struct row *row)
{
    const struct entry_form *form = load_list_form(row->list);
    char line[LINE_BYTES];

    if (form->what == NULL) {
        put_text("An entry is a text.");
        end_text();
        return;
    }
    put_text("An entry:");
    end_text();
    if (form->plain) {
        put_quoted(form->example, " ,");
        (void)snprintf(line, sizeof(line), "{%s: %s, note: ...}", form->keys[0].name,
                       form->example);
        put_text("or");
        end_text();
        put_quoted(line, " .");
    } else {
        put_quoted(form->example, " .");
    }
}

static void put_list_default(const struct row *row)
{
    const char *words = row->words;
    char line[LINE_BYTES];
    size_t used;

    if (words[0] == '\0')
        words = strncmp(row->key, "data.", 5) == 0 ? "the built-in list" : "none";
    put_text("Default:");
    for (used = 0; *words != '\0' && used + 2 < sizeof(line); words++)
        used += (size_t)snprintf(line + used, sizeof(line) - used,
                                 *words == ' ' && row->words[0] != '\0' ? ", " : "%c", *words);
    (void)snprintf(line + used, sizeof(line) - used, "; at most %d entries.", row->max);
    put_text(line);
    end_text();
}

/* What comes behind the words of ABOUT. */
static void end_row(void)
{
    const struct row *row = page.row;

    page.row = NULL;
    if (row == NULL)
        return;
    if (row->max == 0) {
        put_value(setting_find(row->key));
        return;
    }
    put_entry_form(row);
    put_list_default(row);
}

static void put_row(const struct row *row)
{
    end_row();
    (void)fprintf(page.out, ".It Cm %s : Ar %s\n", row->key, row->form);
    put_sentence(row->help);
    page.row = row;
}

/* ---- the frame's lines ----------------------------------------------------------------------- */

/* key is name, or a setting of that section. */
static bool lies_in(const char *key, const char *name)
{
    size_t length = strlen(name);

    return strcmp(key, name) == 0 || (strncmp(key, name, length) == 0 && key[length] == '.' &&
                                      strchr(key + length + 1, '.') == NULL);
}

static bool is_of_list(const char *key)
{
    for (size_t i = 0; i < page.name_count; i++) {
        if (lies_in(key, page.name[i]))
            return true;
    }
    return false;
}

/* Writes the rows of the list that are not written, up to that of this key (NULL: all). */
static bool put_rows(const char *last)
{
    for (size_t i = 0; i < ROWS; i++) {
        bool is_last = last != NULL && strcmp(rows[i].key, last) == 0;

        if (is_of_list(rows[i].key) && !page.written[i]) {
            put_row(&rows[i]);
            page.written[i] = true;
            if (is_last)
                return true;
        } else if (is_last) {
            return fail("not in this list, or after one that comes behind it: ", last);
        }
    }
    return last == NULL || fail("no such setting: ", last);
}

static bool begin_settings(char *names)
{
    if (page.open)
        return fail("SETTINGS within SETTINGS", "");
    (void)snprintf(page.names, sizeof(page.names), "%s", names);
    page.name_count = 0;
    for (char *at = page.names; *at != '\0' && page.name_count < NAMES; at += strspn(at, " ")) {
        page.name[page.name_count++] = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
    }
    page.open = true;
    (void)fputs(".Bl -tag -width Ds\n", page.out);
    return true;
}

static bool about(char *key)
{
    return page.open ? put_rows(key) : fail("ABOUT outside of SETTINGS: ", key);
}

static bool end_settings(char *nothing)
{
    (void)nothing;
    if (!page.open)
        return fail("END without SETTINGS", "");
    page.open = false;
    (void)put_rows(NULL);
    end_row();
    (void)fputs(".El\n", page.out);
    return true;
}

static bool put_checks(char *nothing)
{
    (void)nothing;
    (void)fputs(".Bl -tag -width Ds\n", page.out);
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        (void)fprintf(page.out, ".It Cm checks.%s\n", check_row((enum check_id)i)->name);
        put_sentence(check_row((enum check_id)i)->summary);
        put_text("Reasons:");
        for (unsigned r = 0, found = 0; r < REASON_COUNT; r++) {
            const struct reason_row *reason = reason_row((enum reason_id)r);
            char line[LINE_BYTES];

            if (reason->check != (enum check_id)i)
                continue;
            (void)snprintf(line, sizeof(line), "%s (%s)", reason->name,
                           helo_action_text(reason->action));
            if (found++ > 0)
                (void)fputc(',', page.out);
            put_text(line);
        }
        (void)fputs(".\n", page.out);
        column = 0;
    }
    (void)fputs(".El\n", page.out);
    return true;
}

static bool put_line(char *line)
{
    static const struct {
        const char *word;
        bool (*run)(char *rest);
    } directives[] = {{".\\\" SETTINGS", begin_settings},
                      {".\\\" ABOUT", about},
                      {".\\\" END", end_settings},
                      {".\\\" CHECKS", put_checks}};

    for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
        size_t length = strlen(directives[i].word);

        if (strncmp(line, directives[i].word, length) == 0) {
            line[strcspn(line, "\n")] = '\0';
            return directives[i].run(line + length + strspn(line + length, " "));
        }
    }
    return fputs(line, page.out) >= 0 || fail("cannot write the page", "");
}

static bool write_page(void)
{
    char line[LINE_BYTES];

    while (fgets(line, sizeof(line), page.in) != NULL) {
        page.line++;
        if (!put_line(line))
            return false;
    }
    if (page.open)
        return fail("no END", "");
    for (size_t i = 0; i < ROWS; i++) {
        if (!page.written[i])
            return fail("no SETTINGS has the key ", rows[i].key);
    }
    return true;
}

int main(int argc, char **argv)
{
    bool good;

    if (argc != 3) {
        (void)fputs("usage: helo_manual FRAME PAGE\n", stderr);
        return EXIT_FAILURE;
    }
    page.frame = argv[1];
    page.in = fopen(argv[1], "r");
    page.out = page.in != NULL ? fopen(argv[2], "w") : NULL;
    if (page.out == NULL) {
        (void)fail("cannot open the frame, or cannot write the page ", argv[2]);
        return EXIT_FAILURE;
    }
    good = write_page();
    good = fclose(page.out) == 0 && good;
    (void)fclose(page.in);
    if (!good)
        (void)remove(argv[2]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
