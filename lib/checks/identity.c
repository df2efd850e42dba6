/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.c - checks for a name that is not the client's to use
 *
 * PURPOSE  own_name, own_ip, rcpt_domain.
 * CONTRACT Pure. Whoever the name really belongs to is spared, and only DNS tells who that is: so a
 *          client that says one of these names is the only one these checks ask DNS about.
 * STANDARDS RFC 5321 4.1.1.1, 4.1.3.
 */
#include "checks/run.h"
#include "name/domain.h"

/* A confirmed name of the client's is one of ours, or below one: another host of this site. */
static bool has_own_rdns(const struct facts *f)
{
    for (size_t i = 0; i < f->ptr_count; i++) {
        if (f->ptr[i].confirmed.state == FACT_YES &&
            domain_is_within(f->ptr[i].name, f->helo.domain))
            return true;
    }
    return false;
}

struct outcome check_own_name(const struct facts *f)
{
    const struct fact *forward = &f->fact[FACT_helo_forward];
    const struct fact *reverse = &f->fact[FACT_client_fcrdns];

    if (f->helo.kind != HELO_NAME_DOMAIN)
        return outcome_none();
    if (!facts_is_own_name(f, f->helo.domain) || facts_is_own_address(f, &f->client))
        return outcome_pass();
    if (forward->state == FACT_YES || has_own_rdns(f))
        return outcome_pass();
    if (forward->state == FACT_UNKNOWN)
        return outcome_unknown(forward->cause);
    if (reverse->state == FACT_UNKNOWN && reverse->cause == CAUSE_PENDING)
        return outcome_unknown(CAUSE_PENDING);
    /*
     * Our own DNS says definitely that the name is not this client's. Its reverse DNS, which is in
     * the client's hands, could only have excused it; a client that breaks it on purpose must not
     * get through by that.
     */
    return outcome_fail(reverse->state == FACT_UNKNOWN ? REASON_own_name_unconfirmed
                                                       : REASON_own_name_claimed);
}

static bool is_private(const struct ip *ip)
{
    return ip_classify(ip) == IP_PRIVATE || ip_classify(ip) == IP_LINK_LOCAL;
}

struct outcome check_own_ip(const struct facts *f)
{
    const struct ip *said = &f->helo.address;

    if (f->helo.kind != HELO_NAME_LITERAL && f->helo.kind != HELO_NAME_BARE_IP)
        return outcome_none();
    if (!facts_is_own_address(f, said) || ip_equal(said, &f->client))
        return outcome_pass();
    /*
     * Half the world's servers behind NAT, and the first container of every host, have the same
     * private address: a client from outside that says it may well mean itself. Unless the site has
     * written it down as the server's.
     */
    if (is_private(said) && !is_private(&f->client) && !facts_is_configured_address(f, said))
        return outcome_fail(REASON_own_ip_private);
    return outcome_fail(REASON_own_ip_claimed);
}

struct outcome check_rcpt_domain(const struct facts *f)
{
    const struct fact *forward = &f->fact[FACT_helo_forward];

    if (f->helo.kind != HELO_NAME_DOMAIN || f->recipient_domain[0] == '\0')
        return outcome_none();
    /* Exactly the domain: a host below it may well be the customer's own mail server. */
    if (!domain_equal(f->helo.domain, f->recipient_domain) || forward->state == FACT_YES)
        return outcome_pass();
    return forward->state == FACT_NO ? outcome_fail(REASON_rcpt_domain_claimed)
                                     : outcome_unknown(forward->cause);
}
