/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dns_tickets.h - asking the look-up service, in one line
 *
 * PURPOSE  What a session does in several steps, for tests that only want to ask and see.
 * THREADS  as service.h.
 */
#ifndef HELO_TESTS_DNS_TICKETS_H
#define HELO_TESTS_DNS_TICKETS_H

#include "dns/service.h"

/* The answer, or NULL while there is none. */
static inline const struct dns_answer *ticket_answer(struct dns_service *service,
                                                     const struct dns_ticket *ticket)
{
    const struct dns_answer *answer = NULL;

    (void)service_progress(service, ticket, &answer);
    return answer;
}

/* On nobody's account, and nothing follows. */
static inline enum helo_status ticket_ask(struct dns_service *service, struct dns_waiter *waiter,
                                          const struct dns_question *question,
                                          struct dns_ticket **out)
{
    const struct dns_request request = {.question = question};

    return service_ask(service, waiter, &request, out);
}

#endif /* HELO_TESTS_DNS_TICKETS_H */
