/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pattern_refused.c - name/pattern.h: what is refused, where and why; and nothing runs long
 */
#include "unit/unit.h"

#include "name/pattern.h"

#define TEN      "abcdefghij"
#define FIFTY    TEN TEN TEN TEN TEN
#define NAME_250 FIFTY FIFTY FIFTY FIFTY FIFTY
#define TEXT_500 NAME_250 NAME_250

static void add(struct pattern_list *list, const char *text, uint32_t tag)
{
    struct pattern_fault fault;

    if (!pattern_add(list, text, tag, &fault))
        fail_msg("\"%s\" is refused at %zu: %s", text, fault.offset, fault.message);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct fault_row {
    const char *name;
    const char *entry;
    size_t offset;
    const char *says; /* a part of the message */
} fault_rows[] = {
    {"empty", "", 0, "empty"},
    {"too long", TEXT_500 TEN "abc", 512, "512"},
    {"too long, an expression", "/" TEXT_500 TEN "a/", 512, "512"},
    {"8 bit", "caf\xc3\xa9.example", 3, "xn--"},
    {"control", "a\tb", 1, "printable"},
    {"8 bit in an expression", "/caf\xc3\xa9/", 4, "printable"},

    {"blank", "name.example org", 12, "letters, digits"},
    {"blank in front", " name.example", 0, "letters, digits"},
    {"comma", "a.example,b.example", 9, "letters, digits"},
    {"slash behind only", "pool/", 4, "slash in front"},
    {"network", "192.0.2.0/24", 9, "letters, digits"},
    {"address", "joe@example.org", 3, "letters, digits"},
    {"backslash", "name\\.example", 4, "letters, digits"},
    {"two dots", "a..example", 2, "between these dots"},
    {"two dots in front", "..example", 1, "between these dots"},
    {"two dots behind", "example..", 8, "between these dots"},
    {"dot", ".", 1, "dot alone"},
    {"two dots alone", "..", 1, "between these dots"},
    {"name of 254", NAME_250 ".xyz", 253, "253"},
    {"suffix of 254", "." NAME_250 ".xyz", 254, "253"},

    {"class without end", "pool[0-9.example", 4, "no ]"},
    {"class without member", "pool[]", 4, "no ]"},
    {"class at the end", "pool[", 4, "no ]"},
    {"class without member, negated", "pool[!]", 4, "no ]"},
    {"range backwards", "pool[9-0]", 5, "lower"},
    {"range backwards, second", "pool[a-z9-0]", 8, "lower"},
    {"named class in a wildcard", "pool[[:digit:]]", 5, "[0-9a-z]"},
    {"backslash in a wildcard", "pool\\*", 4, "[*]"},
    {"dot behind a wildcard", "*.example.org.", 13, "at their end"},
    {"star and dot", "*.", 1, "at their end"},
    {"address literal", "[192.0.2.1]", 0, "address literal"},
    {"IPv6 address literal", "[IPv6:2001:db8::1]", 0, "address literal"},

    {"slash", "/", 1, "ends in a slash"},
    {"open", "/pool", 5, "ends in a slash"},
    {"open, escaped slash", "/pool\\/", 7, "ends in a slash"},
    {"nothing between", "//", 1, "nothing between"},
    {"option", "/pool/i", 6, "case is ignored"},
    {"Postfix's action", "/pool/ REJECT", 6, "behind the slash"},
    {"slash in it", "/a/b/", 3, "\\/"},
    {"group without end", "/po(ol/", 6, "Perl's: missing"},
    {"group without beginning", "/po)ol/", 3, "Perl's: unmatched"},
    {"class of an expression without end", "/po[ol/", 6, "Perl's: missing"},
    {"repetition of nothing", "/*pool/", 1, "Perl's: quantifier"},
    {"range of an expression backwards", "/po[z-a]/", 6, "Perl's: range"},
    {"{n,m} backwards", "/po{3,1}/", 7, "Perl's: numbers"},

    {"back reference", "/(a)\\1/", 4, "back references"},
    {"back reference by name", "/(a)\\k<x>/", 4, "back references"},
    {"reference forward", "/\\g1(a)/", 1, "back references"},
    {"name of a group", "/x(?<n>a)/", 2, "(?:"},
    {"recursion", "/a(?R)b/", 2, "(?:"},
    {"call of a group", "/a(?1)/", 2, "(?:"},
    {"condition", "/(?(?=a)b|c)/", 1, "(?:"},
    {"callout", "/a(?C1)b/", 2, "(?:"},
    {"option inside", "/(?i)pool/", 1, "case is ignored"},
    {"captures switched on", "/(?-n)(a)/", 1, "(?:"},
    {"verb", "/(*UTF)pool/", 1, "(?:"},
    {"verb inside", "/po(*ACCEPT)ol/", 3, "(?:"},
    {"limit of one's own", "/(*LIMIT_MATCH=1000000)pool/", 1, "(?:"},
    {"quote", "/\\Qpool\\E/", 1, "letters behind a backslash"},
    {"reset of the beginning", "/a\\Kb/", 2, "letters behind a backslash"},
    {"byte", "/a\\Cb/", 2, "letters behind a backslash"},
    {"property", "/\\p{L}/", 1, "letters behind a backslash"},
    {"escape in a class", "/a[b\\Qc]/", 4, "letters behind a backslash"},
    {"groups in groups", "/((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))/",
     34, "Perl's: parentheses"},

    {"too large", "/(([a-z]{1,9}x){1,9}y){1,99}/", 0, "too large"},
    {"far too large", "/(((a{1,999}){1,999}){1,999}){1,999}/", 36,
     "Perl's: regular expression is too large"},
};

/* How far the place where PCRE2's parser gives up moves from version to version. */
enum { PARSER_STRIDE = 3 };

static void says_what_is_wrong_and_where(void **state)
{
    struct pattern_list list;

    (void)state;
    pattern_list_init(&list);
    UNIT_EACH(const struct fault_row, r, fault_rows) {
        struct pattern_fault fault = {.nomem = true};

        UNIT_EXPECT(!pattern_add(&list, r->entry, 1, &fault));
        UNIT_EXPECT(!fault.nomem);
        if (strstr(r->says, "Perl's") == NULL)
            UNIT_EXPECT_INT(fault.offset, r->offset);
        UNIT_EXPECT(fault.offset <= r->offset + PARSER_STRIDE);
        UNIT_EXPECT(fault.offset + PARSER_STRIDE >= r->offset);
        if (strstr(fault.message, r->says) == NULL)
            UNIT_EXPECT_TEXT(fault.message, r->says);
        UNIT_EXPECT(strlen(fault.message) < sizeof fault.message - 1);
    }
    /* What was refused left nothing behind. */
    assert_int_equal(list.count, 0);
    assert_int_equal(list.names.count, 0);
    pattern_list_fini(&list);
}

/* ---- what runs long -------------------------------------------------------------------------- */

static const struct long_row {
    const char *name;
    const char *entry;
    bool refused;
} long_rows[] = {
    {"repeated repetition", "/(a+)+b/", true},
    {"repeated repetition, at the end", "/(a+)+$/", true},
    {"repeated repetition, more behind it", "/(a+)+\\.example/", true},
    {"two ways to the same", "/(a|aa)+b/", true},
    {"two ways to the same, at the end", "/(a|aa)+$/", true},
    {"anything repeated", "/(.*)*x/", true},
    {"nested", "/((a*)*)*b/", true},
    {"nested deeper", "/(((a+)+)+)+b/", true},
    {"optional, then required", "/(a?){50}a{50}b/", true},
    {"many of the same", "/a*a*a*a*a*b/", true},
    {"counted", "/((a{1,9}){1,9}){1,9}b/", true},
    {"behind a text", "/dsl-pool-(a+)+\\.example/", true},
    {"behind a group", "/(([0-9]{1,3}[.-]){4}|x)([a-z]+-?)+\\.example/", true},
    {"behind a group that repeats", "/([0-9]{1,3}[.-]){4}([a-z]+-?)+\\.example/", true},
    {"four times a word of its own", "/.*zig.*zig.*zig.*_/", true},
    {"behind a choice", "/(foo|bar)-([a-z0-9]+)+\\.example/", true},
    {"behind a look-ahead", "/(?!mail)host(x+x+)+y/", true},
    {"letters of its own", "/(q|qq)+z/", true},
    {"words of its own", "/(?:zig|zigzig)+\\.example/", true},
    {"three times anything", "/.*-.*-.*\\.dsl\\..*/", true},
    {"three times a digit", "/.*\\d+.*\\d+.*\\d+.*\\.dsl/", true},
    {"twice anything", "/.*[0-9].*\\.(dsl|cable)\\..*/", true},
    {"in a look-ahead", "/(?!(a+)+b).*/", true},
    {"in a class of its own", "/([x-z]+)+_/", true},

    {"plain", "/pool[0-9]+\\.example/", false},
    {"labels", "/([a-z0-9-]+\\.)+example/", false},
    {"possessive", "/(a++)+b/", false},
    {"atomic", "/(?>(a+)+)b/", false},
    {"once anything", "/.*\\.dsl\\..*/", false},
    {"no dots", "/.*[0-9]-[0-9][^.]*\\.(dsl|cable)\\..*/", false},
    {"octets", "/([0-9]{1,3}[.-]){3}[0-9]{1,3}\\..*/", false},
    {"words",
     "/.*\\b(adsl|cable|dial|dialup|dhcp|dip|dsl|dyn|dynamic|gprs|home|pool|ppp|pppoe|umts|wlan|"
     "broadband|client|customer|user)\\b.*/",
     false},
    {"look-ahead over all", "/(?!.*static).*[.-]dsl[.-].*/", false},
};

static void refuses_what_can_run_long(void **state)
{
    (void)state;
    UNIT_EACH(const struct long_row, r, long_rows) {
        struct pattern_list list;
        struct pattern_fault fault = {.nomem = false};
        bool added;

        pattern_list_init(&list);
        added = pattern_add(&list, r->entry, 1, &fault);
        UNIT_EXPECT_INT(added, !r->refused);
        UNIT_EXPECT(added || strstr(fault.message, "can run too long") != NULL);
        UNIT_EXPECT_INT(fault.offset, 0);
        UNIT_EXPECT(!fault.nomem);
        pattern_list_fini(&list);
    }
}

/* A negated class has members that no hard name has: the limit is all that is left. The x is there
 * because a text without one is passed over at once. */
static const char hidden[] = "/([^a-z0-9.-]+)+x/";
static const char hidden_text[] = "________________________________________x_";

static const struct limit_row {
    const char *name;
    const char *second; /* entry */
    enum pattern_match want;
} limit_rows[] = {
    {"nothing else", NULL, PATTERN_LIMIT},
    {"something else that does not match", "*.example", PATTERN_LIMIT},
    {"the same again", hidden, PATTERN_LIMIT},
    {"a name matches", hidden_text, PATTERN_YES},
    {"a wildcard matches", "_*", PATTERN_YES},
    {"an expression matches", "/_+x_/", PATTERN_YES},
};

static void gives_up_at_the_limit(void **state)
{
    (void)state;
    UNIT_EACH(const struct limit_row, r, limit_rows) {
        struct pattern_list list;
        uint32_t tag = 99;

        pattern_list_init(&list);
        add(&list, hidden, 1);
        if (r->second != NULL)
            add(&list, r->second, 2);
        assert_true(pattern_list_seal(&list));
        UNIT_EXPECT_INT(pattern_find(&list, hidden_text, &tag), r->want);
        UNIT_EXPECT_INT(tag, r->want == PATTERN_YES ? 2 : 99);
        /* Other texts are as before. */
        UNIT_EXPECT_INT(pattern_find(&list, "____x", &tag), PATTERN_YES);
        UNIT_EXPECT_INT(pattern_find(&list, "mail.test", &tag), PATTERN_NO);
        pattern_list_fini(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(says_what_is_wrong_and_where),
        UNIT_TEST(refuses_what_can_run_long),
        UNIT_TEST(gives_up_at_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
