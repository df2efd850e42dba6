/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remedy.c - what mends a finding: records to publish, a name to say
 *
 * CONTRACT Records are whole lines of a zone, names with their final dot, ready to be pasted. What
 *          only somebody else can do (a PTR record, mostly the provider's) is said to be so.
 * STANDARDS RFC 1035 3.5 (in-addr.arpa), RFC 3596 2.5 (ip6.arpa).
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tools/doctor/doctor.h"

/* ---- names ----------------------------------------------------------------------------------- */

void remedy_reverse_name(const char *address, char *out, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[sizeof(struct in6_addr)];
    size_t used = 0;

    out[0] = '\0';
    if (inet_pton(AF_INET, address, bytes) == 1) {
        (void)snprintf(out, size, "%u.%u.%u.%u.in-addr.arpa.", bytes[3], bytes[2], bytes[1],
                       bytes[0]);
        return;
    }
    if (inet_pton(AF_INET6, address, bytes) != 1)
        return;
    for (size_t i = sizeof(bytes); i-- > 0 && used + 5 < size;)
        used += (size_t)snprintf(out + used, size - used, "%c.%c.", digits[bytes[i] & 15],
                                 digits[bytes[i] >> 4]);
    (void)snprintf(out + used, size - used, "ip6.arpa.");
}

/* The first PTR name of "a.example (no), b.example (yes)" with this mark, or of all for NULL. */
static int find_ptr(const struct patient *patient, const char *mark, char out[DOCTOR_NAME_SIZE])
{
    struct view_fact fact;

    if (!view_find_fact(&patient->view, "client_fcrdns", &fact) || fact.value == NULL)
        return 0;
    for (const char *at = fact.value; *at != '\0'; at += strcspn(at, ",")) {
        size_t length;

        at += strspn(at, ", ");
        length = strcspn(at, " ,");
        if (length == 0 || length >= DOCTOR_NAME_SIZE)
            return 0;
        if (mark == NULL || strncmp(at + length, mark, strlen(mark)) == 0) {
            (void)snprintf(out, DOCTOR_NAME_SIZE, "%.*s", (int)length, at);
            return 1;
        }
    }
    return 0;
}

static int has_failed(const struct patient *patient, const char *check)
{
    struct view_check found;

    return view_find_check(&patient->view, check, &found) && strcmp(found.outcome, "fail") == 0;
}

/* What is said is a host name that a server may have, if its top-level domain is one. */
static int is_name_good(const struct patient *patient, const char *helo)
{
    static const char *const faults[] = {
        "no_helo",        "syntax",    "underscore", "not_fqdn",    "bare_ip",
        "literal_syntax", "localhost", "dynamic",    "rcpt_domain", "impersonation",
    };

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (has_failed(patient, faults[i]))
            return 0;
    return helo != NULL && helo[0] != '[' && strlen(helo) < DOCTOR_NAME_SIZE;
}

/* The domain that the sender's mail is from: somebody@mail.example.org is of example.org. */
static const char *domain_of_sender(const struct doctor *d, char domain[DOCTOR_NAME_SIZE])
{
    const char *at = d->c.from != NULL ? strrchr(d->c.from, '@') : NULL;

    if (at == NULL)
        return NULL;
    (void)snprintf(domain, DOCTOR_NAME_SIZE, "%.*s", (int)strcspn(at + 1, "> "), at + 1);
    return helo_organisational_domain(domain);
}

void remedy_choose_name(struct doctor *d)
{
    const struct patient *patient = &d->patients[0];
    const char *helo = view_text(&patient->view, "helo");
    char mailbox[DOCTOR_NAME_SIZE];
    const char *domain = domain_of_sender(d, mailbox);

    d->name_is_own = 1;
    d->helo_is_reserved = is_name_good(patient, helo) && has_failed(patient, "special_tld");
    d->helo_is_good = is_name_good(patient, helo) && !d->helo_is_reserved;
    if (d->helo_is_good) {
        (void)snprintf(d->name, sizeof(d->name), "%s", helo);
    } else if (!find_ptr(patient, " (yes)", d->name) || has_failed(patient, "dynamic")) {
        d->name_is_own = 0;
        (void)snprintf(d->name, sizeof(d->name), "mail.%.200s",
                       domain != NULL ? domain : "example.org");
    }
}

/* ---- records --------------------------------------------------------------------------------- */

typedef int record_fn(const struct doctor *d, const struct finding *finding,
                      char out[DOCTOR_RECORD_SIZE]);

static int address_record(const char *name, const char *address, char out[DOCTOR_RECORD_SIZE])
{
    return snprintf(out, DOCTOR_RECORD_SIZE, "%s%s IN %s %s", name,
                    name[strlen(name) - 1] == '.' ? "" : ".",
                    strchr(address, ':') != NULL ? "AAAA" : "A", address) > 0;
}

static int ptr_to_name(const struct doctor *d, const struct finding *finding,
                       char out[DOCTOR_RECORD_SIZE])
{
    char reverse[DOCTOR_NAME_SIZE], ptr[DOCTOR_NAME_SIZE];

    /* It stands there already: only what is said in HELO has to change. */
    if (find_ptr(finding->patient, " (yes)", ptr) && strcmp(ptr, d->name) == 0)
        return 0;
    remedy_reverse_name(finding->patient->address, reverse, sizeof(reverse));
    return snprintf(out, DOCTOR_RECORD_SIZE, "%s IN PTR %s%s", reverse, d->name,
                    d->name[strlen(d->name) - 1] == '.' ? "" : ".") > 0;
}

/* Of the name to say, where it is not known to have the address. */
static int address_of_name(const struct doctor *d, const struct finding *finding,
                           char out[DOCTOR_RECORD_SIZE])
{
    const char *helo = view_text(&finding->patient->view, "helo");
    char ptr[DOCTOR_NAME_SIZE];
    struct view_fact fact;

    if (helo != NULL && strcmp(helo, d->name) == 0 &&
        view_find_fact(&finding->patient->view, "helo_forward", &fact) &&
        strcmp(fact.state, "yes") == 0)
        return 0;
    if (find_ptr(finding->patient, " (yes)", ptr) && strcmp(ptr, d->name) == 0)
        return 0;
    return address_record(d->name, finding->patient->address, out);
}

static int address_of_ptr(const struct doctor *d, const struct finding *finding,
                          char out[DOCTOR_RECORD_SIZE])
{
    char ptr[DOCTOR_NAME_SIZE];

    (void)d;
    return find_ptr(finding->patient, NULL, ptr) &&
           address_record(ptr, finding->patient->address, out);
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define NOT_ALONE                                                                                  \
    "No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other " \
    "faults. "

static const struct remedy {
    const char *check;
    int change_helo;
    record_fn *records[DOCTOR_RECORDS]; /* ends with NULL */
    const char *remark;                 /* NULL: none */
} remedies[] = {
    {"no_helo", 1, {address_of_name}, NULL},
    {"syntax", 1, {address_of_name}, NULL},
    {"underscore", 1, {address_of_name}, NULL},
    {"not_fqdn", 1, {address_of_name}, NULL},
    {"bare_ip", 1, {address_of_name}, NULL},
    {"literal_syntax", 1, {address_of_name}, NULL},
    {"literal_mismatch",
     1,
     {address_of_name},
     "Behind NAT a server knows its inner address only: a name is what all can know."},
    {"localhost", 1, {address_of_name}, NULL},
    {"special_tld",
     1,
     {address_of_name},
     "What the machine is called at home may stay so: only what is said in HELO has to change."},
    {"dynamic",
     1,
     {ptr_to_name, address_of_name},
     "Where the provider gives no name of your own, send through the provider's mail server."},
    {"rcpt_domain", 1, {address_of_name}, NULL},
    {"impersonation", 1, {address_of_name}, NULL},
    {"own_name", 1, {address_of_name}, NULL},
    {"no_address", 0, {address_of_name}, NULL},
    {"bogus_address",
     0,
     {address_of_name},
     "Inside your network the name may well have another address (split DNS)."},
    {"no_ptr",
     0,
     {ptr_to_name, address_of_name},
     "The PTR record stands in the zone of whoever gave you the address: mostly your provider, who "
     "has a form for it, or does it when asked. The other record is yours."},
    {"fcrdns",
     0,
     {address_of_ptr},
     "Or, where that name is not yours, have the PTR record name your server (mostly your "
     "provider does that)."},
    {"forward_mismatch",
     0,
     {address_of_name},
     NOT_ALONE
     "Where a cluster or NAT sends from several addresses, the name may have all of them."},
    {"rdns_mismatch",
     0,
     {ptr_to_name},
     NOT_ALONE "Say what the PTR record says, or have that name what you say."},
    {"literal",
     1,
     {address_of_name},
     "An address in brackets is for hosts without a name; spam has it more often than mail."},
    {"address_family",
     0,
     {address_of_name},
     NOT_ALONE "Servers that can do both prefer IPv6: your mail comes from there wherever it can."},
};

static const struct remedy *find_row(const char *check)
{
    for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
        if (strcmp(remedies[i].check, check) == 0)
            return &remedies[i];
    return NULL;
}

/* Nobody said that the server sends from there. */
static void remark_other(const struct finding *finding, char out[DOCTOR_RECORD_SIZE])
{
    (void)snprintf(out, DOCTOR_RECORD_SIZE,
                   "You did not name this address, but your server's name has it: then mail to "
                   "receivers with%s IPv6 mostly comes from there. If yours does not, let it be.",
                   strchr(finding->patient->address, ':') != NULL ? "" : "out");
}

void remedy_find(const struct doctor *d, struct finding *finding)
{
    const struct remedy *row = find_row(finding->check.name);

    if (row == NULL)
        return;
    finding->change_helo = row->change_helo;
    if (!finding->patient->given)
        remark_other(finding, finding->remark);
    else if (row->remark != NULL)
        (void)snprintf(finding->remark, sizeof(finding->remark), "%s", row->remark);
    for (size_t i = 0; i < DOCTOR_RECORDS && row->records[i] != NULL; i++)
        finding->records += (size_t)row->records[i](d, finding, finding->record[finding->records]);
}
