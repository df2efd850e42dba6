/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id.c - the name of one decision, see id.h
 */
#include "id.h"

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum {
    TIME_DIGITS = 9,  /* 45 bits of ms: until the year 3084 */
    PLACE_DIGITS = 7, /* 35 bits: process and counter */
    COUNTER_BITS = 13 /* what the process leaves: pid_max is at most 2^22 on Linux */
};

/* digits base-32 digits of value, the most significant first. */
static char *put(char *out, uint64_t value, unsigned digits)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    for (unsigned i = digits; i > 0; i--)
        *out++ = alphabet[(value >> (5 * (i - 1))) & 31];
    return out;
}

void mh_id_make(char id[MH_ID_SIZE])
{
    static atomic_uint counter;
    struct timespec now = {0};
    uint64_t ms, place;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    place = (uint64_t)getpid() << COUNTER_BITS;
    place |= atomic_fetch_add(&counter, 1) & ((1u << COUNTER_BITS) - 1);
    *put(put(id, ms, TIME_DIGITS), place, PLACE_DIGITS) = '\0';
}
