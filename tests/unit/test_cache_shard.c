/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache_shard.c - dns/cache_shard.h: what goes first, and how many bytes there are
 *
 * Random operations on a shard and on a model of it, an array in the order of last use: they must
 * find the same answers, keep the same entries and count the same bytes, and never too many.
 */
#include "unit/unit.h"

#include <malloc.h>

#include "dns/cache_shard.h"
#include "unit/cache_tools.h"

enum { NAMES = 24, MOST_KNOWN = NAMES * 4, MIN_S = 3, MAX_S = 40, NEGATIVE_S = 20, FAILURE_S = 2 };

static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_MX, DNS_PTR};

/* ---- the model ----------------------------------------------------------------------------- */

struct known {
    unsigned name;
    enum dns_type type;
    struct dns_answer *answer;
    struct dns_answer *failure;
    uint64_t end_ms;
    uint64_t failure_end_ms;
    unsigned failures;
    bool for_all;
    size_t bytes;
};

struct model {
    struct known known[MOST_KNOWN + 1]; /* the most recently used first */
    size_t count;
    struct cache_limits limits;
    size_t table_bytes;
    size_t entry_bytes; /* without answers */
    uint64_t evicted;
};

static size_t blocks(const struct dns_answer *answer)
{
    size_t taken = answer != NULL ? (dns_answer_bytes(answer) + 8 + 15) / 16 * 16 : 0;

    return taken;
}

static size_t model_bytes(const struct model *m)
{
    size_t bytes = m->table_bytes;

    for (size_t i = 0; i < m->count; i++)
        bytes += m->known[i].bytes;
    return bytes;
}

static struct known *model_get(struct model *m, unsigned name, enum dns_type type)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->known[i].name == name && m->known[i].type == type)
            return &m->known[i];
    return NULL;
}

static void model_remove(struct model *m, struct known *k)
{
    size_t after = m->count - (size_t)(k - m->known) - 1;

    memmove(k, k + 1, after * sizeof *k);
    m->count--;
}

/* Puts it first, in the place of former if that is one. */
static void model_use(struct model *m, struct known *former, struct known k)
{
    if (former != NULL)
        model_remove(m, former);
    memmove(m->known + 1, m->known, m->count * sizeof k);
    m->known[0] = k;
    m->count++;
}

static bool known_is_live(const struct known *k, uint64_t now_ms)
{
    return now_ms < k->end_ms || now_ms < k->failure_end_ms;
}

static bool known_is_stale(const struct model *m, const struct known *k, uint64_t now_ms)
{
    return k->answer != NULL && k->answer->status == DNS_OK && now_ms >= k->end_ms &&
           now_ms < k->end_ms + m->limits.stale_ms;
}

static void model_shrink(struct model *m, uint64_t now_ms)
{
    while (m->count > 0 && model_bytes(m) > m->limits.bytes) {
        m->evicted += known_is_live(&m->known[m->count - 1], now_ms);
        m->count--;
    }
}

static bool model_fits(const struct model *m, size_t bytes)
{
    return m->table_bytes > 0 && m->table_bytes + bytes <= m->limits.bytes;
}

static struct known *model_for_all(struct model *m, unsigned name, enum dns_type but)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->known[i].name == name && m->known[i].type != but && m->known[i].for_all)
            return &m->known[i];
    return NULL;
}

static bool model_has_other(struct model *m, unsigned name, enum dns_type but)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct known *k = &m->known[i];

        if (k->name == name && k->type != but &&
            (k->answer == NULL || k->answer->status != DNS_NXDOMAIN))
            return true;
    }
    return false;
}

static uint64_t model_life_s(const struct dns_answer *answer)
{
    uint64_t most = answer->status == DNS_OK ? MAX_S : NEGATIVE_S;

    if (answer->status != DNS_OK && answer->ttl_s == 0)
        return 0;
    if (answer->ttl_s < MIN_S)
        return MIN_S;
    return answer->ttl_s < most ? answer->ttl_s : most;
}

static void model_put_definite(struct model *m, unsigned name, enum dns_type type,
                               struct dns_answer *answer, uint64_t now_ms)
{
    uint64_t life_s = model_life_s(answer);
    struct known k = {.name = name, .type = type, .answer = answer};
    struct known *all = model_for_all(m, name, type);

    k.for_all = answer->status == DNS_NXDOMAIN && !model_has_other(m, name, type);
    k.end_ms = now_ms + life_s * 1000;
    k.bytes = m->entry_bytes + blocks(answer);
    if (answer->status == DNS_NXDOMAIN && life_s > 0 && all != NULL)
        model_remove(m, all);
    if (life_s > 0 && model_fits(m, k.bytes))
        model_use(m, model_get(m, name, type), k);
    else if (model_get(m, name, type) != NULL)
        model_remove(m, model_get(m, name, type));
}

static void model_put_failure(struct model *m, unsigned name, enum dns_type type,
                              struct dns_answer *answer, uint64_t now_ms)
{
    static const unsigned lives_s[] = {0, 2, 4, 8, 16, 24}; /* 2 s doubled, 12 times at most */
    struct known *own = model_get(m, name, type);
    struct known k = {.name = name, .type = type, .failure = answer};

    if (own != NULL && now_ms < own->end_ms)
        return;
    if (own != NULL && known_is_stale(m, own, now_ms)) {
        k.answer = own->answer;
        k.end_ms = own->end_ms;
    }
    if (own != NULL && own->failures > 0 && now_ms < own->failure_end_ms + 24000)
        k.failures = own->failures;
    k.failures += k.failures < UNIT_COUNT(lives_s) - 1;
    k.failure_end_ms = now_ms + lives_s[k.failures] * 1000;
    k.bytes = m->entry_bytes + blocks(k.answer) + blocks(answer);
    if (model_fits(m, k.bytes))
        model_use(m, own, k);
}

static void model_put(struct model *m, unsigned name, enum dns_type type, struct dns_answer *answer,
                      uint64_t now_ms)
{
    struct known *all = model_for_all(m, name, type);

    if (answer->status == DNS_UNREACHABLE)
        return;
    if (all != NULL && answer->status != DNS_NXDOMAIN)
        all->for_all = false;
    if (dns_status_is_definite(answer->status))
        model_put_definite(m, name, type, answer, now_ms);
    else
        model_put_failure(m, name, type, answer, now_ms);
    model_shrink(m, now_ms);
}

static struct cache_hit model_find(struct model *m, unsigned name, enum dns_type type,
                                   uint64_t now_ms)
{
    struct cache_hit hit = {0};
    struct known *own = model_get(m, name, type);
    struct known *all;

    if (own != NULL && known_is_live(own, now_ms))
        hit.answer = now_ms < own->end_ms ? own->answer : own->failure;
    if (own != NULL && known_is_stale(m, own, now_ms))
        hit.stale = own->answer;
    if (hit.answer != NULL || hit.stale != NULL)
        model_use(m, own, *own);
    all = model_for_all(m, name, type);
    if (hit.answer == NULL && all != NULL && known_is_live(all, now_ms)) {
        hit.answer = all->answer;
        hit.by_name = true;
        model_use(m, all, *all);
    }
    return hit;
}

/* ---- both, side by side ---------------------------------------------------------------------- */

static struct cache_key key_of(const struct dns_question *question, unsigned n)
{
    /* Few hashes for many names: names are told apart by their letters. */
    return (struct cache_key){.question = question, .hash = n % 7 * 0x01010101U};
}

static void set_share(struct cache_shard *shard, const struct cache_limits *limits, bool resize)
{
    struct cache_table table = {0};

    if (resize)
        assert_int_equal(cache_table_create(limits->bytes, &table), HELO_OK);
    cache_shard_set_limits(shard, limits, resize ? &table : NULL);
    cache_table_free(&table);
}

static struct cache_limits limits_of(size_t bytes, uint32_t stale_s)
{
    return (struct cache_limits)LIMITS(bytes, MIN_S, MAX_S, NEGATIVE_S, FAILURE_S, stale_s);
}

/* What an entry takes without its answers; all names of this test are of one length. */
static size_t measure_entry(void)
{
    const struct cache_limits limits = limits_of(4096, 0);
    const struct dns_question question = question_of(DNS_A, 1);
    const struct cache_key key = key_of(&question, 1);
    struct dns_answer *answer = answer_of(DNS_TIMEOUT, 0, 0);
    struct cache_shard shard;
    size_t empty;
    size_t bytes;

    cache_shard_init(&shard);
    set_share(&shard, &limits, true);
    empty = shard.bytes;
    cache_shard_put(&shard, &key, answer, 0);
    bytes = shard.bytes - empty - blocks(answer);
    cache_shard_clear(&shard);
    dns_answer_unref(answer);
    return bytes;
}

static size_t measure_table(const struct cache_limits *limits)
{
    struct cache_shard shard;
    size_t bytes;

    cache_shard_init(&shard);
    set_share(&shard, limits, true);
    bytes = shard.bytes;
    cache_shard_clear(&shard);
    return bytes;
}

static void find_in_both(struct cache_shard *shard, struct model *m, unsigned name,
                         enum dns_type type, uint64_t now_ms)
{
    const struct dns_question question = question_of(type, name);
    const struct cache_key key = key_of(&question, name);
    struct cache_hit want = model_find(m, name, type, now_ms);
    struct cache_hit got;

    (void)cache_shard_find(shard, &key, now_ms, &got);
    assert_ptr_equal(got.answer, want.answer);
    assert_ptr_equal(got.stale, want.stale);
    assert_int_equal(got.by_name, want.by_name);
    dns_answer_unref(got.answer);
    dns_answer_unref(got.stale);
}

static void put_in_both(struct cache_shard *shard, struct model *m, unsigned name,
                        enum dns_type type, struct dns_answer *answer, uint64_t now_ms)
{
    const struct dns_question question = question_of(type, name);
    const struct cache_key key = key_of(&question, name);

    cache_shard_put(shard, &key, answer, now_ms);
    model_put(m, name, type, answer, now_ms);
}

static void limit_both(struct cache_shard *shard, struct model *m, uint64_t *random,
                       uint64_t now_ms)
{
    static const size_t sizes[] = {0, 200, 256, 1024, 2048, 4096, 8192, 1 << 20};
    struct cache_limits limits =
        limits_of(sizes[random_below(random, UNIT_COUNT(sizes))], random_below(random, 2) * 15);

    m->table_bytes = measure_table(&limits);
    m->limits = limits;
    if (m->table_bytes > 0)
        model_shrink(m, now_ms);
    else
        for (; m->count > 0; m->count--)
            m->evicted += known_is_live(&m->known[m->count - 1], now_ms);
    set_share(shard, &limits, true);
}

enum { ANSWERS = 14 };

static void make_answers(struct dns_answer *answers[ANSWERS])
{
    static const enum dns_status failures[] = {DNS_SERVFAIL, DNS_TIMEOUT, DNS_BARE_NODATA,
                                               DNS_UNREACHABLE};
    size_t n = 0;

    for (uint32_t i = 0; i < 4; i++)
        answers[n++] = answer_of(DNS_OK, i * i * i * 3, i * 10 + 1);
    for (uint32_t i = 0; i < 3; i++)
        answers[n++] = answer_of(DNS_NXDOMAIN, i * 11, 0);
    for (uint32_t i = 0; i < 3; i++)
        answers[n++] = answer_of(DNS_NODATA, i * 11, 0);
    for (size_t i = 0; i < UNIT_COUNT(failures); i++)
        answers[n++] = answer_of(failures[i], 0, 0);
    assert_int_equal(n, ANSWERS);
}

static void run_both(struct dns_answer *answers[ANSWERS], uint64_t seed)
{
    struct model m = {.limits = limits_of(4096, 15), .entry_bytes = measure_entry()};
    struct cache_shard shard;
    uint64_t random = seed;
    uint64_t now_ms = 1000;

    m.table_bytes = measure_table(&m.limits);
    cache_shard_init(&shard);
    set_share(&shard, &m.limits, true);
    for (unsigned i = 0; i < 20000; i++) {
        unsigned name = random_below(&random, NAMES);
        enum dns_type type = types[random_below(&random, UNIT_COUNT(types))];

        now_ms += random_below(&random, 150);
        find_in_both(&shard, &m, name, type, now_ms);
        if (random_below(&random, 2) == 0)
            put_in_both(&shard, &m, name, type, answers[random_below(&random, ANSWERS)], now_ms);
        if (random_below(&random, 1000) == 0)
            limit_both(&shard, &m, &random, now_ms);
        assert_true(shard.bytes <= m.limits.bytes);
        assert_int_equal(shard.bytes, model_bytes(&m));
        assert_int_equal(shard.entries, m.count);
        assert_int_equal(shard.evicted, m.evicted);
    }
    assert_true(m.evicted > 1000);
    cache_shard_clear(&shard);
    assert_int_equal(shard.bytes, 0);
    assert_int_equal(shard.entries, 0);
}

static void a_shard_is_as_its_model(void **state)
{
    struct dns_answer *answers[ANSWERS];

    (void)state;
    make_answers(answers);
    for (uint64_t seed = 1; seed <= 8; seed++)
        run_both(answers, seed * 0x9e3779b97f4a7c15U);
    for (size_t i = 0; i < ANSWERS; i++) {
        assert_int_equal(answers[i]->refs, 1);
        dns_answer_unref(answers[i]);
    }
}

/* ---- faults and bytes ---------------------------------------------------------------------- */

static void fill(struct cache_shard *shard, unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        const struct dns_question question = question_of(DNS_A, n);
        const struct cache_key key = {.question = &question, .hash = n * 0x9e3779b9U};
        struct dns_answer *answer = answer_of(DNS_OK, 60, n % 4 + 1);

        cache_shard_put(shard, &key, answer, 0);
        dns_answer_unref(answer);
    }
}

/* Without a new table the former one goes on, unless it does not fit: then nothing is kept. */
static void no_memory_for_a_table(void **state)
{
    static const struct {
        const char *name;
        size_t bytes;
        size_t want_entries;
        bool want_table;
    } rows[] = {
        {"larger", 1 << 22, 1000, true},
        {"as large", 1 << 20, 1000, true},
        {"the table is all there is room for", 32768 + 32, 0, true},
        {"smaller than the table", 4096, 0, false},
        {"nothing", 0, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
        const struct cache_limits first = limits_of(1 << 20, 0);
        const struct cache_limits then = limits_of(rows[i].bytes, 0);
        struct cache_shard shard;

        (void)unit_enter(rows[i].name);
        cache_shard_init(&shard);
        set_share(&shard, &first, true);
        fill(&shard, 1000);
        set_share(&shard, &then, false);
        UNIT_EXPECT_INT(shard.entries, rows[i].want_entries);
        UNIT_EXPECT_INT(shard.table.count > 0, rows[i].want_table);
        UNIT_EXPECT(shard.bytes <= rows[i].bytes);
        fill(&shard, 10); /* harmless in any case */
        UNIT_EXPECT(shard.bytes <= rows[i].bytes);
        cache_shard_clear(&shard);
    }
    (void)unit_leave();
}

static size_t taken_from_malloc(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* malloc() of a sanitizer tells nothing. */
static bool malloc_tells(void)
{
    size_t before = taken_from_malloc();
    void *block = mem_zalloc(100000);
    bool tells = taken_from_malloc() > before;

    mem_free(block);
    return tells;
}

/* What a site is told the cache takes is what the process grows by. */
static void bytes_are_honest(void **state)
{
    enum { ENTRIES = 9000 };
    const struct cache_limits limits = limits_of(1 << 23, 0);
    struct cache_shard shard;
    size_t before;
    size_t taken;

    (void)state;
    if (!malloc_tells())
        skip();
    before = taken_from_malloc();
    cache_shard_init(&shard);
    set_share(&shard, &limits, true);
    fill(&shard, ENTRIES);
    taken = taken_from_malloc() - before;
    UNIT_EXPECT_INT(shard.entries, ENTRIES);
    UNIT_EXPECT(shard.bytes > taken - taken / 50);
    UNIT_EXPECT(shard.bytes < taken + taken / 50);
    cache_shard_clear(&shard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_shard_is_as_its_model),
        UNIT_TEST(no_memory_for_a_table),
        UNIT_TEST(bytes_are_honest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
