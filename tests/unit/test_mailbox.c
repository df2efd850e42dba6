/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mailbox.c - paths of MAIL and RCPT as MTAs hand them over, and as attackers write them
 */
#include "base/text.h"
#include "name/mailbox.h"
#include "unit/unit.h"

static const struct row {
    const char *name;
    const char *path;
    const char *text;
    const char *local;
    const char *domain;
} rows[] = {
    {"as SMTP has it", "<user@site.example>", "user@site.example", "user", "site.example"},
    {"without brackets", "user@site.example", "user@site.example", "user", "site.example"},
    {"domain in any case, trailing dot", "<User@Site.EXAMPLE.>", "User@Site.EXAMPLE.", "User",
     "site.example"},
    {"null reverse-path", "<>", "", "", ""},
    {"nothing", "", "", "", ""},
    {"NULL", NULL, "", "", ""},
    {"postmaster alone", "<postmaster>", "postmaster", "postmaster", ""},
    {"source route", "<@a.example,@b.example:user@site.example>",
     "@a.example,@b.example:user@site.example", "user", "site.example"},
    {"at sign in quotes", "<\"a@b\"@site.example>", "\"a@b\"@site.example", "\"a@b\"",
     "site.example"},
    {"blank in quotes", "\"a b\"@site.example", "\"a b\"@site.example", "\"a b\"", "site.example"},
    {"bracket in quotes", "<\"x>\"@site.example>", "\"x>\"@site.example", "\"x>\"", "site.example"},
    {"unclosed quote", "<\"x@site.example>", "\"x@site.example", "", ""},
    {"comment", "<joe@site.example(x)>", "joe@site.example(x)", "joe", "site.example"},
    {"blank behind the at sign", "<joe@ site.example>", "joe@ site.example", "joe", "site.example"},
    {"comment in the route", "<@(:postmaster@x>)r.example:joe@site.example>",
     "@(:postmaster@x>)r.example:joe@site.example", "joe", "site.example"},
    {"quotes in the route", "<@\":postmaster>\".example:joe@site.example>",
     "@\":postmaster>\".example:joe@site.example", "", ""},
    {"literal with a comment in the route", "<@[1.2.3.4(:postmaster>)]:joe@site.example>",
     "@[1.2.3.4(:postmaster>)]:joe@site.example", "", ""},
    {"text behind", "<postmaster>joe@site.example>", "postmaster>joe@site.example", "", ""},
    {"two brackets", "<postmaster<joe@site.example>>", "postmaster<joe@site.example>", "", ""},
    {"unclosed comment", "<postmaster(>", "postmaster(", "", ""},
    {"unopened comment", "<postmaster)>", "postmaster)", "", ""},
    {"route to nowhere", "<@site.example:>", "@site.example:", "", ""},
    {"escaped quote", "<\"a\\\"@b\"@site.example>", "\"a\\\\\"@b\"@site.example", "\"a\\\\\"@b\"",
     "site.example"},
    {"two at signs", "<a@b@site.example>", "a@b@site.example", "a@b", "site.example"},
    {"address literal", "<user@[192.0.2.1]>", "user@[192.0.2.1]", "user", ""},
    {"IPv6 literal", "<user@[IPv6:2001:db8::1]>", "user@[IPv6:2001:db8::1]", "user", ""},
    {"another address behind a domain", "postmaster@x.example:joe", "postmaster@x.example:joe", "",
     ""},
    {"... behind no domain", "postmaster@:joe", "postmaster@:joe", "", ""},
    {"... behind half a literal", "postmaster@[x:joe", "postmaster@[x:joe", "", ""},
    {"... inside a literal", "postmaster@[1.2.3.4:joe]", "postmaster@[1.2.3.4:joe]", "", ""},
    {"no domain", "postmaster@", "postmaster@", "", ""},
    {"two routes", "<@a:@b:joe@site.example>", "@a:@b:joe@site.example", "joe", "site.example"},
    {"control bytes", "<us\ner@site.example>", "us\\x0aer@site.example", "us\\x0aer",
     "site.example"},
    {"only an at sign", "<@>", "@", "", ""},
    {"unclosed", "<user@site.example", "<user@site.example", "", ""},
};

static void paths_are_taken_apart(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct mailbox got;

        mailbox_parse(&got, r->path);
        UNIT_EXPECT_TEXT(got.text, r->text);
        UNIT_EXPECT_TEXT(got.local, r->local);
        UNIT_EXPECT_TEXT(got.domain, r->domain);
    }
}

/* Whatever comes, what is kept is bounded and printable. */
static void long_paths_are_cut(void **state)
{
    static char path[100000];
    struct mailbox got;

    (void)state;
    memset(path, 'a', sizeof(path) - 1);
    mailbox_parse(&got, path);
    assert_true(strlen(got.text) <= LIMIT_PATH_TEXT);
    path[10] = '@';
    mailbox_parse(&got, path);
    assert_string_equal(got.domain, "");
    text_copy(path, sizeof(path),
              "@a-name-of-no-use-but-to-make-this-longer.example,"
              "@a-name-of-no-use-but-to-make-this-longer.example,"
              "@a-name-of-no-use-but-to-make-this-longer.example,"
              "@a-name-of-no-use-but-to-make-this-longer.example,"
              "@a-name-of-no-use-but-to-make-this-longer.example,"
              "@a-name-of-no-use-but-to-make-this-longer.example,"
              "@a-name-of-no-use-but-to-make-this-longer.example:joe@site.example");
    mailbox_parse(&got, path);
    assert_string_equal(got.local, "joe");
    assert_string_equal(got.domain, "site.example");
    memset(path, '\xff', sizeof(path) - 1);
    mailbox_parse(&got, path);
    for (const char *c = got.text; *c != '\0'; c++)
        assert_true(*c >= ' ' && *c <= '~');
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(paths_are_taken_apart),
                                       UNIT_TEST(long_paths_are_cut)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
