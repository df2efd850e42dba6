/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_cache.c - what an answer from the cache costs, how that scales, what it weighs
 *
 * CACHE      cache_find() and cache_put() alone, on one thread.
 * SERVICE    What a session does: service_ask() of something that is cached, looking at the answer,
 *            service_release().
 * THREADS    The same from one thread and from two, by the wall clock; beside it, what two threads
 *            are worth on this machine that have nothing to do with each other.
 * BYTES      What the cache says that an entry takes, and what malloc took for it.
 * USAGE      bench_cache [ROUNDS [TEXT]]
 */
#include <malloc.h>
#include <pthread.h>

#include "base/mem.h"
#include "subject.h"

enum {
    NAMES = 16384, /* each with four entries */
    ENTRIES = 4 * NAMES,
    CACHE_BYTES = 64 << 20, /* nothing is ever evicted */
    TIMES = 200000,
    THREADS = 2
};

struct fixture {
    struct dns_question *questions; /* ENTRIES of them, then as many that nobody has answered */
    struct dns_answer **answers;
    uint32_t *order; /* in which nobody can foresee the next */
    struct cache *cache;
    struct dns_service *service;
    struct dns_lookup *submitted; /* to the back end: one at a time */
    uint64_t now_ms;
};

static struct fixture fixture;

/* ---- what is cached: four answers for each client, as an honest one's session leaves them ---- */

static const enum dns_type types[] = {DNS_PTR, DNS_A, DNS_AAAA, DNS_MX};

static void question_for(size_t i, struct dns_question *out)
{
    size_t client = i / BENCH_COUNT(types);

    out->type = types[i % BENCH_COUNT(types)];
    if (out->type == DNS_PTR)
        (void)snprintf(out->name, sizeof(out->name), "%zu.%zu.51.198.in-addr.arpa", client % 256,
                       client / 256);
    else
        (void)snprintf(out->name, sizeof(out->name), "mail.c%zu.example.net", client);
}

static struct dns_answer *answer_for(const struct dns_question *question)
{
    static const struct ip address = {IP_V4, {198, 51, 100, 7}};
    static const char name[1][LIMIT_NAME_CHARS + 1] = {"mail.c12345.example.net"};
    struct dns_answer *answer = NULL;
    enum helo_status status;

    if (question->type == DNS_PTR)
        status = dns_answer_create_names(DNS_PTR, name, 1, 3600, &answer);
    else if (question->type == DNS_A)
        status = dns_answer_create_addresses(&address, 1, 3600, &answer);
    else
        status = dns_answer_create(DNS_NODATA, 600, &answer);
    bench_must(status == HELO_OK, "no memory");
    return answer;
}

/* ---- a back end that has its answers from here ----------------------------------------------- */

static void submit(struct dns_backend *backend, struct dns_lookup *lookup)
{
    (void)backend;
    bench_must(fixture.submitted == NULL, "a question that is cached was asked");
    fixture.submitted = lookup;
}

static void destroy(struct dns_backend *backend)
{
    (void)backend;
}

static const struct dns_backend_ops ops = {.submit = submit, .destroy = destroy};
static struct dns_backend here = {.ops = &ops};

static void learn(size_t i, struct dns_waiter *waiter)
{
    struct dns_ticket *ticket = subject_ask(fixture.service, waiter, &fixture.questions[i]);
    struct dns_lookup *lookup = fixture.submitted;

    bench_must(lookup != NULL, "a new question was not asked");
    fixture.submitted = NULL;
    service_complete(fixture.service, lookup, dns_answer_ref(fixture.answers[i]));
    service_release(fixture.service, ticket);
}

static void build(void)
{
    uint64_t seed = 88172645463325252u;
    struct dns_waiter *waiter = NULL;

    fixture.questions = mem_array((size_t)2 * ENTRIES, sizeof(*fixture.questions));
    fixture.answers = mem_array(ENTRIES, sizeof(struct dns_answer *));
    fixture.order = mem_array(ENTRIES, sizeof(*fixture.order));
    bench_must(fixture.questions != NULL && fixture.answers != NULL && fixture.order != NULL,
               "no memory");
    fixture.cache = subject_cache(CACHE_BYTES);
    fixture.service = subject_service(&here, CACHE_BYTES);
    bench_must(waiter_create(&waiter) == HELO_OK, "no memory");
    fixture.now_ms = service_now_ms(fixture.service);
    for (size_t i = 0; i < (size_t)2 * ENTRIES; i++)
        question_for(i, &fixture.questions[i]);
    for (size_t i = 0; i < ENTRIES; i++) {
        fixture.order[i] = (uint32_t)(bench_random(&seed) % ENTRIES);
        fixture.answers[i] = answer_for(&fixture.questions[i]);
        cache_put(fixture.cache, &fixture.questions[i], fixture.answers[i], fixture.now_ms);
        learn(i, waiter);
    }
    waiter_free(waiter);
}

static void tear_down(void)
{
    service_destroy(fixture.service);
    cache_free(fixture.cache);
    for (size_t i = 0; i < ENTRIES; i++)
        dns_answer_unref(fixture.answers[i]);
    mem_free(fixture.answers);
    mem_free(fixture.questions);
    mem_free(fixture.order);
}

/* ---- one thread ------------------------------------------------------------------------------ */

static uint64_t find_hits(void *arg, size_t times)
{
    uint64_t sum = 0;

    (void)arg;
    for (size_t i = 0; i < times; i++) {
        const struct dns_question *question = &fixture.questions[fixture.order[i % ENTRIES]];
        struct dns_answer *answer = subject_cache_find(fixture.cache, question, fixture.now_ms);

        bench_must(answer != NULL, "what was kept is gone");
        sum += answer->status;
        dns_answer_unref(answer);
    }
    return sum;
}

static uint64_t find_misses(void *arg, size_t times)
{
    (void)arg;
    for (size_t i = 0; i < times; i++) {
        size_t which = ENTRIES + fixture.order[i % ENTRIES];

        bench_must(subject_cache_find(fixture.cache, &fixture.questions[which], fixture.now_ms) ==
                       NULL,
                   "what was never kept is there");
    }
    return times;
}

static uint64_t put_again(void *arg, size_t times)
{
    (void)arg;
    for (size_t i = 0; i < times; i++) {
        size_t which = fixture.order[i % ENTRIES];

        cache_put(fixture.cache, &fixture.questions[which], fixture.answers[which], fixture.now_ms);
    }
    return times;
}

/* arg: a waiter of this thread's */
static uint64_t ask_hits(void *arg, size_t times)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < times; i++) {
        const struct dns_question *question = &fixture.questions[fixture.order[i % ENTRIES]];
        struct dns_ticket *ticket = subject_ask(fixture.service, arg, question);
        const struct dns_answer *answer = subject_answer(fixture.service, ticket);

        bench_must(answer != NULL, "what was kept is gone");
        sum += answer->status;
        service_release(fixture.service, ticket);
    }
    return sum;
}

/* ---- two threads ----------------------------------------------------------------------------- */

typedef uint64_t work_fn(void *arg, size_t times);

struct worker {
    pthread_t thread;
    pthread_barrier_t *start;
    work_fn *work;
    size_t times;
    struct dns_waiter *waiter;
    volatile uint64_t kept;
};

static void *run_worker(void *arg)
{
    struct worker *worker = arg;

    (void)pthread_barrier_wait(worker->start);
    worker->kept = worker->work(worker->waiter, worker->times);
    return NULL;
}

/* How many a second, all threads together. */
static double rate(work_fn *work, size_t times, unsigned threads)
{
    struct worker workers[THREADS];
    pthread_barrier_t start;
    uint64_t begin;

    bench_must(pthread_barrier_init(&start, NULL, threads + 1) == 0, "no barrier");
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (struct worker){.start = &start, .work = work, .times = times};
        bench_must(waiter_create(&workers[i].waiter) == HELO_OK &&
                       pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0,
                   "no thread");
    }
    (void)pthread_barrier_wait(&start);
    begin = subject_now_ns();
    for (unsigned i = 0; i < threads; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        waiter_free(workers[i].waiter);
    }
    (void)pthread_barrier_destroy(&start);
    return (double)times * threads * 1e9 / (double)(subject_now_ns() - begin);
}

static const struct {
    const char *name;
    work_fn *work;
    size_t times;
} scaled[] = {
    {"64 steps of xorshift64 (reference)", bench_steps, TIMES},
    {"cache: a hit", find_hits, TIMES},
    {"service: ask, look, release", ask_hits, TIMES},
};

static void print_scale(const char *name, double *one, double *two, double *gain, double *worth,
                        size_t rounds)
{
    size_t last = rounds - 1;

    qsort(one, rounds, sizeof(*one), bench_compare);
    qsort(two, rounds, sizeof(*two), bench_compare);
    qsort(gain, rounds, sizeof(*gain), bench_compare);
    qsort(worth, rounds, sizeof(*worth), bench_compare);
    (void)printf("%-44s %12.0f %12.0f  %5.2f [%.2f-%.2f]  %5.2f [%.2f-%.2f]\n", name,
                 one[rounds / 2], two[rounds / 2], gain[rounds / 2], gain[0], gain[last],
                 worth[rounds / 2], worth[0], worth[last]);
}

static void scale(size_t rounds)
{
    static double one[BENCH_COUNT(scaled)][BENCH_MAX_ROUNDS];
    static double two[BENCH_COUNT(scaled)][BENCH_MAX_ROUNDS];
    static double gain[BENCH_COUNT(scaled)][BENCH_MAX_ROUNDS];
    static double worth[BENCH_COUNT(scaled)][BENCH_MAX_ROUNDS];

    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < BENCH_COUNT(scaled); i++) {
            one[i][round] = rate(scaled[i].work, scaled[i].times, 1);
            two[i][round] = rate(scaled[i].work, scaled[i].times, THREADS);
            gain[i][round] = two[i][round] / one[i][round];
            worth[i][round] = gain[i][round] / gain[0][round];
        }
    }
    (void)printf("\n%-44s %12s %12s  %-17s  %s\n", "threads, wall clock", "a second, 1",
                 "a second, 2", "gain", "of the reference's");
    for (size_t i = 0; i < BENCH_COUNT(scaled); i++)
        print_scale(scaled[i].name, one[i], two[i], gain[i], worth[i], rounds);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* One cache that is filled, and its answers with it. */
static void weigh(void)
{
    size_t before, taken, entries, bytes, empty;
    struct cache *cache;

    before = allocated();
    cache = subject_cache(CACHE_BYTES);
    empty = allocated() - before;
    for (size_t i = 0; i < ENTRIES; i++) {
        struct dns_question question = {0};
        struct dns_answer *answer;

        question_for(i, &question);
        answer = answer_for(&question);
        cache_put(cache, &question, answer, fixture.now_ms);
        dns_answer_unref(answer);
    }
    taken = allocated() - before;
    subject_cache_size(cache, &entries, &bytes);
    bench_must(entries == ENTRIES, "an answer was not kept");
    (void)printf("\nbytes of an entry, PTR, A, and two without data: the cache says %zu, malloc "
                 "%zu; ratio %.3f; empty %zu bytes\n",
                 bytes / entries, (taken - empty) / entries, (double)bytes / (double)taken, empty);
    cache_free(cache);
}

int main(int argc, char **argv)
{
    struct bench_options options = bench_options(argc, argv);
    struct dns_waiter *waiter = NULL;

    build();
    bench_must(waiter_create(&waiter) == HELO_OK, "no memory");
    const struct bench_row rows[] = {
        BENCH_REFERENCE,
        {"cache: a hit", find_hits, NULL, TIMES, 0},
        {"cache: a miss", find_misses, NULL, TIMES, 0},
        {"cache: put what is there", put_again, NULL, TIMES, 0},
        {"service: ask, look, release", ask_hits, waiter, TIMES, 0},
    };
    bench_run("an answer at hand", rows, BENCH_COUNT(rows), &options);
    if (options.only == NULL) {
        scale(options.rounds);
        weigh();
    }
    waiter_free(waiter);
    tear_down();
    return 0;
}
