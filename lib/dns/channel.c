/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel.c - the narrow door to c-ares; the only file that knows it
 *
 * PURPOSE  See channel.h. Builds and runs with c-ares 1.18.1 (Debian 12) and newer; what differs is
 *          in `tuning` and the #ifdefs of set_newer_options().
 *
 * CHOICES, each from a measured surprise:
 *  - ares_send() and nothing above it: one meaning of "answer" in all versions, no search list, no
 *    /etc/hosts, no parser but ours. It is deprecated since 1.28; CARES_NO_DEPRECATED says that we
 *    know.
 *  - NOCHECKRESP: SERVFAIL and REFUSED come to us, and are not turned into "connection refused"
 *    after another round.
 *  - IGNTC: c-ares' own way to TCP closes the UDP socket below all other queries. We ask again by a
 *    channel of its own.
 *  - EDNS only says how much of an answer is read, and 1.18.1 takes it as leave to cut the last 11
 *    bytes off a query that got FORMERR: so it is set where queries end in an OPT record, and
 *    nowhere else.
 *  - Sent again after 1, 2, 4 s: unbound drops its answer to a query that is older than 1.9 s
 *    (discard-timeout), so one long patience would get nothing. From 1.32 on c-ares shortens our
 *    timeout to 250 ms after some fast answers; only more tries keep a slow recursion alive there.
 *  - c-ares' own cache is off: there is one cache, ours.
 *  - Sockets are learnt by the state callback; ares_fds() ends at FD_SETSIZE, ares_timeout() walks
 *    all queries.
 *
 * THREADS  ares_library_init() runs once, under pthread_once(); a channel belongs to one thread.
 */
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <pthread.h>

#include "base/mem.h"
#include "dns/channel.h"

enum {
    RECEIVE_BUFFER_BYTES = 1 << 20, /* the stock 208 KiB hold 256 answers; less may be granted */
    TIMEOUT_MS = 1000,
    MAX_TIMEOUT_MS = 1500,       /* where c-ares has such a thing: stay below unbound's 1.9 s */
    VERSION_ADAPTIVE = 0x012000, /* 1.32.0: timeouts by past latency */
    UDP_FLAGS = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC
};

static const struct {
    int flags;
    int tries;          /* before 1.32 */
    int adaptive_tries; /* since */
} tuning[] = {
    [CHANNEL_UDP] = {UDP_FLAGS | ARES_FLAG_EDNS | ARES_FLAG_STAYOPEN, 3, 7},
    [CHANNEL_BARE] = {UDP_FLAGS, 3, 7},
    /* A resolver that cut its answer has it: no second try, and a broken TCP is to end soon. */
    [CHANNEL_TCP] = {ARES_FLAG_NOCHECKRESP | ARES_FLAG_USEVC, 1, 2},
};

struct channel {
    ares_channel ares;
    struct pollfd sockets[CHANNEL_SOCKETS];
    size_t socket_count;
    bool strained;
};

static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static int library_status;

static void init_library(void)
{
    library_status = ares_library_init(ARES_LIB_INIT_ALL);
}

static enum helo_status status_of(int ares)
{
    if (ares == ARES_SUCCESS)
        return HELO_OK;
    return ares == ARES_ENOMEM ? HELO_NOMEM : HELO_RESOLVER;
}

/* ---- sockets ------------------------------------------------------------------------------- */

static void forget_socket(struct channel *channel, size_t i)
{
    channel->sockets[i] = channel->sockets[--channel->socket_count];
}

/* c-ares tells what it waits for; neither means that the socket is about to be closed. */
static void socket_changed(void *data, ares_socket_t fd, int readable, int writable)
{
    struct channel *channel = data;
    short events = (short)((readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0));
    size_t i = 0;

    while (i < channel->socket_count && channel->sockets[i].fd != fd)
        i++;
    if (i == channel->socket_count) {
        if (events == 0)
            return;
        if (i == CHANNEL_SOCKETS) {
            channel->strained = true; /* its queries will time out */
            return;
        }
        channel->socket_count++;
    }
    if (events == 0)
        forget_socket(channel, i);
    else
        channel->sockets[i] = (struct pollfd){.fd = fd, .events = events};
}

size_t channel_poll(const struct channel *channel, struct pollfd out[CHANNEL_SOCKETS])
{
    for (size_t i = 0; i < channel->socket_count; i++)
        out[i] = channel->sockets[i];
    return channel->socket_count;
}

void channel_process(struct channel *channel, int fd, short events)
{
    /* An error or hang-up is read as such. */
    bool readable = (events & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) != 0;
    bool writable = (events & POLLOUT) != 0;

    ares_process_fd(channel->ares, readable ? fd : ARES_SOCKET_BAD,
                    writable ? fd : ARES_SOCKET_BAD);
}

bool channel_is_strained(const struct channel *channel)
{
    return channel->strained;
}

/* ---- making -------------------------------------------------------------------------------- */

/* What 1.18.1 does not have. */
static int set_newer_options(struct ares_options *options)
{
    int mask = 0;

#ifdef ARES_OPT_QUERY_CACHE
    options->qcache_max_ttl = 0;
    mask |= ARES_OPT_QUERY_CACHE;
#endif
#ifdef ARES_OPT_MAXTIMEOUTMS
    options->maxtimeout = MAX_TIMEOUT_MS;
    mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
    (void)options;
    return mask;
}

static int init_channel(struct channel *channel, enum channel_kind kind)
{
    char lookups[] = "b"; /* never files */
    int version = 0;
    struct ares_options options = {.flags = tuning[kind].flags,
                                   .timeout = TIMEOUT_MS,
                                   .lookups = lookups,
                                   .ednspsz = CHANNEL_ANSWER_BYTES,
                                   .socket_receive_buffer_size = RECEIVE_BUFFER_BYTES,
                                   .sock_state_cb = socket_changed,
                                   .sock_state_cb_data = channel};

    (void)ares_version(&version); /* of the library that runs, not of its header */
    options.tries = version < VERSION_ADAPTIVE ? tuning[kind].tries : tuning[kind].adaptive_tries;
    return ares_init_options(&channel->ares, &options,
                             ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                 ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_RCVBUF |
                                 ARES_OPT_SOCK_STATE_CB | set_newer_options(&options));
}

enum helo_status channel_create(enum channel_kind kind, const char *servers, struct channel **out)
{
    struct channel *channel;
    int status;

    (void)pthread_once(&library_once, init_library);
    if (library_status != ARES_SUCCESS)
        return status_of(library_status);
    channel = mem_zalloc(sizeof *channel);
    if (channel == NULL)
        return HELO_NOMEM;
    status = init_channel(channel, kind);
    if (status != ARES_SUCCESS) {
        mem_free(channel);
        return status_of(status);
    }
    if (servers[0] != '\0')
        status = ares_set_servers_ports_csv(channel->ares, servers);
    if (status != ARES_SUCCESS) {
        channel_destroy(channel);
        return status_of(status);
    }
    *out = channel;
    return HELO_OK;
}

void channel_destroy(struct channel *channel)
{
    if (channel == NULL)
        return;
    ares_destroy(channel->ares); /* calls done() for what is left */
    mem_free(channel);
}

/* ---- asking -------------------------------------------------------------------------------- */

static void answered(void *arg, int status, int timeouts, unsigned char *bytes, int length)
{
    struct channel_query *query = arg;

    (void)timeouts;
    if (bytes != NULL && length > 0)
        query->done(query, CHANNEL_ANSWERED, bytes, (size_t)length);
    else
        query->done(query, status == ARES_EBADRESP ? CHANNEL_GARBAGE : CHANNEL_SILENT, NULL, 0);
}

void channel_send(struct channel *channel, const uint8_t *bytes, size_t length,
                  struct channel_query *query)
{
    ares_send(channel->ares, bytes, (int)length, answered, query);
}
