/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_text.c - base/text.h: builders, escapes, fixed buffers
 */
#include "unit/unit.h"

#include <stdio.h>

#include "base/text.h"

/* ---- builder --------------------------------------------------------------------------------- */

static void builds(void **state)
{
    struct text t;
    char *taken;

    (void)state;
    text_init(&t, 1000);
    text_add(&t, "a");
    text_add_bytes(&t, "bcd", 2);
    text_addf(&t, "-%d-%s", 42, "x");
    for (int i = 0; i < 100; i++)
        text_add(&t, ".");
    assert_false(t.failed);
    assert_int_equal(t.length, 108);
    taken = text_take(&t);
    assert_int_equal(strncmp(taken, "abc-42-x...", 11), 0);
    assert_int_equal(strlen(taken), 108);
    mem_free(taken);
    taken = text_take(&t);
    assert_string_equal(taken, "");
    mem_free(taken);
}

static void stops_at_its_limit(void **state)
{
    struct text t;
    char *taken;

    (void)state;
    text_init(&t, 5);
    text_add(&t, "12345");
    assert_false(t.failed);
    text_add(&t, "");
    assert_false(t.failed);
    text_add(&t, "6");
    assert_true(t.failed);
    text_addf(&t, "%s", "");
    assert_int_equal(t.length, 5);
    assert_null(text_take(&t));
    text_init(&t, SIZE_MAX);
    text_add(&t, "no limit worth the name");
    taken = text_take(&t);
    assert_string_equal(taken, "no limit worth the name");
    mem_free(taken);
    text_fini(&t);
}

static bool build_something(void *arg)
{
    struct text t;
    char *taken;

    (void)arg;
    text_init(&t, 10000);
    for (int i = 0; i < 200; i++) {
        text_addf(&t, "%d,", i);
        text_add_json(&t, "\n");
        text_add_logfmt(&t, "a b");
    }
    taken = text_take(&t);
    mem_free(taken);
    return taken != NULL;
}

static void reports_a_lack_of_memory(void **state)
{
    (void)state;
    unit_each_fault(build_something, NULL);
}

/* ---- escapes --------------------------------------------------------------------------------- */

static const struct escape_row {
    const char *name;
    const char *in;
    const char *json;
    const char *logfmt;
} escape_rows[] = {
    {"absent", NULL, "null", "-"},
    {"empty", "", "\"\"", "-"},
    {"plain", "mx.site.example", "\"mx.site.example\"", "mx.site.example"},
    {"a dash is not absence", "-", "\"-\"", "\"-\""},
    {"two dashes", "--", "\"--\"", "--"},
    {"blank", "a b", "\"a b\"", "\"a b\""},
    {"equals", "a=b", "\"a=b\"", "\"a=b\""},
    {"quote", "a\"b", "\"a\\\"b\"", "\"a\\\"b\""},
    {"backslash", "a\\b", "\"a\\\\b\"", "\"a\\\\b\""},
    {"line end", "a\r\nb", "\"a\\r\\nb\"", "\"a\\x0d\\x0ab\""},
    {"tab and others", "\t\b\f\x01", "\"\\t\\b\\f\\u0001\"", "\"\\x09\\x08\\x0c\\x01\""},
    {"delete", "\x7f", "\"\\u007f\"", "\"\\x7f\""},
    {"UTF-8", "\xc3\xa9", "\"\xc3\xa9\"", "\"\\xc3\\xa9\""},
    {"ends in an escape", "ab\n", "\"ab\\n\"", "\"ab\\x0a\""},
};

static void escapes(void **state)
{
    (void)state;
    UNIT_EACH(const struct escape_row, r, escape_rows) {
        struct text json, logfmt;

        text_init(&json, 100);
        text_init(&logfmt, 100);
        text_add_json(&json, r->in);
        text_add_logfmt(&logfmt, r->in);
        UNIT_EXPECT_TEXT(json.data, r->json);
        UNIT_EXPECT_TEXT(logfmt.data, r->logfmt);
        text_fini(&json);
        text_fini(&logfmt);
    }
}

static const struct printable_row {
    const char *name;
    const char *in;
    size_t length;
    size_t size;
    const char *want;
} printable_rows[] = {
    {"plain", "abc", 3, 10, "abc"},
    {"fits to the byte", "abcde", 5, 6, "abcde"},
    {"cut", "abcdef", 6, 6, "ab..."},
    {"NUL inside", "a\0b", 3, 10, "a\\x00b"},
    {"backslash", "a\\b", 3, 10, "a\\\\b"},
    {"line end and 8 bit", "\r\n\xff", 3, 20, "\\x0d\\x0a\\xff"},
    {"percent and quote stay", "%s\"", 3, 10, "%s\""},
    {"an escape fits to the byte", "abc\n", 4, 8, "abc\\x0a"},
    {"an escape is cut whole", "abc\n", 4, 7, "abc..."},
    {"two escapes, one fits", "\n\n", 2, 8, "\\x0a..."},
    {"no room for dots", "abcdef", 6, 3, ".."},
    {"room for the NUL only", "abcdef", 6, 1, ""},
    {"nothing", "", 0, 1, ""},
};

static void makes_printable(void **state)
{
    char out[32];

    (void)state;
    UNIT_EACH(const struct printable_row, r, printable_rows) {
        memset(out, '#', sizeof out);
        UNIT_EXPECT_INT(text_printable(out, r->size, r->in, r->length), strlen(r->want));
        UNIT_EXPECT_TEXT(out, r->want);
        UNIT_EXPECT(out[r->size] == '#');
    }
    assert_int_equal(text_printable(out, 0, "abc", 3), 0);
}

/* Every byte at every size: printable, terminated, never past the buffer. */
static void stays_printable_whatever_comes(void **state)
{
    char bytes[256], out[1100];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(unsigned char)i;
    for (size_t size = 1; size < sizeof out; size++) {
        size_t length = text_printable(out, size, bytes, sizeof bytes);

        assert_true(length < size);
        assert_int_equal(strlen(out), length);
        for (size_t i = 0; i < length; i++)
            assert_true(out[i] >= 0x20 && out[i] <= 0x7e);
    }
}

/* ---- fixed buffers and case ------------------------------------------------------------------ */

static void copies_what_fits(void **state)
{
    char out[4] = "###";

    (void)state;
    assert_true(text_copy(out, sizeof out, "abc"));
    assert_string_equal(out, "abc");
    assert_false(text_copy(out, sizeof out, "defg"));
    assert_string_equal(out, "def");
    assert_false(text_copy(out, 0, ""));
    assert_string_equal(out, "def");
    assert_true(text_copy(out, 1, ""));
    assert_string_equal(out, "");
}

static const struct nocase_row {
    const char *name;
    const char *a;
    const char *b;
    bool equal;
} nocase_rows[] = {
    {"same", "abc", "abc", true},
    {"case", "aBc-Z", "AbC-z", true},
    {"empty", "", "", true},
    {"one is longer", "abc", "abcd", false},
    {"the other is longer", "abcd", "abc", false},
    {"next to the letters", "@[`{", "`{@[", false},
    {"8 bit has no case here", "\xc3\x89", "\xc3\xa9", false},
};

static void compares_without_case(void **state)
{
    char text[] = "AZaz09@[\xc9";

    (void)state;
    UNIT_EACH(const struct nocase_row, r, nocase_rows) {
        UNIT_EXPECT_INT(text_equal_nocase(r->a, r->b), r->equal);
        UNIT_EXPECT_INT(text_equal_nocase(r->b, r->a), r->equal);
    }
    text_lower_all(text);
    assert_string_equal(text, "azaz09@[\xc9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(builds),
        UNIT_TEST(stops_at_its_limit),
        UNIT_TEST(reports_a_lack_of_memory),
        UNIT_TEST(escapes),
        UNIT_TEST(makes_printable),
        UNIT_TEST(stays_printable_whatever_comes),
        UNIT_TEST(copies_what_fits),
        UNIT_TEST(compares_without_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
