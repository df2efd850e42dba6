helocheck config: is a policy good?
===================================

The mistakes themselves have their own tests, in tests/conf; here is what the command makes of them.

    $ helocheck config defaults.yaml enforce.yaml
    defaults.yaml: ok (mode enforce, 0 warnings)
    enforce.yaml: ok (mode enforce, 0 warnings)

A warning does not fail:

    $ helocheck config corroborating.yaml
    corroborating.yaml: ok (mode enforce, 2 warnings)
    ! corroborating.yaml:5:21: warning: forward_mismatch: RFC 5321 4.1.4 forbids to refuse mail on this ground; it never counts alone; only with 'rfc5321_4_1_4: ignore' it does
    !       forward_mismatch: reject
    !                         ^
    ! corroborating.yaml:6:18: warning: rdns_mismatch: RFC 5321 4.1.4 forbids to refuse mail on this ground; it never counts alone; only with 'rfc5321_4_1_4: ignore' it does
    !       rdns_mismatch: reject
    !                      ^

Every mistake of every file in one run; the worst exit code of all:

    $ helocheck config broken.policy no-such.yaml defaults.yaml
    broken.policy: not usable (3 errors, 0 warnings)
    no-such.yaml: not usable (cannot read the file)
    defaults.yaml: ok (mode enforce, 0 warnings)
    ! broken.policy:1:7: error: mode: unknown value 'enfroce' (accepted: observe, enforce); did you mean 'enforce'?
    !     mode: enfroce
    !           ^
    ! broken.policy:3:3: error: unknown check 'own_nam'; did you mean 'own_name'?
    !       own_nam: reject
    !       ^
    ! broken.policy:4:12: error: networks: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?
    !     networks: [192.0.2.1/24]
    !                ^
    ! no-such.yaml: error: No such file or directory
    [78]

    $ helocheck config no-such.yaml
    no-such.yaml: not usable (cannot read the file)
    ! no-such.yaml: error: No such file or directory
    [66]

    $ helocheck config "$(printf 'no\033such.yaml')"
    no\x1bsuch.yaml: not usable (cannot read the file)
    ! no?such.yaml: error: No such file or directory
    [66]

What a policy comes to, with the place of every value. Read again, it is the same policy; only the places differ.

    $ helocheck config --effective effective.yaml | sed "s/profile observe:[0-9]*/profile observe:N/; s/version 20.*/version V/"
    # All that effective.yaml comes to, with the place that each value is from.
    # Read again, it makes the same policy.
    # built-in profiles/observe.yaml: version V
    version: 2026-11-21  # effective.yaml:3
    profile: observe  # effective.yaml:4
    mode: enforce  # effective.yaml:5
    decide_at: rcpt  # default
    rfc5321_4_1_4: obey  # default
    checks:
      no_helo: observe  # profile observe:N
      syntax: observe  # profile observe:N
      underscore: observe  # profile observe:N
      not_fqdn: {action: tag, score: 1.5}  # effective.yaml:15
      bare_ip:
        reasons:
          client: tag  # effective.yaml:14
          private: observe  # profile observe:N
          other: observe  # profile observe:N
      literal_syntax: observe  # profile observe:N
      literal_mismatch: observe  # profile observe:N
      localhost: observe  # profile observe:N
      special_tld: observe  # profile observe:N
      listed: observe  # profile observe:N
      dynamic: observe  # profile observe:N
      own_name: defer  # effective.yaml:12
      own_suffix: observe  # profile observe:N
      own_ip: observe  # profile observe:N
      rcpt_domain: observe  # profile observe:N
      impersonation: observe  # profile observe:N
      helo_changed: observe  # profile observe:N
      helo_churn: observe  # profile observe:N
      no_address: observe  # profile observe:N
      bogus_address: observe  # profile observe:N
      forward_mismatch: observe  # profile observe:N
      no_ptr: observe  # profile observe:N
      fcrdns: observe  # profile observe:N
      rdns_mismatch: observe  # profile observe:N
      rhsbl: observe  # profile observe:N
      mx_bogus: off  # profile observe:N
    server:
      names:
        - mx.site.example  # effective.yaml:8
      addresses: []
      learn: false  # effective.yaml:9
    score:
      defer: 0  # default
      reject: 1.5  # effective.yaml:17
    networks:
      - 192.0.2.0/24  # effective.yaml:20
      - {net: "2001:db8::/32", note: "branch \"north\" # 2", owner: noc, expires: 2098-12-31}  # effective.yaml:21
    exempt:
      authenticated: true  # default
      recipients:
        - postmaster  # default
        - abuse  # default
      listener_ports:
        - 465  # default
        - 587  # default
      listener_names:
        - MSA  # default
        - submission  # default
        - submissions  # default
        - smtps  # default
      helo_names: []
      rdns_domains: []
      tls_clients: []
    listeners:
      - port: 2525  # effective.yaml:24
        score: {defer: 0, reject: 0}
        checks:
          no_helo: observe  # default
          syntax: reject  # default
          underscore: observe  # default
          not_fqdn: observe  # default
          bare_ip:
            reasons:
              client: defer  # default
              private: defer  # default
              other: reject  # default
          literal_syntax: reject  # default
          literal_mismatch:
            reasons:
              other: defer  # default
              private: observe  # default
          localhost: reject  # default
          special_tld: observe  # default
          listed: reject  # default
          dynamic: observe  # default
          own_name:
            reasons:
              claimed: reject  # effective.yaml:25
              unconfirmed: defer  # effective.yaml:25
          own_suffix: observe  # default
          own_ip:
            reasons:
              claimed: reject  # default
              private: observe  # default
          rcpt_domain:
            reasons:
              claimed: reject  # default
              unconfirmed: defer  # default
          impersonation: defer  # default
          helo_changed: observe  # default
          helo_churn: off  # default
          no_address: observe  # default
          bogus_address: observe  # default
          forward_mismatch: observe  # default
          no_ptr: observe  # default
          fcrdns: observe  # default
          rdns_mismatch: observe  # default
          rhsbl: off  # default
          mx_bogus: off  # default
    lists:
      deny: []
      skip: []
      mx_deny: []
    data:
      special_tlds:
        - corp  # effective.yaml:28
      dialup_words: []
      veto_words:
        - mail  # effective.yaml:30
      senders:
        - {helo: [big.example], hosts: [big.example, cloud.example]}  # effective.yaml:32
      pools: []
    rhsbl:
      zones: []
    helo_churn:
      names: 5  # default
      window: 1h  # default
      size: 4MiB  # default
    dns:
      servers: []
      deadline: 5s  # default
      wait: 2s  # default
      wait_for: verdict  # default
      on_failure: accept  # profile observe:N
      cache:
        size: 16MiB  # default
        min_ttl: 5s  # default
        max_ttl: 1h  # default
        negative_ttl: 10min  # default
        failure_ttl: 5s  # default
        stale: 0ms  # default
      down_after: 4s  # default
      in_flight: 4000  # default
      in_flight_per_client: 200  # default
    limits:
      sessions: 2000  # default
      when_full: accept  # default
    reply:
      url: ""  # default
      contact: ""  # default
      texts: {}  # default
    headers:
      authserv_id: ""  # default
    milter:
      socket: "unix:/run/milter-helo/milter-helo.sock"  # default
      socket_mode: "0660"  # default
      socket_group: ""  # default
      user: ""  # default
      group: ""  # default
      pid_file: ""  # default
      stop_grace: 30s  # default
    log:
      to: auto  # default
      format: logfmt  # default
      file: ""  # default
      rate: 1000  # default
      facility: mail  # default
    metrics:
      listen: ""  # default
      file: ""  # default
      interval: 15s  # default
    # Nothing is learned of this machine (server.learn).

    $ d=$(mktemp -d); helocheck config --effective effective.yaml >$d/a.yaml; helocheck config --effective $d/a.yaml 2>$d/e | sed 's/ *#.*//' >$d/b; sed 's/ *#.*//' $d/a.yaml | diff - $d/b && echo the same; sed -n 's/.*: warning/warning/p' $d/e; rm -r $d
    the same
    warning: checks.rhsbl: rhsbl.zones has no zone: nobody is asked; as in rhsbl: {zones: [{zone: dbl.example.org, codes: [127.0.1.2]}]}

    $ helocheck config --effective broken.policy | wc -l
    0
    ! broken.policy:1:7: error: mode: unknown value 'enfroce' (accepted: observe, enforce); did you mean 'enforce'?
    !     mode: enfroce
    !           ^
    ! broken.policy:3:3: error: unknown check 'own_nam'; did you mean 'own_name'?
    !       own_nam: reject
    !       ^
    ! broken.policy:4:12: error: networks: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?
    !     networks: [192.0.2.1/24]
    !                ^
    ! helocheck config: 'broken.policy': not usable (the policy has errors)

    $ helocheck config --effective enforce.yaml defaults.yaml
    ! helocheck config: --effective shows one policy: helocheck config --effective FILE
    [64]

    $ helocheck config effective.yaml --effective
    ! helocheck config: '--effective': options come before the files
    [64]

    $ helocheck config -- --effective
    --effective: not usable (cannot read the file)
    ! --effective: error: No such file or directory
    [66]

    $ helocheck config --effective
    ! helocheck config: which file? usage: helocheck config FILE...
    [64]
