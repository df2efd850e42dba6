/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - time that only goes forward
 *
 * PURPOSE  How long something took, and when it is due: nobody sets this clock.
 * THREADS  any.
 */
#ifndef MH_CLOCK_H
#define MH_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Since any moment, the same for all that ask. */
static inline uint64_t mh_clock_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

#endif /* MH_CLOCK_H */
