helocheck reload: a changed policy into the running filter
==========================================================

    $ helocheck reload --help
    usage: helocheck reload [--policy FILE] [--pid-file FILE]

    Looks at the policy, and tells the running filter to read its policy again if it
    is good. The filter's log says what has changed.

      --policy FILE            the policy the filter was started with; without: its default
      --pid-file FILE          where the filter's number stands; without: the policy's milter.pid_file
      --help                   print this

    Exit codes: 0 told, 64 bad usage, 66 the policy cannot be read, 69 no filter to
    tell, 70 no memory, 74 the output cannot be written, 77 not allowed to tell it,
    78 the policy has errors, nothing was sent.

A good policy: the filter gets its signal. What plays the filter here has its name and nothing else, so the signal ends
it: 129 is what the shell makes of that.

    $ d=$(mktemp -d); cp "$(command -v sleep)" $d/milter-helo; $d/milter-helo 50 & echo $! >$d/pid; until grep -qs milter-helo /proc/$!/comm; do :; done; { helocheck reload --policy enforce.yaml --pid-file $d/pid | sed 's/process [0-9]*/process N/'; wait $!; } 2>/dev/null; echo $?; rm -r $d
    milter-helo (process N) was told to read its policy again; its log says what has changed
    129

The same, found by the policy's own milter.pid_file:

    $ d=$(mktemp -d); cp "$(command -v sleep)" $d/milter-helo; $d/milter-helo 50 & echo $! >$d/pid; until grep -qs milter-helo /proc/$!/comm; do :; done; echo "milter: {pid_file: $d/pid}" >$d/policy.yaml; { helocheck reload --policy $d/policy.yaml | sed 's/process [0-9]*/process N/'; wait $!; } 2>/dev/null; echo $?; rm -r $d
    milter-helo (process N) was told to read its policy again; its log says what has changed
    129

A policy with errors: they are shown, and the filter keeps the one it has.

    $ d=$(mktemp -d); cp "$(command -v sleep)" $d/milter-helo; $d/milter-helo 50 & echo $! >$d/pid; until grep -qs milter-helo /proc/$!/comm; do :; done; helocheck reload --policy broken.policy --pid-file $d/pid; c=$?; kill -0 $! && echo runs; { kill $!; wait $!; } 2>/dev/null; rm -r $d; exit $c
    runs
    ! broken.policy:1:7: error: mode: unknown value 'enfroce' (accepted: observe, enforce); did you mean 'enforce'?
    !     mode: enfroce
    !           ^
    ! broken.policy:3:3: error: unknown check 'own_nam'; did you mean 'own_name'?
    !       own_nam: reject
    !       ^
    ! broken.policy:4:12: error: networks: '192.0.2.1/24' has bits set behind its length; did you mean 192.0.2.0/24?
    !     networks: [192.0.2.1/24]
    !                ^
    ! helocheck reload: 'broken.policy': the policy has errors; nothing was sent, the filter goes on as before
    [78]

    $ helocheck reload --policy no-such.yaml
    ! no-such.yaml: error: No such file or directory
    ! helocheck reload: 'no-such.yaml': cannot read the file; nothing was sent, the filter goes on as before
    [66]

No pid file, one that is gone, one that was emptied, one that holds something else:

    $ helocheck reload --policy enforce.yaml
    ! helocheck reload: 'enforce.yaml': the policy is good, but has no milter.pid_file to find the filter by; nothing was sent; use your service manager, or 'kill -HUP PID'
    [69]

    $ helocheck reload --policy enforce.yaml --pid-file /no/such/pid
    ! helocheck reload: '/no/such/pid': no such pid file: no filter runs with it, or milter.pid_file needs its restart; nothing was sent; use your service manager, or 'kill -HUP PID'
    [69]

    $ f=$(mktemp); helocheck reload --policy enforce.yaml --pid-file $f 2>&1 | sed "s|$f|FILE|"; rm $f
    helocheck reload: 'FILE': the pid file is empty: the filter was stopped; nothing was sent; use your service manager, or 'kill -HUP PID'

    $ helocheck reload --policy enforce.yaml --pid-file enforce.yaml
    ! helocheck reload: 'enforce.yaml': the file holds no process id; nothing was sent; use your service manager, or 'kill -HUP PID'
    [69]

    $ helocheck reload --policy enforce.yaml --pid-file /dev/zero
    ! helocheck reload: '/dev/zero': this is no ordinary file; nothing was sent; use your service manager, or 'kill -HUP PID'
    [69]

    $ for n in 0 1 -1 99999999999999999999 12x; do f=$(mktemp); echo $n >$f; helocheck reload --policy enforce.yaml --pid-file $f 2>&1 | sed "s|$f|FILE|"; rm $f; done
    helocheck reload: 'FILE': the file holds no process id; nothing was sent; use your service manager, or 'kill -HUP PID'
    helocheck reload: 'FILE': the file holds no process id; nothing was sent; use your service manager, or 'kill -HUP PID'
    helocheck reload: 'FILE': the file holds no process id; nothing was sent; use your service manager, or 'kill -HUP PID'
    helocheck reload: 'FILE': the file holds no process id; nothing was sent; use your service manager, or 'kill -HUP PID'
    helocheck reload: 'FILE': the file holds no process id; nothing was sent; use your service manager, or 'kill -HUP PID'

A process that is gone, and one that has got its number meanwhile:

    $ f=$(mktemp); echo 999999999 >$f; helocheck reload --policy enforce.yaml --pid-file $f 2>&1 | sed "s|$f|FILE|"; rm $f
    helocheck reload: 'FILE': process 999999999: does not run; nothing was sent; use your service manager, or 'kill -HUP PID'

    $ f=$(mktemp); echo $$ >$f; helocheck reload --policy enforce.yaml --pid-file $f 2>&1 | sed "s|$f|FILE|; s/process [0-9]*/process N/; s/but [a-z]*sh;/but SHELL;/"; rm $f
    helocheck reload: 'FILE': process N is no milter-helo, but SHELL; nothing was sent; use your service manager, or 'kill -HUP PID'

    $ helocheck reload enforce.yaml
    ! helocheck reload: unexpected 'enforce.yaml'; the policy is named by --policy
    [64]

    $ helocheck reload --polciy enforce.yaml
    ! helocheck reload: no option '--polciy'; did you mean --policy?
    [64]
