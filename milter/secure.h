/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secure.h - may this file or directory be relied on?
 *
 * PURPOSE  Refuses a set-up in which another user could change the policy or take the socket's
 *          place.
 * CONTRACT Looks at the thing itself, and for a file at its directory. What lies above is the
 *          administrator's. Whatever is wrong is logged, with what to do.
 * THREADS  any.
 */
#ifndef MH_SECURE_H
#define MH_SECURE_H

#include <stdbool.h>
#include <sys/types.h>

/* A directory is open at fd; path is for the message. Besides root, these two may own it. */
bool mh_secure_directory(int fd, const char *path, uid_t self, uid_t user);

/* The policy: root's, or self's; nobody else may write to it or to its directory. */
bool mh_secure_policy(const char *path, uid_t self);

#endif /* MH_SECURE_H */
