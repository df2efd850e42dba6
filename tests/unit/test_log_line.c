/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_line.c - the forms of a line in the log
 *
 * PURPOSE  Whatever the text is, and however long: a line is one line, and valid JSON where it says
 *          so (read back by jansson, not by our own).
 */
#include "unit/unit.h"

#include <jansson.h>

#include "base/text.h"
#include "log_line.h"

/* 2026-11-22 05:04:03.217 UTC */
static const struct timespec moment = {.tv_sec = 1795323843, .tv_nsec = 217999999};

static const struct message_row {
    const char *name;
    int priority;
    const char *text;
    const char *plain, *stamped, *json;
} message_rows[] = {
    {"plain", LOG_NOTICE, "ready socket=x", "ready socket=x",
     "time=2026-11-22T05:04:03.217Z level=notice msg=\"ready socket=x\"",
     "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"notice\", \"event\": \"message\", "
     "\"text\": \"ready socket=x\"}"},
    {"quotes and backslashes", LOG_ERR, "a \"b\" c\\d", "a \"b\" c\\d",
     "time=2026-11-22T05:04:03.217Z level=error msg=\"a \\\"b\\\" c\\\\d\"",
     "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"error\", \"event\": \"message\", "
     "\"text\": \"a \\\"b\\\" c\\\\d\"}"},
    {"several lines", LOG_WARNING, "a\nb", "a\nb",
     "time=2026-11-22T05:04:03.217Z level=warning msg=\"a\\nb\"",
     "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"warning\", \"event\": \"message\", "
     "\"text\": \"a\\nb\"}"},
    {"control bytes", LOG_INFO, "a\x1b[2J\tb", "a\x1b[2J\tb",
     "time=2026-11-22T05:04:03.217Z level=info msg=\"a?[2J?b\"",
     "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"info\", \"event\": \"message\", "
     "\"text\": \"a?[2J?b\"}"},
    {"nothing", LOG_INFO, "", "", "time=2026-11-22T05:04:03.217Z level=info msg=\"\"",
     "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"info\", \"event\": \"message\", "
     "\"text\": \"\"}"},
};

static void messages(void **state)
{
    char line[MH_LINE_BYTES];

    (void)state;
    UNIT_EACH(const struct message_row, r, message_rows) {
        const char *const want[] = {r->plain, r->stamped, r->json};

        for (unsigned form = MH_LINE_PLAIN; form <= MH_LINE_JSON; form++) {
            size_t length =
                mh_line_message(line, (enum mh_line_form)form, &moment, r->priority, r->text);

            UNIT_EXPECT_TEXT(line, want[form]);
            UNIT_EXPECT_INT(length, strlen(line));
        }
    }
}

/* Of every length around the limit, and of bytes that become one, and two. */
static void long_messages_stay_valid(void **state)
{
    static char text[MH_LINE_BYTES + 100];
    char line[MH_LINE_BYTES];

    (void)state;
    for (const char *byte = "a\"\n"; *byte != '\0'; byte++) {
        for (size_t length = MH_LINE_BYTES / 2 - 150; length < MH_LINE_BYTES + 50; length += 7) {
            json_t *json;
            const char *got;

            memset(text, *byte, length);
            text[length] = '\0';
            assert_true(mh_line_message(line, MH_LINE_JSON, &moment, LOG_INFO, text) <
                        MH_LINE_BYTES);
            json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
            got = json_string_value(json_object_get(json, "text"));
            assert_non_null(got);
            if (strlen(got) < length || strcmp(got, text) != 0)
                assert_string_equal(got + strlen(got) - 3, "...");
            json_decref(json);
        }
    }
}

static void longest_message_fits(void **state)
{
    char text[MH_LOG_BYTES], line[MH_LINE_BYTES];

    (void)state;
    memset(text, '"', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (unsigned form = MH_LINE_PLAIN; form <= MH_LINE_JSON; form++) {
        (void)mh_line_message(line, (enum mh_line_form)form, &moment, LOG_INFO, text);
        assert_null(strstr(line, "..."));
    }
}

static void decisions(void **state)
{
    char line[MH_LINE_BYTES];

    (void)state;
    assert_true(mh_line_decision(line, MH_LINE_PLAIN, &moment, "4ABC", "id=X helo=y") > 0);
    assert_string_equal(line, "id=X qid=4ABC helo=y");
    assert_true(mh_line_decision(line, MH_LINE_STAMPED, &moment, "-", "id=X helo=y") > 0);
    assert_string_equal(line, "time=2026-11-22T05:04:03.217Z level=info id=X qid=- helo=y");
    assert_true(mh_line_decision(line, MH_LINE_JSON, &moment, "-", "{\"id\": \"X\"}") > 0);
    assert_string_equal(line, "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"info\", "
                              "\"event\": \"verdict\", \"qid\": null, \"id\": \"X\"}");
    assert_true(mh_line_decision(line, MH_LINE_JSON, &moment, "4ABC", "{\"id\": \"X\"}") > 0);
    assert_string_equal(line, "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"info\", "
                              "\"event\": \"verdict\", \"qid\": \"4ABC\", \"id\": \"X\"}");
}

/* Half an object is no line. */
static void too_long_a_decision_is_refused(void **state)
{
    static char made[2 * MH_LINE_BYTES];
    char line[MH_LINE_BYTES];

    (void)state;
    for (unsigned form = MH_LINE_PLAIN; form <= MH_LINE_JSON; form++) {
        for (size_t length = MH_LINE_BYTES - 200; length < MH_LINE_BYTES + 200; length++) {
            size_t got;

            memset(made, 'x', length);
            made[length] = '\0';
            got = mh_line_decision(line, (enum mh_line_form)form, &moment, "-", made);
            assert_true(got == 0 || (got > length && got < MH_LINE_BYTES));
        }
        assert_int_equal(mh_line_decision(line, (enum mh_line_form)form, &moment, "-", made), 0);
    }
}

/* ---- the journal's fields ---- */

static const struct field_row {
    const char *name;
    const char *pairs;
    const char *want; /* with '|' between */
} field_rows[] = {
    {"several", "id=X client=192.0.2.1 verdict=reject",
     "HELO_ID=X|HELO_CLIENT=192.0.2.1|HELO_VERDICT=reject|"},
    {"absent ones are left out", "ptr=- helo=a to=-", "HELO_HELO=a|"},
    {"a dash that was said", "helo=\"-\" to=x", "HELO_HELO=-|HELO_TO=x|"},
    {"quotes", "helo=\"a \\\"b\\\" client=192.0.2.1\" to=x",
     "HELO_HELO=a \"b\" client=192.0.2.1|HELO_TO=x|"},
    {"backslashes", "helo=\"a\\\\x0ab\" to=x", "HELO_HELO=a\\x0ab|HELO_TO=x|"},
    {"a quote that is not closed", "helo=\"a b", "HELO_HELO=a b|"},
    {"underscores", "dns_ms=12", "HELO_DNS_MS=12|"},
    {"nothing", "", ""},
    {"no pair", "abc", ""},
};

static void fields_of_pairs(void **state)
{
    (void)state;
    UNIT_EACH(const struct field_row, r, field_rows) {
        const char *at = r->pairs;
        char field[256];
        struct text all;

        text_init(&all, sizeof(field) * 4);
        text_add(&all, "");
        while (mh_line_field(&at, field, sizeof(field)) > 0)
            text_addf(&all, "%s|", field);
        UNIT_EXPECT_TEXT(all.data, r->want);
        text_fini(&all);
    }
}

static void field_without_room(void **state)
{
    char field[16];

    (void)state;
    for (size_t size = 1; size <= sizeof(field); size++) {
        const char *at = "client=192.0.2.1";

        memset(field, 'x', sizeof(field));
        assert_int_equal(mh_line_field(&at, field, size), 0);
        for (size_t i = size; i < sizeof(field); i++)
            assert_int_equal(field[i], 'x');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(messages),
        UNIT_TEST(long_messages_stay_valid),
        UNIT_TEST(longest_message_fits),
        UNIT_TEST(decisions),
        UNIT_TEST(too_long_a_decision_is_refused),
        UNIT_TEST(fields_of_pairs),
        UNIT_TEST(field_without_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
