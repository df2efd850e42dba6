/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest_bench.h - a made-up machine, and an engine on a scripted resolver that tells what it
 * finds
 *
 * PURPOSE  For the tests of helo_engine_test(). The linker puts __wrap_gethostname() and
 *          __wrap_getifaddrs() in the place of the real ones (see CMakeLists.txt here).
 * CONTRACT Included by one file of a test. `machine` is set before an engine is made.
 */
#ifndef HELO_TESTS_SELFTEST_BENCH_H
#define HELO_TESTS_SELFTEST_BENCH_H

#include "unit/unit.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/diag.h"
#include "base/text.h"
#include "policy/load.h"
#include "replay/script_backend.h"
#include "session/engine.h"
#include "session/selftest.h"

/* RFC 7534: a public address that is nobody's. */
#define PUBLIC_V4 "192.175.48.42"

/* A policy of which nothing is to be said, one with two lists, and what makes them so. */
#define QUIET "server: {names: [mx.site.example], addresses: [" PUBLIC_V4 "], learn: false}\n"
#define OWN   "mx.site.example A " PUBLIC_V4 "\n"
#define LISTS                                                         \
    QUIET "checks: {rhsbl: reject}\n"                                 \
          "rhsbl:\n"                                                  \
          "  zones:\n"                                                \
          "    - {zone: one.example, codes: [127.0.0.2-127.0.0.9]}\n" \
          "    - {zone: two.example, codes: [127.0.1.2]}\n"
#define GOOD_ONE "TEST.one.example A 127.0.0.2\n"
#define GOOD_TWO "TEST.two.example A 127.0.1.2\n"

/* The cache would answer with what was. */
#define FORGETFUL "dns: {cache: {size: 0B}}\n"

/* ---- this machine ---------------------------------------------------------------------------- */

static struct {
    const char *host;
    const char *address; /* of its one interface */
    struct sockaddr_storage socket;
    struct ifaddrs interface;
} machine;

int __wrap_gethostname(char *name, size_t size);
int __wrap_getifaddrs(struct ifaddrs **out);
void __wrap_freeifaddrs(struct ifaddrs *list);

int __wrap_gethostname(char *name, size_t size)
{
    return text_copy(name, size, machine.host) ? 0 : -1;
}

int __wrap_getifaddrs(struct ifaddrs **out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&machine.socket;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&machine.socket;
    struct ip ip;

    assert_true(ip_parse(machine.address, &ip));
    memset(&machine.socket, 0, sizeof(machine.socket));
    machine.socket.ss_family = ip.family == IP_V4 ? AF_INET : AF_INET6;
    if (ip.family == IP_V4)
        memcpy(&v4->sin_addr, ip.bytes, sizeof(v4->sin_addr));
    else
        memcpy(&v6->sin6_addr, ip.bytes, sizeof(v6->sin6_addr));
    machine.interface = (struct ifaddrs){.ifa_addr = (struct sockaddr *)&machine.socket};
    *out = &machine.interface;
    return 0;
}

void __wrap_freeifaddrs(struct ifaddrs *list)
{
    assert_ptr_equal(list, &machine.interface);
}

/* ---- an engine on a scripted resolver -------------------------------------------------------- */

struct bench {
    struct script_backend *backend;
    helo_zone *zone;
    helo_engine *engine;
    struct text heard; /* "warning: ...\n" */
};

static inline void hear(void *arg, const struct helo_diag *diag)
{
    struct bench *b = arg;

    assert_string_equal(diag->path, "");
    assert_int_equal(diag->line, 0);
    text_addf(&b->heard, "%s: %s\n", diag->severity == HELO_WARNING ? "warning" : "note",
              diag->message);
}

static inline helo_policy *load(const char *yaml)
{
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, NULL, NULL);
    assert_int_equal(policy_load_text(yaml, strlen(yaml), "test", &diag, &policy), HELO_OK);
    return policy;
}

/* The former zone must live as long as the backend may look at it: it is asked at submit() only. */
static inline void set_zone(struct bench *b, const char *lines)
{
    helo_zone *zone = NULL;
    char copy[2048];
    char *rest = copy;

    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    assert_true(text_copy(copy, sizeof(copy), lines));
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
        assert_int_equal(helo_zone_add(zone, line, "zone", 1, NULL, NULL), HELO_OK);
    script_backend_set_zone(b->backend, zone);
    helo_zone_free(b->zone);
    b->zone = zone;
}

static inline void begin(struct bench *b, const char *yaml, const char *zone)
{
    struct helo_engine_options options = {.size = sizeof(options), .warn = hear, .warn_arg = b};
    helo_policy *policy = load(yaml);

    memset(b, 0, sizeof(*b));
    text_init(&b->heard, 65536);
    b->backend = script_backend_create();
    set_zone(b, zone);
    assert_int_equal(
        engine_create_with(policy, &options, script_backend_base(b->backend), &b->engine), HELO_OK);
    helo_policy_unref(policy);
}

static inline void end(struct bench *b)
{
    helo_engine_destroy(b->engine);
    helo_zone_free(b->zone);
    text_fini(&b->heard);
}

static inline uint64_t now_ms(const struct bench *b)
{
    return service_now_ms(engine_service(b->engine));
}

/* What is heard in one test. */
static inline void expect_heard(struct bench *b, const char *want)
{
    text_fini(&b->heard);
    text_init(&b->heard, 65536);
    assert_int_equal(helo_engine_test(b->engine), HELO_OK);
    UNIT_EXPECT_TEXT(b->heard.data != NULL ? b->heard.data : "", want);
}

static inline unsigned marks(const struct bench *b)
{
    struct snapshot *snapshot = engine_pin(b->engine);
    unsigned unusable = selftest_unusable(snapshot);

    snapshot_unref(snapshot);
    return unusable;
}

#endif /* HELO_TESTS_SELFTEST_BENCH_H */
