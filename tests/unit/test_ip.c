/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ip.c - base/ip.h: addresses; networks and sets are in test_ip_set.c
 */
#include "unit/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/ip.h"
#include "base/limits.h"

static struct ip ip_of(const char *text)
{
    struct ip ip;

    if (!ip_parse(text, &ip))
        fail_msg("\"%s\" is no address", text);
    return ip;
}

/* ---- parse and format ------------------------------------------------------------------------ */

/* What ip_parse() and ip_parse_loose() make of a text, as ip_format() writes it; NULL: refused. */
static const struct parse_row {
    const char *name;
    const char *in;
    const char *strict;
    const char *loose;
} parse_rows[] = {
    {"IPv4", "192.0.2.1", "192.0.2.1", NULL},
    {"IPv4 all zero", "0.0.0.0", "0.0.0.0", NULL},
    {"IPv4 all ones", "255.255.255.255", "255.255.255.255", NULL},
    {"IPv6", "2001:db8::1", "2001:db8::1", NULL},
    {"IPv6 in full", "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1", NULL},
    {"IPv6 upper case", "2001:DB8::ABCD", "2001:db8::abcd", NULL},
    {"IPv6 unspecified", "::", "::", NULL},
    {"IPv6 loopback", "::1", "::1", NULL},
    {"IPv6 longest run of zeros", "2001:0:0:1:0:0:0:1", "2001:0:0:1::1", NULL},
    {"IPv6 first of equal runs", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", NULL},
    {"IPv6 one zero is not cut", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", NULL},
    {"IPv6 :: for one group", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", NULL},
    {"IPv6 with IPv4 tail", "64:ff9b::192.0.2.1", "64:ff9b::c000:201", NULL},
    {"mapped", "::ffff:192.0.2.1", "192.0.2.1", NULL},
    {"mapped in hexadecimal", "::ffff:c000:201", "192.0.2.1", NULL},
    {"mapped in full", "0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1", NULL},
    {"compatible, not mapped", "::c000:201", "::192.0.2.1", NULL},
    {"IPv6 zone", "fe80::1%eth0", NULL, NULL},
    {"IPv6 nine groups", "1:2:3:4:5:6:7:8:9", NULL, NULL},
    {"IPv6 seven groups", "1:2:3:4:5:6:7", NULL, NULL},
    {"IPv6 two ::", "1::2::3", NULL, NULL},
    {"IPv6 five digits", "12345::1", NULL, NULL},
    {"IPv6 :::", ":::1", NULL, NULL},
    {"IPv6 in brackets", "[::1]", NULL, NULL},
    {"IPv6 bad IPv4 tail", "::ffff:192.0.2.256", NULL, NULL},
    {"empty", "", NULL, NULL},
    {"blank in front", " 192.0.2.1", NULL, NULL},
    {"blank behind", "192.0.2.1 ", NULL, NULL},
    {"text behind a blank", "192.0.2.1 x", NULL, NULL},
    {"trailing dot", "192.0.2.1.", NULL, NULL},
    {"name", "host.example", NULL, NULL},
    {"256", "192.0.2.256", NULL, NULL},
    {"five parts", "192.0.2.1.1", NULL, NULL},
    {"leading zero is octal", "0300.0.2.1", NULL, "192.0.2.1"},
    {"padded with zeros", "192.000.002.001", NULL, "192.0.2.1"},
    {"08 is no octal number", "192.0.2.08", NULL, NULL},
    {"integer", "3221225985", NULL, "192.0.2.1"},
    {"integer 0", "0", NULL, "0.0.0.0"},
    {"largest integer", "4294967295", NULL, "255.255.255.255"},
    {"too large an integer", "4294967296", NULL, NULL},
    {"integer of 30 digits", "111111111111111111111111111111", NULL, NULL},
    {"hexadecimal", "0xC0000201", NULL, "192.0.2.1"},
    {"hexadecimal, upper case X", "0XC0000201", NULL, "192.0.2.1"},
    {"octal integer", "030000001001", NULL, "192.0.2.1"},
    {"0x without digits", "0x", NULL, NULL},
    {"hexadecimal without 0x", "c0000201", NULL, NULL},
    {"three parts", "192.0.513", NULL, "192.0.2.1"},
    {"two parts", "192.513", NULL, "192.0.2.1"},
    {"two parts, largest", "192.16777215", NULL, "192.255.255.255"},
    {"two parts, too large", "192.16777216", NULL, NULL},
    {"three parts, too large", "192.0.65536", NULL, NULL},
    {"first part too large", "256.1", NULL, NULL},
    {"mixed", "0xc0.0.02.1", NULL, "192.0.2.1"},
    {"empty part", "192..2", NULL, NULL},
    {"empty last part", "192.", NULL, NULL},
    {"minus", "-1", NULL, NULL},
    {"plus", "+1", NULL, NULL},
};

static void parses(void **state)
{
    char text[IP_TEXT_SIZE];

    (void)state;
    UNIT_EACH(const struct parse_row, r, parse_rows) {
        struct ip ip = {.family = IP_NONE};

        UNIT_EXPECT_TEXT(ip_parse(r->in, &ip) ? ip_format(&ip, text) : NULL, r->strict);
        UNIT_EXPECT_TEXT(ip_parse_loose(r->in, &ip) ? ip_format(&ip, text) : NULL, r->loose);
    }
}

static const struct tag_row {
    const char *name;
    const char *in;
    const char *want; /* NULL: no address */
} tag_rows[] = {
    {"IPv4", "192.0.2.1", "192.0.2.1"},
    {"IPv6", "2001:db8::1", "2001:db8::1"},
    {"tag", "IPv6:2001:db8:0:0:0:0:0:1", "2001:db8::1"},
    {"tag in any case", "ipV6:::1", "::1"},
    {"IPv4 behind the tag", "IPv6:192.0.2.1", NULL},
    {"mapped IPv4 behind the tag", "IPv6:::ffff:192.0.2.1", "192.0.2.1"},
    {"half a tag", "IPv", NULL},
    {"a tag alone", "IPv6:", NULL},
    {"another tag", "IPv4:192.0.2.1", NULL},
    {"nothing", "", NULL},
};

static void parses_tags(void **state)
{
    (void)state;
    UNIT_EACH(const struct tag_row, r, tag_rows) {
        struct ip ip;
        char text[IP_TEXT_SIZE];
        bool parsed = ip_parse_tagged(r->in, &ip);

        UNIT_EXPECT_TEXT(parsed ? ip_format(&ip, text) : NULL, r->want);
    }
}

/* What is refused leaves the result alone; what is written can be read. */
static void format_and_parse_agree(void **state)
{
    char text[IP_TEXT_SIZE], again[IP_TEXT_SIZE];

    (void)state;
    UNIT_EACH(const struct parse_row, r, parse_rows) {
        struct ip ip = {.family = IP_V4, .bytes = {9, 9, 9, 9}}, copy = ip;

        if (ip_parse(r->in, &ip) || ip_parse_loose(r->in, &ip)) {
            UNIT_EXPECT(ip_parse(ip_format(&ip, text), &copy));
            UNIT_EXPECT(ip_equal(&ip, &copy));
            UNIT_EXPECT_TEXT(ip_format(&copy, again), text);
        } else {
            UNIT_EXPECT(ip_equal(&ip, &copy));
        }
    }
    assert_string_equal(ip_format(&(struct ip){.family = IP_NONE}, text), "");
}

static void reads_socket_addresses(void **state)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr local = {.sa_family = AF_UNIX};
    struct ip ip, want = ip_of("192.0.2.1");

    (void)state;
    assert_int_equal(inet_pton(AF_INET, "192.0.2.1", &in.sin_addr), 1);
    assert_true(ip_from_sockaddr((const struct sockaddr *)&in, &ip));
    assert_true(ip_equal(&ip, &want));
    assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.1", &in6.sin6_addr), 1);
    assert_true(ip_from_sockaddr((const struct sockaddr *)&in6, &ip));
    assert_true(ip_equal(&ip, &want));
    assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr), 1);
    assert_true(ip_from_sockaddr((const struct sockaddr *)&in6, &ip));
    want = ip_of("2001:db8::1");
    assert_true(ip_equal(&ip, &want));
    assert_false(ip_from_sockaddr(&local, &ip));
    assert_false(ip_from_sockaddr(NULL, &ip));
}

/* ---- compare --------------------------------------------------------------------------------- */

static const struct prefix_row {
    const char *name;
    const char *a;
    const char *b;
    unsigned bits; /* the longest prefix they share; past the address: they are equal */
} prefix_rows[] = {
    {"the same IPv4", "192.0.2.1", "192.0.2.1", 32},
    {"[192.0.2.10] is not 192.0.2.1", "192.0.2.10", "192.0.2.1", 28},
    {"last bit", "192.0.2.0", "192.0.2.1", 31},
    {"first bit", "64.0.0.0", "192.0.0.0", 0},
    {"the same IPv6", "2001:db8::1", "2001:DB8:0:0::1", 128},
    {"IPv6 last bit", "2001:db8::", "2001:db8::1", 127},
    {"IPv6 /64", "2001:db8::", "2001:db8::8000:0:0:0", 64},
};

static void compares_prefixes(void **state)
{
    (void)state;
    UNIT_EACH(const struct prefix_row, r, prefix_rows) {
        struct ip a = ip_of(r->a), b = ip_of(r->b);
        unsigned most = a.family == IP_V4 ? 32 : 128;

        UNIT_EXPECT_INT(ip_equal(&a, &b), r->bits == most);
        for (unsigned bits = 0; bits <= most; bits++) {
            UNIT_EXPECT_INT(ip_same_prefix(&a, &b, bits), bits <= r->bits);
            UNIT_EXPECT_INT(ip_same_prefix(&b, &a, bits), bits <= r->bits);
        }
        UNIT_EXPECT(!ip_same_prefix(&a, &b, 129));
    }
}

static void families_differ(void **state)
{
    struct ip v4 = ip_of("0.0.0.0"), v6 = ip_of("::");

    (void)state;
    assert_false(ip_equal(&v4, &v6));
    assert_false(ip_same_prefix(&v4, &v6, 0));
}

/* ---- classes --------------------------------------------------------------------------------- */

static const struct class_row {
    const char *name; /* the address */
    enum ip_class class;
} class_rows[] = {
    {"0.0.0.0", IP_UNSPECIFIED},
    {"0.1.2.3", IP_UNSPECIFIED},
    {"1.0.0.0", IP_PUBLIC},
    {"9.255.255.255", IP_PUBLIC},
    {"10.0.0.0", IP_PRIVATE},
    {"10.255.255.255", IP_PRIVATE},
    {"11.0.0.0", IP_PUBLIC},
    {"100.63.255.255", IP_PUBLIC},
    {"100.64.0.0", IP_PRIVATE},
    {"100.127.255.255", IP_PRIVATE},
    {"100.128.0.0", IP_PUBLIC},
    {"126.255.255.255", IP_PUBLIC},
    {"127.0.0.1", IP_LOOPBACK},
    {"127.255.255.255", IP_LOOPBACK},
    {"128.0.0.0", IP_PUBLIC},
    {"169.253.255.255", IP_PUBLIC},
    {"169.254.0.1", IP_LINK_LOCAL},
    {"172.15.255.255", IP_PUBLIC},
    {"172.16.0.0", IP_PRIVATE},
    {"172.31.255.255", IP_PRIVATE},
    {"172.32.0.0", IP_PUBLIC},
    {"192.0.0.8", IP_RESERVED},
    {"192.0.1.0", IP_PUBLIC},
    {"192.0.2.1", IP_DOCUMENTATION},
    {"192.88.99.1", IP_PUBLIC},
    {"192.167.255.255", IP_PUBLIC},
    {"192.168.0.1", IP_PRIVATE},
    {"192.169.0.0", IP_PUBLIC},
    {"198.17.255.255", IP_PUBLIC},
    {"198.18.0.0", IP_RESERVED},
    {"198.19.255.255", IP_RESERVED},
    {"198.51.100.1", IP_DOCUMENTATION},
    {"203.0.113.255", IP_DOCUMENTATION},
    {"223.255.255.255", IP_PUBLIC},
    {"224.0.0.1", IP_MULTICAST},
    {"239.255.255.255", IP_MULTICAST},
    {"240.0.0.1", IP_RESERVED},
    {"255.255.255.255", IP_RESERVED},
    {"::ffff:10.0.0.1", IP_PRIVATE},
    {"::ffff:127.0.0.1", IP_LOOPBACK},
    {"::", IP_UNSPECIFIED},
    {"::1", IP_LOOPBACK},
    {"::2", IP_RESERVED},
    {"::127.0.0.1", IP_RESERVED},
    {"64:ff9b::c000:201", IP_PUBLIC},
    {"64:ff9b:1::1", IP_RESERVED},
    {"100::1", IP_RESERVED},
    {"1fff::1", IP_RESERVED},
    {"2000::1", IP_PUBLIC},
    {"2001::1", IP_RESERVED},
    {"2001:2::1", IP_RESERVED},
    {"2001:1ff::1", IP_RESERVED},
    {"2001:200::1", IP_PUBLIC},
    {"2001:db7::1", IP_PUBLIC},
    {"2001:db8::1", IP_DOCUMENTATION},
    {"2001:db9::1", IP_PUBLIC},
    {"2002:c000:201::1", IP_PUBLIC},
    {"3ffe::1", IP_PUBLIC},
    {"3fff::1", IP_DOCUMENTATION},
    {"3fff:1000::1", IP_PUBLIC},
    {"4000::1", IP_RESERVED},
    {"fc00::1", IP_PRIVATE},
    {"fdff::1", IP_PRIVATE},
    {"fe00::1", IP_RESERVED},
    {"fe80::1", IP_LINK_LOCAL},
    {"febf::1", IP_LINK_LOCAL},
    {"fec0::1", IP_PRIVATE},
    {"ff02::1", IP_MULTICAST},
};

static void classifies(void **state)
{
    struct ip none = {.family = IP_NONE};

    (void)state;
    UNIT_EACH(const struct class_row, r, class_rows) {
        struct ip ip = ip_of(r->name);

        UNIT_EXPECT_INT(ip_classify(&ip), r->class);
    }
    assert_int_equal(ip_classify(&none), IP_UNSPECIFIED);
}

/* ---- names of PTR records -------------------------------------------------------------------- */

#define ZEROS_24 "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."

static const struct reverse_row {
    const char *name;
    const char *reverse;
    const char *address; /* NULL: no address */
    bool canonical;      /* what ip_reverse_name() writes */
} reverse_rows[] = {
    {"IPv4", "1.2.0.192.in-addr.arpa", "192.0.2.1", true},
    {"IPv4 longest", "255.255.255.255.in-addr.arpa", "255.255.255.255", true},
    {"IPv4 trailing dot", "1.2.0.192.in-addr.arpa.", "192.0.2.1", false},
    {"IPv4 upper case", "1.2.0.192.IN-ADDR.ARPA", "192.0.2.1", false},
    {"IPv4 three labels", "2.0.192.in-addr.arpa", NULL, false},
    {"IPv4 five labels", "1.1.2.0.192.in-addr.arpa", NULL, false},
    {"IPv4 RFC 2317", "1.0/25.2.0.192.in-addr.arpa", NULL, false},
    {"IPv4 leading zero", "01.2.0.192.in-addr.arpa", NULL, false},
    {"the zone alone", "in-addr.arpa", NULL, false},
    {"a dot and the zone", ".in-addr.arpa", NULL, false},
    {"IPv6 text under in-addr", "::1.in-addr.arpa", NULL, false},
    {"IPv6", "1.0.0.0.0.0.0.0." ZEROS_24 "ip6.arpa", "::1", true},
    {"IPv6 digits", "0.0.0.0.0.0.0.0.f.e.d.c.b.a.9.8.7.6.5.4.3.2.1.0.0.0.0.0.0.0.0.a.IP6.ARPA.",
     "a000:0:123:4567:89ab:cdef::", false},
    {"IPv6 documentation",
     "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::1",
     true},
    {"IPv6 mapped", "1.0.0.0.0.0.a.0.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
     "10.0.0.1", false},
    {"IPv6 31 nibbles", "0.0.0.0.0.0.0." ZEROS_24 "ip6.arpa", NULL, false},
    {"IPv6 33 nibbles", "0.0.0.0.0.0.0.0.0." ZEROS_24 "ip6.arpa", NULL, false},
    {"IPv6 no nibble", "g.0.0.0.0.0.0.0." ZEROS_24 "ip6.arpa", NULL, false},
    {"IPv6 no dots", "00000000.0.0.0." ZEROS_24 "ip6.arpa", NULL, false},
    {"another zone", "1.2.0.192.example", NULL, false},
    {"empty", "", NULL, false},
    {"dot", ".", NULL, false},
};

static void knows_reverse_names(void **state)
{
    char text[IP_TEXT_SIZE], name[LIMIT_NAME_CHARS + 1];

    (void)state;
    UNIT_EACH(const struct reverse_row, r, reverse_rows) {
        struct ip ip;

        UNIT_EXPECT_TEXT(ip_from_reverse_name(r->reverse, &ip) ? ip_format(&ip, text) : NULL,
                         r->address);
        if (r->canonical) {
            ip = ip_of(r->address);
            ip_reverse_name(&ip, name);
            UNIT_EXPECT_TEXT(name, r->reverse);
        }
    }
    ip_reverse_name(&(struct ip){.family = IP_NONE}, name);
    assert_string_equal(name, "");
}

/* The C library's form is RFC 5952's, and what logs and policies have always had. */
static void writes_as_the_c_library_does(void **state)
{
    static const uint16_t usual[] = {0, 0, 0, 0, 1, 0x10, 0x100, 0x1000, 0xffff, 0xa0b, 0xdb8};
    char text[IP_TEXT_SIZE], want[IP_TEXT_SIZE];
    uint32_t seed = 1;

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        struct ip ip = {.family = i % 8 == 0 ? IP_V4 : IP_V6};

        for (unsigned k = 0; k < (ip.family == IP_V4 ? 2 : 8); k++) {
            uint16_t word;

            seed = seed * 1664525u + 1013904223u;
            word = usual[(seed >> 8) % UNIT_COUNT(usual)];
            ip.bytes[2 * k] = (uint8_t)(i % 3 == 0 ? seed >> 24 : word >> 8);
            ip.bytes[2 * k + 1] = (uint8_t)word;
        }
        assert_non_null(
            inet_ntop(ip.family == IP_V4 ? AF_INET : AF_INET6, ip.bytes, want, sizeof(want)));
        assert_string_equal(ip_format(&ip, text), want);
    }
}

static void a_long_name_is_no_reverse_name(void **state)
{
    char name[1000];
    struct ip ip;

    (void)state;
    memset(name, '1', sizeof name);
    memcpy(name + sizeof name - sizeof ".in-addr.arpa", ".in-addr.arpa", sizeof ".in-addr.arpa");
    assert_false(ip_from_reverse_name(name, &ip));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(parses),
        UNIT_TEST(parses_tags),
        UNIT_TEST(format_and_parse_agree),
        UNIT_TEST(writes_as_the_c_library_does),
        UNIT_TEST(reads_socket_addresses),
        UNIT_TEST(compares_prefixes),
        UNIT_TEST(families_differ),
        UNIT_TEST(classifies),
        UNIT_TEST(knows_reverse_names),
        UNIT_TEST(a_long_name_is_no_reverse_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
