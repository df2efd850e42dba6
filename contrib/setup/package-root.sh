#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# package-root.sh - a small Debian to try the package in
#
#   package-root.sh DIRECTORY
#
# DIRECTORY becomes the root of the release that this machine has, with systemd, Postfix, and the libraries that
# milter-helo needs. Nothing runs in it, and nothing of this machine is changed; the tests work on a layer above it
# (tests/package). One that is complete carries the file .complete, and is used again by the next run. As root.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

# libraries: what the packages with headers name as theirs; so it fits the release.
libraries() {
    dpkg-query -W -f '${Depends}\n' libmilter-dev libc-ares-dev libyaml-dev libpsl-dev libpcre2-dev libjansson-dev \
        libarchive-dev libsystemd-dev libmicrohttpd-dev | tr ',' '\n' | sed -En 's/^ *(lib[^ ]*) \(= .*/\1/p' |
        grep -v -e '-dev$' -e libpcre2-16 -e libpcre2-32 -e libpcre2-posix
}

[ $# = 1 ] || die 'usage: package-root.sh DIRECTORY'
need_root "$@"
root=$(readlink -m "$1")
[ ! -e "$root/.complete" ] || exit 0
mapfile -t needed < <(libraries)
printf -v needed '%s,' "${needed[@]}" systemd-sysv postfix python3-minimal libpython3-stdlib libc-bin netbase apparmor \
    logrotate
bootstrap "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root" --include="${needed%,}"
: >"$root/.complete"
