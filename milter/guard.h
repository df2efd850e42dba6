/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guard.h - a list of macros that libmilter would read past
 *
 * PURPOSE  libmilter keeps macros as an array name, value, name, value, NULL and walks it two by
 *          two. A packet whose last name has no value makes smfi_getsymval() step over the NULL and
 *          follow whatever stands behind: eight bytes from whoever may write to the socket end the
 *          filter (seen with 8.17.1; no MTA sends such a packet).
 * CONTRACT libmilter reads each packet with mi_rd_cmd(), which it calls through the dynamic linker.
 *          The executable's own function of that name comes first: it calls libmilter's, then drops
 *          a name without a value. A libmilter that does not call it loses nothing but this guard.
 * THREADS  init before there are others.
 */
#ifndef MH_GUARD_H
#define MH_GUARD_H

#include <stddef.h>

void mh_guard_init(void);

/* How much of a packet of macros, its first byte the stage, has a value for every name. */
size_t mh_guard_paired(const char *packet, size_t length);

#endif /* MH_GUARD_H */
