/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * builtin.h - files of etc/ that the library brings along
 *
 * PURPOSE  A site without files has data and profiles all the same, and a program that uses the
 *          library needs none of them installed.
 * CONTRACT The text is that of etc/profiles and etc/data when the library was built.
 * THREADS  any; all of it is constant.
 */
#ifndef HELO_POLICY_BUILTIN_H
#define HELO_POLICY_BUILTIN_H

#include <stddef.h>

struct builtin_file {
    const char *name; /* "strict", "special-tlds" */
    const char *path; /* "built-in profiles/strict.yaml": for people */
    const char *text;
    size_t length;
};

/* By name; NULL past the last. */
const struct builtin_file *builtin_profile(size_t i);
const struct builtin_file *builtin_data(size_t i);

#endif /* HELO_POLICY_BUILTIN_H */
