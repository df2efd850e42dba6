/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - one line of JSON
 *
 * PURPOSE  What the readers of JSON logs want of an object, without its library's types.
 * CONTRACT Members that are null are as if they were not there.
 * OWNERSHIP Text lives until object_free().
 * THREADS  one.
 * LIMITS   jansson nests 2048 deep at most; the line is bounded by its source.
 */
#ifndef HELO_TOOLS_LOG_OBJECT_H
#define HELO_TOOLS_LOG_OBJECT_H

#include <stddef.h>

enum { OBJECT_MESSAGE_SIZE = 256 };

struct object;

/* NULL when it is no object: message says why, column where. */
struct object *object_parse(const char *line, size_t length, unsigned *column,
                            char message[OBJECT_MESSAGE_SIZE]);
void object_free(struct object *object);

/* Calls fn for each member that is not null; it returns 0 to go on. */
typedef int object_member_fn(void *arg, const char *key);
int object_each(struct object *object, object_member_fn *fn, void *arg);

/* Returns 0 when it is not there, or no string. */
int object_text(const struct object *object, const char *key, const char **text, size_t *length);
/* Returns 0 when it is not there, or no number. */
int object_number(const struct object *object, const char *key, double *number);
int object_has(const struct object *object, const char *key);
/* "a:b,a:b" of [{"first": "a", "second": "b"}, ...]. Returns 0 when there is none, or it does not
   fit. */
int object_pairs(const struct object *object, const char *key, const char *first,
                 const char *second, char *out, size_t size);
/* A member of an object that is a member; NULL when there is none. Text and numbers alone. */
const char *object_inner(const struct object *object, const char *key, const char *inner, char *out,
                         size_t size);

#endif /* HELO_TOOLS_LOG_OBJECT_H */
