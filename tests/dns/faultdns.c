/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faultdns.c - tests/tools/faultdns.py as a child of a test
 *
 * PURPOSE  See faultdns.h.
 * THREADS  none of its own.
 */
#include "faultdns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dns/answer.h"

enum { PATIENCE_S = 20 }; /* for a machine that runs other tests, too */

enum { MOST_OPTIONS = 8 };

static void exec_server(int in, int out, const char *const *options)
{
    const char *words[4 + MOST_OPTIONS] = {"python3", "tests/tools/faultdns.py", "--until-eof"};

    for (size_t i = 0; i < MOST_OPTIONS && options[i] != NULL; i++)
        words[3 + i] = options[i];
    (void)dup2(in, STDIN_FILENO);
    (void)dup2(out, STDOUT_FILENO);
    (void)execvp(words[0], (char *const *)(uintptr_t)words);
    perror("python3");
    _exit(127);
}

/* "ready ADDRESS PORT" */
static bool read_port(int fd, struct faultdns *server)
{
    char line[128], address[48];
    size_t length = 0;

    while (length + 1 < sizeof line && read(fd, line + length, 1) == 1 && line[length] != '\n')
        length++;
    line[length] = '\0';
    if (sscanf(line, "ready %47s %d", address, &server->port) != 2)
        return false;
    (void)snprintf(server->server, sizeof server->server,
                   strchr(address, ':') != NULL ? "[%s]:%d" : "%s:%d", address, server->port);
    return true;
}

bool faultdns_start_with(struct faultdns *server, const char *const *options)
{
    int in[2], out[2];
    bool ready;

    *server = (struct faultdns){.stay = -1};
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        return false;
    server->pid = fork();
    if (server->pid == 0)
        exec_server(in[0], out[1], options);
    (void)close(in[0]);
    (void)close(out[1]);
    server->stay = in[1];
    ready = server->pid > 0 && read_port(out[0], server);
    (void)close(out[0]);
    if (!ready)
        faultdns_stop(server);
    return ready;
}

bool faultdns_start(struct faultdns *server, const char *zone)
{
    const char *const with_zone[] = {"--zone", zone, NULL};

    return faultdns_start_with(server, zone == NULL ? with_zone + 2 : with_zone);
}

void faultdns_stop(struct faultdns *server)
{
    if (server->stay >= 0)
        (void)close(server->stay);
    if (server->pid > 0)
        (void)waitpid(server->pid, NULL, 0);
    server->pid = 0;
    server->stay = -1;
}

void faultdns_kill(struct faultdns *server)
{
    if (server->pid > 0)
        (void)kill(server->pid, SIGKILL);
    faultdns_stop(server);
}

/* Sends the question, and waits for its answer. */
static ssize_t exchange(const struct faultdns *server, const uint8_t *query, size_t length,
                        uint8_t *answer, size_t room)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ssize_t got = -1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (sendto(fd, query, length, 0, (const struct sockaddr *)&to, sizeof to) > 0)
        got = recv(fd, answer, room, 0);
    (void)close(fd);
    return got;
}

bool faultdns_seen(const struct faultdns *server, const char *name, struct faultdns_seen *out)
{
    struct dns_question question = {.type = (enum dns_type)ns_t_txt};
    uint8_t query[512], answer[512];
    char text[256] = "";
    ns_msg message;
    ns_rr rr;
    ssize_t got;

    (void)snprintf(question.name, sizeof question.name, "_count.%s", name);
    got = exchange(server, query, dns_message_build(&question, 1, NULL, 0, query), answer,
                   sizeof answer);
    if (got < 0 || ns_initparse(answer, (int)got, &message) != 0 ||
        ns_parserr(&message, ns_s_an, 0, &rr) != 0 || ns_rr_rdlen(rr) >= sizeof text)
        return false;
    memcpy(text, ns_rr_rdata(rr) + 1, ns_rr_rdlen(rr) - 1u);
    return sscanf(text, "udp=%u tcp=%u edns=%u mixed=%u ports=%u ids=%u high=%u low=%u", &out->udp,
                  &out->tcp, &out->edns, &out->mixed, &out->ports, &out->ids, &out->high,
                  &out->low) == 8;
}
