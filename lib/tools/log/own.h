/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * own.h - a verdict of our own log, however it was written
 *
 * PURPOSE  logfmt (own.c) and JSON (json.c) fill in the same values.
 * CONTRACT The keys are those of lib/policy/explain_log.c, with qid of the daemon.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_LOG_OWN_H
#define HELO_TOOLS_LOG_OWN_H

#include "tools/log/state.h"

/* X(key): text in logfmt and in JSON. */
#define OWN_TEXTS(X) \
    X(time)          \
    X(event)         \
    X(id)            \
    X(qid)           \
    X(client)        \
    X(ptr)           \
    X(iprev)         \
    X(helo)          \
    X(from)          \
    X(to)            \
    X(listener)      \
    X(auth)          \
    X(verdict)       \
    X(would)         \
    X(text)

/* In JSON these are lists, an object and a number; and a message has another key there. */
#define OWN_KEYS(X) \
    OWN_TEXTS(X)    \
    X(exempt)       \
    X(failed)       \
    X(unknown)      \
    X(score)        \
    X(msg)

/* NULL: "-", null, or not there. */
struct own {
#define OWN_MEMBER(key) const char *key;
    OWN_KEYS(OWN_MEMBER)
#undef OWN_MEMBER
};

/* A line that is no verdict: counts what log.rate left out. */
void own_message(struct log_state *state, const char *text);
/* Hands it out; what is missing that a verdict must have is told. */
void own_emit(struct log_state *state, const struct frame *frame, const struct own *own);

#endif /* HELO_TOOLS_LOG_OWN_H */
