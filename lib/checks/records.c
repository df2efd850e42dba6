/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * records.c - checks of what DNS says of the HELO name and of the client's address
 *
 * PURPOSE  no_address, bogus_address, forward_mismatch, no_ptr, fcrdns, rdns_mismatch, rhsbl,
 *          mx_bogus.
 * CONTRACT Pure. No check fails on anything but a definite answer.
 * STANDARDS RFC 5321 2.3.5, 4.1.4; RFC 8601 2.7.3 (iprev); RFC 1912 2.1; RFC 5782 (domain lists);
 *           RFC 6761 6.3 (localhost is never looked up).
 */
#include "checks/run.h"
#include "facts/reference.h"
#include "name/domain.h"

/* Names that DNS can say something of. */
static bool is_looked_up(const struct facts *f)
{
    return f->helo.kind == HELO_NAME_DOMAIN && !domain_is_within(f->helo.domain, "localhost");
}

struct outcome check_no_address(const struct facts *f)
{
    const struct fact *address = &f->fact[FACT_helo_address];
    const struct fact *mx = &f->fact[FACT_helo_mx];

    if (!is_looked_up(f))
        return outcome_none();
    if (address->state == FACT_UNKNOWN)
        return outcome_unknown(address->cause);
    if (address->state == FACT_YES)
        return outcome_pass();
    /* The MX only tells which way it fails, so it is waited for, but its failure changes
     * nothing. */
    if (mx->state == FACT_UNKNOWN && mx->cause == CAUSE_PENDING)
        return outcome_unknown(CAUSE_PENDING);
    return outcome_fail(mx->state == FACT_YES ? REASON_no_address_mx_only
                                              : REASON_no_address_missing);
}

/*
 * Large senders have names that resolve to 127.0.0.1, and their clients have reverse DNS. That is
 * in the client's hands, as in identity.c: it can only excuse the name.
 */
struct outcome check_bogus_address(const struct facts *f)
{
    const struct fact *address = &f->fact[FACT_helo_address];
    const struct fact *public = &f->fact[FACT_helo_public];
    const struct fact *confirmed = &f->fact[FACT_client_fcrdns];
    bool unnamed = f->fact[FACT_client_ptr].state == FACT_NO || confirmed->state == FACT_NO;

    if (!is_looked_up(f) || f->client.family == IP_NONE || ip_is_inside(&f->client) ||
        address->state == FACT_NO)
        return outcome_none();
    /* Who has confirmed reverse DNS is spared, whatever becomes of the addresses; and where the
     * client is, there is a host, whatever its address is for. */
    if (public->state == FACT_YES || confirmed->state == FACT_YES ||
        f->fact[FACT_helo_forward].state == FACT_YES)
        return outcome_pass();
    if (!unnamed && confirmed->cause == CAUSE_PENDING)
        return outcome_unknown(CAUSE_PENDING);
    if (public->state == FACT_UNKNOWN)
        return outcome_unknown(public->cause);
    return outcome_fail(unnamed ? REASON_bogus_address_bogus : REASON_bogus_address_unconfirmed);
}

struct outcome check_forward_mismatch(const struct facts *f)
{
    const struct fact *forward = &f->fact[FACT_helo_forward];

    if (!is_looked_up(f) || f->client.family == IP_NONE)
        return outcome_none();
    /* With an address in the client's network nothing that may still come makes it fail. */
    if (forward->state == FACT_YES || f->helo_same_net)
        return outcome_pass();
    if (forward->state == FACT_UNKNOWN)
        return outcome_unknown(forward->cause);
    return f->helo_family ? outcome_fail(REASON_forward_mismatch_other) : outcome_none();
}

struct outcome check_no_ptr(const struct facts *f)
{
    const struct fact *ptr = &f->fact[FACT_client_ptr];

    if (f->client.family == IP_NONE)
        return outcome_none();
    if (ptr->state == FACT_UNKNOWN)
        return outcome_unknown(ptr->cause);
    return ptr->state == FACT_YES ? outcome_pass() : outcome_fail(REASON_no_ptr_missing);
}

struct outcome check_fcrdns(const struct facts *f)
{
    const struct fact *ptr = &f->fact[FACT_client_ptr];
    const struct fact *confirmed = &f->fact[FACT_client_fcrdns];

    if (f->client.family == IP_NONE || ptr->state == FACT_NO)
        return outcome_none();
    if (confirmed->state == FACT_UNKNOWN)
        return outcome_unknown(confirmed->cause);
    return confirmed->state == FACT_YES ? outcome_pass() : outcome_fail(REASON_fcrdns_unconfirmed);
}

struct outcome check_rdns_mismatch(const struct facts *f)
{
    const struct fact *confirmed = &f->fact[FACT_client_fcrdns];
    const char *organisation = helo_organisation(&f->helo);
    struct fact same = {.state = FACT_NO};

    if (!is_looked_up(f) || f->client.family == IP_NONE || confirmed->state == FACT_NO)
        return outcome_none();
    for (size_t i = 0; i < f->ptr_count; i++) {
        const struct ptr_name *ptr = &f->ptr[i];

        if (domain_is_of(ptr->name, f->helo.domain, organisation))
            fact_join(&same, &ptr->confirmed);
    }
    if (same.state == FACT_YES)
        return outcome_pass();
    /* Of a name that could match, only it matters; else whether there is any name to compare. */
    if (same.state == FACT_UNKNOWN)
        return outcome_unknown(same.cause);
    return confirmed->state == FACT_UNKNOWN ? outcome_unknown(confirmed->cause)
                                            : outcome_fail(REASON_rdns_mismatch_other);
}

/* Lists of domains answer anything when they are asked for an address, and know no host of one
 * label. */
struct outcome check_rhsbl(const struct facts *f)
{
    const struct fact *listed = &f->fact[FACT_helo_rhsbl];

    if (f->ref == NULL || f->ref->zone_count == 0 || !is_looked_up(f) || f->helo.labels < 2)
        return outcome_none();
    if (listed->state == FACT_UNKNOWN)
        return outcome_unknown(listed->cause);
    return listed->state == FACT_YES ? outcome_fail_by(REASON_rhsbl_listed, f->rhsbl_zone)
                                     : outcome_pass();
}

struct outcome check_mx_bogus(const struct facts *f)
{
    const struct fact *mx = &f->fact[FACT_helo_mx];
    const struct fact *bad = &f->fact[FACT_helo_mx_bad];

    if (!is_looked_up(f) || mx->state == FACT_NO)
        return outcome_none();
    if (bad->state == FACT_YES)
        return f->mx_listed ? outcome_fail_by(REASON_mx_bogus_listed, f->mx_entry)
                            : outcome_fail(REASON_mx_bogus_bogus);
    if (mx->state == FACT_UNKNOWN)
        return outcome_unknown(mx->cause);
    return bad->state == FACT_UNKNOWN ? outcome_unknown(bad->cause) : outcome_pass();
}
