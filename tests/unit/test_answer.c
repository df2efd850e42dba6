/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_answer.c - dns/answer.h: what a message says, and what it is not believed
 */
#include "unit/unit.h"

#include <stdio.h>

#include "dns/answer.h"
#include "unit/dns_wire.h"

#define Q "mail.example"

enum { PLAIN = 0x8180, NX = 0x8183 };

/*
 * Its title, the type asked for, the second half of the header; status, time to live and data that
 * come out.
 */
#define SAYS(title, kind, header, status, ttl, data)                                        \
    .name = title, .type = DNS_##kind, .flags = header, .want = DNS_##status, .ttl_s = ttl, \
    .text = data

static const struct row {
    const char *name;
    enum dns_type type;
    unsigned flags;
    struct wire_record records[WIRE_RECORDS];
    enum dns_status want;
    uint32_t ttl_s;
    const char *text; /* the addresses or names, with blanks between */
    unsigned cnames, odd;
    bool cut;
} rows[] = {
    /* records */
    {SAYS("one A", A, PLAIN, OK, 300, "192.0.2.1"), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("the smallest TTL counts", A, PLAIN, OK, 60, "192.0.2.1 192.0.2.2 192.0.2.3"),
     .records = {A_AT(NULL, 300, "\1"), A_AT(NULL, 60, "\2"), A_AT(NULL, 900, "\3")}},
    {SAYS("owner in another case", A, PLAIN, OK, 300, "192.0.2.1"),
     .records = {A_AT("MAIL.example", 300, "\1")}},
    {SAYS("AAAA", AAAA, PLAIN, OK, 5, "2001:db8::1"),
     .records = {AAAA_AT(NULL, 5, "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1")}},
    {SAYS("a mapped AAAA is the IPv4 address", AAAA, PLAIN, OK, 5, "192.0.2.1"),
     .records = {AAAA_AT(NULL, 5, "\0\0\0\0\0\0\0\0\0\0\377\377\300\0\2\1")}},
    {SAYS("PTR in lower case", PTR, PLAIN, OK, 300, "mx.example b_c.example"),
     .records = {PTR_AT(300, "Mx.Example"), PTR_AT(300, "b_c.example")}},
    {SAYS("odd PTR names are counted and dropped", PTR, PLAIN, OK, 300, "good.example"),
     .records = {{AN, NULL, 12, 300, WIRE_RAW("\3a b\4test\0"), NULL},
                 {AN, NULL, 12, 300, WIRE_RAW("\3a.b\4test\0"), NULL},
                 {AN, NULL, 12, 300, WIRE_RAW("\3a\0b\4test\0"), NULL},
                 {AN, NULL, 12, 300, WIRE_RAW("\2\377\376\4test\0"), NULL},
                 {AN, NULL, 12, 300, WIRE_RAW("\0"), NULL},
                 PTR_AT(300, "-x.example"),
                 PTR_AT(300, "good.example")},
     .odd = 6},
    {SAYS("only odd PTR names: an answer without names", PTR, PLAIN, OK, 300, ""),
     .records = {{AN, NULL, 12, 300, WIRE_RAW("\3a b\4test\0"), NULL}}, .odd = 1},
    {SAYS("eleven PTR names: ten are kept", PTR, PLAIN, OK, 1,
          "a.x b.x c.x d.x e.x f.x g.x h.x i.x j.x"),
     .records = {PTR_AT(1, "a.x"), PTR_AT(1, "b.x"), PTR_AT(1, "c.x"), PTR_AT(1, "d.x"),
                 PTR_AT(1, "e.x"), PTR_AT(1, "f.x"), PTR_AT(1, "g.x"), PTR_AT(1, "h.x"),
                 PTR_AT(1, "i.x"), PTR_AT(1, "j.x"), PTR_AT(1, "k.x")},
     .cut = true},
    {SAYS("MX", MX, PLAIN, OK, 60, "mx.example"), .records = {MX_AT(60, "mx.example")}},
    {SAYS("null MX is no MX, as long as it lives", MX, PLAIN, NODATA, 60, ""),
     .records = {MX_AT(60, "")}},
    {SAYS("null MX beside another one is passed over", MX, PLAIN, OK, 60, "mx.example"),
     .records = {MX_AT(60, ""), MX_AT(60, "mx.example")}},
    /* whose records */
    {SAYS("another owner's record is not believed", A, PLAIN, OK, 300, "192.0.2.1"),
     .records = {A_AT("evil.example", 300, "\7"), A_AT(NULL, 300, "\1")}},
    {SAYS("only another owner's record: a lame answer", A, PLAIN, MALFORMED, 0, ""),
     .records = {A_AT("evil.example", 300, "\7")}},
    {SAYS("another type beside", A, PLAIN, OK, 9, "192.0.2.1"),
     .records = {MX_AT(1, "mx.example"), A_AT(NULL, 9, "\1")}},
    {SAYS("an additional record is no answer", A, PLAIN, BARE_NODATA, 0, ""),
     .records = {{WIRE_ADDITIONAL, NULL, 1, 300, WIRE_RAW("\300\0\2\1"), NULL}}},
    /* chains */
    {SAYS("a chain lowers the TTL", A, PLAIN, OK, 30, "192.0.2.1"),
     .records = {CNAME_AT(NULL, 30, "a.example"), CNAME_AT("a.example", 40, "b.example"),
                 A_AT("b.example", 50, "\1")},
     .cnames = 2},
    {SAYS("a chain in any order", A, PLAIN, OK, 30, "192.0.2.1"),
     .records = {A_AT("b.example", 50, "\1"), CNAME_AT("a.example", 40, "B.example"),
                 CNAME_AT(NULL, 30, "A.example")},
     .cnames = 2},
    {SAYS("the middle of a chain does not count", A, PLAIN, OK, 30, "192.0.2.1"),
     .records = {CNAME_AT(NULL, 30, "a.example"), A_AT("c.example", 50, "\7"),
                 A_AT("a.example", 50, "\1")},
     .cnames = 1},
    {SAYS("a record beside the CNAME wins", A, PLAIN, OK, 50, "192.0.2.1"),
     .records = {CNAME_AT(NULL, 30, "a.example"), A_AT(NULL, 50, "\1"),
                 A_AT("a.example", 50, "\2")}},
    {SAYS("the first of two CNAMEs", A, PLAIN, OK, 30, "192.0.2.1"),
     .records = {CNAME_AT(NULL, 30, "a.example"), CNAME_AT(NULL, 30, "b.example"),
                 A_AT("a.example", 50, "\1"), A_AT("b.example", 50, "\2")},
     .cnames = 1},
    {SAYS("a loop", A, PLAIN, TOO_LONG, 0, ""),
     .records = {CNAME_AT(NULL, 30, "a.example"), CNAME_AT("a.example", 30, Q)},
     .cnames = LIMIT_CNAME_STEPS},
    {SAYS("a loop of one", A, PLAIN, TOO_LONG, 0, ""), .records = {CNAME_AT(NULL, 30, Q)},
     .cnames = LIMIT_CNAME_STEPS},
    {SAYS("the end does not exist", A, NX, NXDOMAIN, 30, ""),
     .records = {CNAME_AT(NULL, 30, "a.example"), SOA_AT(900, "\0\0\0\74")}, .cnames = 1},
    {SAYS("the end has no such record", A, PLAIN, NODATA, 60, ""),
     .records = {CNAME_AT(NULL, 90, "a.example"), SOA_AT(900, "\0\0\0\74")}, .cnames = 1},
    {SAYS("an end that nobody speaks of", A, PLAIN, MALFORMED, 0, ""),
     .records = {CNAME_AT(NULL, 90, "a.example")}, .cnames = 1},
    {SAYS("PTR by CNAME (RFC 2317)", PTR, PLAIN, OK, 30, "mx.example"),
     .records = {CNAME_AT(NULL, 30, "1.0-25.example"),
                 NAME_AT("1.0-25.example", 12, 50, "mx.example")},
     .cnames = 1},
    /* negative */
    {SAYS("NXDOMAIN by MINIMUM", A, NX, NXDOMAIN, 60, ""), .records = {SOA_AT(900, "\0\0\0\74")}},
    {SAYS("NODATA by the SOA's own TTL", A, PLAIN, NODATA, 30, ""),
     .records = {SOA_AT(30, "\0\0\0\74")}},
    {SAYS("NXDOMAIN without SOA is definite, and not kept", A, NX, NXDOMAIN, 0, "")},
    {SAYS("nothing at all is not definite alone", A, PLAIN, BARE_NODATA, 0, "")},
    {SAYS("a lame referral", A, PLAIN, MALFORMED, 0, ""),
     .records = {{NS, "example", 2, 300, "", 0, "ns.example"}}},
    {SAYS("NXDOMAIN with a record contradicts itself", A, NX, MALFORMED, 0, ""),
     .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("an SOA cut short", A, PLAIN, MALFORMED, 0, ""),
     .records = {{NS, "example", 6, 30, WIRE_RAW("\0\0\0\0\0\1"), NULL}}},
    /* times to live */
    {SAYS("TTL 0", A, PLAIN, OK, 0, "192.0.2.1"), .records = {A_AT(NULL, 0, "\1")}},
    {SAYS("TTL 2^31-1", A, PLAIN, OK, 0x7fffffff, "192.0.2.1"),
     .records = {A_AT(NULL, 0x7fffffff, "\1")}},
    {SAYS("TTL 2^31 is 0", A, PLAIN, OK, 0, "192.0.2.1"),
     .records = {A_AT(NULL, 0x80000000, "\1")}},
    {SAYS("TTL 2^32-1 is 0", A, PLAIN, OK, 0, "192.0.2.1"),
     .records = {A_AT(NULL, 0xffffffff, "\1")}},
    {SAYS("MINIMUM 2^32-1 is 0", A, NX, NXDOMAIN, 0, ""),
     .records = {SOA_AT(900, "\377\377\377\377")}},
    /* rcodes and flags */
    {SAYS("SERVFAIL", A, 0x8182, SERVFAIL, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("REFUSED", A, 0x8185, REFUSED, 0, ""), .records = {SOA_AT(9, "\0\0\0\1")}},
    {SAYS("FORMERR", A, 0x8181, MALFORMED, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("NOTIMP", A, 0x8184, MALFORMED, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("rcode 9", A, 0x8189, MALFORMED, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("BADVERS by OPT, with 0 below", A, PLAIN, MALFORMED, 0, ""),
     .records = {A_AT(NULL, 300, "\1"), {WIRE_ADDITIONAL, "", 41, 0x01000000, "", 0, NULL}}},
    {SAYS("an OPT that says nothing", A, PLAIN, OK, 300, "192.0.2.1"),
     .records = {A_AT(NULL, 300, "\1"), {WIRE_ADDITIONAL, "", 41, 0x00008000, "", 0, NULL}}},
    {SAYS("a query", A, 0x0100, MALFORMED, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("another opcode", A, 0xa180, MALFORMED, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    {SAYS("TC: half an answer", A, 0x8380, MALFORMED, 0, ""), .records = {A_AT(NULL, 300, "\1")}},
    /* broken data */
    {SAYS("A of three bytes", A, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 1, 300, WIRE_RAW("\300\0\2"), NULL}}},
    {SAYS("AAAA of four bytes", AAAA, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 28, 300, WIRE_RAW("\300\0\2\1"), NULL}}},
    {SAYS("MX without a name", MX, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 15, 300, WIRE_RAW("\0\12"), NULL}}},
    {SAYS("PTR with bytes behind its name", PTR, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 12, 300, WIRE_RAW("\1a\0b"), NULL}}},
    {SAYS("PTR to itself by compression", PTR, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 12, 300, WIRE_RAW("\300\52"), NULL}}},
    {SAYS("PTR whose name points behind the message", PTR, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 12, 300, WIRE_RAW("\1a\377\377"), NULL}}},
    {SAYS("CNAME with a broken name", A, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 5, 300, WIRE_RAW("\77a"), NULL}}},
    {SAYS("a type nobody asks for", SOA, PLAIN, MALFORMED, 0, ""),
     .records = {{AN, NULL, 6, 9, WIRE_RAW("\0\0"), NULL}}},
};

static const struct dns_question *question_of(const struct row *r)
{
    static struct dns_question question = {.name = Q};

    question.type = r->type;
    return &question;
}

/* "192.0.2.1 192.0.2.2" */
static const char *text_of(const struct dns_answer *answer)
{
    static char text[1024];
    char address[IP_TEXT_SIZE];
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; i < answer->address_count + answer->name_count; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? " " : "",
                             i < answer->address_count ? ip_format(&answer->addresses[i], address)
                                                       : answer->names[i - answer->address_count]);
    return text;
}

/* A copy of exactly this length: AddressSanitizer sees what is read behind it. */
static struct dns_answer *parse_exactly(const struct dns_question *question, const uint8_t *bytes,
                                        size_t length)
{
    uint8_t *copy = mem_zalloc(length + (length == 0));
    struct dns_answer *answer = NULL;

    assert_non_null(copy);
    memcpy(copy, bytes, length);
    assert_int_equal(dns_answer_parse(question, copy, length, &answer), HELO_OK);
    mem_free(copy);
    return answer;
}

static void says(void **state)
{
    struct wire w;

    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        struct dns_answer *answer;

        wire_make(&w, question_of(r), r->flags, r->records);
        answer = parse_exactly(question_of(r), w.bytes, w.length);
        UNIT_EXPECT_TEXT(dns_status_text(answer->status), dns_status_text(r->want));
        UNIT_EXPECT_INT(answer->ttl_s, r->ttl_s);
        UNIT_EXPECT_TEXT(text_of(answer), r->text);
        UNIT_EXPECT_INT(answer->cnames, r->cnames);
        UNIT_EXPECT_INT(answer->odd, r->odd);
        UNIT_EXPECT_INT(answer->cut, r->cut);
        dns_answer_unref(answer);
    }
}

/* A message that ends too early is malformed at every length; so is one with a byte too many. */
static void every_truncation_is_malformed(void **state)
{
    struct wire w;

    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        wire_make(&w, question_of(r), r->flags, r->records);
        w.bytes[w.length++] = 0;
        for (size_t length = 0; length <= w.length; length++) {
            struct dns_answer *answer;

            if (length + 1 == w.length)
                continue;
            answer = parse_exactly(question_of(r), w.bytes, length);
            UNIT_EXPECT_INT(answer->status, DNS_MALFORMED);
            UNIT_EXPECT_INT(answer->ttl_s, 0);
            dns_answer_unref(answer);
        }
    }
}

/*
 * Each byte of each message in turn is another one: nothing to be expected but that it ends well.
 */
static void every_changed_byte_is_survived(void **state)
{
    static const uint8_t masks[] = {0x01, 0x80, 0xc0, 0xff};
    struct wire w;

    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        wire_make(&w, question_of(r), r->flags, r->records);
        for (size_t i = 0; i < w.length; i++) {
            for (size_t m = 0; m < sizeof masks; m++) {
                w.bytes[i] ^= masks[m];
                dns_answer_unref(parse_exactly(question_of(r), w.bytes, w.length));
                w.bytes[i] ^= masks[m];
            }
        }
    }
}

static void another_question_is_no_answer(void **state)
{
    const struct dns_question other = {.type = DNS_A, .name = "other.example"};
    const struct dns_question other_type = {.type = DNS_AAAA, .name = Q};
    struct dns_answer *answer;
    struct wire w;

    (void)state;
    wire_make(&w, question_of(&rows[0]), PLAIN, rows[0].records);
    answer = parse_exactly(&other, w.bytes, w.length);
    UNIT_EXPECT_INT(answer->status, DNS_MALFORMED);
    dns_answer_unref(answer);
    answer = parse_exactly(&other_type, w.bytes, w.length);
    UNIT_EXPECT_INT(answer->status, DNS_MALFORMED);
    dns_answer_unref(answer);
}

/* More than is looked at: 33 addresses, and more records than LIMIT_ANSWER_RECORDS. */
static void many_addresses_are_cut(void **state)
{
    enum { HEADER_AND_QUESTION = 12 + sizeof Q + 1 + 4, RECORD = 16, COUNT = 4000 };
    static uint8_t bytes[HEADER_AND_QUESTION + COUNT * RECORD];
    const struct dns_question *question = question_of(&rows[0]);
    struct dns_answer *answer;
    struct wire w;

    (void)state;
    wire_make(&w, question, PLAIN, rows[0].records);
    assert_int_equal(w.length, HEADER_AND_QUESTION + RECORD);
    memcpy(bytes, w.bytes, HEADER_AND_QUESTION);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(bytes + HEADER_AND_QUESTION + i * RECORD, w.bytes + HEADER_AND_QUESTION, RECORD);
    for (unsigned n = 31; n <= COUNT; n = n < 34 ? n + 1 : n * 2) {
        bytes[6] = (uint8_t)(n >> 8);
        bytes[7] = (uint8_t)n;
        answer = parse_exactly(question, bytes, HEADER_AND_QUESTION + n * RECORD);
        UNIT_EXPECT_INT(answer->address_count, n < 32 ? n : 32);
        UNIT_EXPECT_INT(answer->cut, n > 32);
        dns_answer_unref(answer);
    }
}

/* Of names, PTR and MX, not as many are kept. */
static void many_names_are_cut(void **state)
{
    enum { HEADER_AND_QUESTION = 12 + sizeof Q + 1 + 4, COUNT = 100 };
    static const struct {
        const char *name;
        struct dns_question question;
        struct wire_record records[WIRE_RECORDS];
        size_t kept;
    } types[] = {
        {"PTR", {DNS_PTR, Q}, {PTR_AT(60, "mail.example")}, LIMIT_PTR_NAMES},
        {"MX", {DNS_MX, Q}, {MX_AT(60, "mail.example")}, LIMIT_MX_NAMES},
    };

    (void)state;
    for (size_t t = 0; t < UNIT_COUNT(types); t++) {
        struct wire w;
        size_t record;

        wire_make(&w, &types[t].question, PLAIN, types[t].records);
        record = w.length - HEADER_AND_QUESTION;
        for (size_t n = 1; n <= COUNT; n++) {
            struct dns_answer *answer;

            w.bytes[7] = (uint8_t)n;
            w.length = HEADER_AND_QUESTION + n * record;
            memcpy(w.bytes + w.length - record, w.bytes + HEADER_AND_QUESTION, record);
            answer = parse_exactly(&types[t].question, w.bytes, w.length);
            UNIT_EXPECT_INT(answer->name_count, n < types[t].kept ? n : types[t].kept);
            UNIT_EXPECT_INT(answer->cut, n > types[t].kept);
            dns_answer_unref(answer);
        }
    }
}

/* ---- the value ----------------------------------------------------------------------------- */

static void made_answers_are_bounded(void **state)
{
    static const struct ip addresses[LIMIT_ADDRESSES + 1];
    static const char names[LIMIT_PTR_NAMES + 1][LIMIT_NAME_CHARS + 1];
    struct dns_answer *answer = NULL;

    (void)state;
    assert_int_equal(dns_answer_create_addresses(addresses, LIMIT_ADDRESSES + 1, 7, &answer),
                     HELO_OK);
    UNIT_EXPECT_INT(answer->address_count, LIMIT_ADDRESSES);
    UNIT_EXPECT(answer->cut);
    UNIT_EXPECT_INT(dns_answer_bytes(answer),
                    sizeof *answer + sizeof addresses - sizeof addresses[0]);
    dns_answer_unref(answer);
    assert_int_equal(dns_answer_create_names(DNS_PTR, names, LIMIT_PTR_NAMES + 1, 7, &answer),
                     HELO_OK);
    UNIT_EXPECT_INT(answer->name_count, LIMIT_PTR_NAMES);
    UNIT_EXPECT(answer->cut);
    UNIT_EXPECT_INT(answer->ttl_s, 7);
    UNIT_EXPECT(dns_answer_ref(answer) == answer);
    dns_answer_unref(answer);
    UNIT_EXPECT_INT(answer->name_count, LIMIT_PTR_NAMES); /* still there */
    dns_answer_unref(answer);
    dns_answer_unref(NULL);
}

static void statuses_have_names(void **state)
{
    (void)state;
    UNIT_EXPECT_TEXT(dns_status_text(DNS_OK), "ok");
    UNIT_EXPECT_TEXT(dns_status_text(DNS_TOO_LONG), "too_many_aliases");
    for (int i = DNS_OK; i <= DNS_TOO_LONG; i++) {
        UNIT_EXPECT(dns_status_text((enum dns_status)i)[0] != '\0');
        UNIT_EXPECT_INT(dns_status_is_definite((enum dns_status)i), i <= DNS_NODATA);
    }
}

static bool parse_under_fault(void *arg)
{
    struct dns_answer *answer = NULL;
    struct wire w;

    (void)arg;
    wire_make(&w, question_of(&rows[0]), PLAIN, rows[0].records);
    if (dns_answer_parse(question_of(&rows[0]), w.bytes, w.length, &answer) != HELO_OK)
        return false;
    dns_answer_unref(answer);
    return true;
}

/* A name by way of so many pointers, one to the next: each costs a step for each record and walk,
 * so that a message of 28 KB took a second. */
static void tangled_names_are_malformed(void **state)
{
    static const struct {
        const char *name;
        unsigned pointers;
        enum dns_status want;
    } tangles[] = {
        {"one pointer", 1, DNS_OK},
        {"some", 16, DNS_OK},
        {"too many", 17, DNS_MALFORMED},
        {"thousands", 8000, DNS_MALFORMED},
    };
    static uint8_t bytes[17000];

    (void)state;
    for (size_t t = 0; t < UNIT_COUNT(tangles); t++) {
        const struct dns_question *question = question_of(&rows[0]);
        /* TXT, whose data are the pointers but the last, and then A with that one as its owner */
        static const uint8_t txt[] = {0xc0, 12, 0, 16, 0, 1, 0, 0, 1, 44};
        static const uint8_t a[] = {0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1};
        size_t data = 2 * (tangles[t].pointers - 1), at, to = 12;
        struct dns_answer *answer;
        struct wire w;

        wire_make(&w, question, PLAIN, rows[0].records);
        at = 12 + sizeof Q + 1 + 4;
        memcpy(bytes, w.bytes, at);
        bytes[7] = 2; /* records */
        memcpy(bytes + at, txt, sizeof txt);
        at += sizeof txt;
        bytes[at++] = (uint8_t)(data >> 8);
        bytes[at++] = (uint8_t)data;
        for (unsigned i = 0; i < tangles[t].pointers; i++) {
            bytes[at] = (uint8_t)(0xc0 | to >> 8);
            bytes[at + 1] = (uint8_t)to;
            to = at;
            at += 2;
        }
        memcpy(bytes + at, a, sizeof a);
        answer = parse_exactly(question, bytes, at + sizeof a);
        UNIT_EXPECT_TEXT(dns_status_text(answer->status), dns_status_text(tangles[t].want));
        dns_answer_unref(answer);
    }
}

static void no_memory_is_reported(void **state)
{
    (void)state;
    unit_each_fault(parse_under_fault, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(says),
        UNIT_TEST(every_truncation_is_malformed),
        UNIT_TEST(every_changed_byte_is_survived),
        UNIT_TEST(another_question_is_no_answer),
        UNIT_TEST(many_addresses_are_cut),
        UNIT_TEST(many_names_are_cut),
        UNIT_TEST(made_answers_are_bounded),
        UNIT_TEST(statuses_have_names),
        UNIT_TEST(tangled_names_are_malformed),
        UNIT_TEST(no_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
