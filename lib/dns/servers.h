/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * servers.h - the text of name servers
 *
 * PURPOSE  From the policy's list to the one line that channel_create() takes.
 * THREADS  any.
 */
#ifndef HELO_DNS_SERVERS_H
#define HELO_DNS_SERVERS_H

#include <stddef.h>

#include "include/helo.h"

enum { SERVERS_MAX = 8 }; /* resolv.conf(5) stops at three */

/*
 * "address", "address:port", "[v6]:port", "v6" to "address:port,...", every address in its one
 * form; "" when count is 0. *out is released with mem_free(). HELO_RESOLVER when one is none of
 * these or there are too many, HELO_NOMEM.
 */
enum helo_status servers_join(char *const *servers, size_t count, char **out);

#endif /* HELO_DNS_SERVERS_H */
