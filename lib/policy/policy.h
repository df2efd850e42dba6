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

#include "base/ip.h"
#include "checks/registry.h"
#include "facts/facts.h"
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
    char *memory;        /* of text, note and owner */
};

struct policy_list {
    struct policy_entry *entries;
    size_t count;
};

struct helo_policy {
    unsigned refs;    /* atomic */
    const char *path; /* of the main file; "" for the default policy */
    struct settings settings;
    enum helo_action action[REASON_COUNT];
    bool enabled[CHECK_COUNT]; /* some reason of it is not off */

    struct identity own;         /* server.names, server.addresses */
    struct policy_list networks; /* exempt client networks */
    struct ip_set
        network_set; /* tag: index into networks. Of those that contain a client, the most specific
                                      one holds the longest: the others are not in the set. */
    struct policy_list recipients; /* exempt: local part, or address */
    struct policy_list listener_names;
    struct policy_list listener_ports;
    unsigned *ports; /* of listener_ports, same order */

    char **dns_servers; /* checked and in the form backend.h wants */
    size_t dns_server_count;

    char **files; /* paths of the main file and of those it includes: what entries point to */
    size_t file_count;
};

/* A new policy with every default and one reference; NULL without memory. */
struct helo_policy *policy_create(void);

/*
 * For those who fill a new policy; false: no memory. Texts are copied, but for entry->file;
 * entry->memory is not looked at.
 */
bool policy_add_file(struct helo_policy *policy, const char *path);
bool policy_add_entry(struct policy_list *list, const struct policy_entry *entry);
bool policy_add_port(struct helo_policy *policy, const struct policy_entry *entry, unsigned port);
bool policy_add_server(struct helo_policy *policy, const char *server);
/* name is normalised. */
bool policy_add_own_name(struct helo_policy *policy, const char *name);
bool policy_add_own_address(struct helo_policy *policy, const struct ip *address);
void policy_clear_list(struct policy_list *list);
/* Sets `enabled` from the actions. */
void policy_settle(struct helo_policy *policy);

#endif /* HELO_POLICY_POLICY_H */
