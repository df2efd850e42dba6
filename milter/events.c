/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * events.c - what the filter itself counts, see events.h
 */
#include "events.h"

#include <stdatomic.h>

static atomic_ullong numbers[MH_EVENTS];

void mh_event_count(enum mh_event event)
{
    atomic_fetch_add_explicit(&numbers[event], 1, memory_order_relaxed);
}

unsigned long long mh_event_number(enum mh_event event)
{
    return atomic_load_explicit(&numbers[event], memory_order_relaxed);
}
