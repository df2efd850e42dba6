/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zone.h - DNS records in memory (helo_zone)
 *
 * PURPOSE  Answer questions the same way everywhere, so that one verdict can be reproduced.
 * CONTRACT As at helo_zone_add() in helo.h. CNAMEs are followed inside the zone, LIMIT_CNAME_STEPS
 *          at most.
 * THREADS  built by one thread; zone_answer() from any afterwards.
 */
#ifndef HELO_DNS_ZONE_H
#define HELO_DNS_ZONE_H

#include <stdbool.h>

#include "dns/answer.h"
#include "dns/question.h"
#include "include/helo.h"

/* *silent: no answer ever comes (TIMEOUT); then *out is not written. */
enum helo_status zone_answer(const helo_zone *zone, const struct dns_question *question,
                             bool *silent, struct dns_answer **out);

#endif /* HELO_DNS_ZONE_H */
