/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.h - for the files that hold checks: the functions' declarations (from checks.def) and the
 * outcomes' makers
 */
#ifndef HELO_CHECKS_RUN_H
#define HELO_CHECKS_RUN_H

#include "checks/registry.h"

#define CHECK(name, family, needs, corroborating, detail, cite, summary) \
    struct outcome check_##name(const struct facts *f);
#include "checks/checks.def"

static inline struct outcome outcome_none(void)
{
    return (struct outcome){
        .kind = OUTCOME_NONE, .reason = REASON_COUNT, .cause = CAUSE_NONE, .entry = ENTRY_NONE};
}

static inline struct outcome outcome_pass(void)
{
    return (struct outcome){
        .kind = OUTCOME_PASS, .reason = REASON_COUNT, .cause = CAUSE_NONE, .entry = ENTRY_NONE};
}

static inline struct outcome outcome_fail(enum reason_id reason)
{
    return (struct outcome){
        .kind = OUTCOME_FAIL, .reason = reason, .cause = CAUSE_NONE, .entry = ENTRY_NONE};
}

/* By an entry of the site's or of a data file: its tag. */
static inline struct outcome outcome_fail_by(enum reason_id reason, uint32_t entry)
{
    return (struct outcome){
        .kind = OUTCOME_FAIL, .reason = reason, .cause = CAUSE_NONE, .entry = entry};
}

static inline struct outcome outcome_unknown(enum fact_cause cause)
{
    return (struct outcome){
        .kind = OUTCOME_UNKNOWN, .reason = REASON_COUNT, .cause = cause, .entry = ENTRY_NONE};
}

#endif /* HELO_CHECKS_RUN_H */
