/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_checks_identity.c - the checks for a name that is not the client's, with every trap of their
 * rows
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
    {"configured, and the MTA says another", C4, "www.site.example", "claimed", OWN,
     .configured_name = "www.site.example", .forward = 'n', .ptr = 'n', .fcrdns = 'n'},
    {"one of the site's other hosts", C4, "www.site.example", "pass", OWN,
     .configured_name = "www.site.example", .forward = 'n', .ptr = 'y', .fcrdns = 'n',
     .ptr_name = "x.example", .ptr_second = "out.www.site.example", .ptr_second_is = 'y'},
    {"really resolves to the client, IPv6", C6, "mx.site.example", "pass", OWN, .forward = 'y'},
    {"comes from our own address, IPv6", C6, "mx.site.example", "pass", OWN, .own_address = C6},
    {"another name", C4, "mail.example.org", "pass", OWN},
    {"comes from our own address", C4, "mx.site.example", "pass", OWN, .own_address = C4},
    {"nothing said", C4, NULL, "none", OWN},
    {"a literal", C4, "[192.0.2.1]", "none", OWN},
};

/* What DNS says of a stranger without reverse DNS. */
#define STRANGER .forward = 'n', .ptr = 'n', .fcrdns = 'n'

static const struct check_test own_suffix_rows[] = {
    {"lie", C4, "nibbler.mx.site.example", "claimed", OWN, STRANGER},
    {"lie, IPv6", C6, "nibbler.mx.site.example", "claimed", OWN, STRANGER},
    {"far below, any case, trailing dot", C4, "A.B.MX.Site.Example.", "claimed", OWN, STRANGER},
    {"below a configured name", C4, "pc.site.example", "claimed", .configured_name = "site.example",
     STRANGER},
    {"nobody asked yet", C4, "nibbler.mx.site.example", "unknown:open", OWN},
    {"really resolves to the client", C4, "nibbler.mx.site.example", "pass", OWN, .forward = 'y'},
    {"really resolves to the client, IPv6", C6, "nibbler.mx.site.example", "pass", OWN,
     .forward = 'y'},
    {"confirmed rDNS is the name", C4, "nibbler.mx.site.example", "pass", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "nibbler.mx.site.example"},
    {"confirmed rDNS is the own name", C4, "nibbler.mx.site.example", "pass", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "mx.site.example"},
    {"confirmed rDNS is another below it", C4, "nibbler.mx.site.example", "pass", OWN,
     .forward = 'n', .ptr = 'y', .fcrdns = 'y', .ptr_name = "out7.mx.site.example"},
    {"confirmed rDNS only beside it", C4, "nibbler.mx.site.example", "claimed", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "other.site.example"},
    {"rDNS not confirmed", C4, "nibbler.mx.site.example", "claimed", OWN, .forward = 'n',
     .ptr = 'y', .fcrdns = 'n', .ptr_name = "nibbler.mx.site.example"},
    {"our DNS is broken", C4, "nibbler.mx.site.example", "unknown:servfail", OWN, .forward = 's',
     .ptr = 'n', .fcrdns = 'n'},
    {"its rDNS is broken", C4, "nibbler.mx.site.example", "unconfirmed", OWN, .forward = 'n',
     .ptr = 't', .fcrdns = 't'},
    {"rDNS not asked yet", C4, "nibbler.mx.site.example", "unknown:open", OWN, .forward = 'n'},
    {"comes from our own address", C4, "nibbler.mx.site.example", "pass", OWN, .own_address = C4},
    {"the own name itself is own_name's", C4, "mx.site.example", "pass", OWN, STRANGER},
    {"an own name below another", C4, "mx.site.example", "pass", OWN,
     .configured_name = "site.example", STRANGER},
    {"labels, not letters", C4, "evilmx.site.example", "pass", OWN},
    {"beside it", C4, "other.site.example", "pass", OWN},
    {"no own names", C4, "mail.example.org", "pass"},
    {"a literal", C4, "[192.0.2.1]", "none", OWN},
    {"nothing said", C4, NULL, "none", OWN},
};

static const struct check_test own_ip_rows[] = {
    {"bare", C4, "192.0.2.1", "claimed", .own_address = "192.0.2.1"},
    {"bracketed", C4, "[192.0.2.1]", "claimed", .own_address = "192.0.2.1"},
    {"IPv6", C6, "[IPv6:2001:db8::1]", "claimed", .own_address = "2001:db8::1"},
    {"configured, behind NAT", C4, "[192.0.2.1]", "claimed", .configured_address = "192.0.2.1"},
    {"as an integer", C4, "3221225985", "claimed", .own_address = "192.0.2.1"},
    {"an integer that is not it", C4, "1", "pass", .own_address = "192.0.2.1"},
    {"mapped", C4, "[IPv6:::ffff:192.0.2.1]", "claimed", .own_address = "192.0.2.1"},
    {"a longer text is another", C4, "[192.0.2.10]", "pass", .own_address = "192.0.2.1"},
    {"another, IPv6", C6, "[IPv6:2001:db8::10]", "pass", .own_address = "2001:db8::1"},
    {"a client with our address, IPv6", "2001:db8::1", "[IPv6:2001:db8::1]", "pass",
     .own_address = "2001:db8::1"},
    {"everybody's private address, IPv6", C6, "[IPv6:fd00::2]", "private",
     .own_address = "fd00::2"},
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
    {"lie, IPv6", C6, "site.example", "claimed", .rcpt_domain = "site.example", .forward = 'n',
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

#define BIG "mx.bigmail.example"

static const struct check_test impersonation_rows[] = {
    {"rDNS knows better", C4, BIG, "claimed", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .entry = 1},
    {"rDNS knows better, IPv6", C6, BIG, "claimed", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .entry = 1},
    {"the domain itself", C4, "bank.example", "claimed", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .entry = 2},
    {"any case, trailing dot", C4, "MX.BigMail.Example.", "claimed", .forward = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "host.example.net", .entry = 1},
    {"definitely no rDNS", C4, BIG, "claimed", .forward = 'n', .ptr = 'n', .entry = 1},
    {"rDNS not confirmed", C4, BIG, "claimed", .forward = 'n', .ptr = 'y', .fcrdns = 'n',
     .ptr_name = "out.hosts.example", .entry = 1},
    {"its host", C4, BIG, "pass", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "out.hosts.example"},
    {"its host, IPv6", C6, BIG, "pass", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "out.hosts.example"},
    {"its host, by the second PTR name", C4, BIG, "pass", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "out.hosts.example", .ptr_second_is = 'y'},
    {"another sender's host", C4, BIG, "claimed", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "mx.bank.example", .entry = 1},
    {"rDNS only ends like its hosts'", C4, BIG, "claimed", .forward = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "evilhosts.example", .entry = 1},
    {"the name resolves to the client", C4, BIG, "pass", .forward = 'y', .ptr = 'n'},
    {"the name resolves to the client, IPv6", C6, BIG, "pass", .forward = 'y', .ptr = 'n'},
    {"rDNS failed", C4, BIG, "unknown:timeout", .forward = 'n', .ptr = 't', .fcrdns = 't'},
    {"rDNS failed, IPv6", C6, BIG, "unknown:servfail", .forward = 'n', .ptr = 's', .fcrdns = 's'},
    {"its host's address failed", C4, BIG, "unknown:servfail", .forward = 'n', .ptr = 'y',
     .fcrdns = 's', .ptr_name = "out.hosts.example"},
    {"its host's address failed, another name is confirmed", C4, BIG, "unknown:timeout",
     .forward = 'n', .ptr = 'y', .fcrdns = 'y', .ptr_name = "host.example.net",
     .ptr_second = "out.hosts.example", .ptr_second_is = 't'},
    {"no name is known to be confirmed", C4, BIG, "claimed", .forward = 'n', .ptr = 'y',
     .fcrdns = 't', .ptr_name = "host.example.net", .entry = 1},
    {"its own DNS failed", C4, BIG, "unknown:servfail", .forward = 's', .ptr = 'n'},
    {"nobody asked yet", C4, BIG, "unknown:open"},
    {"rDNS not asked yet", C4, BIG, "unknown:open", .forward = 'n'},
    {"labels, not letters", C4, "mxbigmail.example", "pass"},
    {"the domain in front", C4, "bigmail.example.example.net", "pass"},
    {"another name", C4, "mail.example.org", "pass"},
    {"no senders", C4, BIG, "none", .no_data = true},
    {"no lists", C4, BIG, "none", .no_lists = true},
    {"a literal", C4, "[192.0.2.1]", "none"},
    {"local submission", NULL, BIG, "none"},
};

static const struct check_test helo_changed_rows[] = {
    {"the first one", C4, "mail.example.org", "pass"},
    {"another one", C4, "mail.example.org", "other", .changed = true},
    {"another one, IPv6", C6, "mail.example.org", "other", .changed = true},
    {"another that is no name", C4, "%s%n", "other", .changed = true},
    {"voided by STARTTLS", C4, NULL, "none", .voided = true},
    {"nothing said", C4, NULL, "none"},
};

static const struct check_test helo_churn_rows[] = {
    {"too many", C4, "mail.example.org", "many", .churn = 'y', STRANGER},
    {"too many, IPv6", C6, "mail.example.org", "many", .churn = 'y', STRANGER},
    {"few", C4, "mail.example.org", "pass", .churn = 'n', STRANGER},
    {"not counted yet", C4, "mail.example.org", "unknown:open", STRANGER},
    {"rDNS of somebody else", C4, "mail.example.org", "many", .churn = 'y', .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "host.example.net"},
    {"bare address", C4, "192.0.2.1", "many", .churn = 'y', STRANGER},
    {"literal", C4, "[192.0.2.1]", "many", .churn = 'y', STRANGER},
    {"literal, IPv6", C6, "[IPv6:2001:db8::1]", "many", .churn = 'y', STRANGER},
    {"general literal", C4, "[X400:c=us]", "many", .churn = 'y', STRANGER},
    {"rubbish", C4, "bad..name", "many", .churn = 'y', STRANGER},
    {"localhost, which DNS is never asked for", C4, "localhost", "many", .churn = 'y', .ptr = 'n'},
    /* Who says a name of its own may say as many as it has. */
    {"confirmed by its address", C4, "mail.example.org", "pass", .churn = 'y', .forward = 'y',
     .ptr = 'n'},
    {"confirmed by rDNS", C4, "mail.example.org", "pass", .churn = 'y', .forward = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "out7.example.org"},
    {"its own literal", C4, "[203.0.113.9]", "pass", .churn = 'y', STRANGER},
    {"its own literal, IPv6", C6, "[IPv6:2001:db8:5::9]", "pass", .churn = 'y', STRANGER},
    {"its own address, bare", C4, C4, "pass", .churn = 'y', STRANGER},
    {"nobody asked yet", C4, "mail.example.org", "unknown:open"},
    {"its DNS failed", C4, "mail.example.org", "unknown:servfail", .churn = 'y', .forward = 's',
     .ptr = 'n'},
    {"rDNS failed", C4, "mail.example.org", "unknown:timeout", .churn = 'y', .forward = 'n',
     .ptr = 't', .fcrdns = 't'},
    /* Many hosts behind one address. */
    {"carrier's NAT", "100.64.7.7", "mail.example.org", "none", .churn = 'y', STRANGER},
    {"provider's network, IPv6", "2001:db8:1ff::7", "mail.example.org", "none", .churn = 'y',
     STRANGER},
    {"beside that network, IPv6", "2001:db8:200::7", "mail.example.org", "many", .churn = 'y',
     STRANGER},
    {"pool by confirmed rDNS", C4, "mail.example.org", "none", .churn = 'y', .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "nat7.pooled.example"},
    {"pool by confirmed rDNS, rubbish", C4, "bad..name", "none", .churn = 'y', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "nat7.pooled.example"},
    {"pool by rDNS that is not confirmed", C4, "mail.example.org", "many", .churn = 'y',
     .forward = 'n', .ptr = 'y', .fcrdns = 'n', .ptr_name = "nat7.pooled.example"},
    {"pool by rDNS that failed", C4, "mail.example.org", "unknown:servfail", .churn = 'y',
     .forward = 'n', .ptr = 'y', .fcrdns = 's', .ptr_name = "nat7.pooled.example"},
    {"pool by rDNS that failed, rubbish", C4, "bad..name", "unknown:timeout", .churn = 'y',
     .ptr = 't', .fcrdns = 't'},
    {"few, and rDNS failed", C4, "bad..name", "pass", .churn = 'n', .ptr = 't', .fcrdns = 't'},
    {"empty lists", "100.64.7.7", "mail.example.org", "many", .churn = 'y', STRANGER,
     .no_data = true},
    {"no lists", C4, "mail.example.org", "none", .churn = 'y', STRANGER, .no_lists = true},
    {"nothing said", C4, NULL, "none", .churn = 'y'},
    {"local submission", NULL, "mail.example.org", "none", .churn = 'y'},
};

CHECK_TEST(own_name)
CHECK_TEST(own_suffix)
CHECK_TEST(own_ip)
CHECK_TEST(rcpt_domain)
CHECK_TEST(impersonation)
CHECK_TEST(helo_changed)
CHECK_TEST(helo_churn)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(own_name),    UNIT_TEST(own_suffix),    UNIT_TEST(own_ip),
        UNIT_TEST(rcpt_domain), UNIT_TEST(impersonation), UNIT_TEST(helo_changed),
        UNIT_TEST(helo_churn),
    };

    return CHECK_TEST_MAIN(tests);
}
