/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_servers.c - dns/servers.h: the text of name servers
 */
#include "unit/unit.h"

#include "dns/servers.h"

static const struct row {
    const char *name;
    const char *servers[SERVERS_MAX + 2];
    const char *want; /* NULL: HELO_RESOLVER */
} rows[] = {
    {"none", {NULL}, ""},
    {"an address", {"192.0.2.1", NULL}, "192.0.2.1:53"},
    {"a port", {"127.0.0.1:5353", NULL}, "127.0.0.1:5353"},
    {"IPv6", {"2001:DB8:0::1", NULL}, "[2001:db8::1]:53"},
    {"IPv6 in brackets", {"[::1]", NULL}, "[::1]:53"},
    {"IPv6 with a port", {"[::1]:5353", NULL}, "[::1]:5353"},
    {"three",
     {"192.0.2.1", "[::1]:1", "192.0.2.3:65535", NULL},
     "192.0.2.1:53,[::1]:1,192.0.2.3:65535"},
    {"too many", {"::1", "::1", "::1", "::1", "::1", "::1", "::1", "::1", "::1", NULL}, NULL},
    {"a name", {"localhost", NULL}, NULL},
    {"nothing", {"", NULL}, NULL},
    {"a comma", {"192.0.2.1,192.0.2.2", NULL}, NULL},
    {"port 0", {"192.0.2.1:0", NULL}, NULL},
    {"port 65536", {"192.0.2.1:65536", NULL}, NULL},
    {"a port of blanks", {"192.0.2.1: 53", NULL}, NULL},
    {"no port", {"192.0.2.1:", NULL}, NULL},
    {"an open bracket", {"[::1", NULL}, NULL},
    {"text behind the bracket", {"[::1]x", NULL}, NULL},
    {"a zone id", {"fe80::1%eth0", NULL}, NULL},
    {"one of two is wrong", {"192.0.2.1", "x", NULL}, NULL},
    {"very long", {"1111111111111111111111111111111111111111111111111111111111111111", NULL}, NULL},
};

/* The list of a row, as the policy has it. */
static size_t list_of(const struct row *r, char *list[SERVERS_MAX + 2])
{
    size_t count = 0;

    for (; r->servers[count] != NULL; count++)
        list[count] = mem_copy_text(r->servers[count]);
    return count;
}

static void joins(void **state)
{
    char *list[SERVERS_MAX + 2];

    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        size_t count = list_of(r, list);
        char *joined = NULL;

        UNIT_EXPECT_INT(servers_join(list, count, &joined),
                        r->want != NULL ? HELO_OK : HELO_RESOLVER);
        UNIT_EXPECT_TEXT(joined, r->want);
        mem_free(joined);
        while (count > 0)
            mem_free(list[--count]);
    }
}

static bool join_under_fault(void *arg)
{
    char *joined = NULL;
    bool good = servers_join(arg, 1, &joined) == HELO_OK;

    mem_free(joined);
    return good;
}

static void no_memory_is_reported(void **state)
{
    char server[] = "192.0.2.1";
    char *list[] = {server};

    (void)state;
    unit_each_fault(join_under_fault, list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(joins), UNIT_TEST(no_memory_is_reported)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
