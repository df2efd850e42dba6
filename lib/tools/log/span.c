/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * span.c - the seed of the hashes, see span.h
 *
 * THREADS  any: who comes first decides.
 */
#include "tools/log/span.h"

#include <stdatomic.h>
#include <sys/random.h>

uint64_t span_seed(void)
{
    static _Atomic uint64_t seed; /* 0: not drawn yet */
    uint64_t now = atomic_load_explicit(&seed, memory_order_relaxed), drawn = 0;

    if (now != 0)
        return now;
    /* Early at boot there may be no random number yet: then FNV's own, as nothing waits for it. */
    if (getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) != (ssize_t)sizeof drawn || drawn == 0)
        drawn = 0xcbf29ce484222325u;
    return atomic_compare_exchange_strong(&seed, &now, drawn) ? drawn : now;
}
