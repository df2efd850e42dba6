/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_http_none.c - a filter without an HTTP server, see metrics_http.h
 */
#include "metrics_http.h"

bool mh_metrics_http_is_built(void)
{
    return false;
}

/* Nobody gets here: metrics.listen is an error of the set-up then. */
void mh_metrics_http_serve(int listening, helo_engine *engine)
{
    (void)listening;
    (void)engine;
}
