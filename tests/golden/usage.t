helocheck on the command line: what it says of itself, and of mistakes
======================================================================

    $ helocheck --help
    usage: helocheck COMMAND

      config FILE...      check policies; --effective shows what one comes to
      doctor OPTION...    what a sender must change for others to take mail
      explain OPTION...   what would become of an SMTP client, and why
      replay LOG...       what the policy would do with the mail of logs
      reload [OPTION...]  check the policy, then let the filter read it
      --list-checks       every check, its default and its standard
      --version           print the version
      --help              print this

    'helocheck COMMAND --help' says more of a command; helocheck(1) says all.

    $ helocheck --version | sed 's/[0-9.]*$/VERSION/'
    helocheck VERSION

    $ helocheck config --help
    usage: helocheck config FILE...
           helocheck config --effective FILE

    Reads policies and what they include, and reports every mistake.

      --effective              print the whole policy that one file comes to, and where each value is
                               from
      --help                   print this

    Exit codes: 0 all are good, 64 bad usage, 66 a file cannot be read, 70 no memory,
    74 the output cannot be written, 78 a policy has errors.

    $ helocheck explain --help
    usage: helocheck explain --client IP --helo NAME [OPTION...]
           helocheck explain --id ID --log FILE... [--policy FILE] [--zone FILE]
           helocheck explain --batch FILE [--policy FILE] [--zone FILE]

    Says what would become of an SMTP client, and why. Nothing is sent to it.

      --client IP              the address that connects, or 'local' for mail that came by no socket
      --helo NAME              what it says in HELO or EHLO; without: it says none
      --starttls               STARTTLS came after that HELO, and no HELO after it
      --from ADDR              the sender in MAIL; <> for none
      --rcpt ADDR              the recipient in RCPT; without: judged after MAIL
      --auth USER              it has authenticated itself as this user
      --tls-client NAME        the name in its TLS certificate, which the MTA has verified
      --ptr NAME               the client's name, which the MTA has confirmed forward and back (RFC 8601
                               2.7.3)
      --server-name NAME       what this server is called; repeatable, adds to the policy's
      --server-address IP      an address of this server; repeatable, adds to the policy's
      --listener-name NAME     the MTA's name for the port it came in at, as in {daemon_name}
      --listener-port PORT     the port it came in at
      --id ID                  shown in the reply
      --policy FILE            judge by it; without: by the built-in policy
      --zone FILE              answer DNS from these records; without: ask the policy's name servers
      --offline                ask no DNS; what it would tell is unknown
      --log FILE               tell the story of --id from these logs ('-': standard input)
      --json                   print one line of JSON
      --logfmt                 print the line that would be logged
      --batch FILE             judge every line of FILE ('-': standard input); takes --policy, --zone
      --help                   print this

    Exit codes with --log: 0 the decision was found, 69 it was not, and those below.
    Exit codes: 0 accept, 1 reject, 2 defer (the verdict; 'would' does not count),
    64 bad usage, 65 a line of the batch or zone is wrong, 66 a file cannot be read,
    70 no memory or no resolver, 74 the output cannot be written, 78 a policy has errors.

    $ helocheck --list-checks
    CHECK             DEFAULT  STANDARD                FAILS WHEN
    no_helo           observe  RFC 5321 4.1.1.1        MAIL came, and no HELO did (or only one that
                                                       STARTTLS voided)
    syntax            reject   RFC 5321 2.3.5, 4.1.2   the argument is neither a domain nor an address
                                                       literal
    underscore        observe  RFC 5321 2.3.5          a host name but for an underscore in it
    not_fqdn          observe  RFC 5321 2.3.5          the name has one label only, so it is not fully
                                                       qualified
    bare_ip           reject   RFC 5321 4.1.3          an IP address without brackets
    literal_syntax    reject   RFC 5321 4.1.3          begins as an address literal, and is none
    literal_mismatch  defer    RFC 5321 4.1.3          an address literal with another address than the
                                                       client's
    localhost         reject   RFC 6761 6.3            localhost or a loopback address, and the client
                                                       is neither
    special_tld       observe  RFC 6761                the last label is reserved or private, or is no
                                                       top-level domain at all
    listed            reject   site policy             the site has listed the name
    dynamic           observe  RFC 5321 2.3.5          the name is made of the client's address, as
                                                       providers name their customers' lines
    own_name          reject   RFC 5321 4.1.1.1        the server's own name, from a client that is not
                                                       it
    own_suffix        observe  RFC 5321 4.1.1.1        a name below the server's own, from a client that
                                                       is not there
    own_ip            reject   RFC 5321 4.1.3          the server's own address, from a client that is
                                                       not it
    rcpt_domain       reject   RFC 5321 4.1.1.1        the domain of this recipient, from a client that
                                                       is not in it as far as DNS knows
    impersonation     defer    RFC 5321 4.1.1.1        the name of a well-known sender, and reverse DNS
                                                       knows better
    helo_changed      observe  RFC 5321 4.1.4          a second, different HELO in one session
    helo_churn        off      RFC 5321 4.1.1.1        one client has said many different names that are
                                                       not its own
    no_address        observe  RFC 5321 2.3.5          the name has neither an A nor an AAAA record
    bogus_address     observe  RFC 5321 2.3.5          all addresses of the name are such as no host on
                                                       the Internet has
    forward_mismatch* observe  RFC 5321 4.1.4          the name has addresses of the client's family,
                                                       and none is the client's
    no_ptr            observe  RFC 1912 2.1            the client's address has no PTR record
    fcrdns            observe  RFC 8601 2.7.3          the client's address has PTR names, and none of
                                                       them resolves to it
    rdns_mismatch*    observe  RFC 5321 4.1.4          no confirmed PTR name equals the name or is of
                                                       the same organisation
    rhsbl             off      RFC 5782                the domain of the name is on a list of domains
                                                       that the site has chosen
    mx_bogus          off      RFC 5321 5.1            an MX host of the name has only addresses such as
                                                       no host on the Internet has, or is listed

    DEFAULT is the strongest action of the check's reasons in the built-in policy.
    * never the only ground of a refusal (RFC 5321 4.1.4)

No command, a wrong one, one that was probably meant:

    $ helocheck
    ! helocheck: which command? config, doctor, explain, replay, reload, --list-checks, --version, --help
    [64]

    $ helocheck frobnicate
    ! helocheck: no command 'frobnicate'; there are config, doctor, explain, replay, reload, --list-checks, --version, --help
    [64]

    $ helocheck exlpain
    ! helocheck: no command 'exlpain'; did you mean 'explain'?
    [64]

    $ helocheck --list-check
    ! helocheck: no command '--list-check'; did you mean '--list-checks'?
    [64]

    $ helocheck --list-checks all
    ! helocheck: --list-checks takes nothing after it
    [64]

Options: unknown, mistyped, without their value, with one too many, twice, in the wrong company.

    $ helocheck explain --client 192.0.2.9 --colour red
    ! helocheck explain: no option '--colour'; 'helocheck explain --help' lists them
    [64]

    $ helocheck explain --clinet 192.0.2.9
    ! helocheck explain: no option '--clinet'; did you mean --client?
    [64]

    $ helocheck explain --client
    ! helocheck explain: --client wants a value: --client IP
    [64]

    $ helocheck explain --client --helo x
    ! helocheck explain: --client wants a value: --client IP
    [64]

    $ helocheck explain --json=yes
    ! helocheck explain: --json takes no value
    [64]

    $ helocheck explain --client 192.0.2.9 --client 192.0.2.10
    ! helocheck explain: --client is given twice
    [64]

    $ helocheck explain --client 192.0.2.9 mail.example
    ! helocheck explain: unexpected 'mail.example'; every value has its option, see 'helocheck explain --help'
    [64]

    $ helocheck explain --client 192.0.2.9 --json --logfmt
    ! helocheck explain: either --json or --logfmt
    [64]

    $ helocheck explain --batch - --helo x
    ! helocheck explain: --helo does not go with --batch, which takes --policy and --zone
    [64]

    $ helocheck config
    ! helocheck config: which file? usage: helocheck config FILE...
    [64]

Values that make no sense. What the client says may be anything; what is said of it may not.

    $ helocheck explain --helo x
    ! helocheck explain: --client is missing: an IP address, or 'local'
    [64]

    $ helocheck explain --client 192.0.2
    ! helocheck explain: --client '192.0.2' is neither an IP address nor 'local'
    [64]

    $ helocheck explain --client fe80::1%eth0
    ! helocheck explain: --client 'fe80::1%eth0' is neither an IP address nor 'local'
    [64]

    $ helocheck explain --client 192.0.2.9 --server-address 192.0.2.256
    ! helocheck explain: --server-address '192.0.2.256' is no IP address
    [64]

    $ helocheck explain --client 192.0.2.9 --server-name mx
    ! helocheck explain: --server-name 'mx' is no full host name, as in mx.example.org
    [64]

    $ helocheck explain --client 192.0.2.9 --ptr 'not a name'
    ! helocheck explain: --ptr 'not a name' is no full host name, as in mail.example.org
    [64]

    $ helocheck explain --client 192.0.2.9 --listener-port 0
    ! helocheck explain: --listener-port takes a port, 1 to 65535, not '0'
    [64]

    $ helocheck explain --client 192.0.2.9 --listener-port 25x
    ! helocheck explain: --listener-port takes a port, 1 to 65535, not '25x'
    [64]

    $ helocheck explain --client 192.0.2.9 --server-name a.b --server-name c.d --server-name e.f --server-name g.h --server-name i.j
    ! helocheck explain: --server-name takes 4 at most; the policy's server: takes more
    [64]

A terminal never gets what it might obey:

    $ helocheck explain --client "$(printf '\033[2J\351')"
    ! helocheck explain: --client '\x1b[2J\xe9' is neither an IP address nor 'local'
    [64]

    $ helocheck "$(printf '\033]0;x\007')"
    ! helocheck: no command '\x1b]0;x\x07'; there are config, doctor, explain, replay, reload, --list-checks, --version, --help
    [64]

    $ helocheck explain "--$(printf '\001')=1"
    ! helocheck explain: no option '--\x01'; 'helocheck explain --help' lists them
    [64]

Files that are not there, and output that goes nowhere:

    $ helocheck explain --client 192.0.2.9 --policy no-such.yaml
    ! no-such.yaml: error: No such file or directory
    ! helocheck explain: 'no-such.yaml': cannot read the file
    [66]

    $ helocheck explain --client 192.0.2.9 --zone no-such.zone
    ! helocheck explain: 'no-such.zone': cannot read the file
    [66]

    $ helocheck explain --batch no-such.jsonl
    ! helocheck explain: cannot read 'no-such.jsonl': No such file or directory
    [66]

    $ helocheck explain --batch .
    ! helocheck explain: cannot read the batch: Is a directory
    [66]

    $ helocheck --list-checks >/dev/full
    ! helocheck: cannot write to standard output
    [74]
