/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain_log.c - a verdict as one line of key=value
 *
 * PURPOSE  What an operator greps and a log reader counts: who, what was said, what failed, what
 *          was answered.
 * CONTRACT Always the same keys in the same order, "-" for what is absent:
 *              id client ptr iprev helo from to listener auth exempt failed unknown score
 *              dns_ms verdict would
 *          failed is CHECK:ACTION,... and unknown is CHECK:CAUSE,... in the order of the registry
 *          (one that failed by a stale answer stands in both, as CHECK:stale in the latter);
 *          exempt is KIND(FILE:LINE), KIND(ENTRY) for an entry that stands in no file, or KIND;
 *          "skip(...)" for an entry of lists.skip, which spares the checks of the argument alone.
 * LIMITS   text_add_logfmt() quotes; the caller's builder bounds the length.
 * THREADS  any.
 */
#include "policy/explain.h"
#include "policy/settings.h"

/* Adds key=value; part is built first, since only the whole value can be quoted. */
static void add_built(struct text *out, const char *key, struct text *part)
{
    text_addf(out, " %s=", key);
    text_add_logfmt(out, part->data == NULL ? "" : part->data);
    out->failed = out->failed || part->failed;
    text_fini(part);
}

static void add_value(struct text *out, const char *key, const char *value)
{
    text_addf(out, " %s=", key);
    text_add_logfmt(out, value);
}

static void add_listener(const struct helo_verdict *v, struct text *out)
{
    struct text part;

    text_init(&part, out->limit);
    explain_listener(v, &part);
    add_built(out, "listener", &part);
}

const char *explain_log_exempt(const struct helo_verdict *v, const struct policy_entry **entry)
{
    bool exempt = v->exempt.kind != EXEMPT_NONE;

    *entry = exempt ? v->exempt.entry : v->skip;
    if (exempt)
        return exempt_text(v->exempt.kind);
    return *entry != NULL ? "skip" : NULL;
}

static void add_exempt(const struct helo_verdict *v, struct text *out)
{
    const struct policy_entry *entry;
    const char *kind = explain_log_exempt(v, &entry);
    struct text part;

    text_init(&part, out->limit);
    if (kind != NULL)
        text_add(&part, kind);
    if (entry != NULL && entry->line > 0)
        text_addf(&part, "(%s:%u)", entry->file, entry->line);
    else if (entry != NULL)
        text_addf(&part, "(%s)", entry->text);
    add_built(out, "exempt", &part);
}

/* DNS could not tell now, whatever it said before: that is worth both lists. */
bool explain_log_lists(const struct helo_verdict *v, enum check_id id, enum outcome_kind kind)
{
    const struct check_result *result = &v->result[id];

    return explain_check_ran(v, id) &&
           (result->outcome.kind == kind || (kind == OUTCOME_UNKNOWN && result->stale));
}

const char *explain_log_word(const struct check_result *result, enum outcome_kind kind)
{
    if (kind == OUTCOME_FAIL)
        return helo_action_text(result->action);
    return result->stale ? fact_source_text(SOURCE_STALE) : explain_reason(result);
}

/* Every check with that outcome, and what came of it. */
static void add_checks(const struct helo_verdict *v, const char *key, enum outcome_kind kind,
                       struct text *out)
{
    struct text part;

    text_init(&part, out->limit);
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!explain_log_lists(v, (enum check_id)i, kind))
            continue;
        text_addf(&part, "%s%s:%s", part.length > 0 ? "," : "", check_row((enum check_id)i)->name,
                  explain_log_word(&v->result[i], kind));
    }
    add_built(out, key, &part);
}

void explain_log(const struct helo_verdict *v, struct text *out)
{
    const char *iprev = explain_iprev(v->facts);
    char client[IP_TEXT_SIZE];
    char score[SETTING_VALUE_SIZE];

    text_add(out, "id=");
    text_add_logfmt(out, explain_id(v));
    add_value(out, "client", ip_format(&v->facts->client, client));
    add_value(out, "ptr", explain_ptr(v->facts));
    add_value(out, "iprev", iprev != NULL ? iprev : "");
    add_value(out, "helo", v->facts->helo.text);
    add_value(out, "from", v->sender);
    add_value(out, "to", v->recipient);
    add_listener(v, out);
    add_value(out, "auth", v->auth_user);
    add_exempt(v, out);
    add_checks(v, "failed", OUTCOME_FAIL, out);
    add_checks(v, "unknown", OUTCOME_UNKNOWN, out);
    add_value(out, "score", score_format(v->score, score));
    text_addf(out, " dns_ms=%lu", v->dns_ms);
    add_value(out, "verdict", helo_action_text(v->action));
    add_value(out, "would", helo_action_text(v->would));
}
