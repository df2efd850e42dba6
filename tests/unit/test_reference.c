/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_reference.c - facts/reference.h
 */
#include "unit/unit.h"

#include "facts/reference.h"

static struct ip ip_of(const char *text)
{
    struct ip ip;

    assert_true(ip_parse(text, &ip));
    return ip;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static const struct range_row {
    const char *name;
    const char *first;
    const char *last;
    const char *ip;
    bool want;
} range_rows[] = {
    {"the first", "127.0.1.2", "127.0.1.99", "127.0.1.2", true},
    {"inside", "127.0.1.2", "127.0.1.99", "127.0.1.50", true},
    {"the last", "127.0.1.2", "127.0.1.99", "127.0.1.99", true},
    {"before", "127.0.1.2", "127.0.1.99", "127.0.1.1", false},
    {"behind", "127.0.1.2", "127.0.1.99", "127.0.1.100", false},
    {"an error of a list", "127.0.1.2", "127.0.1.99", "127.255.255.254", false},
    {"in a smaller octet only", "127.0.1.2", "127.0.1.99", "127.0.0.50", false},
    {"one address", "127.0.0.2", "127.0.0.2", "127.0.0.2", true},
    {"beside one address", "127.0.0.2", "127.0.0.2", "127.0.0.3", false},
    {"bytes are unsigned", "127.0.0.100", "127.0.0.200", "127.0.0.150", true},
    {"across octets", "127.0.0.250", "127.0.1.5", "127.0.1.0", true},
    {"the wrong way round", "127.0.0.9", "127.0.0.2", "127.0.0.5", false},
    {"inside, IPv6", "2001:db8::2", "2001:db8::ffff", "2001:db8::9", true},
    {"behind, IPv6", "2001:db8::2", "2001:db8::ffff", "2001:db8::1:0", false},
    {"mapped is IPv4", "127.0.0.2", "127.0.0.9", "::ffff:127.0.0.5", true},
    {"another family", "0.0.0.0", "255.255.255.255", "2001:db8::1", false},
};

static void ranges_contain(void **state)
{
    (void)state;
    UNIT_EACH(const struct range_row, r, range_rows) {
        struct ip_range range = {ip_of(r->first), ip_of(r->last)};
        struct ip ip = ip_of(r->ip);

        UNIT_EXPECT_INT(ip_range_contains(&range, &ip), r->want);
    }
}

/* ---- dates ----------------------------------------------------------------------------------- */

enum { TODAY = 20000 };

static const struct {
    const char *text;
    int64_t until;
} entries[] = {
    {"ever.example.net", INT64_MAX},
    {"today.example.net", TODAY},
    {"gone.example.net", TODAY - 1},
    {"dsl-*.example.net", TODAY - 1},
};

static const struct dated_row {
    const char *name;
    const char *text;
    int tag; /* -1: not found */
} dated_rows[] = {
    {"for ever", "ever.example.net", 0},     {"its last day", "today.example.net", 1},
    {"a day late", "gone.example.net", -1},  {"a day late, wildcard", "dsl-1.example.net", -1},
    {"not at all", "other.example.net", -1},
};

static void fill(struct reference *ref)
{
    struct pattern_fault fault;

    reference_init(ref);
    ref->denied.count = UNIT_COUNT(entries);
    ref->denied.until = mem_array(UNIT_COUNT(entries), sizeof(ref->denied.until[0]));
    assert_non_null(ref->denied.until);
    for (size_t i = 0; i < UNIT_COUNT(entries); i++) {
        ref->denied.until[i] = entries[i].until;
        assert_true(pattern_add(&ref->denied.patterns, entries[i].text, (uint32_t)i, &fault));
    }
    assert_true(pattern_list_seal(&ref->denied.patterns));
}

static void entries_expire(void **state)
{
    struct reference ref;

    (void)state;
    fill(&ref);
    UNIT_EACH(const struct dated_row, r, dated_rows) {
        uint32_t tag = 77;
        enum pattern_match match = dated_find(&ref.denied, r->text, TODAY, &tag);

        UNIT_EXPECT_INT(match, r->tag >= 0 ? PATTERN_YES : PATTERN_NO);
        if (match == PATTERN_YES)
            UNIT_EXPECT_INT(tag, r->tag);
    }
    reference_fini(&ref);
}

/* ---- ownership ------------------------------------------------------------------------------- */

static void an_empty_one_holds_nothing(void **state)
{
    struct reference ref;
    struct ip ip = ip_of("100.64.0.1");
    uint32_t tag;

    (void)state;
    reference_init(&ref);
    assert_int_equal(dated_find(&ref.denied, "a.example.net", TODAY, &tag), PATTERN_NO);
    assert_null(domain_set_find(&ref.special_tlds, "a.example.net"));
    assert_null(ip_set_find(&ref.pool_networks, &ip));
    assert_false(word_set_has(&ref.veto_words, "mail", 4));
    reference_fini(&ref);
    reference_fini(&ref);
}

/* All that a reference owns goes with it; that nothing is left is AddressSanitizer's business. */
static void gives_all_back(void **state)
{
    struct reference ref;

    (void)state;
    fill(&ref);
    ref.senders = mem_array(2, sizeof(ref.senders[0]));
    assert_non_null(ref.senders);
    ref.sender_count = 2;
    for (size_t i = 0; i < ref.sender_count; i++) {
        domain_set_init(&ref.senders[i].hosts);
        assert_true(domain_set_add(&ref.senders[i].hosts, "hosts.example", DOMAIN_WITHIN, 0));
    }
    assert_true(domain_set_add(&ref.pool_domains, "pooled.example", DOMAIN_WITHIN, 0));
    assert_true(word_set_add(&ref.dialup_words, "dsl"));
    reference_fini(&ref);
    assert_null(ref.senders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(ranges_contain),
        UNIT_TEST(entries_expire),
        UNIT_TEST(an_empty_one_holds_nothing),
        UNIT_TEST(gives_all_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
