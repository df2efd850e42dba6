/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lists.h - the lists of a policy as rows
 *
 * PURPOSE  For those who go through all of them: what a policy comes to, and how two differ.
 * CONTRACT One row per LIST of schema.def, in its order.
 * THREADS  any; all rows are constant.
 */
#ifndef HELO_POLICY_LISTS_H
#define HELO_POLICY_LISTS_H

#include "policy/policy.h"

enum list_kind {
    LIST_OF_ENTRIES,
    LIST_OF_POOLS,
    LIST_OF_SENDERS,
    LIST_OF_ZONES,
    LIST_OF_LISTENERS
};

struct list_row {
    const char *key;     /* "exempt.recipients" */
    const char *part;    /* the key of an entry that is written as a mapping: "net"; or NULL */
    enum list_kind kind; /* what else an entry has */
    size_t offset;       /* of its struct policy_list in struct helo_policy */
};

/* Row i, or NULL past the last. */
const struct list_row *list_row(size_t i);
/* NULL when there is none of that key. */
const struct list_row *list_find(const char *key);
const struct policy_list *list_of(const struct helo_policy *policy, const struct list_row *row);

/* An item of an entry that has several; NULL past the last. They are those of senders and zones. */
const char *list_sender_name(const struct helo_policy *policy, size_t sender, size_t i);
const char *list_sender_host(const struct helo_policy *policy, size_t sender, size_t i);
enum { LIST_CODE_SIZE = 2 * IP_TEXT_SIZE };
/* "127.0.1.2-127.0.1.99", "127.0.0.2"; false past the last. */
bool list_zone_code(const struct helo_policy *policy, size_t zone, size_t i,
                    char out[LIST_CODE_SIZE]);

#endif /* HELO_POLICY_LISTS_H */
