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
#include "dns/backend.h"
#include "session/identity.h"

struct helo_engine {
    struct dns_service *service;
    struct helo_engine_options options;
    pthread_mutex_t lock; /* guards current */
    struct snapshot *current;
};

static void make_cache_limits(const struct settings *settings, struct cache_limits *out)
{
    *out = (struct cache_limits){
        .bytes = (size_t)settings->dns_cache_bytes,
        .max_ttl_s = (uint32_t)(settings->dns_cache_max_ttl_ms / 1000),
        .negative_ttl_s = (uint32_t)(settings->dns_cache_negative_ttl_ms / 1000),
        .failure_ttl_s = (uint32_t)(settings->dns_cache_failure_ttl_ms / 1000),
    };
}

/* ---- snapshots ------------------------------------------------------------------------------- */

static enum helo_status snapshot_create(struct helo_policy *policy, bool can_learn,
                                        struct snapshot **out)
{
    struct snapshot *snapshot = mem_zalloc(sizeof(*snapshot));
    enum helo_status status;

    if (snapshot == NULL)
        return HELO_NOMEM;
    status = identity_make(&snapshot->own, &policy->own,
                           can_learn && policy->settings.server_learn != 0);
    if (status != HELO_OK) {
        mem_free(snapshot);
        return status;
    }
    snapshot->refs = 1;
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

bool engine_wants_all_facts(const struct helo_engine *engine)
{
    return engine->options.all_facts != 0;
}

void engine_before_wait(struct helo_engine *engine)
{
    if (engine->options.before_wait != NULL)
        engine->options.before_wait(engine->options.before_wait_arg);
}

/* ---- helo.h ---------------------------------------------------------------------------------- */

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
    struct cache_limits limits;
    enum helo_status status = HELO_NOMEM;

    if (engine == NULL)
        return HELO_NOMEM;
    copy_options(&engine->options, options);
    /* A made-up DNS is about some other machine than this one. */
    status = snapshot_create(policy, engine->options.zone == NULL, &engine->current);
    if (status != HELO_OK)
        goto done;
    make_cache_limits(&policy->settings, &limits);
    status = service_create(backend, &limits, &engine->service);
    if (status != HELO_OK)
        goto done;
    pthread_mutex_init(&engine->lock, NULL);
    *out = engine;
done:
    if (status != HELO_OK) {
        snapshot_unref(engine->current);
        mem_free(engine);
    }
    return status;
}

enum helo_status helo_engine_create(helo_policy *policy, const struct helo_engine_options *options,
                                    helo_engine **out)
{
    struct helo_engine_options copy;
    struct dns_backend *backend;
    enum helo_status status;

    copy_options(&copy, options);
    if (copy.zone != NULL)
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
    pthread_mutex_destroy(&engine->lock);
    mem_free(engine);
}

enum helo_status helo_engine_set_policy(helo_engine *engine, helo_policy *policy)
{
    struct snapshot *made;
    struct snapshot *former;
    struct cache_limits limits;
    enum helo_status status = snapshot_create(policy, engine->options.zone == NULL, &made);

    if (status != HELO_OK)
        return status;
    make_cache_limits(&policy->settings, &limits);
    status =
        service_configure(engine->service, &limits, policy->dns_servers, policy->dns_server_count);
    if (status != HELO_OK) {
        snapshot_unref(made);
        return status;
    }
    pthread_mutex_lock(&engine->lock);
    former = engine->current;
    engine->current = made;
    pthread_mutex_unlock(&engine->lock);
    snapshot_unref(former);
    return HELO_OK;
}

helo_policy *helo_engine_policy(helo_engine *engine)
{
    struct snapshot *snapshot = engine_pin(engine);
    helo_policy *policy = helo_policy_ref(snapshot->policy);

    snapshot_unref(snapshot);
    return policy;
}
