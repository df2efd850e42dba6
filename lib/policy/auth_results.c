/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * auth_results.c - a verdict as an Authentication-Results field, and who such a field claims to be
 * from
 *
 * PURPOSE  helo_policy_tags(), helo_verdict_auth_results(), helo_policy_owns_auth_results().
 * CONTRACT What is written is 7-bit and obeys the grammar whatever a client or its DNS said:
 *          foreign text stands in quoted strings and comments alone, escaped. A line is folded
 *          before column 78 where it has a blank, and never has 998 characters: HELO is bounded
 *          when captured.
 *          Who was exempt has no results: the text is empty.
 *          A field is ours when its authserv-id is, whatever follows; for that the reader is
 *          lenient, since those who believe such a field may be.
 *
 *              mx.site.example;
 *                  iprev=pass policy.iprev=203.0.113.9 (mail.client.example);
 *                  x-helo=fail reason="special_tld,no_address" smtp.helo=mail.client.lan
 *                  policy.score=2.5 (id=1P6XJ4Y2G00B3R08)
 *
 *          x-helo looks at the checks whose action is `tag` or stronger, since those are what the
 *          site wants to be told of: fail when one failed, and reason names those that did; else
 *          temperror when DNS could not tell of one; else pass when one passed; else none.
 * STANDARDS RFC 8601 2.2 (grammar), 2.7.3 (iprev), 5 (forged fields); RFC 2045 5.1 (token), RFC
 *           5322 2.1.1 and 3.2 (lines, comments, quoted strings).
 */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"
#include "policy/explain.h"
#include "policy/verdict.h"

enum {
    FOLD_COLUMN = 78,  /* RFC 5322 2.1.1 */
    NAME_COLUMNS = 24, /* "Authentication-Results: " */
    TAB_COLUMNS = 8
};

static bool is_printable(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

/* RFC 2045 5.1: what may stand without quotes. */
static bool is_token_character(char c)
{
    return is_printable(c) && c != ' ' && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

/* ---- who we are ------------------------------------------------------------------------------ */

static bool is_usable(const char *id)
{
    size_t length = id != NULL ? strlen(id) : 0;

    for (size_t i = 0; i < length; i++) {
        if (!is_printable(id[i]))
            return false;
    }
    return length > 0 && length <= LIMIT_NAME_CHARS;
}

/* NULL when there is none. */
static const char *authserv_id(const struct helo_policy *policy, const char *server_name)
{
    if (is_usable(policy->settings.headers_authserv_id))
        return policy->settings.headers_authserv_id;
    return is_usable(server_name) && domain_is_host_name(server_name, true) ? server_name : NULL;
}

int helo_policy_tags(const helo_policy *policy)
{
    return policy_tags(policy);
}

/* ---- words and lines ------------------------------------------------------------------------- */

struct field {
    struct text *out;
    size_t column;
    bool has_words; /* on this line */
};

/* A word, or several that must not be parted. */
static void add_word(struct field *f, const char *word)
{
    size_t length = strlen(word);

    if (f->has_words && f->column + 1 + length > FOLD_COLUMN) {
        text_add(f->out, "\n\t");
        f->column = TAB_COLUMNS;
    } else if (f->has_words) {
        text_add(f->out, " ");
        f->column++;
    }
    text_add(f->out, word);
    f->column += length;
    f->has_words = true;
}

/* Takes the word over. */
static void add_built(struct field *f, struct text *word)
{
    add_word(f, word->data != NULL ? word->data : "");
    f->out->failed = f->out->failed || word->failed;
    text_fini(word);
}

/* Ends a line, so that each method begins one. */
static void end_line(struct field *f)
{
    text_add(f->out, ";\n\t");
    f->column = TAB_COLUMNS;
    f->has_words = false;
}

static void add_escaped(struct text *word, const char *s, const char *special)
{
    for (; *s != '\0'; s++) {
        char c = is_printable(*s) ? *s : '?';

        if (strchr(special, c) != NULL)
            text_add(word, "\\");
        text_add_bytes(word, &c, 1);
    }
}

static void add_value(struct text *word, const char *value)
{
    bool is_token = value[0] != '\0';

    for (const char *s = value; *s != '\0'; s++)
        is_token = is_token && is_token_character(*s);
    if (is_token) {
        text_add(word, value);
        return;
    }
    text_add(word, "\"");
    add_escaped(word, value, "\"\\");
    text_add(word, "\"");
}

static void add_property(struct field *f, const char *name, const char *value)
{
    struct text word;

    text_init(&word, f->out->limit);
    text_add(&word, name);
    text_add(&word, "=");
    add_value(&word, value);
    add_built(f, &word);
}

static void add_comment(struct field *f, const char *label, const char *comment)
{
    struct text word;

    text_init(&word, f->out->limit);
    text_addf(&word, "(%s", label);
    add_escaped(&word, comment, "()\\");
    text_add(&word, ")");
    add_built(f, &word);
}

/* ---- iprev ----------------------------------------------------------------------------------- */

static void add_iprev(const struct facts *facts, struct field *f)
{
    const char *result = explain_iprev(facts);
    char client[IP_TEXT_SIZE];

    if (result == NULL)
        return;
    end_line(f);
    add_property(f, "iprev", result);
    add_property(f, "policy.iprev", ip_format(&facts->client, client));
    if (facts->fact[FACT_client_fcrdns].state == FACT_YES && explain_ptr(facts)[0] != '\0')
        add_comment(f, "", explain_ptr(facts));
}

/* ---- x-helo ---------------------------------------------------------------------------------- */

static bool is_tagging(const struct rules *rules, enum check_id check)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && rules->action[i] >= HELO_ACTION_TAG)
            return true;
    }
    return false;
}

struct helo_results {
    bool failed, doubtful, passed;
    struct text names; /* of those that failed */
};

static void note_result(const struct helo_verdict *v, enum check_id check, struct helo_results *r)
{
    const struct check_result *result = &v->result[check];
    const struct outcome *outcome = &result->outcome;

    if (!explain_check_ran(v, check) || !is_tagging(v->rules, check))
        return;
    r->passed = r->passed || outcome->kind == OUTCOME_PASS;
    r->doubtful =
        r->doubtful || (outcome->kind == OUTCOME_UNKNOWN && outcome->cause != CAUSE_PENDING);
    if (outcome->kind != OUTCOME_FAIL || result->action < HELO_ACTION_TAG)
        return;
    r->failed = true;
    text_addf(&r->names, "%s%s", r->names.length > 0 ? "," : "", check_row(check)->name);
}

static void add_helo(const struct helo_verdict *v, struct field *f)
{
    struct helo_results r = {0};
    char score[SETTING_VALUE_SIZE];

    text_init(&r.names, f->out->limit);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        note_result(v, (enum check_id)i, &r);
    end_line(f);
    add_property(f, "x-helo",
                 r.failed     ? "fail"
                 : r.doubtful ? "temperror"
                 : r.passed   ? "pass"
                              : "none");
    if (r.failed)
        add_property(f, "reason", r.names.data != NULL ? r.names.data : "");
    f->out->failed = f->out->failed || r.names.failed;
    text_fini(&r.names);
    if (v->facts->helo.kind != HELO_NAME_NONE)
        add_property(f, "smtp.helo", v->facts->helo.text);
    if (v->score > 0)
        add_property(f, "policy.score", score_format(v->score, score));
    if (explain_id(v)[0] != '\0')
        add_comment(f, "id=", explain_id(v));
}

enum helo_status helo_verdict_auth_results(const helo_verdict *verdict, const char *server_name,
                                           char **out)
{
    const char *id = authserv_id(verdict->policy, server_name);
    struct text text, word;
    struct field field = {.out = &text, .column = NAME_COLUMNS};
    char *made;

    if (id == NULL)
        return HELO_INVALID;
    text_init(&text, LIMIT_EXPLAIN_BYTES);
    if (verdict->exempt.kind == EXEMPT_NONE) {
        text_init(&word, text.limit);
        add_value(&word, id);
        add_built(&field, &word);
        add_iprev(verdict->facts, &field);
        add_helo(verdict, &field);
    }
    made = text_take(&text);
    if (made == NULL)
        return HELO_NOMEM;
    *out = made;
    return HELO_OK;
}

/* ---- whose a field is ------------------------------------------------------------------------ */

/* White space, and whatever a reader might take for it or pass over. */
static bool is_blank(char c)
{
    return c == ' ' || !is_printable(c);
}

/*
 * Behind blanks and comments. A comment without its end takes in all the rest. escapes: a backslash
 * in a comment quotes what follows, as it should; not every reader knows.
 */
static const char *skip_cfws(const char *s, bool escapes)
{
    unsigned depth = 0;

    for (; *s != '\0' && (depth > 0 || is_blank(*s) || *s == '('); s++) {
        if (depth > 0 && escapes && s[0] == '\\' && s[1] != '\0')
            s++;
        else if (*s == '(')
            depth++;
        else if (*s == ')')
            depth--;
    }
    return s;
}

/* The value that s begins with; false when there is none, or one longer than any of ours. */
static bool read_value(const char *s, char out[LIMIT_NAME_CHARS + 2])
{
    bool quoted = *s == '"';
    size_t length = 0;

    for (s += quoted; quoted ? *s != '"' && *s != '\0' : is_token_character(*s); s++) {
        if (quoted && s[0] == '\\' && s[1] != '\0')
            s++;
        if (length > LIMIT_NAME_CHARS)
            return false;
        out[length++] = *s;
    }
    out[length] = '\0';
    return length > 0;
}

/* The same, in any case, with or without a dot at the end, and with blanks around it. */
static bool is_same(const char *a, const char *b)
{
    size_t a_length, b_length;

    while (is_blank(*a) && *a != '\0')
        a++;
    a_length = strlen(a);
    b_length = strlen(b);
    while (a_length > 0 && is_blank(a[a_length - 1]))
        a_length--;
    a_length -= a_length > 0 && a[a_length - 1] == '.';
    b_length -= b_length > 0 && b[b_length - 1] == '.';
    if (a_length != b_length)
        return false;
    for (size_t i = 0; i < a_length; i++) {
        if (text_lower(a[i]) != text_lower(b[i]))
            return false;
    }
    return true;
}

static bool claims(const char *body, const char *id, bool escapes)
{
    char value[LIMIT_NAME_CHARS + 2];

    return read_value(skip_cfws(body, escapes), value) && is_same(value, id);
}

int helo_policy_owns_auth_results(const helo_policy *policy, const char *server_name,
                                  const char *body)
{
    const char *id = authserv_id(policy, server_name);

    return id != NULL && (claims(body, id, true) || claims(body, id, false));
}
