/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * facts.c - see facts.h
 */
#include "facts/facts.h"

#include <string.h>

#include "name/domain.h"

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
    facts_reset_dns(f);
}

void facts_reset_dns(struct facts *f)
{
    bool from_mta = f->fact[FACT_client_fcrdns].source == SOURCE_MTA;

    for (unsigned i = 0; i < FACT_COUNT; i++) {
        if (f->fact[i].source != SOURCE_MTA)
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

bool facts_is_own_name(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->mta_name_count; i++) {
        if (domain_equal(f->mta_names[i], name))
            return true;
    }
    for (size_t i = 0; f->own != NULL && i < f->own->name_count; i++) {
        if (domain_equal(f->own->names[i], name))
            return true;
    }
    return false;
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
