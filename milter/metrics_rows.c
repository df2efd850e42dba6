/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_rows.c - every number there is, as one text, see metrics_rows.h
 */
#include "metrics_rows.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "events.h"
#include "metrics_process.h"
#include "metrics_text.h"
#include "sessions.h"

static atomic_llong policy_time;   /* of the one in force, seconds since 1970 */
static atomic_bool policy_refused; /* the last one that was read */

void mh_metrics_note_policy(bool taken)
{
    atomic_store(&policy_refused, !taken);
    if (taken)
        atomic_store(&policy_time, (long long)time(NULL));
}

static void put(struct mh_metrics_text *text, const char *name, const char *help,
                unsigned long long value)
{
    const struct helo_counter row = {
        .name = name, .help = help, .kind = HELO_GAUGE, .value = value};

    mh_metrics_text_row(text, &row);
}

static void put_sessions(struct mh_metrics_text *text)
{
    struct mh_sessions_now now;

    mh_sessions_look(&now);
    put(text, "sessions_open", "connections from the MTA", now.open);
    put(text, "sessions_judged", "of these, those whose client is judged", now.judged);
    put(text, "sessions_limit", "limits.sessions, or what the system allows of it", now.limit);
}

static void put_events(struct mh_metrics_text *text)
{
    static const struct helo_counter rows[MH_EVENTS] = {
#define MH_EVENT_ROW(id, row_name, row_key, row_value, row_help) \
    [MH_EVENT_##id] = {.name = row_name,                         \
                       .help = row_help,                         \
                       .kind = HELO_COUNTER,                     \
                       .labels = {{row_key, row_value}}},
        MH_EVENT_LIST(MH_EVENT_ROW)
#undef MH_EVENT_ROW
    };

    for (size_t i = 0; i < MH_EVENTS; i++) {
        struct helo_counter row = rows[i];

        row.value = mh_event_number((enum mh_event)i);
        mh_metrics_text_row(text, &row);
    }
}

static void put_builds(struct mh_metrics_text *text)
{
    const struct helo_counter row = {
        .name = "build_info",
        .help = "always 1: versions of the filter and of libhelo",
        .kind = HELO_GAUGE,
        .value = 1,
        .labels = {{"version", HELO_VERSION_TEXT}, {"libhelo", helo_version()}}};

    mh_metrics_text_row(text, &row);
}

char *mh_metrics_rows(helo_engine *engine, size_t *length)
{
    char *made = NULL;
    size_t size = 0;
    struct mh_metrics_text text = {.out = open_memstream(&made, &size), .last = ""};
    int failed;

    if (text.out == NULL)
        return NULL;
    put_builds(&text);
    put_sessions(&text);
    helo_engine_counters(engine, mh_metrics_text_row, &text);
    put(&text, "policy_load_timestamp_seconds", "when the policy in force was read",
        (unsigned long long)atomic_load(&policy_time));
    put(&text, "policy_last_reload_successful",
        "0 while the policy file has errors, and the former policy stays in force",
        !atomic_load(&policy_refused));
    put_events(&text);
    mh_metrics_process(&text);
    failed = ferror(text.out);
    if (fclose(text.out) != 0 || failed != 0) {
        free(made);
        return NULL;
    }
    *length = size;
    return made;
}
