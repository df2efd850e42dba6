/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ip_set.c - base/ip.h: networks, and sets of them
 */
#include "unit/unit.h"

#include "base/ip.h"

/* ---- networks -------------------------------------------------------------------------------- */

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

/* ---- sets ------------------------------------------------------------------------------------ */

static const char *const nets[] = {
    "10.0.0.0/8",    "10.1.0.0/16",     "10.1.2.0/24", "10.1.2.3",
    "192.0.2.0/24",  "192.0.2.0/24", /* twice: the first given counts */
    "2001:db8::/32", "2001:db8:1::/48", "::1",         "172.16.0.0/12",
};

static const struct find_row {
    const char *name; /* the address */
    int tag;          /* index in nets; -1: in none */
} find_rows[] = {
    {"10.9.9.9", 0},
    {"10.1.9.9", 1},
    {"10.1.2.9", 2},
    {"10.1.2.3", 3},
    {"::ffff:10.1.2.3", 3},
    {"9.255.255.255", -1},
    {"11.0.0.0", -1},
    {"192.0.2.200", 4},
    {"192.0.3.0", -1},
    {"172.16.0.1", 9},
    {"172.31.255.255", 9},
    {"172.32.0.0", -1},
    {"2001:db8:2::1", 6},
    {"2001:db8:1::1", 7},
    {"2001:db9::1", -1},
    {"::1", 8},
    {"::2", -1},
    {"a01:203::", -1}, /* the bytes of 10.1.2.3, but IPv6 */
};

static void finds_the_most_specific(void **state)
{
    struct ip_set set;

    (void)state;
    ip_set_init(&set);
    for (size_t i = UNIT_COUNT(nets); i-- > 0;) {
        struct cidr net = cidr_of(nets[i]);

        assert_true(ip_set_add(&set, &net, (uint32_t)i));
    }
    assert_true(ip_set_seal(&set));
    UNIT_EACH(const struct find_row, r, find_rows) {
        struct ip ip = ip_of(r->name);
        const struct ip_set_row *row = ip_set_find(&set, &ip);

        UNIT_EXPECT_INT(row != NULL ? (int)row->tag : -1, r->tag);
    }
    assert_int_equal(set.run_count, 8);
    ip_set_fini(&set);
}

static void an_empty_set_has_nothing(void **state)
{
    struct ip_set set;
    struct ip ip = ip_of("192.0.2.1"), none = {.family = IP_NONE};

    (void)state;
    ip_set_init(&set);
    assert_null(ip_set_find(&set, &ip));
    assert_true(ip_set_seal(&set));
    assert_null(ip_set_find(&set, &ip));
    assert_null(ip_set_find(&set, &none));
    ip_set_fini(&set);
    ip_set_fini(&set);
}

/* A generator of its own: the rows are the same on every machine. */
static uint32_t next_number(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* The search agrees with looking at every network. */
static void agrees_with_a_plain_search(void **state)
{
    struct ip_set set;
    uint32_t seed = 1;

    (void)state;
    ip_set_init(&set);
    for (uint32_t i = 0; i < 500; i++) {
        struct cidr net = {.net = {.family = i % 2 == 0 ? IP_V4 : IP_V6}};

        net.bits = (uint8_t)(next_number(&seed) % 17);
        net.net.bytes[0] = (uint8_t)(next_number(&seed) % 4);
        net.net.bytes[1] = (uint8_t)next_number(&seed);
        (void)cidr_clear_host_bits(&net);
        assert_true(ip_set_add(&set, &net, i));
    }
    assert_true(ip_set_seal(&set));
    for (int i = 0; i < 2000; i++) {
        struct ip ip = {.family = i % 2 == 0 ? IP_V4 : IP_V6};
        const struct ip_set_row *found, *best = NULL;

        ip.bytes[0] = (uint8_t)(next_number(&seed) % 5);
        ip.bytes[1] = (uint8_t)next_number(&seed);
        ip.bytes[2] = (uint8_t)next_number(&seed);
        for (size_t j = 0; j < set.count; j++) {
            if (cidr_contains(&set.rows[j].net, &ip) &&
                (best == NULL || set.rows[j].net.bits > best->net.bits)) {
                best = &set.rows[j];
            }
        }
        found = ip_set_find(&set, &ip);
        assert_ptr_equal(found, best);
    }
    ip_set_fini(&set);
}

static bool build_set(void *arg)
{
    struct ip_set set;
    bool built = true;

    (void)arg;
    ip_set_init(&set);
    for (uint32_t i = 0; i < 100 && built; i++) {
        struct cidr net = {.net = {.family = IP_V4, .bytes = {10, (uint8_t)i}}, .bits = 16};

        built = ip_set_add(&set, &net, i);
    }
    built = built && ip_set_seal(&set);
    ip_set_fini(&set);
    return built;
}

static void reports_a_lack_of_memory(void **state)
{
    (void)state;
    unit_each_fault(build_set, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(parses_networks),
        UNIT_TEST(knows_what_a_network_contains),
        UNIT_TEST(finds_the_most_specific),
        UNIT_TEST(an_empty_set_has_nothing),
        UNIT_TEST(agrees_with_a_plain_search),
        UNIT_TEST(reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
