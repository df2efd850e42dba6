The forms for programs: JSON and the log line
=============================================

One object on one line, its members always in this order; helocheck(1) says what they mean.

    $ helocheck explain --client 203.0.113.9 --helo mx.site.example --from a@sender.example --rcpt bob@site.example --listener-name mta --listener-port 25 --server-name mx.site.example --id 01TEST --zone world.zone --json
    {"verdict": "accept", "would": "reject", "mode": "observe", "exempt": null, "skip": null, "score": 0, "reply": "550 5.7.1 Refused: HELO \"mx.site.example\" is the name of this server, and you are [203.0.113.9]\nTo mend it: make your mail server say its own full host name, not ours (RFC 5321 4.1.1.1)\ncheck=own_name id=01TEST", "grounds": ["own_name"], "id": "01TEST", "client": "203.0.113.9", "ptr": null, "helo": "mx.site.example", "from": "a@sender.example", "rcpt": "bob@site.example", "auth": null, "listener": "mta:25", "dns_questions": 4, "dns_ms": 0, "checks": [{"name": "no_helo", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "syntax", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "underscore", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "not_fqdn", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "bare_ip", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "literal_syntax", "outcome": "none", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "literal_mismatch", "outcome": "none", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "localhost", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "special_tld", "outcome": "fail", "reason": "reserved", "text": "HELO \"mx.site.example\" ends in \".example\", which is not for names on the Internet", "mend": "make your mail server say the full host name that others know it by", "action": "observe", "score": 0, "entry": "example (built-in data/special-tlds.yaml:27)"}, {"name": "listed", "outcome": "none", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "dynamic", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "own_name", "outcome": "fail", "reason": "claimed", "text": "HELO \"mx.site.example\" is the name of this server, and you are [203.0.113.9]", "mend": "make your mail server say its own full host name, not ours", "action": "reject", "score": 0, "entry": null}, {"name": "own_suffix", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "own_ip", "outcome": "none", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "rcpt_domain", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "impersonation", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "helo_changed", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "no_address", "outcome": "pass", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "bogus_address", "outcome": "fail", "reason": "bogus", "text": "HELO \"mx.site.example\" resolves to 192.0.2.1, which no host on the Internet has", "mend": "give the name its public address, or make your mail server say a name that has one", "action": "observe", "score": 0, "entry": null}, {"name": "forward_mismatch", "outcome": "fail", "reason": "other", "text": "HELO \"mx.site.example\" does not resolve to your address, [203.0.113.9]", "mend": "make your mail server say a name that resolves to the address it connects from", "action": "observe", "score": 0, "entry": null}, {"name": "no_ptr", "outcome": "fail", "reason": "missing", "text": "your address, [203.0.113.9], has no reverse DNS (PTR record)", "mend": "ask whoever runs that address to give it a PTR record that names your mail server", "action": "observe", "score": 0, "entry": null}, {"name": "fcrdns", "outcome": "none", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}, {"name": "rdns_mismatch", "outcome": "none", "reason": null, "text": null, "mend": null, "action": "accept", "score": 0, "entry": null}], "facts": [{"name": "client_ptr", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "client_fcrdns", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "helo_address", "state": "yes", "cause": null, "source": "dns", "value": "192.0.2.1, 2001:db8:1::1"}, {"name": "helo_forward", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "helo_mx", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "helo_public", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "helo_mx_bad", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_rhsbl", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "client_churn", "state": "unknown", "cause": "open", "source": "none", "value": null}]}

The same, laid out:

    $ helocheck explain --client 203.0.113.66 --helo mx.site.example --server-name mx.site.example --zone world.zone --json | python3 -m json.tool
    {
        "verdict": "accept",
        "would": "defer",
        "mode": "observe",
        "exempt": null,
        "skip": null,
        "score": 0,
        "reply": "450 4.7.1 Not accepted until mended: HELO \"mx.site.example\" is the name of this server, and the reverse DNS of [203.0.113.66] could not be looked up\nTo mend it: make your mail server say its own full host name, not ours (RFC 5321 4.1.1.1)\ncheck=own_name id=-",
        "grounds": [
            "own_name"
        ],
        "id": null,
        "client": "203.0.113.66",
        "ptr": null,
        "helo": "mx.site.example",
        "from": null,
        "rcpt": null,
        "auth": null,
        "listener": null,
        "dns_questions": 4,
        "dns_ms": 0,
        "checks": [
            {
                "name": "no_helo",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "syntax",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "underscore",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "not_fqdn",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "bare_ip",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "literal_syntax",
                "outcome": "none",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "literal_mismatch",
                "outcome": "none",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "localhost",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "special_tld",
                "outcome": "fail",
                "reason": "reserved",
                "text": "HELO \"mx.site.example\" ends in \".example\", which is not for names on the Internet",
                "mend": "make your mail server say the full host name that others know it by",
                "action": "observe",
                "score": 0,
                "entry": "example (built-in data/special-tlds.yaml:27)"
            },
            {
                "name": "listed",
                "outcome": "none",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "dynamic",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "own_name",
                "outcome": "fail",
                "reason": "unconfirmed",
                "text": "HELO \"mx.site.example\" is the name of this server, and the reverse DNS of [203.0.113.66] could not be looked up",
                "mend": "make your mail server say its own full host name, not ours",
                "action": "defer",
                "score": 0,
                "entry": null
            },
            {
                "name": "own_suffix",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "own_ip",
                "outcome": "none",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "rcpt_domain",
                "outcome": "none",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "impersonation",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "helo_changed",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "no_address",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "bogus_address",
                "outcome": "fail",
                "reason": "unconfirmed",
                "text": "HELO \"mx.site.example\" resolves to 192.0.2.1, which no host on the Internet has, and the reverse DNS of [203.0.113.66] could not be looked up",
                "mend": "give the name its public address, or make your mail server say a name that has one",
                "action": "observe",
                "score": 0,
                "entry": null
            },
            {
                "name": "forward_mismatch",
                "outcome": "fail",
                "reason": "other",
                "text": "HELO \"mx.site.example\" does not resolve to your address, [203.0.113.66]",
                "mend": "make your mail server say a name that resolves to the address it connects from",
                "action": "observe",
                "score": 0,
                "entry": null
            },
            {
                "name": "no_ptr",
                "outcome": "unknown",
                "reason": "servfail",
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "fcrdns",
                "outcome": "unknown",
                "reason": "servfail",
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            },
            {
                "name": "rdns_mismatch",
                "outcome": "unknown",
                "reason": "servfail",
                "text": null,
                "mend": null,
                "action": "accept",
                "score": 0,
                "entry": null
            }
        ],
        "facts": [
            {
                "name": "client_ptr",
                "state": "unknown",
                "cause": "servfail",
                "source": "dns",
                "value": null
            },
            {
                "name": "client_fcrdns",
                "state": "unknown",
                "cause": "servfail",
                "source": "dns",
                "value": null
            },
            {
                "name": "helo_address",
                "state": "yes",
                "cause": null,
                "source": "dns",
                "value": "192.0.2.1, 2001:db8:1::1"
            },
            {
                "name": "helo_forward",
                "state": "no",
                "cause": null,
                "source": "dns",
                "value": null
            },
            {
                "name": "helo_mx",
                "state": "no",
                "cause": null,
                "source": "dns",
                "value": null
            },
            {
                "name": "helo_public",
                "state": "no",
                "cause": null,
                "source": "dns",
                "value": null
            },
            {
                "name": "helo_mx_bad",
                "state": "unknown",
                "cause": "open",
                "source": "none",
                "value": null
            },
            {
                "name": "helo_rhsbl",
                "state": "unknown",
                "cause": "open",
                "source": "none",
                "value": null
            },
            {
                "name": "client_churn",
                "state": "unknown",
                "cause": "open",
                "source": "none",
                "value": null
            }
        ]
    }

Exempt:

    $ helocheck explain --client 2001:db8:1::25 --helo localhost --auth alice --policy exempt.yaml --zone world.zone --json 2>/dev/null
    {"verdict": "accept", "would": "accept", "mode": "enforce", "exempt": {"kind": "network", "entry": "2001:db8:1::/48", "note": "the office", "file": "exempt-networks.yaml", "line": 4}, "skip": null, "score": 0, "reply": null, "grounds": [], "id": null, "client": "2001:db8:1::25", "ptr": null, "helo": "localhost", "from": null, "rcpt": null, "auth": "alice", "listener": null, "dns_questions": 0, "dns_ms": 0, "checks": [], "facts": [{"name": "client_ptr", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "client_fcrdns", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_address", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_forward", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_mx", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_public", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_mx_bad", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_rhsbl", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "client_churn", "state": "unknown", "cause": "open", "source": "none", "value": null}]}

No HELO is null, an empty one is "". Bytes that are no ASCII, quotes and backslashes come back as they can be read:

    $ helocheck explain --client 198.51.100.7 --zone world.zone --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["helo"])'
    None

    $ helocheck explain --client 198.51.100.7 --helo '' --zone world.zone --json | python3 -c 'import json, sys; print(repr(json.load(sys.stdin)["helo"]))'
    ''

    $ helocheck explain --client 198.51.100.7 --helo "$(printf 'a"b\\c\303\244\351\001')" --zone world.zone --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["helo"])'
    a"b\\c\xc3\xa4\xe9\x01

The log line: who, what was said, what failed, what was answered. Always the same keys in the same order.

    $ helocheck explain --client 203.0.113.9 --helo mx.site.example --from a@sender.example --rcpt bob@site.example --listener-name mx.site.example --listener-port 25 --server-name mx.site.example --id 01TEST --zone world.zone --logfmt
    id=01TEST client=203.0.113.9 ptr=- iprev=permerror helo=mx.site.example from=a@sender.example to=bob@site.example listener=mx.site.example:25 auth=- exempt=- failed=special_tld:observe,own_name:reject,bogus_address:observe,forward_mismatch:observe,no_ptr:observe unknown=- score=0 dns_ms=0 verdict=accept would=reject

    $ helocheck explain --client 203.0.113.66 --helo timeout.sender.example --zone world.zone --logfmt
    id=- client=203.0.113.66 ptr=- iprev=temperror helo=timeout.sender.example from=- to=- listener=- auth=- exempt=- failed=special_tld:observe unknown=no_address:timeout,bogus_address:timeout,forward_mismatch:timeout,no_ptr:servfail,fcrdns:servfail,rdns_mismatch:servfail score=0 dns_ms=2000 verdict=accept would=accept

    $ helocheck explain --client 2001:db8:1::25 --helo mail.sender.example --policy exempt.yaml --zone world.zone --logfmt 2>/dev/null
    id=- client=2001:db8:1::25 ptr=- iprev=- helo=mail.sender.example from=- to=- listener=- auth=- exempt=network(exempt-networks.yaml:4) failed=- unknown=- score=0 dns_ms=0 verdict=accept would=accept

    $ helocheck explain --client 203.0.113.9 --auth 'al ice="x"' --ptr c9.example --listener-port 587 --zone world.zone --logfmt
    id=- client=203.0.113.9 ptr=c9.example iprev=pass helo=- from=- to=- listener=:587 auth="al ice=\"x\"" exempt=listener(587) failed=- unknown=- score=0 dns_ms=0 verdict=accept would=accept

    $ helocheck explain --client 203.0.113.9 --helo "$(printf 'say "hi" = \\ \351')" --rcpt 'a b@site.example' --zone world.zone --logfmt
    id=- client=203.0.113.9 ptr=- iprev=permerror helo="say \"hi\" = \\\\ \\xe9" from=- to="a b@site.example" listener=- auth=- exempt=- failed=syntax:reject,no_ptr:observe unknown=- score=0 dns_ms=0 verdict=accept would=reject

    $ helocheck explain --client 203.0.113.9 --helo - --zone world.zone --logfmt
    id=- client=203.0.113.9 ptr=- iprev=permerror helo="-" from=- to=- listener=- auth=- exempt=- failed=syntax:reject,no_ptr:observe unknown=- score=0 dns_ms=0 verdict=accept would=reject
