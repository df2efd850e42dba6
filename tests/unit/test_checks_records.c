/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_checks_records.c - the checks of what DNS says, with every trap of their rows
 */
#include "unit/check_rows.h"

#define C4 "203.0.113.9"
#define C6 "2001:db8:5::9"

static const struct check_test no_address_rows[] = {
    {"has one", C4, "mail.example.org", "pass", .address = 'y'},
    {"has none", C4, "mail.example.org", "missing", .address = 'n', .mx = 'n'},
    {"has none, IPv6", C6, "mail.example.org", "missing", .address = 'n', .mx = 'n'},
    {"all servers fail", C4, "mail.example.org", "unknown:servfail", .address = 's', .mx = 's'},
    {"is a mail domain only", C4, "example.org", "mx_only", .address = 'n', .mx = 'y'},
    {"the MX look-up failed", C4, "example.org", "missing", .address = 'n', .mx = 's'},
    {"the MX is still open", C4, "example.org", "unknown:open", .address = 'n'},
    {"broken", C4, "mail.example.org", "unknown:servfail", .address = 's', .mx = 'y'},
    {"one label is asked too", C4, "bender", "missing", .address = 'n', .mx = 'n'},
    {"localhost is never asked", C4, "localhost", "none"},
    {"a literal", C4, "[192.0.2.1]", "none"},
};

static const struct check_test bogus_address_rows[] = {
    {"bogus", C4, "mail.example.org", "bogus", .address = 'y', .is_public = 'n', .ptr = 'y',
     .fcrdns = 'n'},
    {"bogus, IPv6", C6, "mail.example.org", "bogus", .address = 'y', .is_public = 'n', .ptr = 'y',
     .fcrdns = 'n'},
    {"bogus, and no PTR", C4, "mail.example.org", "bogus", .address = 'y', .is_public = 'n',
     .ptr = 'n'},
    {"one label is asked too", C4, "bender", "bogus", .address = 'y', .is_public = 'n', .ptr = 'n'},
    {"a public one among them", C4, "mail.example.org", "pass", .address = 'y', .is_public = 'y'},
    {"a large sender's: 127.0.0.1 and rDNS", C4, "mail.example.org", "pass", .address = 'y',
     .is_public = 'n', .ptr = 'y', .fcrdns = 'y', .ptr_name = "host.example.net"},
    {"the same, IPv6", C6, "mail.example.org", "pass", .address = 'y', .is_public = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "host.example.net"},
    {"the client's own", C4, "mail.example.org", "pass", .forward = 'y', .address = 'y',
     .is_public = 'n', .ptr = 'n'},
    {"the client's own, IPv6", C6, "mail.example.org", "pass", .forward = 'y', .address = 'y',
     .is_public = 'n', .ptr = 't', .fcrdns = 't'},
    {"its rDNS is broken", C4, "mail.example.org", "unconfirmed", .address = 'y', .is_public = 'n',
     .ptr = 't', .fcrdns = 't'},
    {"its rDNS is not confirmed, and may be", C4, "mail.example.org", "unconfirmed", .address = 'y',
     .is_public = 'n', .ptr = 'y', .fcrdns = 's', .ptr_name = "host.example.net"},
    {"rDNS not asked yet", C4, "mail.example.org", "unknown:open", .address = 'y',
     .is_public = 'n'},
    {"nobody asked yet", C4, "mail.example.org", "unknown:open"},
    {"an address may be missing", C4, "mail.example.org", "unknown:timeout", .address = 'y',
     .is_public = 't', .ptr = 'n'},
    {"broken", C4, "mail.example.org", "unknown:servfail", .address = 's', .is_public = 's',
     .ptr = 'n'},
    {"broken, but the client's rDNS is good", C4, "mail.example.org", "pass", .address = 's',
     .is_public = 's', .ptr = 'y', .fcrdns = 'y', .ptr_name = "host.example.net"},
    {"broken, and rDNS may still be good", C6, "mail.example.org", "unknown:open", .address = 's',
     .is_public = 's'},
    {"no address is another check", C4, "mail.example.org", "none", .address = 'n',
     .is_public = 'n', .ptr = 'n'},
    {"a client on a private network", "192.168.1.20", "mail.example.org", "none", .address = 'y',
     .is_public = 'n', .ptr = 'n'},
    {"a client on a private network, IPv6", "fd00::20", "mail.example.org", "none", .address = 'y',
     .is_public = 'n', .ptr = 'n'},
    {"a client that is this host", "127.0.0.1", "mail.example.org", "none", .address = 'y',
     .is_public = 'n', .ptr = 'n'},
    {"a client that is this host, IPv6", "::1", "mail.example.org", "none", .address = 'y',
     .is_public = 'n', .ptr = 'n'},
    {"localhost is never asked", C4, "localhost", "none"},
    {"a literal", C4, "[192.0.2.1]", "none"},
    {"local submission", NULL, "mail.example.org", "none", .address = 'y', .is_public = 'n'},
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
    {"confirmed by AAAA, no A", C6, "mail.example.org", "pass", .forward = 'y',
     .helo_addresses = "2001:db8:5::9"},
    {"a prefix in text is not equal", "192.0.2.1", "mail.example.org", "other", .forward = 'n',
     .helo_addresses = "198.51.100.1 198.51.100.10"},
    {"all servers fail", C4, "mail.example.org", "unknown:servfail", .forward = 's'},
    {"localhost is never asked", C4, "localhost", "none"},
    {"a literal", C4, "[192.0.2.1]", "none"},
    {"half broken", C4, "mail.example.org", "unknown:timeout", .forward = 't',
     .helo_addresses = "198.51.100.1"},
    {"same /24, and the rest is open", C4, "mail.example.org", "pass",
     .helo_addresses = "203.0.113.200"},
    {"same /64, and the rest is broken", C6, "mail.example.org", "pass", .forward = 's',
     .helo_addresses = "2001:db8:5::ffff"},
    {"another, and the rest is open", C4, "mail.example.org", "unknown:open",
     .helo_addresses = "198.51.100.1"},
    {"local submission", NULL, "mail.example.org", "none", .forward = 'n'},
};

static const struct check_test no_ptr_rows[] = {
    {"has one", C4, "mail.example.org", "pass", .ptr = 'y'},
    {"has none", C4, "mail.example.org", "missing", .ptr = 'n'},
    {"has none, IPv6", C6, NULL, "missing", .ptr = 'n'},
    {"broken", C4, "mail.example.org", "unknown:servfail", .ptr = 's'},
    {"nobody asked yet", C4, "mail.example.org", "unknown:open"},
    {"local submission", NULL, "mail.example.org", "none", .ptr = 'n'},
};

static const struct check_test fcrdns_rows[] = {
    {"confirmed", C4, NULL, "pass", .ptr = 'y', .fcrdns = 'y', .ptr_name = "mail.example.org"},
    {"forged", C4, NULL, "unconfirmed", .ptr = 'y', .fcrdns = 'n', .ptr_name = "mail.example.org"},
    {"confirmed, IPv6", C6, NULL, "pass", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "mail.example.org"},
    {"forged, IPv6", C6, NULL, "unconfirmed", .ptr = 'y', .fcrdns = 'n',
     .ptr_name = "mail.example.org"},
    {"any name will do", C4, NULL, "pass", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "mail.example.org", .ptr_second = "gone.example.org", .ptr_second_is = 'n'},
    {"PTR is localhost", C4, NULL, "unconfirmed", .ptr = 'y', .fcrdns = 'n',
     .ptr_name = "localhost"},
    {"nobody asked yet", C4, NULL, "unknown:open"},
    {"local submission", NULL, NULL, "none"},
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
    {"another, IPv6", C6, "mail.example.org", "other", .fcrdns = 'y',
     .ptr_name = "host.example.net"},
    {"any case, trailing dot", C4, "MAIL.Example.Org.", "pass", .fcrdns = 'y',
     .ptr_name = "mail.example.org"},
    {"the second PTR name", C4, "mail.example.org", "pass", .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "mail.example.org", .ptr_second_is = 'y'},
    {"the second PTR name is forged", C4, "mail.example.org", "other", .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "mail.example.org", .ptr_second_is = 'n'},
    {"the second PTR name failed", C4, "mail.example.org", "unknown:timeout", .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "mail.example.org", .ptr_second_is = 't'},
    {"strangers below a private suffix", C4, "one.dyndns.org", "other", .fcrdns = 'y',
     .ptr_name = "two.dyndns.org"},
    {"two under one public suffix", C4, "mail.one.co.uk", "other", .fcrdns = 'y',
     .ptr_name = "mail.two.co.uk"},
    {"two empty organisations are not equal", C4, "co.uk", "other", .fcrdns = 'y',
     .ptr_name = "uk"},
    {"nothing confirmed", C4, "mail.example.org", "none", .fcrdns = 'n',
     .ptr_name = "host.example.net"},
    {"broken", C4, "mail.example.org", "unknown:timeout", .fcrdns = 't'},
    {"one that could match is broken, another open", C4, "mail.example.org", "unknown:open",
     .fcrdns = 't', .ptr_name = "mail.example.org", .ptr_second = "out.example.org"},
    {"one that could match is broken, whether any is confirmed is open", C4, "mail.example.org",
     "unknown:timeout", .ptr_name = "host.example.net", .ptr_second = "mail.example.org",
     .ptr_second_is = 't'},
    {"by a stale answer", C4, "mail.example.org", "pass", .ptr = 'o', .fcrdns = 'o',
     .ptr_name = "mail.example.org"},
    {"a literal", C4, "[203.0.113.9]", "none", .fcrdns = 'y', .ptr_name = "host.example.net"},
};

static const struct check_test rhsbl_rows[] = {
    {"listed", C4, "mail.example.org", "listed", .rhsbl = 'y', .entry = 2},
    {"listed, IPv6", C6, "mail.example.org", "listed", .rhsbl = 'y', .entry = 2},
    {"listed, two labels", C4, "example.org", "listed", .rhsbl = 'y', .entry = 2},
    {"not listed", C4, "mail.example.org", "pass", .rhsbl = 'n'},
    {"the list fails", C4, "mail.example.org", "unknown:servfail", .rhsbl = 's'},
    {"the list answers with an error", C4, "mail.example.org", "unknown:timeout", .rhsbl = 't'},
    {"nobody asked yet", C4, "mail.example.org", "unknown:open"},
    /* Lists of domains say yes to every address. */
    {"a bare address", C4, "192.0.2.1", "none", .rhsbl = 'y'},
    {"an integer", C4, "3221225985", "none", .rhsbl = 'y'},
    {"a literal", C4, "[192.0.2.1]", "none", .rhsbl = 'y'},
    {"a literal, IPv6", C6, "[IPv6:2001:db8::1]", "none", .rhsbl = 'y'},
    {"one label", C4, "bender", "none", .rhsbl = 'y'},
    {"rubbish", C4, "bad..name", "none", .rhsbl = 'y'},
    {"localhost is never asked", C4, "mail.localhost", "none"},
    {"no zones", C4, "mail.example.org", "none", .rhsbl = 'y', .no_data = true},
    {"no lists", C4, "mail.example.org", "none", .rhsbl = 'y', .no_lists = true},
    {"nothing said", C4, NULL, "none"},
};

static const struct check_test mx_bogus_rows[] = {
    {"bogus", C4, "example.org", "bogus", .mx = 'y', .mx_bad = 'y'},
    {"bogus, IPv6", C6, "example.org", "bogus", .mx = 'y', .mx_bad = 'y'},
    {"on the site's list", C4, "example.org", "listed", .mx = 'y', .mx_bad = 'y', .mx_listed = true,
     .entry = 1},
    {"good", C4, "example.org", "pass", .mx = 'y', .mx_bad = 'n'},
    {"no MX", C4, "mail.example.org", "none", .mx = 'n', .mx_bad = 'n'},
    {"the MX look-up failed", C4, "example.org", "unknown:servfail", .mx = 's', .mx_bad = 's'},
    {"the MX look-up failed, and that is the cause", C4, "example.org", "unknown:servfail",
     .mx = 's', .mx_bad = 't'},
    {"a host's address failed", C4, "example.org", "unknown:timeout", .mx = 'y', .mx_bad = 't'},
    {"a host's address failed, another is bogus", C4, "example.org", "bogus", .mx = 'y',
     .mx_bad = 'y'},
    {"nobody asked yet", C4, "example.org", "unknown:open"},
    {"its hosts not asked yet", C4, "example.org", "unknown:open", .mx = 'y'},
    {"localhost is never asked", C4, "localhost", "none"},
    {"a literal", C4, "[192.0.2.1]", "none", .mx = 'y', .mx_bad = 'y'},
    {"nothing said", C4, NULL, "none"},
};

CHECK_TEST(no_address)
CHECK_TEST(bogus_address)
CHECK_TEST(forward_mismatch)
CHECK_TEST(no_ptr)
CHECK_TEST(fcrdns)
CHECK_TEST(rdns_mismatch)
CHECK_TEST(rhsbl)
CHECK_TEST(mx_bogus)

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
        UNIT_TEST(no_address), UNIT_TEST(bogus_address), UNIT_TEST(forward_mismatch),
        UNIT_TEST(no_ptr),     UNIT_TEST(fcrdns),        UNIT_TEST(rdns_mismatch),
        UNIT_TEST(rhsbl),      UNIT_TEST(mx_bogus),      UNIT_TEST(rows_are_found_by_name),
    };

    return CHECK_TEST_MAIN(tests);
}
