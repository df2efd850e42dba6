/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_checks_argument.c - the checks of the argument alone, with every trap of their rows
 */
#include "unit/check_rows.h"

#define C4  "203.0.113.9"
#define C6  "2001:db8:5::9"
#define TEN "abcdefghij"
#define L63 TEN TEN TEN TEN TEN TEN "abc"

/* No expression that a list takes gives up on a name that is at hand; the linker puts this in the
 * place of pattern_find(), so that one does. */
enum pattern_match __real_pattern_find(const struct pattern_list *list, const char *text,
                                       uint32_t *tag);
enum pattern_match __wrap_pattern_find(const struct pattern_list *list, const char *text,
                                       uint32_t *tag);

enum pattern_match __wrap_pattern_find(const struct pattern_list *list, const char *text,
                                       uint32_t *tag)
{
    return strcmp(text, "hard.example.net") == 0 ? PATTERN_LIMIT
                                                 : __real_pattern_find(list, text, tag);
}

static const struct check_test no_helo_rows[] = {
    {"said", C4, "mail.example.org", "pass"},
    {"never said", C4, NULL, "missing"},
    {"voided by STARTTLS", C4, NULL, "voided", .voided = true},
    {"rubbish is something", C4, "%s%n", "pass"},
    {"an empty argument is something", C4, "", "pass"},
};

static const struct check_test syntax_rows[] = {
    {"host name", C4, "mail.example.org", "pass"},
    {"trailing dot", C4, "mail.example.org.", "pass"},
    {"A-label", C4, "xn--bcher-kva.example", "pass"},
    {"one label", C4, "benderclmsuedu", "pass"},
    {"underscore has its own check", C4, "my_pc.example", "pass"},
    {"two dots", C4, "bad..name", "malformed"},
    {"hyphen in front", C4, "-x.example", "malformed"},
    {"hyphen at the end of a label", C4, "x-.example", "malformed"},
    {"dot in front", C4, ".name", "malformed"},
    {"dot alone", C4, ".", "malformed"},
    {"label of 63", C4, L63 ".example", "pass"},
    {"label of 64", C4, L63 "d.example", "malformed"},
    {"name of more than 253", C4, L63 "." L63 "." L63 "." L63, "malformed"},
    {"all-numeric last label", C4, "mail.123", "malformed"},
    {"five numbers", C4, "1.2.3.4.5", "malformed"},
    {"raw UTF-8", C4,
     "b\xc3\xbc"
     "cher.example",
     "malformed"},
    {"Cyrillic name of a PC", C4, "\xd0\xbf\xd0\xba", "malformed"},
    {"IPv6 client", C6, "bad..name", "malformed"},
    {"control character", C4, "mail\x01.example", "malformed"},
    {"blank inside", C4, "mail example", "malformed"},
    {"port", C4, "mail.example.org:25", "malformed"},
    {"URL", C4, "http://mail.example.org", "malformed"},
    {"format string", C4, "%s%n", "malformed"},
    {"empty", C4, "", "malformed"},
    {"a bare address has its own check", C4, "192.0.2.7", "pass"},
    {"a literal", C4, "[192.0.2.7]", "pass"},
    {"a literal with text after it", C4, "[192.0.2.7] extra", "pass"},
    {"a bad literal has its own check", C4, "[]", "none"},
    {"nothing said", C4, NULL, "none"},
};

static const struct check_test underscore_rows[] = {
    {"in a label", C4, "my_pc", "underscore"},
    {"below a domain", C4, "my_pc.example.org", "underscore"},
    {"none", C4, "my-pc.example.org", "pass"},
    {"IPv6 client", C6, "my_pc.example.org", "underscore"},
    {"not a name", C4, "[192.0.2.7]", "none"},
    {"worse faults come first", C4, "a_b..c", "none"},
};

static const struct check_test not_fqdn_rows[] = {
    {"Outlook strips the dots", C4, "benderclmsuedu", "one_label"},
    {"a dot at the end does not count", C4, "bender.", "one_label"},
    {"a dot in front is a fault of syntax", C4, ".bender", "none"},
    {"two labels", C4, "bender.example", "pass"},
    {"two labels and a dot", C4, "bender.example.", "pass"},
    {"literal", C4, "[192.0.2.7]", "none"},
    {"IPv6 client", C6, "bender", "one_label"},
};

static const struct check_test bare_ip_rows[] = {
    {"its own", C4, C4, "client"},
    {"its own, IPv6", C6, C6, "client"},
    {"its own, IPv6, other spelling", C6, "2001:DB8:5:0:0:0:0:9", "client"},
    {"its own, mapped", C4, "::ffff:203.0.113.9", "client"},
    {"another", C4, "192.0.2.7", "other"},
    {"a longer text is another address", "192.0.2.1", "192.0.2.10", "other"},
    {"another, IPv6", C4, "2001:db8::7", "other"},
    {"private", C4, "192.168.1.20", "private"},
    {"private, IPv6", C6, "fd00::20", "private"},
    {"link-local", C4, "169.254.7.7", "private"},
    {"integer", C4, "3221225991", "other"},
    {"hexadecimal", C4, "0xC0000207", "other"},
    {"octal", C4, "0300.0.2.7", "other"},
    {"integer that is the client", C4, "3405803785", "client"},
    {"short form", C4, "127.1", "private"},
    {"one digit", C4, "1", "other"},
    {"loopback in hexadecimal", C4, "0x7f000001", "private"},
    {"trailing dot", C4, "192.0.2.7.", "other"},
    {"brackets make it legal", C4, "[192.0.2.7]", "pass"},
    {"a name", C4, "mail.example.org", "pass"},
    {"a name that begins with an address", C4, "192.0.2.7.example.org", "pass"},
    {"rubbish", C4, "bad..name", "none"},
};

static const struct check_test literal_syntax_rows[] = {
    {"IPv4", C4, "[192.0.2.7]", "pass"},
    {"IPv6", C6, "[IPv6:2001:db8::7]", "pass"},
    {"tag is case-blind", C6, "[IPV6:2001:db8::7]", "pass"},
    {"IPv6 without tag is an obsolete form", C6, "[2001:db8::7]", "pass"},
    {"text after it", C4, "[192.0.2.7] some text", "pass"},
    {"general", C4, "[X400:c=us]", "none"},
    {"empty", C4, "[]", "malformed"},
    {"open", C4, "[192.0.2.7", "malformed"},
    {"no address", C4, "[mail.example.org]", "malformed"},
    {"too large", C4, "[192.0.2.256]", "malformed"},
    {"zone id", C6, "[IPv6:fe80::1%eth0]", "malformed"},
    {"a name", C4, "mail.example.org", "none"},
};

static const struct check_test literal_mismatch_rows[] = {
    {"its own", C4, "[203.0.113.9]", "pass"},
    {"mapped equals IPv4", "192.0.2.1", "[IPv6:::ffff:192.0.2.1]", "pass"},
    {"IPv6", C6, "[IPv6:2001:db8:5::9]", "pass"},
    {"IPv6, written out", C6, "[ipv6:2001:0DB8:0005:0000:0000:0000:0000:0009]", "pass"},
    {"IPv6 without tag", C6, "[2001:db8:5::9]", "pass"},
    {"tag in upper case", C6, "[IPV6:2001:db8:5::9]", "pass"},
    {"mapped, without tag", "192.0.2.1", "[::ffff:192.0.2.1]", "pass"},
    {"text after it", C4, "[203.0.113.9] extra", "pass"},
    {"someone else's, IPv6", C6, "[IPv6:2001:db8:5::90]", "other"},
    {"someone else's", C4, "[192.0.2.7]", "other"},
    {"a prefix in text is not equal", "192.0.2.1", "[192.0.2.10]", "other"},
    {"other family", C4, "[IPv6:2001:db8::7]", "other"},
    {"private, behind NAT", C4, "[192.168.1.20]", "private"},
    {"private, IPv6", C6, "[IPv6:fd00::20]", "private"},
    {"general", C4, "[X400:c=us]", "none"},
    {"a name", C4, "mail.example.org", "none"},
    {"local submission", NULL, "[192.0.2.7]", "none"},
};

static const struct check_test localhost_rows[] = {
    {"name", C4, "localhost", "name"},
    {"any case, trailing dot", C4, "LocalHost.", "name"},
    {"localdomain", C4, "localhost.localdomain", "name"},
    {"below", C4, "mail.localhost", "name"},
    {"address, bare", C4, "127.0.0.1", "address"},
    {"address, bracketed", C4, "[127.0.0.1]", "address"},
    {"address, short", C4, "127.1", "address"},
    {"address, IPv6 without tag", C6, "[::1]", "address"},
    {"address, IPv6, bare", C6, "::1", "address"},
    {"name, IPv6 client", C6, "localhost", "name"},
    {"below localdomain is special_tld's", C4, "pc.localhost.localdomain", "pass"},
    {"address, other", C4, "[127.1.2.3]", "address"},
    {"address, IPv6", C6, "[IPv6:::1]", "address"},
    {"address as an integer", C4, "2130706433", "address"},
    {"only begins so", C4, "localhost.example.org", "pass"},
    {"only ends so", C4, "mylocalhost", "pass"},
    {"from loopback", "127.0.0.1", "localhost", "none"},
    {"from loopback, IPv6", "::1", "localhost", "none"},
    {"local submission", NULL, "localhost", "none"},
};

static const struct check_test special_tld_rows[] = {
    {"reserved", C4, "mail.test", "reserved", .entry = 7},
    {"Active Directory", C4, "exchange.firma.local", "reserved", .entry = 4},
    {"router", C4, "pc.lan", "reserved", .entry = 3},
    {"any case, trailing dot", C4, "PC.LAN.", "reserved", .entry = 3},
    {"two labels of it", C4, "pc.home.arpa", "reserved", .entry = 1},
    {"arpa itself is a real one", C4, "9.113.0.203.in-addr.arpa", "pass"},
    {"IPv6 client", C6, "pc.lan", "reserved", .entry = 3},
    {"it is on the public suffix list, too", C4, "abc.onion", "reserved", .entry = 6},
    {"no top-level domain", C4, "mail.nonsense", "unknown"},
    {"no top-level domain, documentation", C4, "mail.example", "unknown"},
    {"below localdomain", C4, "pc.localdomain", "reserved", .entry = 5},
    {"begins like a reserved one", C4, "foo.online", "pass"},
    {"a reserved one is not last", C4, "mail.local.example.com", "pass"},
    {"a label that only ends so", C4, "mail.mylan", "unknown"},
    {"two labels of a real one", C4, "mail.example.co.uk", "pass"},
    {"real ones below a wildcard", C4, "mail.example.com.np", "pass"},
    {"an A-label", C4, "mail.xn--55qx5d", "pass"},
    {"one label is not_fqdn's", C4, "lan", "none"},
    {"one label that is unknown", C4, "bender", "none"},
    {"localhost is localhost's", C4, "localhost.localdomain", "none"},
    {"below localhost", C4, "mail.localhost", "none"},
    {"an empty list", C4, "pc.lan", "unknown", .no_data = true},
    {"no list", C4, "pc.lan", "none", .no_lists = true},
    {"a literal", C4, "[192.0.2.7]", "none"},
    {"nothing said", C4, NULL, "none"},
};

static const struct check_test listed_rows[] = {
    {"exact name", C4, "spam.example.net", "listed", .entry = 1},
    {"any case, trailing dot", C4, "Spam.Example.NET.", "listed", .entry = 1},
    {"IPv6 client", C6, "spam.example.net", "listed", .entry = 1},
    {"below an exact name", C4, "a.spam.example.net", "pass"},
    {"suffix", C4, "a.spam.example.org", "listed", .entry = 2},
    {"suffix itself", C4, "spam.example.org", "pass"},
    {"suffix, labels and not letters", C4, "myspam.example.org", "pass"},
    {"wildcard", C4, "dsl-203-0-113-9.example.net", "listed", .entry = 3},
    {"wildcard is for the whole name", C4, "x.dsl-1.example.net", "pass"},
    {"expression", C4, "mx12.example.com", "listed", .entry = 4},
    {"expression is anchored in front", C4, "my-mx12.example.com", "pass"},
    {"expression is anchored behind", C4, "mx12.example.com.example.net", "pass"},
    {"an entry that has expired", C4, "expired.example.net", "pass"},
    {"an entry on its last day", C4, "today.example.net", "listed", .entry = 6},
    {"an address", C4, "192.0.2.66", "listed", .entry = 7},
    {"a longer text is another address", C4, "192.0.2.660", "pass"},
    {"what is no name at all", C4, "%S%N", "listed", .entry = 8},
    {"an expression that gives up", C4, "hard.example.net", "unknown:pattern"},
    {"another name", C4, "mail.example.net", "pass"},
    {"an empty list", C4, "spam.example.net", "none", .no_data = true},
    {"no list", C4, "spam.example.net", "none", .no_lists = true},
    {"nothing said", C4, NULL, "none"},
};

CHECK_TEST(no_helo)
CHECK_TEST(syntax)
CHECK_TEST(underscore)
CHECK_TEST(not_fqdn)
CHECK_TEST(bare_ip)
CHECK_TEST(literal_syntax)
CHECK_TEST(literal_mismatch)
CHECK_TEST(localhost)
CHECK_TEST(special_tld)
CHECK_TEST(listed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(no_helo),          UNIT_TEST(syntax),    UNIT_TEST(underscore),
        UNIT_TEST(not_fqdn),         UNIT_TEST(bare_ip),   UNIT_TEST(literal_syntax),
        UNIT_TEST(literal_mismatch), UNIT_TEST(localhost), UNIT_TEST(special_tld),
        UNIT_TEST(listed),
    };

    return CHECK_TEST_MAIN(tests);
}
