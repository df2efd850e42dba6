/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.c - checks for a name that is not the client's to use
 *
 * PURPOSE  own_name, own_suffix, own_ip, rcpt_domain, impersonation, helo_changed, helo_churn.
 * CONTRACT Pure. Whoever the name really belongs to is spared, and only DNS tells who that is: so a
 *          client that says one of these names is the only one these checks ask DNS about. (All but
 *          helo_churn, which every client may fail.)
 * STANDARDS RFC 5321 4.1.1.1, 4.1.3.
 */
#include "checks/run.h"
#include "facts/reference.h"
#include "name/domain.h"

/*
 * The HELO is a name of ours or of our recipient's. Its own DNS, which is in our hands or theirs,
 * must say definitely that it is not this client's. Its reverse DNS is in the client's hands and
 * could only excuse it, by a confirmed name within `home`: a client that breaks it on purpose must
 * not get through by that.
 */
static struct outcome judge_claim(const struct facts *f, const char *home, enum reason_id claimed,
                                  enum reason_id unconfirmed)
{
    const struct fact *forward = &f->fact[FACT_helo_forward];
    struct fact reverse = facts_rdns_within(f, home);
    struct fact either = *forward;

    fact_join(&either, &reverse);
    if (either.state == FACT_YES)
        return outcome_pass();
    if (fact_is_open(&either))
        return outcome_unknown(CAUSE_PENDING);
    if (forward->state == FACT_UNKNOWN)
        return outcome_unknown(forward->cause);
    return outcome_fail(reverse.state == FACT_UNKNOWN ? unconfirmed : claimed);
}

struct outcome check_own_name(const struct facts *f)
{
    if (f->helo.kind != HELO_NAME_DOMAIN)
        return outcome_none();
    if (!facts_is_own_name(f, f->helo.domain) || facts_is_own_address(f, &f->client))
        return outcome_pass();
    return judge_claim(f, f->helo.domain, REASON_own_name_claimed, REASON_own_name_unconfirmed);
}

/* Who is anywhere below the own name may well be a host of ours that is called so. */
struct outcome check_own_suffix(const struct facts *f)
{
    const char *own;

    if (f->helo.kind != HELO_NAME_DOMAIN)
        return outcome_none();
    own = facts_own_name_above(f, f->helo.domain);
    /* An own name that lies below another one is own_name's. */
    if (own == NULL || facts_is_own_name(f, f->helo.domain) || facts_is_own_address(f, &f->client))
        return outcome_pass();
    return judge_claim(f, own, REASON_own_suffix_claimed, REASON_own_suffix_unconfirmed);
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
    if (ip_is_inside(said) && !ip_is_inside(&f->client) && !facts_is_configured_address(f, said))
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
    return judge_claim(f, f->helo.domain, REASON_rcpt_domain_claimed,
                       REASON_rcpt_domain_unconfirmed);
}

/*
 * Of a well-known sender's name we know where its mail comes from, if its DNS answers. Honest mail
 * that gets here mostly does so because reverse DNS failed: then nothing is known, and nothing is
 * said. But whether a PTR name that is none of the sender's can be confirmed changes nothing.
 */
static struct outcome judge_sender(const struct facts *f, uint32_t sender)
{
    struct fact either = f->fact[FACT_helo_forward];
    struct fact home = facts_rdns_in_set(f, &f->ref->senders[sender].hosts);

    fact_join(&either, &home);
    if (either.state == FACT_YES)
        return outcome_pass();
    if (either.state == FACT_UNKNOWN)
        return outcome_unknown(either.cause);
    return outcome_fail_by(REASON_impersonation_claimed, sender);
}

struct outcome check_impersonation(const struct facts *f)
{
    const struct domain_set_row *row;

    if (f->ref == NULL || f->ref->sender_count == 0 || f->helo.kind != HELO_NAME_DOMAIN ||
        f->client.family == IP_NONE)
        return outcome_none();
    row = domain_set_find(&f->ref->sender_names, f->helo.domain);
    return row != NULL ? judge_sender(f, row->tag) : outcome_pass();
}

struct outcome check_helo_changed(const struct facts *f)
{
    if (f->helo.kind == HELO_NAME_NONE)
        return outcome_none();
    return f->helo_changed ? outcome_fail(REASON_helo_changed_other) : outcome_pass();
}

/* Behind one address of a pool there are many hosts, each with a name of its own. */
static struct fact is_in_pool(const struct facts *f)
{
    if (ip_set_find(&f->ref->pool_networks, &f->client) != NULL)
        return (struct fact){.state = FACT_YES, .source = SOURCE_NAME};
    return facts_rdns_in_set(f, &f->ref->pool_domains);
}

struct outcome check_helo_churn(const struct facts *f)
{
    const struct fact *churn = &f->fact[FACT_client_churn];
    struct fact confirmed, pool;

    if (f->ref == NULL || f->helo.kind == HELO_NAME_NONE || f->client.family == IP_NONE)
        return outcome_none();
    pool = is_in_pool(f);
    if (pool.state == FACT_YES)
        return outcome_none();
    if (!facts_helo_counts(f)) {
        confirmed = facts_helo_confirmed(f);
        return f->helo.kind == HELO_NAME_DOMAIN && confirmed.state == FACT_UNKNOWN
                   ? outcome_unknown(confirmed.cause)
                   : outcome_pass();
    }
    if (churn->state == FACT_NO)
        return outcome_pass();
    if (pool.state == FACT_UNKNOWN)
        return outcome_unknown(pool.cause);
    return churn->state == FACT_YES ? outcome_fail(REASON_helo_churn_many)
                                    : outcome_unknown(churn->cause);
}
