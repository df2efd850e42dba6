/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_checks_facts.c - the checks that rest on DNS or on who we are, with every trap of their rows
 */
#include "unit/check_rows.h"

#define C4  "203.0.113.9"
#define C6  "2001:db8:5::9"
#define OWN .own_name = "mx.site.example"

static const struct check_test own_name_rows[] = {
    {"nobody asked yet", C4, "mx.site.example", "unknown:open", OWN},
    {"lie", C4, "mx.site.example", "claimed", OWN, .forward = 'n', .ptr = 'n', .fcrdns = 'n'},
    {"any case, trailing dot", C4, "MX.Site.Example.", "claimed", OWN, .forward = 'n', .ptr = 'y',
     .fcrdns = 'n'},
    {"IPv6", C6, "mx.site.example", "claimed", OWN, .forward = 'n', .ptr = 'y', .fcrdns = 'n'},
    {"really resolves to the client", C4, "mx.site.example", "pass", OWN, .forward = 'y'},
    {"confirmed rDNS is the name", C4, "mx.site.example", "pass", OWN, .forward = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "mx.site.example"},
    {"confirmed rDNS is below the name", C4, "mx.site.example", "pass", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "out1.mx.site.example"},
    {"confirmed rDNS of somebody else", C4, "mx.site.example", "claimed", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "evil.example"},
    {"rDNS only ends like the name", C4, "mx.site.example", "claimed", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "evilmx.site.example"},
    {"rDNS not confirmed", C4, "mx.site.example", "claimed", OWN, .forward = 'n', .ptr = 'y',
     .fcrdns = 'n', .ptr_name = "mx.site.example"},
    {"our DNS is broken", C4, "mx.site.example", "unknown:servfail", OWN, .forward = 's',
     .fcrdns = 'n'},
    {"its rDNS is broken", C4, "mx.site.example", "unconfirmed", OWN, .forward = 'n', .ptr = 't',
     .fcrdns = 't'},
    {"rDNS not asked yet", C4, "mx.site.example", "unknown:open", OWN, .forward = 'n'},
    {"a name that could excuse it is broken", C4, "mx.site.example", "unconfirmed", OWN,
     .forward = 'n', .ptr = 'y', .fcrdns = 's', .ptr_name = "out.mx.site.example"},
    {"a name that could not is broken", C4, "mx.site.example", "claimed", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 's', .ptr_name = "evil.example"},
    {"no PTR", C4, "mx.site.example", "claimed", OWN, .forward = 'n', .ptr = 'n', .fcrdns = 'n'},
    {"below the name", C4, "nibbler.mx.site.example", "pass", OWN},
    {"another name", C4, "mail.example.org", "pass", OWN},
    {"comes from our own address", C4, "mx.site.example", "pass", OWN, .own_address = C4},
    {"a literal", C4, "[192.0.2.1]", "none", OWN},
};

static const struct check_test own_ip_rows[] = {
    {"bare", C4, "192.0.2.1", "claimed", .own_address = "192.0.2.1"},
    {"bracketed", C4, "[192.0.2.1]", "claimed", .own_address = "192.0.2.1"},
    {"IPv6", C6, "[IPv6:2001:db8::1]", "claimed", .own_address = "2001:db8::1"},
    {"configured, behind NAT", C4, "[192.0.2.1]", "claimed", .configured_address = "192.0.2.1"},
    {"another", C4, "[192.0.2.2]", "pass", .own_address = "192.0.2.1"},
    {"a client with our address", "192.0.2.1", "[192.0.2.1]", "pass", .own_address = "192.0.2.1"},
    {"from another address of ours", "192.0.2.2", "[192.0.2.1]", "pass", .own_address = "192.0.2.2",
     .configured_address = "192.0.2.1"},
    {"everybody's private address", C4, "[172.17.0.2]", "private", .own_address = "172.17.0.2"},
    {"private and configured", C4, "[172.17.0.2]", "claimed", .configured_address = "172.17.0.2"},
    {"private, from the same kind of net", "172.17.0.3", "[172.17.0.2]", "claimed",
     .own_address = "172.17.0.2"},
    {"a name", C4, "mx.site.example", "none", .own_address = "192.0.2.1"},
};

static const struct check_test rcpt_domain_rows[] = {
    {"lie", C4, "site.example", "claimed", .rcpt_domain = "site.example", .forward = 'n',
     .ptr = 'n', .fcrdns = 'n'},
    {"any case", C4, "SITE.example", "claimed", .rcpt_domain = "site.example", .forward = 'n',
     .ptr = 'n', .fcrdns = 'n'},
    {"the customer's own server", C4, "site.example", "pass", .rcpt_domain = "site.example",
     .forward = 'y'},
    {"the customer's own server, by its PTR", C4, "site.example", "pass",
     .rcpt_domain = "site.example", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "mail.site.example"},
    {"its reverse DNS is broken", C4, "site.example", "unconfirmed", .rcpt_domain = "site.example",
     .forward = 'n', .ptr = 's', .fcrdns = 's'},
    {"DNS is broken", C4, "site.example", "unknown:timeout", .rcpt_domain = "site.example",
     .forward = 't'},
    {"nobody asked yet", C4, "site.example", "unknown:open", .rcpt_domain = "site.example"},
    {"below the domain", C4, "mail.site.example", "pass", .rcpt_domain = "site.example"},
    {"above the domain", C4, "site.example", "pass", .rcpt_domain = "sub.site.example"},
    {"no recipient yet", C4, "site.example", "none"},
    {"a literal", C4, "[192.0.2.1]", "none", .rcpt_domain = "site.example"},
};

static const struct check_test no_address_rows[] = {
    {"has one", C4, "mail.example.org", "pass", .address = 'y'},
    {"has none", C4, "mail.example.org", "missing", .address = 'n', .mx = 'n'},
    {"is a mail domain only", C4, "example.org", "mx_only", .address = 'n', .mx = 'y'},
    {"the MX look-up failed", C4, "example.org", "missing", .address = 'n', .mx = 's'},
    {"the MX is still open", C4, "example.org", "unknown:open", .address = 'n'},
    {"broken", C4, "mail.example.org", "unknown:servfail", .address = 's', .mx = 'y'},
    {"one label is asked too", C4, "bender", "missing", .address = 'n', .mx = 'n'},
    {"localhost is never asked", C4, "localhost", "none"},
    {"a literal", C4, "[192.0.2.1]", "none"},
};

static const struct check_test forward_mismatch_rows[] = {
    {"confirmed", C4, "mail.example.org", "pass", .forward = 'y', .helo_addresses = "203.0.113.9"},
    {"cluster", C4, "mail.example.org", "other", .forward = 'n',
     .helo_addresses = "198.51.100.1 198.51.100.2"},
    {"cluster, IPv6", C6, "mail.example.org", "other", .forward = 'n',
     .helo_addresses = "2001:db8:6::1"},
    {"same /24", C4, "mail.example.org", "pass", .forward = 'n', .helo_addresses = "203.0.113.200"},
    {"same /64", C6, "mail.example.org", "pass", .forward = 'n',
     .helo_addresses = "2001:db8:5::ffff"},
    {"only the other family", C6, "mail.example.org", "none", .forward = 'n',
     .helo_addresses = "203.0.113.9"},
    {"no address", C4, "mail.example.org", "none", .forward = 'n'},
    {"half broken", C4, "mail.example.org", "unknown:timeout", .forward = 't',
     .helo_addresses = "198.51.100.1"},
    {"local submission", NULL, "mail.example.org", "none", .forward = 'n'},
};

static const struct check_test no_ptr_rows[] = {
    {"has one", C4, "mail.example.org", "pass", .ptr = 'y'},
    {"has none", C4, "mail.example.org", "missing", .ptr = 'n'},
    {"has none, IPv6", C6, NULL, "missing", .ptr = 'n'},
    {"broken", C4, "mail.example.org", "unknown:servfail", .ptr = 's'},
    {"local submission", NULL, "mail.example.org", "none", .ptr = 'n'},
};

static const struct check_test fcrdns_rows[] = {
    {"confirmed", C4, NULL, "pass", .ptr = 'y', .fcrdns = 'y', .ptr_name = "mail.example.org"},
    {"forged", C4, NULL, "unconfirmed", .ptr = 'y', .fcrdns = 'n', .ptr_name = "mail.example.org"},
    {"no PTR is another check", C4, NULL, "none", .ptr = 'n', .fcrdns = 'n'},
    {"forward broken", C4, NULL, "unknown:timeout", .ptr = 'y', .fcrdns = 't',
     .ptr_name = "mail.example.org"},
    {"reverse broken", C4, NULL, "unknown:servfail", .ptr = 's', .fcrdns = 's'},
};

static const struct check_test rdns_mismatch_rows[] = {
    {"same name", C4, "mail.example.org", "pass", .fcrdns = 'y', .ptr_name = "mail.example.org"},
    {"same organisation", C4, "mail.example.org", "pass", .fcrdns = 'y',
     .ptr_name = "out7.example.org"},
    {"another", C4, "mail.example.org", "other", .fcrdns = 'y', .ptr_name = "host.example.net"},
    {"two under one public suffix", C4, "mail.one.co.uk", "other", .fcrdns = 'y',
     .ptr_name = "mail.two.co.uk"},
    {"two empty organisations are not equal", C4, "co.uk", "other", .fcrdns = 'y',
     .ptr_name = "uk"},
    {"nothing confirmed", C4, "mail.example.org", "none", .fcrdns = 'n',
     .ptr_name = "host.example.net"},
    {"broken", C4, "mail.example.org", "unknown:timeout", .fcrdns = 't'},
    {"a literal", C4, "[203.0.113.9]", "none", .fcrdns = 'y', .ptr_name = "host.example.net"},
};

CHECK_TEST(own_name)
CHECK_TEST(own_ip)
CHECK_TEST(rcpt_domain)
CHECK_TEST(no_address)
CHECK_TEST(forward_mismatch)
CHECK_TEST(no_ptr)
CHECK_TEST(fcrdns)
CHECK_TEST(rdns_mismatch)

/* The first word on each row, as YAML and logs have it, finds the row again. */
static void rows_are_found_by_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        assert_int_equal(check_find(check_row((enum check_id)i)->name), i);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);

        assert_int_equal(reason_find(row->check, row->name), i);
    }
    assert_int_equal(check_find("no_such_check"), CHECK_COUNT);
    assert_int_equal(reason_find(CHECK_bare_ip, "claimed"), REASON_COUNT);
    assert_null(helo_check_info(CHECK_COUNT));
    assert_string_equal(helo_check_info(CHECK_bare_ip)->name, "bare_ip");
    assert_int_equal(helo_check_info(CHECK_bare_ip)->action, HELO_ACTION_REJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(own_name),   UNIT_TEST(own_ip),           UNIT_TEST(rcpt_domain),
        UNIT_TEST(no_address), UNIT_TEST(forward_mismatch), UNIT_TEST(no_ptr),
        UNIT_TEST(fcrdns),     UNIT_TEST(rdns_mismatch),    UNIT_TEST(rows_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
