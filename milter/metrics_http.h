/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_http.h - the numbers, by HTTP
 *
 * PURPOSE  GET /metrics for Prometheus, and a page at / for whoever looks by hand.
 * CONTRACT Whoever connects is a stranger: a request has a few KiB and five seconds, a connection
 *          one request, and there are a few of them; when there are too many, the oldest goes.
 *          Nothing here is known to sessions, and no lock of theirs is held while somebody reads.
 * THREADS  mh_metrics_http_serve() has the caller's thread for good.
 * STANDARDS HTTP/1.1 by libmicrohttpd: the only file of ours that speaks to it. Where the filter is
 *          built without it (HELO_METRICS_HTTP), metrics_http_none.c stands in.
 */
#ifndef MH_METRICS_HTTP_H
#define MH_METRICS_HTTP_H

#include <stdbool.h>

#include "helo.h"

bool mh_metrics_http_is_built(void);

/* Serves what comes to a listening socket. Returns only when it cannot; that is logged. */
void mh_metrics_http_serve(int listening, helo_engine *engine);

#endif /* MH_METRICS_HTTP_H */
