/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_round.c - what the filter writes into its log, helocheck reads
 *
 * PURPOSE  The two know nothing of each other's code: the keys, the quotes and the escapes of a
 *          decision are written by lib/policy/explain_log*.c and milter/log_line.c, and read by
 *          lib/tools/log. Whatever a client says comes back as it was said.
 */
#include "unit/unit.h"

#include "log_line.h"
#include "tools/log/entry.h"
#include "unit/explained.h"
#include "unit/log_play.h"

/* 2026-11-22 05:04:03.217 UTC */
static const struct timespec moment = {.tv_sec = 1795323843, .tv_nsec = 217000000};

static const struct form_row {
    enum mh_line_form form;
    void (*explain)(const struct helo_verdict *verdict, struct text *out);
    const char *head; /* of whoever else writes the line; "": nobody */
} forms[] = {
    {MH_LINE_PLAIN, explain_log, "Nov 22 05:04:03 mx.site.example milter-helo[99]: "},
    {MH_LINE_PLAIN, explain_log, "milter-helo: "},
    {MH_LINE_STAMPED, explain_log, ""},
    {MH_LINE_JSON, explain_log_json, ""},
    {MH_LINE_JSON, explain_log_json, "Nov 22 05:04:03 mx.site.example milter-helo[99]: "},
};

static int take(void *arg, const struct log_entry *entry)
{
    struct log_entry **out = arg;

    *out = log_entry_copy(entry);
    return 1;
}

/* The only entry of what the filter makes of this verdict; free() it. */
static struct log_entry *write_and_read(const struct helo_verdict *verdict,
                                        const struct form_row *row)
{
    struct log_entry *entry = NULL;
    const struct log_options options = {.entry = take, .arg = &entry, .now_s = PLAY_NOW};
    char decision[MH_LINE_BYTES], line[MH_LINE_BYTES + 64], path[PLAY_PATH];
    const char *paths[] = {path};
    char *made = explained(verdict, row->explain);
    struct log_coverage coverage;
    int fd;

    assert_non_null(made);
    assert_true(mh_line_decision(decision, row->form, &moment, "4ABC123", made) > 0);
    mem_free(made);
    (void)snprintf(line, sizeof line, "%s%s\n", row->head, decision);
    fd = play_file(line, strlen(line), path);
    assert_int_equal(log_read(paths, 1, &options, &coverage), HELO_OK);
    (void)close(fd);
    return entry;
}

static void expect_the_same(const struct log_entry *entry, const struct fixture *x,
                            const struct said_row *said)
{
    UNIT_EXPECT_TEXT(entry->client, "192.0.2.1");
    UNIT_EXPECT_TEXT(entry->id, x->id);
    UNIT_EXPECT_TEXT(entry->qid, "4ABC123");
    UNIT_EXPECT_TEXT(entry->from, x->sender);
    UNIT_EXPECT_TEXT(entry->rcpt, x->recipient);
    UNIT_EXPECT_TEXT(entry->auth, x->auth_user);
    UNIT_EXPECT_TEXT(entry->listener, x->listener_name);
    UNIT_EXPECT_TEXT(entry->verdict, helo_action_text(x->v.action));
    UNIT_EXPECT_TEXT(entry->would, helo_action_text(x->v.would));
    UNIT_EXPECT_INT(entry->helo_status, LOG_HELO_SAID);
    UNIT_EXPECT_INT(entry->helo_length, said->length);
    if (entry->helo_length == said->length)
        assert_memory_equal(entry->helo, said->bytes, said->length);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        UNIT_EXPECT_INT(log_list_has(entry->failed, check_row((enum check_id)i)->name),
                        x->v.result[i].outcome.kind == OUTCOME_FAIL);
}

static void comes_back_as_it_was_said(void **state)
{
    (void)state;
    UNIT_EACH(const struct said_row, r, said_rows) {
        for (size_t i = 0; i < UNIT_COUNT(forms); i++) {
            struct log_entry *entry;
            struct fixture x;

            begin(&x, "192.0.2.1", r->bytes, r->length);
            (void)text_copy(x.id, sizeof x.id, "1M80TM3Y8000MR04"); /* the filter makes them */
            entry = write_and_read(&x.v, &forms[i]);
            assert_non_null(entry);
            expect_the_same(entry, &x, r);
            free(entry);
            end(&x);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(comes_back_as_it_was_said)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
