The forms for programs: JSON and the log line
=============================================

One object on one line, its members always in this order; helocheck(1) says what they mean.

    $ helocheck explain --client 203.0.113.9 --helo mx.site.example --from a@sender.example --rcpt bob@site.example --listener-name mta --listener-port 25 --server-name mx.site.example --id 01TEST --zone world.zone --json
    {"verdict": "accept", "would": "reject", "mode": "observe", "exempt": null, "reply": "550 5.7.1 Refused: HELO \"mx.site.example\" is the name of this server, and you are [203.0.113.9]\nTo mend it: make your mail server say its own full host name, not ours (RFC 5321 4.1.1.1)\ncheck=own_name id=01TEST", "grounds": ["own_name"], "id": "01TEST", "client": "203.0.113.9", "ptr": null, "helo": "mx.site.example", "from": "a@sender.example", "rcpt": "bob@site.example", "auth": null, "listener": "mta:25", "dns_questions": 4, "dns_ms": 0, "checks": [{"name": "no_helo", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "syntax", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "underscore", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "not_fqdn", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "bare_ip", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "literal_syntax", "outcome": "none", "reason": null, "text": null, "action": "accept"}, {"name": "literal_mismatch", "outcome": "none", "reason": null, "text": null, "action": "accept"}, {"name": "localhost", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "own_name", "outcome": "fail", "reason": "claimed", "text": "HELO \"mx.site.example\" is the name of this server, and you are [203.0.113.9]", "action": "reject"}, {"name": "own_ip", "outcome": "none", "reason": null, "text": null, "action": "accept"}, {"name": "rcpt_domain", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "no_address", "outcome": "pass", "reason": null, "text": null, "action": "accept"}, {"name": "forward_mismatch", "outcome": "fail", "reason": "other", "text": "HELO \"mx.site.example\" does not resolve to your address, [203.0.113.9]", "action": "observe"}, {"name": "no_ptr", "outcome": "fail", "reason": "missing", "text": "your address, [203.0.113.9], has no reverse DNS (PTR record)", "action": "observe"}, {"name": "fcrdns", "outcome": "none", "reason": null, "text": null, "action": "accept"}, {"name": "rdns_mismatch", "outcome": "none", "reason": null, "text": null, "action": "accept"}], "facts": [{"name": "client_ptr", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "client_fcrdns", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "helo_address", "state": "yes", "cause": null, "source": "dns", "value": "192.0.2.1, 2001:db8:1::1"}, {"name": "helo_forward", "state": "no", "cause": null, "source": "dns", "value": null}, {"name": "helo_mx", "state": "no", "cause": null, "source": "dns", "value": null}]}

The same, laid out:

    $ helocheck explain --client 203.0.113.66 --helo mx.site.example --server-name mx.site.example --zone world.zone --json | python3 -m json.tool
    {
        "verdict": "accept",
        "would": "defer",
        "mode": "observe",
        "exempt": null,
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
                "action": "accept"
            },
            {
                "name": "syntax",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "underscore",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "not_fqdn",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "bare_ip",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "literal_syntax",
                "outcome": "none",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "literal_mismatch",
                "outcome": "none",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "localhost",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "own_name",
                "outcome": "fail",
                "reason": "unconfirmed",
                "text": "HELO \"mx.site.example\" is the name of this server, and the reverse DNS of [203.0.113.66] could not be looked up",
                "action": "defer"
            },
            {
                "name": "own_ip",
                "outcome": "none",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "rcpt_domain",
                "outcome": "none",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "no_address",
                "outcome": "pass",
                "reason": null,
                "text": null,
                "action": "accept"
            },
            {
                "name": "forward_mismatch",
                "outcome": "fail",
                "reason": "other",
                "text": "HELO \"mx.site.example\" does not resolve to your address, [203.0.113.66]",
                "action": "observe"
            },
            {
                "name": "no_ptr",
                "outcome": "unknown",
                "reason": "servfail",
                "text": null,
                "action": "accept"
            },
            {
                "name": "fcrdns",
                "outcome": "unknown",
                "reason": "servfail",
                "text": null,
                "action": "accept"
            },
            {
                "name": "rdns_mismatch",
                "outcome": "unknown",
                "reason": "servfail",
                "text": null,
                "action": "accept"
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
            }
        ]
    }

Exempt:

    $ helocheck explain --client 2001:db8:1::25 --helo localhost --auth alice --policy exempt.yaml --zone world.zone --json 2>/dev/null
    {"verdict": "accept", "would": "accept", "mode": "enforce", "exempt": {"kind": "network", "entry": "2001:db8:1::/48", "note": "the office", "file": "exempt-networks.yaml", "line": 4}, "reply": null, "grounds": [], "id": null, "client": "2001:db8:1::25", "ptr": null, "helo": "localhost", "from": null, "rcpt": null, "auth": "alice", "listener": null, "dns_questions": 0, "dns_ms": 0, "checks": [], "facts": [{"name": "client_ptr", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "client_fcrdns", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_address", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_forward", "state": "unknown", "cause": "open", "source": "none", "value": null}, {"name": "helo_mx", "state": "unknown", "cause": "open", "source": "none", "value": null}]}

No HELO is null, an empty one is "". Bytes that are no ASCII, quotes and backslashes come back as they can be read:

    $ helocheck explain --client 198.51.100.7 --zone world.zone --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["helo"])'
    None

    $ helocheck explain --client 198.51.100.7 --helo '' --zone world.zone --json | python3 -c 'import json, sys; print(repr(json.load(sys.stdin)["helo"]))'
    ''

    $ helocheck explain --client 198.51.100.7 --helo "$(printf 'a"b\\c\303\244\351\001')" --zone world.zone --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["helo"])'
    a"b\\c\xc3\xa4\xe9\x01

The log line: who, what was said, what failed, what was answered. Always the same keys in the same order.

    $ helocheck explain --client 203.0.113.9 --helo mx.site.example --from a@sender.example --rcpt bob@site.example --listener-name mx.site.example --listener-port 25 --server-name mx.site.example --id 01TEST --zone world.zone --log
    id=01TEST client=203.0.113.9 ptr=- helo=mx.site.example from=a@sender.example to=bob@site.example listener=mx.site.example:25 auth=- exempt=- failed=own_name:reject,forward_mismatch:observe,no_ptr:observe unknown=- dns_ms=0 verdict=accept would=reject

    $ helocheck explain --client 203.0.113.66 --helo timeout.sender.example --zone world.zone --log
    id=- client=203.0.113.66 ptr=- helo=timeout.sender.example from=- to=- listener=- auth=- exempt=- failed=- unknown=no_address:timeout,forward_mismatch:timeout,no_ptr:servfail,fcrdns:servfail,rdns_mismatch:servfail dns_ms=2000 verdict=accept would=accept

    $ helocheck explain --client 2001:db8:1::25 --helo mail.sender.example --policy exempt.yaml --zone world.zone --log 2>/dev/null
    id=- client=2001:db8:1::25 ptr=- helo=mail.sender.example from=- to=- listener=- auth=- exempt=network(exempt-networks.yaml:4) failed=- unknown=- dns_ms=0 verdict=accept would=accept

    $ helocheck explain --client 203.0.113.9 --auth 'al ice="x"' --ptr c9.example --listener-port 587 --zone world.zone --log
    id=- client=203.0.113.9 ptr=c9.example helo=- from=- to=- listener=:587 auth="al ice=\"x\"" exempt=listener(587) failed=- unknown=- dns_ms=0 verdict=accept would=accept

    $ helocheck explain --client 203.0.113.9 --helo "$(printf 'say "hi" = \\ \351')" --rcpt 'a b@site.example' --zone world.zone --log
    id=- client=203.0.113.9 ptr=- helo="say \"hi\" = \\\\ \\xe9" from=- to="a b@site.example" listener=- auth=- exempt=- failed=syntax:reject,no_ptr:observe unknown=- dns_ms=0 verdict=accept would=reject

    $ helocheck explain --client 203.0.113.9 --helo - --zone world.zone --log
    id=- client=203.0.113.9 ptr=- helo="-" from=- to=- listener=- auth=- exempt=- failed=syntax:reject,no_ptr:observe unknown=- dns_ms=0 verdict=accept would=reject
