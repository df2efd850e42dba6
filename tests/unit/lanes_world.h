/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes_world.h - what is below and above lanes.c, for its test: channels that obey
 *
 * PURPOSE  The linker puts the functions __wrap_channel_*() and __wrap_service_*() in the
 *          place of the real ones (see CMakeLists.txt here). A channel keeps what is sent on it
 *          until the test answers, or never does; a completed look-up is counted. What tests
 *          say (add(), answer_all(), ...) is at the end.
 * CONTRACT Included by one file. `world` is cleared by the test.
 * THREADS  none of its own.
 */
#ifndef HELO_TESTS_LANES_WORLD_H
#define HELO_TESTS_LANES_WORLD_H

#include "unit/unit.h"

#include <stdio.h>

#include "dns/channel.h"
#include "dns/lanes.h"
#include "dns/service.h"

enum { MAX_LOOKUPS = 4000, MAX_CHANNELS = 256 };

struct channel {
    enum channel_kind kind;
    char servers[64];
    bool open;
    bool forgetful; /* loses what it was sent: neither answers nor calls back when destroyed */
    bool refusing;  /* calls back at once */
    size_t sent;
    size_t count; /* kept */
    struct channel_query *query[1200];
    uint8_t bytes[1200][64]; /* of the question; short names are asked for here */
    size_t length[1200];
};

static struct {
    struct channel channels[MAX_CHANNELS];
    size_t made;
    bool none_to_be_had;
    bool forgetful, refusing; /* of new ones */
    bool strained;
    unsigned timeouts;               /* before an answer comes */
    unsigned completed[MAX_LOOKUPS]; /* times, by look-up */
    bool unwanted[MAX_LOOKUPS];      /* nobody waits for it */
    unsigned withdrawn;
    enum dns_status status[MAX_LOOKUPS];
} world;

static struct dns_lookup lookups[MAX_LOOKUPS];

enum helo_status __wrap_channel_create(enum channel_kind kind, const char *servers,
                                       struct channel **out);
void __wrap_channel_destroy(struct channel *channel);
void __wrap_channel_send(struct channel *channel, const uint8_t *bytes, size_t length,
                         struct channel_query *query);
size_t __wrap_channel_poll(const struct channel *channel, struct pollfd out[CHANNEL_SOCKETS]);
void __wrap_channel_process(struct channel *channel, int fd, short events);
bool __wrap_channel_is_strained(const struct channel *channel);
void __wrap_service_complete(struct dns_service *service, struct dns_lookup *lookup,
                             struct dns_answer *answer);
bool __wrap_service_withdraw(struct dns_service *service, struct dns_lookup *lookup);

bool __wrap_service_withdraw(struct dns_service *service, struct dns_lookup *lookup)
{
    bool unwanted = world.unwanted[lookup - lookups];

    (void)service;
    world.withdrawn += unwanted;
    return unwanted;
}

enum helo_status __wrap_channel_create(enum channel_kind kind, const char *servers,
                                       struct channel **out)
{
    struct channel *channel = &world.channels[world.made];

    if (world.none_to_be_had)
        return HELO_NOMEM;
    assert_true(world.made < MAX_CHANNELS);
    world.made++;
    *channel = (struct channel){
        .kind = kind, .open = true, .forgetful = world.forgetful, .refusing = world.refusing};
    (void)snprintf(channel->servers, sizeof channel->servers, "%s", servers);
    *out = channel;
    return HELO_OK;
}

/* Takes query i out and answers it. */
static void answer_query(struct channel *channel, size_t i, enum channel_outcome outcome,
                         unsigned flags)
{
    struct channel_query *query = channel->query[i];
    uint8_t bytes[64];
    size_t length = channel->length[i];

    memcpy(bytes, channel->bytes[i], length);
    bytes[2] = (uint8_t)(flags >> 8);
    bytes[3] = (uint8_t)flags;
    channel->count--;
    for (; i < channel->count; i++) { /* in order */
        channel->query[i] = channel->query[i + 1];
        channel->length[i] = channel->length[i + 1];
        memcpy(channel->bytes[i], channel->bytes[i + 1], sizeof channel->bytes[i]);
    }
    query->done(query, &(struct channel_reply){.outcome = outcome,
                                               .timeouts = world.timeouts,
                                               .bytes = bytes,
                                               .length = length});
}

void __wrap_channel_destroy(struct channel *channel)
{
    assert_true(channel->open);
    while (channel->count > 0 && !channel->forgetful)
        answer_query(channel, 0, CHANNEL_SILENT, 0);
    channel->open = false;
}

void __wrap_channel_send(struct channel *channel, const uint8_t *bytes, size_t length,
                         struct channel_query *query)
{
    size_t i = channel->count++;

    assert_true(channel->open && channel->count <= UNIT_COUNT(channel->query) && length <= 64);
    channel->sent++;
    channel->query[i] = query;
    channel->length[i] = length;
    memcpy(channel->bytes[i], bytes, length);
    if (channel->refusing)
        answer_query(channel, i, CHANNEL_UNREACHED, 0);
}

size_t __wrap_channel_poll(const struct channel *channel, struct pollfd out[CHANNEL_SOCKETS])
{
    out[0] = (struct pollfd){.fd = 1000 + (int)(channel - world.channels), .events = POLLIN};
    return 1;
}

void __wrap_channel_process(struct channel *channel, int fd, short events)
{
    assert_true(channel->open && (fd == -1 || fd == 1000 + (int)(channel - world.channels)));
    (void)events;
}

bool __wrap_channel_is_strained(const struct channel *channel)
{
    (void)channel;
    return world.strained;
}

void __wrap_service_complete(struct dns_service *service, struct dns_lookup *lookup,
                             struct dns_answer *answer)
{
    size_t i = (size_t)(lookup - lookups);

    (void)service;
    assert_true(i < MAX_LOOKUPS);
    assert_non_null(answer);
    world.completed[i]++;
    world.status[i] = answer->status;
    dns_answer_unref(answer);
}

enum { SERVFAIL = 0x8182, CUT = 0x8380, FORMERR = 0x8181, WATCHDOG_MS = 15000 };
enum { WINDOW = 128, YOUNG_MS = 30, SINGLES = 48 }; /* as lanes.h says */

/* ---- what tests say ------------------------------------------------------------------------ */

static struct dns_backend lanes_backend;

static inline struct lanes *make_lanes(const char *servers)
{
    struct lanes *lanes = NULL;

    memset(&world, 0, sizeof world);
    assert_int_equal(lanes_create(&lanes_backend, servers, &lanes), HELO_OK);
    return lanes;
}

/* Look-ups first..first+count-1 begin. */
static inline void add(struct lanes *lanes, size_t first, size_t count, uint64_t now_ms)
{
    for (size_t i = first; i < first + count; i++) {
        lookups[i] = (struct dns_lookup){.question = {.type = DNS_A}};
        (void)snprintf(lookups[i].question.name, sizeof lookups[i].question.name, "h%zu.x", i);
        lookups[i].backend_next = i + 1 < first + count ? &lookups[i + 1] : NULL;
    }
    lanes_add(lanes, &lookups[first], now_ms);
    lanes_run(lanes, now_ms);
}

static inline size_t flying(enum channel_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++)
        if (world.channels[i].open && world.channels[i].kind == kind)
            count += world.channels[i].count;
    return count;
}

static inline size_t open_channels(void)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++)
        count += world.channels[i].open;
    return count;
}

/* Every query that flies by this kind gets this answer; returns how many. */
static inline size_t answer_all(struct lanes *lanes, enum channel_kind kind, unsigned flags,
                                uint64_t now_ms)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++) {
        struct channel *channel = &world.channels[i];

        for (; channel->open && channel->kind == kind && channel->count > 0; count++)
            answer_query(channel, 0, CHANNEL_ANSWERED, flags);
    }
    lanes_run(lanes, now_ms);
    return count;
}

/* Every query that flies by this kind ends without a word; returns how many. */
static inline size_t silence_all(struct lanes *lanes, enum channel_kind kind, uint64_t now_ms)
{
    size_t count = 0;

    for (size_t i = 0; i < world.made; i++) {
        struct channel *channel = &world.channels[i];

        for (; channel->open && channel->kind == kind && channel->count > 0; count++)
            answer_query(channel, 0, CHANNEL_SILENT, 0);
    }
    lanes_run(lanes, now_ms);
    return count;
}

/* How many of the first count look-ups were completed once, and so; none was twice. */
static inline size_t completed(size_t count, enum dns_status want)
{
    size_t right = 0, twice = 0;

    for (size_t i = 0; i < MAX_LOOKUPS; i++) {
        right += i < count && world.completed[i] == 1 && world.status[i] == want;
        twice += world.completed[i] > 1 || (i >= count && world.completed[i] > 0);
    }
    UNIT_EXPECT_INT(twice, 0);
    return right;
}

static inline void expect_all(size_t count, enum dns_status want)
{
    UNIT_EXPECT_INT(completed(count, want), count);
}

#endif /* HELO_TESTS_LANES_WORLD_H */
