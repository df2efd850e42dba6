/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * events.h - what the filter itself counts
 *
 * PURPOSE  The engine counts sessions, verdicts and DNS (helo_engine_counters()); here is what only
 *          the filter knows. One row per number, from which the metrics come.
 * CONTRACT Numbers only grow. Rows of one name stand together.
 * THREADS  any; no locks.
 */
#ifndef MH_EVENTS_H
#define MH_EVENTS_H

/* id, name, label's key and value, what is counted */
#define MH_EVENT_LIST(X)                                                                         \
    X(PAST_LIMIT, "sessions_unjudged", "reason", "limit",                                        \
      "clients that were not judged: past limits.sessions, or for an error")                     \
    X(FAILED_OPEN, "sessions_unjudged", "reason", "error",                                       \
      "clients that were not judged: past limits.sessions, or for an error")                     \
    X(POKED, "pool_pokes", "result", "ok",                                                       \
      "connections to the own socket that wake libmilter's pool: one a second, and before each " \
      "wait")                                                                                    \
    X(POKE_FAILED, "pool_pokes", "result", "failed",                                             \
      "connections to the own socket that wake libmilter's pool: one a second, and before each " \
      "wait")                                                                                    \
    X(LOG_LEFT_OUT, "log_lines_left_out", NULL, NULL, "decisions not logged, past log.rate")     \
    X(LOG_FAILED, "log_lines_failed", NULL, NULL, "lines of the log that could not be written")  \
    X(RELOADED, "policy_reloads", "result", "ok", "times that the policy was read again")        \
    X(RELOAD_FAILED, "policy_reloads", "result", "failed", "times that the policy was read again")

enum mh_event {
#define MH_EVENT_ENUM(id, name, key, value, help) MH_EVENT_##id,
    MH_EVENT_LIST(MH_EVENT_ENUM)
#undef MH_EVENT_ENUM
        MH_EVENTS
};

void mh_event_count(enum mh_event event);
unsigned long long mh_event_number(enum mh_event event);

#endif /* MH_EVENTS_H */
