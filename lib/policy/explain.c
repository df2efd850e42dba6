/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.c - what the three forms of an explanation share
 *
 * PURPOSE  Words for facts, exemptions, outcomes: each is made in one place, so that text, JSON and
 *          log agree.
 * CONTRACT As in explain.h. Nothing here decides anything.
 * THREADS  any.
 */
#include "policy/explain.h"

#include <string.h>

#include "facts/reference.h"
#include "policy/settings.h"

/*
 * "Pending" is what the code calls a question that was never put; a reader wants to know that
 * nobody asked.
 */
static const char *state_words(const struct fact *fact)
{
    if (fact->state != FACT_UNKNOWN)
        return fact_state_text(fact->state);
    return fact->cause == CAUSE_PENDING ? "not waited for" : fact_cause_text(fact->cause);
}

static void add_names(const struct facts *facts, bool with_state, struct text *out)
{
    for (size_t i = 0; i < facts->ptr_count; i++) {
        const struct ptr_name *ptr = &facts->ptr[i];

        text_add(out, i == 0 ? "" : ", ");
        text_add(out, ptr->name);
        if (with_state)
            text_addf(out, " (%s)", state_words(&ptr->confirmed));
    }
    if (facts->ptr_cut)
        text_add(out, ", and more that are not looked at");
}

static void add_client_ptr(const struct facts *facts, struct text *out)
{
    add_names(facts, false, out);
}

static void add_client_fcrdns(const struct facts *facts, struct text *out)
{
    add_names(facts, true, out);
}

static void add_helo_address(const struct facts *facts, struct text *out)
{
    char address[IP_TEXT_SIZE];

    for (size_t i = 0; i < facts->helo_address_count; i++) {
        text_add(out, i == 0 ? "" : ", ");
        text_add(out, ip_format(&facts->helo_addresses[i], address));
    }
    if (facts->helo_alias)
        text_add(out, facts->helo_address_count > 0 ? " (by CNAME)" : "by CNAME");
}

/* The addresses stand at helo_address; here is what makes them match the client, or not. */
static void add_helo_forward(const struct facts *facts, struct text *out)
{
    if (facts->fact[FACT_helo_forward].state != FACT_NO)
        return;
    if (facts->helo_same_net)
        text_add(out, "an address in the client's network");
    else if (facts->helo_address_count > 0 && !facts->helo_family)
        text_add(out, "no address of the client's family");
}

/* Only whether there is one is asked. */
static void add_helo_mx(const struct facts *facts, struct text *out)
{
    (void)facts;
    (void)out;
}

static void add_helo_public(const struct facts *facts, struct text *out)
{
    (void)facts; /* the addresses stand at helo_address */
    (void)out;
}

static void add_helo_mx_bad(const struct facts *facts, struct text *out)
{
    if (facts->fact[FACT_helo_mx_bad].state == FACT_YES)
        text_addf(out, "%s%s", facts->mx_name, facts->mx_listed ? " (on this site's list)" : "");
}

static void add_helo_rhsbl(const struct facts *facts, struct text *out)
{
    char code[IP_TEXT_SIZE];

    if (facts->fact[FACT_helo_rhsbl].state == FACT_YES && facts->ref != NULL)
        text_addf(out, "%s: %s", facts->ref->zones[facts->rhsbl_zone].name,
                  ip_format(&facts->rhsbl_code, code));
}

static void add_client_churn(const struct facts *facts, struct text *out)
{
    if (facts->client_names > 0)
        text_addf(out, "%u, this one among them", facts->client_names);
}

void explain_fact_value(const struct facts *facts, enum fact_id id, struct text *out)
{
    static void (*const add[FACT_COUNT])(const struct facts *, struct text *) = {
#define EXPLAIN_FACT(name, question) [FACT_##name] = add_##name,
        FACT_LIST(EXPLAIN_FACT)
#undef EXPLAIN_FACT
    };

    add[id](facts, out);
}

void explain_site_text(const char *s, struct text *out)
{
    for (; *s != '\0'; s++) {
        unsigned char byte = (unsigned char)*s;

        text_add_bytes(out, byte < 0x20 || byte == 0x7f ? "?" : s, 1);
    }
}

void explain_exemption(const struct exemption *exempt, struct text *out)
{
    text_add(out, exempt_text(exempt->kind));
    if (exempt->entry != NULL) {
        text_add(out, " ");
        explain_entry(exempt->entry, out);
    }
}

void explain_entry(const struct policy_entry *entry, struct text *out)
{
    explain_site_text(entry->text, out);
    /* The default policy's entries stand in no file. */
    if (entry->line == 0)
        return;
    text_add(out, " (");
    explain_site_text(entry->file, out);
    text_addf(out, ":%u)", entry->line);
}

const char *explain_id(const struct helo_verdict *v)
{
    return strcmp(v->id, "-") == 0 ? "" : v->id;
}

const char *explain_ptr(const struct facts *facts)
{
    for (size_t i = 0; i < facts->ptr_count; i++)
        if (facts->ptr[i].confirmed.state == FACT_YES)
            return facts->ptr[i].name;
    return facts->ptr_count > 0 ? facts->ptr[0].name : "";
}

static bool is_doubtful(const struct fact *fact)
{
    return fact->state == FACT_UNKNOWN && fact->cause != CAUSE_PENDING;
}

const char *explain_iprev(const struct facts *facts)
{
    const struct fact *ptr = &facts->fact[FACT_client_ptr];
    const struct fact *confirmed = &facts->fact[FACT_client_fcrdns];

    if (ptr->state == FACT_NO)
        return "permerror";
    if (confirmed->state == FACT_YES)
        return "pass";
    if (confirmed->state == FACT_NO)
        return "fail";
    return is_doubtful(confirmed) || is_doubtful(ptr) ? "temperror" : NULL;
}

void explain_listener(const struct helo_verdict *v, struct text *out)
{
    text_add(out, v->listener_name);
    if (v->listener_port > 0)
        text_addf(out, ":%u", v->listener_port);
}

const char *explain_mode(const struct helo_policy *policy)
{
    return policy->settings.mode == MODE_ENFORCE ? "enforce" : "observe";
}

bool explain_check_ran(const struct helo_verdict *v, enum check_id id)
{
    return v->exempt.kind == EXEMPT_NONE && v->rules->enabled[id] &&
           !(v->skip != NULL && check_row(id)->family == FAMILY_ARGUMENT);
}

const char *explain_reason(const struct check_result *result)
{
    if (result->outcome.kind == OUTCOME_FAIL)
        return reason_row(result->outcome.reason)->name;
    return result->outcome.kind == OUTCOME_UNKNOWN ? fact_cause_text(result->outcome.cause) : NULL;
}
