/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cidr.c - base/ip.h: networks
 */
#include "unit/unit.h"

#include <stdio.h>

#include "base/ip.h"

static const struct cidr_row {
    const char *name;
    const char *in;
    enum cidr_error error;
    const char *want; /* also of CIDR_HOST_BITS: what was probably meant */
} cidr_rows[] = {
    {"IPv4", "192.0.2.0/24", CIDR_OK, "192.0.2.0/24"},
    {"IPv4 address", "192.0.2.1", CIDR_OK, "192.0.2.1/32"},
    {"IPv4 everything", "0.0.0.0/0", CIDR_OK, "0.0.0.0/0"},
    {"IPv4 odd prefix", "192.0.2.128/25", CIDR_OK, "192.0.2.128/25"},
    {"IPv6", "2001:db8::/32", CIDR_OK, "2001:db8::/32"},
    {"IPv6 address", "2001:DB8::1", CIDR_OK, "2001:db8::1/128"},
    {"IPv6 everything", "::/0", CIDR_OK, "::/0"},
    {"mapped address", "::ffff:192.0.2.1", CIDR_OK, "192.0.2.1/32"},
    {"mapped network", "::ffff:192.0.2.0/120", CIDR_OK, "192.0.2.0/24"},
    {"mapped everything", "::ffff:0.0.0.0/96", CIDR_OK, "0.0.0.0/0"},
    {"mapped, prefix of IPv4", "::ffff:192.0.2.0/24", CIDR_BAD_BITS, NULL},
    {"IPv4 host bits", "192.0.2.1/24", CIDR_HOST_BITS, "192.0.2.0/24"},
    {"IPv4 host bits within a byte", "192.0.2.129/25", CIDR_HOST_BITS, "192.0.2.128/25"},
    {"IPv4 host bits of /0", "192.0.2.1/0", CIDR_HOST_BITS, "0.0.0.0/0"},
    {"IPv6 host bits", "2001:db8::1/64", CIDR_HOST_BITS, "2001:db8::/64"},
    {"IPv4 /33", "192.0.2.0/33", CIDR_BAD_BITS, NULL},
    {"IPv6 /129", "2001:db8::/129", CIDR_BAD_BITS, NULL},
    {"no bits", "192.0.2.0/", CIDR_BAD_BITS, NULL},
    {"minus", "192.0.2.0/-1", CIDR_BAD_BITS, NULL},
    {"plus", "192.0.2.0/+8", CIDR_BAD_BITS, NULL},
    {"leading zero", "192.0.2.0/024", CIDR_BAD_BITS, NULL},
    {"netmask", "192.0.2.0/255.255.255.0", CIDR_BAD_BITS, NULL},
    {"two slashes", "192.0.2.0/24/24", CIDR_BAD_BITS, NULL},
    {"many digits", "192.0.2.0/00000000000000000024", CIDR_BAD_BITS, NULL},
    {"blank", "192.0.2.0/24 ", CIDR_BAD_BITS, NULL},
    {"short", "10/8", CIDR_BAD_ADDRESS, NULL},
    {"empty", "", CIDR_BAD_ADDRESS, NULL},
    {"slash", "/", CIDR_BAD_ADDRESS, NULL},
    {"name", "host.example/24", CIDR_BAD_ADDRESS, NULL},
    {"IPv6 zone", "fe80::1%eth0/64", CIDR_BAD_ADDRESS, NULL},
    {"long", "1111111111111111111111111111111111111111111111111111/8", CIDR_BAD_ADDRESS, NULL},
};

static void parses_networks(void **state)
{
    char text[IP_TEXT_SIZE + 4];

    (void)state;
    UNIT_EACH(const struct cidr_row, r, cidr_rows) {
        struct cidr net = {.bits = 99};

        UNIT_EXPECT_INT(cidr_parse(r->in, &net), r->error);
        if (r->want != NULL) {
            UNIT_EXPECT_TEXT(cidr_format(&net, text), r->want);
            UNIT_EXPECT_INT(cidr_parse(r->want, &net), CIDR_OK);
            UNIT_EXPECT_TEXT(cidr_format(&net, text), r->want);
        } else {
            UNIT_EXPECT_INT(net.bits, 99);
        }
    }
}

static struct cidr cidr_of(const char *text)
{
    struct cidr net;

    if (cidr_parse(text, &net) != CIDR_OK)
        fail_msg("\"%s\" is no network", text);
    return net;
}

static struct ip ip_of(const char *text)
{
    struct ip ip;

    assert_true(ip_parse(text, &ip));
    return ip;
}

static const struct contains_row {
    const char *name;
    const char *net;
    const char *ip;
    bool contains;
} contains_rows[] = {
    {"first", "192.0.2.0/24", "192.0.2.0", true},
    {"last", "192.0.2.0/24", "192.0.2.255", true},
    {"one below", "192.0.2.0/24", "192.0.1.255", false},
    {"one above", "192.0.2.0/24", "192.0.3.0", false},
    {"mapped client", "192.0.2.0/24", "::ffff:192.0.2.7", true},
    {"everything of IPv4", "0.0.0.0/0", "203.0.113.1", true},
    {"IPv6 is not in everything of IPv4", "0.0.0.0/0", "2001:db8::1", false},
    {"IPv4 is not in everything of IPv6", "::/0", "192.0.2.1", false},
    {"IPv6 first", "2001:db8::/33", "2001:db8::", true},
    {"IPv6 last", "2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true},
    {"IPv6 one above", "2001:db8::/33", "2001:db8:8000::", false},
};

static void knows_what_a_network_contains(void **state)
{
    const struct cidr none = {.bits = 0};
    const struct ip nobody = {.family = IP_NONE};

    (void)state;
    UNIT_EACH(const struct contains_row, r, contains_rows) {
        struct cidr net = cidr_of(r->net);
        struct ip ip = ip_of(r->ip);

        UNIT_EXPECT_INT(cidr_contains(&net, &ip), r->contains);
    }
    assert_false(cidr_contains(&none, &nobody));
}

/* In order. */
static const char *const ordered[] = {
    "0.0.0.0/0",
    "0.0.0.0/8",
    "0.0.0.1",
    "10.0.0.0/8",
    "10.0.0.0/9",
    "10.0.0.0",
    "10.0.0.255",
    "10.0.1.0/24",
    "127.255.255.255",
    "128.0.0.0/1",
    "255.255.255.255",
    "::/0",
    "::",
    "::ff:0:0",
    "2001:db8::/32",
    "2001:db8::/64",
    "2001:db8::1",
    "2001:db8:0:1::/64",
    "8000::",
    "ffff::",
    "ffff::8000:0:0",
    "ffff::8000:0:0:0",
    "ffff:8000::",
};

static void orders_networks(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(ordered); i++) {
        struct cidr a = cidr_of(ordered[i]);

        for (size_t j = 0; j < UNIT_COUNT(ordered); j++) {
            struct cidr b = cidr_of(ordered[j]);
            int order = cidr_compare(&a, &b);

            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%s and %s: %d", ordered[i], ordered[j], order);
        }
    }
}

/* Every number there is in one. */
static void writes_every_number(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        struct cidr v4 = {.net = {.family = IP_V4, .bytes = {(uint8_t)i, 0, (uint8_t)i, 255}}};
        struct cidr v6 = {.net = {.family = IP_V6, .bytes = {0x20, 1, 0xd, 0xb8, (uint8_t)i}}};
        char text[IP_TEXT_SIZE + 4], want[IP_TEXT_SIZE + 4];

        v4.bits = (uint8_t)(i % 33);
        (void)snprintf(want, sizeof(want), "%u.0.%u.255/%u", i, i, i % 33);
        UNIT_EXPECT_TEXT(cidr_format(&v4, text), want);
        v6.bits = (uint8_t)(i % 129);
        (void)snprintf(want, sizeof(want), i != 0 ? "2001:db8:%x::/%u" : "2001:db8::/0", i << 8,
                       i % 129);
        UNIT_EXPECT_TEXT(cidr_format(&v6, text), want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(parses_networks),
        UNIT_TEST(knows_what_a_network_contains),
        UNIT_TEST(orders_networks),
        UNIT_TEST(writes_every_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
