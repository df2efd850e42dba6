/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_question.c - dns/question.h and dns/siphash.h
 */
#include "unit/unit.h"

#include "dns/question.h"
#include "dns/siphash.h"

/* The vectors of SipHash's authors: key 00 01 .. 0f, input 00 01 .. of each length. */
static const struct sip_row {
    const char *name;
    size_t length;
    uint64_t want;
} sip_rows[] = {
    {"nothing", 0, 0x726fdb47dd0e0e31},
    {"one byte", 1, 0x74f839c593dc67fd},
    {"seven bytes", 7, 0xab0200f58b01d137},
    {"one word", 8, 0x93f5f5799a932462},
    {"a word and seven bytes", 15, 0xa129ca6149be45e5},
    {"63 bytes", 63, 0x958a324ceb064572},
};

static void siphash_is_siphash(void **state)
{
    static const uint64_t key[2] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    uint8_t input[64];

    (void)state;
    for (size_t i = 0; i < sizeof input; i++)
        input[i] = (uint8_t)i;
    UNIT_EACH(const struct sip_row, r, sip_rows) {
        UNIT_EXPECT(siphash(key, input, r->length) == r->want);
    }
}

static const struct equal_row {
    const char *name;
    struct dns_question a, b;
    bool want;
} equal_rows[] = {
    {"the same", {DNS_A, "mx.example"}, {DNS_A, "mx.example"}, true},
    {"another type", {DNS_A, "mx.example"}, {DNS_AAAA, "mx.example"}, false},
    {"another name", {DNS_A, "mx.example"}, {DNS_A, "mx.exampl"}, false},
};

static void equal_questions_have_equal_hashes(void **state)
{
    static const uint64_t key[2] = {1, 2};
    static const uint64_t other_key[2] = {1, 3};

    (void)state;
    UNIT_EACH(const struct equal_row, r, equal_rows) {
        UNIT_EXPECT_INT(dns_question_equal(&r->a, &r->b), r->want);
        UNIT_EXPECT_INT(dns_question_hash(&r->a, key) == dns_question_hash(&r->b, key), r->want);
        UNIT_EXPECT(dns_question_hash(&r->a, key) != dns_question_hash(&r->a, other_key));
    }
}

static void types_have_names(void **state)
{
    (void)state;
    UNIT_EXPECT_TEXT(dns_type_text(DNS_A), "A");
    UNIT_EXPECT_TEXT(dns_type_text(DNS_AAAA), "AAAA");
    UNIT_EXPECT_TEXT(dns_type_text(DNS_PTR), "PTR");
    UNIT_EXPECT_TEXT(dns_type_text(DNS_MX), "MX");
    UNIT_EXPECT_TEXT(dns_type_text(DNS_CNAME), "CNAME");
    UNIT_EXPECT_TEXT(dns_type_text(DNS_SOA), "SOA");
    UNIT_EXPECT_TEXT(dns_type_text((enum dns_type)99), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(siphash_is_siphash),
        UNIT_TEST(equal_questions_have_equal_hashes),
        UNIT_TEST(types_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
