/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_dns.c - questions per second through the look-up service
 *
 * PURPOSE  Asks a name server as many questions as it answers in some seconds, always with the same
 *          number of them in the air, through struct dns_service and the c-ares back end, without a
 *          cache. resolver.py runs it in turn with dnsperf.
 * CONTRACT Prints one line: questions that were answered while it asked, and for how many seconds
 *          it did; all questions; those that got no definite answer, however late; seconds until
 *          the last one had; CPU seconds of the process, and of that what the asking thread took
 *          itself (the rest is the resolver's thread).
 * THREADS  One asks and looks for answers, as the sessions of the filter do; the back end has its
 *          own.
 * USAGE    bench_dns SERVER FILE IN-FLIGHT SECONDS     FILE: lines "NAME A", as dnsperf reads them.
 *          More names than IN-FLIGHT: who asks what is in the air already asks nothing.
 */
#include <sys/queue.h>

#include "base/mem.h"
#include "subject.h"

enum { MAX_NAMES = 200000, MAX_SECONDS = 60, LONGEST_WAIT_MS = 20000 };

/*
 * Answers come about in the order of the questions, as long as none is lost. So whoever looks for
 * them begins with the oldest question, and has seen enough after LOOK_AHEAD that are still out.
 * One that was in vain PATIENCE times will come by the resolver's timer, and is put aside, with a
 * look at all of those every LATE_NS.
 */
enum { LOOK_AHEAD = 16, PATIENCE = 50, LATE_NS = 10000000 };

struct asked {
    struct dns_ticket *ticket;
    unsigned misses;
    TAILQ_ENTRY(asked) link;
};

TAILQ_HEAD(asked_list, asked);

struct load {
    struct dns_service *service;
    struct dns_waiter *waiter;
    struct dns_question *names;
    size_t name_count, next;
    struct asked_list out, late, idle; /* out: oldest first */
    uint64_t late_seen_ns;
    size_t answered, in_time, indefinite;
};

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    bench_must(clock_gettime(clock, &now) == 0, "no clock");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void read_names(const char *path, struct load *load)
{
    FILE *file = fopen(path, "r");
    char line[sizeof(load->names->name) + 16];

    bench_must(file != NULL, "no file of names");
    load->names = mem_array(MAX_NAMES, sizeof(*load->names));
    bench_must(load->names != NULL, "no memory");
    while (load->name_count < MAX_NAMES && fgets(line, sizeof(line), file) != NULL) {
        struct dns_question *question = &load->names[load->name_count++];
        size_t length = strcspn(line, " ");

        bench_must(length < sizeof(question->name) && strcmp(line + length, " A\n") == 0,
                   "a line is not NAME A");
        question->type = DNS_A;
        memcpy(question->name, line, length);
        question->name[length] = '\0';
    }
    (void)fclose(file);
}

static void ask(struct load *load)
{
    struct asked *asked = TAILQ_FIRST(&load->idle);

    TAILQ_REMOVE(&load->idle, asked, link);
    asked->misses = 0;
    asked->ticket = subject_ask(load->service, load->waiter, &load->names[load->next]);
    TAILQ_INSERT_TAIL(&load->out, asked, link);
    load->next = (load->next + 1) % load->name_count;
}

static void move(struct asked *asked, struct asked_list *from, struct asked_list *to)
{
    TAILQ_REMOVE(from, asked, link);
    TAILQ_INSERT_TAIL(to, asked, link);
}

/* Takes the answer of one that is in list, if it is there. */
static bool take(struct load *load, struct asked *asked, struct asked_list *list)
{
    const struct dns_answer *answer = subject_answer(load->service, asked->ticket);

    if (answer == NULL)
        return false;
    load->answered++;
    load->indefinite += !dns_status_is_definite(answer->status);
    service_release(load->service, asked->ticket);
    move(asked, list, &load->idle);
    return true;
}

static void take_late(struct load *load)
{
    uint64_t now_ns = subject_now_ns();
    struct asked *asked, *next;

    if (now_ns - load->late_seen_ns < LATE_NS && !TAILQ_EMPTY(&load->out))
        return;
    load->late_seen_ns = now_ns;
    for (asked = TAILQ_FIRST(&load->late); asked != NULL; asked = next) {
        next = TAILQ_NEXT(asked, link);
        (void)take(load, asked, &load->late);
    }
}

static void take_answers(struct load *load)
{
    struct asked *asked = TAILQ_FIRST(&load->out), *next;
    size_t found = 0, missed = 0;

    for (; asked != NULL && (found == 0 || missed < LOOK_AHEAD); asked = next) {
        next = TAILQ_NEXT(asked, link);
        if (take(load, asked, &load->out)) {
            found++;
            continue;
        }
        missed++;
        if (++asked->misses > PATIENCE)
            move(asked, &load->out, &load->late);
    }
    take_late(load);
}

/* Asks for so long, and then waits for what is out. */
static void run(struct load *load, double seconds)
{
    double end = seconds_of(CLOCK_MONOTONIC) + seconds;
    bool asking = true;

    for (;;) {
        if (asking && seconds_of(CLOCK_MONOTONIC) >= end) {
            asking = false;
            load->in_time = load->answered;
        }
        while (asking && !TAILQ_EMPTY(&load->idle))
            ask(load);
        if (TAILQ_EMPTY(&load->out) && TAILQ_EMPTY(&load->late))
            return;
        bench_must(service_wait(load->service, load->waiter,
                                service_now_ms(load->service) + LONGEST_WAIT_MS),
                   "the name server is silent");
        take_answers(load);
    }
}

static void measure(struct load *load, double seconds)
{
    double wall = seconds_of(CLOCK_MONOTONIC);
    double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    double own = seconds_of(CLOCK_THREAD_CPUTIME_ID);

    run(load, seconds);
    (void)printf("in_time=%zu asking_s=%.6f questions=%zu indefinite=%zu wall_s=%.6f cpu_s=%.6f "
                 "asker_cpu_s=%.6f\n",
                 load->in_time, seconds, load->answered, load->indefinite,
                 seconds_of(CLOCK_MONOTONIC) - wall, seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu,
                 seconds_of(CLOCK_THREAD_CPUTIME_ID) - own);
}

int main(int argc, char **argv)
{
    struct load load = {.out = TAILQ_HEAD_INITIALIZER(load.out),
                        .late = TAILQ_HEAD_INITIALIZER(load.late),
                        .idle = TAILQ_HEAD_INITIALIZER(load.idle)};
    struct dns_backend *backend = NULL;
    struct asked *slots;
    size_t in_flight;
    double seconds;

    bench_must(argc == 5, "usage: bench_dns SERVER FILE IN-FLIGHT SECONDS");
    in_flight = strtoul(argv[3], NULL, 10);
    seconds = strtod(argv[4], NULL);
    read_names(argv[2], &load);
    bench_must(in_flight > 0 && in_flight < load.name_count,
               "IN-FLIGHT: from 1 to less than names");
    bench_must(seconds > 0 && seconds <= MAX_SECONDS, "SECONDS: up to 60");
    slots = mem_array(in_flight, sizeof(*slots));
    bench_must(slots != NULL, "no memory");
    for (size_t i = 0; i < in_flight; i++)
        TAILQ_INSERT_TAIL(&load.idle, &slots[i], link);
    bench_must(backend_cares_create(&argv[1], 1, &backend) == HELO_OK, "no such server");
    load.service = subject_service(backend, 0);
    bench_must(waiter_create(&load.waiter) == HELO_OK, "no memory");
    measure(&load, seconds);
    waiter_free(load.waiter);
    service_destroy(load.service);
    mem_free(slots);
    mem_free(load.names);
    return 0;
}
