/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_manual.c - helo-checks(7) has every check and reason, as the rows have them
 *
 * In the registry's order: a section of the check's name, the standard, and each reason with its
 * default action. And its table of profiles is what they do. Runs in the root of the sources.
 */
#include "unit/profiles.h"

#include <stdlib.h>

#define MANUAL "lib/checks/helo-checks.7.in"

enum { MANUAL_BYTES = 131072, LINE_BYTES = 200 };

static char manual[MANUAL_BYTES];

static int read_manual(void **state)
{
    FILE *file = fopen(MANUAL, "r");

    (void)state;
    if (file == NULL)
        return -1;
    manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
    (void)fclose(file);
    return 0;
}

/* The line, from `from` on and before `end` (NULL: the last); NULL: there is none. */
static const char *find_line(const char *from, const char *end, const char *line)
{
    size_t length = strlen(line);
    const char *at = from;

    while ((at = strstr(at, line)) != NULL && (end == NULL || at < end)) {
        if ((at == manual || at[-1] == '\n') && at[length] == '\n')
            return at;
        at += length;
    }
    return NULL;
}

/* Where the section of this check begins, or NULL. */
static const char *find_section(enum check_id check)
{
    char line[LINE_BYTES];

    (void)snprintf(line, sizeof(line), ".Ss %s", check_row(check)->name);
    return find_line(manual, NULL, line);
}

/* The first line of a section of either kind behind at. */
static const char *end_of_section(const char *at)
{
    const char *sub = strstr(at + 1, "\n.Ss "), *next = strstr(at + 1, "\n.Sh ");

    return sub != NULL && (next == NULL || sub < next) ? sub : next;
}

static void expect_reasons(enum check_id check, const char *section, const char *end)
{
    unsigned found = 0, count = 0;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);
        char line[LINE_BYTES];

        if (row->check != check)
            continue;
        (void)snprintf(line, sizeof(line), ".It Cm %s , Ar %s", row->name,
                       helo_action_text(row->action));
        if (find_line(section, end, line) == NULL)
            UNIT_EXPECT_TEXT("no such line", line);
        count++;
    }
    for (const char *at = section; (at = strstr(at, "\n.It Cm ")) != NULL && at < end; at++)
        found++;
    UNIT_EXPECT_INT(found, count);
}

static void expect_row_of(enum check_id check)
{
    static const char *const items[] = {"Example", "Hit wrongly", "To mend it", "IPv6", "Reasons"};
    const char *section = find_section(check), *end;
    char line[LINE_BYTES];

    if (!UNIT_EXPECT(section != NULL))
        return;
    end = end_of_section(section);
    assert_non_null(end);
    for (size_t i = 0; i < UNIT_COUNT(items); i++) {
        (void)snprintf(line, sizeof(line), ".It %s", items[i]);
        if (find_line(section, end, line) == NULL)
            UNIT_EXPECT_TEXT("no such line", line);
    }
    (void)snprintf(line, sizeof(line), ".It Standard\n%s", check_row(check)->cite);
    if (find_line(section, end, line) == NULL)
        UNIT_EXPECT_TEXT("no such lines", line);
    expect_reasons(check, section, end);
}

static void names_every_check(void **state)
{
    const char *before = manual;

    (void)state;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const char *section = find_section((enum check_id)i);

        unit_now.row = check_row((enum check_id)i)->name;
        expect_row_of((enum check_id)i);
        UNIT_EXPECT(section > before);
        before = section != NULL ? section : before;
    }
    unit_now.row = NULL;
}

/* ---- the table of profiles ------------------------------------------------------------------- */

/* "R+": see the legend below the table. */
static void format_cell(const struct rules *rules, enum check_id check, char out[3])
{
    static const char all[] = {'-', '.', 't', '?', 'D', 'R'},
                      some[] = {'-', '.', 't', '?', 'd', 'r'};
    enum helo_action top = HELO_ACTION_OFF;
    bool same = true, scored = false;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && rules->action[i] > top)
            top = rules->action[i];
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check != check)
            continue;
        same = same && rules->action[i] == top;
        scored = scored || rules->score[i] > 0;
    }
    (void)snprintf(out, 3, "%c%s", same ? all[top] : some[top], scored ? "+" : "");
}

static void tells_what_each_profile_does(void **state)
{
    char rows[CHECK_COUNT][LINE_BYTES];

    (void)state;
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        (void)snprintf(rows[i], LINE_BYTES, "%-16s", check_row((enum check_id)i)->name);
    UNIT_EACH(const struct profile, p, profiles) {
        helo_policy *policy = profile_load(p->name);
        char line[LINE_BYTES];

        (void)snprintf(line, sizeof(line), ".It Cm %s", p->name);
        if (strncmp(p->name, "qpsmtpd", 7) != 0)
            UNIT_EXPECT(find_line(manual, NULL, line) != NULL);
        for (unsigned i = 0; i < CHECK_COUNT; i++) {
            size_t used = strlen(rows[i]);
            char cell[3];

            format_cell(&policy->rules, (enum check_id)i, cell);
            (void)snprintf(rows[i] + used, LINE_BYTES - used, " %-2s", cell);
        }
        helo_policy_unref(policy);
    }
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        unit_now.row = check_row((enum check_id)i)->name;
        while (rows[i][strlen(rows[i]) - 1] == ' ')
            rows[i][strlen(rows[i]) - 1] = '\0';
        if (find_line(manual, NULL, rows[i]) == NULL)
            UNIT_EXPECT_TEXT("no such line", rows[i]);
    }
    unit_now.row = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(names_every_check),
        UNIT_TEST(tells_what_each_profile_does),
    };

    return cmocka_run_group_tests(tests, read_manual, NULL);
}
