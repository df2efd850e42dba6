/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_postfix.c - Postfix's lines as entries
 *
 * The lines are those of a real Postfix 3.7 (tests/mta), to the letter but for what is said of the
 * host and the times.
 */
#include "log_play.h"

/* What every line begins with. */
#define AT    "Nov 22 05:10:52 mx postfix/"
#define NAMED "mail.client.example[203.0.113.9]"

static const struct play_row accepted[] = {
    {"one mail, as Postfix logs it: no HELO",
     AT "smtpd[97]: connect from " NAMED "\n" AT "smtpd[97]: F054D658: client=" NAMED "\n" AT
        "cleanup[101]: F054D658: message-id=<>\n" AT
        "qmgr[95]: F054D658: from=<a@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "discard[102]: F054D658: to=<joe@site.example>, relay=none, delay=0.02, "
        "delays=0.01/0.01/0/0, dsn=2.0.0, status=sent (site.example)\n" AT
        "qmgr[95]: F054D658: removed\n" AT "smtpd[97]: disconnect from " NAMED
        " ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5\n",
     "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 qid=F054D658 "
     "outcome=accepted\n",
     NULL},
    {"IPv6, two recipients, the null sender, a full host name, RFC 3339",
     "2026-11-22T05:10:52.123456+01:00 mx.site.example postfix/smtpd[103]: connect from "
     "mail.client.example[2001:db8:9::9]\n"
     "2026-11-22T05:10:52.123456+01:00 mx.site.example postfix/smtpd[103]: 1733D65B: "
     "client=mail.client.example[2001:db8:9::9]\n"
     "2026-11-22T05:10:52.123456+01:00 mx.site.example postfix/qmgr[95]: 1733D65B: from=<>, "
     "size=238, nrcpt=2 (queue active)\n"
     "2026-11-22T05:10:52.123456+01:00 mx.site.example postfix/discard[102]: 1733D65B: "
     "to=<ann@site.example>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (x)\n"
     "2026-11-22T05:10:52.123456+01:00 mx.site.example postfix/discard[102]: 1733D65B: "
     "to=<joe@site.example>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (x)\n"
     "2026-11-22T05:10:52.123456+01:00 mx.site.example postfix/qmgr[95]: 1733D65B: removed\n",
     "2001:db8:9::9 mail.client.example ? <> ann@site.example | c=1 server=mx.site.example "
     "qid=1733D65B outcome=accepted\n"
     "2001:db8:9::9 mail.client.example ? <> joe@site.example | c=1 server=mx.site.example "
     "qid=1733D65B outcome=accepted\n",
     NULL},
    {"check_client_access static:{INFO helo} in smtpd_data_restrictions, long queue ids, an alias",
     AT "smtpd[97]: connect from " NAMED "\n" AT "smtpd[97]: 4jXJJ31jHYzgY: client=" NAMED "\n" AT
        "smtpd[97]: 4jXJJ31jHYzgY: info: DATA from " NAMED ": helo; from=<a@client.example> "
        "to=<list@site.example> proto=ESMTP helo=<mail.client.example>\n" AT
        "qmgr[95]: 4jXJJ31jHYzgY: from=<a@client.example>, size=258, nrcpt=2 (queue active)\n" AT
        "discard[102]: 4jXJJ31jHYzgY: to=<ann@site.example>, orig_to=<list@site.example>, "
        "relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (site.example)\n" AT
        "discard[102]: 4jXJJ31jHYzgY: to=<joe@site.example>, orig_to=<list@site.example>, "
        "relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (site.example)\n" AT
        "qmgr[95]: 4jXJJ31jHYzgY: removed\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example list@site.example | c=1 "
     "qid=4jXJJ31jHYzgY outcome=accepted\n",
     NULL},
    {"the same in smtpd_recipient_restrictions",
     AT "smtpd[97]: connect from " NAMED "\n" AT "smtpd[97]: NOQUEUE: info: RCPT from " NAMED
        ": helo; from=<a@client.example> "
        "to=<joe@site.example> proto=ESMTP helo=<mail.client.example>\n" AT
        "smtpd[97]: EDE02710: client=" NAMED "\n" AT
        "qmgr[95]: EDE02710: from=<a@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "qmgr[95]: EDE02710: removed\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example - | c=1 qid=EDE02710 "
     "outcome=accepted\n",
     NULL},
    {"no HELO was said",
     AT "smtpd[97]: CEA4E713: client=" NAMED "\n" AT "smtpd[97]: CEA4E713: info: DATA from " NAMED
        ": x; from=<a@client.example> "
        "to=<joe@site.example> proto=SMTP\n" AT "qmgr[95]: CEA4E713: removed\n",
     "203.0.113.9 mail.client.example - - - | c=1 qid=CEA4E713\n", NULL},
    {"WARN, smtpd_log_access_permit_actions: mail goes on, and they tell the HELO",
     AT "smtpd[99]: NOQUEUE: warn: RCPT from " NAMED ": hello there; from=<a@client.example> "
        "to=<joe@site.example> proto=ESMTP helo=<warnme.example>\n" AT
        "smtpd[99]: 1BC2D65D: client=" NAMED "\n" AT "qmgr[95]: 1BC2D65D: removed\n" AT
        "smtpd[104]: NOQUEUE: permit: RCPT from " NAMED ": action=permit_sasl_authenticated for "
        "Client host=" NAMED " ; from=<joe@site.example> to=<x@far.example> proto=ESMTP "
        "helo=<[10.0.0.1]>\n" AT "smtpd[104]: 2AB7C718: client=" NAMED ", sasl_method=PLAIN, "
        "sasl_username=joe@mx.site.example\n" AT "qmgr[95]: 2AB7C718: removed\n",
     "203.0.113.9 mail.client.example warnme.example - - | c=1 qid=1BC2D65D\n"
     "203.0.113.9 mail.client.example [10.0.0.1] - - | c=2 auth=joe@mx.site.example qid=2AB7C718\n",
     NULL},
    {"a submission service, client ports, another instance",
     "Nov 22 05:10:54 mx postfix/submission/smtpd[105]: connect from " NAMED "\n"
     "Nov 22 05:10:54 mx postfix/submission/smtpd[105]: 48011669: client=" NAMED
     ", sasl_method=PLAIN, sasl_username=joe@mx.site.example\n"
     "Nov 22 05:10:54 mx postfix/qmgr[95]: 48011669: from=<joe@site.example>, size=243, nrcpt=1 "
     "(queue active)\n"
     "Nov 22 05:10:54 mx postfix/qmgr[95]: 48011669: removed\n"
     "Nov 22 05:10:54 mx postfix-in/smtpd[104]: connect from " NAMED ":60069\n"
     "Nov 22 05:10:54 mx postfix-in/smtpd[104]: 39677667: client=" NAMED ":60069\n"
     "Nov 22 05:10:54 mx postfix/qmgr[95]: 39677667: removed\n",
     "203.0.113.9 mail.client.example ? joe@site.example - | c=1 auth=joe@mx.site.example "
     "listener=submission qid=48011669 outcome=accepted\n"
     "203.0.113.9 mail.client.example ? - - | c=2 qid=39677667\n",
     NULL},
    {"two mails, one connection; a delivery that is tried again",
     AT "smtpd[97]: connect from " NAMED "\n" AT "smtpd[97]: 4E48466C: client=" NAMED "\n" AT
        "qmgr[95]: 4E48466C: from=<m0@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "smtp[108]: 4E48466C: to=<joe@site.example>, relay=none, delay=1, delays=1/0/0/0, "
        "dsn=4.4.1, status=deferred (connect to in.site.example[192.0.2.7]:25: refused)\n" AT
        "smtpd[97]: 4ED7166D: client=" NAMED "\n" AT
        "qmgr[95]: 4ED7166D: from=<m1@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "smtpd[97]: disconnect from " NAMED " ehlo=1 mail=2 rcpt=2 data=2 quit=1 commands=8\n" AT
        "qmgr[95]: 4ED7166D: removed\n" AT
        "qmgr[95]: 4E48466C: from=<m0@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "smtp[108]: 4E48466C: to=<joe@site.example>, relay=in.site.example[192.0.2.7]:25, "
        "delay=9, delays=9/0/0/0, dsn=2.0.0, status=sent (250 ok)\n" AT
        "qmgr[95]: 4E48466C: removed\n",
     "203.0.113.9 mail.client.example ? m1@client.example - | c=1 qid=4ED7166D outcome=accepted\n"
     "203.0.113.9 mail.client.example ? m0@client.example joe@site.example | c=1 qid=4E48466C "
     "outcome=accepted\n",
     NULL},
    {"sendmail(1); what a content filter gives back is not counted twice",
     AT "pickup[94]: 5465566F: uid=0 from=<root@mx.site.example>\n" AT
        "qmgr[95]: 5465566F: from=<root@mx.site.example>, size=321, nrcpt=1 (queue active)\n" AT
        "qmgr[95]: 5465566F: removed\n" AT "smtpd[97]: connect from localhost[127.0.0.1]\n" AT
        "smtpd[97]: 4jXJJ31xLwzgg: client=localhost[127.0.0.1], orig_queue_id=ABCDEF012, "
        "orig_client=far.example[198.51.100.7]\n" AT
        "qmgr[95]: 4jXJJ31xLwzgg: from=<q@far.example>, size=259, nrcpt=1 (queue active)\n" AT
        "qmgr[95]: 4jXJJ31xLwzgg: removed\n",
     "local ? - root@mx.site.example - | qid=5465566F outcome=accepted\n", NULL},
    {"XCLIENT: the client that is spoken for",
     AT "smtpd[97]: connect from " NAMED "\n" AT
        "smtpd[97]: 4C8D966B: client=far.example[198.51.100.7]\n" AT
        "qmgr[95]: 4C8D966B: removed\n",
     "198.51.100.7 far.example ? - - | c=2 qid=4C8D966B\n", NULL},
    {"the log ends before the mail does",
     AT "smtpd[97]: F054D658: client=" NAMED "\n" AT
        "qmgr[95]: F054D658: from=<a@client.example>, size=254, nrcpt=1 (queue active)\n",
     "203.0.113.9 mail.client.example ? a@client.example - | c=1 qid=F054D658 outcome=accepted\n",
     NULL},
    {"the log begins in the middle of one",
     AT "qmgr[95]: F054D658: from=<a@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "smtp[95]: F054D658: to=<joe@site.example>, relay=none, status=sent\n" AT
        "qmgr[95]: F054D658: removed\n",
     "", NULL},
};

static const struct play_row refused[] = {
    {"by Postfix, at RCPT",
     AT "smtpd[97]: NOQUEUE: reject: RCPT from " NAMED ": 554 5.7.1 <bad.example>: Helo command "
        "rejected: go away; from=<a@client.example> to=<joe@site.example> proto=ESMTP "
        "helo=<bad.example>\n",
     "203.0.113.9 mail.client.example bad.example a@client.example joe@site.example | c=1 "
     "outcome=rejected\n",
     NULL},
    {"by our filter: our id",
     AT "smtpd[99]: NOQUEUE: milter-reject: RCPT from " NAMED ": 550-5.7.1 Refused: HELO "
        "\"localhost\" is the name every host has for itself, and you are [203.0.113.9]?"
        "?550 5.7.1 "
        "check=localhost id=1M80TM3Y8000MR04; from=<a@client.example> to=<joe@site.example> "
        "proto=ESMTP helo=<localhost>\n",
     "203.0.113.9 mail.client.example localhost a@client.example joe@site.example | c=1 "
     "id=1M80TM3Y8000MR04 outcome=rejected\n",
     NULL},
    {"for a time; with a port, of no name",
     "Nov 22 05:10:54 mx postfix-in/smtpd[104]: NOQUEUE: reject: RCPT from "
     "unknown[2001:db8::99]:51891: 450 4.7.1 <x>: Helo command rejected: Host not found; from=<> "
     "to=<joe@site.example> proto=SMTP helo=<x>\n",
     "2001:db8::99 ? x <> joe@site.example | c=1 outcome=deferred\n", NULL},
    {"at CONNECT nothing was said yet; at EHLO no sender; at RCPT no HELO",
     AT "smtpd[99]: NOQUEUE: reject: CONNECT from unknown[203.0.113.99]: 554 5.7.1 "
        "<unknown[203.0.113.99]>: Client host rejected: bad host; proto=SMTP\n" AT
        "smtpd[97]: NOQUEUE: reject: EHLO from " NAMED ": 554 5.7.1 <bad.example>: Helo command "
        "rejected: go away; proto=SMTP helo=<bad.example>\n" AT
        "smtpd[97]: NOQUEUE: reject: RCPT from " NAMED ": 503 5.5.1 <joe@site.example>: Recipient "
        "address rejected: Improper use; from=<a@client.example> to=<joe@site.example> "
        "proto=SMTP\n",
     "203.0.113.99 ? ? - - | c=1 outcome=rejected\n"
     "203.0.113.9 mail.client.example bad.example - - | c=2 outcome=rejected\n"
     "203.0.113.9 mail.client.example - a@client.example joe@site.example | c=2 "
     "outcome=rejected\n",
     NULL},
    {"one recipient of two; another HELO after it, which nothing tells",
     AT "smtpd[99]: connect from " NAMED "\n" AT "smtpd[99]: 2362A663: client=" NAMED "\n" AT
        "smtpd[99]: 2362A663: reject: RCPT from " NAMED ": 554 5.7.1 <joe@elsewhere.example>: "
        "Relay access denied; from=<a@client.example> to=<joe@elsewhere.example> proto=ESMTP "
        "helo=<mail.client.example>\n" AT
        "qmgr[95]: 2362A663: from=<a@client.example>, size=254, nrcpt=1 (queue active)\n" AT
        "discard[102]: 2362A663: to=<joe@site.example>, relay=none, status=sent (x)\n" AT
        "qmgr[95]: 2362A663: removed\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@elsewhere.example | "
     "c=1 qid=2362A663 outcome=rejected\n"
     "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 qid=2362A663 "
     "outcome=accepted\n",
     NULL},
    {"after DATA, by header_checks, body_checks, a milter",
     AT "smtpd[97]: 4jXJJN6nDQzgW: client=" NAMED "\n" AT
        "cleanup[101]: 4jXJJN6nDQzgW: reject: header Subject: tempo from " NAMED
        "; from=<a@client.example> to=<joe@site.example> proto=ESMTP helo=<mail.client.example>: "
        "4.7.1 try later\n" AT "smtpd[97]: 4jXJJN6p4rzgX: client=" NAMED "\n" AT
        "cleanup[101]: 4jXJJN6p4rzgX: reject: body this bodyspam from " NAMED
        "; from=<a@client.example> to=<joe@site.example> proto=ESMTP helo=<mail.client.example>: "
        "5.7.1 spam body\n" AT "smtpd[97]: 4jXJJN6p4rzgZ: client=" NAMED "\n" AT
        "cleanup[101]: 4jXJJN6p4rzgZ: milter-reject: END-OF-MESSAGE from " NAMED ": 5.7.1 Spam; "
        "from=<a@client.example> to=<joe@site.example> proto=ESMTP helo=<mail.client.example>\n" AT
        "smtpd[97]: 4jXJJN6mNnzgV: client=" NAMED "\n" AT
        "cleanup[101]: 4jXJJN6mNnzgV: discard: header Subject: throw this from " NAMED
        "; from=<a@client.example> to=<joe@site.example> proto=ESMTP helo=<mail.client.example>: "
        "gone\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@site.example | c=1 "
     "qid=4jXJJN6nDQzgW outcome=deferred\n"
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@site.example | c=1 "
     "qid=4jXJJN6p4rzgX outcome=rejected\n"
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@site.example | c=1 "
     "qid=4jXJJN6p4rzgZ outcome=rejected\n"
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@site.example | c=1 "
     "qid=4jXJJN6mNnzgV outcome=accepted\n",
     NULL},
    {"VRFY and AUTH are no tries to send",
     AT "smtpd[97]: NOQUEUE: reject: VRFY from " NAMED ": 550 5.1.1 <x@site.example>: Recipient "
        "address rejected: User unknown; to=<x@site.example> proto=SMTP helo=<x>\n" AT
        "smtpd[105]: warning: " NAMED ": SASL PLAIN authentication failed: authentication failure, "
        "sasl_username=joe@mx.site.example\n",
     "", NULL},
};

static const struct play_row names[] = {
    {"forged: said before the connect",
     AT "smtpd[97]: warning: hostname mail.client.example does not resolve to address "
        "203.0.113.32\n" AT "smtpd[97]: connect from unknown[203.0.113.32]\n" AT
        "smtpd[97]: 6CCBA710: client=unknown[203.0.113.32]\n" AT "qmgr[95]: 6CCBA710: removed\n",
     "203.0.113.32 !mail.client.example ? - - | c=1 qid=6CCBA710\n", NULL},
    {"forged, IPv6: the name is gone, and a refusal",
     AT "smtpd[99]: warning: hostname gone.client.example does not resolve to address "
        "2001:db8:9::33: Name or service not known\n" AT
        "smtpd[99]: connect from unknown[2001:db8:9::33]\n" AT
        "smtpd[99]: NOQUEUE: reject: RCPT from unknown[2001:db8:9::33]: 550 5.7.1 Service "
        "unavailable; Client host [2001:db8:9::33] blocked using zen.example; from=<a@b.example> "
        "to=<joe@site.example> proto=ESMTP helo=<x.example>\n",
     "2001:db8:9::33 !gone.client.example x.example a@b.example joe@site.example | c=1 "
     "outcome=rejected\n",
     NULL},
    {"DNS did not answer",
     AT "smtpd[99]: warning: hostname slow.example does not resolve to address 203.0.113.42: "
        "Temporary failure in name resolution\n" AT
        "smtpd[99]: connect from unknown[203.0.113.42]\n" AT
        "smtpd[99]: 77944719: client=unknown[203.0.113.42]\n" AT "qmgr[95]: 77944719: removed\n",
     "203.0.113.42 temperror ? - - | c=1 qid=77944719\n", NULL},
    {"a warning of one client is not the next one's",
     AT "smtpd[97]: warning: hostname mail.client.example does not resolve to address "
        "203.0.113.32\n" AT "smtpd[97]: connect from unknown[203.0.113.32]\n" AT
        "smtpd[97]: disconnect from unknown[203.0.113.32] quit=1 commands=1\n" AT
        "smtpd[97]: connect from unknown[203.0.113.66]\n" AT
        "smtpd[97]: 7A60471C: client=unknown[203.0.113.66]\n" AT "qmgr[95]: 7A60471C: removed\n",
     "203.0.113.66 ? ? - - | c=2 qid=7A60471C\n", NULL},
};

static const struct play_row postscreen[] = {
    {"refused at RCPT, after it had spoken before its turn; two recipients",
     AT "postscreen[98]: CONNECT from [203.0.113.125]:51149 to [192.0.2.1]:25\n" AT
        "postscreen[98]: PREGREET 16 after 0 from [203.0.113.125]:51149: EHLO a.example\\r\\n\n" AT
        "postscreen[98]: NOQUEUE: reject: RCPT from [203.0.113.125]:51149: 550 5.5.1 Protocol "
        "error; from=<x@y.example>, to=<joe@site.example>, proto=ESMTP, helo=<two.example>\n" AT
        "postscreen[98]: NOQUEUE: reject: RCPT from [203.0.113.125]:51149: 550 5.5.1 Protocol "
        "error; from=<x@y.example>, to=<ann@site.example>, proto=ESMTP, helo=<two.example>\n" AT
        "postscreen[98]: DISCONNECT [203.0.113.125]:51149\n",
     "203.0.113.125 ? two.example x@y.example joe@site.example | c=1 port=25 outcome=rejected\n"
     "203.0.113.125 ? two.example x@y.example ann@site.example | c=1 port=25 outcome=rejected\n",
     NULL},
    {"IPv6, by a list, no HELO",
     AT "postscreen[98]: NOQUEUE: reject: RCPT from [2001:db8::7]:38483: 550 5.7.1 Service "
        "unavailable; client [2001:db8::7] blocked using zen.example; from=<>, "
        "to=<joe@site.example>, proto=SMTP, helo=<>\n",
     "2001:db8::7 ? - <> joe@site.example | c=1 outcome=rejected\n", NULL},
    {"it had spoken, and hung up",
     AT "postscreen[98]: CONNECT from [2001:db8::7]:57479 to [2001:db8::1]:25\n" AT
        "postscreen[98]: PREGREET 21 after 0 from [2001:db8::7]:57479: EHLO "
        "hangup.example\\r\\n\n" AT
        "postscreen[98]: HANGUP after 0 from [2001:db8::7]:57479 in tests after SMTP "
        "handshake\n" AT "postscreen[98]: DISCONNECT [2001:db8::7]:57479\n",
     "2001:db8::7 ? hangup.example - - | c=1 port=25\n", NULL},
    {"it was let through: smtpd tells",
     AT "postscreen[98]: CONNECT from [203.0.113.9]:50031 to [192.0.2.1]:25\n" AT
        "postscreen[98]: PREGREET 21 after 0 from [203.0.113.9]:50031: EHLO x.example\\r\\n\n" AT
        "postscreen[98]: PASS NEW [203.0.113.9]:50031\n",
     "", NULL},
    {"what it said was no HELO",
     AT "postscreen[98]: PREGREET 25 after 0 from [203.0.113.124]:38483: MAIL "
        "FROM:<x@y.example>\\r\\n\n" AT "postscreen[98]: DISCONNECT [203.0.113.124]:38483\n",
     "", NULL},
};

/* As Postfix has logged them. None may give another client, or take its HELO for another. */
static const struct play_row hostile[] = {
    {"a HELO that looks like the rest of a line",
     AT "smtpd[103]: NOQUEUE: reject: RCPT from " NAMED
        ": 554 5.7.1 <joe@elsewhere.example>: Relay "
        "access denied; from=<a@client.example> to=<joe@elsewhere.example> proto=ESMTP "
        "helo=<x?"
        "?to=?y?z.example?"
        "?proto=ESMTP?helo=?good.example>\n",
     "203.0.113.9 mail.client.example x?"
     "?to=?y?z.example?"
     "?proto=ESMTP?helo=?good.example "
     "a@client.example joe@elsewhere.example | c=1 outcome=rejected\n",
     NULL},
    {"a HELO that looks like another client",
     AT "smtpd[103]: NOQUEUE: reject: RCPT from " NAMED
        ": 554 5.7.1 <joe@elsewhere.example>: Relay "
        "access denied; from=<a@client.example> to=<joe@elsewhere.example> proto=ESMTP "
        "helo=<x?"
        "?client=evil[1.2.3.4]>\n",
     "203.0.113.9 mail.client.example x?"
     "?client=evil[1.2.3.4] a@client.example "
     "joe@elsewhere.example | c=1 outcome=rejected\n",
     NULL},
    {"the same, quoted in our reply as it was said, with an id",
     AT "smtpd[97]: NOQUEUE: milter-reject: RCPT from " NAMED ": 550-5.7.1 Refused: HELO "
        "\"bad.example; from=<q@q.example> to=<r@r.example> proto=ESMTP helo=<bad.example "
        "id=0000000000000000\" is no host name?"
        "?550 5.7.1 check=syntax id=1M80TM5YD000MR0F; "
        "from=<a@client.example> to=<joe@site.example> proto=ESMTP "
        "helo=<bad.example?"
        "?from=?q?q.example?"
        "?id=0000000000000000>\n",
     "203.0.113.9 mail.client.example bad.example?"
     "?from=?q?q.example?"
     "?id=0000000000000000 "
     "a@client.example joe@site.example | c=1 id=1M80TM5YD000MR0F outcome=rejected\n",
     NULL},
    {"a sender in quotes, here and there",
     AT "smtpd[97]: NOQUEUE: reject: RCPT from " NAMED ": 554 5.7.1 <joe@elsewhere.example>: Relay "
        "access denied; from=<\"x> to=<y@z> helo=<evil\"@client.example> "
        "to=<joe@elsewhere.example> proto=ESMTP helo=<mail.client.example>\n" AT
        "smtpd[99]: 327E1665: client=" NAMED "\n" AT
        "qmgr[95]: 327E1665: from=<\"a b; from=<\"@client.example>, size=254, nrcpt=1 (queue "
        "active)\n" AT "qmgr[95]: 327E1665: removed\n",
     "203.0.113.9 mail.client.example mail.client.example \"x> to=<y@z> "
     "helo=<evil\"@client.example joe@elsewhere.example | c=1 outcome=rejected\n"
     "203.0.113.9 mail.client.example ? \"a b; from=<\"@client.example - | c=2 qid=327E1665 "
     "outcome=accepted\n",
     NULL},
    {"a Subject that looks like what cleanup adds",
     AT "smtpd[97]: 4jXJJN6hC9zgR: client=" NAMED "\n" AT
        "cleanup[101]: 4jXJJN6hC9zgR: reject: header Subject: buy viagra from evil[1.2.3.4]; "
        "from=<x@y> to=<z@z> proto=ESMTP helo=<fake> from " NAMED "; from=<a@client.example> "
        "to=<joe@site.example> proto=ESMTP helo=<mail.client.example>: 5.7.1 no spam\n",
     "203.0.113.9 mail.client.example mail.client.example a@client.example joe@site.example | c=1 "
     "qid=4jXJJN6hC9zgR outcome=rejected\n",
     NULL},
    {"UTF-8, and what postscreen shows of any bytes",
     AT "smtpd[97]: NOQUEUE: reject: RCPT from " NAMED ": 554 5.7.1 x; from=<> "
        "to=<joe@site.example> proto=ESMTP helo=<m\xc3\xbcller.example>\n" AT
        "postscreen[98]: PREGREET 52 after 0 from [203.0.113.122]:55155: EHLO x; from=<a@b>, "
        "to=<c@d>, proto=ESMTP, helo=<y\\r\\n\n" AT
        "postscreen[98]: DISCONNECT [203.0.113.122]:55155\n",
     "203.0.113.9 mail.client.example m\xc3\xbcller.example <> joe@site.example | c=1 "
     "outcome=rejected\n"
     "203.0.113.122 ? x;_from=<a@b>,_to=<c@d>,_proto=ESMTP,_helo=<y - - | c=2\n",
     NULL},
    {"another program that says what Postfix says",
     "Nov 22 05:10:52 mx evil[97]: F054D658: client=" NAMED "\n"
     "Nov 22 05:10:52 mx evil/smtp[97]: F054D658: to=<a@b>, relay=x, status=sent\n"
     "Nov 22 05:10:52 mx evil: postfix/smtpd[97]: F054D658: client=" NAMED "\n",
     "", NULL},
    {"lines that end anywhere",
     AT "smtpd[97]: connect from \n" AT "smtpd[97]: connect from unknown[\n" AT
        "smtpd[97]: connect from unknown[1.2.3.4.5]\n" AT "smtpd[97]: F054D658: client=\n" AT
        "smtpd[97]: NOQUEUE: reject: RCPT from " NAMED "\n" AT
        "smtpd[97]: NOQUEUE: reject: RCPT from " NAMED ": 554 5.7.1 x; from=<a\n" AT
        "smtpd[97]: NOQUEUE: reject: \n" AT "smtpd[97]: \n" AT "smtpd[97]:\n" AT "smtpd[97\n" AT
        "postscreen[98]: PREGREET \n" AT
        "postscreen[98]: PREGREET 1 after 0 from [203.0.113.122]:\n" AT
        "qmgr[95]: F054D658: from=<\n" AT "smtp[95]: F054D658: to=<\n",
     "203.0.113.9 mail.client.example ? - - | c=1 outcome=rejected\n", NULL},
};

static void of_accepted_mail(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, accepted)
        play_rows(r);
}

static void of_refusals(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, refused)
        play_rows(r);
}

static void of_names(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, names)
        play_rows(r);
}

static void of_postscreen(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, postscreen)
        play_rows(r);
}

static void of_the_hostile(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, hostile)
        play_rows(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(of_accepted_mail), UNIT_TEST(of_refusals),    UNIT_TEST(of_names),
        UNIT_TEST(of_postscreen),    UNIT_TEST(of_the_hostile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
