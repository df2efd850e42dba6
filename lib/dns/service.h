/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.h - look-ups for many sessions: cache, one question in the air, budgets, waiting
 *
 * PURPOSE  A session asks and goes on; later it waits, with a deadline, for what has not come yet.
 * CONTRACT Identical questions in flight are one look-up. Giving a ticket back never cancels what
 *          others wait for; a late answer fills the cache. An answer that was seen stays the same
 *          for that ticket. Too many questions in the air, in all or for one client, are not asked,
 *          and of one client the fewer, the fewer places are left (dns/crowd.h); and none is while
 *          the resolver is down (dns/health.h): who waits then waits no more.
 * OWNERSHIP A ticket belongs to whoever asked and holds the look-up; the service must outlive all
 *           tickets.
 * THREADS  all functions from any thread; one waiter is used by one thread at a time.
 * LOCKS    one mutex, never held while a backend is called; for a few hundred instructions, but for
 *          two things that are rare: an answer that leads to others (LIMIT_QUESTIONS at most), and
 *          the resolver going down (all tickets are told). The cache has its own, and an answer
 *          that it has costs no other.
 * STANDARDS RFC 8767 (stale answers), RFC 9520 (failures).
 */
#ifndef HELO_DNS_SERVICE_H
#define HELO_DNS_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "dns/answer.h"
#include "dns/cache.h"
#include "dns/counters.h"
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
    bool probe; /* to see whether the resolver lives: sent before all others, past any window */
    void *backend_data;
    struct dns_lookup *backend_next;
};

struct service_limits {
    struct cache_limits cache;
    unsigned in_flight;            /* questions in the air; 0: any number */
    unsigned in_flight_per_client; /* of them, asked for one IPv4 address or IPv6 /64; 0: any */
    uint64_t down_after_ms;        /* silence after which the resolver is down; 0: it never is */
};

/*
 * What an answer leads to: writes question number i and returns true, or returns false past the
 * last. Pure.
 */
typedef bool dns_follow_fn(const struct dns_answer *answer, unsigned i, struct dns_question *out);

struct dns_request {
    const struct dns_question *question;
    const struct ip *client; /* for whom; NULL or IP_NONE: for us, without a limit of its own */
    /*
     * Asked on the client's account as soon as the answer comes, if somebody still has a ticket;
     * NULL: nothing. Not when the answer is in the cache: then who asked sees at once what is next.
     */
    dns_follow_fn *follow;
};

/* How far a ticket is. Only PENDING can change by waiting; DOWN and PENDING may become ANSWERED. */
enum dns_progress {
    DNS_PENDING,
    DNS_ANSWERED,
    DNS_DOWN,       /* the resolver is */
    DNS_OVER_LIMIT, /* never asked: too many questions of this client in the air; nothing stale */
    DNS_CROWDED     /* never asked: too many of all clients together */
};

/* What the operator should hear of. */
enum service_alarm {
    SERVICE_DOWN,    /* the resolver is; amount: silent for so many ms */
    SERVICE_UP,      /* it answers again; amount: was silent for so many ms */
    SERVICE_CROWDED, /* questions are DNS_CROWDED; amount: how many may be in the air, in all */
    SERVICE_ROOM     /* they are no more; amount: how many were */
};

/*
 * Without a lock: from a backend's thread, and SERVICE_CROWDED from that of who asks, so that it
 * may meet any other.
 */
typedef void service_alarm_fn(void *arg, enum service_alarm alarm, uint64_t amount);

/* Takes backend over, also its destruction; on failure it is not. alarm may be NULL. */
enum helo_status service_create(struct dns_backend *backend, const struct service_limits *limits,
                                service_alarm_fn *alarm, void *alarm_arg, struct dns_service **out);
void service_destroy(struct dns_service *service);
enum helo_status service_configure(struct dns_service *service, const struct service_limits *limits,
                                   char *const *servers, size_t server_count);
uint64_t service_now_ms(struct dns_service *service);
void service_count(struct dns_service *service, struct dns_counters *out);

enum helo_status waiter_create(struct dns_waiter **out);
void waiter_free(struct dns_waiter *waiter); /* after its tickets */

/* Asks; the answer may be there already. Never blocks. HELO_NOMEM. */
enum helo_status service_ask(struct dns_service *service, struct dns_waiter *waiter,
                             const struct dns_request *request, struct dns_ticket **out);
/* *answer is written when it is DNS_ANSWERED, and lives as long as the ticket. */
enum dns_progress service_progress(struct dns_service *service, const struct dns_ticket *ticket,
                                   const struct dns_answer **answer);
/*
 * A positive answer past its time, for whoever has no better one; NULL: none, or the site does not
 * want it. Lives as long as the ticket; counted once for a ticket.
 */
const struct dns_answer *service_stale(struct dns_service *service, struct dns_ticket *ticket);
/* Blocks until an answer came for any ticket of waiter since the last wait, the resolver went down,
 * or until_ms. Returns false at until_ms. */
bool service_wait(struct dns_service *service, struct dns_waiter *waiter, uint64_t until_ms);
void service_release(struct dns_service *service, struct dns_ticket *ticket);

/*
 * For backends, before a look-up is asked for: true when nobody waits for it any more; then it is
 * gone for the backend. What is in the air already is let finish: its answer fills the cache.
 * Probes, and what an answer led to, are wanted always.
 */
bool service_withdraw(struct dns_service *service, struct dns_lookup *lookup);

/*
 * For backends: the answer's reference passes to the service. After this the look-up is gone for
 * the backend. NULL when there was no memory for an answer: then it is DNS_UNREACHABLE. May call
 * submit() for what the answer leads to.
 */
void service_complete(struct dns_service *service, struct dns_lookup *lookup,
                      struct dns_answer *answer);

/*
 * For backends that make time pass, from the thread that completes, after it has completed what it
 * can: sends probes, notices that the resolver is down. Returns when it is to be called again at
 * the latest; UINT64_MAX: once something was submitted. May call submit().
 */
uint64_t service_tick(struct dns_service *service, uint64_t now_ms);

#endif /* HELO_DNS_SERVICE_H */
