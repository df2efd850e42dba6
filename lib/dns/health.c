/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * health.c - see health.h
 *
 * A silence, from its first question:
 *
 *   0 s    1 s     2 s     3 s     4 s (down_after)   5 s
 *   asked  probe   probe   probe   down, probe        probe ... until something is heard
 */
#include "dns/health.h"

#include "base/text.h"

static uint64_t since(uint64_t now_ms, uint64_t then_ms)
{
    return now_ms > then_ms ? now_ms - then_ms : 0;
}

void health_init(struct health *health, uint64_t down_after_ms)
{
    *health = (struct health){.down_after_ms = down_after_ms};
}

static void begin_silence(struct health *health, uint64_t now_ms)
{
    health->silent = true;
    health->silent_since_ms = now_ms;
    health->probes = 0;
}

void health_asked(struct health *health, uint64_t now_ms)
{
    if (!health->silent)
        begin_silence(health, now_ms);
}

bool health_heard(struct health *health, uint64_t now_ms, unsigned in_flight, uint64_t *silent_ms)
{
    bool was_down = health->down;

    if (was_down)
        *silent_ms = health_silent_ms(health, now_ms);
    health->down = false;
    health->silent = false;
    if (in_flight > 0)
        begin_silence(health, now_ms);
    return was_down;
}

uint64_t health_silent_ms(const struct health *health, uint64_t now_ms)
{
    return health->silent ? since(now_ms, health->silent_since_ms) : 0;
}

static uint64_t next_probe_ms(const struct health *health)
{
    uint64_t last_ms = health->probes > 0 ? health->probed_ms : health->silent_since_ms;

    return last_ms + HEALTH_PROBE_MS;
}

/* When it will be down: UINT64_MAX as long as too few probes are on their way. */
static uint64_t down_ms(const struct health *health)
{
    uint64_t enough_ms = health->silent_since_ms + health->down_after_ms;

    if (health->down || health->down_after_ms == 0 || health->probes < HEALTH_PROBES)
        return UINT64_MAX;
    /* The last probe has its second, too, unless there were enough before it. */
    if (health->probes == HEALTH_PROBES && enough_ms < next_probe_ms(health))
        enough_ms = next_probe_ms(health);
    return enough_ms;
}

enum health_need health_check(struct health *health, uint64_t now_ms)
{
    if (health_next_ms(health) > now_ms)
        return HEALTH_NOTHING;
    if (since(now_ms, next_probe_ms(health)) >= HEALTH_PROBE_MS)
        health->probes = 0; /* nobody has listened */
    if (down_ms(health) <= now_ms) {
        health->down = true;
        return HEALTH_GOES_DOWN;
    }
    health->probes++;
    health->probed_ms = now_ms;
    return HEALTH_PROBE;
}

uint64_t health_next_ms(const struct health *health)
{
    uint64_t probe_ms = next_probe_ms(health);
    uint64_t last_ms = down_ms(health);

    if (!health->silent || (health->down_after_ms == 0 && !health->down))
        return UINT64_MAX;
    return probe_ms < last_ms ? probe_ms : last_ms;
}

void health_question(struct dns_question *out)
{
    out->type = DNS_PTR;
    text_copy(out->name, sizeof out->name, "1.0.0.127.in-addr.arpa");
}
