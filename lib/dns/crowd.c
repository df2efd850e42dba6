/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crowd.c - see crowd.h
 */
#include "dns/crowd.h"

static bool is_half_free(unsigned most, unsigned in_flight)
{
    return most == 0 || (uint64_t)in_flight * 2 <= most;
}

unsigned crowd_share(unsigned most, unsigned of_one, unsigned in_flight)
{
    uint64_t left;

    if (is_half_free(most, in_flight))
        return of_one;
    left = most - in_flight;
    return (unsigned)((of_one * left * 2 + most - 1) / most);
}

bool crowd_refuse(struct crowd *crowd, uint64_t now_ms)
{
    crowd->refused++;
    if (crowd->told || now_ms < crowd->quiet_until_ms)
        return false;
    crowd->told = true;
    crowd->quiet_until_ms = now_ms + CROWD_QUIET_MS;
    return true;
}

uint64_t crowd_check(struct crowd *crowd, unsigned most, unsigned in_flight)
{
    uint64_t refused = crowd->refused;

    if (!crowd->told || !is_half_free(most, in_flight))
        return 0;
    crowd->told = false;
    crowd->refused = 0;
    return refused;
}
