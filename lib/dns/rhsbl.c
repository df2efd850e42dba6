/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rhsbl.c - see rhsbl.h
 */
#include "dns/rhsbl.h"

#include <string.h>

#include "base/text.h"
#include "name/domain.h"

bool rhsbl_applies(const struct facts *f)
{
    return f->helo.kind == HELO_NAME_DOMAIN && f->ref != NULL && f->ref->zone_count > 0;
}

unsigned rhsbl_domains(const struct facts *f, const char *out[RHSBL_DOMAINS])
{
    const char *domain = f->helo.domain;
    const char *organisation;

    /* No list has one label, but for those it must have as a test (RFC 5782 5): a client that says
     * "test" is not listed. */
    if (domain_labels(domain) < 2 || domain_is_within(domain, "localhost"))
        return 0;
    out[0] = domain;
    organisation = helo_organisation(&f->helo);
    if (organisation == NULL || strcmp(organisation, domain) == 0)
        return 1;
    out[1] = organisation;
    return 2;
}

bool rhsbl_question_name(const char *domain, const struct rhsbl_zone *zone,
                         char out[LIMIT_NAME_CHARS + 1])
{
    size_t length = strlen(domain);

    if (length + 1 + strlen(zone->name) > LIMIT_NAME_CHARS)
        return false;
    memcpy(out, domain, length);
    out[length] = '.';
    return text_copy(out + length + 1, LIMIT_NAME_CHARS - length, zone->name);
}

static enum rhsbl_meaning meaning_of(const struct rhsbl_zone *zone, const struct ip *address)
{
    static const struct ip loopback = {.family = IP_V4, .bytes = {127}};
    static const struct ip errors = {.family = IP_V4, .bytes = {127, 255, 255}};

    if (!ip_same_prefix(address, &loopback, 8))
        return RHSBL_FOREIGN;
    if (ip_same_prefix(address, &errors, 24))
        return RHSBL_REFUSED;
    for (size_t i = 0; i < zone->code_count; i++) {
        if (ip_range_contains(&zone->codes[i], address))
            return RHSBL_LISTED;
    }
    return RHSBL_OTHER;
}

enum rhsbl_meaning rhsbl_read(const struct rhsbl_zone *zone, const struct dns_answer *answer,
                              struct ip *code)
{
    enum rhsbl_meaning most = RHSBL_ABSENT;

    if (answer == NULL || !dns_status_is_definite(answer->status))
        return RHSBL_UNKNOWN;
    for (size_t i = 0; i < answer->address_count; i++) {
        enum rhsbl_meaning meaning = meaning_of(zone, &answer->addresses[i]);

        if (meaning <= most)
            continue;
        most = meaning;
        *code = answer->addresses[i];
    }
    return most;
}
