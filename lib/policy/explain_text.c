/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain_text.c - a verdict for people
 *
 * PURPOSE  What was said, what is known and who says so, what each check made of it, and the reply:
 *          the answer to "why was this mail refused", or "would it be".
 * CONTRACT Aligned, COLUMNS wide at most, ends in a newline. Longer text is folded at blanks and
 *          goes on below its own column; a word that is longer than a line is cut there. Not for
 *          programs: explain_json.c is.
 * THREADS  any.
 */
#include <stdio.h>
#include <string.h>

#include "policy/explain.h"
#include "policy/reason.h"
#include "policy/settings.h"

enum {
    COLUMNS = 100,
    LABEL_WIDTH = 10,  /* "listener  " */
    NAME_WIDTH = 18,   /* the longest check, "forward_mismatch" */
    STATE_WIDTH = 20,  /* "unknown(malformed)" */
    SOURCE_WIDTH = 8,  /* "source" */
    OUTCOME_WIDTH = 9, /* "unknown" */
    REASON_WIDTH = 13, /* "unconfirmed" */
    NOTE_INDENT = 4
};

/*
 * Bytes of s that go on a line of `room`: up to the last blank that fits, or all that fits when
 * there is none.
 */
static size_t fold(const char *s, size_t room)
{
    size_t length = strlen(s);
    size_t cut = room;

    if (length <= room)
        return length;
    while (cut > 0 && s[cut] != ' ')
        cut--;
    if (cut > 0)
        return cut;
    /* Not inside a character of UTF-8. */
    for (cut = room; cut > 1 && ((unsigned char)s[cut] & 0xc0) == 0x80; cut--)
        continue;
    return cut;
}

/* Ends the line that has `indent` columns so far; the lines that follow are indented as much. */
static void add_folded(struct text *out, size_t indent, const char *s)
{
    for (;;) {
        size_t length = fold(s, COLUMNS - indent);

        text_add_bytes(out, s, length);
        text_add(out, "\n");
        s += length;
        while (*s == ' ')
            s++;
        if (*s == '\0')
            return;
        text_addf(out, "%*s", (int)indent, "");
    }
}

static void add_line(struct text *out, const char *label, const char *value)
{
    text_addf(out, "%-*s", LABEL_WIDTH, label);
    add_folded(out, LABEL_WIDTH, *value == '\0' ? "-" : value);
}

/* A value that was built; part is used up. */
static void add_built(struct text *out, const char *label, struct text *part)
{
    add_line(out, label, part->data == NULL ? "" : part->data);
    out->failed = out->failed || part->failed;
    text_fini(part);
}

static void add_helo(const struct facts *facts, struct text *out)
{
    if (facts->helo.kind != HELO_NAME_NONE)
        add_line(out, "helo", facts->helo.text[0] == '\0' ? "(nothing)" : facts->helo.text);
    else
        add_line(out, "helo", facts->helo_voided ? "(none since STARTTLS)" : "(none)");
}

static void add_exempt(const struct helo_verdict *v, struct text *out)
{
    bool exempt = v->exempt.kind != EXEMPT_NONE;
    const struct policy_entry *entry = exempt ? v->exempt.entry : v->skip;
    struct text part;

    text_init(&part, out->limit);
    if (exempt) {
        explain_exemption(&v->exempt, &part);
    } else if (entry != NULL) {
        text_add(&part, "only from the checks of the argument alone: ");
        explain_entry(entry, &part);
    }
    if (entry != NULL && entry->note != NULL) {
        text_add(&part, ": ");
        explain_site_text(entry->note, &part);
    }
    add_built(out, "exempt", &part);
}

/* The listener whose rules these are, or NULL. */
static const struct policy_entry *listener_of(const struct helo_verdict *v)
{
    for (size_t i = 0; i < v->policy->listeners.count; i++) {
        if (&v->policy->listener_rules[i].rules == v->rules)
            return v->policy->listener_rules[i].entry;
    }
    return NULL;
}

/* "etc/milter-helo.yaml, profile rfc-safe; rules of listener port 2525 (FILE:12)" */
static void add_policy(const struct helo_verdict *v, struct text *out)
{
    const struct policy_entry *listener = listener_of(v);
    struct text part;

    text_init(&part, out->limit);
    explain_site_text(v->policy->path[0] != '\0' ? v->policy->path : "built-in", &part);
    if (v->policy->profile != NULL) {
        text_add(&part, ", profile ");
        explain_site_text(v->policy->profile, &part);
    }
    if (listener != NULL) {
        text_add(&part, "; rules of listener ");
        explain_entry(listener, &part);
    }
    add_built(out, "policy", &part);
}

static void add_session(const struct helo_verdict *v, struct text *out)
{
    char client[IP_TEXT_SIZE];
    struct text listener;

    if (*explain_id(v) != '\0')
        add_line(out, "id", v->id);
    add_line(out, "client",
             v->facts->client.family == IP_NONE ? "local" : ip_format(&v->facts->client, client));
    add_helo(v->facts, out);
    add_line(out, "from", v->sender);
    add_line(out, "to", v->recipient);
    add_line(out, "auth", v->auth_user);
    text_init(&listener, out->limit);
    explain_listener(v, &listener);
    add_built(out, "listener", &listener);
    add_policy(v, out);
    add_exempt(v, out);
}

/* Returns out. */
static char *state_words(const struct fact *fact, char out[STATE_WIDTH])
{
    if (fact->state != FACT_UNKNOWN)
        (void)text_copy(out, STATE_WIDTH, fact_state_text(fact->state));
    else if (fact->cause == CAUSE_PENDING)
        (void)text_copy(out, STATE_WIDTH, "not asked");
    else
        (void)snprintf(out, STATE_WIDTH, "unknown(%s)", fact_cause_text(fact->cause));
    return out;
}

static void add_fact(const struct facts *facts, enum fact_id id, struct text *out)
{
    const struct fact *fact = &facts->fact[id];
    char state[STATE_WIDTH];
    struct text value;

    text_addf(out, "%-*s%-*s%-*s", NAME_WIDTH, fact_name(id), STATE_WIDTH, state_words(fact, state),
              SOURCE_WIDTH, fact->source == SOURCE_NONE ? "-" : fact_source_text(fact->source));
    text_init(&value, out->limit);
    explain_fact_value(facts, id, &value);
    add_folded(out, NAME_WIDTH + STATE_WIDTH + SOURCE_WIDTH, value.length > 0 ? value.data : "-");
    out->failed = out->failed || value.failed;
    text_fini(&value);
}

static void add_facts(const struct facts *facts, struct text *out)
{
    text_addf(out, "\n%-*s%-*s%-*s%s\n", NAME_WIDTH, "FACT", STATE_WIDTH, "STATE", SOURCE_WIDTH,
              "SOURCE", "VALUE");
    for (unsigned i = 0; i < FACT_COUNT; i++)
        add_fact(facts, (enum fact_id)i, out);
}

static void add_note(struct text *out, const char *note)
{
    text_addf(out, "%*s", NOTE_INDENT, "");
    add_folded(out, NOTE_INDENT, note);
}

/* What is said of a fail, below its line. */
static void add_fail(const struct helo_verdict *v, enum check_id id, struct text *out)
{
    const struct check_result *result = &v->result[id];
    const struct policy_entry *entry = policy_entry_of(v->policy, id, result->outcome.entry);
    char seen[REASON_TEXT_SIZE];
    struct text part;

    add_note(out, reason_seen(seen, result->outcome.reason, v->facts));
    if (entry != NULL) {
        text_init(&part, out->limit);
        text_add(&part, "by ");
        explain_entry(entry, &part);
        add_note(out, part.data != NULL ? part.data : "");
        out->failed = out->failed || part.failed;
        text_fini(&part);
    }
    if (result->stale)
        add_note(out, "(by what DNS said before, since it does not answer now: never refused for "
                      "that, RFC 8767)");
    /* Strong enough, and yet no ground: the reader wonders why. */
    else if (result->action >= HELO_ACTION_DEFER && !result->ground)
        add_note(out, "(does not count alone: RFC 5321 4.1.4)");
}

static void add_check(const struct helo_verdict *v, enum check_id id, struct text *out)
{
    const struct check_result *result = &v->result[id];
    const char *reason = explain_reason(result);
    char score[SETTING_VALUE_SIZE];

    text_addf(out, "%-*s%-*s%-*s%s%s%s\n", NAME_WIDTH, check_row(id)->name, OUTCOME_WIDTH,
              outcome_text(result->outcome.kind), REASON_WIDTH, reason == NULL ? "-" : reason,
              helo_action_text(result->action), result->score > 0 ? ", score " : "",
              result->score > 0 ? score_format(result->score, score) : "");
    if (result->outcome.kind == OUTCOME_FAIL)
        add_fail(v, id, out);
}

static void add_checks(const struct helo_verdict *v, struct text *out)
{
    if (v->exempt.kind != EXEMPT_NONE) {
        text_add(out, "\nno check was run: exempt\n");
        return;
    }
    text_addf(out, "\n%-*s%-*s%-*s%s\n", NAME_WIDTH, "CHECK", OUTCOME_WIDTH, "OUTCOME",
              REASON_WIDTH, "REASON", "ACTION");
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (explain_check_ran(v, (enum check_id)i))
            add_check(v, (enum check_id)i, out);
}

/* "reject: own_name, own_ip" */
static void add_would(const struct helo_verdict *v, struct text *out)
{
    const char *separator = ": ";
    struct text part;

    text_init(&part, out->limit);
    text_add(&part, helo_action_text(v->would));
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!v->result[i].ground)
            continue;
        text_addf(&part, "%s%s", separator, check_row((enum check_id)i)->name);
        separator = ", ";
    }
    add_built(out, "would", &part);
    if (v->softened)
        add_note(out, "(not refused: DNS could not tell whether an exemption holds)");
}

static unsigned sum_of_parts(const struct helo_verdict *v)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < CHECK_COUNT; i++)
        sum += v->result[i].score;
    return sum;
}

/* Only for a site that counts scores. */
static void add_score(const struct helo_verdict *v, struct text *out)
{
    char sum[SETTING_VALUE_SIZE], defer[SETTING_VALUE_SIZE], reject[SETTING_VALUE_SIZE];
    struct text part;

    if (v->rules->score_defer == 0 && v->rules->score_reject == 0)
        return;
    text_init(&part, out->limit);
    text_addf(&part, "%s (defer at %s, reject at %s)", score_format(v->score, sum),
              v->rules->score_defer > 0 ? score_format(v->rules->score_defer, defer) : "none",
              v->rules->score_reject > 0 ? score_format(v->rules->score_reject, reject) : "none");
    add_built(out, "score", &part);
    if (sum_of_parts(v) > v->score)
        add_note(out, "(what compares name and address counts for as much as all others together, "
                      "at most: RFC 5321 4.1.4; what is not definite counts for nothing)");
}

/* As on the wire: "550-5.7.1 ..." on every line but the last (RFC 5321 4.2.1). */
static void add_reply(const struct helo_verdict *v, struct text *out)
{
    struct helo_reply reply;
    char line[HELO_REPLY_LINE_BYTES + sizeof(reply.enhanced) + sizeof("550- ")];

    helo_verdict_reply(v, &reply);
    for (size_t i = 0; reply.code != 0 && i < reply.lines; i++) {
        (void)snprintf(line, sizeof(line), "%d%c%s %s", reply.code, i + 1 < reply.lines ? '-' : ' ',
                       reply.enhanced, reply.line[i]);
        add_line(out, i == 0 ? "reply" : "", line);
    }
}

void explain_text(const struct helo_verdict *v, struct text *out)
{
    add_session(v, out);
    add_facts(v->facts, out);
    add_checks(v, out);
    text_addf(out, "\n%-*s%s (mode: %s)\n", LABEL_WIDTH, "verdict", helo_action_text(v->action),
              explain_mode(v->policy));
    add_score(v, out);
    add_would(v, out);
    add_reply(v, out);
}
