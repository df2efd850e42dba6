/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * facts.h - what is known of a session
 *
 * PURPOSE  The one value that checks read: what the client said, who it is, who we are, and what
 *          DNS says of both.
 * CONTRACT A fact is yes, no, or unknown with a cause. A look-up that failed is never a "no". A
 *          fact that nobody has asked for yet is unknown(pending): a check that meets it says so,
 *          and that is how the engine learns which look-ups are worth making.
 * OWNERSHIP Everything is in the struct, but for `own` and `ref`, which belong to the engine's
 *           snapshot and outlive it.
 * THREADS  none of its own.
 */
#ifndef HELO_FACTS_FACTS_H
#define HELO_FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/limits.h"
#include "name/helo_name.h"

/* name, the question it answers */
#define FACT_LIST(X)                                                      \
    X(client_ptr, "the client's address has a PTR record")                \
    X(client_fcrdns, "a PTR name of the client has the client's address") \
    X(helo_address, "the HELO domain has an address")                     \
    X(helo_forward, "the HELO domain has the client's address")           \
    X(helo_mx, "the HELO domain has an MX record")                        \
    X(helo_public, "an address of the HELO domain is a public one")       \
    X(helo_mx_bad, "an MX host of the HELO domain is a bogus one")        \
    X(helo_rhsbl, "the HELO domain is on a domain list")                  \
    X(client_churn, "the client has said more names than a host has")

enum fact_id {
#define FACT_ENUM(name, text) FACT_##name,
    FACT_LIST(FACT_ENUM)
#undef FACT_ENUM
        FACT_COUNT
};

typedef unsigned fact_mask; /* 1u << enum fact_id */
#define FACT_BIT(name) (1u << FACT_##name)

/* What is about the client's address alone, whatever it says in HELO. */
#define FACTS_OF_CLIENT (FACT_BIT(client_ptr) | FACT_BIT(client_fcrdns))

enum fact_state { FACT_UNKNOWN, FACT_NO, FACT_YES };

/*
 * Why a fact is unknown; the names appear in logs and JSON. PENDING is a fact that may still be
 * settled; in a verdict only those are left that nobody needed, hence its name. RESOLVER: ours is
 * down, cannot be reached, or has more to do than it can. BUDGET: the client has used up its own.
 */
#define FACT_CAUSE_LIST(X)    \
    X(NONE, "none")           \
    X(PENDING, "open")        \
    X(TIMEOUT, "timeout")     \
    X(SERVFAIL, "servfail")   \
    X(REFUSED, "refused")     \
    X(MALFORMED, "malformed") \
    X(RESOLVER, "resolver")   \
    X(BUDGET, "budget")       \
    X(PATTERN, "pattern")

enum fact_cause {
#define FACT_CAUSE_ENUM(name, text) CAUSE_##name,
    FACT_CAUSE_LIST(FACT_CAUSE_ENUM)
#undef FACT_CAUSE_ENUM
};

/* Who says so. STALE is an answer past its time, since there is no newer one: it makes a yes only
 * (RFC 8767). */
#define FACT_SOURCE_LIST(X) \
    X(NONE, "none")         \
    X(MTA, "mta")           \
    X(DNS, "dns")           \
    X(STALE, "stale")       \
    X(NAME, "name")         \
    X(MEMORY, "memory")

enum fact_source {
#define FACT_SOURCE_ENUM(name, text) SOURCE_##name,
    FACT_SOURCE_LIST(FACT_SOURCE_ENUM)
#undef FACT_SOURCE_ENUM
};

struct fact {
    enum fact_state state;
    enum fact_cause cause; /* why it is unknown, or only stale; else NONE */
    enum fact_source source;
};

/* A name from a PTR record of the client. */
struct ptr_name {
    char name[LIMIT_NAME_CHARS + 1]; /* lower case, no trailing dot, a host name */
    struct fact confirmed;           /* it has the client's address */
};

/* Names and addresses that are the server's own. Read-only once made. */
struct identity {
    char (*names)[LIMIT_NAME_CHARS + 1]; /* lower case, two labels or more */
    size_t name_count;
    struct ip *addresses; /* those the site has configured come first */
    size_t address_count;
    size_t configured_addresses;
};

struct reference; /* facts/reference.h */
struct domain_set;

struct facts {
    /* From events. */
    struct ip client; /* IP_NONE: local submission */
    struct helo_name helo;
    bool helo_voided;  /* STARTTLS came, and no HELO after it (RFC 3207 4.2) */
    bool helo_changed; /* there was another one since the connect or STARTTLS */
    char helo_before[LIMIT_HELO_BEFORE + 1]; /* the last other one, printable, perhaps cut */
    bool authenticated;
    char tls_client[LIMIT_MACRO_TEXT + 1]; /* name in a certificate that was verified; "" else */
    bool in_recipient;                     /* a recipient is being judged */
    char recipient_local[LIMIT_PATH_TEXT + 1];   /* printable, as given */
    char recipient_domain[LIMIT_NAME_CHARS + 1]; /* lower case; "" when there is none */

    /* What the site and its data files know of names; may be NULL: nothing. */
    const struct reference *ref;
    fact_mask wanted;        /* facts that some check in force may ask for; the others stay open */
    unsigned rhsbl_unusable; /* bit i: its zone i has failed the test (session/selftest.c) */
    int64_t today;           /* clock_today(), for entries that expire */

    /* Who we are: the engine's snapshot, and what the MTA says on this connection. */
    const struct identity *own;
    char mta_names[LIMIT_MACRO_NAMES][LIMIT_NAME_CHARS + 1];
    size_t mta_name_count;
    struct ip mta_addresses[LIMIT_MACRO_NAMES];
    size_t mta_address_count;

    /* From DNS, or from an MTA that had asked. */
    struct fact fact[FACT_COUNT];
    struct ptr_name ptr[LIMIT_PTR_NAMES];
    size_t ptr_count;
    bool ptr_cut; /* there were more */
    struct ip helo_addresses[LIMIT_ADDRESSES];
    size_t helo_address_count;
    bool helo_family;   /* one of them has the client's family */
    bool helo_same_net; /* none is the client's, but one is in its /24 or /64 */
    bool helo_alias;    /* a CNAME was followed */
    /* Of a bad MX host: its name; whether the site has listed it. */
    char mx_name[LIMIT_NAME_CHARS + 1];
    bool mx_listed;
    uint32_t mx_entry; /* its tag, when it has */
    /* dns/derive.c's: the answer whose hosts were searched for on that list, and what came of it */
    const void *mx_searched;
    struct fact mx_found;
    size_t mx_host;
    /* Of a listing: which of the reference's zones, and what it answered. */
    unsigned rhsbl_zone;
    struct ip rhsbl_code;

    /* From what the engine remembers: names of this client in the window, this HELO among them. */
    unsigned client_names;
};

/* Nothing known: every fact unknown(pending). */
void facts_init(struct facts *f);
/* Forgets what DNS said; what the MTA said and what is remembered stays. */
void facts_reset_dns(struct facts *f);
void fact_set(struct facts *f, enum fact_id id, enum fact_state state, enum fact_source source);
void fact_set_unknown(struct facts *f, enum fact_id id, enum fact_cause cause,
                      enum fact_source source);
/* It may still be settled. */
bool fact_is_open(const struct fact *fact);
/*
 * Of two where one yes is enough, *sum becomes what both say: yes; else open, while either is; else
 * a yes that is only stale; else unknown, for the former's cause before the latter's; else no.
 */
void fact_join(struct fact *sum, const struct fact *one);

/*
 * The HELO as lists are searched for it, and as two are compared: the domain; an address as
 * "192.0.2.1", "[192.0.2.1]" or "[ipv6:2001:db8::1]", however it was spelled; or what else was
 * said, in lower case. Made in out when it is not there already.
 */
const char *facts_helo_key(const struct facts *f, char out[LIMIT_HELO_TEXT + 1]);
/* name as in helo_name.domain: lower case, without a trailing dot. */
bool facts_is_own_name(const struct facts *f, const char *name);
/* The own name that this one lies below, or NULL. */
const char *facts_own_name_above(const struct facts *f, const char *name);
bool facts_is_own_address(const struct facts *f, const struct ip *address);
bool facts_is_configured_address(const struct facts *f, const struct ip *address);

/* The MTA has found the client's address among those of this very name. */
bool facts_mta_knows_helo(const struct facts *f);
/*
 * Whether DNS confirms the HELO domain to be the client's: its addresses have the client's, or a
 * confirmed PTR name is of the same organisation.
 */
struct fact facts_helo_confirmed(const struct facts *f);
/*
 * What is to be said of "some PTR name of the client is such a one" when no known name is: no; but
 * unknown when its names are, or only those of a stale answer are known.
 */
struct fact facts_no_ptr_name(const struct facts *f);
/* A confirmed PTR name lies in domain; unknown while such a name, or the PTR itself, is. */
struct fact facts_rdns_within(const struct facts *f, const char *domain);
/* The same for a sealed set of domains. */
struct fact facts_rdns_in_set(const struct facts *f, const struct domain_set *domains);
/*
 * Whether the HELO is one of those that helo_churn counts: a domain that is definitely not
 * confirmed, an address that is not the client's, or neither.
 */
bool facts_helo_counts(const struct facts *f);

const char *fact_name(enum fact_id id);
const char *fact_state_text(enum fact_state state);
const char *fact_cause_text(enum fact_cause cause);
const char *fact_source_text(enum fact_source source);

#endif /* HELO_FACTS_FACTS_H */
