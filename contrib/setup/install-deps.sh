#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# install-deps.sh - the Debian packages that building and testing need
#
#   install-deps.sh build | package | demo | rings | test | bench ...
#
# build: what compiles the filter.  demo: what contrib/demo needs besides.
# package: what contrib/debian/build-deb.sh needs beside build.
# rings: what the rings need that want no mail server: unit, golden, replay, wire.
# test: what `ctest` needs with every ring: sanitizers, fuzzers, lint, clients; and what
#   contrib/test.sh needs to do the same on another Debian.
# bench: what tests/bench needs beside build and test.
#
# Only compilers, libraries and tools are installed, nothing that starts a service.
# Mail and name servers are never installed: unpack-servers.sh puts them aside.
# Debian 12 and newer, as root. A run with nothing to do takes well under a second.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

# packages_of GROUP: its packages, in one line or several.
packages_of() {
    case $1 in
    build)
        echo gcc libc6-dev cmake ninja-build pkg-config
        echo libmilter-dev libc-ares-dev libyaml-dev libpsl-dev libpcre2-dev libjansson-dev
        echo libarchive-dev libsystemd-dev libmicrohttpd-dev
        ;;
    package) echo dpkg-dev file ;;
    demo) echo python3 openssl procps ;;
    rings) echo libcmocka-dev python3 iproute2 mount ;;
    test)
        packages_of rings
        packages_of package
        echo g++ clang clang-tidy clang-format cppcheck libclang-rt-dev
        echo openssl procps netbase m4 swaks mandoc git mmdebstrap
        echo lintian util-linux
        echo chromium # for the page of helocheck replay
        ;;
    bench) echo dnsperf ;;
    *) die "no such group: $1 (build, package, demo, rings, test, bench)" ;;
    esac
}

[ $# -gt 0 ] || die 'usage: install-deps.sh build|package|demo|rings|test|bench ...'
need_root "$@"
packages=
for group in "$@"; do
    packages+=" $(packages_of "$group")"
done
# shellcheck disable=SC2086 # a list of words is wanted
install_missing $packages
