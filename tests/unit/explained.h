/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explained.h - a verdict to explain, and clients that say hostile things everywhere
 *
 * PURPOSE  What the tests of the forms of a verdict share. Include it after unit.h.
 * THREADS  none.
 */
#ifndef HELO_TESTS_EXPLAINED_H
#define HELO_TESTS_EXPLAINED_H

#include <jansson.h>

#include "policy/explain.h"

/* ---- a verdict to explain ---- */

struct fixture {
    struct helo_policy *policy;
    struct facts facts;
    struct helo_verdict v;
    char id[129];
    char sender[LIMIT_PATH_TEXT + 1];
    char recipient[LIMIT_PATH_TEXT + 1];
    char auth_user[129];
    char listener_name[129];
};

/* As a session captures what it is told. */
static inline void capture(char *out, size_t size, const char *bytes, size_t length)
{
    (void)text_printable(out, size, bytes, length);
}

/* A client that says the same bytes everywhere. */
static inline void begin(struct fixture *x, const char *client, const char *said, size_t length)
{
    memset(x, 0, sizeof(*x));
    x->policy = policy_create();
    assert_non_null(x->policy);
    facts_init(&x->facts);
    assert_true(ip_parse(client, &x->facts.client));
    if (length > 0)
        helo_name_parse(&x->facts.helo, said, length);
    capture(x->id, sizeof(x->id), said, length);
    capture(x->sender, sizeof(x->sender), said, length);
    capture(x->recipient, sizeof(x->recipient), said, length);
    capture(x->auth_user, sizeof(x->auth_user), said, length);
    capture(x->listener_name, sizeof(x->listener_name), said, length);
    x->v.policy = x->policy;
    x->v.rules = &x->policy->rules;
    x->v.facts = &x->facts;
    x->v.id = x->id;
    x->v.sender = x->sender;
    x->v.recipient = x->recipient;
    x->v.auth_user = x->auth_user;
    x->v.listener_name = x->listener_name;
    (void)verdict_judge(&x->v);
}

static inline void end(struct fixture *x)
{
    helo_policy_unref(x->policy);
}

/* The caller frees it with mem_free(). */
static inline char *explained(const struct helo_verdict *v,
                              void (*explain)(const struct helo_verdict *, struct text *))
{
    struct text out;

    text_init(&out, LIMIT_EXPLAIN_BYTES);
    explain(v, &out);
    return text_take(&out);
}

/* ---- hostile bytes ---- */

#define SAID(bytes) bytes, sizeof(bytes) - 1

static const struct said_row {
    const char *name;
    const char *bytes;
    size_t length;
    const char *printable; /* what people and programs get to see */
} said_rows[] = {
    {"plain", SAID("mail.example.org"), "mail.example.org"},
    {"quotes", SAID("say \"hi\""), "say \"hi\""},
    {"backslash", SAID("a\\b\\"), "a\\\\b\\\\"},
    {"equals and blanks", SAID("a=b c=d"), "a=b c=d"},
    {"controls", SAID("a\tb\x1b[2J\x7f"), "a\\x09b\\x1b[2J\\x7f"},
    {"line break", SAID("a\r\nverdict=accept"), "a\\x0d\\x0averdict=accept"},
    {"nul", SAID("a\0b"), "a\\x00b"},
    {"8-bit", SAID("caf\xe9"), "caf\\xe9"},
    {"utf-8", SAID("\xc3\xa9"), "\\xc3\\xa9"},
    {"broken utf-8", SAID("\xc3\x28\xf0\x9f"), "\\xc3(\\xf0\\x9f"},
    {"format", SAID("%s%n%1$*2$d"), "%s%n%1$*2$d"},
    {"what stands for nothing", SAID("-"), "-"},
    {"braces", SAID("{\"verdict\": {"), "{\"verdict\": {"},
};

static inline void expect_json_text(const json_t *object, const char *name, const char *want)
{
    const char *got = json_string_value(json_object_get(object, name));

    UNIT_EXPECT_TEXT(got, want);
}

#endif /* HELO_TESTS_EXPLAINED_H */
