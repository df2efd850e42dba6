helocheck doctor, for senders' postmasters
==========================================

All is well, over both families.

    $ helocheck doctor --client 198.51.100.10 --client 2001:db8:10::10 --helo good.example.org --zone doctor.zone
    What the world sees

    address   198.51.100.10
      PTR     good.example.org (yes)
    address   2001:db8:10::10
      PTR     good.example.org (yes)
    HELO      good.example.org
      address 198.51.100.10, 2001:db8:10::10

    A PTR name with (yes) has the address, one with (no) has not.

    Nothing is to be mended: address, reverse DNS and HELO agree.

    What receivers do with mail from 198.51.100.10, by their rules

    rfc-safe         accept  what we recommend
    strict           accept  as strict as RFC 5321 lets anybody be
    postfix          accept  Postfix, as its users are told to set it
    exim             accept  Exim's verification of HELO and of the host
    fcrdns           accept  HELO, its address and its PTR record must agree
    godaddy          accept  GoDaddy, in 2006
    msu              accept  Michigan State University
    rickert          accept  Sendmail's FEATURE(block_bad_helo)
    modwest          accept  nothing is refused that RFC 5321 allows
    haraka           accept  Haraka's helo.checks
    qpsmtpd-lenient  accept  qpsmtpd, lenient
    qpsmtpd-rfc      accept  qpsmtpd, by the RFCs
    qpsmtpd-strict   accept  qpsmtpd, strict
    rspamd           accept  rspamd's scores

    from 2001:db8:10::10: the same

No name and no PTR record: what to publish, what to set. What cannot be known is an example, and said to be one.

    $ helocheck doctor --client 203.0.113.9 --helo mailserver --from bob@mail.example.net --zone doctor.zone
    What the world sees

    address   203.0.113.9
      PTR     none
    HELO      mailserver
      address none

    A PTR name with (yes) has the address, one with (no) has not.

    What is to be mended, the worst first

    1. your address, [203.0.113.9], has no reverse DNS (PTR record) (no_ptr, RFC 1912 2.1)
       refused by rules as those of: strict, exim, fcrdns, godaddy, haraka, qpsmtpd-rfc, qpsmtpd-strict
       delayed by rules as those of: rfc-safe, rspamd
       To mend it: ask whoever runs that address to give it a PTR record that names your mail server
       In DNS:
            9.113.0.203.in-addr.arpa. IN PTR mail.example.net.
            mail.example.net. IN A 203.0.113.9
       The PTR record stands in the zone of whoever gave you the address: mostly your provider, who has
       a form for it, or does it when asked. The other record is yours.

    2. HELO "mailserver" is not a full host name: it has no dot inside (not_fqdn, RFC 5321 2.3.5)
       refused by rules as those of: strict, postfix, rickert, haraka, qpsmtpd-rfc, qpsmtpd-strict
       delayed by rules as those of: rfc-safe, rspamd
       To mend it: make your mail server say its full host name, as in mail.example.org
       In DNS:
            mail.example.net. IN A 203.0.113.9

    Where the mail server sets its HELO

    Put your server's own full host name in place of mail.example.net, here and above.

    Postfix
       postconf -e 'myhostname = mail.example.net'
       postfix reload
       # or, where myhostname must stay as it is, for what is sent only:
       #   postconf -e 'smtp_helo_name = mail.example.net'

    Exim
       primary_hostname = mail.example.net
       # in the main section; or in the smtp transport:
       #   helo_data = mail.example.net
       # Debian: in /etc/exim4/exim4.conf.localmacros
       #   MAIN_HARDCODE_PRIMARY_HOSTNAME = mail.example.net

    Sendmail
       define(`confDOMAIN_NAME', `mail.example.net')dnl
       dnl in sendmail.mc: it is the macro $j; then make the .cf file anew, and restart

    Exchange
       Get-SendConnector | Format-List Name, Fqdn
       Set-SendConnector "NAME OF THE CONNECTOR" -Fqdn mail.example.net

    OpenSMTPD
       action "outbound" relay helo mail.example.net
       # in smtpd.conf; the action is the one that your rules for outgoing mail name

    What receivers do with mail from 203.0.113.9, by their rules

    rfc-safe         defer   what we recommend
    strict           reject  as strict as RFC 5321 lets anybody be
    postfix          reject  Postfix, as its users are told to set it
    exim             reject  Exim's verification of HELO and of the host
    fcrdns           reject  HELO, its address and its PTR record must agree
    godaddy          reject  GoDaddy, in 2006
    msu              accept  Michigan State University
    rickert          reject  Sendmail's FEATURE(block_bad_helo)
    modwest          accept  nothing is refused that RFC 5321 allows
    haraka           reject  Haraka's helo.checks
    qpsmtpd-lenient  accept  qpsmtpd, lenient
    qpsmtpd-rfc      reject  qpsmtpd, by the RFCs
    qpsmtpd-strict   reject  qpsmtpd, strict
    rspamd           defer   rspamd's scores
    [1]

The trap of two families: the name has an IPv6 address that nobody thought of, and mail comes from it.

    $ helocheck doctor --client 198.51.100.20 --helo dual.example.org --zone doctor.zone | sed -n '/^What is/,/^What rec/p; /^from/,$p'
    What is to be mended, the worst first

    1. [2001:db8:20::20] has no reverse DNS (PTR record) (no_ptr, RFC 1912 2.1)
       refused by rules as those of: strict, exim, fcrdns, godaddy, qpsmtpd-rfc, qpsmtpd-strict
       delayed by rules as those of: postfix
       To mend it: ask whoever runs that address to give it a PTR record that names your mail server
       In DNS:
            0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR dual.example.org.
       You did not name this address, but your server's name has it: then mail to receivers with IPv6
       mostly comes from there. If yours does not, let it be.

    What receivers do with mail from 198.51.100.20, by their rules
    from 2001:db8:20::20: strict reject, postfix defer, exim reject, fcrdns reject, godaddy reject,
    qpsmtpd-rfc reject, qpsmtpd-strict reject
    $ helocheck doctor --client 198.51.100.20 --helo dual.example.org --zone doctor.zone >/dev/null
    [1]

A PTR record that names somebody else's host.

    $ helocheck doctor --client 198.51.100.30 --helo named.example.org --zone doctor.zone | sed -n '/^What is/,/^What rec/p'
    What is to be mended, the worst first

    1. reverse DNS says [198.51.100.30] is old.example.net, but that name does not resolve to it
       (fcrdns, RFC 8601 2.7.3)
       refused by rules as those of: exim, fcrdns, godaddy
       delayed by rules as those of: strict, postfix
       To mend it: give that name an A or AAAA record with the address, or let the PTR record name a
       host that has one
       In DNS:
            old.example.net. IN A 198.51.100.30
       Or, where that name is not yours, have the PTR record name your server (mostly your provider does
       that).

    What receivers do with mail from 198.51.100.30, by their rules

A cluster: nobody may refuse it for that alone (RFC 5321 4.1.4), and nobody does.

    $ helocheck doctor --client 203.0.113.47 --helo out.example.com --zone doctor.zone
    What the world sees

    address   203.0.113.47
      PTR     node7.example.com (yes)
    HELO      out.example.com
      address 198.51.100.40, 198.51.100.41
              the name belongs to other addresses than yours: they are not judged

    A PTR name with (yes) has the address, one with (no) has not.

    What is to be mended, the worst first

    1. HELO "out.example.com" does not resolve to your address, [203.0.113.47] (forward_mismatch, RFC
       5321 4.1.4)
       To mend it: make your mail server say a name that resolves to the address it connects from
       In DNS:
            out.example.com. IN A 203.0.113.47
       No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other
       faults. Where a cluster or NAT sends from several addresses, the name may have all of them.

    What receivers do with mail from 203.0.113.47, by their rules

    rfc-safe         accept  what we recommend
    strict           accept  as strict as RFC 5321 lets anybody be
    postfix          accept  Postfix, as its users are told to set it
    exim             accept  Exim's verification of HELO and of the host
    fcrdns           accept  HELO, its address and its PTR record must agree
    godaddy          accept  GoDaddy, in 2006
    msu              accept  Michigan State University
    rickert          accept  Sendmail's FEATURE(block_bad_helo)
    modwest          accept  nothing is refused that RFC 5321 allows
    haraka           accept  Haraka's helo.checks
    qpsmtpd-lenient  accept  qpsmtpd, lenient
    qpsmtpd-rfc      accept  qpsmtpd, by the RFCs
    qpsmtpd-strict   accept  qpsmtpd, strict
    rspamd           accept  rspamd's scores
    [2]
    $ helocheck doctor --client 2001:db8:50::50 --helo four.example.org --zone doctor.zone | sed -n '/^What is/,/^What rec/p'
    What is to be mended, the worst first

    1. HELO "four.example.org" has no AAAA record, and you send from [2001:db8:50::50] (address_family)
       To mend it: give the name an AAAA record, too
       In DNS:
            four.example.org. IN AAAA 2001:db8:50::50
       No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other
       faults. Servers that can do both prefer IPv6: your mail comes from there wherever it can.

    What receivers do with mail from 2001:db8:50::50, by their rules

A name of somebody else's: its addresses are not the sender's, and are not judged. A reserved TLD hides none of it.

    $ helocheck doctor --client 203.0.113.47 --helo dual.example.org --zone doctor.zone | sed -n '1,/^What is/p; /^[0-9]/p; /^from/,$p'
    What the world sees

    address   203.0.113.47
      PTR     node7.example.com (yes)
    HELO      dual.example.org
      address 198.51.100.20, 2001:db8:20::20
              the name belongs to other addresses than yours: they are not judged

    A PTR name with (yes) has the address, one with (no) has not.

    What is to be mended, the worst first
    1. HELO "dual.example.org" does not resolve to your address, [203.0.113.47] (forward_mismatch, RFC
    2. HELO "dual.example.org" is not what reverse DNS says of [203.0.113.47], which is
    $ helocheck doctor --client 203.0.113.47 --helo mail.other.example --mta exim --zone doctor.zone | sed '/^What rec/,$d'
    What the world sees

    address   203.0.113.47
      PTR     node7.example.com (yes)
    HELO      mail.other.example
      address 198.51.100.70, 2001:db8:70::70
              the name belongs to other addresses than yours: they are not judged

    A PTR name with (yes) has the address, one with (no) has not.

    What is to be mended, the worst first

    1. HELO "mail.other.example" ends in ".example", which is not for names on the Internet
       (special_tld, RFC 6761)
       refused by rules as those of: strict
       To mend it: make your mail server say the full host name that others know it by
       What the machine is called at home may stay so: only what is said in HELO has to change.

    2. HELO "mail.other.example" does not resolve to your address, [203.0.113.47] (forward_mismatch, RFC
       5321 4.1.4)
       To mend it: make your mail server say a name that resolves to the address it connects from
       No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other
       faults. Where a cluster or NAT sends from several addresses, the name may have all of them.

    3. HELO "mail.other.example" is not what reverse DNS says of [203.0.113.47], which is
       node7.example.com (rdns_mismatch, RFC 5321 4.1.4)
       To mend it: make your mail server say the name that the PTR record of its address has
       No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other
       faults. Say what the PTR record says, or have that name what you say.

    Where the mail server sets its HELO

    Exim
       primary_hostname = node7.example.com
       # in the main section; or in the smtp transport:
       #   helo_data = node7.example.com
       # Debian: in /etc/exim4/exim4.conf.localmacros
       #   MAIN_HARDCODE_PRIMARY_HOSTNAME = node7.example.com
    $ helocheck doctor --client 2001:db8:77::70 --helo mail.other.example --mta exim --zone doctor.zone | sed '/^What rec/,$d'
    What the world sees

    address   2001:db8:77::70
      PTR     own7.example.com (yes)
    HELO      mail.other.example
      address 198.51.100.70, 2001:db8:70::70
              the name belongs to other addresses than yours: they are not judged

    A PTR name with (yes) has the address, one with (no) has not.

    What is to be mended, the worst first

    1. HELO "mail.other.example" ends in ".example", which is not for names on the Internet
       (special_tld, RFC 6761)
       refused by rules as those of: strict
       To mend it: make your mail server say the full host name that others know it by
       What the machine is called at home may stay so: only what is said in HELO has to change.

    2. HELO "mail.other.example" does not resolve to your address, [2001:db8:77::70] (forward_mismatch,
       RFC 5321 4.1.4)
       To mend it: make your mail server say a name that resolves to the address it connects from
       No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other
       faults. Where a cluster or NAT sends from several addresses, the name may have all of them.

    3. HELO "mail.other.example" is not what reverse DNS says of [2001:db8:77::70], which is
       own7.example.com (rdns_mismatch, RFC 5321 4.1.4)
       To mend it: make your mail server say the name that the PTR record of its address has
       No receiver may refuse mail for this alone (RFC 5321 4.1.4), but some count it beside other
       faults. Say what the PTR record says, or have that name what you say.

    Where the mail server sets its HELO

    Exim
       primary_hostname = own7.example.com
       # in the main section; or in the smtp transport:
       #   helo_data = own7.example.com
       # Debian: in /etc/exim4/exim4.conf.localmacros
       #   MAIN_HARDCODE_PRIMARY_HOSTNAME = own7.example.com
    $ helocheck doctor --client 203.0.113.47 --client 198.51.100.70 --helo mail.other.example --zone doctor.zone | sed -n '1,/^What is/p; /^from/,$p'
    What the world sees

    address   203.0.113.47
      PTR     node7.example.com (yes)
    address   198.51.100.70
      PTR     mail.other.example (yes)
    also      2001:db8:70::70
      PTR     none
    HELO      mail.other.example
      address 198.51.100.70, 2001:db8:70::70

    A PTR name with (yes) has the address, one with (no) has not.

    What is to be mended, the worst first
    from 198.51.100.70: the same
    from 2001:db8:70::70: postfix defer, exim reject, fcrdns reject, godaddy reject, qpsmtpd-rfc reject,
    qpsmtpd-strict reject, rspamd defer
    $ helocheck doctor --client 203.0.113.47 --helo mail.other.example --zone doctor.zone --json | grep -o '"address": [^,]*, "given": [a-z]*'
    "address": "203.0.113.47", "given": true

Name servers that do not answer.

    $ helocheck doctor --client 198.51.100.60 --helo broken.example.org --zone doctor.zone | sed -n '/^What is/,/^What rec/p'
    What is to be mended, the worst first

    1. DNS gives no definite answer (timeout) about the reverse DNS of [198.51.100.60] (dns)
       delayed by rules as those of: strict, postfix, exim, fcrdns
       To mend it: see that the name servers for 60.100.51.198.in-addr.arpa. answer, all of them and
       every time

    2. DNS gives no definite answer (servfail) about the name in HELO (dns)
       delayed by rules as those of: strict, postfix, exim, fcrdns
       To mend it: see that the name servers for broken.example.org answer, all of them and every time

    What receivers do with mail from 198.51.100.60, by their rules

Addresses in place of a name. The PTR name is what the server should say, where there is one.

    $ helocheck doctor --client 203.0.113.47 --helo 192.168.0.5 --mta exim --zone doctor.zone | sed -n '/^What is/,/^What rec/p'
    What is to be mended, the worst first

    1. HELO "192.168.0.5" is a private or loopback IP address without brackets (bare_ip, RFC 5321 4.1.3)
       refused by rules as those of: strict, postfix, exim, fcrdns, qpsmtpd-lenient, qpsmtpd-rfc,
       qpsmtpd-strict
       delayed by rules as those of: rfc-safe, modwest
       To mend it: make your mail server say its full host name

    Where the mail server sets its HELO

    Exim
       primary_hostname = node7.example.com
       # in the main section; or in the smtp transport:
       #   helo_data = node7.example.com
       # Debian: in /etc/exim4/exim4.conf.localmacros
       #   MAIN_HARDCODE_PRIMARY_HOSTNAME = node7.example.com

    What receivers do with mail from 203.0.113.47, by their rules
    $ helocheck doctor --client 203.0.113.47 --helo '[203.0.113.47]' --mta sendmail --zone doctor.zone | sed -n '/^What is/,/^What rec/p'
    What is to be mended, the worst first

    1. HELO "[203.0.113.47]" is an address, which RFC 5321 4.1.3 allows, and not a name (literal)
       To mend it: make your mail server say its full host name
       An address in brackets is for hosts without a name; spam has it more often than mail.

    Where the mail server sets its HELO

    Sendmail
       define(`confDOMAIN_NAME', `node7.example.com')dnl
       dnl in sendmail.mc: it is the macro $j; then make the .cf file anew, and restart

    What receivers do with mail from 203.0.113.47, by their rules

For programs; the profiles are all that there are but "observe".

    $ helocheck doctor --client 2001:db8:77::7 --helo localhost --mta postfix --zone doctor.zone --json
    {"helo": "localhost", "helo_addresses": null, "addresses": [{"address": "2001:db8:77::7", "given": true, "ptr": null, "profiles": {"rfc-safe": "reject", "strict": "reject", "postfix": "reject", "exim": "reject", "fcrdns": "reject", "godaddy": "reject", "msu": "reject", "rickert": "reject", "modwest": "reject", "haraka": "accept", "qpsmtpd-lenient": "reject", "qpsmtpd-rfc": "reject", "qpsmtpd-strict": "reject", "rspamd": "defer"}}], "findings": [{"check": "localhost", "reason": "name", "address": "2001:db8:77::7", "text": "HELO \"localhost\" is the name every host has for itself, and you are [2001:db8:77::7]", "mend": "make your mail server say its full host name", "records": ["mail.example.org. IN AAAA 2001:db8:77::7"], "change_helo": true, "refused_by": ["rfc-safe", "strict", "exim", "fcrdns", "msu", "modwest", "qpsmtpd-lenient", "qpsmtpd-rfc", "qpsmtpd-strict"], "delayed_by": []}, {"check": "no_ptr", "reason": "missing", "address": "2001:db8:77::7", "text": "your address, [2001:db8:77::7], has no reverse DNS (PTR record)", "mend": "ask whoever runs that address to give it a PTR record that names your mail server", "records": ["7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.7.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR mail.example.org.", "mail.example.org. IN AAAA 2001:db8:77::7"], "change_helo": false, "refused_by": ["strict", "exim", "fcrdns", "godaddy", "qpsmtpd-rfc", "qpsmtpd-strict"], "delayed_by": ["rspamd"]}, {"check": "not_fqdn", "reason": "one_label", "address": "2001:db8:77::7", "text": "HELO \"localhost\" is not a full host name: it has no dot inside", "mend": "make your mail server say its full host name, as in mail.example.org", "records": ["mail.example.org. IN AAAA 2001:db8:77::7"], "change_helo": true, "refused_by": ["strict", "postfix", "rickert", "qpsmtpd-rfc", "qpsmtpd-strict"], "delayed_by": ["rspamd"]}], "name": null}
    [1]
    $ helocheck doctor --client 198.51.100.10 --helo good.example.org --zone doctor.zone --json | python3 -c 'import json, os, sys; known = json.load(sys.stdin)["addresses"][0]["profiles"]; print(sorted({f[:-5] for f in os.listdir("../../etc/profiles")} - set(known)))'
    ['observe']

What it cannot do.

    $ helocheck doctor --client 10.1.2.3 --helo mail.example.org
    ! helocheck doctor: --client '10.1.2.3' is an address that nobody outside sees: name the one that NAT gives your mail, as a refusal or a header Received: has it
    [64]
    $ helocheck doctor --client fe80::1 --helo mail.example.org
    ! helocheck doctor: --client 'fe80::1' is an address that nobody outside sees: name the one that NAT gives your mail, as a refusal or a header Received: has it
    [64]
    $ helocheck doctor --client local --helo mail.example.org
    ! helocheck doctor: --client 'local' is no IP address
    [64]
    $ helocheck doctor --client 198.51.100.10
    ! helocheck doctor: --helo is missing: what your mail server says; its log, or a header Received: at the receiver, shows it
    [64]
    $ helocheck doctor --helo mail.example.org
    ! helocheck doctor: --client is missing: the IP address your mail comes from
    [64]
    $ helocheck doctor --client 198.51.100.10 --helo mail.example.org --mta qmail
    ! helocheck doctor: --mta 'qmail': there are postfix, exim, sendmail, exchange, opensmtpd
    [64]
    $ helocheck doctor --client 198.51.100.10 --helo mail.example.org --zone no-such.zone
    ! helocheck doctor: 'no-such.zone': cannot read the file
    [66]
