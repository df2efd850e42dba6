/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pattern.c - name/pattern.h: the forms of entries, and what a list finds
 */
#include "unit/unit.h"

#include <pthread.h>

#include "name/pattern.h"

#define TEN      "abcdefghij"
#define FIFTY    TEN TEN TEN TEN TEN
#define NAME_250 FIFTY FIFTY FIFTY FIFTY FIFTY
#define TEXT_280 NAME_250 TEN TEN TEN

static void add(struct pattern_list *list, const char *text, uint32_t tag)
{
    struct pattern_fault fault;

    if (!pattern_add(list, text, tag, &fault))
        fail_msg("\"%s\" is refused at %zu: %s", text, fault.offset, fault.message);
}

/* ---- one entry, one text --------------------------------------------------------------------- */

static const struct match_row {
    const char *name;
    const char *entry;
    const char *text;
    enum pattern_match want;
} match_rows[] = {
    /* a name */
    {"name", "name.example.org", "name.example.org", PATTERN_YES},
    {"name, not below it", "name.example.org", "x.name.example.org", PATTERN_NO},
    {"name, not above it", "name.example.org", "example.org", PATTERN_NO},
    {"name, text behind", "name.example.org", "name.example.orgs", PATTERN_NO},
    {"name, another top", "name.example.org", "name.example.org.test", PATTERN_NO},
    {"name in capitals", "NAME.Example.ORG", "name.example.org", PATTERN_YES},
    {"name with a dot behind", "name.example.org.", "name.example.org", PATTERN_YES},
    {"text with a dot behind", "name.example.org", "name.example.org.", PATTERN_YES},
    {"text with two dots behind", "name.example.org", "name.example.org..", PATTERN_NO},
    {"one label", "ylmf-pc", "ylmf-pc", PATTERN_YES},
    {"underscore", "my_pc.example", "my_pc.example", PATTERN_YES},
    {"bare address", "192.0.2.1", "192.0.2.1", PATTERN_YES},
    {"bare address, not as a prefix", "192.0.2.1", "192.0.2.10", PATTERN_NO},
    {"bare IPv6 address", "2001:DB8::1", "2001:db8::1", PATTERN_YES},
    {"port glued on", "mail.example:25", "mail.example:25", PATTERN_YES},
    {"hyphen at an edge", "x-.example", "x-.example", PATTERN_YES},
    {"A-label", "xn--bcher-kva.example", "xn--bcher-kva.example", PATTERN_YES},
    {"name of 253", NAME_250 ".x", NAME_250 ".x", PATTERN_YES},
    {"localhost.example.org is not localhost", "localhost", "localhost.example.org", PATTERN_NO},
    {"no text", "name.example.org", "", PATTERN_NO},
    {"a dot", "name.example.org", ".", PATTERN_NO},

    /* a suffix */
    {"suffix", ".example.org", "name.example.org", PATTERN_YES},
    {"suffix, far below", ".example.org", "a.b.c.d.example.org", PATTERN_YES},
    {"suffix, not itself", ".example.org", "example.org", PATTERN_NO},
    {"suffix, at a label", ".example.org", "badexample.org", PATTERN_NO},
    {"suffix, at a label, again", ".gle.com", "google.com", PATTERN_NO},
    {"suffix, nothing in front", ".example.org", ".example.org", PATTERN_NO},
    {"suffix, not in the middle", ".example.org", "a.example.org.test", PATTERN_NO},
    {"suffix in capitals", ".EXAMPLE.org", "a.example.org", PATTERN_YES},
    {"suffix with a dot behind", ".example.org.", "a.example.org", PATTERN_YES},
    {"suffix, text with a dot behind", ".example.org", "a.example.org.", PATTERN_YES},
    {"suffix of one label", ".lan", "printer.lan", PATTERN_YES},
    {"suffix of one label, longer", ".on", "foo.online", PATTERN_NO},

    /* a wildcard */
    {"star", "*.dsl.example.org", "pool1.dsl.example.org", PATTERN_YES},
    {"star over dots", "*.dsl.example.org", "a.b.c.dsl.example.org", PATTERN_YES},
    {"star, whole label", "*.example.org", "badexample.org", PATTERN_NO},
    {"star over nothing", "pool*.example", "pool.example", PATTERN_YES},
    {"star, not anchored in front", "dsl*", "adsl.example", PATTERN_NO},
    {"star, not anchored behind", "*dsl", "dsl.example", PATTERN_NO},
    {"stars", "*dsl*pool*", "x-dsl-1-pool-2.example", PATTERN_YES},
    {"stars in another order", "*dsl*pool*", "pool-dsl.example", PATTERN_NO},
    {"stars, text used once only", "*aba*aba", "ababa", PATTERN_NO},
    {"star alone", "*", "anything at all", PATTERN_YES},
    {"star tried again", "*ab.c*x", "ab.ab.cx", PATTERN_YES},
    {"question mark", "host?.example", "host1.example", PATTERN_YES},
    {"question mark is one", "host?.example", "host.example", PATTERN_NO},
    {"question mark is not two", "host?.example", "host12.example", PATTERN_NO},
    {"question mark is a dot, too", "host?example", "host.example", PATTERN_YES},
    {"class", "h[abc].example", "hb.example", PATTERN_YES},
    {"class, not in it", "h[abc].example", "hd.example", PATTERN_NO},
    {"range", "h[0-9a-f].example", "he.example", PATTERN_YES},
    {"range, not in it", "h[0-9a-f].example", "hg.example", PATTERN_NO},
    {"class negated with !", "h[!0-9].example", "hx.example", PATTERN_YES},
    {"class negated with ^", "h[^0-9].example", "h7.example", PATTERN_NO},
    {"bracket first in a class", "[]]*", "]x", PATTERN_YES},
    {"hyphen last in a class", "a[x-]b", "a-b", PATTERN_YES},
    {"star in a class is a star", "a[*]b", "axb", PATTERN_NO},
    {"star in a class", "a[*]b", "a*b", PATTERN_YES},
    {"wildcard in capitals", "*.DSL.[E]xample", "x.dsl.example", PATTERN_YES},
    {"wildcard, text with a dot behind", "*.dsl.example", "x.dsl.example.", PATTERN_YES},
    {"wildcard with a blank", "my *", "my computer", PATTERN_YES},
    {"many stars", "*a*a*a*a*a*a*a*a*a*a*b", TEXT_280, PATTERN_NO},

    /* an expression */
    {"expression", "/pool[0-9]+\\.example/", "pool17.example", PATTERN_YES},
    {"expression, anchored in front", "/pool[0-9]+\\.example/", "xpool17.example", PATTERN_NO},
    {"expression, anchored behind", "/pool[0-9]+\\.example/", "pool17.example.org", PATTERN_NO},
    {"expression with its own anchors", "/^pool[0-9]+$/", "pool17", PATTERN_YES},
    {"alternatives are anchored, too", "/pool|dsl/", "poolside", PATTERN_NO},
    {"alternatives are anchored in front", "/pool|dsl/", "adsl", PATTERN_NO},
    {"alternatives", "/^pool|dsl$/", "dsl", PATTERN_YES},
    {"the longer alternative", "/a|ab/", "ab", PATTERN_YES},
    {"lazy", "/a.*?/", "abc", PATTERN_YES},
    {"possessive", "/[a-z]++[0-9]/", "abc1", PATTERN_YES},
    {"expression in capitals", "/POOL[A-F]/", "poole", PATTERN_YES},
    {"expression with a capital that is a must", "/[a-z]*X[0-9]+/", "abx1", PATTERN_YES},
    {"a dot is any character", "/pool.1/", "poolx1", PATTERN_YES},
    {"a dot with a backslash is none", "/pool\\.1/", "poolx1", PATTERN_NO},
    {"a slash in it", "/a\\/b/", "a/b", PATTERN_YES},
    {"look-ahead", "/(?!mail|smtp).*\\.example/", "mail7.example", PATTERN_NO},
    {"look-ahead, not there", "/(?!mail|smtp).*\\.example/", "pool7.example", PATTERN_YES},
    {"look-behind", "/.*(?<!static)\\.example/", "static.example", PATTERN_NO},
    {"word", "/.*\\bdsl\\b.*/", "a-dsl-7.example", PATTERN_YES},
    {"no word", "/.*\\bdsl\\b.*/", "adsl.example", PATTERN_NO},
    {"groups", "/([0-9]{1,3}[.-]){4}dsl\\.example/", "192-0-2-1-dsl.example", PATTERN_YES},
    {"named class", "/[[:alpha:]]+[[:digit:]]/", "abc7", PATTERN_YES},
    {"address literal", "/\\[192\\.0\\.2\\.[0-9]+\\]/", "[192.0.2.77]", PATTERN_YES},
    {"IPv6 address literal", "/\\[ipv6:2001:db8:.*\\]/", "[ipv6:2001:db8::1]", PATTERN_YES},
    {"expression, text with a dot behind", "/pool/", "pool.", PATTERN_YES},
    {"brackets as themselves in a class", "/[](]x/", "(x", PATTERN_YES},
    {"braces as themselves", "/a{x}/", "a{x}", PATTERN_YES},
    {"backslash", "/caf\\\\xc3\\\\xa9/", "caf\\xc3\\xa9", PATTERN_YES},
    {"text of 280", "/[a-j]{280}/", TEXT_280, PATTERN_YES},
    {"text of 280, wildcard", "*j", TEXT_280, PATTERN_YES},
    {"text of 281", "*", TEXT_280 "a", PATTERN_LIMIT},
};

static void matches(void **state)
{
    (void)state;
    UNIT_EACH(const struct match_row, r, match_rows) {
        struct pattern_list list;
        uint32_t tag = 99;

        pattern_list_init(&list);
        add(&list, r->entry, 7);
        assert_true(pattern_list_seal(&list));
        UNIT_EXPECT_INT(pattern_find(&list, r->text, &tag), r->want);
        UNIT_EXPECT_INT(tag, r->want == PATTERN_YES ? 7 : 99);
        pattern_list_fini(&list);
    }
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* The index is the tag. */
static const char *const entries[] = {
    /* 0 */ "/mx[0-9]*\\.example\\.org/",
    /* 1 */ "mx*.example.org",
    /* 2 */ ".example.org",
    /* 3 */ "mx.example.org",
    /* 4 */ ".dsl.example.org",
    /* 5 */ "*pool*",
    /* 6 */ "/.*dsl.*/",
    /* 7 */ "*dsl*",
    /* 8 */ "MX.example.org.",
    /* 9 */ "ylmf-pc",
    /* 10 */ "/[a-z]{4}-pc/",
    /* 11 */ "/user-.*/",
    /* 12 */ "user-?",
};

static const struct order_row {
    const char *name; /* that is looked for */
    int tag;          /* -1: nothing */
} order_rows[] = {
    {"mx.example.org", 3},
    {"mx.example.org.", 3},
    {"mx1.example.org", 2}, /* a suffix goes before wildcard and expression, whatever the order */
    {"x.dsl.example.org", 4},
    {"x-pool.dsl.test", 5},
    {"x.dsl.test", 6}, /* as given */
    {"ylmf-pc", 9},
    {"home-pc", 10},
    {"user-1", 11},
    {"user", -1},
    {"example.org", -1},
    {"mail.example.com", -1},
    {"", -1},
};

static void add_entries(struct pattern_list *list)
{
    pattern_list_init(list);
    for (uint32_t i = 0; i < UNIT_COUNT(entries); i++)
        add(list, entries[i], i);
    assert_true(pattern_list_seal(list));
}

static int tag_of(const struct pattern_list *list, const char *text)
{
    uint32_t tag = 0;

    return pattern_find(list, text, &tag) == PATTERN_YES ? (int)tag : -1;
}

static void says_which_entry_it_is(void **state)
{
    struct pattern_list list;

    (void)state;
    add_entries(&list);
    UNIT_EACH(const struct order_row, r, order_rows) {
        UNIT_EXPECT_INT(tag_of(&list, r->name), r->tag);
    }
    pattern_list_fini(&list);
}

static void an_empty_list_has_nothing(void **state)
{
    struct pattern_list list;
    uint32_t tag = 99;

    (void)state;
    pattern_list_init(&list);
    assert_true(pattern_list_seal(&list));
    assert_int_equal(pattern_find(&list, "name.example.org", &tag), PATTERN_NO);
    assert_int_equal(pattern_find(&list, "", &tag), PATTERN_NO);
    assert_int_equal(tag, 99);
    pattern_list_fini(&list);
    pattern_list_fini(&list);
}

/* ---- threads and memory ---------------------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 300 };

struct finder {
    const struct pattern_list *list;
    pthread_t thread;
    unsigned wrong;
};

static void *find_many(void *arg)
{
    struct finder *finder = arg;

    for (unsigned i = 0; i < ROUNDS; i++) {
        for (size_t j = 0; j < UNIT_COUNT(order_rows); j++)
            finder->wrong += tag_of(finder->list, order_rows[j].name) != order_rows[j].tag;
    }
    return NULL;
}

static void threads_share_a_list(void **state)
{
    struct pattern_list list;
    struct finder finders[THREADS];

    (void)state;
    add_entries(&list);
    for (size_t i = 0; i < THREADS; i++) {
        finders[i] = (struct finder){.list = &list};
        assert_int_equal(pthread_create(&finders[i].thread, NULL, find_many, &finders[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(finders[i].thread, NULL), 0);
        UNIT_EXPECT_INT(finders[i].wrong, 0);
    }
    pattern_list_fini(&list);
}

static bool build_list(void *arg)
{
    struct pattern_list list;
    struct pattern_fault fault = {.nomem = false};
    bool built = true;

    (void)arg;
    pattern_list_init(&list);
    for (uint32_t i = 0; i < UNIT_COUNT(entries) && built; i++) {
        size_t rows = list.count, names = list.names.count;

        built = pattern_add(&list, entries[i], i, &fault);
        assert_int_equal(fault.nomem, !built);
        assert_int_equal(list.count + list.names.count, rows + names + built);
    }
    built = built && pattern_list_seal(&list);
    pattern_list_fini(&list);
    return built;
}

static void reports_a_lack_of_memory(void **state)
{
    (void)state;
    unit_each_fault(build_list, NULL);
}

/* An entry can be added once there is memory again. */
static void a_lack_of_memory_leaves_the_list_whole(void **state)
{
    struct pattern_list list;
    struct pattern_fault fault;
    bool added = false;

    (void)state;
    pattern_list_init(&list);
    for (unsigned long n = 1; !added; n++) {
        assert_true(n < UNIT_MAX_FAULTS);
        mem_fail_after(n);
        added = pattern_add(&list, "/([a-z]|[0-9])*\\.example/", 5, &fault);
        mem_fail_after(0);
    }
    assert_true(pattern_list_seal(&list));
    assert_int_equal(tag_of(&list, "a1b2.example"), 5);
    pattern_list_fini(&list);
}

/* A find needs no memory, but for expressions that go deep; without it they give up. */
static void finds_without_memory(void **state)
{
    struct pattern_list list;
    uint32_t tag = 99;

    (void)state;
    add_entries(&list);
    mem_fail_after(1);
    for (size_t i = 0; i < UNIT_COUNT(order_rows); i++)
        UNIT_EXPECT_INT(tag_of(&list, order_rows[i].name), order_rows[i].tag);
    UNIT_EXPECT_INT(mem_count(), 0);
    mem_fail_after(0);
    pattern_list_fini(&list);

    pattern_list_init(&list);
    add(&list, "/([a-z]|[0-9])*/", 1);
    assert_true(pattern_list_seal(&list));
    mem_fail_after(1);
    UNIT_EXPECT_INT(pattern_find(&list, TEXT_280, &tag), PATTERN_LIMIT);
    mem_fail_after(0);
    UNIT_EXPECT_INT(pattern_find(&list, TEXT_280, &tag), PATTERN_YES);
    pattern_list_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(matches),
        UNIT_TEST(says_which_entry_it_is),
        UNIT_TEST(an_empty_list_has_nothing),
        UNIT_TEST(threads_share_a_list),
        UNIT_TEST(reports_a_lack_of_memory),
        UNIT_TEST(a_lack_of_memory_leaves_the_list_whole),
        UNIT_TEST(finds_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
