/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_story.c - ids as people give them back
 *
 * PURPOSE  What is taken for the same decision, what for nearly the same, and what never is; when
 *          an id says that it was made.
 */
#include "unit/unit.h"

#include "tools/log/entry.h"
#include "tools/story/id.h"

static const struct clean_row {
    const char *name;
    const char *text;
    const char *want; /* NULL: none */
} clean_rows[] = {
    {"as it is", "1P6XJ4Y2G00B3R08", "1P6XJ4Y2G00B3R08"},
    {"small letters", "1p6xj4y2g00b3r08", "1P6XJ4Y2G00B3R08"},
    {"what looks alike", "lP6XJ4Y2GOoB3RO8", "1P6XJ4Y2G00B3R08"},
    {"I is 1, U is V", "iU", "1V"},
    {"out of a refusal", "550 5.7.1 check=own_name id=1P6XJ4Y2G00B3R08", "1P6XJ4Y2G00B3R08"},
    {"in groups", "1P6X-J4Y2 G00B.3R08", "1P6XJ4Y2G00B3R08"},
    {"in quotes", "\"'<1P6XJ4Y2G00B3R08>'\".", "1P6XJ4Y2G00B3R08"},
    {"nothing", "", NULL},
    {"nothing that is in an id", "-- \xc3\xa4 --", NULL},
    {"too long", "00000000000000000000000000000000000000000000000000000000000000000", NULL},
};

static void cleans_ids(void **state)
{
    (void)state;
    UNIT_EACH(const struct clean_row, r, clean_rows) {
        char out[ID_SIZE] = "";

        UNIT_EXPECT_INT(id_clean(out, r->text), r->want != NULL);
        if (r->want != NULL)
            UNIT_EXPECT_TEXT(out, r->want);
    }
}

static const struct compare_row {
    const char *name;
    const char *wanted, *found;
    enum id_match want;
} compare_rows[] = {
    {"the same", "1P6XJ4Y2G00B3R08", "1P6XJ4Y2G00B3R08", ID_SAME},
    {"its beginning", "1P6XJ4", "1P6XJ4Y2G00B3R08", ID_PART},
    {"its end", "0B3R08", "1P6XJ4Y2G00B3R08", ID_PART},
    {"too small a part", "B3R08", "1P6XJ4Y2G00B3R08", ID_OTHER},
    {"one that is wrong", "1P6XJ4Y2G00B3R09", "1P6XJ4Y2G00B3R08", ID_NEAR},
    {"two that changed places", "1P6XJ4Y2G00BR308", "1P6XJ4Y2G00B3R08", ID_NEAR},
    {"one that is missing", "1P6XJ4Y2G0B3R08", "1P6XJ4Y2G00B3R08", ID_NEAR},
    {"two that are missing", "1P6XJ4Y2GB3R08", "1P6XJ4Y2G00B3R08", ID_NEAR},
    {"one too many", "1P6XJ4Y2G000B3R08", "1P6XJ4Y2G00B3R08", ID_NEAR},
    {"two that are wrong: another of that second", "1P6XJ4Y2G00B3S09", "1P6XJ4Y2G00B3R08",
     ID_OTHER},
    {"another front end's, the same", "01TEST", "01TEST", ID_SAME},
    {"another front end's, short and wrong", "01TESX", "01TEST", ID_OTHER},
    {"longer than is compared", "000000000000000000000000000000000000000000000000000000000000",
     "1P6XJ4Y2G00B3R08", ID_OTHER},
};

static void compares_ids(void **state)
{
    (void)state;
    UNIT_EACH(const struct compare_row, r, compare_rows) {
        UNIT_EXPECT_INT(id_compare(r->wanted, r->found), r->want);
    }
}

static const struct time_row {
    const char *name;
    const char *id;
    long long want;
} time_rows[] = {
    {"the beginning of 2098 and some", "3NJ1K0S48014SR00", 4039470245},
    {"the first moment", "0000000000000000", 0},
    {"not the filter's", "01TEST", 0},
    {"with a letter that is in none", "3NJ1K0S48014SRU0", 0},
};

static void tells_the_time(void **state)
{
    (void)state;
    UNIT_EACH(const struct time_row, r, time_rows) {
        UNIT_EXPECT_INT(log_id_time_s(r->id), r->want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(cleans_ids), UNIT_TEST(compares_ids),
                                       UNIT_TEST(tells_the_time)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
