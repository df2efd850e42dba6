/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zone_store.h - the inside of helo_zone, for the two files that make it
 *
 * PURPOSE  zone_text.c reads lines and puts records here, zone.c keeps them and answers from them.
 * THREADS  zone_put() by one thread; see zone.h for the rest.
 */
#ifndef HELO_DNS_ZONE_STORE_H
#define HELO_DNS_ZONE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/limits.h"
#include "dns/question.h"
#include "include/helo.h"

/* What stands for a whole name in place of records. */
enum zone_marker {
    ZONE_NONE,
    ZONE_NXDOMAIN,
    ZONE_NODATA,
    ZONE_SERVFAIL,
    ZONE_REFUSED,
    ZONE_TIMEOUT,
    ZONE_MALFORMED
};

/* One line of a zone, read. */
struct zone_line {
    char owner[LIMIT_NAME_CHARS + 1]; /* lower case, no trailing dot; may begin with "*." */
    uint32_t ttl_s;
    enum zone_marker marker; /* ZONE_NONE: type and data are set */
    enum dns_type type;
    struct ip address;                 /* A, AAAA */
    char target[LIMIT_NAME_CHARS + 1]; /* PTR, MX, CNAME; "" is the root (null MX, RFC 7505) */
};

enum zone_put_result {
    ZONE_PUT_OK,
    ZONE_PUT_NOMEM,
    ZONE_PUT_FULL,   /* LIMIT_ZONE_RECORDS */
    ZONE_PUT_MARKED, /* the name has a marker, or has records and this is one */
};

enum zone_put_result zone_put(helo_zone *zone, const struct zone_line *line);

#endif /* HELO_DNS_ZONE_STORE_H */
