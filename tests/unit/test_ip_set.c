/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ip_set.c - base/ip.h: sets of networks
 */
#include "unit/unit.h"

#include "base/ip.h"

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

/* ---- against a plain search ------------------------------------------------------------------ */

/* A generator of its own: the rows are the same on every machine. */
static uint32_t next_number(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static unsigned bits_of(enum ip_family family)
{
    return family == IP_V4 ? 32 : 128;
}

/*
 * Most bytes are all zeros or all ones, so that networks nest, touch, and reach the first and the
 * last address there is.
 */
static struct ip random_address(uint32_t *seed, enum ip_family family)
{
    static const uint8_t usual[] = {0x00, 0x00, 0xff, 0xff, 0x80, 0x7f};
    struct ip ip = {.family = family};

    for (unsigned i = 0; i < bits_of(family) / 8; i++) {
        uint32_t number = next_number(seed) % 64;

        ip.bytes[i] = number < 60 ? usual[number % 6] : (uint8_t)next_number(seed);
    }
    return ip;
}

static void add_random(struct ip_set *set, uint32_t *seed, unsigned count)
{
    for (uint32_t i = 0; i < count; i++) {
        enum ip_family family = next_number(seed) % 2 == 0 ? IP_V4 : IP_V6;
        struct cidr net = {.net = random_address(seed, family)};

        net.bits = (uint8_t)(next_number(seed) % (bits_of(family) + 1));
        (void)cidr_clear_host_bits(&net);
        /* Tags go down and repeat their networks: the order of adding decides nothing. */
        assert_true(ip_set_add(set, &net, count - i));
        if (next_number(seed) % 4 == 0)
            assert_true(ip_set_add(set, &net, 2 * count + i));
    }
}

static const struct ip_set_row *plain_find(const struct ip_set *set, const struct ip *ip)
{
    const struct ip_set_row *best = NULL;

    for (size_t i = 0; i < set->count; i++) {
        const struct ip_set_row *row = &set->rows[i];

        if (cidr_contains(&row->net, ip) &&
            (best == NULL || row->net.bits > best->net.bits ||
             (row->net.bits == best->net.bits && row->tag < best->tag)))
            best = row;
    }
    return best;
}

/* One further, or one back; past either end it goes round. */
static void step(struct ip *ip, bool up)
{
    for (unsigned i = bits_of(ip->family) / 8; i-- > 0;) {
        ip->bytes[i] = (uint8_t)(ip->bytes[i] + (up ? 1 : 0xff));
        if (ip->bytes[i] != (up ? 0x00 : 0xff))
            return;
    }
}

static void set_host_bits(struct ip *ip, unsigned bits)
{
    for (unsigned i = bits; i < bits_of(ip->family); i++)
        ip->bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static void expect_same(const struct ip_set *set, const struct ip *ip)
{
    char text[IP_TEXT_SIZE];

    if (ip_set_find(set, ip) != plain_find(set, ip))
        fail_msg("the two searches for %s differ", ip_format(ip, text));
}

/* First and last address of every network, and their neighbours. */
static void expect_same_at_edges(const struct ip_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct ip first = set->rows[i].net.net, last = first;

        set_host_bits(&last, set->rows[i].net.bits);
        expect_same(set, &first);
        expect_same(set, &last);
        step(&first, false);
        step(&last, true);
        expect_same(set, &first);
        expect_same(set, &last);
    }
}

static void agrees_with_a_plain_search(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        struct ip_set set;

        ip_set_init(&set);
        add_random(&set, &seed, round * 5);
        assert_true(ip_set_seal(&set));
        expect_same_at_edges(&set);
        for (int i = 0; i < 500; i++) {
            struct ip ip = random_address(&seed, i % 2 == 0 ? IP_V4 : IP_V6);

            expect_same(&set, &ip);
        }
        ip_set_fini(&set);
    }
}

/* Every length there is, around one address; it is the deepest that networks can nest. */
static void finds_in_a_nest(void **state)
{
    static const struct nest_row {
        const char *name; /* the address */
    } rows[] = {{"0.0.0.0"},
                {"255.255.255.255"},
                {"192.0.2.170"},
                {"::"},
                {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
                {"2001:db8:5555:aaaa:0123:4567:89ab:cdef"}};

    (void)state;
    UNIT_EACH(const struct nest_row, r, rows) {
        struct ip ip = ip_of(r->name);
        struct ip_set set;

        ip_set_init(&set);
        for (unsigned bits = 0; bits <= bits_of(ip.family); bits++) {
            struct cidr net = {.net = ip, .bits = (uint8_t)bits};

            assert_true(ip_set_add(&set, &net, bits)); /* clears what is behind bits */
        }
        assert_true(ip_set_seal(&set));
        UNIT_EXPECT_INT(ip_set_find(&set, &ip)->tag, bits_of(ip.family));
        for (unsigned bits = 0; bits < bits_of(ip.family); bits++) {
            struct ip other = ip;

            /* In the network of this length, and not in the next. */
            other.bytes[bits / 8] ^= (uint8_t)(0x80 >> bits % 8);
            UNIT_EXPECT_INT(ip_set_find(&set, &other)->tag, bits);
        }
        expect_same_at_edges(&set);
        ip_set_fini(&set);
    }
}

/* Rows of one set each; where they touch, nothing of one leaks into the other. */
static const struct edge_row {
    const char *name;
    const char *nets[4];
    const char *ip;
    int tag; /* index in nets; -1: in none */
} edge_rows[] = {
    {"everything of IPv4: first", {"0.0.0.0/0"}, "0.0.0.0", 0},
    {"everything of IPv4: last", {"0.0.0.0/0"}, "255.255.255.255", 0},
    {"everything of IPv4 is not of IPv6", {"0.0.0.0/0"}, "::", -1},
    {"everything of IPv6: first", {"::/0"}, "::", 0},
    {"everything of IPv6: last", {"::/0"}, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0},
    {"everything of IPv6 is not of IPv4", {"::/0"}, "255.255.255.255", -1},
    {"everything around", {"192.0.2.0/24", "0.0.0.0/0"}, "192.0.3.0", 1},
    {"everything around: inside", {"192.0.2.0/24", "0.0.0.0/0"}, "192.0.2.255", 0},
    {"everything of IPv6 around", {"2001:db8::/32", "::/0"}, "2001:db9::", 1},
    {"last address alone", {"255.255.255.255"}, "255.255.255.255", 0},
    {"before the last address", {"255.255.255.255"}, "255.255.255.254", -1},
    {"last address of IPv6 alone",
     {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     0},
    {"first address alone", {"0.0.0.0"}, "0.0.0.0", 0},
    {"behind the first address", {"0.0.0.0"}, "0.0.0.1", -1},
    {"adjacent: the lower", {"192.0.2.0/25", "192.0.2.128/25"}, "192.0.2.127", 0},
    {"adjacent: the upper", {"192.0.2.0/25", "192.0.2.128/25"}, "192.0.2.128", 1},
    {"adjacent: behind both", {"192.0.2.0/25", "192.0.2.128/25"}, "192.0.3.0", -1},
    {"halves fill the whole", {"192.0.2.0/25", "192.0.2.128/25", "192.0.2.0/24"}, "192.0.3.0", -1},
    {"a hole between two inside",
     {"192.0.2.0/24", "192.0.2.0/26", "192.0.2.128/26"},
     "192.0.2.64",
     0},
    {"inside, at the end", {"192.0.2.0/24", "192.0.2.192/26", "192.0.3.0/24"}, "192.0.2.255", 1},
    {"behind two ends at once", {"192.0.2.0/23", "192.0.3.0/24", "192.0.3.255"}, "192.0.4.0", -1},
    {"low half of IPv6 wraps to the next high half",
     {"2001:db8:0:1::/64", "2001:db8::/32"},
     "2001:db8:0:2::",
     1},
    {"IPv6 address at the end of a high half",
     {"2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8::/32"},
     "2001:db8:0:2::",
     1},
    {"the same twice, the later tag first",
     {"198.51.100.0/24", "192.0.2.0/24", "192.0.2.0/24"},
     "192.0.2.1",
     1},
};

static void keeps_the_edges(void **state)
{
    (void)state;
    UNIT_EACH(const struct edge_row, r, edge_rows) {
        struct ip ip = ip_of(r->ip);
        const struct ip_set_row *row;
        struct ip_set set;

        ip_set_init(&set);
        for (size_t i = UNIT_COUNT(r->nets); i-- > 0;) {
            struct cidr net;

            if (r->nets[i] == NULL)
                continue;
            net = cidr_of(r->nets[i]);
            assert_true(ip_set_add(&set, &net, (uint32_t)i));
        }
        assert_true(ip_set_seal(&set));
        row = ip_set_find(&set, &ip);
        UNIT_EXPECT_INT(row != NULL ? (int)row->tag : -1, r->tag);
        expect_same_at_edges(&set);
        ip_set_fini(&set);
    }
}

/* Nobody's address is in no network, be it everything. */
static void no_address_is_in_nothing(void **state)
{
    struct cidr v4 = cidr_of("0.0.0.0/0"), v6 = cidr_of("::/0");
    struct ip none = {.family = IP_NONE};
    struct ip_set set;

    (void)state;
    ip_set_init(&set);
    assert_true(ip_set_add(&set, &v4, 0) && ip_set_add(&set, &v6, 1));
    assert_true(ip_set_seal(&set));
    assert_null(ip_set_find(&set, &none));
    ip_set_fini(&set);
}

/* What touches makes one range each, and the rest: memory and time follow from it. */
static void neighbours_share_their_ends(void **state)
{
    struct cidr all = cidr_of("192.0.2.0/24");
    struct ip_set set;

    (void)state;
    ip_set_init(&set);
    assert_true(ip_set_add(&set, &all, 256));
    for (uint32_t i = 0; i < 256; i++) {
        struct cidr net = {.net = all.net, .bits = 32};

        net.net.bytes[3] = (uint8_t)i;
        assert_true(ip_set_add(&set, &net, i));
    }
    assert_true(ip_set_seal(&set));
    assert_int_equal(set.v4.count, 257);
    assert_int_equal(set.v6.count, 0);
    expect_same_at_edges(&set);
    ip_set_fini(&set);
}

/* A set is sealed again after more was added; what was found before is found again. */
static void can_be_sealed_again(void **state)
{
    struct cidr wide = cidr_of("192.0.2.0/24"), narrow = cidr_of("192.0.2.64/26");
    struct ip ip = ip_of("192.0.2.65");
    struct ip_set set;

    (void)state;
    ip_set_init(&set);
    assert_true(ip_set_add(&set, &wide, 1));
    assert_true(ip_set_seal(&set));
    assert_int_equal(ip_set_find(&set, &ip)->tag, 1);
    assert_true(ip_set_add(&set, &narrow, 2));
    assert_true(ip_set_seal(&set));
    assert_int_equal(ip_set_find(&set, &ip)->tag, 2);
    ip_set_fini(&set);
}

static bool build_set(void *arg)
{
    struct ip_set set;
    bool built = true;

    (void)arg;
    ip_set_init(&set);
    for (uint32_t i = 0; i < 100 && built; i++) {
        struct cidr v4 = {.net = {.family = IP_V4, .bytes = {10, (uint8_t)i}}, .bits = 16};
        struct cidr v6 = {.net = {.family = IP_V6, .bytes = {0x20, (uint8_t)i}}, .bits = 16};

        built = ip_set_add(&set, &v4, i) && ip_set_add(&set, &v6, i);
    }
    /* Twice: a seal that fails must leave the former one whole. */
    built = built && ip_set_seal(&set) && ip_set_seal(&set);
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
        UNIT_TEST(finds_the_most_specific),
        UNIT_TEST(an_empty_set_has_nothing),
        UNIT_TEST(agrees_with_a_plain_search),
        UNIT_TEST(finds_in_a_nest),
        UNIT_TEST(keeps_the_edges),
        UNIT_TEST(no_address_is_in_nothing),
        UNIT_TEST(neighbours_share_their_ends),
        UNIT_TEST(can_be_sealed_again),
        UNIT_TEST(reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
