/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.c - one SMTP connection, the only code that knows the whole way:
 *
 *   event -> exempt? -> needed facts -> plan -> resolver -> facts -> checks -> verdict
 *
 * PURPOSE  The helo_session_* functions of helo.h.
 * CONTRACT Events may come in any order and number. Starting is separate from waiting: only
 *          _decide() blocks.
 * THREADS  one thread at a time per session, not always the same.
 * STANDARDS RFC 5321 4.1.1.1 (each HELO replaces the former), 4.1.1.5 (RSET keeps it); RFC 3207 4.2
 *           (STARTTLS voids it).
 *
 * ALGORITHM of _decide()
 *  1. Exempt: accept.
 *  2. Take in what was answered, derive facts, run the checks. No check met an open fact, or none
 *     that did can make the verdict stronger: done.
 *  3. Ask what those checks need and nobody asked; if anything was, go to 2 (the cache may have had
 *     it).
 *  4. Wait for an answer, until this command's limit; go to 2. Past the limit what is open is
 *     unknown(timeout).
 */
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"
#include "name/mailbox.h"
#include "policy/exempt.h"
#include "policy/verdict.h"
#include "session/engine.h"
#include "session/lookups.h"
#include "session/selftest.h"

struct helo_session {
    struct helo_engine *engine;
    struct snapshot *snapshot;
    const struct rules *rules; /* of the snapshot's policy */
    struct facts facts;
    struct lookups lookups;
    /* The HELO domain that lookups are, or were last, about. */
    char looked_up[LIMIT_NAME_CHARS + 1];
    struct exemption exempt; /* by what was known at connect */
    bool refused;            /* for its HELO: another one does not mend that */
    struct helo_verdict verdict;
    char listener_name[LIMIT_MACRO_TEXT + 1];
    unsigned listener_port;
    char sender[LIMIT_PATH_TEXT + 1];
    char recipient[LIMIT_PATH_TEXT + 1];
    char auth_user[LIMIT_MACRO_TEXT + 1];
    char id[LIMIT_MACRO_TEXT + 1];
    uint64_t connected_ms; /* as the front end told; 0: not told */
};

/* ---- what was captured, made safe once ------------------------------------------------------- */

static void capture(char *out, size_t size, const char *s)
{
    out[0] = '\0';
    if (s != NULL)
        text_printable(out, size, s, strlen(s));
}

static void capture_server_names(struct facts *f, const char *const *names)
{
    for (; names != NULL && *names != NULL && f->mta_name_count < LIMIT_MACRO_NAMES; names++) {
        if (domain_is_host_name(*names, true) && domain_labels(*names) >= 2 &&
            domain_normalise(f->mta_names[f->mta_name_count], *names))
            f->mta_name_count++;
    }
}

/* An address as macros have it: "192.0.2.1", "IPv6:2001:db8::1", "[192.0.2.1]". */
static bool parse_macro_address(const char *s, struct ip *out)
{
    char text[IP_TEXT_SIZE + sizeof("IPv6:")];

    if (!text_copy(text, sizeof(text), s + (*s == '[')))
        return false;
    text[strcspn(text, "]")] = '\0';
    return ip_parse_tagged(text, out);
}

static void capture_server_addresses(struct facts *f, const char *const *addresses)
{
    for (; addresses != NULL && *addresses != NULL && f->mta_address_count < LIMIT_MACRO_NAMES;
         addresses++) {
        struct ip ip;

        if (parse_macro_address(*addresses, &ip) && ip_classify(&ip) != IP_UNSPECIFIED &&
            ip_classify(&ip) != IP_LOOPBACK)
            f->mta_addresses[f->mta_address_count++] = ip;
    }
}

/* The MTA asked forward and back: that is the fact, and saves the queries. */
static void capture_confirmed_name(struct facts *f, const char *name)
{
    if (name == NULL || !domain_is_host_name(name, true) || !domain_normalise(f->ptr[0].name, name))
        return;
    f->ptr_count = 1;
    f->ptr[0].confirmed = (struct fact){.state = FACT_YES, .source = SOURCE_MTA};
    fact_set(f, FACT_client_ptr, FACT_YES, SOURCE_MTA);
    fact_set(f, FACT_client_fcrdns, FACT_YES, SOURCE_MTA);
}

/* What somebody else has found out of the client's reverse DNS is not asked again. */
static void capture_iprev(struct facts *f, enum helo_iprev iprev, const char *name)
{
    if (f->ptr_count > 0 || iprev == HELO_IPREV_NONE || f->client.family == IP_NONE)
        return;
    if (iprev == HELO_IPREV_TEMPERROR) {
        fact_set_unknown(f, FACT_client_ptr, CAUSE_SERVFAIL, SOURCE_MTA);
        fact_set_unknown(f, FACT_client_fcrdns, CAUSE_SERVFAIL, SOURCE_MTA);
        return;
    }
    fact_set(f, FACT_client_ptr, iprev == HELO_IPREV_FAIL ? FACT_YES : FACT_NO, SOURCE_MTA);
    fact_set(f, FACT_client_fcrdns, FACT_NO, SOURCE_MTA);
    if (iprev != HELO_IPREV_FAIL || name == NULL || !domain_is_host_name(name, true) ||
        !domain_normalise(f->ptr[0].name, name))
        return;
    f->ptr_count = 1;
    f->ptr[0].confirmed = (struct fact){.state = FACT_NO, .source = SOURCE_MTA};
}

/* ---- early questions ------------------------------------------------------------------------- */

/* What exemptions may need besides the checks. */
static fact_mask needs_of(const struct helo_session *s)
{
    const struct helo_policy *policy = s->snapshot->policy;
    fact_mask needs = s->rules->needs;

    if (policy->helo_names.count > 0)
        needs |= FACT_BIT(helo_forward);
    if (policy->rdns_domains.count > 0)
        needs |= FACTS_OF_CLIENT;
    return needs;
}

/*
 * Which facts will be wanted: those of the checks that, on what is known now, meet an open fact. So
 * a policy without DNS checks asks nothing of a client that does not say one of our names.
 */
static void start_lookups(struct helo_session *s, fact_mask among)
{
    fact_mask wanted;

    s->verdict.exempt = s->exempt;
    if (s->exempt.kind != EXEMPT_NONE || (among & s->facts.wanted) == 0)
        return;
    lookups_ask_again(&s->lookups, &s->facts);
    lookups_collect(&s->lookups, &s->facts);
    wanted = verdict_needs(&s->verdict, among);
    while (lookups_ask(&s->lookups, &s->facts, wanted))
        lookups_collect(&s->lookups, &s->facts);
}

#define ALL_FACTS (~(fact_mask)0)

/* ---- events ---------------------------------------------------------------------------------- */

static void judge_from(struct helo_session *s)
{
    s->verdict.policy = s->snapshot->policy;
    s->verdict.rules = s->rules;
    s->verdict.facts = &s->facts;
    s->verdict.exempt = s->exempt;
    s->verdict.id = s->id;
    s->verdict.sender = s->sender;
    s->verdict.recipient = s->recipient;
    s->verdict.auth_user = s->auth_user;
    s->verdict.listener_name = s->listener_name;
    s->verdict.listener_port = s->listener_port;
}

static void capture_client(struct helo_session *s, const struct helo_client *client)
{
    struct facts *f = &s->facts;

    facts_init(f);
    f->own = &s->snapshot->own;
    f->ref = &s->snapshot->policy->reference;
    f->today = clock_today();
    f->rhsbl_unusable = selftest_unusable(s->snapshot);
    if (client->address != NULL && !ip_from_sockaddr(client->address, &f->client))
        f->client.family = IP_NONE;
    capture_server_names(f, client->server_names);
    capture_server_addresses(f, client->server_addresses);
    capture_confirmed_name(f, client->confirmed_name);
    capture_iprev(f, client->iprev, client->ptr_name);
    capture(s->listener_name, sizeof(s->listener_name), client->listener_name);
    s->listener_port = client->listener_port;
    s->exempt = exempt_at_connect(s->snapshot->policy, &f->client, s->listener_name,
                                  s->listener_port, f->today);
    s->rules = policy_rules(s->snapshot->policy, s->listener_name, s->listener_port, f->today);
    f->wanted = needs_of(s);
}

enum helo_status helo_session_create(helo_engine *engine, const struct helo_client *client,
                                     helo_session **out)
{
    struct helo_client copy = {0};
    struct helo_session *s;

    /* A client without an address is local and exempt: it must not become so by a forgotten
     * size. */
    if (engine == NULL || client == NULL ||
        client->size < offsetof(struct helo_client, confirmed_name))
        return HELO_INVALID;
    s = mem_zalloc(sizeof(*s));
    if (s == NULL)
        return HELO_NOMEM;
    memcpy(&copy, client, client->size < sizeof(copy) ? client->size : sizeof(copy));
    s->engine = engine;
    s->snapshot = engine_pin(engine);
    lookups_init(&s->lookups, engine_service(engine), &s->snapshot->policy->settings);
    s->lookups.offline = engine_is_offline(engine);
    s->connected_ms = copy.time_ms;
    capture_client(s, &copy);
    watch_client(engine_watch(engine), &s->facts.client, service_now_ms(engine_service(engine)));
    judge_from(s);
    start_lookups(s, FACTS_OF_CLIENT);
    tally_session(engine_tally(engine));
    *out = s;
    return HELO_OK;
}

void helo_session_free(helo_session *session)
{
    if (session == NULL)
        return;
    lookups_fini(&session->lookups);
    snapshot_unref(session->snapshot);
    mem_free(session);
}

int helo_session_is_exempt(const helo_session *session)
{
    return session->exempt.kind != EXEMPT_NONE;
}

const helo_policy *helo_session_policy(const helo_session *session)
{
    return session->snapshot->policy;
}

/* The first HELO is no change, and saying the same again is none. What was changed stays so. */
static void replace_helo(struct facts *f, const struct helo_name *said)
{
    char now[LIMIT_HELO_TEXT + 1], before[LIMIT_HELO_TEXT + 1];
    char former[LIMIT_HELO_BEFORE + 1];
    bool is_first = f->helo.kind == HELO_NAME_NONE;

    before[0] = former[0] = '\0';
    if (!is_first) {
        text_copy(former, sizeof(former), f->helo.text);
        text_copy(before, sizeof(before), facts_helo_key(f, now));
    }
    f->helo = *said;
    f->helo_voided = false;
    f->mx_searched = NULL;
    if (is_first || strcmp(before, facts_helo_key(f, now)) == 0)
        return;
    f->helo_changed = true;
    memcpy(f->helo_before, former, sizeof(former));
    fact_set_unknown(f, FACT_client_churn, CAUSE_PENDING, SOURCE_NONE);
}

enum helo_status helo_session_helo(helo_session *session, const char *argument, size_t length)
{
    struct helo_name said;

    if (session->refused)
        return HELO_OK;
    helo_name_parse(&said, argument, length);
    /* The same name again, as after STARTTLS: its answers are still good. */
    if (strcmp(said.domain, session->looked_up) != 0)
        lookups_drop_helo(&session->lookups);
    text_copy(session->looked_up, sizeof(session->looked_up), said.domain);
    replace_helo(&session->facts, &said);
    session->verdict.argument_judged = false;
    start_lookups(session, ALL_FACTS);
    return HELO_OK;
}

void helo_session_starttls(helo_session *session)
{
    session->facts.helo_voided = session->facts.helo.kind != HELO_NAME_NONE;
    memset(&session->facts.helo, 0, sizeof(session->facts.helo));
    session->verdict.argument_judged = false;
    session->facts.helo_changed = false;
    /* The name that comes next is noted anew, also when it is the same. */
    fact_set_unknown(&session->facts, FACT_client_churn, CAUSE_PENDING, SOURCE_NONE);
    session->facts.authenticated = false;
    session->facts.tls_client[0] = '\0';
    session->auth_user[0] = '\0';
    session->refused = false;
}

enum helo_status helo_session_mail(helo_session *session, const struct helo_sender *sender)
{
    struct helo_sender copy = {0};
    struct mailbox mailbox;

    if (sender == NULL)
        return HELO_INVALID;
    memcpy(&copy, sender, sender->size < sizeof(copy) ? sender->size : sizeof(copy));
    helo_session_reset(session);
    mailbox_parse(&mailbox, copy.address);
    /* The null reverse-path (RFC 5321 4.5.5) is something else than no MAIL. */
    text_copy(session->sender, sizeof(session->sender),
              copy.address != NULL && mailbox.text[0] == '\0' ? "<>" : mailbox.text);
    capture(session->auth_user, sizeof(session->auth_user),
            copy.auth_user != NULL && copy.auth_user[0] != '\0' ? copy.auth_user : copy.auth_type);
    session->facts.authenticated = session->auth_user[0] != '\0';
    capture(session->facts.tls_client, sizeof(session->facts.tls_client), copy.tls_client);
    if (!session->facts.authenticated)
        start_lookups(session, ALL_FACTS);
    return HELO_OK;
}

void helo_session_reset(helo_session *session)
{
    session->sender[0] = '\0';
    session->recipient[0] = '\0';
    session->facts.in_recipient = false;
    session->facts.recipient_local[0] = '\0';
    session->facts.recipient_domain[0] = '\0';
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static void capture_recipient(struct helo_session *s, const char *recipient)
{
    struct mailbox mailbox;

    mailbox_parse(&mailbox, recipient);
    text_copy(s->recipient, sizeof(s->recipient), mailbox.text);
    s->facts.in_recipient = recipient != NULL;
    text_copy(s->facts.recipient_local, sizeof(s->facts.recipient_local), mailbox.local);
    text_copy(s->facts.recipient_domain, sizeof(s->facts.recipient_domain), mailbox.domain);
}

/*
 * For helo_churn: a name that DNS has not confirmed to be the client's is noted, once for each HELO
 * that is judged.
 */
static void note_name(struct helo_session *s)
{
    struct facts *f = &s->facts;
    const struct settings *settings = &s->snapshot->policy->settings;
    char key[LIMIT_HELO_TEXT + 1];
    const char *organisation;
    const char *name;

    if (!s->rules->enabled[CHECK_helo_churn] || f->client.family == IP_NONE ||
        f->fact[FACT_client_churn].source == SOURCE_MEMORY || !facts_helo_counts(f))
        return;
    /* Hosts of one organisation are one name: a farm behind one address is no churn. */
    name = facts_helo_key(f, key);
    organisation = f->helo.kind == HELO_NAME_DOMAIN ? helo_organisation(&f->helo) : NULL;
    f->client_names = churn_note(
        s->snapshot->churn, &f->client, organisation != NULL ? organisation : name,
        (uint64_t)settings->helo_churn_window_ms,
        s->connected_ms > 0 ? s->connected_ms : service_now_ms(engine_service(s->engine)));
    fact_set(f, FACT_client_churn,
             f->client_names > (unsigned)settings->helo_churn_names ? FACT_YES : FACT_NO,
             SOURCE_MEMORY);
}

static fact_mask judge_now(struct helo_session *s)
{
    lookups_collect(&s->lookups, &s->facts);
    note_name(s);
    return verdict_judge(&s->verdict);
}

static bool is_certain(const struct helo_session *s)
{
    return !engine_wants_all_facts(s->engine) && verdict_is_certain(&s->verdict);
}

/*
 * A client that was refused for what it said, alone or among other things, must not try names until
 * one gets through. What it was refused for without it, its reverse DNS, it cannot change anyway.
 */
static bool is_refused_for_helo(const struct helo_session *s)
{
    bool refused = s->verdict.action == HELO_ACTION_REJECT && s->facts.helo.kind != HELO_NAME_NONE;
    bool for_helo = false;

    for (unsigned i = 0; refused && i < CHECK_COUNT; i++)
        for_helo |= s->verdict.result[i].ground && i != CHECK_no_ptr && i != CHECK_fcrdns;
    return for_helo;
}

static void judge(struct helo_session *s)
{
    struct dns_service *service = engine_service(s->engine);
    uint64_t began_ms = service_now_ms(service);
    uint64_t limit_ms = lookups_limit(&s->lookups, began_ms);
    bool announced = false;
    fact_mask pending;

    lookups_ask_again(&s->lookups, &s->facts);
    while ((pending = judge_now(s)) != 0 && !is_certain(s) && !s->lookups.offline) {
        /* What is asked only now was not what the client was waited for before. */
        if (lookups_ask(&s->lookups, &s->facts, pending)) {
            limit_ms = began_ms + s->lookups.wait_ms;
            continue;
        }
        if (!lookups_are_open(&s->lookups) || service_now_ms(service) >= limit_ms) {
            lookups_give_up(&s->lookups, &s->facts, pending);
            verdict_judge(&s->verdict);
            return;
        }
        if (!announced)
            engine_before_wait(s->engine);
        announced = true;
        lookups_wait(&s->lookups, limit_ms);
    }
}

enum helo_status helo_session_decide(helo_session *session, enum helo_stage stage,
                                     const char *recipient, const char *id,
                                     const helo_verdict **out)
{
    struct dns_service *service = engine_service(session->engine);
    uint64_t began_ms = service_now_ms(service);
    bool is_again = recipient == NULL && id != NULL && strcmp(id, session->id) == 0;

    capture_recipient(session, stage == HELO_AT_RCPT ? recipient : NULL);
    capture(session->id, sizeof(session->id), id != NULL ? id : "-");
    judge_from(session);
    if (session->exempt.kind == EXEMPT_NONE)
        session->verdict.exempt =
            exempt_at_message(session->snapshot->policy, &session->facts, session->facts.today);
    if (session->verdict.exempt.kind == EXEMPT_NONE)
        judge(session);
    else
        verdict_judge(&session->verdict);
    session->refused = session->refused || is_refused_for_helo(session);
    session->verdict.dns_ms = session->lookups.waited_ms;
    session->verdict.dns_questions = session->lookups.plan.asked;
    if (!is_again)
        tally_verdict(engine_tally(session->engine), &session->verdict,
                      service_now_ms(service) - began_ms);
    *out = &session->verdict;
    return HELO_OK;
}
