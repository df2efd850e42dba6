#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# demo.sh - see milter-helo judge real SMTP sessions, on a fresh Debian, in about a minute
#
#   sudo contrib/demo/demo.sh [--stay]
#
# Installs what building needs, unpacks Postfix and Knot DNS into build/servers without installing
# them, builds the filter in build/demo, and plays a dozen sessions against a private Postfix on a
# loopback port. No configuration of this machine is changed, no port but a few free ones of
# 127.0.0.1 is used, and nothing keeps running. May be run as often as one likes.
# --stay: keep it running afterwards, to talk to it oneself; Ctrl-C ends it.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../..")
. "$top/contrib/setup/common.sh"

case "${1:-}" in
'' | --stay) ;;
-h | --help)
    sed -n '5,14s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
*) die 'usage: demo.sh [--stay]' ;;
esac
need_root "$@"

# step TEXT COMMAND...: one line per step; what the command says only shows when it fails.
step() {
    local text=$1 log
    shift
    log=$(mktemp)
    printf '  %-58s' "$text"
    if "$@" >"$log" 2>&1 </dev/null; then
        printf 'done\n'
        rm -f "$log"
    else
        printf 'failed\n'
        cat "$log" >&2
        rm -f "$log"
        exit 1
    fi
}

# build: the filter and its library, without the tests.
build() {
    cmake -S "$top" -B "$top/build/demo" -G Ninja -DBUILD_TESTING=OFF
    cmake --build "$top/build/demo"
}

printf 'Getting ready\n'
step 'packages for building' "$top/contrib/setup/install-deps.sh" build demo
step 'Postfix and Knot DNS, unpacked, not installed' \
    "$top/contrib/setup/unpack-servers.sh" "$top/build/servers" postfix knot sasl
step 'milter-helo, built in build/demo' build
give_back "$top/build"

exec python3 -B "$here/demo.py" \
    --filter "$top/build/demo/bin/milter-helo" --servers "$top/build/servers" "$@"
