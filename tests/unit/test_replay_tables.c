/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_replay_tables.c - the tables of helocheck replay whose memory is bounded: what was judged
 * before, how many different ones, who has the most, how much when
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/replay/distinct.h"
#include "tools/replay/memo.h"
#include "tools/replay/senders.h"
#include "tools/replay/timeline.h"

/* ---- memo ------------------------------------------------------------------------------------ */

static struct memo_key key_of(const char *bytes, uint64_t hash)
{
    return (struct memo_key){bytes, strlen(bytes), hash};
}

/* A mark on it tells one opinion from the other. */
static void keep(struct memo *memo, const char *bytes, uint64_t hash, unsigned mark)
{
    struct memo_key key = key_of(bytes, hash);
    struct memo_opinions opinions = {{calloc(1, sizeof(struct opinion))}};
    const struct memo_opinions *kept;

    assert_non_null(opinions.of[0]);
    opinions.of[0]->grounds = mark;
    kept = memo_keep(memo, &key, &opinions);
    assert_non_null(kept);
    assert_ptr_equal(kept, memo_find(memo, &key));
}

static unsigned mark_at(const struct memo *memo, const char *bytes, uint64_t hash)
{
    struct memo_key key = key_of(bytes, hash);
    const struct memo_opinions *found = memo_find(memo, &key);

    return found != NULL ? found->of[0]->grounds : 0;
}

/* Keys of one hash: who made a log could have made them. */
static void memory_is_of_the_very_same_key(void **state)
{
    struct memo memo = {0};

    (void)state;
    assert_int_equal(mark_at(&memo, "a", 7), 0);
    keep(&memo, "a", 7, 1);
    keep(&memo, "ab", 7, 2);
    assert_int_equal(mark_at(&memo, "a", 7), 1);
    assert_int_equal(mark_at(&memo, "ab", 7), 2);
    assert_int_equal(mark_at(&memo, "b", 7), 0);
    assert_int_equal(mark_at(&memo, "a", 7 + MEMO_PLACES), 0);
    memo_fini(&memo);
}

static void memory_is_bounded_and_keeps_the_newest(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    enum { NAMES = sizeof(names) / sizeof(names[0]) };
    struct memo memo = {0};

    (void)state;
    for (unsigned i = 0; i < NAMES; i++)
        keep(&memo, names[i], 7, i + 1);
    for (unsigned i = 0; i < NAMES; i++)
        assert_int_equal(mark_at(&memo, names[i], 7), i < NAMES - MEMO_WAYS ? 0 : i + 1);
    memo_fini(&memo);
}

/* ---- distinct -------------------------------------------------------------------------------- */

static uint64_t hash_of(unsigned long long number)
{
    return distinct_hash(0, &number, sizeof(number));
}

static void is_exact_up_to_its_limit(void **state)
{
    struct distinct set = {0};

    (void)state;
    assert_int_equal(distinct_count(&set), 0);
    for (unsigned twice = 0; twice < 2; twice++)
        for (unsigned i = 0; i < DISTINCT_EXACT; i++)
            assert_true(distinct_add(&set, hash_of(i)));
    assert_int_equal(distinct_count(&set), DISTINCT_EXACT);
    assert_true(distinct_is_exact(&set));
    distinct_fini(&set);
}

/* Four standard errors: 3.3 %. The hash has no secret, so it is the same at every run. */
static void is_near_past_its_limit(void **state)
{
    static const unsigned counts[] = {DISTINCT_EXACT + 1, 6000, 20000, 50000, 300000, 2000000};

    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        struct distinct set = {0};
        double off;

        for (unsigned n = 0; n < counts[i]; n++)
            assert_true(distinct_add(&set, hash_of(n)));
        for (unsigned n = 0; n < 1000; n++)
            assert_true(distinct_add(&set, hash_of(n)));
        off = (double)distinct_count(&set) / counts[i] - 1;
        assert_false(distinct_is_exact(&set));
        assert_true(off < 0.033 && off > -0.033);
        distinct_fini(&set);
    }
}

static void hashes_are_never_nothing(void **state)
{
    (void)state;
    assert_int_not_equal(distinct_hash(0, "", 0), 0);
    assert_int_not_equal(distinct_hash(0, "a", 1), distinct_hash(1, "a", 1));
    assert_int_not_equal(distinct_hash(0, "ab", 2), distinct_hash(0, "ba", 2));
}

/* ---- senders --------------------------------------------------------------------------------- */

static void count(struct senders *table, uint64_t key, unsigned mails)
{
    for (unsigned i = 0; i < mails; i++) {
        int fresh;
        struct sender *sender = senders_count_one(table, key, &fresh);

        assert_non_null(sender);
        assert_int_equal(sender->key, key);
        if (fresh)
            (void)snprintf(sender->client, sizeof(sender->client), "%llu", (unsigned long long)key);
    }
}

static void senders_are_exact_while_they_fit(void **state)
{
    struct senders table = {0};
    struct sender_rank *sorted;

    (void)state;
    assert_null(senders_sort(&table));
    for (unsigned i = 1; i <= SENDERS_KEPT; i++)
        count(&table, i, i % 7 + 1);
    count(&table, 5, 100);
    assert_false(table.overflowed);
    sorted = senders_sort(&table);
    assert_non_null(sorted);
    assert_int_equal(sorted[0].sender->key, 5);
    assert_int_equal(sorted[0].sender->mails, 106);
    assert_int_equal(sorted[1].sender->mails, 7);
    assert_string_equal(sorted[1].sender->client, "1000"); /* equal ones by their name */
    for (size_t i = 1; i < table.count; i++) {
        assert_int_equal(sorted[i].sender->error, 0);
        assert_true(sorted[i - 1].sender->mails >= sorted[i].sender->mails);
    }
    free(sorted);
    senders_fini(&table);
}

/* Three with much mail, among strangers of which each has one. */
static void who_has_much_mail_stays(void **state)
{
    struct senders table = {0};
    struct sender_rank *sorted;

    (void)state;
    for (unsigned i = 0; i < 30000; i++) {
        count(&table, 1000000 + i, 1);
        if (i % 10 == 0)
            count(&table, i / 10 % 3 + 1, 1);
    }
    assert_true(table.overflowed);
    assert_int_equal(table.count, SENDERS_KEPT);
    sorted = senders_sort(&table);
    assert_non_null(sorted);
    for (size_t i = 0; i < 3; i++) {
        assert_in_range(sorted[i].sender->key, 1, 3);
        /* What it has for certain is never more than it had, and with its error never less. */
        assert_true(sorted[i].sender->mails - sorted[i].sender->error <= 1000);
        assert_true(sorted[i].sender->mails >= 1000);
    }
    assert_true(sorted[3].sender->key >= 1000000);
    free(sorted);
    senders_fini(&table);
}

static void few_are_told_apart(void **state)
{
    struct sender_few few = {0};

    (void)state;
    for (unsigned twice = 0; twice < 2; twice++)
        for (unsigned i = 1; i <= SENDER_FEW; i++)
            sender_few_add(&few, i);
    assert_int_equal(few.count, SENDER_FEW);
    assert_false(few.more);
    sender_few_add(&few, SENDER_FEW + 1);
    assert_int_equal(few.count, SENDER_FEW);
    assert_true(few.more);
}

/* ---- timeline -------------------------------------------------------------------------------- */

static struct timeline line;

static unsigned long long sum_of(unsigned kind)
{
    unsigned long long sum = 0;

    for (size_t i = 0; i < line.used; i++)
        sum += line.count[i][kind];
    return sum;
}

static const long long monday = 1763337600; /* 2025-11-17 00:00 UTC */

static void spans_choose_their_width(void **state)
{
    static const struct {
        const char *name;
        long long span_s;
        size_t most;
        const char *width;
    } rows[] = {
        {"an hour", 3600, 100, "minute"},     {"a day", 86400 - 1, 150, "10 minutes"},
        {"two days", 2 * 86400, 100, "hour"}, {"two weeks", 14 * 86400, 100, "day"},
        {"a year", 365 * 86400, 100, "week"}, {"five years", 5 * 365 * 86400, 100, "4 weeks"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(&line, 0, sizeof(line));
        for (unsigned part = 0; part <= 1000; part++)
            timeline_add(&line, monday + rows[i].span_s * part / 1000, part % 2);
        timeline_coarsen(&line, rows[i].most);
        assert_true(line.used <= rows[i].most);
        assert_string_equal(timeline_width_text(&line), rows[i].width);
        assert_int_equal(sum_of(0), 501);
        assert_int_equal(sum_of(1), 500);
        assert_true(timeline_start(&line, 0) <= monday);
        assert_true(timeline_start(&line, 0) > monday - timeline_width_s(&line));
    }
}

/* Backwards is as good as forwards, and a stray time before 1970 loses nothing. */
static void times_may_come_in_any_order(void **state)
{
    (void)state;
    memset(&line, 0, sizeof(line));
    for (int day = 20; day >= 0; day--)
        timeline_add(&line, monday + day * 86400, 0);
    timeline_add(&line, monday + 86400, 1);
    timeline_coarsen(&line, 30);
    assert_string_equal(timeline_width_text(&line), "day");
    assert_int_equal(line.used, 21);
    assert_int_equal(timeline_start(&line, 0), monday);
    assert_int_equal(line.count[1][1], 1);
    timeline_add(&line, -1, 2);
    assert_int_equal(sum_of(0), 21);
    assert_int_equal(sum_of(2), 1);
    assert_true(timeline_start(&line, 0) <= -1);
}

static void weeks_begin_on_mondays(void **state)
{
    (void)state;
    memset(&line, 0, sizeof(line));
    timeline_add(&line, monday - 1, 0);
    timeline_add(&line, monday, 0);
    timeline_add(&line, monday + 200 * 86400LL, 0);
    timeline_coarsen(&line, 40);
    assert_string_equal(timeline_width_text(&line), "week");
    assert_int_equal(timeline_start(&line, 0), monday - 7 * 86400);
    assert_int_equal(line.count[0][0], 1);
    assert_int_equal(line.count[1][0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_of_the_very_same_key),
        cmocka_unit_test(memory_is_bounded_and_keeps_the_newest),
        cmocka_unit_test(is_exact_up_to_its_limit),
        cmocka_unit_test(is_near_past_its_limit),
        cmocka_unit_test(hashes_are_never_nothing),
        cmocka_unit_test(senders_are_exact_while_they_fit),
        cmocka_unit_test(who_has_much_mail_stays),
        cmocka_unit_test(few_are_told_apart),
        cmocka_unit_test(spans_choose_their_width),
        cmocka_unit_test(times_may_come_in_any_order),
        cmocka_unit_test(weeks_begin_on_mondays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
