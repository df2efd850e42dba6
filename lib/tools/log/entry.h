/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.h - one message, or one try at one, as a mail log tells it
 *
 * PURPOSE  What all readers of logs make, and all who judge or search logs take.
 * CONTRACT Text is as the log has it: any bytes but NUL, bounded by ENTRY_TEXT_MAX; whoever shows
 *          it makes it printable (print_clean()). NULL: the log does not say. Nothing is guessed.
 *          helo alone may have a NUL: helo_length counts.
 * OWNERSHIP Lives during the call of log_entry_fn; a copy until free().
 * THREADS  one.
 */
#ifndef HELO_TOOLS_LOG_ENTRY_H
#define HELO_TOOLS_LOG_ENTRY_H

#include <stddef.h>

#include "include/helo.h"

enum {
    ENTRY_TEXT_MAX = 1024, /* of one value; longer ones are cut */
    LOG_ID_CHARS = 16      /* of an id of the filter's */
};

/* What became of it, as the log has it. */
enum log_outcome {
    LOG_OUTCOME_UNKNOWN,
    LOG_OUTCOME_ACCEPTED,
    LOG_OUTCOME_DEFERRED, /* 4xx */
    LOG_OUTCOME_REJECTED  /* 5xx */
};

/* What is known of the client's reverse DNS: RFC 8601 2.7.3. */
enum log_ptr {
    LOG_PTR_UNKNOWN,  /* nothing is said, or what is said may be one or the other */
    LOG_PTR_VERIFIED, /* ptr is confirmed forward and back */
    LOG_PTR_FORGED,   /* there is a name, which does not have the address */
    LOG_PTR_NONE,     /* there is none */
    LOG_PTR_TEMPERROR /* DNS did not answer */
};

/* Whether the HELO is known. */
enum log_helo {
    LOG_HELO_UNKNOWN, /* the log does not say: it cannot be judged */
    LOG_HELO_SAID,
    LOG_HELO_NONE /* it says that none was said */
};

struct log_entry {
    long long time_s;   /* since 1970, UTC; 0: unknown */
    const char *client; /* an IP address; "local": came by no socket */
    enum log_ptr ptr_status;
    const char *ptr; /* of VERIFIED and FORGED; else NULL */
    enum log_helo helo_status;
    const char *helo;
    size_t helo_length;
    const char *from; /* "<>": the null reverse-path */
    const char *rcpt;
    const char *auth;       /* the user, when authenticated */
    const char *server;     /* the receiving host, as the log calls it; NULL: not a full name */
    const char *listener;   /* {daemon_name}, or NULL */
    unsigned listener_port; /* 0: unknown */
    const char *id;         /* of our own verdict */
    const char *qid;        /* the MTA's queue id */
    enum log_outcome outcome;
    /* Entries of one connection have the same number; 0: not known, take it for one by itself. */
    unsigned long long connection;
    const char *path;        /* where it was read */
    unsigned long long line; /* 1-based, of the last line that told of it */
    /* Of our own log alone: what was decided then, as written there; else NULL. */
    const char *failed, *unknown, *exempt, *verdict, *would, *score;
};

/* Returns 0 to go on; anything else ends the reading. */
typedef int log_entry_fn(void *arg, const struct log_entry *entry);

/* With all its texts, in one block. NULL without memory. */
struct log_entry *log_entry_copy(const struct log_entry *entry);
/* What is known of its reverse DNS as helo.h has it; NONE: nothing, or the confirmed name. */
enum helo_iprev log_entry_iprev(const struct log_entry *entry);
/* When the decision with this id was made, in seconds since 1970; 0: it is none of the filter's. */
long long log_id_time_s(const char *id);
/* Is this check in "CHECK:WORD,...", as failed and unknown are? list: NULL is an empty one. */
int log_list_has(const char *list, const char *check);

#endif /* HELO_TOOLS_LOG_ENTRY_H */
