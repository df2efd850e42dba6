/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registry.c - the rows of checks.def as tables, and the ways to find one
 */
#include "checks/registry.h"

#include <pthread.h>
#include <string.h>

#include "checks/run.h"

const struct check_row check_rows[CHECK_COUNT] = {
#define CHECK(name, family, needs, corroborating, detail, cite, summary)          \
    [CHECK_##name] = {#name, FAMILY_##family, needs,       corroborating, detail, \
                      cite,  summary,         check_##name},
#include "checks/checks.def"
};

static const struct reason_row reason_rows[REASON_COUNT] = {
#define REASON(check, name, action, seen, mend) \
    [REASON_##check##_##name] = {CHECK_##check, #name, HELO_ACTION_##action, seen, mend},
#include "checks/checks.def"
};

static const char *const outcome_names[] = {
#define OUTCOME_NAME(name, text) [OUTCOME_##name] = text,
    OUTCOME_LIST(OUTCOME_NAME)
#undef OUTCOME_NAME
};

const struct reason_row *reason_row(enum reason_id id)
{
    return &reason_rows[id];
}

const char *outcome_text(enum outcome_kind kind)
{
    return outcome_names[kind];
}

enum check_id check_find(const char *name)
{
    unsigned i = 0;

    while (i < CHECK_COUNT && strcmp(check_rows[i].name, name) != 0)
        i++;
    return (enum check_id)i;
}

enum reason_id reason_find(enum check_id check, const char *name)
{
    unsigned i = 0;

    while (i < REASON_COUNT &&
           (reason_rows[i].check != check || strcmp(reason_rows[i].name, name) != 0))
        i++;
    return (enum reason_id)i;
}

enum helo_action check_default_action(enum check_id id)
{
    enum helo_action strongest = HELO_ACTION_OFF;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_rows[i].check == id && reason_rows[i].action > strongest)
            strongest = reason_rows[i].action;
    }
    return strongest;
}

/* ---- helo.h: the registry as others see it --------------------------------------------------- */

static const char *const action_names[] = {
    [HELO_ACTION_OFF] = "off",     [HELO_ACTION_OBSERVE] = "observe",
    [HELO_ACTION_TAG] = "tag",     [HELO_ACTION_ACCEPT] = "accept",
    [HELO_ACTION_DEFER] = "defer", [HELO_ACTION_REJECT] = "reject",
};

const char *helo_action_text(enum helo_action action)
{
    return (size_t)action < sizeof(action_names) / sizeof(action_names[0]) ? action_names[action]
                                                                           : "unknown";
}

static struct helo_check_info infos[CHECK_COUNT];
static struct helo_reason_info reason_infos[REASON_COUNT];
static pthread_once_t infos_once = PTHREAD_ONCE_INIT;

static void make_infos(void)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = &reason_rows[i];

        reason_infos[i] = (struct helo_reason_info){.check = check_rows[row->check].name,
                                                    .name = row->name,
                                                    .action = row->action,
                                                    .seen = row->seen,
                                                    .mend = row->mend};
    }
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = &check_rows[i];

        infos[i] = (struct helo_check_info){.name = row->name,
                                            .summary = row->summary,
                                            .cite = row->cite,
                                            .action = check_default_action((enum check_id)i),
                                            .corroborating = row->corroborating};
    }
}

const struct helo_check_info *helo_check_info(size_t i)
{
    pthread_once(&infos_once, make_infos);
    return i < CHECK_COUNT ? &infos[i] : NULL;
}

const struct helo_reason_info *helo_reason_info(size_t i)
{
    pthread_once(&infos_once, make_infos);
    return i < REASON_COUNT ? &reason_infos[i] : NULL;
}
