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
 *    Each server is asked in turn before the first one is asked again, so with more of them each
 *    is asked less often: whatever the number, the answer is given up after 6 to 15 s; with the
 *    short timeouts, after 5 s at the least from one server or two, 2 s from four.
 *  - The order of the servers is ours (order.h): no rotation, and no query of c-ares' own to a
 *    server that failed.
 *  - c-ares' own cache is off: there is one cache, ours.
 *  - Since 1.22 one message that its parser refuses, whoever sent it, ends the socket, and costs
 *    all queries of that socket a try: such messages are mended before, see receive().
 *  - Sockets are learnt by the state callback; ares_fds() ends at FD_SETSIZE, ares_timeout() walks
 *    all queries.
 *
 * THREADS  ares_library_init() runs once, under pthread_once(); a channel belongs to one thread.
 */
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/text.h"
#include "dns/answer.h"
#include "dns/channel.h"

enum {
    RECEIVE_BUFFER_BYTES = 1 << 20, /* the stock 208 KiB hold 256 answers; less may be granted */
    TIMEOUT_MS = 1000,
    PROBE_MS = 900,              /* for all servers together */
    MAX_TIMEOUT_MS = 1500,       /* where c-ares has such a thing: stay below unbound's 1.9 s */
    VERSION_ADAPTIVE = 0x012000, /* 1.32.0: timeouts by past latency */
    READ_AT_ONCE = 64,           /* datagrams of one socket, before it is another's turn */
    UDP_FLAGS = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC
};

enum { TUNED_SERVERS = 4 }; /* with more it is as with so many */

static const struct {
    int flags;
    int tries[TUNED_SERVERS];          /* of each of 1, 2, ... servers, before 1.32 */
    int adaptive_tries[TUNED_SERVERS]; /* since */
} tuning[] = {
    [CHANNEL_UDP] = {UDP_FLAGS | ARES_FLAG_EDNS | ARES_FLAG_STAYOPEN, {3, 2, 2, 1}, {9, 5, 3, 2}},
    [CHANNEL_BARE] = {UDP_FLAGS, {3, 2, 2, 1}, {9, 5, 3, 2}},
    /* A resolver that cut its answer has it: no second try, and a broken TCP is to end soon. */
    [CHANNEL_TCP] = {ARES_FLAG_NOCHECKRESP | ARES_FLAG_USEVC, {1, 1, 1, 1}, {2, 1, 1, 1}},
    [CHANNEL_PROBE] = {UDP_FLAGS, {1, 1, 1, 1}, {1, 1, 1, 1}},
};

struct channel {
    ares_channel ares;
    struct pollfd sockets[CHANNEL_SOCKETS];
    size_t socket_count;
    bool strained;
    bool received; /* by receive(), since it was last looked */
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

    channel->received = false;
    ares_process_fd(channel->ares, readable ? fd : ARES_SOCKET_BAD,
                    writable ? fd : ARES_SOCKET_BAD);
    for (int i = 1; channel->received && i < READ_AT_ONCE; i++) {
        channel->received = false;
        ares_process_fd(channel->ares, fd, ARES_SOCKET_BAD);
    }
}

bool channel_is_strained(const struct channel *channel)
{
    return channel->strained;
}

/* ---- garbage ------------------------------------------------------------------------------- */

#if ARES_VERSION >= 0x011600 /* 1.22.0: parses what comes before it looks for the query */

/*
 * What is read from a UDP socket. A message that c-ares would not take, since one of its records is
 * broken, is given to it without records: then it ends that one query (malformed), if id and
 * question are right, and nothing else. What has not even a question has not come; nor has the
 * empty datagram, for which 1.34.5 takes a length that nobody has set, and then hears nothing any
 * more. With a function that is not its own c-ares reads one datagram at a time: `received` has
 * channel_process() come back for the next.
 */
static ares_ssize_t receive(ares_socket_t fd, void *bytes, size_t room, int flags,
                            struct sockaddr *from, ares_socklen_t *from_bytes, void *data)
{
    ssize_t got = recvfrom(fd, bytes, room, flags, from, from_bytes);
    struct channel *channel = data;
    ares_dns_record_t *parsed = NULL;

    if (got < 0)
        return got;
    channel->received = true;
    if (ares_dns_parse(bytes, (size_t)got, 0, &parsed) != ARES_SUCCESS)
        got = (ssize_t)dns_message_bare(bytes, (size_t)got);
    ares_dns_record_destroy(parsed);
    if (got > 0)
        return got;
    errno = EAGAIN;
    return -1;
}

/* c-ares leaves the buffer's size to whoever reads from the socket. */
static int enlarge_buffer(ares_socket_t fd, int type, void *data)
{
    const int bytes = RECEIVE_BUFFER_BYTES;

    (void)type;
    (void)data;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    return 0;
}

static void catch_garbage(struct channel *channel)
{
    static const struct ares_socket_functions functions = {.arecvfrom = receive};

    ares_set_socket_functions(channel->ares, &functions, channel);
    ares_set_socket_configure_callback(channel->ares, enlarge_buffer, NULL);
}

#else

static void catch_garbage(struct channel *channel)
{
    (void)channel; /* it ignores what it cannot use */
}

#endif

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
#ifdef ARES_OPT_SERVER_FAILOVER
    options->server_failover_opts.retry_chance = 0;
    mask |= ARES_OPT_SERVER_FAILOVER;
#endif
    (void)options;
    return mask;
}

static int servers_in(const char *line)
{
    int count = 1;

    for (; *line != '\0'; line++)
        count += *line == ',';
    return count;
}

static int init_channel(struct channel *channel, enum channel_kind kind, int servers)
{
    char lookups[] = "b"; /* never files */
    int version = 0;
    int row = (servers < TUNED_SERVERS ? servers : TUNED_SERVERS) - 1;
    struct ares_options options = {.flags = tuning[kind].flags,
                                   .timeout =
                                       kind == CHANNEL_PROBE ? PROBE_MS / servers : TIMEOUT_MS,
                                   .lookups = lookups,
                                   .ednspsz = CHANNEL_ANSWER_BYTES,
                                   .socket_receive_buffer_size = RECEIVE_BUFFER_BYTES,
                                   .sock_state_cb = socket_changed,
                                   .sock_state_cb_data = channel};

    (void)ares_version(&version); /* of the library that runs, not of its header */
    options.tries =
        version < VERSION_ADAPTIVE ? tuning[kind].tries[row] : tuning[kind].adaptive_tries[row];
    return ares_init_options(&channel->ares, &options,
                             ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                 ARES_OPT_NOROTATE | ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ |
                                 ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB |
                                 set_newer_options(&options));
}

static int start_library(void)
{
    (void)pthread_once(&library_once, init_library);
    return library_status;
}

enum helo_status channel_create(enum channel_kind kind, const char *servers, struct channel **out)
{
    struct channel *channel;
    int status = start_library();

    if (status != ARES_SUCCESS)
        return status_of(status);
    if (servers[0] == '\0') /* c-ares would take those of the system */
        return HELO_RESOLVER;
    channel = mem_zalloc(sizeof *channel);
    if (channel == NULL)
        return HELO_NOMEM;
    status = init_channel(channel, kind, servers_in(servers));
    if (status != ARES_SUCCESS) {
        mem_free(channel);
        return status_of(status);
    }
    if (kind != CHANNEL_TCP)
        catch_garbage(channel);
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

/* ---- the system's servers ------------------------------------------------------------------ */

enum { SERVERS_BYTES = 4096 };

#if ARES_VERSION >= 0x011800

/* Its own text knows of zone ids. */
static int add_servers(struct text *line, ares_channel ares)
{
    char *csv = ares_get_servers_csv(ares);

    if (csv == NULL)
        return ARES_ENOMEM;
    text_add(line, csv);
    ares_free_string(csv);
    return ARES_SUCCESS;
}

#else

static int add_servers(struct text *line, ares_channel ares)
{
    struct ares_addr_port_node *servers = NULL;
    int status = ares_get_servers_ports(ares, &servers);

    for (const struct ares_addr_port_node *s = servers; s != NULL; s = s->next) {
        char address[INET6_ADDRSTRLEN] = "";

        (void)inet_ntop(s->family, &s->addr, address, sizeof address);
        text_addf(line, s->family == AF_INET6 ? "%s[%s]:%d" : "%s%s:%d",
                  line->length > 0 ? "," : "", address, s->udp_port > 0 ? s->udp_port : 53);
    }
    ares_free_data(servers);
    return status;
}

#endif

enum helo_status channel_system_servers(char **out)
{
    struct ares_options options = {0};
    struct text line;
    ares_channel ares;
    int status = start_library();

    if (status == ARES_SUCCESS)
        status = ares_init_options(&ares, &options, 0);
    if (status != ARES_SUCCESS)
        return status_of(status);
    text_init(&line, SERVERS_BYTES);
    status = add_servers(&line, ares);
    ares_destroy(ares);
    if (status != ARES_SUCCESS || line.length == 0) {
        text_fini(&line);
        return status_of(status != ARES_SUCCESS ? status : ARES_ENODATA);
    }
    *out = text_take(&line);
    return *out != NULL ? HELO_OK : HELO_NOMEM;
}

/* ---- asking -------------------------------------------------------------------------------- */

static enum channel_outcome outcome_of(int status, int timeouts)
{
    switch (status) {
    case ARES_ETIMEOUT:
        return CHANNEL_SILENT;
    case ARES_EBADRESP:
        return CHANNEL_GARBAGE;
    case ARES_ECONNREFUSED: /* of the last server; another one was merely silent */
        return timeouts > 0 ? CHANNEL_SILENT : CHANNEL_UNREACHED;
    default: /* of ours: no memory, no socket, the end */
        return CHANNEL_UNREACHED;
    }
}

static void answered(void *arg, int status, int timeouts, unsigned char *bytes, int length)
{
    struct channel_query *query = arg;
    struct channel_reply reply = {.timeouts = (unsigned)timeouts};

    if (bytes != NULL && length > 0) {
        reply.outcome = CHANNEL_ANSWERED;
        reply.bytes = bytes;
        reply.length = (size_t)length;
    } else {
        reply.outcome = outcome_of(status, timeouts);
    }
    query->done(query, &reply);
}

void channel_send(struct channel *channel, const uint8_t *bytes, size_t length,
                  struct channel_query *query)
{
    ares_send(channel->ares, bytes, (int)length, answered, query);
}
