/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_exim.c - Exim's and Sendmail's lines as entries
 *
 * The lines are those of a real Exim 4.96 and a real Sendmail 8.17 (tests/mta).
 */
#include "log_play.h"

#define AT "2026-11-22 05:14:50 "

static const struct play_row exim[] = {
    {"the HELO is the verified name; it is another one; two recipients, one behind an alias",
     AT
     "1xUzuc-00001N-0k <= a@client.example H=mail.client.example [203.0.113.9] P=esmtp S=234\n" AT
     "1xUzuc-00001N-0k => joe <joe@site.example> R=local T=maildir\n" AT
     "1xUzuc-00001N-0k Completed\n" AT
     "1xUzuc-00001T-26 <= a@client.example H=mail.client.example (other.client.example) "
     "[203.0.113.9] P=smtp S=237\n" AT
     "1xUzuc-00001T-26 => :blackhole: <ann@site.example> R=bh\n" AT
     "1xUzuc-00001T-26 -> joe@site.example R=remote T=smtp H=in.site.example [192.0.2.7] "
     "C=\"250 ok\"\n" AT "1xUzuc-00001T-26 Completed\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@site.example | "
     "qid=1xUzuc-00001N-0k outcome=accepted\n"
     "203.0.113.9 mail.client.example other.client.example a@client.example ann@site.example | "
     "qid=1xUzuc-00001T-26 outcome=accepted\n"
     "203.0.113.9 mail.client.example other.client.example a@client.example joe@site.example | "
     "qid=1xUzuc-00001T-26 outcome=accepted\n",
     NULL},
    {"no name: said by the line before; a HELO in brackets; IPv6; an id of Exim 4.97",
     AT
     "no host name found for IP address 203.0.113.99\n" AT
     "1xUzud-00001c-0u <= a@client.example H=([203.0.113.99]) [203.0.113.99] P=esmtp S=213\n" AT
     "1xUzud-00001c-0u Completed\n" AT "no host name found for IP address 2001:db8:77::1\n" AT
     "1xUzud-00000001l00-2w01 <= <> H=([IPv6:2001:db8:77::1]) [2001:db8:77::1] P=esmtp S=215\n" AT
     "1xUzud-00000001l00-2w01 Completed\n",
     "203.0.113.99 none [203.0.113.99] a@client.example - | qid=1xUzud-00001c-0u "
     "outcome=accepted\n"
     "2001:db8:77::1 none [IPv6:2001:db8:77::1] <> - | qid=1xUzud-00000001l00-2w01 "
     "outcome=accepted\n",
     NULL},
    {"log_selector = +all: port, pid, interface, the subject, recipients; one connection",
     "2026-11-22 05:15:04.111 [157] 1xUzuq-00002Y-2Y <= m0@client.example H=mail.client.example "
     "[203.0.113.9]:46513 I=[192.0.2.1]:25 P=esmtp L.- S=240 M8S=0 RT=0.000s T=\"a message\" from "
     "<m0@client.example> for joe@site.example\n"
     "2026-11-22 05:15:04.112 [157] 1xUzuq-00002Y-2Z <= m1@client.example H=mail.client.example "
     "[203.0.113.9]:46513 I=[192.0.2.1]:25 P=esmtp L.- S=240 M8S=0 RT=0.000s T=\"a message\" from "
     "<m1@client.example> for joe@site.example\n"
     "2026-11-22 05:15:04.113 [158] 1xUzuq-00002Y-2Z => :blackhole: <joe@site.example> R=bh\n"
     "2026-11-22 05:15:04.113 [158] 1xUzuq-00002Y-2Z Completed QT=0.017s\n"
     "2026-11-22 05:15:04.113 [159] 1xUzuq-00002Y-2Y Completed QT=0.017s\n",
     "203.0.113.9 mail.client.example mail.client.example m1@client.example joe@site.example | c=1 "
     "port=25 qid=1xUzuq-00002Y-2Z outcome=accepted\n"
     "203.0.113.9 mail.client.example mail.client.example m0@client.example - | c=1 port=25 "
     "qid=1xUzuq-00002Y-2Y outcome=accepted\n",
     NULL},
    {"authenticated, local, a bounce of its own",
     AT "1xUzui-00002S-0Q <= joe@site.example H=mail.client.example ([10.0.0.1]) [203.0.113.9] "
        "P=esmtpsa X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no A=plain:joe "
        "S=248 id=x A=login:evil\n" AT "1xUzui-00002S-0Q Completed\n" AT
        "1xUzui-00002c-1s <= root@site.example U=root P=local S=301\n" AT
        "1xUzui-00002c-1s Completed\n" AT
        "1xUzui-00002d-1s <= <> R=1xUzui-00002c-1s U=Debian-exim P=local S=1301\n" AT
        "1xUzui-00002d-1s ** a@far.example: Unrouteable address\n" AT
        "1xUzui-00002d-1s Completed\n",
     "203.0.113.9 mail.client.example [10.0.0.1] joe@site.example - | auth=joe "
     "qid=1xUzui-00002S-0Q outcome=accepted\n"
     "local ? - root@site.example - | qid=1xUzui-00002c-1s outcome=accepted\n"
     "local ? - <> a@far.example | qid=1xUzui-00002d-1s outcome=accepted\n",
     NULL},
    {"nobody is authenticated by the server name he asks for, or his certificate's",
     AT "1xUzui-00002S-0Q <= a@client.example H=mail.client.example [203.0.113.9] P=esmtps "
        "X=TLS1.3:x:256 CV=no SNI=\"x A=plain:joe S=1\" DN=\"CN=\\\" A=plain:joe\" S=248 id=x\n" AT
        "1xUzui-00002S-0Q Completed\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example - | "
     "qid=1xUzui-00002S-0Q outcome=accepted\n",
     NULL},
    {"refused, for a time and for good, at RCPT and after DATA",
     AT
     "H=mail.client.example (b.example) [203.0.113.9] F=<x@badhelo.example> rejected RCPT "
     "<joe@site.example>\n" AT
     "H=mail.client.example (b.example) [203.0.113.9]:57833 I=[192.0.2.1]:25 X=TLS1.3:x:256 "
     "CV=no F=<x@later.example> temporarily rejected RCPT <joe@site.example>: later\n" AT
     "H=(b.example) [2001:db8::99] F=<> rejected RCPT <joe@elsewhere.example>: relay not "
     "permitted\n" AT
     "1xUzuf-000024-2Z H=(b.example) [203.0.113.99] F=<a@b.example> rejected after DATA: spam\n" AT
     "H=(b.example) [203.0.113.98] rejected EHLO or HELO b.example: not you\n" AT
     "H=mail.client.example (b.example) [203.0.113.9] incomplete transaction (QUIT) from "
     "<x@badhelo.example>\n",
     "203.0.113.9 mail.client.example b.example x@badhelo.example joe@site.example | "
     "outcome=rejected\n"
     "203.0.113.9 mail.client.example b.example x@later.example joe@site.example | port=25 "
     "outcome=deferred\n"
     "2001:db8::99 ? b.example <> joe@elsewhere.example | outcome=rejected\n"
     "203.0.113.99 ? b.example a@b.example - | outcome=rejected\n"
     "203.0.113.98 ? b.example - - | outcome=rejected\n",
     NULL},
    {"a HELO that Exim does not take; none at all",
     AT "rejected EHLO from mail.client.example [203.0.113.9]: syntactically invalid argument(s): "
        "b_c.example\n" AT
        "SMTP call from mail.client.example [203.0.113.9] dropped: too many syntax or protocol "
        "errors (last command was \"EHLO b_c.example\",  C=EHLO)\n" AT
        "rejected HELO from [203.0.113.99]:4711 I=[192.0.2.1]:25: syntactically invalid "
        "argument(s): (no argument given)\n" AT
        "rejected MAIL from mail.client.example [203.0.113.9]: no HELO/EHLO given\n",
     "203.0.113.9 mail.client.example b_c.example - - | outcome=rejected\n"
     "203.0.113.99 ? - - - | port=25 outcome=rejected\n"
     "203.0.113.9 mail.client.example - - - | outcome=rejected\n",
     NULL},
    {"by syslog, with and without a time of its own",
     "Nov 22 05:14:50 mx.site.example exim[85]: 1xUzuc-00001N-0k <= a@client.example H=(x.example) "
     "[203.0.113.99] P=esmtp S=234\n"
     "Nov 22 05:14:50 mx.site.example exim4[86]: 2026-11-22 05:14:50 1xUzuc-00001N-0k => joe "
     "<joe@site.example> R=local T=maildir\n"
     "Nov 22 05:14:50 mx.site.example exim4[86]: 2026-11-22 05:14:50 1xUzuc-00001N-0k Completed\n",
     "203.0.113.99 ? x.example a@client.example joe@site.example | c=1 server=mx.site.example "
     "qid=1xUzuc-00001N-0k outcome=accepted\n",
     NULL},
    {"what a HELO looks like that Exim does not take: it is the HELO, to the end of the line",
     AT "rejected EHLO from mail.client.example [203.0.113.9]: syntactically invalid argument(s): "
        "x) [1.2.3.4] P=esmtp\n" AT
        "rejected EHLO from (x.example) [203.0.113.9]: syntactically invalid argument(s): "
        "x> client=evil[1.2.3.4]\n",
     "203.0.113.9 mail.client.example x)_[1.2.3.4]_P=esmtp - - | outcome=rejected\n"
     "203.0.113.9 ? x>_client=evil[1.2.3.4] - - | outcome=rejected\n",
     NULL},
    {"a sender that looks like a client",
     AT "1xUzuh-00002O-2J <= \"x> H=(evil) [1.2.3.4] <\"@client.example H=mail.client.example "
        "(b.example) [203.0.113.9] P=esmtp S=273\n" AT "1xUzuh-00002O-2J Completed\n",
     "203.0.113.9 mail.client.example b.example \"x> H=(evil) [1.2.3.4] <\"@client.example - | "
     "qid=1xUzuh-00002O-2J outcome=accepted\n",
     NULL},
    {"helo_accept_junk_hosts: which address is the client's, nobody can tell",
     AT "1xUzuh-00002O-2J <= a@b.example H=mail.client.example (x) [1.2.3.4] P=esmtp T=\") "
        "[203.0.113.9] P=esmtp S=273\n" AT
        "H=(x) [1.2.3.4] F=<a@b>) [203.0.113.9] F=<c@d.example> rejected RCPT <e@f.example>\n",
     "",
     "1:0: more than one address may be the client's\n"
     "2:0: more than one address may be the client's\n"},
    {"lines that end anywhere",
     AT "\n" AT "1xUzuh-00002O-2J\n" AT "1xUzuh-00002O-2J <= \n" AT
        "1xUzuh-00002O-2J <= a@b H=\n" AT "1xUzuh-00002O-2J <= a@b H=(x\n" AT
        "1xUzuh-00002O-2J <= a@b H=(x) [1.2.3\n" AT "1xUzuh-00002O-2J => \n" AT "H=\n" AT
        "H=(x) [1.2.3.4] F=<a@b\n" AT "rejected EHLO from \n" AT "[12\n"
        "2026-11-22 05:14:50\n"
        "2026-11-22 05:14:5\n",
     "", NULL},
};

#undef AT
#define AT "Nov 22 05:40:07 mx sm-mta[111]: "

static const struct play_row sendmail[] = {
    {"a mail of two recipients; IPv6, the null sender",
     AT "6AM5e7eV000112: from=<a@client.example>, size=27, class=0, nrcpts=2, "
        "msgid=<202611220540.6AM5e7eV000112@mx.site.example>, proto=ESMTP, daemon=MTA-inet, "
        "relay=mail.client.example [203.0.113.9]\n" AT
        "6AM5e7eV000112: to=<joe@site.example>, delay=00:00:00, mailer=local, pri=60027, "
        "stat=queued\n" AT
        "6AM5e7eV000112: to=<ann@site.example>, delay=00:00:00, mailer=local, pri=60027, "
        "stat=queued\n"
        "Nov 22 05:40:07 mx sendmail[113]: 6AM5e7sn000113: from=<>, size=27, class=0, nrcpts=1, "
        "msgid=<x>, proto=ESMTP, daemon=MTA-inet6, relay=mail.client.example "
        "[IPv6:2001:db8:9:0:0:0:0:9]\n",
     "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 listener=MTA-inet "
     "qid=6AM5e7eV000112 outcome=accepted\n"
     "203.0.113.9 mail.client.example ? a@client.example ann@site.example | c=1 listener=MTA-inet "
     "qid=6AM5e7eV000112 outcome=accepted\n"
     "2001:db8:9::9 mail.client.example ? <> - | c=2 listener=MTA-inet6 qid=6AM5e7sn000113 "
     "outcome=accepted\n",
     NULL},
    {"no name, a forged one, no HELO, authenticated, local",
     AT
     "6AM5e71v000117: from=<a@client.example>, size=27, class=0, nrcpts=1, msgid=<x>, "
     "proto=ESMTP, daemon=MTA-inet, relay=[203.0.113.99]\n" AT
     "6AM5e7b1000118: from=<a@client.example>, size=27, class=0, nrcpts=1, msgid=<x>, "
     "proto=ESMTP, daemon=MTA-inet, relay=mail.client.example [203.0.113.32] (may be forged)\n" AT
     "6AM5e7eQ000116: Authentication-Warning: mx.site.example: mail.client.example "
     "[203.0.113.9] didn't use HELO protocol\n" AT
     "6AM5e7eQ000116: from=<a@client.example>, size=27, class=0, nrcpts=1, msgid=<x>, "
     "proto=SMTP, daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n"
     "Nov 22 05:40:07 mx sm-mta[126]: AUTH=server, relay=mail.client.example [203.0.113.9], "
     "authid=joe@mx.site.example, mech=PLAIN, bits=0\n"
     "Nov 22 05:40:07 mx sm-mta[126]: 6AM5e7K1000126: from=<joe@site.example>, size=27, class=0, "
     "nrcpts=1, msgid=<x>, proto=ESMTPA, daemon=MSA, relay=mail.client.example [203.0.113.9]\n"
     "Nov 22 05:40:07 mx sendmail[127]: 6AM5e7K1000127: from=<root@site.example>, size=27, "
     "class=0, nrcpts=1, msgid=<x>, relay=root@localhost\n",
     "203.0.113.99 ? ? a@client.example - | c=1 listener=MTA-inet qid=6AM5e71v000117 "
     "outcome=accepted\n"
     "203.0.113.32 !mail.client.example ? a@client.example - | c=2 listener=MTA-inet "
     "qid=6AM5e7b1000118 outcome=accepted\n"
     "203.0.113.9 mail.client.example - a@client.example - | c=3 listener=MTA-inet "
     "qid=6AM5e7eQ000116 outcome=accepted\n"
     "203.0.113.9 mail.client.example ? joe@site.example - | c=4 auth=joe@mx.site.example "
     "listener=MSA qid=6AM5e7K1000126 outcome=accepted\n"
     "local ? - root@site.example - | c=5 qid=6AM5e7K1000127 outcome=accepted\n",
     NULL},
    {"refused by a milter, by a ruleset, one of two recipients, at connect",
     AT "6AM5e769000114: Milter: to=<joe@site.example>, reject=550-5.7.1 Refused: HELO "
        "\"localhost\"\\r\\n550 5.7.1 check=localhost id=1M80W9NSE000MR04\n" AT
        "6AM5e769000114: from=<a@client.example>, size=0, class=0, nrcpts=0, proto=ESMTP, "
        "daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n" AT
        "6AM5e7Rr000122: ruleset=check_rcpt, arg1=<joe@elsewhere.example>, "
        "relay=mail.client.example [203.0.113.9], reject=450 4.7.1 <joe@elsewhere.example>... "
        "Relaying denied.\n" AT
        "6AM5e7Rr000122: from=<a@client.example>, size=27, class=0, nrcpts=1, msgid=<x>, "
        "proto=ESMTP, daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n" AT
        "6AM5e7Rr000122: to=<joe@site.example>, delay=00:00:00, mailer=local, pri=30027, "
        "stat=queued\n" AT
        "6AM5e7Rr000123: ruleset=check_relay, arg1=[203.0.113.99], arg2=203.0.113.99, "
        "relay=[203.0.113.99], reject=550 5.7.1 Fix reverse DNS for 203.0.113.99\n",
     "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 listener=MTA-inet "
     "qid=6AM5e769000114 outcome=rejected\n"
     "203.0.113.9 mail.client.example ? a@client.example joe@elsewhere.example | c=1 "
     "listener=MTA-inet qid=6AM5e7Rr000122 outcome=deferred\n"
     "203.0.113.99 ? ? - - | outcome=rejected\n"
     "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 "
     "listener=MTA-inet qid=6AM5e7Rr000122 outcome=accepted\n",
     NULL},
    {"no recipient was taken: it is not mail let in, whatever is told of the reason",
     AT "6AM5e7Rr000130: ruleset=check_rcpt, arg1=joe@elsewhere.example, "
        "relay=mail.client.example [203.0.113.9], reject=553 5.7.1 Relaying denied.\n" AT
        "6AM5e7Rr000130: from=<a@client.example>, size=0, class=0, nrcpts=0, proto=ESMTP, "
        "daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n" AT
        "6AM5e7Rr000131: <nobody@site.example>... User unknown\n" AT
        "6AM5e7Rr000131: from=<a@client.example>, size=0, class=0, nrcpts=0, proto=ESMTP, "
        "daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n" AT
        "6AM5e7Rr000132: from=<a@client.example>, size=0, class=0, nrcpts=0, proto=ESMTP, "
        "daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n",
     "203.0.113.9 mail.client.example ? a@client.example - | c=1 listener=MTA-inet "
     "qid=6AM5e7Rr000130 outcome=rejected\n"
     "203.0.113.9 mail.client.example ? a@client.example nobody@site.example | c=1 "
     "listener=MTA-inet qid=6AM5e7Rr000131 outcome=rejected\n",
     NULL},
    {"a recipient and a sender that look like another client",
     AT "6AM5e78L000125: ruleset=check_rcpt, arg1=<\"a>, relay=evil [1.2.3.4], reject=550 "
        "x\"@elsewhere.example>, relay=mail.client.example [203.0.113.9], reject=550 5.7.1 <\"a>, "
        "relay=evil [1.2.3.4], reject=550 x\"@elsewhere.example>... Relaying denied.\n" AT
        "6AM5e78L000125: from=<\"a>, relay=evil [1.2.3.4]\"@client.example>, size=0, class=0, "
        "nrcpts=0, proto=ESMTP, daemon=MTA-inet, relay=mail.client.example [203.0.113.9]\n",
     "203.0.113.9 mail.client.example ? \"a>, relay=evil [1.2.3.4]\"@client.example \"a>, "
     "relay=evil [1.2.3.4], reject=550 x\"@elsewhere.example | c=1 listener=MTA-inet "
     "qid=6AM5e78L000125 outcome=rejected\n",
     NULL},
    {"lines that end anywhere",
     AT "6AM5e78L000125: from=\n" AT "6AM5e78L000125: from=<a\n" AT
        "6AM5e78L000125: from=<a>, relay=\n" AT "6AM5e78L000125: to=<a\n" AT
        "6AM5e78L000125: ruleset=\n" AT "6AM5e78L000125: ruleset=check_rcpt, arg1=<\"a\n" AT
        "6AM5e78L000125: Milter: to=<\n" AT "AUTH=server, relay=\n",
     "", NULL},
};

static void of_exim(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, exim)
        play_rows(r);
}

static void of_sendmail(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, sendmail)
        play_rows(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(of_exim), UNIT_TEST(of_sendmail)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
