/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * findings.c - what the examination came to, the worst first
 *
 * CONTRACT The more receivers refuse mail for it, the worse it is; then the more delay it; then in
 *          the order of the registry. Of an address that only the name has, only its reverse DNS
 *          counts: all else was said of the first. What DNS does not answer is a finding, too.
 */
#include <stdio.h>
#include <string.h>

#include "tools/doctor/doctor.h"

static int is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return 1;
    return 0;
}

/* The first address is asked everything, others what can be another for them. */
static int is_asked(const struct doctor *d, const struct patient *patient, const char *check)
{
    static const char *const of_address[] = {"no_ptr",           "fcrdns",  "forward_mismatch",
                                             "literal_mismatch", "dynamic", "rdns_mismatch"};
    static const size_t of_other = 2; /* of those */
    /* Another name has other records: these say nothing of it. */
    static const char *const of_name[] = {"no_address", "bogus_address", "forward_mismatch",
                                          "rdns_mismatch", "mx_bogus"};

    /* Whose name it is counts with a reserved one, too: it may be one that somebody has forged. */
    static const char *const of_owner[] = {"forward_mismatch", "rdns_mismatch"};

    if (!d->helo_is_good && is_one_of(check, of_name, sizeof(of_name) / sizeof(of_name[0])) &&
        !(d->helo_is_reserved &&
          is_one_of(check, of_owner, sizeof(of_owner) / sizeof(of_owner[0]))))
        return 0;
    return patient == d->patients ||
           is_one_of(check, of_address,
                     patient->given ? sizeof(of_address) / sizeof(of_address[0]) : of_other);
}

static const char *cite_of(const char *check)
{
    const struct helo_check_info *info;

    for (size_t i = 0; (info = helo_check_info(i)) != NULL; i++)
        if (strcmp(info->name, check) == 0)
            return info->cite;
    return NULL;
}

/* NULL when there are too many. */
static struct finding *add_finding(struct doctor *d, const struct patient *patient,
                                   const char *check)
{
    struct finding *finding = &d->findings[d->finding_count];

    if (d->finding_count == DOCTOR_FINDINGS)
        return NULL;
    d->finding_count++;
    *finding = (struct finding){.patient = patient, .cite = cite_of(check)};
    finding->check.name = check;
    return finding;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void ask_who_minds(const struct doctor *d, struct finding *finding)
{
    size_t patient = (size_t)(finding->patient - d->patients);

    for (size_t i = 0; i < d->receiver_count; i++) {
        const struct receiver *receiver = &d->receivers[i];

        if (!view_is_ground(&receiver->view[patient], finding->check.name))
            continue;
        finding->refused_by |= receiver->would[patient] == HELO_ACTION_REJECT ? 1u << i : 0;
        finding->deferred_by |= receiver->would[patient] == HELO_ACTION_DEFER ? 1u << i : 0;
    }
}

/* Our sentences speak to a client of its own address: one that nobody named is not called so. */
static void write_text(struct finding *finding, const char *text)
{
    static const char own[] = "your address, ";
    const char *comma;

    if (finding->patient->given || strncmp(text, own, sizeof(own) - 1) != 0) {
        (void)snprintf(finding->text, sizeof(finding->text), "%s", text);
        return;
    }
    text += sizeof(own) - 1;
    comma = strchr(text, ',');
    (void)snprintf(finding->text, sizeof(finding->text), "%.*s%s",
                   comma != NULL ? (int)(comma - text) : (int)strlen(text), text,
                   comma != NULL ? comma + 1 : "");
}

static void find_fails(struct doctor *d, const struct patient *patient)
{
    struct view_check check;

    for (size_t i = 0; view_check(&patient->view, i, &check); i++) {
        struct finding *finding;

        if (strcmp(check.outcome, "fail") != 0 || !is_asked(d, patient, check.name))
            continue;
        finding = add_finding(d, patient, check.name);
        if (finding == NULL)
            return;
        finding->check = check;
        write_text(finding, check.text);
        (void)snprintf(finding->mend, sizeof(finding->mend), "%s", check.mend);
        ask_who_minds(d, finding);
        remedy_find(d, finding);
    }
}

/* ---- what is no check ------------------------------------------------------------------------ */

/* A name with A records only, said from an IPv6 address; or the other way round. */
static void find_family(struct doctor *d, const struct patient *patient)
{
    const char *type = strchr(patient->address, ':') != NULL ? "AAAA" : "A";
    const char *helo = view_text(&patient->view, "helo");
    struct finding *finding;
    struct view_fact fact;

    if (!patient->given || !view_find_fact(&patient->view, "helo_forward", &fact) ||
        fact.value == NULL || strcmp(fact.value, "no address of the client's family") != 0)
        return;
    finding = add_finding(d, patient, "address_family");
    if (finding == NULL)
        return;
    (void)snprintf(finding->text, sizeof(finding->text),
                   "HELO \"%s\" has no %s record, and you send from [%s]", helo, type,
                   patient->address);
    (void)snprintf(finding->mend, sizeof(finding->mend), "give the name an %s record, too", type);
    remedy_find(d, finding);
}

/* RFC 5321 4.1.3 allows it; people who count spam do not like it. */
static void find_literal(struct doctor *d)
{
    static const char *const faults[] = {"literal_syntax", "literal_mismatch", "localhost"};
    const char *helo = view_text(&d->patients[0].view, "helo");
    struct finding *finding;
    struct view_check check;

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (view_find_check(&d->patients[0].view, faults[i], &check) &&
            strcmp(check.outcome, "fail") == 0)
            return;
    if (helo == NULL || helo[0] != '[')
        return;
    finding = add_finding(d, d->patients, "literal");
    if (finding == NULL)
        return;
    (void)snprintf(finding->text, sizeof(finding->text),
                   "HELO \"%.280s\" is an address, which RFC 5321 4.1.3 allows, and not a name",
                   helo);
    (void)snprintf(finding->mend, sizeof(finding->mend),
                   "make your mail server say its full host name");
    remedy_find(d, finding);
}

/* Where a receiver waits for DNS (dns.on_failure: defer), mail waits, too. */
static void ask_who_waits(const struct doctor *d, struct finding *finding)
{
    size_t patient = (size_t)(finding->patient - d->patients);
    struct view_check check;

    for (size_t i = 0; i < d->receiver_count; i++) {
        const struct view *view = &d->receivers[i].view[patient];

        for (size_t k = 0; view_check(view, k, &check); k++)
            if (d->receivers[i].would[patient] == HELO_ACTION_DEFER &&
                strcmp(check.outcome, "unknown") == 0 && view_is_ground(view, check.name))
                finding->deferred_by |= 1u << i;
    }
}

static void add_silence(struct doctor *d, const struct patient *patient, const char *cause,
                        const char *whose, const char *servers)
{
    struct finding *finding = add_finding(d, patient, "dns");

    if (finding == NULL)
        return;
    (void)snprintf(finding->text, sizeof(finding->text),
                   "DNS gives no definite answer (%s) about %s", cause, whose);
    (void)snprintf(finding->mend, sizeof(finding->mend),
                   "see that the name servers for %s answer, all of them and every time", servers);
    ask_who_waits(d, finding);
}

static int is_unknown(const struct patient *patient, const char *name, struct view_fact *fact)
{
    return view_find_fact(&patient->view, name, fact) && strcmp(fact->state, "unknown") == 0 &&
           fact->cause != NULL && strcmp(fact->cause, "open") != 0;
}

static void find_silence(struct doctor *d, const struct patient *patient)
{
    char whose[DOCTOR_NAME_SIZE + 64], reverse[DOCTOR_NAME_SIZE];
    const char *helo = view_text(&patient->view, "helo");
    const char *ptr = view_text(&patient->view, "ptr");
    struct view_fact fact;

    remedy_reverse_name(patient->address, reverse, sizeof(reverse));
    (void)snprintf(whose, sizeof(whose), "the reverse DNS of [%s]", patient->address);
    if (is_unknown(patient, "client_ptr", &fact))
        add_silence(d, patient, fact.cause, whose, reverse);
    else if (ptr != NULL && is_unknown(patient, "client_fcrdns", &fact))
        add_silence(d, patient, fact.cause, ptr, ptr);
    if (patient == d->patients && helo != NULL && is_unknown(patient, "helo_address", &fact))
        add_silence(d, patient, fact.cause, "the name in HELO", helo);
}

/* ---- order ----------------------------------------------------------------------------------- */

static int is_worse(const struct finding *a, const struct finding *b)
{
    int refused = __builtin_popcount(a->refused_by) - __builtin_popcount(b->refused_by);
    int deferred = __builtin_popcount(a->deferred_by) - __builtin_popcount(b->deferred_by);

    return refused != 0 ? refused > 0 : deferred > 0;
}

/* By insertion: equal ones stay as they are. */
static void sort_findings(struct doctor *d)
{
    for (size_t i = 1; i < d->finding_count; i++) {
        struct finding moved = d->findings[i];
        size_t at = i;

        for (; at > 0 && is_worse(&moved, &d->findings[at - 1]); at--)
            d->findings[at] = d->findings[at - 1];
        d->findings[at] = moved;
    }
}

void findings_make(struct doctor *d)
{
    remedy_choose_name(d);
    find_literal(d);
    for (size_t i = 0; i < d->patient_count; i++) {
        find_fails(d, &d->patients[i]);
        find_family(d, &d->patients[i]);
        find_silence(d, &d->patients[i]);
    }
    sort_findings(d);
}

int findings_need_helo(const struct doctor *d)
{
    for (size_t i = 0; i < d->finding_count; i++)
        if (d->findings[i].change_helo)
            return 1;
    return 0;
}
