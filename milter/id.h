/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id.h - the name of one decision
 *
 * PURPOSE  What a refusal shows and the log repeats, so that a postmaster finds the line from a
 *          bounce.
 * CONTRACT 16 characters of Crockford's base 32 (no I, L, O, U: it survives being read out over the
 *          telephone): the time in ms, the process, a counter. Sorts by time; unique on one machine
 *          below 8192 a millisecond.
 * THREADS  any.
 */
#ifndef MH_ID_H
#define MH_ID_H

enum { MH_ID_SIZE = 17 }; /* with the final NUL */

void mh_id_make(char id[MH_ID_SIZE]);

#endif /* MH_ID_H */
