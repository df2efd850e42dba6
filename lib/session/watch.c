/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - see watch.h
 *
 * STRUCTURE `state` is one number, so that of two threads one sees what the other did: 0 is
 *           silence, else the time of the last warning and 1 ms; SEEN_PUBLIC is added when a
 *           public client comes, and stays.
 */
#include "session/watch.h"

#include "base/diag.h"

static const uint64_t SEEN_PUBLIC = (uint64_t)1 << 63;

static const struct diag_file no_file = {.path = ""};
static const struct diag_place nowhere = {.file = &no_file};

void watch_init(struct watch *w, helo_diag_fn *warn, void *arg)
{
    *w = (struct watch){.warn = warn, .arg = arg};
}

static void tell_private(const struct watch *w)
{
    struct diag diag;

    diag_init(&diag, w->warn, w->arg);
    diag_report(&diag, HELO_WARNING, &nowhere,
                "let the proxy pass the client's address on and the MTA take it (PROXY protocol, "
                "in Postfix smtpd_upstream_proxy_protocol = haproxy; or XCLIENT)",
                "no client of %d or more had a public address: a proxy or NAT seems to hide them, "
                "so that they are not judged, or all by an address that is not theirs",
                WATCH_CLIENTS);
}

static void tell_public(const struct watch *w, const struct ip *client)
{
    struct diag diag;
    char text[IP_TEXT_SIZE];

    diag_init(&diag, w->warn, w->arg);
    diag_report(&diag, HELO_NOTE, &nowhere, NULL,
                "a client with a public address has come, [%s]: clients are not hidden any more",
                ip_format(client, text));
}

/* Whether this is the thread that warns. */
static bool take_turn(struct watch *w, uint64_t now_ms)
{
    uint64_t before = __atomic_load_n(&w->state, __ATOMIC_RELAXED);

    if ((before & SEEN_PUBLIC) != 0 || (before != 0 && now_ms + 1 < before + WATCH_AGAIN_MS))
        return false;
    return __atomic_compare_exchange_n(&w->state, &before, now_ms + 1, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

static void count_private(struct watch *w, uint64_t now_ms)
{
    if (__atomic_load_n(&w->private, __ATOMIC_RELAXED) < WATCH_CLIENTS &&
        __atomic_add_fetch(&w->private, 1, __ATOMIC_RELAXED) < WATCH_CLIENTS)
        return;
    if (take_turn(w, now_ms))
        tell_private(w);
}

static void count_public(struct watch *w, const struct ip *client)
{
    uint64_t before = __atomic_fetch_or(&w->state, SEEN_PUBLIC, __ATOMIC_RELAXED);

    if (before != 0 && (before & SEEN_PUBLIC) == 0)
        tell_public(w, client);
}

bool watch_sees_only_private(const struct watch *w)
{
    uint64_t state = __atomic_load_n(&w->state, __ATOMIC_RELAXED);

    return state != 0 && (state & SEEN_PUBLIC) == 0;
}

void watch_client(struct watch *w, const struct ip *client, uint64_t now_ms)
{
    if (w->warn == NULL || (__atomic_load_n(&w->state, __ATOMIC_RELAXED) & SEEN_PUBLIC) != 0)
        return;
    switch (ip_classify(client)) {
    case IP_UNSPECIFIED:
    case IP_LOOPBACK:
        break;
    case IP_PRIVATE:
    case IP_LINK_LOCAL:
        count_private(w, now_ms);
        break;
    case IP_PUBLIC:
    case IP_MULTICAST:
    case IP_DOCUMENTATION:
    case IP_RESERVED:
        count_public(w, client);
        break;
    }
}
