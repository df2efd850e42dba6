/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_networks.c - 100,000 client networks: how long they take to load, and one to find
 *
 * LOAD   A policy of networks as plain texts, and as mappings with note, owner and expires, from
 *        memory; against libyaml taking the same bytes apart and throwing every event away, which
 *        nobody who reads YAML with it can do in less.
 * FIND   Addresses in the networks and outside of them, IPv4 and IPv6, in an order that no cache
 *        or branch can foresee; networks of a dozen lengths, and of every length there is.
 * USAGE  bench_networks [ROUNDS [TEXT]]
 */
#include <yaml.h>

#include "base/ip.h"
#include "base/mem.h"
#include "base/text.h"
#include "bench/bench.h"
#include "policy/load.h"

enum {
    NETWORKS = 100000,
    ADDRESSES = 65536, /* asked for, in turn */
    FINDS = 262144,    /* in one round */
    YAML_ROOM = 16 * 1024 * 1024
};

/* ---- networks and addresses ------------------------------------------------------------------ */

/* Below 128.0.0.0 and 2001:db8::/33; what lies above is in no network. */
static struct ip random_address(uint64_t *seed, enum ip_family family, bool inside)
{
    static const uint8_t prefix[] = {0x20, 0x01, 0x0d, 0xb8};
    struct ip ip = {.family = family};
    size_t start = family == IP_V6 ? sizeof(prefix) : 0;

    memcpy(ip.bytes, prefix, start);
    for (size_t i = start; i < (family == IP_V6 ? 16 : 4); i++)
        ip.bytes[i] = (uint8_t)(bench_random(seed) >> 32);
    ip.bytes[start] = (uint8_t)((ip.bytes[start] & 0x7f) | (inside ? 0 : 0x80));
    return ip;
}

/* As sites have them, most of them /24 and single hosts; or of every length there is. */
static uint8_t random_bits(uint64_t *seed, enum ip_family family, bool every_length)
{
    static const uint8_t v4[] = {18, 20, 20, 22, 23, 24, 24, 24, 25, 26, 28, 29, 32, 32, 32, 32};
    static const uint8_t v6[] = {40, 44, 48, 48, 48, 56, 56, 60, 64, 64, 64, 64, 96, 127, 128, 128};
    uint64_t number = bench_random(seed) >> 32;

    if (every_length)
        return (uint8_t)(family == IP_V4 ? 4 + number % 29 : 33 + number % 96);
    return (family == IP_V4 ? v4 : v6)[number % 16];
}

static struct cidr random_network(uint64_t *seed, enum ip_family family, bool every_length)
{
    struct cidr net = {.net = random_address(seed, family, true)};

    net.bits = random_bits(seed, family, every_length);
    (void)cidr_clear_host_bits(&net);
    return net;
}

/* ---- load ------------------------------------------------------------------------------------ */

struct yaml_bytes {
    char *text;
    size_t length;
};

static struct yaml_bytes make_yaml(bool notes)
{
    struct text text;
    uint64_t seed = 88172645463325252u;
    struct yaml_bytes made;

    text_init(&text, YAML_ROOM);
    text_add(&text, "networks:\n");
    for (unsigned i = 0; i < NETWORKS; i++) {
        struct cidr net = random_network(&seed, i % 5 != 0 ? IP_V4 : IP_V6, false);
        char name[IP_TEXT_SIZE + 4];

        if (notes)
            text_addf(&text,
                      "  - {net: \"%s\", note: \"branch office %u\", owner: ops, expires: "
                      "2999-12-31}\n",
                      cidr_format(&net, name), i);
        else
            text_addf(&text, "  - \"%s\"\n", cidr_format(&net, name));
    }
    made.length = text.length;
    made.text = text_take(&text);
    bench_must(made.text != NULL, "no memory for the policy's text");
    return made;
}

static uint64_t parse_events(void *arg, size_t times)
{
    const struct yaml_bytes *bytes = arg;
    uint64_t count = 0;

    for (size_t i = 0; i < times; i++) {
        yaml_parser_t parser;
        yaml_event_t event = {0};

        bench_must(yaml_parser_initialize(&parser) != 0, "no memory");
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, (const unsigned char *)bytes->text, bytes->length);
        while (event.type != YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            bench_must(yaml_parser_parse(&parser, &event) != 0, "not YAML");
            count++;
        }
        yaml_event_delete(&event);
        yaml_parser_delete(&parser);
    }
    return count;
}

static uint64_t load_policy(void *arg, size_t times)
{
    const struct yaml_bytes *bytes = arg;
    uint64_t count = 0;

    for (size_t i = 0; i < times; i++) {
        helo_policy *policy = NULL;
        struct diag diag;

        diag_init(&diag, NULL, NULL);
        bench_must(policy_load_text(bytes->text, bytes->length, "bench", &diag, &policy) == HELO_OK,
                   "the policy has errors");
        count += policy->network_set.count;
        helo_policy_unref(policy);
    }
    return count;
}

static void bench_load(const struct bench_options *options)
{
    static char word[] = "mode: observe\n";
    struct yaml_bytes plain = make_yaml(false), notes = make_yaml(true);
    struct yaml_bytes none = {word, sizeof(word) - 1};
    const struct bench_row rows[] = {
        {"libyaml's events, plain (reference)", parse_events, &plain, 1, 0},
        {"load, plain", load_policy, &plain, 1, 0},
        {"load, none: what every policy costs", load_policy, &none, 10, 0},
        {"libyaml's events, notes (reference)", parse_events, &notes, 1, 3},
        {"load, notes", load_policy, &notes, 1, 3},
    };

    bench_run("load 100,000 networks", rows, BENCH_COUNT(rows), options);
    mem_free(plain.text);
    mem_free(notes.text);
}

/* ---- find ------------------------------------------------------------------------------------ */

struct search {
    struct ip_set set;
    struct ip ip[ADDRESSES];
};

static uint64_t find_all(void *arg, size_t times)
{
    const struct search *search = arg;
    uint64_t found = 0;

    for (size_t i = 0; i < times; i++) {
        const struct ip_set_row *row = ip_set_find(&search->set, &search->ip[i % ADDRESSES]);

        found += row != NULL ? row->tag : 1;
    }
    return found;
}

/* Half of the networks are IPv4; the addresses are of one family, in a network or not. */
static struct search *make_search(enum ip_family family, bool hit, bool every_length)
{
    struct search *search = mem_zalloc(sizeof(*search));
    uint64_t seed = 88172645463325252u;

    bench_must(search != NULL, "no memory");
    ip_set_init(&search->set);
    for (uint32_t i = 0; i < NETWORKS; i++) {
        struct cidr net = random_network(&seed, i % 2 == 0 ? IP_V4 : IP_V6, every_length);

        bench_must(ip_set_add(&search->set, &net, i), "no memory");
    }
    bench_must(ip_set_seal(&search->set), "no memory");
    for (size_t i = 0; i < ADDRESSES; i++) {
        struct ip *ip = &search->ip[i];
        const struct ip_set_row *row = &search->set.rows[bench_random(&seed) % NETWORKS];

        while (hit && row->net.net.family != family)
            row = &search->set.rows[bench_random(&seed) % NETWORKS];
        *ip = hit ? row->net.net : random_address(&seed, family, false);
        bench_must((ip_set_find(&search->set, ip) != NULL) == hit, "a search that is not meant");
    }
    return search;
}

static void free_search(struct search *search)
{
    ip_set_fini(&search->set);
    mem_free(search);
}

static void bench_find(const struct bench_options *options)
{
    static const struct {
        const char *name;
        enum ip_family family;
        bool hit, every_length;
    } kinds[] = {
        {"IPv4, in a network", IP_V4, true, false},
        {"IPv4, in none", IP_V4, false, false},
        {"IPv4, in a network, every length", IP_V4, true, true},
        {"IPv6, in a network", IP_V6, true, false},
        {"IPv6, in none", IP_V6, false, false},
        {"IPv6, in a network, every length", IP_V6, true, true},
    };
    struct bench_row rows[BENCH_COUNT(kinds) + 1] = {BENCH_REFERENCE};

    for (size_t i = 0; i < BENCH_COUNT(kinds); i++)
        rows[i + 1] = (struct bench_row){
            kinds[i].name, find_all,
            make_search(kinds[i].family, kinds[i].hit, kinds[i].every_length), FINDS, 0};
    bench_run("find an address among 100,000 networks", rows, BENCH_COUNT(rows), options);
    for (size_t i = 1; i < BENCH_COUNT(rows); i++)
        free_search(rows[i].arg);
}

int main(int argc, char **argv)
{
    struct bench_options options = bench_options(argc, argv);

    bench_load(&options);
    bench_find(&options);
    return 0;
}
