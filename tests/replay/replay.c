/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - play one scenario through the real engine and session, on a fake clock
 *
 * USAGE    replay FILE. Exit code 0: every expectation was met.
 *
 * A scenario is lines; '#' begins a comment. Words are separated by blanks.
 *   policy / zone          the lines up to `end` are a YAML policy / zone lines as at
 *                          helo_zone_add(); each replaces the former (a policy for new sessions)
 *   latency MS [NAME [TYPE]]  how long answers take
 *   mute on|off            a dead resolver: it loses what it was asked, and what it is asked
 *   patience MS            after which a question that nobody answers is a timeout; 0: never
 *   session NAME ADDRESS   a client connects; later lines are about it. ADDRESS may be `local`
 *   use NAME               back to another session
 *   helo TEXT | starttls | mail ADDRESS [USER] | rset | close
 *   pass MS                time passes
 *   rcpt ADDRESS           asks for the verdict
 *   test                   helo_engine_test()
 *   expect verdict|would ACTION
 *   expect check NAME OUTCOME[:REASON-or-CAUSE]
 *   expect fact NAME STATE[:CAUSE]
 *   expect source NAME SOURCE    of a fact
 *   expect reply CODE ENHANCED | none
 *   expect counter NAME N  as helo_engine_counters() has it: NAME{VALUE,VALUE} with its labels'
 *                          values, and of a histogram how many there were
 *   expect took MS         how long the last rcpt blocked
 *   expect asked N [NAME TYPE]   questions that reached the resolver, but for probes without NAME
 *   expect exempt KIND
 *   expect told N          findings of the engine since the last `test` began
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/diag.h"
#include "base/text.h"
#include "policy/load.h"
#include "replay/replay.h"

void fail(struct player *p, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%u: ", p->path, p->line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    p->failures++;
}

void die(struct player *p, const char *what)
{
    fail(p, "%s", what);
    exit(2);
}

static void show_diag(void *arg, const struct helo_diag *diag)
{
    char text[1024];

    (void)arg;
    helo_diag_format(diag, text, sizeof(text));
    fprintf(stderr, "%s\n", text);
}

/* Reads the lines up to `end` into block; returns their length. */
static size_t read_block(struct player *p, char block[BLOCK_BYTES])
{
    size_t used = 0;
    char line[1024];

    while (fgets(line, sizeof(line), p->file) != NULL) {
        p->line++;
        if (strcmp(line, "end\n") == 0)
            return used;
        if (used + strlen(line) >= BLOCK_BYTES)
            die(p, "block too long");
        memcpy(block + used, line, strlen(line) + 1);
        used += strlen(line);
    }
    die(p, "no `end`");
    return 0;
}

static void do_policy(struct player *p, char **words)
{
    static char block[BLOCK_BYTES];
    struct diag diag;
    helo_policy *policy;
    size_t length = read_block(p, block);

    (void)words;
    diag_init(&diag, show_diag, NULL);
    if (policy_load_text(block, length, p->path, &diag, &policy) != HELO_OK)
        die(p, "bad policy");
    if (p->engine != NULL && helo_engine_set_policy(p->engine, policy) != HELO_OK)
        die(p, "policy not set");
    helo_policy_unref(p->policy);
    p->policy = policy;
}

static void do_zone(struct player *p, char **words)
{
    static char block[BLOCK_BYTES];
    helo_zone *zone = NULL;
    char *rest = block;

    (void)words;
    read_block(p, block);
    if (p->zone_count == sizeof(p->zones) / sizeof(p->zones[0]) ||
        helo_zone_create(&zone) != HELO_OK)
        die(p, "no zone");
    p->zones[p->zone_count++] = zone;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        if (helo_zone_add(zone, line, p->path, p->line, show_diag, NULL) != HELO_OK)
            die(p, "bad zone line");
    }
    script_backend_set_zone(p->backend, zone);
}

unsigned parse_type(struct player *p, const char *word)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_MX, DNS_PTR};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(dns_type_text(types[i]), word) == 0)
            return types[i];
    }
    die(p, "unknown type");
    return 0;
}

const char *dns_name(const char *word, char buffer[LIMIT_NAME_CHARS + 1])
{
    struct ip ip;

    if (!ip_parse(word, &ip))
        return word;
    ip_reverse_name(&ip, buffer);
    return buffer;
}

static void do_latency(struct player *p, char **words)
{
    uint64_t ms = strtoull(words[1], NULL, 10);
    char buffer[LIMIT_NAME_CHARS + 1];

    if (words[2] == NULL)
        script_backend_set_latency(p->backend, ms);
    else
        script_backend_add_rule(p->backend, dns_name(words[2], buffer),
                                words[3] != NULL ? parse_type(p, words[3]) : 0, ms);
}

static void do_mute(struct player *p, char **words)
{
    script_backend_set_mute(p->backend, strcmp(words[1], "on") == 0);
}

static void do_patience(struct player *p, char **words)
{
    script_backend_set_patience(p->backend, strtoull(words[1], NULL, 10));
}

static void count_finding(void *arg, const struct helo_diag *diag)
{
    struct player *p = arg;

    show_diag(NULL, diag);
    p->told++;
}

static void start_engine(struct player *p)
{
    const struct helo_engine_options options = {
        .size = sizeof(options), .warn = count_finding, .warn_arg = p};

    if (p->engine != NULL)
        return;
    if (p->policy == NULL && helo_policy_default(&p->policy) != HELO_OK)
        die(p, "no policy");
    if (engine_create_with(p->policy, &options, script_backend_base(p->backend), &p->engine) !=
        HELO_OK)
        die(p, "no engine");
}

static const struct sockaddr *parse_client(struct player *p, const char *word,
                                           struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof(*out));
    if (strcmp(word, "local") == 0)
        return NULL;
    if (inet_pton(AF_INET, word, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET;
    else if (inet_pton(AF_INET6, word, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6;
    else
        die(p, "bad client address");
    return (const struct sockaddr *)out;
}

static void do_session(struct player *p, char **words)
{
    static const char *const server_names[] = {"mx.site.example", NULL};
    static const char *const server_addresses[] = {"192.0.2.1", "2001:db8::1", NULL};
    struct sockaddr_storage address;
    struct helo_client client = {.size = sizeof(client),
                                 .server_names = server_names,
                                 .server_addresses = server_addresses,
                                 .confirmed_name = words[3]};

    start_engine(p);
    client.address = parse_client(p, words[2], &address);
    if (p->session_count == MAX_SESSIONS ||
        helo_session_create(p->engine, &client, &p->current) != HELO_OK)
        die(p, "no session");
    text_copy(p->sessions[p->session_count].name, sizeof(p->sessions[0].name), words[1]);
    p->sessions[p->session_count++].session = p->current;
    p->verdict = NULL;
}

static void do_use(struct player *p, char **words)
{
    for (size_t i = 0; i < p->session_count; i++) {
        if (strcmp(p->sessions[i].name, words[1]) == 0) {
            p->current = p->sessions[i].session;
            p->verdict = NULL;
            return;
        }
    }
    die(p, "no such session");
}

static void do_helo(struct player *p, char **words)
{
    if (helo_session_helo(p->current, words[1], strlen(words[1])) != HELO_OK)
        fail(p, "helo failed");
}

static void do_starttls(struct player *p, char **words)
{
    (void)words;
    helo_session_starttls(p->current);
}

static void do_mail(struct player *p, char **words)
{
    struct helo_sender sender = {
        .size = sizeof(sender), .address = words[1], .auth_user = words[2]};

    if (helo_session_mail(p->current, &sender) != HELO_OK)
        fail(p, "mail failed");
}

static void do_rset(struct player *p, char **words)
{
    (void)words;
    helo_session_reset(p->current);
}

static void do_close(struct player *p, char **words)
{
    (void)words;
    for (size_t i = 0; i < p->session_count; i++) {
        if (p->sessions[i].session == p->current)
            p->sessions[i].session = NULL;
    }
    helo_session_free(p->current);
    p->current = NULL;
}

static void do_pass(struct player *p, char **words)
{
    script_backend_pass(p->backend, strtoull(words[1], NULL, 10));
}

static void do_test(struct player *p, char **words)
{
    (void)words;
    start_engine(p);
    p->told = 0;
    if (helo_engine_test(p->engine) != HELO_OK)
        fail(p, "test failed");
}

static void do_rcpt(struct player *p, char **words)
{
    const struct dns_backend_ops *ops = script_backend_base(p->backend)->ops;
    uint64_t began_ms = ops->now_ms(script_backend_base(p->backend));

    if (helo_session_decide(p->current, HELO_AT_RCPT, words[1], "id", &p->verdict) != HELO_OK)
        die(p, "no verdict");
    p->took_ms = ops->now_ms(script_backend_base(p->backend)) - began_ms;
}

/* words: how many there must be at least, the command among them. */
static const struct {
    const char *name;
    size_t words;
    bool in_session;
    void (*run)(struct player *p, char **words);
} commands[] = {
    {"policy", 1, false, do_policy},     {"zone", 1, false, do_zone},
    {"latency", 2, false, do_latency},   {"session", 3, false, do_session},
    {"use", 2, false, do_use},           {"helo", 2, true, do_helo},
    {"starttls", 1, true, do_starttls},  {"mail", 2, true, do_mail},
    {"rset", 1, true, do_rset},          {"close", 1, true, do_close},
    {"pass", 2, false, do_pass},         {"rcpt", 2, true, do_rcpt},
    {"test", 1, false, do_test},         {"mute", 2, false, do_mute},
    {"patience", 2, false, do_patience}, {"expect", 3, false, do_expect},
};

static void run_line(struct player *p, char *line)
{
    char *words[MAX_WORDS + 1] = {NULL};
    size_t count = 0;

    line[strcspn(line, "#\n")] = '\0';
    for (char *word = strtok_r(line, " ", &line); word != NULL && count < MAX_WORDS;
         word = strtok_r(NULL, " ", &line))
        words[count++] = word;
    if (count == 0)
        return;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, words[0]) != 0)
            continue;
        if (count < commands[i].words || (commands[i].in_session && p->current == NULL))
            die(p, "a word or a session is missing");
        commands[i].run(p, words);
        return;
    }
    die(p, "unknown command");
}

static void finish(struct player *p)
{
    for (size_t i = 0; i < p->session_count; i++)
        helo_session_free(p->sessions[i].session);
    helo_engine_destroy(p->engine);
    helo_policy_unref(p->policy);
    for (size_t i = 0; i < p->zone_count; i++)
        helo_zone_free(p->zones[i]);
    fclose(p->file);
}

int main(int argc, char **argv)
{
    static struct player p;
    char line[1024];

    if (argc != 2) {
        fprintf(stderr, "usage: replay FILE\n");
        return 64;
    }
    p.path = argv[1];
    p.file = fopen(p.path, "r");
    if (p.file == NULL) {
        perror(p.path);
        return 66;
    }
    p.backend = script_backend_create();
    while (fgets(line, sizeof(line), p.file) != NULL) {
        p.line++;
        run_line(&p, line);
    }
    if (p.engine == NULL)
        die(&p, "the scenario has no session");
    finish(&p);
    printf("%s: %s\n", p.path, p.failures == 0 ? "ok" : "FAILED");
    return p.failures == 0 ? 0 : 1;
}
