/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - see report.h
 */
#include "tools/replay/report.h"

#include <stdlib.h>

enum { DAY_S = 86400 };

static int sort_senders(struct report_senders *list, const char *key, const struct senders *table)
{
    *list = (struct report_senders){.key = key, .table = table, .rows = senders_sort(table)};
    return table->count == 0 || list->rows != NULL;
}

int report_make(struct report *report, long long now_s)
{
    const struct tally *tally = report->tally;
    const struct senders *const tables[] = {[REPORT_LOST] = &tally->lost,
                                            [REPORT_KEPT_OUT] = &tally->kept_out,
                                            [REPORT_STRICTER] = &tally->stricter,
                                            [REPORT_MILDER] = &tally->milder};
    static const char *const keys[] = {
#define REPORT_LIST_KEY(name, key) key,
        REPORT_LISTS(REPORT_LIST_KEY)
#undef REPORT_LIST_KEY
    };
    long long end = report->coverage->last_s;
    int done = 1;

    for (size_t i = 0; i < REPORT_LIST_COUNT; i++)
        done = sort_senders(&report->list[i], keys[i], tables[i]) && done;
    report->expires_s = (end > now_s ? end : now_s) + (long long)EXEMPTION_DAYS * DAY_S;
    report->timeline = tally->timeline;
    timeline_coarsen(&report->timeline, REPORT_BARS);
    report_find_remarks(report);
    return done;
}

void report_fini(struct report *report)
{
    for (size_t i = 0; i < REPORT_LIST_COUNT; i++)
        free(report->list[i].rows);
}

unsigned long long report_judged(const struct report *report)
{
    return report->tally->all.mails - report->tally->fate[FATE_UNJUDGED].mails;
}

unsigned long long report_lost(const struct report *report, enum fate fate)
{
    return slice_came_in(&report->tally->fate[fate]);
}
