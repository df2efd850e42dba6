/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * examine.c - one HELO from each address, by every rule
 *
 * ALGORITHM
 *  1. Each address is judged with every check that needs no list of the receiver's, and all facts.
 *  2. Where all are of one family, and the name has one of them, what it has of the other is a
 *     patient too: such a server sends by both, and the address that nobody thought of has no PTR
 *     record. A name with none of them is another machine's, and so are its addresses.
 *  3. All are judged by each built-in profile: what receivers with such rules do.
 *  One engine asks, so that no question is asked twice.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tools/doctor/doctor.h"

enum { POLICY_SIZE = 4096 };

/* ---- addresses that others do not see -------------------------------------------------------- */

struct range {
    const char *net;
    unsigned bits;
};

static int in_range(const unsigned char *address, size_t bytes, int family,
                    const struct range *range)
{
    unsigned char net[sizeof(struct in6_addr)];
    unsigned whole = range->bits / 8, rest = range->bits % 8;

    if (inet_pton(family, range->net, net) != 1 || whole >= bytes)
        return 0;
    return memcmp(address, net, whole) == 0 &&
           (rest == 0 || (address[whole] >> (8 - rest)) == (net[whole] >> (8 - rest)));
}

int examine_is_public(const char *address)
{
    /* RFC 6890; those for documentation count, or no example could be tried. */
    static const struct range v4[] = {{"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10},
                                      {"127.0.0.0", 8},    {"169.254.0.0", 16}, {"172.16.0.0", 12},
                                      {"192.168.0.0", 16}, {"224.0.0.0", 3}};
    static const struct range v6[] = {{"::", 96}, {"fc00::", 7}, {"fe80::", 10}, {"ff00::", 8}};
    unsigned char bytes[sizeof(struct in6_addr)];
    int family = inet_pton(AF_INET, address, bytes) == 1 ? AF_INET : AF_INET6;
    const struct range *ranges = family == AF_INET ? v4 : v6;
    size_t count = family == AF_INET ? sizeof(v4) / sizeof(v4[0]) : sizeof(v6) / sizeof(v6[0]);

    if (family == AF_INET6 && inet_pton(AF_INET6, address, bytes) != 1)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (in_range(bytes, family == AF_INET ? 4 : 16, family, &ranges[i]))
            return 0;
    return 1;
}

/* ---- policies -------------------------------------------------------------------------------- */

/* Rules of some receiver, and nothing of this machine. */
static const char common[] = "server: {learn: false}\n"
                             "exempt: {recipients: [], listener_ports: [], listener_names: []}\n";

/* Checks that rest on lists of the receiver's, or on what a client did before. */
static int is_of_receiver(const char *check)
{
    static const char *const names[] = {"listed", "helo_churn", "helo_changed", "rhsbl"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(check, names[i]) == 0)
            return 1;
    return 0;
}

static void write_every_check(char out[POLICY_SIZE])
{
    const struct helo_check_info *info;
    size_t used = (size_t)snprintf(out, POLICY_SIZE, "%schecks:\n", common);

    for (size_t i = 0; (info = helo_check_info(i)) != NULL && used < POLICY_SIZE; i++)
        used += (size_t)snprintf(out + used, POLICY_SIZE - used, "  %s: %s\n", info->name,
                                 is_of_receiver(info->name) ? "off" : "observe");
}

static void write_profile(char out[POLICY_SIZE], const char *profile)
{
    (void)snprintf(out, POLICY_SIZE, "mode: enforce\nprofile: %s\n%s", profile, common);
}

/* ---- judging --------------------------------------------------------------------------------- */

struct examination {
    helo_engine *engine; /* NULL: not yet */
    const helo_zone *zone;
};

/* The engine judges by this policy from now on. What is worth a note in it is none to its user. */
static enum helo_status follow(struct examination *x, const char *yaml)
{
    const struct helo_engine_options options = {
        .size = sizeof(options), .zone = x->zone, .all_facts = 1};
    helo_policy *policy = NULL;
    enum helo_status status = helo_policy_parse(yaml, strlen(yaml), "doctor", NULL, NULL, &policy);

    if (status == HELO_OK)
        status = x->engine == NULL ? helo_engine_create(policy, &options, &x->engine)
                                   : helo_engine_set_policy(x->engine, policy);
    helo_policy_unref(policy);
    return status;
}

static enum helo_status judge(struct examination *x, const struct doctor *d, const char *client,
                              struct view *out)
{
    struct helo_case c = d->c;
    enum helo_action action;
    char *json = NULL;
    enum helo_status status;

    c.client = client;
    status = case_judge(x->engine, &c, HELO_FORMAT_JSON, &action, &json);
    if (status == HELO_OK && !view_read(out, json))
        status = HELO_NOMEM;
    helo_free(json);
    return status;
}

static enum helo_status add_patient(struct examination *x, struct doctor *d, const char *address,
                                    int given)
{
    struct patient *patient = &d->patients[d->patient_count];
    enum helo_status status;

    (void)snprintf(patient->address, sizeof(patient->address), "%s", address);
    patient->given = given;
    status = judge(x, d, patient->address, &patient->view);
    d->patient_count += status == HELO_OK;
    return status;
}

/* ---- the other addresses of the name --------------------------------------------------------- */

static int family_of(const char *address)
{
    return strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
}

/* The user has named an address of this family: mail comes from that one. */
static int is_family_given(const struct doctor *d, int family)
{
    for (size_t i = 0; i < d->given.count; i++)
        if (family_of(d->given.items[i]) == family)
            return 1;
    return 0;
}

/* Of how many given addresses DNS says this ("yes", "no") when asked whether the name has them. */
static size_t count_forward(const struct doctor *d, const char *state)
{
    struct view_fact fact;
    size_t count = 0;

    for (size_t i = 0; i < d->patient_count; i++)
        count += view_find_fact(&d->patients[i].view, "helo_forward", &fact) &&
                 strcmp(fact.state, state) == 0;
    return count;
}

/* "198.51.100.7, 2001:db8::7 (by CNAME)" */
static enum helo_status add_others(struct examination *x, struct doctor *d)
{
    enum helo_status status = HELO_OK;
    struct view_fact fact;
    const char *at;

    if (!view_find_fact(&d->patients[0].view, "helo_address", &fact) || fact.value == NULL)
        return HELO_OK;
    d->helo_is_others = count_forward(d, "no") == d->patient_count;
    if (count_forward(d, "yes") == 0)
        return HELO_OK;
    for (at = fact.value; *at != '\0' && status == HELO_OK && d->patient_count < DOCTOR_CLIENTS;) {
        size_t length = strcspn(at, ", ");
        char address[DOCTOR_ADDRESS_SIZE];

        (void)snprintf(address, sizeof(address), "%.*s", (int)length, at);
        if (examine_is_public(address) && !is_family_given(d, family_of(address)))
            status = add_patient(x, d, address, 0);
        at += length + strspn(at + length, ", ");
    }
    return status;
}

/* ---- receivers ------------------------------------------------------------------------------- */

static const char *const profiles[][2] = {
    {"rfc-safe", "what we recommend"},
    {"strict", "as strict as RFC 5321 lets anybody be"},
    {"postfix", "Postfix, as its users are told to set it"},
    {"exim", "Exim's verification of HELO and of the host"},
    {"fcrdns", "HELO, its address and its PTR record must agree"},
    {"godaddy", "GoDaddy, in 2006"},
    {"msu", "Michigan State University"},
    {"rickert", "Sendmail's FEATURE(block_bad_helo)"},
    {"modwest", "nothing is refused that RFC 5321 allows"},
    {"haraka", "Haraka's helo.checks"},
    {"qpsmtpd-lenient", "qpsmtpd, lenient"},
    {"qpsmtpd-rfc", "qpsmtpd, by the RFCs"},
    {"qpsmtpd-strict", "qpsmtpd, strict"},
    {"rspamd", "rspamd's scores"},
};

enum { PROFILE_COUNT = sizeof(profiles) / sizeof(profiles[0]) };
_Static_assert((int)PROFILE_COUNT <= (int)DOCTOR_PROFILES, "there is room for all receivers");

static enum helo_action action_of(const char *word)
{
    enum helo_action action = HELO_ACTION_REJECT;

    while (action > HELO_ACTION_ACCEPT && strcmp(helo_action_text(action), word) != 0)
        action--;
    return action;
}

static enum helo_status ask_receiver(struct examination *x, struct doctor *d,
                                     struct receiver *receiver)
{
    enum helo_status status = HELO_OK;

    for (size_t i = 0; i < d->patient_count && status == HELO_OK; i++) {
        status = judge(x, d, d->patients[i].address, &receiver->view[i]);
        if (status != HELO_OK)
            break;
        receiver->views++;
        receiver->would[i] = action_of(view_text(&receiver->view[i], "would"));
    }
    return status;
}

static enum helo_status ask_receivers(struct examination *x, struct doctor *d)
{
    enum helo_status status = HELO_OK;
    char yaml[POLICY_SIZE];

    for (size_t i = 0; i < PROFILE_COUNT && status == HELO_OK; i++) {
        struct receiver *receiver = &d->receivers[d->receiver_count++];

        receiver->profile = profiles[i][0];
        receiver->who = profiles[i][1];
        write_profile(yaml, receiver->profile);
        status = follow(x, yaml);
        if (status == HELO_OK)
            status = ask_receiver(x, d, receiver);
    }
    return status;
}

static int is_given_before(const struct doctor *d, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(d->given.items[k], d->given.items[i]) == 0)
            return 1;
    return 0;
}

enum helo_status examine(struct doctor *d, const helo_zone *zone)
{
    struct examination x = {.zone = zone};
    char yaml[POLICY_SIZE];
    enum helo_status status;

    write_every_check(yaml);
    status = follow(&x, yaml);
    for (size_t i = 0; i < d->given.count && status == HELO_OK; i++)
        if (!is_given_before(d, i))
            status = add_patient(&x, d, d->given.items[i], 1);
    if (status == HELO_OK)
        status = add_others(&x, d);
    if (status == HELO_OK)
        status = ask_receivers(&x, d);
    helo_engine_destroy(x.engine);
    return status;
}

void examine_fini(struct doctor *d)
{
    for (size_t i = 0; i < d->patient_count; i++)
        view_fini(&d->patients[i].view);
    for (size_t i = 0; i < d->receiver_count; i++)
        for (size_t k = 0; k < d->receivers[i].views; k++)
            view_fini(&d->receivers[i].view[k]);
}
