/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * argument.c - checks that look at the argument of HELO, and at the client's address, alone
 *
 * PURPOSE  no_helo, syntax, underscore, not_fqdn, bare_ip, literal_syntax, literal_mismatch,
 *          localhost, special_tld, listed.
 * CONTRACT Pure; no look-up is ever needed.
 * STANDARDS RFC 5321 2.3.5, 4.1.1.1, 4.1.3; RFC 6761 6.3; RFC 3207 4.2.
 */
#include <string.h>

#include "checks/run.h"
#include "facts/reference.h"
#include "name/domain.h"

struct outcome check_no_helo(const struct facts *f)
{
    if (f->helo.kind != HELO_NAME_NONE)
        return outcome_pass();
    return outcome_fail(f->helo_voided ? REASON_no_helo_voided : REASON_no_helo_missing);
}

struct outcome check_syntax(const struct facts *f)
{
    if (f->helo.kind == HELO_NAME_NONE || f->helo.kind == HELO_NAME_BAD_LITERAL)
        return outcome_none();
    return f->helo.kind == HELO_NAME_BAD ? outcome_fail(REASON_syntax_malformed) : outcome_pass();
}

struct outcome check_underscore(const struct facts *f)
{
    if (f->helo.kind != HELO_NAME_DOMAIN)
        return outcome_none();
    return f->helo.underscore ? outcome_fail(REASON_underscore_underscore) : outcome_pass();
}

struct outcome check_not_fqdn(const struct facts *f)
{
    if (f->helo.kind != HELO_NAME_DOMAIN)
        return outcome_none();
    return f->helo.labels < 2 ? outcome_fail(REASON_not_fqdn_one_label) : outcome_pass();
}

struct outcome check_bare_ip(const struct facts *f)
{
    if (f->helo.kind == HELO_NAME_DOMAIN || f->helo.kind == HELO_NAME_LITERAL)
        return outcome_pass();
    if (f->helo.kind != HELO_NAME_BARE_IP)
        return outcome_none();
    if (ip_equal(&f->helo.address, &f->client))
        return outcome_fail(REASON_bare_ip_client);
    return outcome_fail(ip_is_inside(&f->helo.address) ? REASON_bare_ip_private
                                                       : REASON_bare_ip_other);
}

struct outcome check_literal_syntax(const struct facts *f)
{
    if (f->helo.kind == HELO_NAME_BAD_LITERAL)
        return outcome_fail(REASON_literal_syntax_malformed);
    /* A general literal may mean something one day: RFC 5321 4.1.3 leaves its content to a
     * standards-track RFC. */
    return f->helo.kind == HELO_NAME_LITERAL ? outcome_pass() : outcome_none();
}

struct outcome check_literal_mismatch(const struct facts *f)
{
    if (f->helo.kind != HELO_NAME_LITERAL || f->client.family == IP_NONE)
        return outcome_none();
    if (ip_equal(&f->helo.address, &f->client))
        return outcome_pass();
    return outcome_fail(ip_is_inside(&f->helo.address) ? REASON_literal_mismatch_private
                                                       : REASON_literal_mismatch_other);
}

static bool is_localhost_name(const char *domain)
{
    return domain_is_within(domain, "localhost") || domain_equal(domain, "localhost.localdomain");
}

struct outcome check_localhost(const struct facts *f)
{
    bool says_name = f->helo.kind == HELO_NAME_DOMAIN && is_localhost_name(f->helo.domain);
    bool says_address = (f->helo.kind == HELO_NAME_LITERAL || f->helo.kind == HELO_NAME_BARE_IP) &&
                        ip_classify(&f->helo.address) == IP_LOOPBACK;

    if (f->helo.kind == HELO_NAME_NONE || f->client.family == IP_NONE ||
        ip_classify(&f->client) == IP_LOOPBACK)
        return outcome_none();
    if (says_name)
        return outcome_fail(REASON_localhost_name);
    return says_address ? outcome_fail(REASON_localhost_address) : outcome_pass();
}

/* One label is not_fqdn's, and localhost has its own check. */
struct outcome check_special_tld(const struct facts *f)
{
    const struct domain_set_row *row;

    if (f->ref == NULL || f->helo.kind != HELO_NAME_DOMAIN || f->helo.labels < 2 ||
        is_localhost_name(f->helo.domain))
        return outcome_none();
    row = domain_set_find(&f->ref->special_tlds, f->helo.domain);
    if (row != NULL)
        return outcome_fail_by(REASON_special_tld_reserved, row->tag);
    return f->helo.public_suffix ? outcome_pass() : outcome_fail(REASON_special_tld_unknown);
}

struct outcome check_listed(const struct facts *f)
{
    char key[LIMIT_HELO_TEXT + 1];
    uint32_t entry;

    if (f->ref == NULL || f->ref->denied.count == 0 || f->helo.kind == HELO_NAME_NONE)
        return outcome_none();
    switch (dated_find(&f->ref->denied, facts_helo_key(f, key), f->today, &entry)) {
    case PATTERN_YES:
        return outcome_fail_by(REASON_listed_listed, entry);
    case PATTERN_LIMIT:
        return outcome_unknown(CAUSE_PATTERN);
    case PATTERN_NO:
        break;
    }
    return outcome_pass();
}
