/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_helo_name.c - name/helo_name.h: every trap of the argument that was met in the field
 */
#include "unit/unit.h"

#include <stdlib.h>

#include "name/domain.h"
#include "name/helo_name.h"

#define TEN      "abcdefghij"
#define LABEL_63 TEN TEN TEN TEN TEN TEN "abc"
#define NAME_253 LABEL_63 "." LABEL_63 "." LABEL_63 "." TEN TEN TEN TEN TEN TEN "a"

static struct helo_name parsed(const char *argument)
{
    struct helo_name name;

    helo_name_parse(&name, argument, strlen(argument));
    return name;
}

/* ---- domains --------------------------------------------------------------------------------- */

static const struct domain_row {
    const char *name;
    const char *in;
    const char *domain;
    unsigned labels;
    bool underscore;
} domain_rows[] = {
    {"host", "mx.site.example", "mx.site.example", 3, false},
    {"upper case", "MX.Site.EXAMPLE", "mx.site.example", 3, false},
    {"one trailing dot", "foo.example.", "foo.example", 2, false},
    {"blanks around", "  \tfoo.example\t ", "foo.example", 2, false},
    {"one label (Outlook)", "benderclmsuedu", "benderclmsuedu", 1, false},
    {"one label and a dot", "benderclmsuedu.", "benderclmsuedu", 1, false},
    {"below a server (Eudora)", "nibbler.sys19.mail.msu.edu", "nibbler.sys19.mail.msu.edu", 5,
     false},
    {"localhost", "localhost", "localhost", 1, false},
    {"localhost.", "LOCALHOST.", "localhost", 1, false},
    {"localhost.localdomain", "localhost.localdomain", "localhost.localdomain", 2, false},
    {"A-labels", "xn--bcher-kva.xn--p1ai", "xn--bcher-kva.xn--p1ai", 2, false},
    {"digit first", "3com.example", "3com.example", 2, false},
    {"one letter", "x", "x", 1, false},
    {"double hyphen", "a--b.example", "a--b.example", 2, false},
    {"underscore", "a_b.example", "a_b.example", 2, true},
    {"underscore, one label", "my_pc", "my_pc", 1, true},
    {"underscore alone", "_", "_", 1, true},
    {"underscore at the edges", "_x_._y_", "_x_._y_", 2, true},
    {"hyphen inside, next to an underscore", "a-_b_-c.example", "a-_b_-c.example", 2, true},
    {"label of 63", LABEL_63 ".example", LABEL_63 ".example", 2, false},
    {"name of 253", NAME_253, NAME_253, 4, false},
    {"name of 253 and a dot", NAME_253 ".", NAME_253, 4, false},
    {"hexadecimal without 0x is a name", "c0000201", "c0000201", 1, false},
    {"0x without digits", "0x", "0x", 1, false},
    {"no digit of hexadecimal", "0xg1", "0xg1", 1, false},
    {"an address inside a name", "192-0-2-1.pool.example", "192-0-2-1.pool.example", 3, false},
    {"an address and a letter", "192.0.2.1x", "192.0.2.1x", 4, false},
    {"reverse name", "1.2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa", 6, false},
};

static void takes_domains(void **state)
{
    (void)state;
    UNIT_EACH(const struct domain_row, r, domain_rows) {
        struct helo_name name = parsed(r->in);

        UNIT_EXPECT_INT(name.kind, HELO_NAME_DOMAIN);
        UNIT_EXPECT_INT(name.fault, HELO_FAULT_NONE);
        UNIT_EXPECT_INT(name.position, 0);
        UNIT_EXPECT_TEXT(name.domain, r->domain);
        UNIT_EXPECT_INT(name.labels, r->labels);
        UNIT_EXPECT_INT(name.underscore, r->underscore);
        UNIT_EXPECT_INT(name.address.family, IP_NONE);
        UNIT_EXPECT(domain_is_host_name(name.domain, name.underscore));
    }
}

/* ---- neither --------------------------------------------------------------------------------- */

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct bad_row {
    const char *name;
    const char *in;
    size_t length;
    enum helo_fault fault;
    unsigned position;
} bad_rows[] = {
    {"nothing", BYTES(""), HELO_FAULT_EMPTY, 0},
    {"blanks only", BYTES(" \t "), HELO_FAULT_EMPTY, 0},
    {"two names", BYTES("foo.example bar.example"), HELO_FAULT_BLANK, 12},
    {"tab inside", BYTES("foo\tbar"), HELO_FAULT_BLANK, 4},
    {"the position counts blanks in front", BYTES("  foo bar"), HELO_FAULT_BLANK, 6},
    {"text behind a bare address", BYTES("192.0.2.1 x"), HELO_FAULT_BLANK, 10},
    {"NUL inside", BYTES("foo\0.example"), HELO_FAULT_CONTROL, 4},
    {"NUL alone", BYTES("\0"), HELO_FAULT_CONTROL, 1},
    {"NUL behind an address", BYTES("192.0.2.1\0x"), HELO_FAULT_CONTROL, 10},
    {"line end", BYTES("foo\r\n550 bar"), HELO_FAULT_CONTROL, 4},
    {"line end behind", BYTES("foo.example\r"), HELO_FAULT_CONTROL, 12},
    {"escape", BYTES("\x1b[1m"), HELO_FAULT_CONTROL, 1},
    {"delete", BYTES("foo\x7f"), HELO_FAULT_CONTROL, 4},
    {"raw UTF-8 (RFC 6531 3.7.1)",
     BYTES("b\xc3\xbc"
           "cher.example"),
     HELO_FAULT_EIGHT_BIT, 2},
    {"Latin-1", BYTES("\xe9t\xe9.example"), HELO_FAULT_EIGHT_BIT, 1},
    {"port", BYTES("foo:25"), HELO_FAULT_PORT_OR_URL, 4},
    {"port of an address", BYTES("192.0.2.1:25"), HELO_FAULT_PORT_OR_URL, 10},
    {"URL", BYTES("http://foo"), HELO_FAULT_PORT_OR_URL, 5},
    {"URL without scheme", BYTES("foo.example/path"), HELO_FAULT_PORT_OR_URL, 12},
    {"port and path", BYTES("foo:80/x"), HELO_FAULT_PORT_OR_URL, 4},
    {"prefix length", BYTES("192.0.2.1/24"), HELO_FAULT_PORT_OR_URL, 10},
    {"colon without a port", BYTES("foo:"), HELO_FAULT_CHARACTER, 4},
    {"colon and a word", BYTES("foo:bar"), HELO_FAULT_CHARACTER, 4},
    {"colon in front", BYTES(":25"), HELO_FAULT_CHARACTER, 1},
    {"slash in front", BYTES("/foo"), HELO_FAULT_CHARACTER, 1},
    {"tag without brackets", BYTES("IPv6:2001:db8::1"), HELO_FAULT_CHARACTER, 5},
    {"address with a zone", BYTES("fe80::1%eth0"), HELO_FAULT_CHARACTER, 5},
    {"no address, for its colons", BYTES("2001:db8::zz"), HELO_FAULT_CHARACTER, 5},
    {"mailbox", BYTES("user@foo.example"), HELO_FAULT_CHARACTER, 5},
    {"angle brackets", BYTES("<foo.example>"), HELO_FAULT_CHARACTER, 1},
    {"quotes", BYTES("\"foo\""), HELO_FAULT_CHARACTER, 1},
    {"percent", BYTES("%s%n"), HELO_FAULT_CHARACTER, 1},
    {"bracket inside", BYTES("foo[192.0.2.1]"), HELO_FAULT_CHARACTER, 4},
    {"bracket behind", BYTES("192.0.2.1]"), HELO_FAULT_CHARACTER, 10},
    {"wildcard", BYTES("*.example"), HELO_FAULT_CHARACTER, 1},
    {"comma", BYTES("foo,example"), HELO_FAULT_CHARACTER, 4},
    {"two dots inside", BYTES("bad..name"), HELO_FAULT_EMPTY_LABEL, 5},
    {"two dots behind", BYTES("foo.."), HELO_FAULT_EMPTY_LABEL, 5},
    {"dot in front", BYTES(".foo"), HELO_FAULT_EMPTY_LABEL, 1},
    {"dot alone", BYTES("."), HELO_FAULT_EMPTY_LABEL, 1},
    {"two dots behind an address", BYTES("192.0.2.1.."), HELO_FAULT_EMPTY_LABEL, 11},
    {"label of 64", BYTES("x." LABEL_63 "d.example"), HELO_FAULT_LABEL_LENGTH, 3},
    {"name of 254", BYTES(NAME_253 "b"), HELO_FAULT_NAME_LENGTH, 0},
    {"hyphen in front", BYTES("-x.example"), HELO_FAULT_HYPHEN, 1},
    {"hyphen behind", BYTES("x-.example"), HELO_FAULT_HYPHEN, 2},
    {"hyphen at the end", BYTES("x.example-"), HELO_FAULT_HYPHEN, 10},
    {"hyphen alone", BYTES("-"), HELO_FAULT_HYPHEN, 1},
    {"hyphen at the edge, next to an underscore", BYTES("a.-_b"), HELO_FAULT_HYPHEN, 3},
    {"hyphen behind an underscore, at the edge", BYTES("a_-.b"), HELO_FAULT_HYPHEN, 3},
    {"minus one", BYTES("-1"), HELO_FAULT_HYPHEN, 1},
    {"five numbers", BYTES("1.2.3.4.5"), HELO_FAULT_NUMERIC_TLD, 9},
    {"number past 255", BYTES("192.0.2.256"), HELO_FAULT_NUMERIC_TLD, 9},
    {"integer past 32 bits", BYTES("4294967296"), HELO_FAULT_NUMERIC_TLD, 1},
    {"numeric last label", BYTES("foo.123"), HELO_FAULT_NUMERIC_TLD, 5},
    {"numeric last label and a dot", BYTES("foo.123."), HELO_FAULT_NUMERIC_TLD, 5},
};

static void refuses_what_is_neither(void **state)
{
    (void)state;
    UNIT_EACH(const struct bad_row, r, bad_rows) {
        struct helo_name name;

        helo_name_parse(&name, r->in, r->length);
        UNIT_EXPECT_INT(name.kind, HELO_NAME_BAD);
        UNIT_EXPECT_TEXT(helo_fault_text(name.fault), helo_fault_text(r->fault));
        UNIT_EXPECT_INT(name.position, r->position);
        UNIT_EXPECT_TEXT(name.domain, "");
        UNIT_EXPECT_INT(name.labels, 0);
        UNIT_EXPECT(!name.underscore && !name.integer_like && !name.obsolete_form);
        UNIT_EXPECT_INT(name.address.family, IP_NONE);
    }
}

/* ---- addresses ------------------------------------------------------------------------------- */

static const struct address_row {
    const char *name;
    const char *in;
    enum helo_name_kind kind;
    const char *address;
    bool integer_like;
    bool obsolete_form;
} address_rows[] = {
    {"bare IPv4", "192.0.2.1", HELO_NAME_BARE_IP, "192.0.2.1", false, false},
    {"bare IPv4 and a dot", "192.0.2.1.", HELO_NAME_BARE_IP, "192.0.2.1", false, false},
    {"bare IPv4, blanks around", " 192.0.2.1 ", HELO_NAME_BARE_IP, "192.0.2.1", false, false},
    {"bare IPv6", "2001:db8::1", HELO_NAME_BARE_IP, "2001:db8::1", false, false},
    {"bare IPv6, capitals", "2001:DB8::A", HELO_NAME_BARE_IP, "2001:db8::a", false, false},
    {"bare IPv6 loopback", "::1", HELO_NAME_BARE_IP, "::1", false, false},
    {"bare mapped", "::ffff:192.0.2.1", HELO_NAME_BARE_IP, "192.0.2.1", false, false},
    {"integer", "3221225985", HELO_NAME_BARE_IP, "192.0.2.1", true, false},
    {"small integer", "123", HELO_NAME_BARE_IP, "0.0.0.123", true, false},
    {"integer and a dot", "3221225985.", HELO_NAME_BARE_IP, "192.0.2.1", true, false},
    {"08 is no octal number", "192.0.2.08", HELO_NAME_BARE_IP, "192.0.2.8", true, false},
    {"padded with zeros is decimal", "192.000.002.010", HELO_NAME_BARE_IP, "192.0.2.10", true,
     false},
    {"hexadecimal", "0xC0000201", HELO_NAME_BARE_IP, "192.0.2.1", true, false},
    {"octal", "0300.0.2.1", HELO_NAME_BARE_IP, "192.0.2.1", true, false},
    {"short", "192.0.513", HELO_NAME_BARE_IP, "192.0.2.1", true, false},
    {"two numbers", "10.1", HELO_NAME_BARE_IP, "10.0.0.1", true, false},
    {"IPv4 literal", "[192.0.2.1]", HELO_NAME_LITERAL, "192.0.2.1", false, false},
    {"IPv4 literal, blanks around", " [192.0.2.1] ", HELO_NAME_LITERAL, "192.0.2.1", false, false},
    {"IPv4 literal, zeros are decimal", "[192.000.002.010]", HELO_NAME_LITERAL, "192.0.2.10", false,
     false},
    {"IPv4 literal, all zero", "[000.0.00.0]", HELO_NAME_LITERAL, "0.0.0.0", false, false},
    {"text behind a literal", "[192.0.2.1] some text", HELO_NAME_LITERAL, "192.0.2.1", false,
     false},
    {"another literal behind a literal", "[192.0.2.1] [x", HELO_NAME_LITERAL, "192.0.2.1", false,
     false},
    {"IPv6 literal", "[IPv6:2001:db8::1]", HELO_NAME_LITERAL, "2001:db8::1", false, false},
    {"tag in capitals", "[IPV6:2001:db8::1]", HELO_NAME_LITERAL, "2001:db8::1", false, false},
    {"tag in small letters", "[ipv6:2001:DB8::1]", HELO_NAME_LITERAL, "2001:db8::1", false, false},
    {"IPv6 literal in full", "[IPv6:2001:0db8:0:0:0:0:0:0001]", HELO_NAME_LITERAL, "2001:db8::1",
     false, false},
    {"IPv6 literal, mapped", "[IPv6:::ffff:192.0.2.1]", HELO_NAME_LITERAL, "192.0.2.1", false,
     false},
    {"IPv6 literal, loopback", "[IPv6:::1]", HELO_NAME_LITERAL, "::1", false, false},
    {"obsolete IPv6 literal", "[2001:db8::1]", HELO_NAME_LITERAL, "2001:db8::1", false, true},
    {"obsolete, loopback", "[::1]", HELO_NAME_LITERAL, "::1", false, true},
    {"obsolete, mapped", "[::ffff:192.0.2.1]", HELO_NAME_LITERAL, "192.0.2.1", false, true},
    {"obsolete, and text", "[::1] x", HELO_NAME_LITERAL, "::1", false, true},
    {"general literal", "[tag:content]", HELO_NAME_LITERAL_GENERAL, "", false, false},
    {"general, all of dcontent", "[x-400:!\"#$%&'()*+,-./09:;<=>?@AZ^_`az{|}~]",
     HELO_NAME_LITERAL_GENERAL, "", false, false},
    {"general, hyphen in front", "[-x:y]", HELO_NAME_LITERAL_GENERAL, "", false, false},
    {"general, five letters of hexadecimal", "[abcde:f]", HELO_NAME_LITERAL_GENERAL, "", false,
     false},
    {"general, IPv4 is no tag of ours", "[IPv4:192.0.2.1]", HELO_NAME_LITERAL_GENERAL, "", false,
     false},
    {"general, and text", "[tag:content] text", HELO_NAME_LITERAL_GENERAL, "", false, false},
};

static void takes_addresses(void **state)
{
    char text[IP_TEXT_SIZE];

    (void)state;
    UNIT_EACH(const struct address_row, r, address_rows) {
        struct helo_name name = parsed(r->in);

        UNIT_EXPECT_INT(name.kind, r->kind);
        UNIT_EXPECT_INT(name.fault, HELO_FAULT_NONE);
        UNIT_EXPECT_INT(name.position, 0);
        UNIT_EXPECT_TEXT(ip_format(&name.address, text), r->address);
        UNIT_EXPECT_INT(name.integer_like, r->integer_like);
        UNIT_EXPECT_INT(name.obsolete_form, r->obsolete_form);
        UNIT_EXPECT_TEXT(name.domain, "");
        UNIT_EXPECT_INT(name.labels, 0);
    }
}

static const struct bad_row bad_literal_rows[] = {
    {"open", BYTES("[192.0.2.1"), HELO_FAULT_LITERAL_OPEN, 0},
    {"open, and text", BYTES("[192.0.2.1 x"), HELO_FAULT_LITERAL_OPEN, 0},
    {"bracket alone", BYTES("["), HELO_FAULT_LITERAL_OPEN, 0},
    {"empty", BYTES("[]"), HELO_FAULT_LITERAL_EMPTY, 2},
    {"empty, and text", BYTES("[] x"), HELO_FAULT_LITERAL_EMPTY, 2},
    {"empty and glued", BYTES("[]x"), HELO_FAULT_LITERAL_EMPTY, 2},
    {"blank inside", BYTES("[ 192.0.2.1]"), HELO_FAULT_BLANK, 2},
    {"blank behind", BYTES("[192.0.2.1 ]"), HELO_FAULT_BLANK, 11},
    {"control inside", BYTES("[192.0.2.1\r]"), HELO_FAULT_CONTROL, 11},
    {"NUL inside", BYTES("[192.0.2.1\0]"), HELO_FAULT_CONTROL, 11},
    {"8 bit in a general literal", BYTES("[tag:\xc3\xa9]"), HELO_FAULT_EIGHT_BIT, 6},
    {"the position counts blanks in front", BYTES("  [ ]"), HELO_FAULT_BLANK, 4},
    {"host name", BYTES("[mx.site.example]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"number past 255", BYTES("[192.0.2.256]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"three numbers", BYTES("[192.0.2]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"five numbers", BYTES("[192.0.2.1.1]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"number of four digits", BYTES("[0192.0.2.1]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"trailing dot inside", BYTES("[192.0.2.1.]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"empty number", BYTES("[192..2.1]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"integer", BYTES("[3221225985]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"hexadecimal", BYTES("[0xC0000201]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"tag alone", BYTES("[IPv6:]"), HELO_FAULT_LITERAL_ADDRESS, 7},
    {"tag without colon", BYTES("[IPv6]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"IPv4 after the tag", BYTES("[IPv6:192.0.2.1]"), HELO_FAULT_LITERAL_ADDRESS, 7},
    {"no address after the tag", BYTES("[IPv6:2001:db8::zz]"), HELO_FAULT_LITERAL_ADDRESS, 7},
    {"blank after the tag", BYTES("[IPv6: ::1]"), HELO_FAULT_BLANK, 7},
    {"no address without the tag", BYTES("[2001:db8::zz]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"tag of hexadecimal digits", BYTES("[beef:x]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"no content", BYTES("[tag:]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"no tag", BYTES("[:content]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"tag ends in a hyphen", BYTES("[tag-:content]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"underscore in the tag", BYTES("[my_tag:content]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"bracket in the content", BYTES("[tag:[x]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"backslash in the content", BYTES("[tag:\\x]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"two brackets", BYTES("[[192.0.2.1]]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"zone", BYTES("[fe80::1%eth0]"), HELO_FAULT_LITERAL_ZONE, 9},
    {"zone after the tag", BYTES("[IPv6:fe80::1%eth0]"), HELO_FAULT_LITERAL_ZONE, 14},
    {"empty zone", BYTES("[fe80::1%]"), HELO_FAULT_LITERAL_ZONE, 9},
    {"zone of no address", BYTES("[fe80::zz%eth0]"), HELO_FAULT_LITERAL_ADDRESS, 2},
    {"port", BYTES("[192.0.2.1]:25"), HELO_FAULT_LITERAL_TAIL, 12},
    {"trailing dot", BYTES("[192.0.2.1]."), HELO_FAULT_LITERAL_TAIL, 12},
    {"glued text", BYTES("[IPv6:::1]x"), HELO_FAULT_LITERAL_TAIL, 11},
    {"glued to an obsolete form", BYTES("[::1]x"), HELO_FAULT_LITERAL_TAIL, 6},
    {"glued to a general literal", BYTES("[tag:content]x"), HELO_FAULT_LITERAL_TAIL, 14},
};

static void refuses_bad_literals(void **state)
{
    (void)state;
    UNIT_EACH(const struct bad_row, r, bad_literal_rows) {
        struct helo_name name;

        helo_name_parse(&name, r->in, r->length);
        UNIT_EXPECT_INT(name.kind, HELO_NAME_BAD_LITERAL);
        UNIT_EXPECT_TEXT(helo_fault_text(name.fault), helo_fault_text(r->fault));
        UNIT_EXPECT_INT(name.position, r->position);
        UNIT_EXPECT_INT(name.address.family, IP_NONE);
        UNIT_EXPECT(!name.obsolete_form && !name.integer_like && !name.underscore);
    }
}

/* ---- what holds for all ---------------------------------------------------------------------- */

static const struct text_row {
    const char *name;
    const char *in;
    size_t length;
    const char *want;
} text_rows[] = {
    {"as said", BYTES(" MX.Site.Example. "), " MX.Site.Example. "},
    {"line end", BYTES("a\r\n250 ok"), "a\\x0d\\x0a250 ok"},
    {"NUL", BYTES("a\0b"), "a\\x00b"},
    {"8 bit", BYTES("\xc3\xa9"), "\\xc3\\xa9"},
    {"backslash", BYTES("a\\x00"), "a\\\\x00"},
    {"percent", BYTES("%s"), "%s"},
};

static void keeps_printable_text(void **state)
{
    (void)state;
    UNIT_EACH(const struct text_row, r, text_rows) {
        struct helo_name name;

        helo_name_parse(&name, r->in, r->length);
        UNIT_EXPECT_TEXT(name.text, r->want);
    }
}

static void bounds_any_length(void **state)
{
    size_t length = 100000;
    char *argument = malloc(length);
    struct helo_name name;

    (void)state;
    assert_non_null(argument);
    for (int c = 0; c < 256; c++) {
        memset(argument, c, length);
        helo_name_parse(&name, argument, length);
        assert_true(strlen(name.text) <= LIMIT_HELO_TEXT);
        assert_true(name.fault != HELO_FAULT_NONE);
    }
    free(argument);
    helo_name_parse(&name, NULL, 0);
    assert_int_equal(name.fault, HELO_FAULT_EMPTY);
}

static void every_fault_has_a_text(void **state)
{
    (void)state;
    for (int fault = HELO_FAULT_NONE; fault <= HELO_FAULT_LITERAL_TAIL; fault++)
        assert_true(strlen(helo_fault_text((enum helo_fault)fault)) > 0);
    assert_string_equal(helo_fault_text((enum helo_fault)(HELO_FAULT_LITERAL_TAIL + 1)), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(takes_domains),          UNIT_TEST(refuses_what_is_neither),
        UNIT_TEST(takes_addresses),        UNIT_TEST(refuses_bad_literals),
        UNIT_TEST(keeps_printable_text),   UNIT_TEST(bounds_any_length),
        UNIT_TEST(every_fault_has_a_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
