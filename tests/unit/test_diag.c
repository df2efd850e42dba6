/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_diag.c - base/diag.h and helo_diag_format()
 */
#include "unit/unit.h"

#include <stdio.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/text.h"

/* ---- format ---------------------------------------------------------------------------------- */

static const struct format_row {
    const char *name;
    struct helo_diag diag;
    const char *want;
} format_rows[] = {
    {"all of it",
     {HELO_ERROR, "a.yaml", 3, 5, "unknown key 'x'", "  y: x: 1", "did you mean 'z'?"},
     "a.yaml:3:5: error: unknown key 'x'; did you mean 'z'?\n      y: x: 1\n        ^"},
    {"first column",
     {HELO_WARNING, "a", 1, 1, "m", "src", NULL},
     "a:1:1: warning: m\n    src\n    ^"},
    {"behind the last column",
     {HELO_NOTE, "a", 1, 4, "m", "src", NULL},
     "a:1:4: note: m\n    src\n       ^"},
    {"column far behind",
     {HELO_NOTE, "a", 1, 9, "m", "src", NULL},
     "a:1:9: note: m\n    src\n       ^"},
    {"no column: the whole line",
     {HELO_ERROR, "a", 1, 0, "m", "src", NULL},
     "a:1: error: m\n    src"},
    {"no line: the whole file", {HELO_ERROR, "a", 0, 0, "m", NULL, NULL}, "a: error: m"},
    {"a column without a line is none", {HELO_ERROR, "a", 0, 7, "m", NULL, NULL}, "a: error: m"},
    {"what is in no file", {HELO_NOTE, "", 0, 0, "m", NULL, NULL}, "note: m"},
    {"no file", {HELO_ERROR, NULL, 0, 0, "m", NULL, NULL}, "error: m"},
    {"the caret stands under the letter, whatever UTF-8 is before it",
     {HELO_ERROR, "a", 1, 7, "m", "\xc3\xa9\xe2\x82\xac: x", NULL},
     "a:1:7: error: m\n    \xc3\xa9\xe2\x82\xac: x\n       ^"},
    {"percent signs are text",
     {HELO_ERROR, "%s", 1, 0, "%n", "%d", "%x"},
     "%s:1: error: %n; %x\n    %d"},
};

static void formats(void **state)
{
    char out[200];

    (void)state;
    UNIT_EACH(const struct format_row, r, format_rows) {
        UNIT_EXPECT_INT(helo_diag_format(&r->diag, out, sizeof out), strlen(r->want));
        UNIT_EXPECT_TEXT(out, r->want);
    }
}

/* As snprintf(): every size gives the beginning, terminated, and the length of the whole. */
static void formats_into_any_size(void **state)
{
    const struct format_row *row = &format_rows[0];
    size_t whole = strlen(row->want);
    char out[200];

    (void)state;
    assert_int_equal(helo_diag_format(&row->diag, NULL, 0), whole);
    for (size_t size = 1; size <= whole + 1; size++) {
        memset(out, '#', sizeof out);
        assert_int_equal(helo_diag_format(&row->diag, out, size), whole);
        assert_int_equal(strlen(out), size - 1);
        assert_memory_equal(out, row->want, size - 1);
        assert_int_equal(out[size], '#');
    }
}

/* ---- collect --------------------------------------------------------------------------------- */

struct heard {
    unsigned count;
    char text[600]; /* of the last */
};

static void hear(void *arg, const struct helo_diag *diag)
{
    struct heard *heard = arg;

    heard->count++;
    (void)helo_diag_format(diag, heard->text, sizeof heard->text);
}

static const char file_text[] = "one\n\ttwo\r\nthree \x01\x1b[1m\nlast";

static const struct place_row {
    const char *name;
    unsigned line;
    unsigned column;
    const char *want;
} place_rows[] = {
    {"first line", 1, 2, "f:1:2: error: m\n    one\n     ^"},
    {"a tab is one column, a CR is dropped", 2, 2, "f:2:2: error: m\n     two\n     ^"},
    {"control characters are shown as question marks", 3, 0, "f:3: error: m\n    three ??[1m"},
    {"last line, without its newline", 4, 1, "f:4:1: error: m\n    last\n    ^"},
    {"behind the last line", 5, 1, "f:5:1: error: m"},
    {"far behind", 4000000000u, 1, "f:4000000000:1: error: m"},
    {"the whole file", 0, 0, "f: error: m"},
    {"far to the right", 1, 100000, "f:1:100000: error: m"},
};

static void shows_the_line(void **state)
{
    const struct diag_file file = {.path = "f", .text = file_text, .length = sizeof file_text - 1};

    (void)state;
    UNIT_EACH(const struct place_row, r, place_rows) {
        struct diag_place place = {.file = &file, .line = r->line, .column = r->column};
        struct heard heard = {0};
        struct diag d;

        diag_init(&d, hear, &heard);
        diag_report(&d, HELO_ERROR, &place, NULL, "%s", "m");
        UNIT_EXPECT_TEXT(heard.text, r->want);
    }
}

static void a_long_line_is_cut(void **state)
{
    char text[5000];
    const struct diag_file file = {.path = "f", .text = text, .length = sizeof text};
    struct diag_place place = {.file = &file, .line = 1, .column = 10};
    struct heard heard = {0};
    struct diag d;

    (void)state;
    memset(text, 'x', sizeof text);
    diag_init(&d, hear, &heard);
    diag_report(&d, HELO_ERROR, &place, NULL, "%.*s", (int)sizeof text, text);
    assert_true(strlen(heard.text) == sizeof heard.text - 1);
}

static void counts_and_stops_giving(void **state)
{
    const struct diag_file no_text = {.path = "f"};
    struct diag_place place = {.file = &no_text, .line = 1, .column = 1};
    struct heard heard = {0};
    struct diag d;

    (void)state;
    diag_init(&d, hear, &heard);
    diag_report(&d, HELO_NOTE, NULL, NULL, "no place");
    assert_string_equal(heard.text, "note: no place");
    for (unsigned i = 1; i < LIMIT_DIAGNOSTICS; i++)
        diag_report(&d, HELO_WARNING, &place, "hint", "number %u", i);
    assert_int_equal(heard.count, LIMIT_DIAGNOSTICS);
    assert_string_equal(heard.text, "f:1:1: warning: number 49; hint");
    for (unsigned i = 0; i < 10; i++)
        diag_report(&d, HELO_ERROR, &place, NULL, "too many");
    assert_int_equal(heard.count, LIMIT_DIAGNOSTICS + 1);
    assert_string_equal(heard.text, "f: note: more was found and is not shown");
    assert_int_equal(d.errors, 10);
    assert_int_equal(d.warnings, LIMIT_DIAGNOSTICS - 1);
    diag_init(&d, NULL, NULL);
    diag_report(&d, HELO_ERROR, &place, NULL, "nobody listens");
    assert_int_equal(d.errors, 1);
}

/* ---- words ----------------------------------------------------------------------------------- */

static const struct quote_row {
    const char *name;
    const char *in;
    const char *want;
} quote_rows[] = {
    {"plain", "abc", "'abc'"},
    {"empty", "", "''"},
    {"control", "a\nb", "'a\\x0ab'"},
    {"fits to the byte", "0123456789012345678901234567890123456789012345678901234567890",
     "'0123456789012345678901234567890123456789012345678901234567890'"},
    {"cut", "01234567890123456789012345678901234567890123456789012345678901",
     "'0123456789012345678901234567890123456789012345678901234567...'"},
};

static void quotes(void **state)
{
    char out[DIAG_QUOTE_SIZE];

    (void)state;
    UNIT_EACH(const struct quote_row, r, quote_rows) {
        UNIT_EXPECT_TEXT(diag_quote(out, r->in), r->want);
    }
}

static const char *const words[] = {"mode",  "include",  "checks", "dns",
                                    "reply", "own_name", "own_ip"};

static const struct suggest_row {
    const char *name; /* the word that was said */
    const char *want;
} suggest_rows[] = {
    {"mode", "mode"},
    {"MODE", "mode"},
    {"moed", "mode"},
    {"mod", "mode"},
    {"modes", "mode"},
    {"chekcs", "checks"},
    {"check", "checks"},
    {"cheks", "checks"},
    {"dsn", "dns"},
    {"dn", NULL},
    {"replay", "reply"},
    {"own_nmae", "own_name"},
    {"ownname", "own_name"},
    {"own-ip", "own_ip"},
    {"inlcude", "include"},
    {"xxxx", NULL},
    {"", NULL},
    {"something_else_entirely", NULL},
    {"modemodemodemodemodemodemodemodemodemodemode", NULL},
};

static void suggests(void **state)
{
    (void)state;
    UNIT_EACH(const struct suggest_row, r, suggest_rows) {
        UNIT_EXPECT_TEXT(diag_suggest(r->name, words, UNIT_COUNT(words)), r->want);
        UNIT_EXPECT_TEXT(diag_suggest(r->name, words, 0), NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(formats),        UNIT_TEST(formats_into_any_size),
        UNIT_TEST(shows_the_line), UNIT_TEST(a_long_line_is_cut),
        UNIT_TEST(quotes),         UNIT_TEST(counts_and_stops_giving),
        UNIT_TEST(suggests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
