/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * site_text.c - see site_text.h
 */
#include "policy/site_text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/explain.h"
#include "policy/reason.h"

enum { VALUE_SIZE = REASON_TEXT_SIZE };

/* ---- values: "" for what is not known ---- */

typedef void value_fn(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE]);

static void value_id(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)lead;
    text_copy(out, VALUE_SIZE, explain_id(v));
}

static void value_check(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)v;
    text_copy(out, VALUE_SIZE, check_row(lead)->name);
}

static void value_reason(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    const char *reason = explain_reason(&v->result[lead]);

    text_copy(out, VALUE_SIZE, reason != NULL ? reason : "");
}

static void value_verdict(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)lead;
    text_copy(out, VALUE_SIZE, helo_action_text(v->would));
}

static void value_client(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    char text[IP_TEXT_SIZE];

    (void)lead;
    text_copy(out, VALUE_SIZE, ip_format(&v->facts->client, text));
}

static void value_ptr(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)lead;
    text_copy(out, VALUE_SIZE, explain_ptr(v->facts));
}

/* As much of it as a sentence holds. */
static void value_helo(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)lead;
    if (v->facts->helo.kind == HELO_NAME_NONE)
        out[0] = '\0';
    else
        (void)reason_field(out, "{helo}", v->facts);
}

static void value_from(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)lead;
    text_copy(out, VALUE_SIZE, v->sender);
}

static void value_to(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)lead;
    text_copy(out, VALUE_SIZE, v->recipient);
}

static void value_cite(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    (void)v;
    text_copy(out, VALUE_SIZE, check_row(lead)->cite);
}

static void value_seen(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    reason_seen(out, v->result[lead].outcome.reason, v->facts);
}

static void value_mend(const struct helo_verdict *v, enum check_id lead, char out[VALUE_SIZE])
{
    reason_mend(out, v->result[lead].outcome.reason, v->facts);
}

/* In the order of the manual. */
static const struct {
    const char *name;
    value_fn *fill;
    bool of_reply; /* in texts that stand for our sentences only */
} fields[] = {
    {"id", value_id, false},         {"check", value_check, false},
    {"reason", value_reason, false}, {"verdict", value_verdict, false},
    {"client", value_client, false}, {"ptr", value_ptr, false},
    {"helo", value_helo, false},     {"from", value_from, false},
    {"to", value_to, false},         {"cite", value_cite, false},
    {"seen", value_seen, true},      {"mend", value_mend, true},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };
_Static_assert((int)FIELD_COUNT <= (int)SITE_TEXT_FIELDS, "site_text_fields() has room for all");

/* ---- fields ---- */

static size_t find_field(const char *name, enum site_text_kind kind)
{
    size_t i = 0;

    while (i < FIELD_COUNT &&
           (strcmp(fields[i].name, name) != 0 || (fields[i].of_reply && kind != SITE_TEXT_REPLY)))
        i++;
    return i;
}

/* The sentences of this reason have it: "{fault}". */
static bool is_of_reason(enum reason_id reason, const char *name)
{
    char braced[SITE_TEXT_NAME + 2];

    (void)snprintf(braced, sizeof(braced), "{%s}", name);
    return strstr(reason_row(reason)->seen, braced) != NULL ||
           strstr(reason_row(reason)->mend, braced) != NULL;
}

size_t site_text_fields(enum site_text_kind kind, enum reason_id reason,
                        const char *names[2 * SITE_TEXT_FIELDS])
{
    size_t count = 0;
    const char *name;

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (!fields[i].of_reply || kind == SITE_TEXT_REPLY)
            names[count++] = fields[i].name;
    }
    for (size_t i = 0; kind == SITE_TEXT_REPLY && (name = reason_field_name(i)) != NULL; i++) {
        if (is_of_reason(reason, name) && find_field(name, kind) == FIELD_COUNT)
            names[count++] = name;
    }
    return count;
}

/* The name in braces that s begins with, into name; returns its length with them, or 0. */
static size_t field_at(const char *s, char name[SITE_TEXT_NAME])
{
    size_t length = strspn(s + 1, "abcdefghijklmnopqrstuvwxyz_");

    if (length == 0 || length >= SITE_TEXT_NAME || s[length + 1] != '}')
        return 0;
    memcpy(name, s + 1, length);
    name[length] = '\0';
    return length + 2;
}

/* ---- when the policy is read ---- */

static bool is_mailto(const char *text)
{
    return strncmp(text, "mailto:", 7) == 0;
}

bool site_text_is_url(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0 || is_mailto(text);
}

/* Where values may stand in a URL: behind the host name, or the address of a mailto:. */
static size_t fixed_length(const char *url)
{
    const char *authority = strstr(url, "://");

    if (is_mailto(url) || authority == NULL)
        return strcspn(url, "?");
    return (size_t)(authority + 3 - url) + strcspn(authority + 3, "/?#");
}

const char *site_text_fault(const char *text, enum site_text_kind kind, enum reason_id reason,
                            char field[SITE_TEXT_NAME])
{
    size_t fixed = kind == SITE_TEXT_URL ? fixed_length(text) : 0;

    field[0] = '\0';
    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at, '{')) {
        size_t length = field_at(at, field);

        if (at[1] == '{' && kind != SITE_TEXT_URL) {
            at += 2;
            continue;
        }
        if (length == 0)
            return kind == SITE_TEXT_URL
                       ? "a field is a word in braces, as in {id}; a brace itself is %7B in a URL"
                       : "a field is a word in braces, as in {id}; a brace itself is written {{";
        if (find_field(field, kind) == FIELD_COUNT &&
            (kind != SITE_TEXT_REPLY || !is_of_reason(reason, field)))
            return "a field that is not known";
        field[0] = '\0';
        if ((size_t)(at - text) < fixed)
            return "in a URL, fields stand behind the host name, or behind the '?' of mailto:";
        at += length;
    }
    return NULL;
}

/* ---- when a reply is made ---- */

struct output {
    char *at;
    size_t room; /* with the final NUL */
    bool whole;
};

static void put(struct output *out, const char *s, size_t length)
{
    if (!out->whole || length >= out->room) {
        out->whole = false;
        return;
    }
    memcpy(out->at, s, length);
    out->at += length;
    out->room -= length;
    *out->at = '\0';
}

/* RFC 3986 2.3: what means nothing to a URL. */
static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || text_is_digit(c) ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

static void put_encoded(struct output *out, const char *s)
{
    char encoded[4];

    for (; *s != '\0'; s++) {
        (void)snprintf(encoded, sizeof(encoded), "%%%02X", (unsigned)(unsigned char)*s);
        if (is_unreserved(*s))
            put(out, s, 1);
        else
            put(out, encoded, 3);
    }
}

static void put_value(struct output *out, const struct helo_verdict *v, enum check_id lead,
                      const char *name, enum site_text_kind kind)
{
    size_t field = find_field(name, kind);
    char braced[SITE_TEXT_NAME + 2];
    char value[VALUE_SIZE] = "";

    (void)snprintf(braced, sizeof(braced), "{%s}", name);
    if (field < FIELD_COUNT)
        fields[field].fill(v, lead, value);
    else
        (void)reason_field(value, braced, v->facts);
    if (kind == SITE_TEXT_URL)
        put_encoded(out, value);
    else if (value[0] == '\0' && field < FIELD_COUNT)
        put(out, "-", 1);
    else
        for (const char *s = value; *s != '\0'; s++)
            put(out, s, 1);
}

bool site_text_fill(const struct helo_verdict *v, enum check_id lead, const char *text,
                    enum site_text_kind kind, char *out, size_t size)
{
    struct output output = {out, size, true};
    char name[SITE_TEXT_NAME];

    out[0] = '\0';
    while (*text != '\0' && output.whole) {
        size_t length = *text == '{' && text[1] != '{' ? field_at(text, name) : 0;

        if (length > 0) {
            put_value(&output, v, lead, name, kind);
            text += length;
        } else {
            put(&output, text, 1);
            text += 1 + (text[0] == '{' && text[1] == '{');
        }
    }
    return output.whole;
}
