/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_yaml.c - policy/yaml*.c: trees, places, and what is not accepted
 */
#include "unit/unit.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "policy/yaml.h"
#include "unit/findings.h"

/* ---- trees as text: {key: value, list: [a, 'quoted']}; ? for what is broken ---- */

static void write_node(const struct yaml_node *node, bool places, struct text *out)
{
    static const char *const brackets[] = {
        [KIND_TEXT] = "", [KIND_LIST] = "[]", [KIND_MAPPING] = "{}", [KIND_BROKEN] = ""};
    const char *pair = brackets[node->kind];

    if (node->key != NULL)
        text_addf(out, "%s: ", node->key->text);
    if (places)
        text_addf(out, "%u:%u ", node->line, node->column);
    if (node->kind == KIND_BROKEN)
        text_add(out, "?");
    if (node->kind == KIND_TEXT)
        text_addf(out, node->plain ? "%s" : "'%s'", node->text);
    text_add_bytes(out, pair, pair[0] != '\0');
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        write_node(child, places, out); /* depth: LIMIT_YAML_DEPTH */
        text_add(out, child->next != NULL ? ", " : "");
    }
    text_add(out, pair[0] != '\0' ? pair + 1 : "");
}

/* The tree of a text; NULL when there is none. */
static char *tree_of(const char *yaml, size_t length, bool places, struct findings *findings)
{
    const struct diag_file file = {"input", yaml, length};
    struct yaml_tree tree = {0};
    struct text out;
    struct diag diag;

    diag_init(&diag, keep_finding, findings);
    if (yaml_tree_parse(&file, &diag, &tree) != HELO_OK)
        return NULL;
    text_init(&out, 65536);
    if (tree.root != NULL)
        write_node(tree.root, places, &out);
    yaml_tree_fini(&tree);
    return text_take(&out);
}

struct row {
    const char *name;
    const char *yaml;
    const char *tree;    /* NULL: none */
    const char *finding; /* the first; "": none */
    unsigned errors;
};

static void run_row(const struct row *r, bool places)
{
    struct findings findings = {0};
    char *tree = tree_of(r->yaml, strlen(r->yaml), places, &findings);

    UNIT_EXPECT_TEXT(tree, r->tree);
    UNIT_EXPECT_TEXT(findings.first, r->finding);
    UNIT_EXPECT_INT(findings.errors, r->errors);
    mem_free(tree);
}

static const struct row tree_rows[] = {
    {"nothing", "", "", "", 0},
    {"comment", "# x\n", "", "", 0},
    {"document mark", "---\n", "", "", 0},
    {"text", "one", "one", "", 0},
    {"mapping", "a: 1\nb: 2\n", "{a: 1, b: 2}", "", 0},
    {"nested", "a:\n  b:\n    c: d\n  e: f\n", "{a: {b: {c: d}, e: f}}", "", 0},
    {"list", "- a\n- b\n-\n  - c\n", "[a, b, [c]]", "", 0},
    {"flow", "{a: [b, c], d: {e: f}, g: [], h: {}}", "{a: [b, c], d: {e: f}, g: [], h: {}}", "", 0},
    {"list at its key's column", "a:\n- b\n- c\nd: e\n", "{a: [b, c], d: e}", "", 0},
    {"quotes", "a: 'it''s'\nb: \"x\\\"y\"\nc: \"\"\n", "{a: 'it's', b: 'x\"y', c: ''}", "", 0},
    {"nothing is resolved", "a: yes\nb: ~\nc: 010\nd: null\ne: 1e3\n",
     "{a: yes, b: ~, c: 010, d: null, e: 1e3}", "", 0},
    {"empty value", "a:\nb: 1\n", "{a: , b: 1}", "", 0},
    {"folded", "a: >-\n  b\n  c\n", "{a: 'b c'}", "", 0},
    {"plain over lines", "a: b\n  c\n", "{a: b c}", "", 0},
    {"CRLF", "a: 1\r\nb:\r\n  - c\r\n", "{a: 1, b: [c]}", "", 0},
    {"UTF-8", "a: \xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xa7\n",
     "{a: \xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xa7}", "", 0},
    {"percent inside", "a: 5%\nb: %x\n", NULL,
     "2:4: not YAML: found character that cannot start any token while scanning for the next "
     "token, begun in line 2",
     1},
};

static void makes_trees(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, tree_rows) {
        run_row(r, false);
    }
}

/* Columns count bytes, whatever libyaml counts. */
static const struct row place_rows[] = {
    {"block", "a: 1\nbc:\n  - d\n  -  e\n", "1:1 {a: 1:4 1, bc: 3:3 [3:5 d, 4:6 e]}", "", 0},
    {"flow", "[a, {b: c}]", "1:1 [1:2 a, 1:5 {b: 1:9 c}]", "", 0},
    {"after two bytes", "\xc3\xa4: [\xc3\xb6, x]\n", "1:1 {\xc3\xa4: 1:5 [1:6 \xc3\xb6, 1:10 x]}",
     "", 0},
    {"after four bytes", "['\xf0\x9f\x93\xa7', x]", "1:1 [1:2 '\xf0\x9f\x93\xa7', 1:10 x]", "", 0},
    {"after CRLF", "a: 1\r\n\r\nb: 2\r\n", "1:1 {a: 1:4 1, b: 3:4 2}", "", 0},
    {"after a comment", "# \xe2\x82\xac\n\n  # x\na: 1\n", "4:1 {a: 4:4 1}", "", 0},
    {"nothing at the end of the file", "a: 1\nbc:", "1:1 {a: 1:4 1, bc: 2:4 }", "", 0},
    {"nothing at the end of the last line", "a: 1\nbc:\n", "1:1 {a: 1:4 1, bc: 2:4 }", "", 0},
    {"nothing in a list", "- a\n-\n-", "1:1 [1:3 a, 2:2 , 3:2 ]", "", 0},
    {"nothing in brackets", "{a, b: , c: {}}", "1:1 {a: 1:3 , b: 1:8 , c: 1:13 {}}", "", 0},
    {"question mark", "? a\n? b\n: c", "1:1 {a: 2:1 , b: 3:3 c}", "", 0},
};

static void knows_places(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, place_rows) {
        run_row(r, true);
    }
}

/* What a text says behind a first line of its own. */
static char *tree_behind(const char *line, const char *yaml, struct findings *findings)
{
    char *whole = NULL;
    struct text text;
    char *tree;

    text_init(&text, 65536);
    text_add(&text, line);
    text_add(&text, yaml);
    whole = text_take(&text);
    assert_non_null(whole);
    tree = tree_of(whole, strlen(whole), true, findings);
    mem_free(whole);
    return tree;
}

/* A file of ASCII has its places from libyaml, another one by counting: they are the same. */
static void expect_same_places(const struct row *r)
{
    struct findings by_libyaml = {0}, by_count = {0};
    char *ascii = tree_behind("# a\n", r->yaml, &by_libyaml);
    char *utf8 = tree_behind("# \xc3\xa4\n", r->yaml, &by_count);

    UNIT_EXPECT_TEXT(ascii, utf8);
    UNIT_EXPECT_TEXT(by_libyaml.first, by_count.first);
    mem_free(ascii);
    mem_free(utf8);
}

static const struct row refused_rows[] = {
    {"duplicate key", "a: 1\nb: 2\na: 3\n", "{a: 1, b: 2}",
     "3:1: the key 'a' stands twice here: first in line 1, column 1", 1},
    {"duplicates, last and first", "a: 1\na: 2\nb: 3\nb: 4\n", "{a: 1, b: 3}",
     "2:1: the key 'a' stands twice here: first in line 1, column 1", 2},
    {"a duplicate among many", "{a: 1, b: , c: , d: , e: , f: , g: , h: , i: , b: 2, j: }",
     "{a: 1, b: , c: , d: , e: , f: , g: , h: , i: , j: }",
     "1:48: the key 'b' stands twice here: first in line 1, column 8", 1},
    {"many different keys", "{a: 1, b: , c: , d: , e: , f: , g: , h: , i: , j: }",
     "{a: 1, b: , c: , d: , e: , f: , g: , h: , i: , j: }", "", 0},
    {"same key in another mapping", "a: {b: 1}\nb: 1\n", "{a: {b: 1}, b: 1}", "", 0},
    {"anchor", "a: &x 1\n", "{a: 1}", "1:4: YAML anchors (&name) are not accepted", 1},
    {"anchor of a list", "a: &x [1]\n", "{a: [1]}", "1:4: YAML anchors (&name) are not accepted",
     1},
    {"alias", "a: [*x]\n", "{a: [?]}", "1:5: YAML aliases (*name) are not accepted", 1},
    {"alias as key", "*x : 1\nb: 2\n", "{b: 2}", "1:1: YAML aliases (*name) are not accepted", 1},
    {"tag", "a: !!str 1\n", "{a: 1}", "1:4: YAML tags (!name) are not accepted", 1},
    {"list as key", "? [a]\n: 1\nb: 2\n", "{b: 2}",
     "1:3: a key must be a single word, not a list or mapping", 1},
    {"no key", "? \n: 1\nb: 2\n", "{b: 2}", "1:2: a key is missing before the colon", 1},
    {"two documents", "a: 1\n---\nb: 2\n", NULL,
     "2:1: a second YAML document begins here; a policy is one", 1},
    {"control", "a: \"x\\ty\"\n", "{a: ?}", "1:4: a text is one line and has no control characters",
     1},
    {"two lines", "a: |\n  x\n", "{a: ?}", "1:4: a text is one line and has no control characters",
     1},
    {"directive", "%YAML 1.1\n---\na: 1\n", NULL,
     "1:1: YAML directives (% at the start of a line) are not accepted", 1},
    {"not UTF-8", "a: \xff\n", NULL, "1:4: bytes that are not UTF-8 stand here", 1},
    {"line separator",
     "# x\xe2\x80\xa8"
     "a: 1\n",
     NULL, "1:4: a line end (U+2028, U+2029) that editors do not show stands here", 1},
    {"carriage return", "a: 1\rb: 2\n", NULL,
     "1:5: a line ends in CR alone; lines end in LF or CRLF", 1},
    {"carriage return at the end", "a: 1\r", NULL,
     "1:5: a line ends in CR alone; lines end in LF or CRLF", 1},
    {"too deep", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", NULL, "1:17: nested too deeply", 1},
    {"just deep enough", "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
     "", 0},
};

static void refuses_the_rest(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, refused_rows) {
        run_row(r, false);
    }
}

static void refuses_nul(void **state)
{
    struct findings findings = {0};

    (void)state;
    assert_null(tree_of("a: 1\n\0", 6, false, &findings));
    assert_string_equal(findings.first, "2:1: a NUL byte stands here: this is no text file");
}

/* Empty values, a comma each: small in the file, large in memory. */
static void bounds_nodes(void **state)
{
    static const char item[] = "- a\n";
    size_t count = LIMIT_YAML_NODES; /* the list is one, too */
    char *yaml = malloc(count * (sizeof(item) - 1));
    struct findings findings = {0};

    (void)state;
    assert_non_null(yaml);
    for (size_t i = 0; i < count; i++)
        memcpy(yaml + i * (sizeof(item) - 1), item, sizeof(item) - 1);
    assert_null(tree_of(yaml, count * (sizeof(item) - 1), false, &findings));
    assert_string_equal(findings.first, "1000000:3: too many values in one file");
    free(yaml);
}

static void finds_the_same_places(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, tree_rows) {
        expect_same_places(r);
    }
    UNIT_EACH(const struct row, r, place_rows) {
        expect_same_places(r);
    }
    UNIT_EACH(const struct row, r, refused_rows) {
        expect_same_places(r);
    }
}

/* Every byte at every place of the eight that are looked at together, alone and with another. */
static void finds_every_bad_byte(void **state)
{
    enum { LENGTH = 27 };
    char text[LENGTH + 1] = "";
    const struct diag_file file = {"input", text, LENGTH};

    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        bool good = (byte >= 0x20 && byte < 0x7f) || byte == '\t' || byte == '\n';

        for (size_t at = 0; at < LENGTH; at++) {
            struct findings findings = {0};
            struct diag diag;
            bool ascii = false, good_here = good;

            diag_init(&diag, keep_finding, &findings);
            memset(text, at % 2 == 0 ? ' ' : '~', LENGTH); /* the bounds of what is printable */
            text[at] = (char)byte;
            text[at / 2] = at / 2 != at ? '\n' : text[at];
            if (byte == '%' && (at == 0 || text[at - 1] == '\n'))
                good_here = false; /* a directive */
            UNIT_EXPECT_INT(yaml_text_check(&file, &diag, &ascii), good_here);
            UNIT_EXPECT_INT(yaml_printable_run(text + at, LENGTH - at) != 0,
                            byte >= 0x20 && byte < 0x7f);
            UNIT_EXPECT(!good_here || ascii);
        }
    }
}

static bool parse_again(void *arg)
{
    const char *yaml = arg;
    const struct diag_file file = {"input", yaml, strlen(yaml)};
    struct yaml_tree tree = {0};
    struct diag diag;
    enum helo_status status;

    diag_init(&diag, NULL, NULL);
    status = yaml_tree_parse(&file, &diag, &tree);
    yaml_tree_fini(&tree);
    return status == HELO_OK;
}

static void survives_faults(void **state)
{
    char yaml[] = "a: {b: [c, d], e: f}\ng: 'h'\ng: 2\ni: *j\n"
                  "k: {a: 1, b: , c: , d: , e: , f: , g: , h: , i: , b: 2, j: }\n";

    (void)state;
    unit_each_fault(parse_again, yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(makes_trees),  UNIT_TEST(knows_places),          UNIT_TEST(refuses_the_rest),
        UNIT_TEST(refuses_nul),  UNIT_TEST(finds_the_same_places), UNIT_TEST(finds_every_bad_byte),
        UNIT_TEST(bounds_nodes), UNIT_TEST(survives_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
