helocheck explain, for people
=============================

The server's own name, from a stranger. In mode: observe it is accepted, and said what would have been.

    $ helocheck explain --client 203.0.113.9 --helo mx.site.example --from a@sender.example --rcpt bob@site.example --server-name mx.site.example --zone world.zone --id 01TEST
    id        01TEST
    client    203.0.113.9
    helo      mx.site.example
    from      a@sender.example
    to        bob@site.example
    auth      -
    listener  -
    policy    built-in
    exempt    -

    FACT              STATE               SOURCE  VALUE
    client_ptr        no                  dns     -
    client_fcrdns     no                  dns     -
    helo_address      yes                 dns     192.0.2.1, 2001:db8:1::1
    helo_forward      no                  dns     -
    helo_mx           no                  dns     -
    helo_public       no                  dns     -
    helo_mx_bad       not asked           -       -
    helo_rhsbl        not asked           -       -
    client_churn      not asked           -       -

    CHECK             OUTCOME  REASON       ACTION
    no_helo           pass     -            accept
    syntax            pass     -            accept
    underscore        pass     -            accept
    not_fqdn          pass     -            accept
    bare_ip           pass     -            accept
    literal_syntax    none     -            accept
    literal_mismatch  none     -            accept
    localhost         pass     -            accept
    special_tld       fail     reserved     observe
        HELO "mx.site.example" ends in ".example", which is not for names on the Internet
        by example (built-in data/special-tlds.yaml:27)
    listed            none     -            accept
    dynamic           pass     -            accept
    own_name          fail     claimed      reject
        HELO "mx.site.example" is the name of this server, and you are [203.0.113.9]
    own_suffix        pass     -            accept
    own_ip            none     -            accept
    rcpt_domain       pass     -            accept
    impersonation     pass     -            accept
    helo_changed      pass     -            accept
    no_address        pass     -            accept
    bogus_address     fail     bogus        observe
        HELO "mx.site.example" resolves to 192.0.2.1, which no host on the Internet has
    forward_mismatch  fail     other        observe
        HELO "mx.site.example" does not resolve to your address, [203.0.113.9]
    no_ptr            fail     missing      observe
        your address, [203.0.113.9], has no reverse DNS (PTR record)
    fcrdns            none     -            accept
    rdns_mismatch     none     -            accept

    verdict   accept (mode: observe)
    would     reject: own_name
    reply     550-5.7.1 Refused: HELO "mx.site.example" is the name of this server, and you are
              [203.0.113.9]
              550-5.7.1 To mend it: make your mail server say its own full host name, not ours (RFC 5321
              4.1.1.1)
              550 5.7.1 check=own_name id=01TEST

The exit code is the verdict: 1 refuses, 2 defers.

    $ helocheck explain --client 203.0.113.9 --helo localhost --rcpt bob@site.example --policy enforce.yaml --zone world.zone | tail -5
    would     reject: localhost
    reply     550-5.7.1 Refused: HELO "localhost" is the name every host has for itself, and you are
              [203.0.113.9]
              550-5.7.1 To mend it: make your mail server say its full host name (RFC 6761 6.3)
              550 5.7.1 check=localhost id=-

    $ helocheck explain --client 203.0.113.9 --helo localhost --rcpt bob@site.example --policy enforce.yaml --zone world.zone >/dev/null
    [1]

    $ helocheck explain --client 203.0.113.9 --helo 203.0.113.9 --rcpt bob@site.example --policy enforce.yaml --zone world.zone >/dev/null
    [2]

    $ helocheck explain --client 198.51.100.7 --helo mail.sender.example --rcpt bob@site.example --policy enforce.yaml --zone world.zone >/dev/null

All is well, over IPv6:

    $ helocheck explain --client 2001:db8:51::7 --helo mail.sender.example --from '<>' --rcpt '<bob@site.example>' --listener-name mta --listener-port 25 --zone world.zone
    client    2001:db8:51::7
    helo      mail.sender.example
    from      <>
    to        bob@site.example
    auth      -
    listener  mta:25
    policy    built-in
    exempt    -

    FACT              STATE               SOURCE  VALUE
    client_ptr        yes                 dns     mail.sender.example
    client_fcrdns     yes                 dns     mail.sender.example (yes)
    helo_address      yes                 dns     198.51.100.7, 2001:db8:51::7
    helo_forward      yes                 dns     -
    helo_mx           no                  dns     -
    helo_public       no                  dns     -
    helo_mx_bad       not asked           -       -
    helo_rhsbl        not asked           -       -
    client_churn      not asked           -       -

    CHECK             OUTCOME  REASON       ACTION
    no_helo           pass     -            accept
    syntax            pass     -            accept
    underscore        pass     -            accept
    not_fqdn          pass     -            accept
    bare_ip           pass     -            accept
    literal_syntax    none     -            accept
    literal_mismatch  none     -            accept
    localhost         pass     -            accept
    special_tld       fail     reserved     observe
        HELO "mail.sender.example" ends in ".example", which is not for names on the Internet
        by example (built-in data/special-tlds.yaml:27)
    listed            none     -            accept
    dynamic           pass     -            accept
    own_name          pass     -            accept
    own_suffix        pass     -            accept
    own_ip            none     -            accept
    rcpt_domain       pass     -            accept
    impersonation     pass     -            accept
    helo_changed      pass     -            accept
    no_address        pass     -            accept
    bogus_address     pass     -            accept
    forward_mismatch  pass     -            accept
    no_ptr            pass     -            accept
    fcrdns            pass     -            accept
    rdns_mismatch     pass     -            accept

    verdict   accept (mode: observe)
    would     accept

DNS is broken; the site waits:

    $ helocheck explain --client 203.0.113.66 --helo timeout.sender.example --rcpt bob@site.example --policy on-failure.yaml --zone world.zone
    client    203.0.113.66
    helo      timeout.sender.example
    from      -
    to        bob@site.example
    auth      -
    listener  -
    policy    on-failure.yaml
    exempt    -

    FACT              STATE               SOURCE  VALUE
    client_ptr        unknown(servfail)   dns     -
    client_fcrdns     unknown(servfail)   dns     -
    helo_address      unknown(timeout)    dns     -
    helo_forward      unknown(timeout)    dns     -
    helo_mx           unknown(timeout)    dns     -
    helo_public       unknown(timeout)    dns     -
    helo_mx_bad       not asked           -       -
    helo_rhsbl        not asked           -       -
    client_churn      not asked           -       -

    CHECK             OUTCOME  REASON       ACTION
    no_helo           pass     -            accept
    syntax            pass     -            accept
    underscore        pass     -            accept
    not_fqdn          pass     -            accept
    bare_ip           pass     -            accept
    literal_syntax    none     -            accept
    literal_mismatch  none     -            accept
    localhost         pass     -            accept
    special_tld       fail     reserved     observe
        HELO "timeout.sender.example" ends in ".example", which is not for names on the Internet
        by example (built-in data/special-tlds.yaml:27)
    listed            none     -            accept
    dynamic           pass     -            accept
    own_name          pass     -            accept
    own_suffix        pass     -            accept
    own_ip            none     -            accept
    rcpt_domain       pass     -            accept
    impersonation     pass     -            accept
    helo_changed      pass     -            accept
    no_address        unknown  timeout      defer
    bogus_address     unknown  timeout      defer
    forward_mismatch  unknown  timeout      defer
    no_ptr            unknown  servfail     defer
    fcrdns            unknown  servfail     defer
    rdns_mismatch     unknown  servfail     defer

    verdict   defer (mode: enforce)
    would     defer: no_address, bogus_address, forward_mismatch, no_ptr, fcrdns, rdns_mismatch
    reply     451-4.4.3 Not accepted now: DNS gave no definite answer (timeout) about HELO
              "timeout.sender.example"
              451-4.4.3 Please try again later; if it stays so, see that the name servers for that
              answer
              451 4.4.3 check=no_address,bogus_address,forward_mismatch,no_ptr,fcrdns,rdns_mismatch id=-
    [2]

Exempt:

    $ helocheck explain --client 2001:db8:1::25 --helo localhost --policy exempt.yaml --zone world.zone 2>/dev/null
    client    2001:db8:1::25
    helo      localhost
    from      -
    to        -
    auth      -
    listener  -
    policy    exempt.yaml
    exempt    network 2001:db8:1::/48 (exempt-networks.yaml:4): the office

    FACT              STATE               SOURCE  VALUE
    client_ptr        not asked           -       -
    client_fcrdns     not asked           -       -
    helo_address      not asked           -       -
    helo_forward      not asked           -       -
    helo_mx           not asked           -       -
    helo_public       not asked           -       -
    helo_mx_bad       not asked           -       -
    helo_rhsbl        not asked           -       -
    client_churn      not asked           -       -

    no check was run: exempt

    verdict   accept (mode: enforce)
    would     accept

    $ helocheck explain --client local --zone world.zone | head -8
    client    local
    helo      (none)
    from      -
    to        -
    auth      -
    listener  -
    policy    built-in
    exempt    local

A ground that does not count alone:

    $ helocheck explain --client 198.51.100.7 --helo cluster.example --policy corroborating.yaml --zone world.zone 2>/dev/null | sed -n '/^CHECK/,$p'
    CHECK             OUTCOME  REASON       ACTION
    no_helo           pass     -            accept
    syntax            pass     -            accept
    underscore        pass     -            accept
    not_fqdn          pass     -            accept
    bare_ip           pass     -            accept
    literal_syntax    none     -            accept
    literal_mismatch  none     -            accept
    localhost         pass     -            accept
    special_tld       fail     reserved     observe
        HELO "cluster.example" ends in ".example", which is not for names on the Internet
        by example (built-in data/special-tlds.yaml:27)
    listed            none     -            accept
    dynamic           pass     -            accept
    own_name          pass     -            accept
    own_suffix        pass     -            accept
    own_ip            none     -            accept
    rcpt_domain       none     -            accept
    impersonation     pass     -            accept
    helo_changed      pass     -            accept
    no_address        pass     -            accept
    bogus_address     pass     -            accept
    forward_mismatch  fail     other        reject
        HELO "cluster.example" does not resolve to your address, [198.51.100.7]
        (does not count alone: RFC 5321 4.1.4)
    no_ptr            pass     -            accept
    fcrdns            pass     -            accept
    rdns_mismatch     fail     other        reject
        HELO "cluster.example" is not what reverse DNS says of [198.51.100.7], which is
        mail.sender.example
        (does not count alone: RFC 5321 4.1.4)

    verdict   accept (mode: enforce)
    would     accept

Long and hostile names are folded, and nothing passes as it came:

    $ helocheck explain --client 198.51.100.7 --helo "$(printf 'a\tb\033[2J\351')$(printf '%0300d' 0)" --rcpt "$(printf 'x\033@site.example')" --zone world.zone
    client    198.51.100.7
    helo      a\x09b\x1b[2J\xe90000000000000000000000000000000000000000000000000000000000000000000000000
              000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
              000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
              0000000...
    from      -
    to        x\x1b@site.example
    auth      -
    listener  -
    policy    built-in
    exempt    -

    FACT              STATE               SOURCE  VALUE
    client_ptr        yes                 dns     mail.sender.example
    client_fcrdns     yes                 dns     mail.sender.example (yes)
    helo_address      not asked           -       -
    helo_forward      not asked           -       -
    helo_mx           not asked           -       -
    helo_public       not asked           -       -
    helo_mx_bad       not asked           -       -
    helo_rhsbl        not asked           -       -
    client_churn      not asked           -       -

    CHECK             OUTCOME  REASON       ACTION
    no_helo           pass     -            accept
    syntax            fail     malformed    reject
        HELO
        "a\x09b\x1b[2J\xe9000000000000000000000000000000000000000000000000000000000000000000000000000000
        00000000000000000000000000000..." is no host name: it has a blank inside at position 2
    underscore        none     -            accept
    not_fqdn          none     -            accept
    bare_ip           none     -            accept
    literal_syntax    none     -            accept
    literal_mismatch  none     -            accept
    localhost         pass     -            accept
    special_tld       none     -            accept
    listed            none     -            accept
    dynamic           none     -            accept
    own_name          none     -            accept
    own_suffix        none     -            accept
    own_ip            none     -            accept
    rcpt_domain       none     -            accept
    impersonation     none     -            accept
    helo_changed      pass     -            accept
    no_address        none     -            accept
    bogus_address     none     -            accept
    forward_mismatch  none     -            accept
    no_ptr            pass     -            accept
    fcrdns            pass     -            accept
    rdns_mismatch     none     -            accept

    verdict   accept (mode: observe)
    would     reject: syntax
    reply     550-5.7.1 Refused: HELO
              "a\x09b\x1b[2J\xe9000000000000000000000000000000000000000000000000000000000000000000000000
              00000000000000000000000000000000000..." is no host name: it has a blank inside at position
              2
              550-5.7.1 To mend it: make your mail server say its full host name: letters, digits,
              hyphens and dots (RFC 5321 2.3.5, 4.1.2)
              550 5.7.1 check=syntax id=-

HELO that begins as an option does:

    $ helocheck explain --client 198.51.100.7 --helo -x.example --zone world.zone --logfmt
    id=- client=198.51.100.7 ptr=mail.sender.example iprev=pass helo=-x.example from=- to=- listener=- auth=- exempt=- failed=syntax:reject unknown=- score=0 dns_ms=0 verdict=accept would=reject

    $ helocheck explain --client 198.51.100.7 --helo=--json --zone world.zone --logfmt
    id=- client=198.51.100.7 ptr=mail.sender.example iprev=pass helo=--json from=- to=- listener=- auth=- exempt=- failed=syntax:reject unknown=- score=0 dns_ms=0 verdict=accept would=reject

    $ helocheck explain --client 198.51.100.7 --helo= --zone world.zone --logfmt
    id=- client=198.51.100.7 ptr=mail.sender.example iprev=pass helo=- from=- to=- listener=- auth=- exempt=- failed=syntax:reject unknown=- score=0 dns_ms=0 verdict=accept would=reject
