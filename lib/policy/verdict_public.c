/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict_public.c - what helo.h tells of a verdict, piece by piece
 *
 * PURPOSE  helo_verdict_action() and its like: for front ends that count, or that build forms of
 *          their own.
 * THREADS  as the verdict's session.
 */
#include "base/text.h"
#include "policy/exempt.h"
#include "policy/explain.h"
#include "policy/verdict.h"

enum helo_action helo_verdict_action(const helo_verdict *verdict)
{
    return verdict->action;
}

enum helo_action helo_verdict_would(const helo_verdict *verdict)
{
    return verdict->would;
}

int helo_verdict_check(const helo_verdict *verdict, size_t i, struct helo_check_result *out)
{
    const struct check_result *result;

    if (i >= CHECK_COUNT || !explain_check_ran(verdict, (enum check_id)i))
        return 0;
    result = &verdict->result[i];
    *out = (struct helo_check_result){.check = check_row((enum check_id)i)->name,
                                      .outcome = outcome_text(result->outcome.kind),
                                      .reason = explain_reason(result),
                                      .action = result->action,
                                      .score = result->score,
                                      .ground = result->ground};
    return 1;
}

int helo_verdict_exemption(const helo_verdict *verdict, struct helo_exemption *out)
{
    const struct policy_entry *entry = verdict->exempt.entry;

    if (verdict->exempt.kind == EXEMPT_NONE)
        return 0;
    *out = (struct helo_exemption){.kind = exempt_text(verdict->exempt.kind)};
    if (entry == NULL)
        return 1;
    out->entry = entry->text;
    out->note = entry->note;
    if (entry->line > 0) {
        out->file = entry->file;
        out->line = entry->line;
    }
    return 1;
}

const char *helo_exemption_kind(size_t i)
{
    static const enum exempt_kind kinds[] = {
#define EXEMPT_KIND(name, text) EXEMPT_##name,
        EXEMPT_LIST(EXEMPT_KIND)
#undef EXEMPT_KIND
    };

    /* The first is "none", which is no exemption. */
    return i + 1 < sizeof(kinds) / sizeof(kinds[0]) ? exempt_text(kinds[i + 1]) : NULL;
}

enum helo_status helo_verdict_format(const helo_verdict *verdict, enum helo_format format,
                                     char **out)
{
    static void (*const forms[])(const struct helo_verdict *,
                                 struct text *) = {[HELO_FORMAT_TEXT] = explain_text,
                                                   [HELO_FORMAT_JSON] = explain_json,
                                                   [HELO_FORMAT_LOG] = explain_log,
                                                   [HELO_FORMAT_LOG_JSON] = explain_log_json};
    struct text text;
    char *made;

    if ((size_t)format >= sizeof(forms) / sizeof(forms[0]))
        return HELO_INVALID;
    text_init(&text, LIMIT_EXPLAIN_BYTES);
    forms[format](verdict, &text);
    made = text_take(&text);
    if (made == NULL)
        return HELO_NOMEM;
    *out = made;
    return HELO_OK;
}
