/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_checks_argument.c - the checks of the argument alone, with every trap of their rows
 */
#include "unit/check_rows.h"

#define C4 "203.0.113.9"
#define C6 "2001:db8:5::9"

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
    {"all-numeric last label", C4, "mail.123", "malformed"},
    {"five numbers", C4, "1.2.3.4.5", "malformed"},
    {"raw UTF-8", C4,
     "b\xc3\xbc"
     "cher.example",
     "malformed"},
    {"control character", C4, "mail\x01.example", "malformed"},
    {"blank inside", C4, "mail example", "malformed"},
    {"port", C4, "mail.example.org:25", "malformed"},
    {"URL", C4, "http://mail.example.org", "malformed"},
    {"format string", C4, "%s%n", "malformed"},
    {"empty", C4, "", "malformed"},
    {"a bare address has its own check", C4, "192.0.2.7", "pass"},
    {"a literal", C4, "[192.0.2.7]", "pass"},
    {"a bad literal has its own check", C4, "[]", "none"},
    {"nothing said", C4, NULL, "none"},
};

static const struct check_test underscore_rows[] = {
    {"in a label", C4, "my_pc", "underscore"},
    {"below a domain", C4, "my_pc.example.org", "underscore"},
    {"none", C4, "my-pc.example.org", "pass"},
    {"not a name", C4, "[192.0.2.7]", "none"},
    {"worse faults come first", C4, "a_b..c", "none"},
};

static const struct check_test not_fqdn_rows[] = {
    {"Outlook strips the dots", C4, "benderclmsuedu", "one_label"},
    {"a dot at the end does not count", C4, "bender.", "one_label"},
    {"two labels", C4, "bender.example", "pass"},
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
    {"address, other", C4, "[127.1.2.3]", "address"},
    {"address, IPv6", C6, "[IPv6:::1]", "address"},
    {"address as an integer", C4, "2130706433", "address"},
    {"only begins so", C4, "localhost.example.org", "pass"},
    {"only ends so", C4, "mylocalhost", "pass"},
    {"from loopback", "127.0.0.1", "localhost", "none"},
    {"from loopback, IPv6", "::1", "localhost", "none"},
    {"local submission", NULL, "localhost", "none"},
};

CHECK_TEST(no_helo)
CHECK_TEST(syntax)
CHECK_TEST(underscore)
CHECK_TEST(not_fqdn)
CHECK_TEST(bare_ip)
CHECK_TEST(literal_syntax)
CHECK_TEST(literal_mismatch)
CHECK_TEST(localhost)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(no_helo),          UNIT_TEST(syntax),    UNIT_TEST(underscore),
        UNIT_TEST(not_fqdn),         UNIT_TEST(bare_ip),   UNIT_TEST(literal_syntax),
        UNIT_TEST(literal_mismatch), UNIT_TEST(localhost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
