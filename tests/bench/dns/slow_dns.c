/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slow_dns.c - a name server that knows a world of honest clients, and takes its time
 *
 * PURPOSE  Every answer comes the same time after its question, to a tenth of a millisecond, so
 *          that what a mail server makes of that is its own doing. The answers are worked out and
 *          not looked up, so that there are as many clients as sessions want.
 * WORLD    Client n has an address, 203.0.113.0/24 and 198.51.100.0/24 for the first 512 (family
 *          f), 2001:db8:HHHH:LLLL::1 for any (family s), HHHHLLLL being n; and a domain, the
 *          letter of the family and n in four letters: faaab.example is n = 1. PTR of the address
 *          is mail.DOMAIN; every name below DOMAIN has that address and nothing else, as hosts do;
 *          DOMAIN itself has nothing. mx.site.example is 192.0.2.1. list.example.org is a list of
 *          domains that has nobody on it, and passes its test (RFC 5782 5). Nothing else exists.
 * LIMITS   UDP, queries of one question; what is more than QUEUE answers behind is dropped.
 * THREADS  one.
 * USAGE    slow_dns ADDRESS PORT MILLISECONDS          prints "ready", runs until it is killed
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <sys/socket.h>

#include "bench/bench.h"

enum {
    QUEUE = 8192,
    HEADER_BYTES = 12,
    LABELS = 40, /* ip6.arpa has 34 */
    MESSAGE = 512,
    TTL_S = 3600,
    LETTERS = 4,
    ALPHABET = 26,
    HOSTS = 256
};

static const uint8_t networks[][3] = {{203, 0, 113}, {198, 51, 100}};

struct question {
    char text[NS_MAXDNAME]; /* lower case; a NUL after each label */
    const char *labels[LABELS];
    size_t count;
    unsigned type;
    size_t end; /* of the question section */
};

struct reply {
    uint64_t due_ns;
    struct sockaddr_in asker;
    size_t length;
    uint8_t bytes[MESSAGE];
};

struct server {
    int socket;
    uint64_t delay_ns;
    struct reply queue[QUEUE]; /* a ring */
    size_t first, count;
};

/* ---- the world ------------------------------------------------------------------------------- */

enum finding { NO_NAME, NO_DATA, FOUND };

struct record {
    size_t length;
    uint8_t data[NS_MAXCDNAME];
};

static bool client_of_domain(const char *domain, char *family, uint32_t *n)
{
    *family = domain[0];
    *n = 0;
    if ((*family != 'f' && *family != 's') || strlen(domain) != 1 + LETTERS)
        return false;
    for (size_t i = 1; i <= LETTERS; i++) {
        if (domain[i] < 'a' || domain[i] > 'z')
            return false;
        *n = *n * ALPHABET + (uint32_t)(domain[i] - 'a');
    }
    return *family == 's' || *n < BENCH_COUNT(networks) * HOSTS;
}

static void put_label(struct record *record, const char *label, size_t length)
{
    record->data[record->length++] = (uint8_t)length;
    memcpy(record->data + record->length, label, length);
    record->length += length;
}

static void put_pointer(struct record *record, char family, uint32_t n)
{
    char domain[1 + LETTERS];

    domain[0] = family;
    for (size_t i = LETTERS; i >= 1; i--, n /= ALPHABET)
        domain[i] = (char)('a' + n % ALPHABET);
    put_label(record, "mail", 4);
    put_label(record, domain, sizeof(domain));
    put_label(record, "example", 7);
    put_label(record, "", 0);
}

static void put_address(struct record *record, char family, uint32_t n)
{
    static const uint8_t prefix[4] = {0x20, 0x01, 0x0d, 0xb8};

    memset(record->data, 0, 16);
    record->length = family == 'f' ? 4 : 16;
    if (family == 'f') {
        memcpy(record->data, networks[n / HOSTS], 3);
        record->data[3] = (uint8_t)(n % HOSTS);
        return;
    }
    memcpy(record->data, prefix, 4);
    for (size_t i = 0; i < 4; i++)
        record->data[4 + i] = (uint8_t)(n >> (24 - 8 * i));
    record->data[15] = 1;
}

/* D.C.B.A.in-addr.arpa */
static enum finding find_v4(const struct question *q, struct record *record)
{
    unsigned long bytes[4];

    for (size_t i = 0; i < 4; i++)
        bytes[3 - i] = strtoul(q->labels[i], NULL, 10);
    for (uint32_t net = 0; net < BENCH_COUNT(networks); net++) {
        if (bytes[0] == networks[net][0] && bytes[1] == networks[net][1] &&
            bytes[2] == networks[net][2] && bytes[3] < HOSTS) {
            put_pointer(record, 'f', net * HOSTS + (uint32_t)bytes[3]);
            return FOUND;
        }
    }
    return NO_NAME;
}

/* 32 nibbles, the last one first; the four bytes after 2001:db8 are the client's number. */
static enum finding find_v6(const struct question *q, struct record *record)
{
    uint32_t n = 0;

    for (size_t i = 0; i < 8; i++)
        n = n << 4 | (uint32_t)strtoul(q->labels[23 - i], NULL, 16);
    put_pointer(record, 's', n);
    return FOUND;
}

/* Below example. */
static enum finding find_host(const struct question *q, struct record *record)
{
    const char *domain = q->labels[q->count - 2];
    char family;
    uint32_t n;

    if (strcmp(domain, "site") == 0) {
        static const uint8_t own[4] = {192, 0, 2, 1};

        memcpy(record->data, own, sizeof(own));
        record->length = sizeof(own);
        return q->type == ns_t_a ? FOUND : NO_DATA;
    }
    if (!client_of_domain(domain, &family, &n))
        return NO_NAME;
    put_address(record, family, n);
    return q->count > 2 && q->type == (family == 'f' ? ns_t_a : ns_t_aaaa) ? FOUND : NO_DATA;
}

static bool ends_in(const struct question *q, const char *last, const char *before)
{
    return q->count > 2 && strcmp(q->labels[q->count - 1], last) == 0 &&
           (before == NULL || strcmp(q->labels[q->count - 2], before) == 0);
}

static enum finding find(const struct question *q, struct record *record)
{
    static const uint8_t listed[4] = {127, 0, 0, 2};

    record->length = 0;
    if (ends_in(q, "arpa", "in-addr") && q->count == 6 && q->type == ns_t_ptr)
        return find_v4(q, record);
    if (ends_in(q, "arpa", "ip6") && q->count == 34 && q->type == ns_t_ptr)
        return find_v6(q, record);
    if (q->count >= 2 && strcmp(q->labels[q->count - 1], "example") == 0)
        return find_host(q, record);
    if (ends_in(q, "org", "example") && q->count == 4 && strcmp(q->labels[0], "test") == 0) {
        memcpy(record->data, listed, sizeof(listed));
        record->length = sizeof(listed);
        return q->type == ns_t_a ? FOUND : NO_DATA;
    }
    return NO_NAME;
}

/* ---- messages -------------------------------------------------------------------------------- */

static bool read_question(const uint8_t *query, size_t length, struct question *q)
{
    size_t at = HEADER_BYTES, out = 0;

    q->count = 0;
    while (at < length && query[at] != 0) {
        size_t label = query[at++];

        if (label > NS_MAXLABEL || at + label >= length || q->count == LABELS)
            return false;
        q->labels[q->count++] = q->text + out;
        for (size_t i = 0; i < label; i++, at++) {
            bool upper = query[at] >= 'A' && query[at] <= 'Z';

            q->text[out++] = (char)(upper ? query[at] + ('a' - 'A') : query[at]);
        }
        q->text[out++] = '\0';
    }
    if (at + 5 > length)
        return false;
    q->type = (unsigned)(query[at + 1] << 8 | query[at + 2]);
    q->end = at + 5;
    return true;
}

/* Type, class IN, TTL, and the record's data. */
static size_t put_record(uint8_t *to, unsigned type, const struct record *record)
{
    const uint8_t fixed[] = {(uint8_t)(type >> 8),
                             (uint8_t)type,
                             0,
                             ns_c_in,
                             0,
                             0,
                             TTL_S >> 8,
                             TTL_S & 0xff,
                             (uint8_t)(record->length >> 8),
                             (uint8_t)record->length};

    memcpy(to, fixed, sizeof(fixed));
    memcpy(to + sizeof(fixed), record->data, record->length);
    return sizeof(fixed) + record->length;
}

/* RFC 1035 4.1, RFC 2308 2: a negative answer has the SOA, here the root's. */
static size_t answer(const uint8_t *query, const struct question *q, uint8_t *out)
{
    static const struct record soa = {
        .length = 22,
        .data = {0, 0, 0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 2, 88, 0, 1, 81, 128, 0, 0, 2, 88}};
    struct record record;
    enum finding finding = find(q, &record);
    size_t length = q->end;

    memcpy(out, query, q->end);
    memset(out + 2, 0, HEADER_BYTES - 2);
    out[2] = (uint8_t)(0x80 | (query[2] & 0x01)); /* QR, RD as asked */
    out[3] = (uint8_t)(0x80 | (finding == NO_NAME ? ns_r_nxdomain : ns_r_noerror));
    out[5] = 1;
    if (finding == FOUND) {
        out[7] = 1;
        out[length++] = 0xc0;
        out[length++] = HEADER_BYTES; /* a pointer to the question's name */
        return length + put_record(out + length, q->type, &record);
    }
    out[9] = 1;
    out[length++] = 0;
    return length + put_record(out + length, ns_t_soa, &soa);
}

/* ---- time ------------------------------------------------------------------------------------ */

static uint64_t now_ns(void)
{
    struct timespec now;

    bench_must(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "no clock");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void take_queries(struct server *server)
{
    uint8_t query[MESSAGE];
    struct question question;

    while (server->count < QUEUE) {
        struct reply *reply = &server->queue[(server->first + server->count) % QUEUE];
        socklen_t size = sizeof(reply->asker);
        ssize_t length = recvfrom(server->socket, query, sizeof(query), MSG_DONTWAIT,
                                  (struct sockaddr *)&reply->asker, &size);

        if (length < 0)
            return;
        /* The longest answer is 257 + 20 bytes longer than its question. */
        if (length < HEADER_BYTES || !read_question(query, (size_t)length, &question) ||
            question.end > MESSAGE / 3)
            continue;
        reply->length = answer(query, &question, reply->bytes);
        reply->due_ns = now_ns() + server->delay_ns;
        server->count++;
    }
}

static void send_due(struct server *server)
{
    while (server->count > 0 && server->queue[server->first].due_ns <= now_ns()) {
        const struct reply *reply = &server->queue[server->first];

        (void)sendto(server->socket, reply->bytes, reply->length, 0,
                     (const struct sockaddr *)&reply->asker, sizeof(reply->asker));
        server->first = (server->first + 1) % QUEUE;
        server->count--;
    }
}

static void serve(struct server *server)
{
    struct pollfd fd = {.fd = server->socket, .events = POLLIN};

    for (;;) {
        uint64_t now = now_ns();
        uint64_t due = server->count > 0 ? server->queue[server->first].due_ns : UINT64_MAX;
        uint64_t left = due > now ? due - now : 0;
        struct timespec wait = {.tv_sec = (time_t)(left / 1000000000u),
                                .tv_nsec = (long)(left % 1000000000u)};

        (void)ppoll(&fd, 1, server->count > 0 ? &wait : NULL, NULL);
        take_queries(server);
        send_due(server);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    static struct server server;

    bench_must(argc == 4, "usage: slow_dns ADDRESS PORT MILLISECONDS");
    bench_must(inet_pton(AF_INET, argv[1], &address.sin_addr) == 1, "no such address");
    address.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
    server.delay_ns = strtoul(argv[3], NULL, 10) * 1000000u;
    server.socket = socket(AF_INET, SOCK_DGRAM, 0);
    bench_must(bind(server.socket, (const struct sockaddr *)&address, sizeof(address)) == 0,
               "the address is in use");
    (void)printf("ready\n");
    (void)fflush(stdout);
    serve(&server);
    return 0;
}
