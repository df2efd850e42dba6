/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id.h - the name of a decision, as people give it back
 *
 * PURPOSE  An id is read out over the telephone, copied out of a bounce with what stands around it,
 *          or typed from a screen shot. It has Crockford's base 32 (no I, L, O, U), so that what
 *          looks alike can be told apart: 0 and O are the same, and so are 1, I and L.
 * THREADS  any.
 */
#ifndef HELO_TOOLS_STORY_ID_H
#define HELO_TOOLS_STORY_ID_H

enum {
    ID_SIZE = 65,      /* the longest is kept, with its final NUL; a front end may have its own */
    ID_PART_CHARS = 6, /* fewer are in many ids by chance */
    ID_NEAR_CHARS = 10 /* in fewer a mistake or two make another id */
};

enum id_match {
    ID_OTHER,
    ID_NEAR, /* one or two characters are not the same, or are missing */
    ID_PART, /* what was given is a part of it */
    ID_SAME
};

/*
 * Upper case, without what stands around it ("id=", quotes, brackets, blanks, hyphens, a full stop)
 * and with its look-alikes replaced. Returns 0 when nothing is left, or too much.
 */
int id_clean(char out[ID_SIZE], const char *text);
/* Both are clean. */
enum id_match id_compare(const char *wanted, const char *found);

#endif /* HELO_TOOLS_STORY_ID_H */
