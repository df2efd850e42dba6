/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.h - look-ups for many sessions: cache, one question in the air, waiting
 *
 * PURPOSE  A session asks and goes on; later it waits, with a deadline, for what has not come yet.
 * CONTRACT Identical questions in flight are one look-up. Giving a ticket back never cancels what
 *          others wait for; a late answer fills the cache. An answer that was seen stays the same
 *          for that ticket.
 * OWNERSHIP A ticket belongs to whoever asked and holds the look-up; the service must outlive all
 *           tickets.
 * THREADS  all functions from any thread; one waiter is used by one thread at a time.
 * LOCKS    one mutex, held for a few hundred instructions, never while a backend is called.
 */
#ifndef HELO_DNS_SERVICE_H
#define HELO_DNS_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"
#include "dns/cache.h"
#include "dns/question.h"
#include "include/helo.h"

struct dns_backend;
struct dns_service;
struct dns_ticket;
struct dns_waiter;

/* A question in flight, as a backend sees it. The backend may use `backend_data` and `backend_next`
 * as it likes. */
struct dns_lookup {
    struct dns_question question;
    void *backend_data;
    struct dns_lookup *backend_next;
};

/* Takes backend over, also its destruction; on failure it is not. */
enum helo_status service_create(struct dns_backend *backend, const struct cache_limits *limits,
                                struct dns_service **out);
void service_destroy(struct dns_service *service);
enum helo_status service_configure(struct dns_service *service, const struct cache_limits *limits,
                                   char *const *servers, size_t server_count);
uint64_t service_now_ms(struct dns_service *service);

enum helo_status waiter_create(struct dns_waiter **out);
void waiter_free(struct dns_waiter *waiter); /* after its tickets */

/* Asks; the answer may be there already. Never blocks. */
enum helo_status service_ask(struct dns_service *service, struct dns_waiter *waiter,
                             const struct dns_question *question, struct dns_ticket **out);
/* NULL while it is pending; lives as long as the ticket. */
const struct dns_answer *service_answer(struct dns_service *service,
                                        const struct dns_ticket *ticket);
/* Blocks until an answer came for any ticket of waiter since the last wait, or until_ms. Returns
 * false at until_ms. */
bool service_wait(struct dns_service *service, struct dns_waiter *waiter, uint64_t until_ms);
void service_release(struct dns_service *service, struct dns_ticket *ticket);

/*
 * For backends, before a look-up is asked for: true when nobody waits for it any more; then it is
 * gone for the backend. What is in the air already is let finish: its answer fills the cache.
 */
bool service_withdraw(struct dns_service *service, struct dns_lookup *lookup);

/*
 * For backends: the answer's reference passes to the service. After this the look-up is gone for
 * the backend. NULL when there was no memory for an answer: then the waiters' deadlines end their
 * waiting.
 */
void service_complete(struct dns_service *service, struct dns_lookup *lookup,
                      struct dns_answer *answer);

#endif /* HELO_DNS_SERVICE_H */
