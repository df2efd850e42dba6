/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest.c - see selftest.h
 *
 * ALGORITHM
 *  1. Ask all questions: TEST and INVALID of each list, A and AAAA of each own name.
 *  2. Wait until all are answered, the resolver is down, or dns.deadline has passed.
 *  3. Go through the answers, mark lists, tell.
 */
#include "session/selftest.h"

#include <string.h>

#include "base/mem.h"
#include "dns/rhsbl.h"
#include "name/domain.h"
#include "session/identity.h"

struct probe {
    struct dns_ticket *ticket; /* NULL: not asked */
    const struct dns_answer *answer;
    enum dns_progress progress;
};

struct run {
    struct snapshot *snapshot;
    const struct reference *ref;
    struct dns_service *service;
    struct dns_waiter *waiter;
    struct diag *diag;
    struct {
        struct probe test, invalid;
    } zones[LIMIT_RHSBL_ZONES];
    struct {
        struct probe a, aaaa;
    } names[LIMIT_OWN_NAMES];
};

static const struct diag_file no_file = {.path = ""};
static const struct diag_place nowhere = {.file = &no_file};

/* In the rules of the site, or of a listener. */
static bool is_enabled(const struct run *run, enum check_id check)
{
    const struct helo_policy *policy = run->snapshot->policy;
    bool enabled = policy->rules.enabled[check];

    for (size_t i = 0; i < policy->listeners.count; i++)
        enabled = enabled || policy->listener_rules[i].rules.enabled[check];
    return enabled;
}

/* ---- asking and waiting ---------------------------------------------------------------------- */

static bool ask(struct run *run, struct probe *probe, enum dns_type type, const char *name)
{
    struct dns_question question = {.type = type};
    const struct dns_request request = {.question = &question};

    memcpy(question.name, name, strlen(name) + 1);
    return service_ask(run->service, run->waiter, &request, &probe->ticket) == HELO_OK;
}

static bool ask_zone(struct run *run, size_t i)
{
    const struct rhsbl_zone *zone = &run->ref->zones[i];
    char name[LIMIT_NAME_CHARS + 1];

    return (!rhsbl_question_name("test", zone, name) ||
            ask(run, &run->zones[i].test, DNS_A, name)) &&
           (!rhsbl_question_name("invalid", zone, name) ||
            ask(run, &run->zones[i].invalid, DNS_A, name));
}

static bool ask_all(struct run *run)
{
    const struct identity *own = &run->snapshot->own;
    bool names = is_enabled(run, CHECK_own_name) || is_enabled(run, CHECK_own_suffix);

    for (size_t i = 0; is_enabled(run, CHECK_rhsbl) && i < run->ref->zone_count; i++) {
        if (!ask_zone(run, i))
            return false;
    }
    for (size_t i = 0; names && i < own->name_count; i++) {
        if (!domain_is_within(own->names[i], "localhost") &&
            (!ask(run, &run->names[i].a, DNS_A, own->names[i]) ||
             !ask(run, &run->names[i].aaaa, DNS_AAAA, own->names[i])))
            return false;
    }
    return true;
}

/* Runs fn on every probe; returns whether it was true of any. */
static bool any_probe(struct run *run, bool (*fn)(struct run *run, struct probe *probe))
{
    bool any = false;

    for (size_t i = 0; i < LIMIT_RHSBL_ZONES; i++) {
        any |= fn(run, &run->zones[i].test);
        any |= fn(run, &run->zones[i].invalid);
    }
    for (size_t i = 0; i < LIMIT_OWN_NAMES; i++) {
        any |= fn(run, &run->names[i].a);
        any |= fn(run, &run->names[i].aaaa);
    }
    return any;
}

static bool is_open(struct run *run, struct probe *probe)
{
    if (probe->ticket != NULL && probe->answer == NULL)
        probe->progress = service_progress(run->service, probe->ticket, &probe->answer);
    return probe->ticket != NULL && probe->progress == DNS_PENDING;
}

static bool give_back(struct run *run, struct probe *probe)
{
    service_release(run->service, probe->ticket);
    return false;
}

static void wait_for_all(struct run *run)
{
    uint64_t until_ms =
        service_now_ms(run->service) + (uint64_t)run->snapshot->policy->settings.dns_deadline_ms;

    while (any_probe(run, is_open) && service_wait(run->service, run->waiter, until_ms))
        continue;
}

/* ---- domain lists ---------------------------------------------------------------------------- */

/* What a list that cannot be used does. */
enum zone_fault { FAULT_REFUSES, FAULT_FOREIGN, FAULT_EMPTY, FAULT_CODE, FAULT_EVERYTHING };

/* Around the code that it answers. */
static const struct {
    const char *before, *after;
    const char *hint;
} faults[] = {
    [FAULT_REFUSES] = {"answers ", ", an error: this resolver is not allowed to ask",
                       "lists refuse public resolvers, and who asks too much: use a resolver of "
                       "your own, or the zone they gave you"},
    [FAULT_FOREIGN] = {"answers ", ", which is outside of 127.0.0.0/8",
                       "it is no list, or the resolver makes up answers"},
    [FAULT_EMPTY] = {"does not list TEST, as every list of domains does (RFC 5782 5)", "",
                     "is the zone's name right, and does the list still exist?"},
    [FAULT_CODE] = {"lists TEST with ", ", which is none of the codes configured for it",
                    "its documentation tells which codes are listings"},
    [FAULT_EVERYTHING] = {"lists INVALID with ", ", as if it listed everything (RFC 5782 5)",
                          "does the list still exist?"},
};

static void tell_zone(struct run *run, size_t zone, enum zone_fault fault, const struct ip *code)
{
    char text[IP_TEXT_SIZE];

    __atomic_or_fetch(&run->snapshot->rhsbl_unusable, 1u << zone, __ATOMIC_RELAXED);
    diag_report(run->diag, HELO_WARNING, &nowhere, faults[fault].hint,
                "rhsbl.zones: %s %s%s%s; it is not asked", run->ref->zones[zone].name,
                faults[fault].before, ip_format(code, text), faults[fault].after);
}

static const char *answer_text(const struct probe *probe)
{
    static const char *const texts[] = {[DNS_PENDING] = "no answer in time",
                                        [DNS_DOWN] = "the resolver is down",
                                        [DNS_OVER_LIMIT] = "too many questions in the air",
                                        [DNS_CROWDED] = "too many questions in the air"};

    return probe->answer != NULL ? dns_status_text(probe->answer->status) : texts[probe->progress];
}

/* Neither proof nor refutation: what was known of the list is left as it is. */
static void tell_untested(struct run *run, size_t zone, const struct probe *probe)
{
    bool unusable = (selftest_unusable(run->snapshot) & 1u << zone) != 0;

    diag_report(run->diag, HELO_WARNING, &nowhere, NULL,
                "rhsbl.zones: %s could not be tested (%s); it is %sasked",
                run->ref->zones[zone].name, answer_text(probe), unusable ? "still not " : "");
}

static void tell_usable(struct run *run, size_t zone)
{
    unsigned bit = 1u << zone;

    if ((__atomic_fetch_and(&run->snapshot->rhsbl_unusable, ~bit, __ATOMIC_RELAXED) & bit) != 0)
        diag_report(run->diag, HELO_NOTE, &nowhere, NULL,
                    "rhsbl.zones: %s answers as a list does; it is asked again",
                    run->ref->zones[zone].name);
}

static void judge_zone(struct run *run, size_t i)
{
    const struct rhsbl_zone *zone = &run->ref->zones[i];
    const struct dns_answer *test = run->zones[i].test.answer;
    const struct dns_answer *invalid = run->zones[i].invalid.answer;
    struct ip code = {.family = IP_NONE}, other = {.family = IP_NONE};
    enum rhsbl_meaning of_test = rhsbl_read(zone, test, &code);
    enum rhsbl_meaning of_invalid = rhsbl_read(zone, invalid, &other);

    if (of_test == RHSBL_REFUSED || of_invalid == RHSBL_REFUSED)
        tell_zone(run, i, FAULT_REFUSES, of_test == RHSBL_REFUSED ? &code : &other);
    else if (of_test == RHSBL_FOREIGN || of_invalid == RHSBL_FOREIGN)
        tell_zone(run, i, FAULT_FOREIGN, of_test == RHSBL_FOREIGN ? &code : &other);
    else if (of_test == RHSBL_ABSENT || of_test == RHSBL_OTHER)
        tell_zone(run, i, of_test == RHSBL_ABSENT ? FAULT_EMPTY : FAULT_CODE, &code);
    else if (of_invalid == RHSBL_LISTED)
        tell_zone(run, i, FAULT_EVERYTHING, &other);
    else if (of_test == RHSBL_UNKNOWN || of_invalid == RHSBL_UNKNOWN)
        tell_untested(run, i,
                      of_test == RHSBL_UNKNOWN ? &run->zones[i].test : &run->zones[i].invalid);
    else
        tell_usable(run, i);
}

unsigned selftest_unusable(const struct snapshot *snapshot)
{
    return __atomic_load_n(&snapshot->rhsbl_unusable, __ATOMIC_RELAXED);
}

static bool is_same_zone(const struct rhsbl_zone *a, const struct rhsbl_zone *b)
{
    if (strcmp(a->name, b->name) != 0 || a->code_count != b->code_count)
        return false;
    for (size_t i = 0; i < a->code_count; i++) {
        if (!ip_equal(&a->codes[i].first, &b->codes[i].first) ||
            !ip_equal(&a->codes[i].last, &b->codes[i].last))
            return false;
    }
    return true;
}

void selftest_carry(struct snapshot *made, const struct snapshot *former)
{
    const struct reference *now = &made->policy->reference;
    const struct reference *then = &former->policy->reference;
    unsigned marks = selftest_unusable(former);

    for (size_t i = 0; i < now->zone_count; i++) {
        for (size_t j = 0; j < then->zone_count; j++) {
            if ((marks & 1u << j) != 0 && is_same_zone(&now->zones[i], &then->zones[j]))
                made->rhsbl_unusable |= 1u << i;
        }
    }
}

/* ---- own names and addresses ----------------------------------------------------------------- */

static bool is_definite(const struct dns_answer *answer)
{
    return answer != NULL && dns_status_is_definite(answer->status);
}

static bool says_nothing(const struct dns_answer *answer)
{
    return is_definite(answer) && answer->address_count == 0;
}

/* Nobody is refused while DNS does not answer, and nobody notices. */
static void judge_resolver(struct run *run)
{
    const struct identity *own = &run->snapshot->own;
    bool any = false;

    for (size_t i = 0; i < own->name_count; i++)
        any |= run->names[i].a.ticket == NULL || is_definite(run->names[i].a.answer) ||
               is_definite(run->names[i].aaaa.answer);
    if (own->name_count > 0 && !any)
        diag_report(run->diag, HELO_WARNING, &nowhere,
                    "is the resolver running, and may this machine ask it?",
                    "no answer about %s (%s): what needs DNS cannot be judged", own->names[0],
                    answer_text(&run->names[0].a));
}

/* Configured names come first. */
static void judge_name(struct run *run, size_t i)
{
    bool configured = i < run->snapshot->policy->own.name_count;

    if (!says_nothing(run->names[i].a.answer) || !says_nothing(run->names[i].aaaa.answer))
        return;
    diag_report(run->diag, HELO_WARNING, &nowhere,
                configured ? "is it misspelt?" : "say in server.names what DNS calls this server",
                "%s%s does not resolve: it has neither an A nor an AAAA record",
                configured ? "server.names: " : "server.learn: the host name ",
                run->snapshot->own.names[i]);
}

/* That others can mean when they say it: not one that every second network has. */
static bool has_outside_address(const struct identity *own)
{
    for (size_t i = 0; i < own->address_count; i++) {
        enum ip_class class = ip_classify(&own->addresses[i]);

        if (class != IP_PRIVATE && class != IP_LINK_LOCAL && class != IP_LOOPBACK)
            return true;
    }
    return false;
}

static void judge_addresses(struct run *run)
{
    const struct identity *own = &run->snapshot->own;

    if (!is_enabled(run, CHECK_own_ip) || own->configured_addresses > 0 || has_outside_address(own))
        return;
    diag_report(run->diag, HELO_WARNING, &nowhere,
                "say the address that others see, as NAT makes it, in server.addresses",
                "no public address of this server is known, so own_ip does not know it in a HELO");
}

/* A name that is told in server.names is enough. */
static void judge_host_name(struct run *run)
{
    char name[LIMIT_NAME_CHARS + 1];

    if (!run->snapshot->learns || run->snapshot->policy->own.name_count > 0 ||
        !identity_host_name(name) || domain_labels(name) >= 2)
        return;
    diag_report(run->diag, HELO_NOTE, &nowhere, "say the full host name in server.names",
                "server.learn: the host name %s has one label, so it is not taken for an own name",
                name);
}

static void judge_all(struct run *run)
{
    for (size_t i = 0; i < run->ref->zone_count; i++) {
        if (run->zones[i].test.ticket != NULL)
            judge_zone(run, i);
    }
    for (size_t i = 0; i < run->snapshot->own.name_count; i++)
        judge_name(run, i);
    judge_resolver(run);
    judge_addresses(run);
    judge_host_name(run);
}

/* ---- public ---------------------------------------------------------------------------------- */

enum helo_status selftest_run(struct snapshot *snapshot, struct dns_service *service,
                              struct diag *diag)
{
    struct run *run = mem_zalloc(sizeof(*run));
    enum helo_status status = HELO_NOMEM;

    if (run == NULL)
        return HELO_NOMEM;
    run->snapshot = snapshot;
    run->ref = &snapshot->policy->reference;
    run->service = service;
    run->diag = diag;
    if (waiter_create(&run->waiter) != HELO_OK)
        goto done;
    if (ask_all(run)) {
        wait_for_all(run);
        judge_all(run);
        status = HELO_OK;
    }
    (void)any_probe(run, give_back);
done:
    waiter_free(run->waiter);
    mem_free(run);
    return status;
}

enum helo_status helo_engine_test(helo_engine *engine)
{
    struct snapshot *snapshot = engine_pin(engine);
    struct diag diag;
    enum helo_status status;

    engine_diag(engine, &diag);
    status =
        engine_is_offline(engine) ? HELO_OK : selftest_run(snapshot, engine_service(engine), &diag);
    snapshot_unref(snapshot);
    return status;
}
