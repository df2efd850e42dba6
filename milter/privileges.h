/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * privileges.h - whom the filter runs as
 *
 * PURPOSE  milter.user and milter.group to numbers; from root to them, for good.
 * CONTRACT A filter that judges text from strangers never runs as root: started as root, it needs
 *          milter.user. Started as somebody else, it stays that, and milter.user must be the same
 *          or empty.
 * THREADS  before there are others: setuid(2) is per process only by a trick of the C library.
 */
#ifndef MH_PRIVILEGES_H
#define MH_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

enum { MH_USER_SIZE = 64 };

struct mh_identity {
    uid_t uid;
    gid_t gid;
    bool change;             /* started as root */
    bool nobody;             /* and no user is named: only for a look (--test) */
    char name[MH_USER_SIZE]; /* for messages, and for its further groups */
};

/* Texts may be "". test: only look, as anybody. False after a line in the log. */
bool mh_identity_resolve(const char *user, const char *group, bool test, struct mh_identity *out);

/* A group's number by its name; false after a line in the log that names key. */
bool mh_group_resolve(const char *key, const char *name, gid_t *out);

/* Becomes it, and proves that there is no way back. 0, or -1 after a line in the log. */
int mh_privileges_drop(const struct mh_identity *identity);

#endif /* MH_PRIVILEGES_H */
