/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain_log_json.c - a verdict as one line of JSON, for log.format: json
 *
 * PURPOSE  What explain_log.c says, for machines that read JSON: the same keys, with types.
 * CONTRACT One object, RFC 8259, one line, always the same members in the same order; what is
 *          absent is null. Members may be added at the end, and never change their type. As it
 *          stands in a log (here on several lines), the first four being the daemon's:
 *
 *              {"time": "2026-11-22T05:04:03.217Z", "level": "info", "event": "verdict",
 *               "qid": "4ABC123" or null,
 *               "id": "1P6XJ4Y2G00B3R08", "client": "203.0.113.9", "ptr": "mail.client.example",
 *               "iprev": "pass", "helo": "mail.client.example", "from": "<>",
 *               "to": "c@site.example",
 *               "listener": "mx.site.example:25", "auth": null,
 *               "exempt": null, or {"kind": "network", "entry": "192.0.2.0/24",
 *                                   "file": "milter-helo.yaml", "line": 12},
 *               "failed": [{"check": "own_name", "reason": "claimed", "action": "reject"}],
 *               "unknown": [{"check": "fcrdns", "cause": "timeout"}],
 *               "score": 2.5, "dns_ms": 12, "verdict": "accept", "would": "reject"}
 *
 *          helo is null when none was said, and "" when one without a name was. exempt.kind is
 *          "skip" for an entry of lists.skip, which spares the checks of the argument alone;
 *          entry, file and line are null where no entry is behind it, or none in a file. A check
 *          that failed by a stale answer stands in both lists, in unknown with the cause "stale".
 *          Every other line of a log has "event": "message" and "text" instead of what follows.
 * LIMITS   The caller's builder bounds the length.
 * THREADS  any.
 */
#include "policy/explain.h"
#include "policy/explain_json.h"

static void add_exempt(const struct helo_verdict *v, struct text *out)
{
    const struct policy_entry *entry;
    const char *kind = explain_log_exempt(v, &entry);

    json_key(out, "exempt");
    if (kind == NULL) {
        text_add(out, "null");
        return;
    }
    text_add(out, "{");
    json_text(out, "kind", kind);
    json_text(out, "entry", entry != NULL ? entry->text : NULL);
    json_place(out, entry);
    text_add(out, "}");
}

/* Every check with that outcome; says adds what came of it. */
static void add_checks(const struct helo_verdict *v, const char *key, enum outcome_kind kind,
                       struct text *out)
{
    const char *separator = "";

    json_key(out, key);
    text_add(out, "[");
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &v->result[i];

        if (!explain_log_lists(v, (enum check_id)i, kind))
            continue;
        text_addf(out, "%s{", separator);
        separator = ", ";
        json_text(out, "check", check_row((enum check_id)i)->name);
        if (kind == OUTCOME_FAIL)
            json_text(out, "reason", explain_reason(result));
        json_text(out, kind == OUTCOME_FAIL ? "action" : "cause", explain_log_word(result, kind));
        text_add(out, "}");
    }
    text_add(out, "]");
}

void explain_log_json(const struct helo_verdict *v, struct text *out)
{
    char client[IP_TEXT_SIZE];
    struct text listener;

    text_add(out, "{");
    json_text_or_null(out, "id", explain_id(v));
    json_text_or_null(out, "client", ip_format(&v->facts->client, client));
    json_text_or_null(out, "ptr", explain_ptr(v->facts));
    json_text(out, "iprev", explain_iprev(v->facts));
    json_text(out, "helo", v->facts->helo.kind == HELO_NAME_NONE ? NULL : v->facts->helo.text);
    json_text_or_null(out, "from", v->sender);
    json_text_or_null(out, "to", v->recipient);
    text_init(&listener, out->limit);
    explain_listener(v, &listener);
    json_built(out, "listener", &listener);
    json_text_or_null(out, "auth", v->auth_user);
    add_exempt(v, out);
    add_checks(v, "failed", OUTCOME_FAIL, out);
    add_checks(v, "unknown", OUTCOME_UNKNOWN, out);
    json_score(out, v->score);
    json_number(out, "dns_ms", v->dns_ms);
    json_text(out, "verdict", helo_action_text(v->action));
    json_text(out, "would", helo_action_text(v->would));
    text_add(out, "}");
}
