/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_doctor.c - addresses and settings that helocheck doctor tells of
 *
 * PURPOSE  Which addresses nobody outside sees, where the PTR record of one stands, and what is
 *          pasted into a mail server's configuration. What is found is in golden/doctor.t.
 */
#include "unit/unit.h"

#include "tools/doctor/doctor.h"

static const struct address_row {
    const char *name;
    const char *address;
    int is_public;
    const char *reverse; /* NULL: not asked */
} address_rows[] = {
    {"IPv4", "203.0.113.9", 1, "9.113.0.203.in-addr.arpa."},
    {"IPv6", "2001:db8:20::1f", 1,
     "f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa."},
    {"private", "10.1.2.3", 0, NULL},
    {"private, the last of its kind", "172.31.255.255", 0, NULL},
    {"beside private", "172.32.0.1", 1, "1.0.32.172.in-addr.arpa."},
    {"a carrier's", "100.127.0.1", 0, NULL},
    {"beside a carrier's", "100.128.0.1", 1, NULL},
    {"loopback", "127.0.0.1", 0, NULL},
    {"multicast", "224.0.0.1", 0, NULL},
    {"everybody", "255.255.255.255", 0, NULL},
    {"IPv6 loopback", "::1", 0, NULL},
    {"unique local", "fd00::1", 0, NULL},
    {"link-local", "fe80::1", 0, NULL},
    {"multicast, IPv6", "ff02::1", 0, NULL},
    {"beside unique local", "fb00::1", 1, NULL},
    {"no address", "mail.example.org", 0, ""},
};

static void knows_addresses(void **state)
{
    (void)state;
    UNIT_EACH(const struct address_row, r, address_rows) {
        char reverse[DOCTOR_NAME_SIZE];

        UNIT_EXPECT_INT(examine_is_public(r->address), r->is_public);
        remedy_reverse_name(r->address, reverse, sizeof(reverse));
        if (r->reverse != NULL)
            UNIT_EXPECT_TEXT(reverse, r->reverse);
    }
}

static const struct setting_row {
    const char *name;
    size_t line;
    const char *want;
} setting_rows[] = {
    {"postfix", 0, "postconf -e 'myhostname = mail.example.org'"},
    {"postfix", 3, "#   postconf -e 'smtp_helo_name = mail.example.org'"},
    {"exim", 0, "primary_hostname = mail.example.org"},
    {"exim", 2, "#   helo_data = mail.example.org"},
    {"sendmail", 0, "define(`confDOMAIN_NAME', `mail.example.org')dnl"},
    {"exchange", 1, "Set-SendConnector \"NAME OF THE CONNECTOR\" -Fqdn mail.example.org"},
    {"opensmtpd", 0, "action \"outbound\" relay helo mail.example.org"},
};

static void knows_mail_servers(void **state)
{
    (void)state;
    UNIT_EACH(const struct setting_row, r, setting_rows) {
        char line[DOCTOR_RECORD_SIZE] = "";
        size_t mta = 0;

        while (mta_name(mta) != NULL && strcmp(mta_name(mta), r->name) != 0)
            mta++;
        UNIT_EXPECT_INT(mta_line(mta, r->line, "mail.example.org", line, sizeof(line)), 1);
        UNIT_EXPECT_TEXT(line, r->want);
        UNIT_EXPECT_INT(mta_line(mta, 99, "mail.example.org", line, sizeof(line)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(knows_addresses), UNIT_TEST(knows_mail_servers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
