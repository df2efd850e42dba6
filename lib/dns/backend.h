/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * backend.h - who answers questions: the network, a zone in memory, or a test's script
 *
 * PURPOSE  The narrow door between the look-up service and whatever brings answers.
 * CONTRACT submit() takes each look-up over and answers it exactly once by service_complete()
 *          (unless service_withdraw() has taken it back),
 *          later, never from inside submit(), whatever happens; also at destroy(). The backend
 *          holds no lock of its own while it completes. now_ms and advance are for backends that
 *          make time up; both are NULL where time is real.
 * THREADS  submit() from any thread; service_complete() from any thread; destroy() after the last
 *          submit().
 */
#ifndef HELO_DNS_BACKEND_H
#define HELO_DNS_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include "dns/service.h"
#include "include/helo.h"

struct dns_backend;

struct dns_backend_ops {
    void (*submit)(struct dns_backend *backend, struct dns_lookup *lookup);
    /* Lets time pass until at least one look-up was completed, at most until until_ms. */
    void (*advance)(struct dns_backend *backend, uint64_t until_ms);
    uint64_t (*now_ms)(struct dns_backend *backend);
    /* "address", "address:port", "[v6]:port"; count 0: the system's. NULL when there is nothing to
     * set. */
    enum helo_status (*set_servers)(struct dns_backend *backend, char *const *servers,
                                    size_t count);
    void (*destroy)(struct dns_backend *backend);
};

/* First member of every backend. */
struct dns_backend {
    const struct dns_backend_ops *ops;
    struct dns_service *service; /* set by service_create() */
};

/* dns/backend_cares.c: one thread that drives c-ares. */
enum helo_status backend_cares_create(char *const *servers, size_t count, struct dns_backend **out);
/* dns/backend_zone.c: answers from memory, on a clock of its own. The zone must outlive
 * it; NULL for an engine that asks nothing. */
enum helo_status backend_zone_create(const helo_zone *zone, struct dns_backend **out);

#endif /* HELO_DNS_BACKEND_H */
