/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registry.h - the checks as rows
 *
 * PURPOSE  From checks.def: enums, rows, and the way to run one. A check is a pure function from
 *          facts to an outcome; it never sees DNS, SMTP codes or the policy.
 * CONTRACT An outcome is fail only when the negative fact is established. A check that meets a fact
 *          nobody has asked for yet returns unknown(pending).
 * THREADS  any; all rows are constant.
 */
#ifndef HELO_CHECKS_REGISTRY_H
#define HELO_CHECKS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"
#include "include/helo.h"

enum check_id {
#define CHECK(name, family, needs, corroborating, detail, cite, summary) CHECK_##name,
#include "checks/checks.def"
    CHECK_COUNT
};

enum reason_id {
#define REASON(check, name, action, seen, mend) REASON_##check##_##name,
#include "checks/checks.def"
    REASON_COUNT
};

/* Names appear in logs and JSON. */
#define OUTCOME_LIST(X)                                                      \
    X(NONE, "none")       /* not applicable */                               \
    X(PASS, "pass")       /* the positive fact is established */             \
    X(FAIL, "fail")       /* the negative fact is established, definitely */ \
    X(UNKNOWN, "unknown") /* DNS gave no definite answer */

enum outcome_kind {
#define OUTCOME_ENUM(name, text) OUTCOME_##name,
    OUTCOME_LIST(OUTCOME_ENUM)
#undef OUTCOME_ENUM
};

#define ENTRY_NONE UINT32_MAX

struct outcome {
    enum outcome_kind kind;
    enum reason_id reason; /* of a fail */
    enum fact_cause cause; /* of an unknown */
    uint32_t entry;        /* which of the site's entries made it fail; ENTRY_NONE: none did */
};

enum check_family { FAMILY_ARGUMENT, FAMILY_IDENTITY, FAMILY_DNS };

struct check_row {
    const char *name;
    enum check_family family;
    fact_mask needs;
    bool corroborating;
    const char *detail;
    const char *cite;
    const char *summary;
    struct outcome (*run)(const struct facts *facts);
};

struct reason_row {
    enum check_id check;
    const char *name;
    enum helo_action action; /* default */
    const char *seen;
    const char *mend;
};

extern const struct check_row check_rows[CHECK_COUNT];

static inline const struct check_row *check_row(enum check_id id)
{
    return &check_rows[id];
}
const struct reason_row *reason_row(enum reason_id id);
const char *outcome_text(enum outcome_kind kind);
/* CHECK_COUNT when there is none of that name. */
enum check_id check_find(const char *name);
/* REASON_COUNT when the check has none of that name. */
enum reason_id reason_find(enum check_id check, const char *name);
/* The strongest default action of its reasons. */
enum helo_action check_default_action(enum check_id id);

#endif /* HELO_CHECKS_REGISTRY_H */
