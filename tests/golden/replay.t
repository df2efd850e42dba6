helocheck replay: what a policy would have done with the mail of logs. The logs are in mail/.

Each kind of log, and what it cannot show:

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 mail/postfix.log
    What the policy would do with the mail of these logs

      policy      mail/policy.yaml (mode: observe, profile: rfc-safe)
      logs        mail/postfix.log
      time        2026-11-20 08:00 to 2026-11-20 09:00 UTC
      found       3 mails in 17 lines; clients: 3, of organisations: 3
      judged by   what the logs tell alone
      result      of 2 mails let in today, 1 would be refused (50.00 %), 0 deferred (0.00 %)

    WHAT TO KNOW BEFORE YOU BELIEVE IT
    !          1  mail that Postfix accepted could not be judged: it does not log the HELO of accepted
                  mail.
                  In main.cf: smtpd_data_restrictions = check_client_access static:{INFO helo} makes
                  Postfix log it from then on. Or let milter-helo watch in "mode: observe", and replay
                  its log.
               2  mails came to a server whose full name the logs do not have: own_name, own_suffix and
                  own_ip find only who claims to be what the policy's section server has.
                  Give --server-name and --server-address.
               1  entry calls the client "unknown": Postfix does not say whether it has no reverse DNS,
                  a false one, or DNS failed.
                  --dns looks it up.
               1  line is of a program that has nothing to do with it.

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             1            1             1           1               1
      deferred (450)                            1            0             1           1               1
      accepted and tagged                       0            0             0           0               0
      accepted                                  0            0             0           0               0
      accepted: exempt                          0            0             0           0               0
      could not be judged                       1            1             1           1               1
      all                                       3            2             3           3               3

    WHAT THE CHECKS FOUND
                                      action       mails let in today   a ground   the only   clients
      not_fqdn:one_label              observe          1            1          0          0         1
      literal_mismatch:other          defer            1            0          1          1         1
      localhost:name                  reject           1            1          1          1         1

    CHECKS THAT THE LOGS ALONE DO NOT ANSWER (--dns does)
      no_ptr                                            1
      fcrdns                                            1

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

       1. 1 mail  partner.example
            client  192.0.2.25
            HELO    localhost
            PTR     mail.partner.example
            from    partner.example
            to      example.org
            seen    2026-11-20 08:00 to 2026-11-20 08:00
            why     localhost:name (1)
                    HELO "localhost" is the name every host has for itself, and you are [192.0.2.25]
            spare   in milter-helo.yaml:
                    exempt:
                      rdns_domains:
                        - domain: "mail.partner.example"
                          note: "HELO localhost, mail from partner.example"
                          owner: postmaster
                          expires: 2027-02-20

    SENDERS THAT ARE REFUSED TODAY, TOO, MOST MAIL FIRST

       1. 1 mail  203.0.113.9
            client  203.0.113.9
            HELO    [203.0.113.10]
            PTR     -
            from    spam.example
            to      example.org
            seen    2026-11-20 08:01 to 2026-11-20 08:01
            why     literal_mismatch:other (1)
                    HELO "[203.0.113.10]" is not your address, [203.0.113.9]

    let in today: the log does not show that the MTA refused or deferred it; only such mail can be lost.
    a ground: of the refusal or deferral; the only: there is no other, so without it the mail is accepted.
    Before you spare a sender, make sure that you want its mail. Keys of an entry that its file has
    already stand once: write it below them, in place of []. '~': about, to 1 %.

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 mail/exim.log
    What the policy would do with the mail of these logs

      policy      mail/policy.yaml (mode: observe, profile: rfc-safe)
      logs        mail/exim.log
      time        2026-11-21 08:00 to 2026-11-21 08:00 UTC
      found       4 mails in 4 lines; clients: 4, of organisations: 4
      judged by   what the logs tell alone
      result      of 3 mails let in today, 1 would be refused (33.33 %), 0 deferred (0.00 %)

    WHAT TO KNOW BEFORE YOU BELIEVE IT
               3  mails came to a server whose full name the logs do not have: own_name, own_suffix and
                  own_ip find only who claims to be what the policy's section server has.
                  Give --server-name and --server-address.
               1  entry of Exim shows no HELO, as it is when HELO and confirmed reverse DNS are the
                  same; taken for that where the protocol shows that one was said.
               2  entries of Exim have no name for the client, and do not say why.
                  In Exim's configuration: host_lookup = *; or --dns looks it up.

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             2            1             2           2               2
      deferred (450)                            0            0             0           0               0
      accepted and tagged                       0            0             0           0               0
      accepted                                  1            1             1           1               1
      accepted: exempt                          1            1             1           1               1
      could not be judged                       0            0             0           0               0
      all                                       4            3             4           4               4

    EXEMPT BY
                                            mails let in today   connections     clients   organisations
      network                                   1            1             1           1               1

    WHAT THE CHECKS FOUND
                                      action       mails let in today   a ground   the only   clients
      syntax:malformed                reject           1            0          1          1         1
      not_fqdn:one_label              observe          1            1          0          0         1
      localhost:name                  reject           1            1          1          1         1
      special_tld:reserved            observe          1            1          0          0         1

    CHECKS THAT THE LOGS ALONE DO NOT ANSWER (--dns does)
      no_ptr                                            2
      fcrdns                                            2

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

       1. 1 mail  198.51.100.8
            client  198.51.100.8
            HELO    localhost
            PTR     -
            from    shop.example
            seen    2026-11-21 08:00 to 2026-11-21 08:00
            why     localhost:name (1)
                    HELO "localhost" is the name every host has for itself, and you are [198.51.100.8]
            spare   in networks.yaml:
                    networks:
                      - net: "198.51.100.8"
                        note: "HELO localhost, mail from shop.example"
                        owner: postmaster
                        expires: 2027-02-20

    SENDERS THAT ARE REFUSED TODAY, TOO, MOST MAIL FIRST

       1. 1 mail  203.0.113.9
            client  203.0.113.9
            HELO    <script>alert(1)</script>
            PTR     -
            from    spam.example
            to      example.org
            seen    2026-11-21 08:00 to 2026-11-21 08:00
            why     syntax:malformed (1)
                    HELO "<script>alert(1)</script>" is no host name: it has a character that host names
                    do not have at position 1

    let in today: the log does not show that the MTA refused or deferred it; only such mail can be lost.
    a ground: of the refusal or deferral; the only: there is no other, so without it the mail is accepted.
    Before you spare a sender, make sure that you want its mail. Keys of an entry that its file has
    already stand once: write it below them, in place of []. '~': about, to 1 %.

Sendmail never logs the HELO: nothing can be judged, and the exit code says so.

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 mail/sendmail.log
    What the policy would do with the mail of these logs

      policy      mail/policy.yaml (mode: observe, profile: rfc-safe)
      logs        mail/sendmail.log
      time        2026-11-21 10:00 to 2026-11-21 10:00 UTC
      found       1 mail in 2 lines; clients: 1, of organisations: 1
      judged by   what the logs tell alone
      result      of 1 mail let in today, 0 would be refused (0.00 %), 0 deferred (0.00 %)

    WHAT TO KNOW BEFORE YOU BELIEVE IT
    !             NOTHING COULD BE JUDGED: these logs do not say what any client said in HELO.
                  Best: let milter-helo watch in "mode: observe" for a week, and replay its own log,
                  which has all of it.
    !          1  mail of Sendmail could not be judged: Sendmail never logs the HELO.
                  Best: let milter-helo watch in "mode: observe" for a week, and replay its own log,
                  which has all of it.

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             0            0             0           0               0
      deferred (450)                            0            0             0           0               0
      accepted and tagged                       0            0             0           0               0
      accepted                                  0            0             0           0               0
      accepted: exempt                          0            0             0           0               0
      could not be judged                       1            1             1           1               1
      all                                       1            1             1           1               1

    WHAT THE CHECKS FOUND
                                      action       mails let in today   a ground   the only   clients
      nothing

    let in today: the log does not show that the MTA refused or deferred it; only such mail can be lost.
    a ground: of the refusal or deferral; the only: there is no other, so without it the mail is accepted.
    Before you spare a sender, make sure that you want its mail. Keys of an entry that its file has
    already stand once: write it below them, in place of []. '~': about, to 1 %.
    ! helocheck replay: nothing could be judged: the logs do not say what clients said in HELO; see helocheck(1)
    [65]

JSON lines, with what is hostile in them; one organisation with two clients is one sender:

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 mail/lines.json
    What the policy would do with the mail of these logs

      policy      mail/policy.yaml (mode: observe, profile: rfc-safe)
      logs        mail/lines.json
      time        2026-11-21 12:00 to 2026-11-21 12:05 UTC
      found       6 mails in 6 lines; clients: 5, of organisations: 4
      judged by   what the logs tell alone
      result      of 6 mails let in today, 4 would be refused (66.67 %), 0 deferred (0.00 %)

    WHAT TO KNOW BEFORE YOU BELIEVE IT
               1  mail is accepted here although some checks could not be run: these need DNS, and the
                  logs do not tell all of it.
                  --dns looks it up.
               5  mails came to a server whose full name the logs do not have: own_name, own_suffix and
                  own_ip find only who claims to be what the policy's section server has.
                  Give --server-name and --server-address.

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             4            4             4           4               3
      deferred (450)                            0            0             0           0               0
      accepted and tagged                       0            0             0           0               0
      accepted                                  1            1             1           1               1
      accepted: exempt                          1            1             1           1               1
      could not be judged                       0            0             0           0               0
      all                                       6            6             6           5               4

    EXEMPT BY
                                            mails let in today   connections     clients   organisations
      authenticated                             1            1             1           1               1

    WHAT THE CHECKS FOUND
                                      action       mails let in today   a ground   the only   clients
      syntax:malformed                reject           2            2          2          2         2
      bare_ip:other                   reject           2            2          2          0         2
      own_ip:claimed                  reject           2            2          2          0         2
      no_ptr:missing                  observe          1            1          0          0         1
      rdns_mismatch:other             observe          1            1          0          0         1

    CHECKS THAT THE LOGS ALONE DO NOT ANSWER (--dns does)
      own_name                                          1
      no_address                                        1
      forward_mismatch                                  1
      no_ptr                          servfail          1
      fcrdns                          servfail          1

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

       1. 2 mails  example.net
            client  198.51.100.20  (one of 2)
            HELO    192.0.2.77
            PTR     mail.shop.example.net
            from    shop.example.net
            to      example.org  (one of 2)
            seen    2026-11-21 12:01 to 2026-11-21 12:02
            why     bare_ip:other (2), own_ip:claimed (2)
                    HELO "192.0.2.77" is an IP address without brackets, and not yours, [198.51.100.20]
            spare   in milter-helo.yaml:
                    exempt:
                      rdns_domains:
                        - domain: "shop.example.net"
                          note: "HELO 192.0.2.77, mail from shop.example.net"
                          owner: postmaster
                          expires: 2027-02-20

       2. 1 mail  2001:db8:7::1
            client  2001:db8:7::1
            HELO    <script>alert(2)</script>
            PTR     -
            from    <>
            to      example.org
            seen    2026-11-21 12:03 to 2026-11-21 12:03
            why     syntax:malformed (1)
                    HELO "<script>alert(2)</script>" is no host name: it has a character that host names
                    do not have at position 1
            spare   in networks.yaml:
                    networks:
                      - net: "2001:db8:7::1"
                        note: "HELO <script>alert(2)</script>"
                        owner: postmaster
                        expires: 2027-02-20

       3. 1 mail  203.0.113.51
            client  203.0.113.51
            HELO    localhost
            PTR     -
            from    evil.example
            to      example.org
            seen    2026-11-21 12:05 to 2026-11-21 12:05
            why     syntax:malformed (1)
                    HELO "localhost\x00"\\'&" is no host name: it has a control character at position 10
            spare   in networks.yaml:
                    networks:
                      - net: "203.0.113.51"
                        note: "HELO localhost, mail from evil.example"
                        owner: postmaster
                        expires: 2027-02-20

    let in today: the log does not show that the MTA refused or deferred it; only such mail can be lost.
    a ground: of the refusal or deferral; the only: there is no other, so without it the mail is accepted.
    Before you spare a sender, make sure that you want its mail. Keys of an entry that its file has
    already stand once: write it below them, in place of []. '~': about, to 1 %.

Our own log, here behind syslog's prefix, by the log alone and with DNS. (With DNS several threads judge: which of a sender's
mails is its sample is chance.)

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 mail/own.log
    What the policy would do with the mail of these logs

      policy      mail/policy.yaml (mode: observe, profile: rfc-safe)
      logs        mail/own.log
      time        2026-11-21 11:01 to 2026-11-21 11:03 UTC
      found       3 mails in 3 lines; clients: 2, of organisations: 2
      judged by   what the logs tell alone
      result      of 3 mails let in today, 2 would be refused (66.67 %), 0 deferred (0.00 %)

    WHAT TO KNOW BEFORE YOU BELIEVE IT
               1  mail is accepted here although some checks could not be run: these need DNS, and the
                  logs do not tell all of it.
                  --dns looks it up.

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             2            2             2           1               1
      deferred (450)                            0            0             0           0               0
      accepted and tagged                       0            0             0           0               0
      accepted                                  1            1             1           1               1
      accepted: exempt                          0            0             0           0               0
      could not be judged                       0            0             0           0               0
      all                                       3            3             3           2               2

    WHAT THE CHECKS FOUND
                                      action       mails let in today   a ground   the only   clients
      not_fqdn:one_label              observe          1            1          0          0         1
      localhost:name                  reject           1            1          1          1         1
      special_tld:reserved            observe          1            1          0          0         1
      own_name:claimed                reject           1            1          1          1         1
      no_address:missing              observe          1            1          0          0         1
      no_ptr:missing                  observe          2            2          0          0         1

    CHECKS THAT THE LOGS ALONE DO NOT ANSWER (--dns does)
      no_address                                        1
      bogus_address                                     1
      forward_mismatch                                  1
      no_ptr                                            1
      fcrdns                                            1
      rdns_mismatch                                     1

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

       1. 2 mails  198.51.100.30
            client  198.51.100.30
            HELO    mx.example.org  (one of 2)
            PTR     -
            from    b.example
            to      example.org
            seen    2026-11-21 11:01 to 2026-11-21 11:03
            why     own_name:claimed (1), localhost:name (1)
                    HELO "mx.example.org" is the name of this server, and you are [198.51.100.30]
            spare   in networks.yaml:
                    networks:
                      - net: "198.51.100.30"
                        note: "HELO mx.example.org, mail from b.example"
                        owner: postmaster
                        expires: 2027-02-20

    let in today: the log does not show that the MTA refused or deferred it; only such mail can be lost.
    a ground: of the refusal or deferral; the only: there is no other, so without it the mail is accepted.
    Before you spare a sender, make sure that you want its mail. Keys of an entry that its file has
    already stand once: write it below them, in place of []. '~': about, to 1 %.

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 --zone world.zone mail/own.log | sed -n '/judged by/,/^WHAT THE/p; /SENDERS/,/client/p'
      judged by   the logs, and DNS as the zone has it
      result      of 3 mails let in today, 2 would be refused (66.67 %), 0 deferred (0.00 %)

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             2            2             2           1               1
      deferred (450)                            0            0             0           0               0
      accepted and tagged                       0            0             0           0               0
      accepted                                  1            1             1           1               1
      accepted: exempt                          0            0             0           0               0
      could not be judged                       0            0             0           0               0
      all                                       3            3             3           2               2

    WHAT THE CHECKS FOUND
    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

       1. 2 mails  198.51.100.30
            client  198.51.100.30

Our own log proves what the server is called, though rsyslog cuts that short; and that a name of one label has no address. So
what it would have refused or deferred (five and three) is so here, by IPv4 and IPv6; the same HELO is judged anew where the
log does not say that it was ours. What "mode: enforce" has refused is not let in today, and is refused again.

    $ grep -o 'would=[drej].*' mail/claims.logfmt | sort | uniq -c
          3 would=defer
          5 would=reject

    $ helocheck replay --policy mail/score.yaml --today 2026-11-22 mail/claims.logfmt | sed -n '/judged by/,/^SENDERS/p'
      judged by   what the logs tell alone
      result      of 8 mails let in today, 4 would be refused (50.00 %), 3 deferred (37.50 %)

    WHAT WOULD BECOME OF IT
                                            mails let in today   connections     clients   organisations
      refused (550)                             5            4             5           4               3
      deferred (450)                            3            3             3           3               3
      accepted and tagged                       0            0             0           0               0
      accepted                                  1            1             1           1               1
      accepted: exempt                          0            0             0           0               0
      could not be judged                       0            0             0           0               0
      all                                       9            8             9           7               5

    WHAT THE CHECKS FOUND
                                      action       mails let in today   a ground   the only   clients
      not_fqdn:one_label              observe          2            2          2          0         2
      literal_mismatch:other          defer            2            2          0          0         2
      own_name:claimed                reject           3            2          3          3         2
      own_suffix:claimed              observe          1            1          1          0         1
      own_ip:claimed                  reject           2            2          2          2         2
      no_address:missing              observe          7            6          3          0         5
      no_ptr:missing                  observe          8            7          3          0         6

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

A policy that does less than the log says is told of, in each form; so is a log that does not name the server.

    $ helocheck replay --policy mail/milder.yaml --today 2026-11-22 mail/claims.logfmt | sed -n '/result/,/^WHAT WOULD/p'
      result      of 8 mails let in today, 0 would be refused (0.00 %), 2 deferred (25.00 %)

    WHAT TO KNOW BEFORE YOU BELIEVE IT
    !          8  mails are judged milder here than the log's own "would=" says.
                  The policy or DNS has changed since, or --server-name is missing.

    WHAT WOULD BECOME OF IT

    $ helocheck replay --policy mail/milder.yaml --today 2026-11-22 --json mail/claims.logfmt | python3 -c 'import json, sys; print(*((r["key"], r["count"], r["important"]) for r in json.load(sys.stdin)["remarks"]))'
    ('weaker_than_logged', 8, True)

    $ helocheck replay --policy mail/milder.yaml --today 2026-11-22 --html - mail/claims.logfmt | grep -c 'judged milder here than the log'
    1

    $ tail -n 1 mail/claims.logfmt | sed 's/would=accept/would=defer/' | helocheck replay --policy mail/milder.yaml --today 2026-11-22 - | sed -n '/BELIEVE/,/^WHAT WOULD/p'
    WHAT TO KNOW BEFORE YOU BELIEVE IT
    !          1  mail is judged milder here than the log's own "would=" says.
                  The policy or DNS has changed since, or --server-name is missing.

    WHAT WOULD BECOME OF IT

    $ helocheck replay --policy mail/milder.yaml --today 2026-11-22 mail/postfix.log | grep -A 2 'full name'
               2  mails came to a server whose full name the logs do not have: own_name, own_suffix and
                  own_ip find only who claims to be what the policy's section server has.
                  Give --server-name and --server-address.

    $ helocheck replay --policy mail/milder.yaml --server-name mx.example.org --today 2026-11-22 mail/postfix.log | grep -c 'full name'
    0
    [1]

All of them together, compressed or from standard input, are the same mails:

    $ cat mail/*.log mail/lines.json | gzip -n | helocheck replay --policy mail/policy.yaml --today 2026-11-22 --json - | python3 -c 'import json, sys; print(json.load(sys.stdin)["all"])'
    {'mails': 17, 'let_in_today': 15, 'accepted_today': 9, 'deferred_today': 0, 'refused_today': 2, 'connections': 17, 'clients': 11, 'organisations': 11, 'exact': True}

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 --json mail/*.log mail/lines.json | python3 -c 'import json, sys; print(json.load(sys.stdin)["all"])'
    {'mails': 17, 'let_in_today': 15, 'accepted_today': 9, 'deferred_today': 0, 'refused_today': 2, 'connections': 17, 'clients': 11, 'organisations': 11, 'exact': True}

One client says two names, to the recipients' domain and to another, to postmaster, and with a password. What was judged
before is remembered, and so the second reading doubles each count.

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 --json mail/again.json | python3 mail/counts.py
    refused 2  accepted 3  exempt 4
    authenticated 2  recipient 2
    literal_mismatch other 2, 1 client
    own_ip claimed 2, 1 client
    rcpt_domain open 2, 1 client
    no_address open 3, 1 client
    forward_mismatch open 3, 1 client
    rdns_mismatch other 3, 1 client

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 --json mail/again.json mail/again.json | python3 mail/counts.py
    refused 4  accepted 6  exempt 8
    authenticated 4  recipient 4
    literal_mismatch other 4, 1 client
    own_ip claimed 4, 1 client
    rcpt_domain open 4, 1 client
    no_address open 6, 1 client
    forward_mismatch open 6, 1 client
    rdns_mismatch other 6, 1 client

Two policies: how many mails change, and whose.

    $ helocheck replay --policy mail/strict.yaml --against mail/policy.yaml --today 2026-11-22 mail/exim.log | sed -n '/^  policy/,/^  against/p; /WHAT CHANGES/,/SENDERS WHOSE/p'
      policy      mail/strict.yaml (mode: enforce, profile: strict)
      against     mail/policy.yaml (mode: observe, profile: rfc-safe)
    WHAT CHANGES, AGAINST THE OTHER POLICY
                 1 mail   refused, was accepted

    SENDERS THAT ARE WORSE OFF, MOST MAIL FIRST

       1. 1 mail  refused, was accepted  partner.example
            client  192.0.2.25
            HELO    mail.partner.example
            PTR     mail.partner.example
            from    partner.example
            seen    2026-11-21 08:00 to 2026-11-21 08:00
            why     special_tld:reserved (1)
                    HELO "mail.partner.example" ends in ".example", which is not for names on the
                    Internet
            spare   in milter-helo.yaml:
                    exempt:
                      rdns_domains:
                        - domain: "mail.partner.example"
                          note: "HELO mail.partner.example, mail from partner.example"
                          owner: postmaster
                          expires: 2027-02-20

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

    $ helocheck replay --policy mail/policy.yaml --against mail/strict.yaml --today 2026-11-22 --top 1 mail/exim.log | sed -n '/WHAT CHANGES/,/SENDERS WHOSE/p'
    WHAT CHANGES, AGAINST THE OTHER POLICY
                 1 mail   accepted, was refused

    SENDERS THAT ARE BETTER OFF, MOST MAIL FIRST

       1. 1 mail  accepted, was refused  partner.example
            client  192.0.2.25
            HELO    mail.partner.example
            PTR     mail.partner.example
            from    partner.example
            seen    2026-11-21 08:00 to 2026-11-21 08:00
            why     special_tld:reserved (1)
                    HELO "mail.partner.example" ends in ".example", which is not for names on the
                    Internet
            spare   in milter-helo.yaml:
                    exempt:
                      rdns_domains:
                        - domain: "mail.partner.example"
                          note: "HELO mail.partner.example, mail from partner.example"
                          owner: postmaster
                          expires: 2027-02-20

    SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL FIRST

What is to be pasted loads as it stands:

    $ helocheck replay --policy mail/strict.yaml --today 2026-11-22 --json mail/*.log mail/lines.json | python3 mail/paste.py
    exempt:  rdns_domains 2
    networks 6

By a HELO only when the whole of it is shown, by a PTR name only when it is not everybody's:

    $ helocheck replay --policy mail/strict.yaml --zone mail/names.zone --today 2026-11-22 mail/names.json | grep -E -- '- (name|net|domain):'
                        - name: "mail.example.net"
                      - net: "192.0.2.91"
                      - net: "192.0.2.92"

JSON is stable, and whole:

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 --json mail/lines.json | python3 mail/form.py
    6 mails, 6 by fate, 6 plotted, 0 undated

A policy that cannot be used, and none at all where the usual one is not there:

    $ helocheck replay --policy broken.policy mail/exim.log
    ! broken.policy:1:7: error: mode: unknown value 'enfroce' (accepted: observe, enforce); did you mean 'enforce'?
    !     mode: enfroce
    !           ^
    ! broken.policy:3:3: error: unknown check 'own_nam'; did you mean 'own_name'?
    !       own_nam: reject
    !       ^
    ! broken.policy:4:12: error: networks: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?
    !     networks: [192.0.2.1/24]
    !                ^
    ! helocheck replay: 'broken.policy': the policy has errors
    [78]

    $ helocheck replay --policy nowhere.yaml mail/exim.log
    ! nowhere.yaml: error: No such file or directory
    ! helocheck replay: 'nowhere.yaml': cannot read the file
    [66]

A log that cannot be read; the others are reported all the same:

    $ helocheck replay --policy mail/policy.yaml mail/nowhere.log
    ! helocheck replay: mail/nowhere.log: No such file or directory
    [66]

    $ helocheck replay --policy mail/policy.yaml --today 2026-11-22 mail/nowhere.log mail/exim.log | sed -n '/found/p'; echo
      found       4 mails in 4 lines; clients: 4, of organisations: 4

    ! helocheck replay: mail/nowhere.log: No such file or directory

Mistakes of usage:

    $ helocheck replay
    ! usage: helocheck replay [OPTION...] LOG...
    !
    ! Reads mail logs and says what the policy would have done with their mail, and whose
    ! mail it would have refused. Nothing is sent to anybody.
    !
    ! LOG: of Postfix, Exim or milter-helo, or JSON lines; plain or compressed; '-' for
    ! standard input. The older one first. As in
    !
    !   helocheck replay /var/log/mail.log.1 /var/log/mail.log
    !   journalctl -u milter-helo --since -7d -o short-iso | helocheck replay --html r.html -
    !
    ! helocheck replay: which logs? 'helocheck replay --help' says more
    [64]

    $ helocheck replay --top 0 mail/exim.log
    ! helocheck replay: --top takes a number, 1 to 2048, not '0'
    [64]

    $ helocheck replay --top 1 mail/exim.log --json
    ! helocheck replay: '--json': options come before the logs
    [64]

    $ helocheck replay --dns-rate 5 mail/exim.log
    ! helocheck replay: --dns-rate goes with --dns
    [64]

    $ helocheck replay --today 2026-02-31 mail/exim.log
    ! helocheck replay: --today takes a date, as in 2026-11-30, not '2026-02-31'
    [64]

    $ helocheck replay --server-name mailserver mail/exim.log
    ! helocheck replay: --server-name 'mailserver' is no full host name, as in mx.example.org
    [64]

    $ helocheck replay --server-name a.example --server-name b.example --server-name c.example --server-name d.example mail/exim.log
    ! helocheck replay: --server-name is taken 3 times at most; the policy's server.names takes more
    [64]

    $ helocheck replay --json --html - mail/exim.log
    ! helocheck replay: either --json or --html -: both go to standard output
    [64]

    $ helocheck replay --html /nonexistent/report.html --policy mail/policy.yaml mail/exim.log
    ! helocheck replay: cannot write '/nonexistent/report.html': No such file or directory
    [74]

    $ helocheck replay - -
    ! helocheck replay: '-' is given twice; standard input can be read once
    [64]

    $ helocheck replay --plicy x mail/exim.log
    ! helocheck replay: no option '--plicy'; did you mean --policy?
    [64]

    $ helocheck replay --help
    usage: helocheck replay [OPTION...] LOG...

    Reads mail logs and says what the policy would have done with their mail, and whose
    mail it would have refused. Nothing is sent to anybody.

    LOG: of Postfix, Exim or milter-helo, or JSON lines; plain or compressed; '-' for
    standard input. The older one first. As in

      helocheck replay /var/log/mail.log.1 /var/log/mail.log
      journalctl -u milter-helo --since -7d -o short-iso | helocheck replay --html r.html -

      --policy FILE            judge by it; without: by the one of the filter, or the built-in one where
                               there is none
      --against FILE           say what differs from what this policy would do
      --dns                    look up what the logs do not tell; without: judge by the logs alone
      --dns-rate N             ask that many questions a second, at most; without: 100
      --zone FILE              --dns, but answered from these records
      --server-name NAME       what this server is called; up to three times, adds to the policy's and
                               the logs'
      --server-address IP      an address of this server; up to four times, adds to the policy's
      --top N                  show so many senders of each list; without: 20
      --json                   print one JSON document
      --html FILE              write a page for a browser, too ('-': to standard output, instead)
      --today DATE             YYYY-MM-DD, when it is not: for time stamps without a year, and entries
                               to paste
      --help                   print this

    Exit codes: 0 there is a report, 64 bad usage, 65 the logs have nothing that could be
    judged, 66 a file cannot be read, 70 no memory or no resolver, 74 the output cannot be
    written, 78 a policy has errors, 130 interrupted: the report is of what was read.
