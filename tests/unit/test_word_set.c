/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_word_set.c - name/word_set.h
 */
#include "unit/unit.h"

#include "name/word_set.h"

static const char *const words[] = {"pool", "dsl", "dial-up", "3g", "dyn", "dhcp", "dsl", "a"};

static const struct has_row {
    const char *name; /* the word */
    size_t length;    /* of what is looked for */
    bool want;
} has_rows[] = {
    {"a", 1, true},
    {"3g", 2, true},
    {"dial-up", 7, true},
    {"dsl", 3, true},
    {"pool", 4, true},
    {"pools", 5, false},
    {"poo", 3, false},
    {"pools", 4, true}, /* its first four bytes */
    {"dslam.example", 3, true},
    {"dslam.example", 5, false},
    {"ds", 2, false},
    {"aa", 2, false},
    {"zzz", 3, false},
    {"", 0, false},
};

static bool fill(void *arg)
{
    struct word_set *set = arg;
    bool done = true;

    word_set_init(set);
    for (size_t i = 0; i < UNIT_COUNT(words); i++)
        done = done && word_set_add(set, words[i]);
    word_set_seal(set);
    return done;
}

static void finds_whole_words(void **state)
{
    struct word_set set;

    (void)state;
    assert_true(fill(&set));
    UNIT_EACH(const struct has_row, r, has_rows) {
        UNIT_EXPECT_INT(word_set_has(&set, r->name, r->length), r->want);
    }
    word_set_fini(&set);
    assert_false(word_set_has(&set, "dsl", 3));
}

static void an_empty_set_has_nothing(void **state)
{
    struct word_set set;

    (void)state;
    word_set_init(&set);
    word_set_seal(&set);
    assert_false(word_set_has(&set, "", 0));
    assert_false(word_set_has(&set, "dsl", 3));
    word_set_fini(&set);
}

static void grows(void **state)
{
    struct word_set set;
    char word[2] = {0};

    (void)state;
    word_set_init(&set);
    for (int c = 'z'; c > ' '; c--) {
        word[0] = (char)c;
        assert_true(word_set_add(&set, word));
    }
    word_set_seal(&set);
    for (int c = 'z'; c > ' '; c--) {
        word[0] = (char)c;
        assert_true(word_set_has(&set, word, 1));
    }
    word_set_fini(&set);
}

static bool fill_and_free(void *arg)
{
    bool done = fill(arg);

    word_set_fini(arg);
    return done;
}

static void reports_a_lack_of_memory(void **state)
{
    struct word_set set;

    (void)state;
    unit_each_fault(fill_and_free, &set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(finds_whole_words),
        UNIT_TEST(an_empty_set_has_nothing),
        UNIT_TEST(grows),
        UNIT_TEST(reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
