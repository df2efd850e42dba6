/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * view.h - a verdict's JSON, read back
 *
 * PURPOSE  What became of each check, and what DNS said, for commands that tell it in their own
 *          words. They read the documented form (helocheck(1), VERDICTS), as any program could.
 * OWNERSHIP Strings belong to the view until view_fini().
 * THREADS  one.
 */
#ifndef HELO_TOOLS_VIEW_H
#define HELO_TOOLS_VIEW_H

#include <stddef.h>

struct view {
    void *json; /* the document */
};

/* NULL for what is null. */
struct view_check {
    const char *name;
    const char *outcome; /* "pass", "fail", "none", "unknown" */
    const char *reason;
    const char *text;
    const char *mend;
    const char *action;
};

struct view_fact {
    const char *state; /* "yes", "no", "unknown" */
    const char *cause;
    const char *value; /* for people */
};

/* Returns 0 when it cannot be read; then there is nothing to free. */
int view_read(struct view *view, const char *json);
void view_fini(struct view *view);
/* A text member ("would", "reply", "helo"); NULL when it is null. */
const char *view_text(const struct view *view, const char *member);
/* A text member of `exempt`; NULL when it is null, or the client is not exempt. */
const char *view_exempt(const struct view *view, const char *member);
/* 1 for a check that `would` rests on. */
int view_is_ground(const struct view *view, const char *check);
/* Check i of those that ran; 0 past the last. */
int view_check(const struct view *view, size_t i, struct view_check *out);
/* 0 when it did not run. */
int view_find_check(const struct view *view, const char *name, struct view_check *out);
/* 0 when there is no such fact. */
int view_find_fact(const struct view *view, const char *name, struct view_fact *out);

#endif /* HELO_TOOLS_VIEW_H */
