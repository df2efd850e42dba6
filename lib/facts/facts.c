/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * facts.c - see facts.h
 */
#include "facts/facts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "name/domain.h"
#include "name/domain_set.h"

static const char *const names[FACT_COUNT] = {
#define FACT_NAME(name, text) [FACT_##name] = #name,
    FACT_LIST(FACT_NAME)
#undef FACT_NAME
};

static const char *const causes[] = {
#define FACT_CAUSE_TEXT(name, text) [CAUSE_##name] = text,
    FACT_CAUSE_LIST(FACT_CAUSE_TEXT)
#undef FACT_CAUSE_TEXT
};

static const char *const sources[] = {
#define FACT_SOURCE_TEXT(name, text) [SOURCE_##name] = text,
    FACT_SOURCE_LIST(FACT_SOURCE_TEXT)
#undef FACT_SOURCE_TEXT
};

static const char *const states[] = {
    [FACT_UNKNOWN] = "unknown", [FACT_NO] = "no", [FACT_YES] = "yes"};

void facts_init(struct facts *f)
{
    memset(f, 0, sizeof(*f));
    f->wanted = ~(fact_mask)0;
    facts_reset_dns(f);
}

void facts_reset_dns(struct facts *f)
{
    bool from_mta = f->fact[FACT_client_fcrdns].source == SOURCE_MTA;

    for (unsigned i = 0; i < FACT_COUNT; i++) {
        bool kept = f->fact[i].source == SOURCE_MEMORY ||
                    (f->fact[i].source == SOURCE_MTA && (FACTS_OF_CLIENT & 1u << i) != 0);

        if (!kept)
            fact_set_unknown(f, (enum fact_id)i, CAUSE_PENDING, SOURCE_NONE);
    }
    if (!from_mta) {
        f->ptr_count = 0;
        f->ptr_cut = false;
    }
    f->helo_address_count = 0;
    f->helo_family = false;
    f->helo_same_net = false;
    f->helo_alias = false;
    f->mx_name[0] = '\0';
    f->mx_listed = false;
}

void fact_set(struct facts *f, enum fact_id id, enum fact_state state, enum fact_source source)
{
    f->fact[id] = (struct fact){.state = state, .cause = CAUSE_NONE, .source = source};
}

void fact_set_unknown(struct facts *f, enum fact_id id, enum fact_cause cause,
                      enum fact_source source)
{
    f->fact[id] = (struct fact){.state = FACT_UNKNOWN, .cause = cause, .source = source};
}

bool fact_is_open(const struct fact *fact)
{
    return fact->state == FACT_UNKNOWN && fact->cause == CAUSE_PENDING;
}

static unsigned weight(const struct fact *fact)
{
    if (fact->state == FACT_YES)
        return fact->source == SOURCE_STALE ? 2 : 4;
    return fact_is_open(fact) ? 3 : fact->state == FACT_UNKNOWN;
}

void fact_join(struct fact *sum, const struct fact *one)
{
    if (weight(one) > weight(sum))
        *sum = *one;
}

const char *facts_helo_key(const struct facts *f, char out[LIMIT_HELO_TEXT + 1])
{
    char address[IP_TEXT_SIZE];

    if (f->helo.kind == HELO_NAME_DOMAIN)
        return f->helo.domain;
    /* One address has many spellings. */
    if (f->helo.kind == HELO_NAME_LITERAL || f->helo.kind == HELO_NAME_BARE_IP) {
        bool literal = f->helo.kind == HELO_NAME_LITERAL;

        (void)snprintf(out, LIMIT_HELO_TEXT + 1, "%s%s%s%s", literal ? "[" : "",
                       literal && f->helo.address.family == IP_V6 ? "ipv6:" : "",
                       ip_format(&f->helo.address, address), literal ? "]" : "");
        return out;
    }
    text_copy(out, LIMIT_HELO_TEXT + 1, f->helo.text);
    text_lower_all(out);
    return out;
}

bool facts_is_own_name(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->mta_name_count; i++) {
        if (strcmp(f->mta_names[i], name) == 0)
            return true;
    }
    for (size_t i = 0; f->own != NULL && i < f->own->name_count; i++) {
        if (strcmp(f->own->names[i], name) == 0)
            return true;
    }
    return false;
}

const char *facts_own_name_above(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->mta_name_count; i++) {
        if (domain_is_below(name, f->mta_names[i]))
            return f->mta_names[i];
    }
    for (size_t i = 0; f->own != NULL && i < f->own->name_count; i++) {
        if (domain_is_below(name, f->own->names[i]))
            return f->own->names[i];
    }
    return NULL;
}

static bool is_among(const struct ip *list, size_t count, const struct ip *address)
{
    for (size_t i = 0; i < count; i++) {
        if (ip_equal(&list[i], address))
            return true;
    }
    return false;
}

bool facts_is_configured_address(const struct facts *f, const struct ip *address)
{
    return f->own != NULL && is_among(f->own->addresses, f->own->configured_addresses, address);
}

bool facts_is_own_address(const struct facts *f, const struct ip *address)
{
    return is_among(f->mta_addresses, f->mta_address_count, address) ||
           (f->own != NULL && is_among(f->own->addresses, f->own->address_count, address));
}

struct fact facts_no_ptr_name(const struct facts *f)
{
    struct fact none = f->fact[FACT_client_ptr];

    if (none.state != FACT_UNKNOWN && none.source != SOURCE_STALE)
        return (struct fact){.state = FACT_NO, .source = SOURCE_DNS};
    none.state = FACT_UNKNOWN;
    if (none.source == SOURCE_STALE)
        none.source = SOURCE_DNS;
    return none;
}

/* What becomes of names that do not fit says nothing. */
static struct fact rdns_that(const struct facts *f,
                             bool (*fits)(const char *name, const void *wanted), const void *wanted)
{
    struct fact found = facts_no_ptr_name(f);

    for (size_t i = 0; i < f->ptr_count; i++) {
        if (fits(f->ptr[i].name, wanted))
            fact_join(&found, &f->ptr[i].confirmed);
    }
    return found;
}

static bool is_within(const char *name, const void *domain)
{
    return domain_is_within(name, domain);
}

static bool is_of_the_same(const char *name, const void *helo)
{
    const struct helo_name *said = helo;

    return domain_is_of(name, said->domain, helo_organisation(said));
}

static bool is_in_set(const char *name, const void *set)
{
    return domain_set_find(set, name) != NULL;
}

struct fact facts_rdns_within(const struct facts *f, const char *domain)
{
    return rdns_that(f, is_within, domain);
}

struct fact facts_rdns_in_set(const struct facts *f, const struct domain_set *domains)
{
    return rdns_that(f, is_in_set, domains);
}

bool facts_mta_knows_helo(const struct facts *f)
{
    return f->fact[FACT_client_fcrdns].source == SOURCE_MTA &&
           f->fact[FACT_client_fcrdns].state == FACT_YES && f->ptr_count > 0 &&
           f->helo.kind == HELO_NAME_DOMAIN && strcmp(f->ptr[0].name, f->helo.domain) == 0;
}

struct fact facts_helo_confirmed(const struct facts *f)
{
    struct fact confirmed = f->fact[FACT_helo_forward];
    struct fact reverse;

    if (confirmed.state != FACT_YES || confirmed.source == SOURCE_STALE) {
        reverse = rdns_that(f, is_of_the_same, &f->helo);
        fact_join(&confirmed, &reverse);
    }
    return confirmed;
}

bool facts_helo_counts(const struct facts *f)
{
    if (f->helo.kind == HELO_NAME_NONE || f->client.family == IP_NONE)
        return false;
    if (f->helo.kind == HELO_NAME_LITERAL || f->helo.kind == HELO_NAME_BARE_IP)
        return !ip_equal(&f->helo.address, &f->client);
    /* Nobody asks DNS for localhost: it is never a client's own name. */
    return f->helo.kind != HELO_NAME_DOMAIN || domain_is_within(f->helo.domain, "localhost") ||
           facts_helo_confirmed(f).state == FACT_NO;
}

const char *fact_name(enum fact_id id)
{
    return names[id];
}

const char *fact_state_text(enum fact_state state)
{
    return states[state];
}

const char *fact_cause_text(enum fact_cause cause)
{
    return causes[cause];
}

const char *fact_source_text(enum fact_source source)
{
    return sources[source];
}
