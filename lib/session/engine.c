/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * engine.c - see engine.h; the helo_engine_* functions of helo.h
 *
 * CONTRACT A reload makes the new snapshot first, then swaps one pointer; on any error the former
 *          stays in force.
 */
#include "session/engine.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dns/backend.h"
#include "session/identity.h"
#include "session/selftest.h"

struct helo_engine {
    struct dns_service *service;
    struct helo_engine_options options;
    pthread_mutex_t reload; /* one reload at a time; guards churn */
    pthread_mutex_t lock;   /* guards current */
    struct snapshot *current;
    struct churn_store *churn; /* made when a policy first wants it */
    struct watch watch;
    struct tally tally;
};

/* What is said here is about no file. */
static const struct diag_file no_file = {.path = ""};
static const struct diag_place nowhere = {.file = &no_file};

static void make_limits(const struct settings *s, struct service_limits *out)
{
    *out = (struct service_limits){
        .cache = {.bytes = (size_t)s->dns_cache_bytes,
                  .min_ttl_ms = (uint64_t)s->dns_cache_min_ttl_ms,
                  .max_ttl_ms = (uint64_t)s->dns_cache_max_ttl_ms,
                  .negative_ttl_ms = (uint64_t)s->dns_cache_negative_ttl_ms,
                  .failure_ttl_ms = (uint64_t)s->dns_cache_failure_ttl_ms,
                  .stale_ms = (uint64_t)s->dns_cache_stale_ms},
        .in_flight = (unsigned)s->dns_in_flight,
        .in_flight_per_client = (unsigned)s->dns_in_flight_per_client,
        .down_after_ms = (uint64_t)s->dns_down_after_ms,
    };
}

/* ---- snapshots ------------------------------------------------------------------------------- */

static bool wants_churn(const struct helo_policy *policy)
{
    bool wanted = policy->rules.enabled[CHECK_helo_churn];

    for (size_t i = 0; i < policy->listeners.count; i++)
        wanted = wanted || policy->listener_rules[i].rules.enabled[CHECK_helo_churn];
    return wanted;
}

static enum helo_status prepare_churn(struct helo_engine *engine, const struct helo_policy *policy)
{
    if (!wants_churn(policy) || engine->churn != NULL)
        return HELO_OK;
    return churn_memory_create((size_t)policy->settings.helo_churn_bytes, &engine->churn);
}

/*
 * A reload keeps what is remembered, unless the size changes; and that only once nothing can fail
 * any more.
 */
static void resize_churn(struct helo_engine *engine, const struct helo_policy *policy)
{
    struct diag diag;

    if (!wants_churn(policy) ||
        churn_resize(engine->churn, (size_t)policy->settings.helo_churn_bytes))
        return;
    engine_diag(engine, &diag);
    diag_report(&diag, HELO_WARNING, &nowhere, NULL,
                "helo_churn.size: no memory for it, so the former size stays");
}

static enum helo_status snapshot_create(struct helo_engine *engine, struct helo_policy *policy,
                                        struct snapshot **out)
{
    /* A made-up DNS, or a log, is about some other machine than this one. */
    bool learns = engine->options.zone == NULL && !engine_is_offline(engine) &&
                  policy->settings.server_learn != 0;
    struct snapshot *snapshot = mem_zalloc(sizeof(*snapshot));
    enum helo_status status;

    if (snapshot == NULL)
        return HELO_NOMEM;
    status = prepare_churn(engine, policy);
    if (status == HELO_OK)
        status = identity_make(&snapshot->own, &policy->own, learns);
    if (status != HELO_OK) {
        mem_free(snapshot);
        return status;
    }
    snapshot->refs = 1;
    snapshot->learns = learns;
    snapshot->churn = engine->churn;
    snapshot->policy = helo_policy_ref(policy);
    *out = snapshot;
    return HELO_OK;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (snapshot == NULL || __atomic_sub_fetch(&snapshot->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    helo_policy_unref(snapshot->policy);
    identity_fini(&snapshot->own);
    mem_free(snapshot);
}

struct snapshot *engine_pin(struct helo_engine *engine)
{
    struct snapshot *snapshot;

    pthread_mutex_lock(&engine->lock);
    snapshot = engine->current;
    __atomic_add_fetch(&snapshot->refs, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&engine->lock);
    return snapshot;
}

struct dns_service *engine_service(struct helo_engine *engine)
{
    return engine->service;
}

struct watch *engine_watch(struct helo_engine *engine)
{
    return &engine->watch;
}

struct tally *engine_tally(struct helo_engine *engine)
{
    return &engine->tally;
}

void engine_diag(const struct helo_engine *engine, struct diag *diag)
{
    diag_init(diag, engine->options.warn, engine->options.warn_arg);
}

bool engine_wants_all_facts(const struct helo_engine *engine)
{
    return engine->options.all_facts != 0;
}

bool engine_is_offline(const struct helo_engine *engine)
{
    return engine->options.offline != 0;
}

void engine_before_wait(struct helo_engine *engine)
{
    if (engine->options.before_wait != NULL)
        engine->options.before_wait(engine->options.before_wait_arg);
}

/* ---- helo.h ---------------------------------------------------------------------------------- */

/* Who does not answer. */
static void name_servers(const struct helo_policy *policy, struct text *out)
{
    for (size_t i = 0; i < policy->dns_server_count; i++)
        text_addf(out, "%s%s", i > 0 ? ", " : "", policy->dns_servers[i]);
    if (policy->dns_server_count == 0)
        text_add(out, "the system's resolvers");
}

/* With several it is not known which of them it was. */
static const char *some_of(const struct helo_policy *policy)
{
    return policy->dns_server_count == 1 ? "" : "one of ";
}

static void tell_down(struct diag *diag, const struct helo_policy *policy, uint64_t silent_ms)
{
    struct text servers;

    text_init(&servers, LIMIT_SETTING_TEXT);
    name_servers(policy, &servers);
    diag_report(diag, HELO_WARNING, &nowhere,
                "is it running, and may this machine ask it? until it answers, nothing waits "
                "for it, and dns.on_failure decides",
                "dns.servers: the resolver is down: no answer to anything for %llu s (%s)",
                (unsigned long long)(silent_ms / 1000), servers.data == NULL ? "" : servers.data);
    text_fini(&servers);
}

static void tell_up(struct diag *diag, const struct helo_policy *policy, uint64_t silent_ms)
{
    struct text servers;

    text_init(&servers, LIMIT_SETTING_TEXT);
    text_add(&servers, some_of(policy));
    name_servers(policy, &servers);
    diag_report(diag, HELO_NOTE, &nowhere, NULL,
                "dns.servers: the resolver answers again, after %llu s of silence (%s)",
                (unsigned long long)(silent_ms / 1000), servers.data == NULL ? "" : servers.data);
    text_fini(&servers);
}

static void tell_crowded(struct diag *diag, const struct helo_policy *policy, uint64_t limit)
{
    (void)policy;
    diag_report(diag, HELO_WARNING, &nowhere,
                "is the resolver slow, or does somebody ask for too much? else raise it",
                "dns.in_flight (%llu) is reached, or nearly: some questions are not asked, and "
                "dns.on_failure decides",
                (unsigned long long)limit);
}

static void tell_room(struct diag *diag, const struct helo_policy *policy, uint64_t refused)
{
    (void)policy;
    diag_report(diag, HELO_NOTE, &nowhere, NULL,
                "below dns.in_flight again; %llu questions were not asked",
                (unsigned long long)refused);
}

/* Whose thread it is says service.h: the operator hears of it once, and once when it is over. */
static void tell_operator(void *arg, enum service_alarm alarm, uint64_t amount)
{
    static void (*const tell[])(struct diag *, const struct helo_policy *,
                                uint64_t) = {[SERVICE_DOWN] = tell_down,
                                             [SERVICE_UP] = tell_up,
                                             [SERVICE_CROWDED] = tell_crowded,
                                             [SERVICE_ROOM] = tell_room};
    struct helo_engine *engine = arg;
    struct snapshot *snapshot = engine_pin(engine);
    struct diag diag;

    engine_diag(engine, &diag);
    tell[alarm](&diag, snapshot->policy, amount);
    snapshot_unref(snapshot);
}

/* The caller's struct may be older and shorter than ours: what it does not have keeps its
 * default. */
static void copy_options(struct helo_engine_options *out, const struct helo_engine_options *options)
{
    memset(out, 0, sizeof(*out));
    if (options != NULL)
        memcpy(out, options, options->size < sizeof(*out) ? options->size : sizeof(*out));
}

enum helo_status engine_create_with(struct helo_policy *policy,
                                    const struct helo_engine_options *options,
                                    struct dns_backend *backend, struct helo_engine **out)
{
    struct helo_engine *engine = mem_zalloc(sizeof(*engine));
    struct service_limits limits;
    enum helo_status status = HELO_NOMEM;

    if (engine == NULL)
        return HELO_NOMEM;
    pthread_mutex_init(&engine->lock, NULL);
    pthread_mutex_init(&engine->reload, NULL);
    copy_options(&engine->options, options);
    watch_init(&engine->watch, engine->options.warn, engine->options.warn_arg);
    status = snapshot_create(engine, policy, &engine->current);
    if (status != HELO_OK)
        goto done;
    make_limits(&policy->settings, &limits);
    status = service_create(backend, &limits, tell_operator, engine, &engine->service);
    if (status != HELO_OK)
        goto done;
    *out = engine;
    return HELO_OK;
done:
    snapshot_unref(engine->current);
    churn_free(engine->churn);
    pthread_mutex_destroy(&engine->reload);
    pthread_mutex_destroy(&engine->lock);
    mem_free(engine);
    return status;
}

enum helo_status helo_engine_create(helo_policy *policy, const struct helo_engine_options *options,
                                    helo_engine **out)
{
    struct helo_engine_options copy;
    struct dns_backend *backend;
    enum helo_status status;

    copy_options(&copy, options);
    if (copy.zone != NULL || copy.offline != 0)
        status = backend_zone_create(copy.zone, &backend);
    else
        status = backend_cares_create(policy->dns_servers, policy->dns_server_count, &backend);
    if (status != HELO_OK)
        return status;
    status = engine_create_with(policy, options, backend, out);
    if (status != HELO_OK)
        backend->ops->destroy(backend);
    return status;
}

void helo_engine_destroy(helo_engine *engine)
{
    if (engine == NULL)
        return;
    service_destroy(engine->service);
    snapshot_unref(engine->current);
    churn_free(engine->churn);
    pthread_mutex_destroy(&engine->reload);
    pthread_mutex_destroy(&engine->lock);
    mem_free(engine);
}

static enum helo_status set_policy(struct helo_engine *engine, struct helo_policy *policy)
{
    struct snapshot *made;
    struct snapshot *former;
    struct service_limits limits;
    enum helo_status status = snapshot_create(engine, policy, &made);

    if (status != HELO_OK)
        return status;
    make_limits(&policy->settings, &limits);
    status =
        service_configure(engine->service, &limits, policy->dns_servers, policy->dns_server_count);
    if (status != HELO_OK) {
        snapshot_unref(made);
        return status;
    }
    pthread_mutex_lock(&engine->lock);
    former = engine->current;
    selftest_carry(made, former);
    engine->current = made;
    pthread_mutex_unlock(&engine->lock);
    snapshot_unref(former);
    resize_churn(engine, policy);
    return HELO_OK;
}

enum helo_status helo_engine_set_policy(helo_engine *engine, helo_policy *policy)
{
    enum helo_status status;

    pthread_mutex_lock(&engine->reload);
    status = set_policy(engine, policy);
    pthread_mutex_unlock(&engine->reload);
    return status;
}

helo_policy *helo_engine_policy(helo_engine *engine)
{
    struct snapshot *snapshot = engine_pin(engine);
    helo_policy *policy = helo_policy_ref(snapshot->policy);

    snapshot_unref(snapshot);
    return policy;
}
