#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# in-debian.sh - runs a command in another release of Debian, without touching this one
#
#   in-debian.sh RELEASE DIRECTORY COMMAND [ARGUMENT...]
#
# DIRECTORY becomes the root of a small RELEASE (trixie, say), with what building and the rings
# without mail servers need; it is made by the first run and used again by the next. COMMAND runs in
# it as root, in the directory of the project, which is seen there under the name it has here. It
# has a network, but /tmp, /run and the processes are its own: nothing stays mounted, and nothing
# running, whichever way it ends.
#
# Packages come from the mirror, and by the proxy, that apt uses here, and are trusted by Debian's
# own keys. Debian 12 and newer, as root; mount and pid namespaces must be allowed.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"
top=$(readlink -f "$(dirname "$(readlink -f "$0")")/../..")

# make_root: the base system with apt. One that was interrupted is made anew.
make_root() {
    bootstrap "$release" "$root"
    echo 'APT::Keep-Downloaded-Packages "false";' >"$root/etc/apt/apt.conf.d/90lean"
}

# borrow FILE...: what the network of this machine is found by, where it has such a file.
borrow() {
    local file
    for file in "$@"; do
        [ ! -e "$file" ] || install -D -m 644 "$file" "$root$file"
    done
}

# run_in_root COMMAND...: as the first process of its namespaces.
run_in_root() {
    local name keep=()
    mount --bind "$root" "$root" # so that its / is a mount, and unshare(1) works in it
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir -p "$root$top"
    mount --bind "$top" "$root$top"
    borrow /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt
    for name in http_proxy https_proxy no_proxy; do
        [ -z "${!name:-}" ] || keep+=("$name=${!name}")
    done
    # The first process hears only the signals that it asks for. With it all others end.
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # shellcheck disable=SC2016 # it is for the shell inside
    env -i --default-signal "${keep[@]}" HOME=/root LC_ALL=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$root" bash -c 'cd "$1" && shift && exec "$@"' bash "$top" "$@" </dev/null &
    wait $!
}

# apart FUNCTION ARGUMENT...: in namespaces of its own, killed when this process ends.
apart() {
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
        "$0" --apart "$release" "$root" "$@"
}

if [ "${1:-}" = --apart ]; then
    release=$2 root=$3
    shift 3
    "$@"
    exit
fi
[ $# -ge 3 ] || die 'usage: in-debian.sh RELEASE DIRECTORY COMMAND [ARGUMENT...]'
need_root "$@"
# Who started us may be killed: then we are, too.
[ -n "${HELO_TIED:-}" ] || HELO_TIED=yes exec setpriv --pdeathsig KILL "$0" "$@"
release=$1
root=$(readlink -m "$2")
shift 2
# The stamp says that all packages are there, and none is half installed.
[ -e "$root.complete" ] || apart make_root
rm -f "$root.complete"
apart run_in_root contrib/setup/install-deps.sh build rings
: >"$root.complete"
apart run_in_root "$@"
