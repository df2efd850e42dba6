#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# test.sh - every test there is, from a fresh clone on a fresh Debian 12 and newer
#
#   sudo contrib/test.sh
#
# Installs what building and testing need, unpacks Postfix, Sendmail, Exim and Knot DNS into
# build/servers without installing them, and builds four times, each in a directory of its own
# below build/:
#   gcc   as a release, hardened, warnings are errors: every ring, lint and mail servers included,
#     and the Debian packages, installed in a small Debian (build/package-root)
#   asan  clang with AddressSanitizer and UBSan, and the fuzz targets: every ring that runs our code
#   tsan  clang with ThreadSanitizer: the rings with threads, and a real mail server
#   debian13  gcc in a small Debian 13 of its own (build/debian13-root), for its compiler and its
#         c-ares, which is another program than Debian 12's: the rings without mail servers; and
#         without libsystemd and libmicrohttpd, which are optional
# Ends at the first stage that fails, with a status other than 0. When all is well, what is shown
# last is ctest's summary of the first of them. Needs no terminal. May be run twice; removing
# build/ removes all traces.
set -euo pipefail

top=$(readlink -f "$(dirname "$0")/..")
. "$top/contrib/setup/common.sh"
servers=$top/build/servers
export HELO_MTA_REQUIRED=1          # a mail server that cannot run is a failure here

# stage TEXT: a heading.
stage() {
    printf '\n== %s\n' "$*"
}

# What commands are run by: nothing, or a script that runs them elsewhere.
on=()

# build NAME COMPILER OPTION...: configures and builds in build/NAME.
build() {
    local name=$1 compiler=$2
    shift 2
    stage "$name: building with $compiler"
    "${on[@]}" env CC="$compiler" cmake -S "$top" -B "$top/build/$name" -G Ninja \
        --log-level=WARNING -DHELO_WERROR=ON -DHELO_SERVERS="$servers" "$@"
    "${on[@]}" cmake --build "$top/build/$name" -- -j "$(nproc)" --quiet
}

# check NAME OPTION...: runs the tests of build/NAME that ctest's options select.
check() {
    local name=$1
    shift
    "${on[@]}" ctest --test-dir "$top/build/$name" -j 2 --output-on-failure --no-tests=error "$@" \
        </dev/null
}

[ $# -eq 0 ] || die 'usage: test.sh'
need_root "$@"
trap 'give_back "$top/build"' EXIT

stage 'packages and servers'
"$top/contrib/setup/install-deps.sh" build test
"$top/contrib/setup/unpack-servers.sh" "$servers" postfix sendmail exim exim-config knot sasl \
    prometheus fail2ban crowdsec
"$top/contrib/setup/package-root.sh" "$top/build/package-root"

build gcc gcc
cmake --build "$top/build/gcc" --target benches -- -j "$(nproc)" --quiet
build asan clang -DCMAKE_BUILD_TYPE=Debug -DHELO_SANITIZE=address,undefined -DHELO_FUZZ=ON
stage 'asan: every ring that runs our code'
check asan -LE '^(lint|abi)$'

build tsan clang -DCMAKE_BUILD_TYPE=Debug -DHELO_SANITIZE=thread
stage 'tsan: the rings with threads, and one mail server'
check tsan -L '^(threads|replay|wire)$'
check tsan -R '^mta\.postfix-(sessions|reload|restart)$'

on=("$top/contrib/setup/in-debian.sh" trixie "$top/build/debian13-root")
build debian13 gcc -DHELO_SYSTEMD=OFF -DHELO_METRICS_HTTP=OFF
stage 'debian13: every ring without mail servers'
check debian13 -L '^(unit|golden|replay|wire)$'
on=()

stage 'gcc: every ring'
check gcc
