/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain_json.c - a verdict as one line of JSON
 *
 * PURPOSE  The form that other programs read. It is documented in helocheck(1) and stable: members
 *          are added, never renamed, and never change their type.
 * CONTRACT One object, RFC 8259, without line breaks. What is absent is null, never "" or "-" (HELO
 *          "" is one that was said with nothing in it). Facts and checks come in the order of their
 *          tables, so that equal verdicts give equal bytes.
 * THREADS  any.
 */
#include <string.h>

#include "policy/explain.h"
#include "policy/explain_json.h"
#include "policy/reason.h"
#include "policy/settings.h"

enum { FILE_SIZE = 1024 }; /* a longer path is cut, and ends in "..." */

void json_key(struct text *out, const char *name)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '{'; /* tells of the comma */

    text_addf(out, "%s\"%s\": ", last == '{' ? "" : ", ", name);
}

void json_text(struct text *out, const char *name, const char *value)
{
    json_key(out, name);
    text_add_json(out, value);
}

void json_text_or_null(struct text *out, const char *name, const char *value)
{
    json_text(out, name, value == NULL || *value == '\0' ? NULL : value);
}

void json_number(struct text *out, const char *name, unsigned long value)
{
    json_key(out, name);
    text_addf(out, "%lu", value);
}

void json_built(struct text *out, const char *name, struct text *part)
{
    json_text_or_null(out, name, part->data);
    out->failed = out->failed || part->failed;
    text_fini(part);
}

void json_score(struct text *out, unsigned score)
{
    char text[SETTING_VALUE_SIZE];

    json_key(out, "score");
    text_add(out, score_format(score, text));
}

void json_place(struct text *out, const struct policy_entry *entry)
{
    char file[FILE_SIZE];

    if (entry == NULL || entry->line == 0) {
        text_add(out, ", \"file\": null, \"line\": null");
        return;
    }
    /* The only text here that may be in no encoding at all. */
    (void)text_printable(file, sizeof(file), entry->file, strlen(entry->file));
    json_text(out, "file", file);
    json_number(out, "line", entry->line);
}

static void add_exempt(const struct exemption *exempt, struct text *out)
{
    const struct policy_entry *entry = exempt->entry;

    json_key(out, "exempt");
    if (exempt->kind == EXEMPT_NONE) {
        text_add(out, "null");
        return;
    }
    text_add(out, "{");
    json_text(out, "kind", exempt_text(exempt->kind));
    json_text(out, "entry", entry == NULL ? NULL : entry->text);
    json_text(out, "note", entry == NULL ? NULL : entry->note);
    json_place(out, entry);
    text_add(out, "}");
}

/* "/regex/ (FILE:LINE)", or null. */
static void add_entry(struct text *out, const char *key, const struct policy_entry *entry)
{
    char place[LIMIT_SETTING_TEXT + 64];
    struct text part;

    if (entry == NULL) {
        json_text(out, key, NULL);
        return;
    }
    text_init(&part, out->limit);
    explain_entry(entry, &part);
    (void)text_printable(place, sizeof(place), part.data != NULL ? part.data : "", part.length);
    json_text(out, key, place);
    out->failed = out->failed || part.failed;
    text_fini(&part);
}

/* "550 5.7.1 first line\nsecond line": the codes once, since every line has the same. */
static void add_reply(const struct helo_verdict *v, struct text *out)
{
    struct helo_reply reply;
    struct text part;

    helo_verdict_reply(v, &reply);
    text_init(&part, out->limit);
    for (size_t i = 0; reply.code != 0 && i < reply.lines; i++) {
        if (i == 0)
            text_addf(&part, "%d %s ", reply.code, reply.enhanced);
        else
            text_add(&part, "\n");
        text_add(&part, reply.line[i]);
    }
    json_built(out, "reply", &part);
}

static void add_grounds(const struct helo_verdict *v, struct text *out)
{
    const char *separator = "";

    json_key(out, "grounds");
    text_add(out, "[");
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!v->result[i].ground)
            continue;
        text_addf(out, "%s\"%s\"", separator, check_row((enum check_id)i)->name);
        separator = ", ";
    }
    text_add(out, "]");
}

static void add_session(const struct helo_verdict *v, struct text *out)
{
    const struct facts *facts = v->facts;
    char client[IP_TEXT_SIZE];
    struct text listener;

    json_text_or_null(out, "id", explain_id(v));
    json_text_or_null(out, "client", ip_format(&facts->client, client));
    json_text_or_null(out, "ptr", explain_ptr(facts));
    json_text(out, "helo", facts->helo.kind == HELO_NAME_NONE ? NULL : facts->helo.text);
    json_text_or_null(out, "from", v->sender);
    json_text_or_null(out, "rcpt", v->recipient);
    json_text_or_null(out, "auth", v->auth_user);
    text_init(&listener, out->limit);
    explain_listener(v, &listener);
    json_built(out, "listener", &listener);
    json_number(out, "dns_questions", v->dns_questions);
    json_number(out, "dns_ms", v->dns_ms);
}

static void add_check(const struct helo_verdict *v, enum check_id id, struct text *out)
{
    const struct check_result *result = &v->result[id];
    char sentence[REASON_TEXT_SIZE];
    bool failed = result->outcome.kind == OUTCOME_FAIL;

    text_add(out, "{");
    json_text(out, "name", check_row(id)->name);
    json_text(out, "outcome", outcome_text(result->outcome.kind));
    json_text(out, "reason", explain_reason(result));
    json_text(out, "text", failed ? reason_seen(sentence, result->outcome.reason, v->facts) : NULL);
    json_text(out, "mend", failed ? reason_mend(sentence, result->outcome.reason, v->facts) : NULL);
    json_text(out, "action", helo_action_text(result->action));
    json_score(out, result->score);
    add_entry(out, "entry", policy_entry_of(v->policy, id, result->outcome.entry));
    text_add(out, "}");
}

static void add_checks(const struct helo_verdict *v, struct text *out)
{
    const char *separator = "";

    json_key(out, "checks");
    text_add(out, "[");
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!explain_check_ran(v, (enum check_id)i))
            continue;
        text_add(out, separator);
        add_check(v, (enum check_id)i, out);
        separator = ", ";
    }
    text_add(out, "]");
}

static void add_fact(const struct facts *facts, enum fact_id id, struct text *out)
{
    const struct fact *fact = &facts->fact[id];
    struct text value;

    text_add(out, "{");
    json_text(out, "name", fact_name(id));
    json_text(out, "state", fact_state_text(fact->state));
    json_text(out, "cause", fact->state == FACT_UNKNOWN ? fact_cause_text(fact->cause) : NULL);
    json_text(out, "source", fact_source_text(fact->source));
    text_init(&value, out->limit);
    explain_fact_value(facts, id, &value);
    json_built(out, "value", &value);
    text_add(out, "}");
}

static void add_facts(const struct facts *facts, struct text *out)
{
    json_key(out, "facts");
    text_add(out, "[");
    for (unsigned i = 0; i < FACT_COUNT; i++) {
        text_add(out, i == 0 ? "" : ", ");
        add_fact(facts, (enum fact_id)i, out);
    }
    text_add(out, "]");
}

void explain_json(const struct helo_verdict *v, struct text *out)
{
    text_add(out, "{");
    json_text(out, "verdict", helo_action_text(v->action));
    json_text(out, "would", helo_action_text(v->would));
    json_text(out, "mode", explain_mode(v->policy));
    add_exempt(&v->exempt, out);
    add_entry(out, "skip", v->skip);
    json_score(out, v->score);
    add_reply(v, out);
    add_grounds(v, out);
    add_session(v, out);
    add_checks(v, out);
    add_facts(v->facts, out);
    text_add(out, "}");
}
