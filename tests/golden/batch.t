helocheck explain --batch: lines that cannot be judged
======================================================

Each is told where it is wrong, the others are judged, and the exit code says that some were bad. Blank lines are passed over.

    $ cut -c1-100 bad.batch
    {"id": "good", "client": "198.51.100.7", "helo": "mail.sender.example"}

    {"id": "unfinished", "client": "198.51.100.7"
    not json
    ["client", "198.51.100.7"]
    {"client": "198.51.100.7", "hello": "mail.sender.example"}
    {"client": "198.51.100.7", "client": "198.51.100.8"}
    {"client": "198.51.100.7", "helo": 5}
    {"client": "198.51.100.7", "rcpt": "bob\u0000@site.example"}
    {"client": "198.51.100.7", "starttls": "yes"}
    {"client": "198.51.100.7", "listener_port": 70000}
    {"client": "198.51.100.7", "server_names": "mx.site.example"}
    {"client": "198.51.100.7", "server_names": ["mx"]}
    {"client": "198.51.100.7", "server_addresses": ["192.0.2.1", "192.0.2"]}
    {"helo": "mail.sender.example"}
    {"client": null}
    {"client": "mail.sender.example"}
    {"client": "198.51.100.7", "zone": ["mail.sender.example A 198.51.100.7", "mail.sender.example B 198
    {"client": "198.51.100.7", "zone": [["a"]]}
    {"client": "198.51.100.7", "policy": "no-such.yaml"}
    {"id": "good too", "client": "198.51.100.7", "helo": "mail.sender.example", "rcpt": null, "note": 5}

    $ helocheck explain --batch bad.batch --zone world.zone | cut -c1-160
    {"verdict": "accept", "would": "accept", "mode": "observe", "exempt": null, "skip": null, "score": 0, "reply": null, "grounds": [], "id": "good", "client": "198
    {"error": "not valid JSON: '}' expected near end of file", "line": 3}
    {"error": "not valid JSON: invalid token near 'not'", "line": 4}
    {"error": "a case must be an object, as in {\"client\": \"192.0.2.1\"}", "line": 5}
    {"error": "unknown member 'hello'", "line": 6}
    {"error": "not valid JSON: duplicate object key near '\"client\"'", "line": 7}
    {"error": "helo must be a string, or null", "line": 8}
    {"error": "rcpt must be a string without NUL, or null", "line": 9}
    {"error": "starttls must be true or false", "line": 10}
    {"error": "listener_port must be a port, 1 to 65535", "line": 11}
    {"error": "server_names must be an array of strings", "line": 12}
    {"error": "server_names 'mx' is no full host name, as in mx.example.org", "line": 13}
    {"error": "server_addresses '192.0.2' is no IP address", "line": 14}
    {"error": "client is missing: an IP address, or 'local'", "line": 15}
    {"error": "client is missing: an IP address, or 'local'", "line": 16}
    {"error": "client 'mail.sender.example' is neither an IP address nor 'local'", "line": 17}
    {"error": "zone entry 2: 'B' is not a type; accepted is A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, SERVFAIL, REFUSED, TIMEOUT, MALFORMED", "line": 18}
    {"error": "zone must be an array of strings", "line": 19}
    {"error": "policy 'no-such.yaml' cannot be used: cannot read the file", "line": 20}
    {"verdict": "accept", "would": "accept", "mode": "observe", "exempt": null, "skip": null, "score": 0, "reply": null, "grounds": [], "id": "good too", "client":
    ! bad.batch:3:45: error: not valid JSON: '}' expected near end of file
    !     {"id": "unfinished", "client": "198.51.100.7"
    !                                                 ^
    ! bad.batch:4:3: error: not valid JSON: invalid token near 'not'
    !     not json
    !       ^
    ! bad.batch:5: error: a case must be an object, as in {"client": "192.0.2.1"}
    ! bad.batch:6:28: error: unknown member 'hello'; did you mean 'helo'?
    !     {"client": "198.51.100.7", "hello": "mail.sender.example"}
    !                                ^
    ! bad.batch:7:35: error: not valid JSON: duplicate object key near '"client"'
    !     {"client": "198.51.100.7", "client": "198.51.100.8"}
    !                                       ^
    ! bad.batch:8:28: error: helo must be a string, or null
    !     {"client": "198.51.100.7", "helo": 5}
    !                                ^
    ! bad.batch:9:28: error: rcpt must be a string without NUL, or null
    !     {"client": "198.51.100.7", "rcpt": "bob\u0000@site.example"}
    !                                ^
    ! bad.batch:10:28: error: starttls must be true or false
    !     {"client": "198.51.100.7", "starttls": "yes"}
    !                                ^
    ! bad.batch:11:28: error: listener_port must be a port, 1 to 65535
    !     {"client": "198.51.100.7", "listener_port": 70000}
    !                                ^
    ! bad.batch:12:28: error: server_names must be an array of strings
    !     {"client": "198.51.100.7", "server_names": "mx.site.example"}
    !                                ^
    ! bad.batch:13:28: error: server_names 'mx' is no full host name, as in mx.example.org
    !     {"client": "198.51.100.7", "server_names": ["mx"]}
    !                                ^
    ! bad.batch:14:28: error: server_addresses '192.0.2' is no IP address
    !     {"client": "198.51.100.7", "server_addresses": ["192.0.2.1", "192.0.2"]}
    !                                ^
    ! bad.batch:15: error: client is missing: an IP address, or 'local'
    ! bad.batch:16:2: error: client is missing: an IP address, or 'local'
    !     {"client": null}
    !      ^
    ! bad.batch:17:2: error: client 'mail.sender.example' is neither an IP address nor 'local'
    !     {"client": "mail.sender.example"}
    !      ^
    ! bad.batch:18:28: error: zone entry 2: 'B' is not a type; accepted is A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, SERVFAIL, REFUSED, TIMEOUT, MALFORMED
    !     {"client": "198.51.100.7", "zone": ["mail.sender.example A 198.51.100.7", "mail.sender.example B 198.51.100.7"]}
    !                                ^
    ! bad.batch:19:28: error: zone must be an array of strings
    !     {"client": "198.51.100.7", "zone": [["a"]]}
    !                                ^
    ! no-such.yaml: error: No such file or directory
    ! bad.batch:20:28: error: policy 'no-such.yaml' cannot be used: cannot read the file
    !     {"client": "198.51.100.7", "policy": "no-such.yaml"}
    !                                ^

    $ helocheck explain --batch bad.batch --zone world.zone >/dev/null 2>&1
    [65]

From standard input; the answer comes at once, so that a program may hold a conversation.

    $ echo '{"client": "198.51.100.7", "helo": "mail.sender.example", "zone": []}' | helocheck explain --batch - | cut -c1-60
    {"verdict": "accept", "would": "accept", "mode": "observe",

    $ printf '{"client": "198.51.100.7"' | helocheck explain --batch -
    {"error": "not valid JSON: '}' expected near end of file", "line": 1}
    ! <stdin>:1:25: error: not valid JSON: '}' expected near end of file
    !     {"client": "198.51.100.7"
    !                             ^
    [65]

    $ helocheck explain --batch - </dev/null

    $ python3 converse.py '{"client": "local", "id": "one", "zone": []}' '{"client": "local", "id": "two", "zone": []}'
    one
    two

A line's own records stand in place of the common zone; its own policy, whose path is relative to the batch, in place of the common one.

    $ echo '{"client": "198.51.100.7", "helo": "mail.sender.example", "zone": ["mail.sender.example A 192.0.2.99", "198.51.100.7 PTR other.example"]}' | helocheck explain --batch - --zone world.zone --policy defaults.yaml | python3 -c 'import json, sys; v = json.load(sys.stdin); print(v["mode"], [c["name"] for c in v["checks"] if c["outcome"] == "fail"])'
    enforce ['special_tld', 'bogus_address', 'forward_mismatch', 'fcrdns']

    $ helocheck explain --batch ../golden/mailers.jsonl --zone world.zone | wc -l
    18

A policy with errors stops everything when it is the common one, and only its lines when it is theirs:

    $ echo '{"client": "198.51.100.7"}' | helocheck explain --batch - --policy broken.policy --zone world.zone
    ! broken.policy:1:7: error: mode: unknown value 'enfroce' (accepted: observe, enforce); did you mean 'enforce'?
    !     mode: enfroce
    !           ^
    ! broken.policy:3:3: error: unknown check 'own_nam'; did you mean 'own_name'?
    !       own_nam: reject
    !       ^
    ! broken.policy:4:12: error: networks: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?
    !     networks: [192.0.2.1/24]
    !                ^
    ! helocheck explain: 'broken.policy': the policy has errors
    [78]

    $ printf '%s\n' '{"client": "198.51.100.7", "policy": "broken.policy"}' '{"client": "198.51.100.7", "policy": "broken.policy"}' '{"client": "198.51.100.7"}' | helocheck explain --batch - --zone world.zone | cut -c1-100
    {"error": "policy 'broken.policy' cannot be used: the policy has errors", "line": 1}
    {"error": "policy 'broken.policy' cannot be used: the policy has errors", "line": 2}
    {"verdict": "accept", "would": "accept", "mode": "observe", "exempt": null, "skip": null, "score": 0
    ! broken.policy:1:7: error: mode: unknown value 'enfroce' (accepted: observe, enforce); did you mean 'enforce'?
    !     mode: enfroce
    !           ^
    ! broken.policy:3:3: error: unknown check 'own_nam'; did you mean 'own_name'?
    !       own_nam: reject
    !       ^
    ! broken.policy:4:12: error: networks: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?
    !     networks: [192.0.2.1/24]
    !                ^
    ! <stdin>:1:28: error: policy 'broken.policy' cannot be used: the policy has errors
    !     {"client": "198.51.100.7", "policy": "broken.policy"}
    !                                ^
    ! <stdin>:2:28: error: policy 'broken.policy' cannot be used: the policy has errors
    !     {"client": "198.51.100.7", "policy": "broken.policy"}
    !                                ^

A zone with errors:

    $ printf 'a.example A 192.0.2.1\nb.example B 192.0.2.1\nc.example A 192.0.2.300\n' | helocheck explain --client 198.51.100.7 --helo a.example --zone /dev/stdin
    ! /dev/stdin:2:11: error: 'B' is not a type; accepted is A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, SERVFAIL, REFUSED, TIMEOUT, MALFORMED
    !     b.example B 192.0.2.1
    !               ^
    ! /dev/stdin:3:13: error: '192.0.2.300' is not an IPv4 address; accepted is four numbers, as in 192.0.2.1
    !     c.example A 192.0.2.300
    !                 ^
    ! helocheck explain: the zone has errors
    [65]

As a line more than a megabyte long:

    $ { head -c 1048577 /dev/zero | tr '\0' x; printf '\n{"client": "local", "zone": []}\n'; } | helocheck explain --batch - | cut -c1-60
    {"error": "the line has more than 1048576 bytes", "line": 1}
    {"verdict": "accept", "would": "accept", "mode": "observe",
    ! <stdin>:1: error: the line has more than 1048576 bytes
