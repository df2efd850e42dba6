/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - one site's settings, as an immutable snapshot
 *
 * PURPOSE  What policy/load.c makes of YAML, and what the verdict, the exemptions and the engine
 *          read.
 * CONTRACT Never changed after it was loaded. Every scalar setting is one row of schema.def and one
 *          field of struct settings. reject and defer stand for what mode: enforce would do; `mode`
 *          is applied last.
 * OWNERSHIP Reference-counted; all memory is the policy's.
 * THREADS  ref and unref from any thread; the rest is read-only.
 */
#ifndef HELO_POLICY_POLICY_H
#define HELO_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip.h"
#include "checks/registry.h"
#include "facts/facts.h"
#include "facts/reference.h"
#include "include/helo.h"
#include "policy/settings.h"

/* Where a list entry stands, and what the site wrote beside it. */
struct policy_entry {
    const char *text;    /* the entry itself: "192.0.2.0/24", "postmaster" */
    const char *file;    /* one of the policy's files; "": built in */
    unsigned line;       /* 0: built in */
    const char *note;    /* or NULL */
    const char *owner;   /* or NULL */
    int64_t expires_day; /* last day it holds (clock_today()); INT64_MAX: never */
};

struct policy_list {
    struct policy_entry *entries;
    size_t count;
    struct arena texts; /* text, note and owner of all entries */
};

/* Where a value comes from: "" and 0 for what is built in. file is one of the policy's files. */
struct origin {
    const char *file;
    unsigned line;
};

enum { SCORE_ONE = 100 }; /* scores are kept in hundredths */

/* What becomes of each outcome. The site's, or a listener's own. */
struct rules {
    enum helo_action action[REASON_COUNT];
    unsigned score[REASON_COUNT]; /* hundredths; of a fail for this reason */
    struct origin action_origin[REASON_COUNT];
    struct origin score_origin[REASON_COUNT];
    bool enabled[CHECK_COUNT]; /* some reason of it is not off; policy_settle() */
    fact_mask needs;           /* of all enabled checks; policy_settle() */
    unsigned score_defer;      /* hundredths; 0: never */
    unsigned score_reject;
};

/* Who comes in there is judged by other rules: listeners: [{port: 2525, profile: strict}]. */
struct listener {
    const struct policy_entry *entry; /* of policy->listeners */
    char *name;                       /* {daemon_name}; NULL: any */
    unsigned port;                    /* {daemon_port}; 0: any */
    char *profile;                    /* NULL: none, but checks of its own */
    struct rules rules;
};

/* What the site says to the sender in place of our sentences: reply.texts. */
struct reply_text {
    const char *text; /* NULL: ours */
    struct origin origin;
};

struct helo_policy {
    unsigned refs;    /* atomic */
    const char *path; /* of the main file; "" for the default policy */
    char *profile;    /* its name; NULL: none */
    struct origin profile_origin;
    struct settings settings;
    struct origin setting_origin[SETTING_ROWS]; /* by setting_row() */
    struct rules rules;
    struct reply_text reply_texts[REASON_COUNT];
    struct arena reply_arena; /* of the texts */

    struct identity own;          /* server.names, server.addresses */
    struct policy_list own_names; /* the same, with their places */
    struct policy_list own_addresses;
    struct policy_list networks; /* exempt client networks */
    struct ip_set
        network_set; /* tag: index into networks. Of those that contain a client, the most specific
                                      one holds the longest: the others are not in the set. */
    struct policy_list recipients; /* exempt: local part, or address */
    struct policy_list listener_names;
    struct policy_list listener_ports;
    unsigned *ports;                 /* of listener_ports, same order */
    struct policy_list helo_names;   /* exempt when DNS confirms them to be the client's */
    struct domain_set helo_set;      /* tag: index into helo_names */
    struct policy_list rdns_domains; /* exempt when a confirmed PTR name lies in one */
    struct domain_set rdns_set;      /* tag: index into rdns_domains */
    struct policy_list tls_clients;  /* exempt: names in verified client certificates */
    struct pattern_list tls_set;     /* tag: index into tls_clients */

    struct policy_list deny; /* lists.deny; reference.denied has its patterns */
    struct policy_list skip; /* lists.skip */
    struct pattern_list skip_set;
    struct policy_list mx_deny; /* lists.mx_deny */

    struct policy_list special_tlds; /* data.*: with their places, for people */
    struct policy_list dialup_words;
    struct policy_list veto_words;
    struct policy_list senders;
    struct policy_list pools;
    struct policy_list rhsbl_zones;
    struct reference reference; /* what checks see of the lists */

    struct policy_list listeners;
    struct listener *listener_rules; /* of listeners, same order */

    struct policy_list dns_server_list; /* with their places */
    char **dns_servers;                 /* checked and in the form backend.h wants */
    size_t dns_server_count;

    char **files; /* paths of the main file and of those it includes: what entries point to */
    size_t file_count;
    struct policy_list versions; /* `version:` of data files */
    /* The first day on which an entry does not hold any more that held when this was loaded;
     * INT64_MAX: none of them ends. */
    int64_t stale_day;
};

/* A new policy with every default and one reference; NULL without memory. */
struct helo_policy *policy_create(void);

/* The rules for who comes in there. */
const struct rules *policy_rules(const struct helo_policy *policy, const char *listener_name,
                                 unsigned listener_port, int64_t today);
/* The entry that a fail of this check names (outcome.entry), or NULL. */
const struct policy_entry *policy_entry_of(const struct helo_policy *policy, enum check_id check,
                                           uint32_t entry);
/* Some rules have the action `tag`, and mode is enforce. */
bool policy_tags(const struct helo_policy *policy);

/*
 * For those who fill a new policy: policy_add.c. False: no memory; the policy is then good for
 * nothing but helo_policy_unref(). Texts are copied, but for entry->file.
 */
bool policy_add_file(struct helo_policy *policy, const char *path);
bool policy_add_entry(struct policy_list *list, const struct policy_entry *entry);
bool policy_add_port(struct helo_policy *policy, const struct policy_entry *entry, unsigned port);
/* reference.senders gets one more, without hosts. */
bool policy_add_sender(struct helo_policy *policy, const struct policy_entry *entry);
/* name and profile may be NULL, port 0. */
bool policy_add_listener(struct helo_policy *policy, const struct policy_entry *entry,
                         const char *name, unsigned port, const char *profile,
                         const struct rules *rules);
bool policy_add_server(struct helo_policy *policy, const struct policy_entry *entry);
/* In place of the sentences of this reason. */
bool policy_add_reply_text(struct helo_policy *policy, enum reason_id reason, const char *text,
                           const struct origin *origin);
/* The name is normalised. */
bool policy_add_own_name(struct helo_policy *policy, const struct policy_entry *entry);
bool policy_add_own_address(struct helo_policy *policy, const struct policy_entry *entry,
                            const struct ip *address);
void policy_clear_list(struct policy_list *list);
/* Sets what follows from the actions and scores, and seals sets; false: no memory. */
bool policy_settle(struct helo_policy *policy);
/* Every default, without thresholds. */
void rules_init(struct rules *rules);
/* Sets enabled and needs. */
void rules_settle(struct rules *rules);

#endif /* HELO_POLICY_POLICY_H */
