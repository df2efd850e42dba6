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

/*
 * Whether a confirmed name of the client's is the HELO domain or lies in it: then it is another
 * host of whoever the name belongs to. Unknown while such a name, or the PTR itself, is; what
 * becomes of other names says nothing.
 */
static struct fact has_rdns_within(const struct facts *f)
{
    struct fact found = {.state = FACT_NO, .source = SOURCE_DNS};

    if (f->fact[FACT_client_ptr].state == FACT_UNKNOWN)
        found = f->fact[FACT_client_ptr];
    for (size_t i = 0; i < f->ptr_count; i++) {
        if (!domain_is_within(f->ptr[i].name, f->helo.domain))
            continue;
        if (f->ptr[i].confirmed.state == FACT_YES)
            return f->ptr[i].confirmed;
        if (f->ptr[i].confirmed.state == FACT_UNKNOWN && found.state != FACT_UNKNOWN)
            found = f->ptr[i].confirmed;
    }
    return found;
}

/*
 * The HELO is a name of ours or of our recipient's. Its own DNS, which is in our hands or theirs,
 * must say definitely that it is not this client's. Its reverse DNS is in the client's hands and
 * could only excuse it: a client that breaks it on purpose must not get through by that.
 */
static struct outcome judge_claim(const struct facts *f, enum reason_id claimed,
                                  enum reason_id unconfirmed)
{
    const struct fact *forward = &f->fact[FACT_helo_forward];
    struct fact reverse = has_rdns_within(f);

    if (forward->state == FACT_YES || reverse.state == FACT_YES)
        return outcome_pass();
    if (forward->state == FACT_UNKNOWN)
        return outcome_unknown(forward->cause);
    if (reverse.state == FACT_UNKNOWN && reverse.cause == CAUSE_PENDING)
        return outcome_unknown(CAUSE_PENDING);
    return outcome_fail(reverse.state == FACT_UNKNOWN ? unconfirmed : claimed);
}

struct outcome check_own_name(const struct facts *f)
{
    if (f->helo.kind != HELO_NAME_DOMAIN)
        return outcome_none();
    if (!facts_is_own_name(f, f->helo.domain) || facts_is_own_address(f, &f->client))
        return outcome_pass();
    return judge_claim(f, REASON_own_name_claimed, REASON_own_name_unconfirmed);
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
    if (!facts_is_own_address(f, said) || ip_equal(said, &f->client) ||
        facts_is_own_address(f, &f->client))
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
    if (f->helo.kind != HELO_NAME_DOMAIN || f->recipient_domain[0] == '\0')
        return outcome_none();
    /* Exactly the domain: a host below it may well be the customer's own mail server. */
    if (!domain_equal(f->helo.domain, f->recipient_domain))
        return outcome_pass();
    return judge_claim(f, REASON_rcpt_domain_claimed, REASON_rcpt_domain_unconfirmed);
}
