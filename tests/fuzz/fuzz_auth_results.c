/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_auth_results.c - any bytes as the body of an Authentication-Results field, and as a HELO
 * that gets into ours
 *
 * What must hold: a body that claims to be ours has our name in it, however it is spelled, and one
 * does not that has it nowhere; our own field is 7-bit, folded as it should be, obeys the grammar
 * of RFC 8601 2.2, and is ours.
 */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "policy/verdict.h"

static const char own[] = "mx.site.example";

enum { MAX_BYTES = 8192 };

/* ---- somebody's field ------------------------------------------------------------------------ */

/* The letters of our name are all there, in their order. */
static int is_possible(const char *body)
{
    const char *wanted = own;

    for (; *body != '\0' && *wanted != '\0'; body++)
        wanted += text_lower(*body) == *wanted;
    return *wanted == '\0';
}

static void check_claim(const struct helo_policy *policy, const char *body)
{
    if (helo_policy_owns_auth_results(policy, own, body))
        FUZZ_MUST(is_possible(body));
    FUZZ_MUST(!helo_policy_owns_auth_results(policy, NULL, body));
}

/* ---- our field ------------------------------------------------------------------------------- */

/* A small reader of the grammar, as strict as any. */
static const char *read_blanks(const char *s)
{
    unsigned depth = 0;

    for (; *s == ' ' || *s == '\t' || *s == '\n' || *s == '(' || depth > 0; s++) {
        FUZZ_MUST(*s != '\0');
        FUZZ_MUST(*s != '\n' || s[1] == '\t');
        depth += *s == '(';
        depth -= *s == ')';
        s += *s == '\\';
    }
    return s;
}

static const char *read_value(const char *s)
{
    const char *start = s;

    if (*s != '"') {
        while (*s > ' ' && *s <= '~' && strchr("()<>@,;:\\\"/[]?=", *s) == NULL)
            s++;
        FUZZ_MUST(s > start);
        return s;
    }
    for (s++; *s != '"'; s++) {
        FUZZ_MUST(*s >= ' ' && *s <= '~');
        s += *s == '\\';
    }
    return s + 1;
}

static const char *read_name(const char *s)
{
    const char *start = s;

    while ((*s >= 'a' && *s <= 'z') || *s == '-' || *s == '.')
        s++;
    FUZZ_MUST(s > start);
    return s;
}

/* "; method=result [reason=value] [ptype.property=value]..." */
static const char *read_result(const char *s)
{
    FUZZ_MUST(*s == ';');
    s = read_blanks(s + 1);
    do {
        s = read_name(s);
        FUZZ_MUST(*s == '=');
        s = read_blanks(read_value(s + 1));
    } while (*s != ';' && *s != '\0');
    return s;
}

static void check_field(const char *field)
{
    const char *s = read_blanks(read_value(read_blanks(field)));
    size_t line = sizeof("Authentication-Results: ");
    unsigned results = 0;

    for (; *s != '\0'; results++)
        s = read_result(s);
    FUZZ_MUST(results >= 1 && results <= 2);
    for (s = field; *s != '\0'; s++) {
        line = *s == '\n' ? 0 : line + 1;
        FUZZ_MUST(line <= 998);
    }
}

static void check_own(const struct helo_policy *policy, const char *said, size_t length)
{
    struct facts facts;
    char id[LIMIT_MACRO_TEXT + 1];
    struct helo_verdict v = {.policy = policy,
                             .rules = &policy->rules,
                             .facts = &facts,
                             .id = id,
                             .sender = "",
                             .recipient = "",
                             .auth_user = "",
                             .listener_name = ""};
    char *field = NULL;

    facts_init(&facts);
    (void)ip_parse(length % 2 == 0 ? "203.0.113.9" : "2001:db8::9", &facts.client);
    helo_name_parse(&facts.helo, said, length);
    fact_set(&facts, FACT_client_ptr, FACT_YES, SOURCE_DNS);
    fact_set(&facts, FACT_client_fcrdns, FACT_YES, SOURCE_DNS);
    facts.ptr_count = 1;
    facts.ptr[0].confirmed.state = FACT_YES;
    (void)text_printable(facts.ptr[0].name, sizeof(facts.ptr[0].name), said, length);
    (void)text_printable(id, sizeof(id), said, length);
    (void)verdict_judge(&v);
    FUZZ_MUST(helo_verdict_auth_results(&v, own, &field) == HELO_OK);
    check_field(field);
    FUZZ_MUST(helo_policy_owns_auth_results(policy, own, field));
    helo_free(field);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static helo_policy *policy;
    char body[MAX_BYTES];
    size_t length = size < sizeof(body) - 1 ? size : sizeof(body) - 1;

    if (policy == NULL) {
        FUZZ_MUST(helo_policy_default(&policy) == HELO_OK);
        for (unsigned i = 0; i < REASON_COUNT; i++)
            policy->rules.action[i] = HELO_ACTION_TAG;
    }
    memcpy(body, data, length);
    body[length] = '\0';
    check_claim(policy, body);
    check_own(policy, body, length);
    return 0;
}
