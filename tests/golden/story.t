helocheck explain --id: the whole story of one decision
=======================================================

A sender's postmaster is on the telephone, and reads the id out of the refusal.

    $ helocheck explain --id 3NJ1K0S48014SR00 --policy enforce.yaml --zone world.zone --log story.log
    decision  3NJ1K0S48014SR00
    when      2098-01-02 03:04:05 UTC
    client    203.0.113.9 (no reverse DNS)
    helo      mx.site.example
    from      a@sender.example
    to        bob@site.example
    listener  mx.site.example:25
    queue id  4ZkLm9
    log       story.log:2
    verdict   reject

    own_name: reject
        It fails when: the server's own name, from a client that is not it (RFC 5321 4.1.1.1).
        Here: HELO "mx.site.example" is the name of this server, and you are [203.0.113.9].
        To mend it: make your mail server say its own full host name, not ours.

    Failed too, and only observed: special_tld, no_ptr

    The same client, 0 before and 2 after:
      2098-01-02 03:04:07 UTC reject helo localhost, failed localhost:reject,no_ptr:observe
      2098-01-02 05:00:00 UTC reject helo mx.site.example, failed own_name:reject

    Today, by enforce.yaml, with the records of --zone:
    verdict   reject: own_name
    changed   bogus_address fails now, forward_mismatch fails now
    reply     550 5.7.1 Refused: HELO "mx.site.example" is the name of this server, and you are
              [203.0.113.9]
              To mend it: make your mail server say its own full host name, not ours (RFC 5321 4.1.1.1)
              check=own_name id=3NJ1K0S48014SR00

    To let it through until a day, put this into the policy, below the keys that it has,
    and have it read (systemctl reload milter-helo):

    networks:
      - net: "203.0.113.9"
        note: "decision 3NJ1K0S48014SR00, HELO mx.site.example"
        owner: postmaster
        expires: 2098-04-02

As people give it back: with what stands around it, small letters, O for 0, I for 1. Without DNS there is what the log tells.

    $ helocheck explain --id 'id=3nji-k0v2-ro14-sr0I.' --policy enforce.yaml --offline --log story.log | sed '/^To let/,$d'
    decision  3NJ1K0V2R014SR01
    when      2098-01-02 03:04:07 UTC
    client    203.0.113.9 (no reverse DNS)
    helo      localhost
    from      a@sender.example
    to        bob@site.example
    listener  mx.site.example:25
    log       story.log:3
    verdict   reject

    localhost: reject
        It fails when: localhost or a loopback address, and the client is neither (RFC 6761 6.3).
        Here: HELO "localhost" is the name every host has for itself, and you are [203.0.113.9].
        To mend it: make your mail server say its full host name.

    Failed too, and only observed: no_ptr

    Could not be told, since DNS gave no definite answer: no_address (servfail)

    The same client, 1 before and 1 after:
      2098-01-02 03:04:05 UTC reject helo mx.site.example, failed special_tld:observe,own_name:reject,no_ptr:observe
      2098-01-02 05:00:00 UTC reject helo mx.site.example, failed own_name:reject

    Today, by enforce.yaml, without DNS, by what the log tells:
    verdict   reject: localhost
    changed   not_fqdn fails now
    reply     550 5.7.1 Refused: HELO "localhost" is the name every host has for itself, and you are
              [203.0.113.9]
              To mend it: make your mail server say its full host name (RFC 6761 6.3)
              check=localhost id=3NJ1K0V2R014SR01

In the middle of other files, compressed ones too; a part of an id that only one has; with a mistake.

    $ gzip -c story.log | helocheck explain --id 3nj1k9s7oo14sro2 --policy enforce.yaml --zone world.zone --log world.zone - | head -6
    decision  3NJ1K9S70014SR02
    when      2098-01-02 03:09:00 UTC
    client    198.51.100.7 (reverse DNS not known)
    helo      mail.sender.example
    from      c@sender.example
    to        bob@site.example
    $ helocheck explain --id 1K9S70 --policy enforce.yaml --zone world.zone --log story.log | head -4
    No decision has the id 1K9S70. This one is the only one that has it as a part:

    decision  3NJ1K9S70014SR02
    when      2098-01-02 03:09:00 UTC
    $ helocheck explain --id 3NJ1K9S7O014SRZ2 --policy enforce.yaml --zone world.zone --log story.log | head -4
    No decision has the id 3NJ1K9S70014SRZ2. This one is the only one that is nearly the same:

    decision  3NJ1K9S70014SR02
    when      2098-01-02 03:09:00 UTC

From a pipe, as journalctl is read; IPv6; a site that observes; the sender has mended it since.

    $ helocheck explain --id 3NJ1P75G0014SR03 --policy defaults.yaml --zone world.zone --log - < story.log
    decision  3NJ1P75G0014SR03
    when      2098-01-02 04:00:00 UTC
    client    2001:db8:51::7 (its confirmed name is mail.sender.example)
    helo      a b
    from      <>
    to        bob@site.example
    listener  mx.site.example:25
    queue id  4ZkLq8
    log       -:5
    verdict   accept (would reject in mode: enforce)
    score     1.5

    syntax: reject
        It fails when: the argument is neither a domain nor an address literal (RFC 5321 2.3.5, 4.1.2).
        Here: HELO "a b" is no host name: it has a blank inside at position 2.
        To mend it: make your mail server say its full host name: letters, digits, hyphens and dots.

    Today, by defaults.yaml, with the records of --zone:
    verdict   reject: syntax
    changed   nothing
    reply     550 5.7.1 Refused: HELO "a b" is no host name: it has a blank inside at position 2
              To mend it: make your mail server say its full host name: letters, digits, hyphens and
              dots (RFC 5321 2.3.5, 4.1.2)
              check=syntax id=3NJ1P75G0014SR03

    To let it through until a day, put this into the policy, below the keys that it has,
    and have it read (systemctl reload milter-helo):

    exempt:
      rdns_domains:
        - domain: "mail.sender.example"
          note: "decision 3NJ1P75G0014SR03, HELO a b"
          owner: postmaster
          expires: 2098-04-02

What the same client had while the site observed: what was done, and what would be. What is cut ends in dots.

    $ helocheck explain --id 3NKR1S481014SR03 --policy defaults.yaml --offline --log story-observe.log | sed -n '/^Today/,$d; /^client/p; /^verdict/p; /^The same/,/^$/p'
    client    203.0.113.80 (reverse DNS not known)
    verdict   accept (would reject in mode: enforce)
    The same client, 3 before and 0 after:
      2098-01-03 03:00:00 UTC accepted, would reject helo localhost, failed localhost:reject
      2098-01-03 03:00:01 UTC accepted, would defer helo a-very-long-host-name-indeed.of-a-lon..., failed special_tld:observe,no_address:observe,no_ptr:observe,own...
      2098-01-03 03:00:02 UTC accept helo mail.sender.example, failed -
    $ helocheck explain --id 3NKR1S482014SR03 --policy defaults.yaml --offline --log story-observe.log | sed -n '/^Today/,$d; /^client/p; /^verdict/p; /^The same/,/^$/p'
    client    2001:db8:80::80 (reverse DNS not known)
    verdict   accept (would reject in mode: enforce)
    The same client, 3 before and 0 after:
      2098-01-03 03:00:00 UTC accepted, would reject helo localhost, failed localhost:reject
      2098-01-03 03:00:01 UTC accepted, would defer helo a-very-long-host-name-indeed.of-a-lon..., failed special_tld:observe,no_address:observe,no_ptr:observe,own...
      2098-01-03 03:00:02 UTC accept helo mail.sender.example, failed -

The entry can be pasted as it is.

    $ policy=$(mktemp); helocheck explain --id 3NJ1P75G0014SR03 --policy defaults.yaml --offline --log story.log | sed -n '/^exempt:$/,$p' > $policy; helocheck config $policy | sed s,$policy,FILE,; helocheck explain --client 2001:db8:51::7 --helo 'a b' --policy $policy --zone world.zone | grep ^exempt | sed s,$policy,FILE,; rm $policy
    FILE: ok (mode observe, 0 warnings)
    exempt    rdns mail.sender.example (FILE:3): decision 3NJ1P75G0014SR03, HELO a b

A client that was not judged.

    $ helocheck explain --id 3NHW3P900014SR05 --policy exempt.yaml --zone world.zone --log story.log 2>/dev/null
    decision  3NHW3P900014SR05
    when      2097-12-31 00:00:00 UTC
    client    2001:db8:1::25 (reverse DNS not known)
    helo      mail.sender.example
    from      -
    to        -
    listener  mx.site.example:25
    log       story.log:1
    verdict   accept
    exempt    network(exempt-networks.yaml:4): it was not judged

    Today, by exempt.yaml, with the records of --zone:
    verdict   accept
    exempt    network 2001:db8:1::/48

JSON lines of our log.

    $ echo '{"time": "2098-01-02T03:04:05.000Z", "level": "info", "event": "verdict", "id": "3NJ1K0S48014SR00", "qid": "4ZkLm9", "client": "203.0.113.9", "ptr": null, "helo": "localhost", "from": "a@sender.example", "to": "bob@site.example", "listener": null, "auth": null, "exempt": null, "failed": [{"check": "localhost", "reason": "name", "action": "reject"}], "unknown": [{"check": "no_ptr", "cause": "timeout"}], "score": 0, "dns_ms": 1, "verdict": "reject", "would": "reject"}' | helocheck explain --id 3NJ1K0S48014SR00 --policy enforce.yaml --zone world.zone --log - | sed '/^Today/,$d'
    decision  3NJ1K0S48014SR00
    when      2098-01-02 03:04:05 UTC
    client    203.0.113.9 (DNS did not answer about it)
    helo      localhost
    from      a@sender.example
    to        bob@site.example
    queue id  4ZkLm9
    log       -:1
    verdict   reject

    localhost: reject
        It fails when: localhost or a loopback address, and the client is neither (RFC 6761 6.3).
        Here: HELO "localhost" is the name every host has for itself, and you are [203.0.113.9].
        To mend it: make your mail server say its full host name.

    Could not be told, since DNS gave no definite answer: no_ptr (timeout)

It is not there: what was searched, and when it was decided.

    $ helocheck explain --id 3NJ1K0S48O14SR77 --policy enforce.yaml --offline --log story.log
    ! helocheck explain: no decision has the id 3NJ1K0S48014SR77
    !   searched 'story.log'
    !   6 lines, 6 of milter-helo's own, from 2097-12-31 00:00:00 UTC to 2098-01-02 05:00:00 UTC
    !   it was decided at 2098-01-02 03:04:05 UTC
    [69]
    $ helocheck explain --id 3NG1K0S48O14SR77 --policy enforce.yaml --log story.log world.zone
    ! helocheck explain: no decision has the id 3NG1K0S48014SR77
    !   searched 'story.log'
    !   searched 'world.zone'
    !   146 lines, 6 of milter-helo's own, from 2097-12-31 00:00:00 UTC to 2098-01-02 05:00:00 UTC
    !   it was decided at 2097-12-08 06:32:41 UTC, before these logs begin: search older ones
    [69]
    $ helocheck explain --id 014SR --log story.log
    ! helocheck explain: no decision has the id 014SR
    !   searched 'story.log'
    !   6 lines, 6 of milter-helo's own, from 2097-12-31 00:00:00 UTC to 2098-01-02 05:00:00 UTC
    !   an id has 16 letters and digits, as in 1P6XJ4Y2G00B3R08; the last line of a refusal has it behind id=
    [69]
    $ helocheck explain --id 0014SR --log story.log
    ! helocheck explain: no decision has the id 0014SR; it could be
    !   3NHW3P900014SR05 at 2097-12-31 00:00:00 UTC
    !   3NJ1K9S70014SR02 at 2098-01-02 03:09:00 UTC
    !   3NJ1P75G0014SR03 at 2098-01-02 04:00:00 UTC
    !   3NJ1SN140014SR04 at 2098-01-02 05:00:00 UTC
    [69]
    $ helocheck explain --id 3NJ1K0S48O14SR77 --log no-such.log
    ! helocheck explain: no-such.log: No such file or directory
    ! helocheck explain: no decision has the id 3NJ1K0S48014SR77
    !   searched 'no-such.log'
    !   0 lines, 0 of milter-helo's own
    !   our own lines are where log.to of the policy says: syslog, the journal (journalctl -u milter-helo), or a file
    !   it was decided at 2098-01-02 03:04:05 UTC
    [66]

What it cannot do.

    $ helocheck explain --id '...' --log story.log
    ! helocheck explain: --id wants the letters and digits behind id= in a refusal, as in 1P6XJ4Y2G00B3R08
    [64]
    $ helocheck explain --id 3NJ1K0S48014SR00
    ! helocheck explain: --id is looked for in logs: --log FILE... ('-': standard input)
    [64]
    $ helocheck explain --log story.log
    ! helocheck explain: --log FILE is searched for a decision: --id ID is missing
    [64]
    $ helocheck explain --id X --log story.log --client 192.0.2.1
    ! helocheck explain: --client does not go with --log, which takes --id, --policy, --zone and --offline
    [64]
    $ helocheck explain --id X --log story.log --json
    ! helocheck explain: --json does not go with --log, which takes --id, --policy, --zone and --offline
    [64]
    $ helocheck explain --id X --log story.log world.zone --policy enforce.yaml
    ! helocheck explain: '--policy': options come before the files
    [64]
