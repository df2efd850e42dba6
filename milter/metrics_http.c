/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_http.c - the numbers, by HTTP, see metrics_http.h
 *
 * CHOICES
 *  - One thread, ours: libmicrohttpd is told when to look. So what it tells us of, connections that
 *    come and go, needs no lock.
 *  - Its time limit is for silence: who sends a byte now and then keeps a connection for ever. Ours
 *    runs from the moment it is accepted, and ends it with shutdown(), which the library sees as
 *    any other end.
 *  - With all places taken it would let everybody wait. So when the last one is taken the oldest
 *    connection goes: whoever asks at once for what he wants, as Prometheus does, is served,
 *    however many others dawdle.
 */
#include "metrics_http.h"

#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "clock.h"
#include "log.h"
#include "metrics_rows.h"
#include "metrics_text.h"

/* Prometheus needs one, a person with a browser some; four KiB hold what either asks with. */
enum { PLACES = 16, REQUEST_BYTES = 4096, LIFE_MS = 5000, IDLE_S = 5 };

/* When it finds nothing to do so many times in a row, it is given a rest: see rest_if_idle(). */
enum { IDLE_TURNS = 64, REST_MS = 100 };

struct place {
    bool taken;
    int fd;
    uint64_t since_ms;
};

struct server {
    struct MHD_Daemon *daemon;
    helo_engine *engine;
    struct place places[PLACES];
    bool busy; /* since the last turn somebody came, asked or went */
};

/* ---- answers --------------------------------------------------------------------------------- */

/* The library wants them writable, and does not write. */
static char page[] = "<!DOCTYPE html><html lang=\"en\"><title>milter-helo</title>"
                     "<h1>milter-helo</h1><p><a href=\"/metrics\">Metrics</a></p></html>\n";
static char not_found[] = "not found: /metrics is here\n";
static char not_allowed[] = "GET and HEAD are answered here\n";
static char no_memory[] = "no memory\n";

/* One request a connection: then its five seconds are for that. Takes response over. */
static enum MHD_Result give(struct MHD_Connection *connection, unsigned code, const char *type,
                            struct MHD_Response *response)
{
    enum MHD_Result result = MHD_NO;

    if (response == NULL)
        return MHD_NO;
    if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") == MHD_YES &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES &&
        (code != MHD_HTTP_METHOD_NOT_ALLOWED ||
         MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES))
        result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result give_text(struct MHD_Connection *connection, unsigned code, const char *type,
                                 char *text)
{
    return give(connection, code, type,
                MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result give_metrics(struct MHD_Connection *connection, helo_engine *engine)
{
    struct MHD_Response *response;
    size_t length = 0;
    char *text = mh_metrics_rows(engine, &length);

    if (text == NULL)
        return give_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "text/plain", no_memory);
    response = MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    return give(connection, MHD_HTTP_OK, MH_METRICS_TYPE, response);
}

/* What is sent along with a request is not read: the answer is given first. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    struct server *server = arg;

    (void)version, (void)upload, (void)upload_size, (void)state;
    server->busy = true;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return give_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", not_allowed);
    if (strcmp(url, "/metrics") == 0)
        return give_metrics(connection, server->engine);
    if (strcmp(url, "/") == 0)
        return give_text(connection, MHD_HTTP_OK, "text/html; charset=utf-8", page);
    return give_text(connection, MHD_HTTP_NOT_FOUND, "text/plain", not_found);
}

/* ---- connections ----------------------------------------------------------------------------- */

static void end(struct place *place)
{
    (void)shutdown(place->fd, SHUT_RDWR);
}

/* A place for one more; when it is the last, the oldest of the others goes. */
static struct place *take_place(struct server *server)
{
    struct place *oldest = NULL, *found = NULL;
    unsigned others = 0;

    for (size_t i = 0; i < PLACES; i++) {
        struct place *place = &server->places[i];

        if (!place->taken) {
            found = place;
            continue;
        }
        others++;
        if (oldest == NULL || place->since_ms < oldest->since_ms)
            oldest = place;
    }
    if (others + 1 >= PLACES && oldest != NULL)
        end(oldest);
    return found;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **socket_state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *server = arg;
    struct place *place = *socket_state;
    const union MHD_ConnectionInfo *info;

    server->busy = true;
    if (what != MHD_CONNECTION_NOTIFY_STARTED) {
        if (place != NULL)
            place->taken = false;
        return;
    }
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    place = take_place(server);
    if (info == NULL || place == NULL)
        return; /* the library's own limit of silence is left */
    *place = (struct place){.taken = true, .fd = info->connect_fd, .since_ms = mh_clock_ms()};
    *socket_state = place;
}

/* Ends those that are over; returns in how many ms there may be another. */
static int end_old(struct server *server)
{
    uint64_t now = mh_clock_ms();
    uint64_t next = LIFE_MS;

    for (size_t i = 0; i < PLACES; i++) {
        struct place *place = &server->places[i];
        uint64_t age = place->taken ? now - place->since_ms : 0;

        if (age >= LIFE_MS)
            end(place);
        else if (LIFE_MS - age < next)
            next = LIFE_MS - age;
    }
    return (int)next + 1;
}

/*
 * The process may be out of file descriptors: then a client that waits to be accepted wakes us, and
 * is not accepted, over and over. Mail needs the processor more.
 */
static void rest_if_idle(struct server *server, unsigned *turns)
{
    const struct timespec rest = {.tv_nsec = REST_MS * 1000000L};

    *turns = server->busy ? 0 : *turns + 1;
    server->busy = false;
    if (*turns >= IDLE_TURNS)
        (void)nanosleep(&rest, NULL);
}

bool mh_metrics_http_is_built(void)
{
    return true;
}

void mh_metrics_http_serve(int listening, helo_engine *engine)
{
    struct server server = {.engine = engine};
    unsigned turns = 0;

    server.daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, &server, MHD_OPTION_LISTEN_SOCKET, listening,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)PLACES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, &server, MHD_OPTION_END);
    if (server.daemon == NULL) {
        mh_log(LOG_ERR, "error: metrics.listen: the HTTP server (libmicrohttpd) does not start");
        return;
    }
    while (MHD_run_wait(server.daemon, end_old(&server)) == MHD_YES)
        rest_if_idle(&server, &turns);
    mh_log(LOG_ERR, "error: metrics.listen: the HTTP server (libmicrohttpd) has ended");
    MHD_stop_daemon(server.daemon);
}
