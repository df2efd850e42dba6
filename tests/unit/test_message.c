/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_message.c - queries as bytes, and dns/attempt.h: what an answer leads to
 */
#include "unit/unit.h"

#include "dns/attempt.h"
#include "unit/dns_wire.h"

#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

static const struct build_row {
    const char *name;
    struct dns_question question;
    const char *want; /* the question's name on the wire; NULL: has none */
} build_rows[] = {
    {"two labels", {DNS_A, "mx.example"}, "\2mx\7example"},
    {"one label", {DNS_A, "localhost"}, "\11localhost"},
    {"63 characters", {DNS_A, LABEL_63 ".x"}, "\77" LABEL_63 "\1x"},
    {"64 characters", {DNS_A, LABEL_63 "l.x"}, NULL},
    {"nothing", {DNS_A, ""}, NULL},
    {"a dot", {DNS_A, "."}, NULL},
    {"a dot behind", {DNS_A, "a."}, NULL},
    {"a dot in front", {DNS_A, ".a"}, NULL},
    {"two dots", {DNS_A, "a..b"}, NULL},
    {"253 characters",
     {DNS_A, LABEL_63 "." LABEL_63 "." LABEL_63 "."
                      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"},
     "\77" LABEL_63 "\77" LABEL_63 "\77" LABEL_63 "\75"
     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"},
};

static void builds(void **state)
{
    uint8_t out[512];

    (void)state;
    UNIT_EACH(const struct build_row, r, build_rows) {
        size_t length = dns_message_build(&r->question, 0xabcd, NULL, 0, out);
        size_t name = r->want == NULL ? 0 : strlen(r->want) + 1;

        UNIT_EXPECT_INT(length, r->want == NULL ? 0 : 12 + name + 4 + 11);
        if (length == 0 || r->want == NULL)
            continue;
        UNIT_EXPECT(memcmp(out, "\xab\xcd\1\0\0\1\0\0\0\0\0\1", 12) == 0);
        UNIT_EXPECT(memcmp(out + 12, r->want, name) == 0);
        UNIT_EXPECT(memcmp(out + 12 + name, "\0\1\0\1\0\0\51\4\320\0\0\0\0\0\0", 15) == 0);
        UNIT_EXPECT_INT(dns_message_drop_edns(out, length), length - 11);
        UNIT_EXPECT_INT(out[11], 0);
    }
}

/* Bit i turns character i, and nothing that is not a letter. */
static void case_bits_turn_letters(void **state)
{
    static const uint8_t all[2] = {0xff, 0xff};
    static const uint8_t second[1] = {0x02};
    const struct dns_question question = {DNS_A, "a1-_b.cde"};
    uint8_t out[512];

    (void)state;
    assert_true(dns_message_build(&question, 0, all, sizeof all, out) > 0);
    UNIT_EXPECT(memcmp(out + 12, "\5A1-_B\3CDE", 11) == 0);
    assert_true(dns_message_build(&question, 0, all, 1, out) > 0);
    UNIT_EXPECT(memcmp(out + 12, "\5A1-_B\3CDe", 11) == 0); /* eight bits, the dot's among them */
    assert_true(dns_message_build(&question, 0, second, sizeof second, out) > 0);
    UNIT_EXPECT(memcmp(out + 12, "\5a1-_b\3cde", 11) == 0);
}

/* What may be changed in an answer, and what not. */
static const struct match_row {
    const char *name;
    size_t at;
    uint8_t flip;
    bool want;
} match_rows[] = {
    {"nothing changed", 0, 0, true}, {"the id", 1, 1, false},
    {"QR", 2, 0x80, false},          {"AA", 2, 4, true},
    {"rcode", 3, 3, true},           {"no question", 5, 1, false},
    {"257 questions", 4, 1, false},  {"a letter's case", 13, 0x20, false},
    {"a letter", 13, 1, false},      {"the type", 25, 1, false},
    {"the class", 27, 2, false},     {"the data", 40, 1, true},
};

static void matches_to_the_letter(void **state)
{
    static const struct wire_record records[WIRE_RECORDS] = {A_AT(NULL, 300, "\1")};
    const struct dns_question question = {DNS_A, "mx.example"};
    uint8_t query[512];
    size_t length = dns_message_build(&question, 0x1234, NULL, 0, query);
    struct wire w;

    (void)state;
    wire_make(&w, &question, 0x8180, records);
    UNIT_EACH(const struct match_row, r, match_rows) {
        w.bytes[r->at] ^= r->flip;
        UNIT_EXPECT_INT(dns_message_matches(query, length, w.bytes, w.length), r->want);
        w.bytes[r->at] ^= r->flip;
    }
    for (size_t cut = 0; cut < 28; cut++)
        UNIT_EXPECT(!dns_message_matches(query, length, w.bytes, cut));
    UNIT_EXPECT(!dns_message_matches(query, 0, w.bytes, w.length));
}

/* What is left of messages that cannot be read; they are the head of a good one. */
static const struct bare_row {
    const char *name;
    size_t length;  /* of the good one's, or 0: all */
    size_t at;      /* a byte to change ... */
    uint8_t change; /* ... to this */
    size_t want;    /* bytes left */
} bare_rows[] = {
    {"as it was", 0, 0, 0x12, 28},
    {"up to the question", 28, 0, 0x12, 28},
    {"cut in the question", 27, 0, 0x12, 0},
    {"cut in the name", 20, 0, 0x12, 0},
    {"a header", 12, 0, 0x12, 0},
    {"less", 11, 0, 0x12, 0},
    {"no question", 0, 5, 0, 0},
    {"two questions", 0, 5, 2, 0},
    {"257 questions", 0, 4, 1, 0},
    {"the question is compressed", 0, 12, 0xc0, 0},
    {"a label of 64", 0, 12, 64, 0},
    {"a label past the end", 0, 12, 63, 0},
};

static void bares_what_cannot_be_read(void **state)
{
    static const struct wire_record records[WIRE_RECORDS] = {A_AT(NULL, 300, "\1")};
    const struct dns_question question = {DNS_A, "mx.example"};
    struct dns_answer *answer = NULL;
    struct wire w;

    (void)state;
    UNIT_EACH(const struct bare_row, r, bare_rows) {
        uint8_t before[28];

        wire_make(&w, &question, 0x8180, records);
        w.bytes[r->at] = r->change;
        memcpy(before, w.bytes, sizeof before);
        UNIT_EXPECT_INT(dns_message_bare(w.bytes, r->length == 0 ? w.length : r->length), r->want);
        if (r->want == 0)
            continue;
        UNIT_EXPECT(memcmp(w.bytes, before, 3) == 0); /* the id, and whose it is */
        UNIT_EXPECT(memcmp(w.bytes + 12, before + 12, r->want - 12) == 0);
        UNIT_EXPECT_INT(dns_answer_parse(&question, w.bytes, r->want, &answer), HELO_OK);
        UNIT_EXPECT_INT(answer->status, DNS_MALFORMED);
        dns_answer_unref(answer);
    }
}

/* ---- what an answer leads to --------------------------------------------------------------- */

enum { DONE = -1 }; /* in place of a channel */

#define ANSWER(flags) CHANNEL_ANSWERED, flags, false
#define PROBE                                                          \
    {                                                                  \
        .plain_case = true, .no_edns = true, .probe = true, .turns = 2 \
    }

static const struct attempt_row {
    const char *name;
    struct attempt before;
    enum channel_outcome outcome;
    unsigned flags;
    bool other_case;
    int want; /* the channel to ask again on, or DONE */
    enum dns_status status;
    unsigned timeouts;
    unsigned turn; /* afterwards */
} attempt_rows[] = {
    {"an answer", {.id = 0}, CHANNEL_ANSWERED, 0x8180, false, DONE, DNS_OK},
    {"silence", {.id = 0}, CHANNEL_SILENT, 0, false, DONE, DNS_TIMEOUT},
    {"nobody there", {.id = 0}, CHANNEL_UNREACHED, 0, false, DONE, DNS_UNREACHABLE},
    {"nobody there by TCP", {.tcp = true}, CHANNEL_UNREACHED, 0, false, DONE, DNS_TIMEOUT},
    {"garbage", {.id = 0}, CHANNEL_GARBAGE, 0, false, DONE, DNS_MALFORMED},
    {"SERVFAIL", {.id = 0}, CHANNEL_ANSWERED, 0x8182, false, DONE, DNS_SERVFAIL},
    {"TC", {.id = 0}, CHANNEL_ANSWERED, 0x8380, false, CHANNEL_TCP, DNS_OK},
    {"TC by TCP", {.tcp = true}, CHANNEL_ANSWERED, 0x8380, false, DONE, DNS_MALFORMED},
    {"FORMERR", {.id = 0}, CHANNEL_ANSWERED, 0x8181, false, CHANNEL_BARE, DNS_OK},
    {"NOTIMP", {.id = 0}, CHANNEL_ANSWERED, 0x8184, false, CHANNEL_BARE, DNS_OK},
    {"FORMERR again", {.no_edns = true}, CHANNEL_ANSWERED, 0x8181, false, DONE, DNS_MALFORMED},
    {"FORMERR by TCP", {.tcp = true}, CHANNEL_ANSWERED, 0x8181, false, CHANNEL_TCP, DNS_OK},
    {"another case", {.id = 0}, CHANNEL_ANSWERED, 0x8180, true, CHANNEL_UDP, DNS_OK},
    {"another case, again",
     {.plain_case = true},
     CHANNEL_ANSWERED,
     0x8180,
     true,
     DONE,
     DNS_MALFORMED},
    {"SERVFAIL, one more server", {.turns = 2}, ANSWER(0x8182), CHANNEL_UDP, DNS_OK, 0, 1},
    {"REFUSED, one more server", {.turns = 2}, ANSWER(0x8185), CHANNEL_UDP, DNS_OK, 0, 1},
    {"SERVFAIL after a timeout", {.turns = 2}, ANSWER(0x8182), DONE, DNS_SERVFAIL, 1},
    {"SERVFAIL of the last", {.turns = 2, .turn = 1}, ANSWER(0x8182), DONE, DNS_SERVFAIL, 0, 1},
    {"NXDOMAIN, one more server", {.turns = 2}, ANSWER(0x8183), DONE, DNS_NXDOMAIN},
    {"a probe: REFUSED", PROBE, ANSWER(0x8185), DONE, DNS_REFUSED},
    {"a probe: TC", PROBE, ANSWER(0x8380), DONE, DNS_MALFORMED},
    {"a probe: FORMERR", PROBE, ANSWER(0x8181), DONE, DNS_MALFORMED},
    {"a probe: another case", PROBE, CHANNEL_ANSWERED, 0x8180, true, DONE, DNS_MALFORMED},
    {"a probe: silence", PROBE, CHANNEL_SILENT, 0, false, DONE, DNS_TIMEOUT},
};

#undef ANSWER
#undef PROBE

static void answers_lead_on(void **state)
{
    static const struct wire_record records[WIRE_RECORDS] = {A_AT(NULL, 300, "\1")};
    static const struct wire_record none[WIRE_RECORDS] = {{.section = WIRE_NONE}};
    const struct dns_question question = {DNS_A, "mx.example"};
    struct wire w;

    (void)state;
    UNIT_EACH(const struct attempt_row, r, attempt_rows) {
        struct attempt attempt = r->before;
        struct dns_answer *answer = NULL;
        bool done;

        wire_make(&w, &question, r->flags, (r->flags & 15) == 3 ? none : records);
        if (r->other_case)
            w.bytes[13] ^= 0x20;
        done = attempt_read(&attempt, &question,
                            &(struct channel_reply){r->outcome, r->timeouts, w.bytes, w.length},
                            &answer);
        UNIT_EXPECT_INT(done ? DONE : (int)attempt_channel(&attempt), r->want);
        if (UNIT_EXPECT_INT(answer != NULL, r->want == DONE) && answer != NULL)
            UNIT_EXPECT_INT(answer->status, r->status);
        UNIT_EXPECT_INT(attempt.turn, r->turn);
        dns_answer_unref(answer);
        dns_answer_unref(attempt_drop(&attempt));
    }
}

/* What several servers say, one after another; the last one is silent after that. */
static const struct servers_row {
    const char *name;
    size_t servers;
    unsigned flags[4];
    unsigned asked; /* of them */
    enum dns_status want;
} servers_rows[] = {
    {"the second knows", 2, {0x8182, 0x8180}, 2, DNS_OK},
    {"the second knows that there is none", 2, {0x8185, 0x8183}, 2, DNS_NXDOMAIN},
    {"the third knows", 3, {0x8185, 0x8182, 0x8180}, 3, DNS_OK},
    {"none knows: what the first said", 2, {0x8185, 0x8182}, 2, DNS_REFUSED},
    {"none knows, of three", 3, {0x8182, 0x8185, 0x8185}, 3, DNS_SERVFAIL},
    {"a fourth is not asked", 4, {0x8182, 0x8182, 0x8182, 0x8180}, 3, DNS_SERVFAIL},
    {"there is only one", 1, {0x8182, 0x8180}, 1, DNS_SERVFAIL},
    {"the second is broken", 2, {0x8182, 0x8189}, 2, DNS_SERVFAIL},
    {"the second is silent", 2, {0x8182, 0}, 2, DNS_SERVFAIL},
    {"the second is cut, and silent by TCP", 2, {0x8182, 0x8380, 0}, 3, DNS_SERVFAIL},
};

static void the_next_server_is_asked(void **state)
{
    static const struct wire_record records[WIRE_RECORDS] = {A_AT(NULL, 300, "\1")};
    static const struct wire_record none[WIRE_RECORDS] = {{.section = WIRE_NONE}};
    const struct dns_question question = {DNS_A, "mx.example"};
    struct wire w;

    (void)state;
    UNIT_EACH(const struct servers_row, r, servers_rows) {
        struct attempt attempt;
        struct dns_answer *answer = NULL;
        unsigned asked = 0;
        bool done = false;

        attempt_init(&attempt, false, true, r->servers);
        for (; !done && asked < UNIT_COUNT(r->flags); asked++) {
            wire_make(&w, &question, r->flags[asked], (r->flags[asked] & 15) == 3 ? none : records);
            done = attempt_read(
                &attempt, &question,
                &(struct channel_reply){r->flags[asked] != 0 ? CHANNEL_ANSWERED : CHANNEL_SILENT, 0,
                                        w.bytes, w.length},
                &answer);
        }
        UNIT_EXPECT_INT(asked, r->asked);
        if (UNIT_EXPECT(done && answer != NULL))
            UNIT_EXPECT_INT(answer->status, r->want);
        dns_answer_unref(answer);
        dns_answer_unref(attempt_drop(&attempt));
    }
}

/* c-ares cuts a datagram without a word: broken at exactly its limit is asked for again by TCP. */
static void an_end_at_the_limit_is_a_cut(void **state)
{
    static const struct wire_record records[WIRE_RECORDS] = {A_AT(NULL, 300, "\1")};
    static const size_t lengths[] = {CHANNEL_ANSWER_BYTES, 512, 700};
    const struct dns_question question = {DNS_A, "mx.example"};
    struct wire w;

    (void)state;
    wire_make(&w, &question, 0x8180, records);
    memset(w.bytes + w.length, 0, sizeof w.bytes - w.length);
    for (size_t i = 0; i < UNIT_COUNT(lengths); i++) {
        struct attempt attempt = {.id = 0};
        struct dns_answer *answer = NULL;
        const struct channel_reply reply = {CHANNEL_ANSWERED, 0, w.bytes, lengths[i]};
        bool done = attempt_read(&attempt, &question, &reply, &answer);

        UNIT_EXPECT_INT(done, lengths[i] == 700);
        UNIT_EXPECT_INT(attempt.tcp, lengths[i] != 700);
        dns_answer_unref(answer);
    }
}

/* Each way of asking has its bytes; nothing of the dice repeats in a block or across its end. */
static void rolls(void **state)
{
    static struct dice dice;
    const struct dns_question question = {DNS_A, "abcdefghijklmnopqrstuvwxyz.example"};
    struct attempt plain = {.plain_case = true, .no_edns = true};
    struct attempt mixed = {.id = 0};
    uint8_t bytes[ATTEMPT_QUERY_BYTES], before[ATTEMPT_QUERY_BYTES] = {0};
    size_t length, changed = 0;

    (void)state;
    attempt_roll(&plain, &dice);
    length = attempt_bytes(&plain, &question, bytes);
    UNIT_EXPECT_INT(length, 12 + 36 + 4);
    UNIT_EXPECT(memcmp(bytes + 13, "abcdefghijklmnopqrstuvwxyz", 26) == 0);
    for (int i = 0; i < 100; i++) {
        attempt_roll(&mixed, &dice);
        length = attempt_bytes(&mixed, &question, bytes);
        UNIT_EXPECT_INT(length, 12 + 36 + 4 + 11);
        changed += memcmp(bytes + 13, before + 13, 26) != 0;
        memcpy(before, bytes, length);
    }
    UNIT_EXPECT(changed >= 99); /* 26 letters: the same ones come once in 67 million */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(builds),
        UNIT_TEST(case_bits_turn_letters),
        UNIT_TEST(matches_to_the_letter),
        UNIT_TEST(bares_what_cannot_be_read),
        UNIT_TEST(answers_lead_on),
        UNIT_TEST(the_next_server_is_asked),
        UNIT_TEST(an_end_at_the_limit_is_a_cut),
        UNIT_TEST(rolls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
