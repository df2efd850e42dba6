/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mta.c - where mail servers set what they say in HELO
 *
 * STANDARDS postconf(5) myhostname, smtp_helo_name; Exim's specification 14 (primary_hostname) and
 *           30 (helo_data of the smtp transport), Debian's README of exim4-config for its macro;
 *           cf/README of Sendmail, "WHO AM I?"; Exchange's Set-SendConnector; smtpd.conf(5) of
 *           OpenSMTPD, relay helo.
 */
#include <stdio.h>
#include <string.h>

#include "tools/doctor/doctor.h"

enum { LINES = 6 };

/* "{name}" stands for the name to say. */
static const struct mta {
    const char *name;
    const char *title;
    const char *line[LINES]; /* ends with NULL */
} mtas[] = {
    {"postfix",
     "Postfix",
     {"postconf -e 'myhostname = {name}'", "postfix reload",
      "# or, where myhostname must stay as it is, for what is sent only:",
      "#   postconf -e 'smtp_helo_name = {name}'"}},
    {"exim",
     "Exim",
     {"primary_hostname = {name}", "# in the main section; or in the smtp transport:",
      "#   helo_data = {name}", "# Debian: in /etc/exim4/exim4.conf.localmacros",
      "#   MAIN_HARDCODE_PRIMARY_HOSTNAME = {name}"}},
    {"sendmail",
     "Sendmail",
     {"define(`confDOMAIN_NAME', `{name}')dnl",
      "dnl in sendmail.mc: it is the macro $j; then make the .cf file anew, and restart"}},
    {"exchange",
     "Exchange",
     {"Get-SendConnector | Format-List Name, Fqdn",
      "Set-SendConnector \"NAME OF THE CONNECTOR\" -Fqdn {name}"}},
    {"opensmtpd",
     "OpenSMTPD",
     {"action \"outbound\" relay helo {name}",
      "# in smtpd.conf; the action is the one that your rules for outgoing mail name"}},
};

enum { MTA_COUNT = sizeof(mtas) / sizeof(mtas[0]) };

const char *mta_name(size_t i)
{
    return i < MTA_COUNT ? mtas[i].name : NULL;
}

const char *mta_title(size_t i)
{
    return i < MTA_COUNT ? mtas[i].title : NULL;
}

int mta_line(size_t i, size_t line, const char *name, char *out, size_t size)
{
    static const char field[] = "{name}";
    const char *text = i < MTA_COUNT && line < LINES ? mtas[i].line[line] : NULL;
    const char *at;

    if (text == NULL)
        return 0;
    at = strstr(text, field);
    if (at == NULL)
        (void)snprintf(out, size, "%s", text);
    else
        (void)snprintf(out, size, "%.*s%s%s", (int)(at - text), text, name, at + sizeof(field) - 1);
    return 1;
}
