/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h - what helo_exim() gives back
 *
 * PURPOSE  A list that Exim's ${extract{key}{list}} takes apart: `action=reject reply="550 ..."`.
 * CONTRACT Values are in quotes, with a backslash before quotes and backslashes, and "\n" for a
 *          new line, as Exim's string_dequote() undoes it. Printable ASCII only. Exim expands
 *          nothing of it: ${extract} gives what it finds as it is, and message= and logwrite=
 *          expand the configuration's text alone. A value that does not fit is cut, and ends in
 *          "...": the list stays whole.
 * OWNERSHIP The caller's storage.
 */
#ifndef HELO_EXIM_ANSWER_H
#define HELO_EXIM_ANSWER_H

#include <stddef.h>

/* The reply has 1600 bytes at most, a log line rarely 2000; every byte may be escaped. */
enum { HX_ANSWER_SIZE = 16384 };

struct hx_answer {
    size_t length;
    char text[HX_ANSWER_SIZE];
};

void hx_answer_init(struct hx_answer *answer, const char *action);
/* key is a word. */
void hx_answer_add(struct hx_answer *answer, const char *key, const char *value);

#endif /* HELO_EXIM_ANSWER_H */
