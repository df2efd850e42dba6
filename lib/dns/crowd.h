/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crowd.h - too many questions in the air: who may add to them, and when the operator hears of it
 *
 * PURPOSE  What all clients have in common must not go to those who take most, and that it runs out
 *          must not go unseen.
 * CONTRACT Pure, time is passed in. While half of the places are free, a client may have its whole
 *          limit; past that the less, the fewer are left, but one at least while there are any: so
 *          that who has nothing in the air gets something. When questions are first refused for
 *          want of places, that is to be told; and once half of them are free, so that nobody is
 *          refused for that reason any more, that it is over. The first at most once in
 *          CROWD_QUIET_MS, the second only after the first.
 * OWNERSHIP None: the caller's struct.
 * THREADS  none of its own: dns/service.c holds its lock.
 */
#ifndef HELO_DNS_CROWD_H
#define HELO_DNS_CROWD_H

#include <stdbool.h>
#include <stdint.h>

enum { CROWD_QUIET_MS = 60000 };

struct crowd {
    bool told;
    uint64_t quiet_until_ms;
    uint64_t refused; /* since it was last told that it is over */
};

/* Of one client, whose limit is of_one, when in_flight (below most) are in the air; most may be 0:
 * any number. */
unsigned crowd_share(unsigned most, unsigned of_one, unsigned in_flight);
/* A question was refused. Returns whether to tell. */
bool crowd_refuse(struct crowd *crowd, uint64_t now_ms);
/* Returns how many were refused, when it is to be told that it is over; else 0. */
uint64_t crowd_check(struct crowd *crowd, unsigned most, unsigned in_flight);

#endif /* HELO_DNS_CROWD_H */
