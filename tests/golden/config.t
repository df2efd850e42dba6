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
