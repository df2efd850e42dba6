#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# unpack-servers.sh - real mail and name servers, side by side, none of them installed
#
#   unpack-servers.sh DIRECTORY [postfix] [sendmail] [exim] [exim-config] [knot] [sasl]
#                     [prometheus] [fail2ban] [crowdsec]
#
# Debian's mail servers exclude each other, and installing one would change how this machine
# handles mail. So their packages are only downloaded and unpacked: DIRECTORY/postfix,
# DIRECTORY/sendmail, ... each a tree as it would lie under /. No maintainer script runs, no user is
# made, no service starts. Just the shared libraries they name are installed in the usual way.
#
# A tree that is complete carries the file .complete and is used again by the next run.
# Debian 12 and newer, as root. Needs the network only for what is not there yet.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

# packages_of SERVER: the Debian packages whose files make its tree.
packages_of() {
    case $1 in
    postfix) echo postfix ;;
    sendmail) echo sendmail-bin sendmail-base sendmail-cf ;;
    exim) echo exim4-daemon-heavy ;; # the one that can load what is written in C (dlfunc)
    exim-config) echo exim4-config ;; # how Debian configures it
    knot) echo knot ;;
    sasl) echo sasl2-bin ;; # saslpasswd2, which makes the test users
    prometheus) echo prometheus ;; # promtool, which tests the rules for alerts
    fail2ban) echo fail2ban ;;
    crowdsec) echo crowdsec ;; # with its hub, so that nothing more is fetched
    *)
        die "no such server: $1 (postfix, sendmail, exim, exim-config, knot, sasl, prometheus," \
            "fail2ban, crowdsec)"
        ;;
    esac
}

# libraries_of PACKAGE-FILE...: the shared libraries these packages depend on (not those for a
# browser), and for Cyrus SASL the plug-ins without which no mechanism and no user exists.
libraries_of() {
    local file
    for file in "$@"; do
        dpkg-deb -f "$file" Depends
    done | tr ',' '\n' | sed -E 's/^ *([^ :|]+).*/\1/' | sed -n '/^libjs-/d; /^lib/p' | sort -u
    echo libsasl2-modules libsasl2-modules-db
}

# unpack SERVER TREE: downloads, unpacks, and marks the tree as complete only at the very end. What
# no program reads (manuals, translations) is left out.
unpack() {
    local server=$1 tree=$2 debs=$2/debs file
    rm -rf "$tree"
    mkdir -p "$debs"
    apt_lists
    # apt's own unprivileged user cannot write below a private home directory: no sandbox here.
    # shellcheck disable=SC2046 # a list of words is wanted
    (cd "$debs" && apt_try download -o APT::Sandbox::User=root $(packages_of "$server"))
    libraries_of "$debs"/*.deb >"$tree/.libraries"
    for file in "$debs"/*.deb; do
        dpkg-deb -x "$file" "$tree"
    done
    rm -rf "$debs" "$tree"/usr/share/{doc,man,locale,lintian,bug}
    (cd "$tree" && find . -type f | sort) >"$directory/$server.files"
    mv "$directory/$server.files" "$tree/.complete"
}

# is_complete TREE: it carries the stamp, and every file the stamp lists is still there.
is_complete() {
    [ -s "$1/.complete" ] && (cd "$1" && xargs -d '\n' stat -c '' -- <.complete >/dev/null 2>&1)
}

[ $# -ge 2 ] || die 'usage: unpack-servers.sh DIRECTORY postfix|sendmail|exim|exim-config|knot|sasl|prometheus ...'
need_root "$@"
directory=$1
shift
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
for server in "$@"; do
    tree=$directory/$server
    packages_of "$server" >/dev/null
    if ! is_complete "$tree"; then
        printf 'unpacking: %s\n' "$server"
        unpack "$server" "$tree"
    fi
    # shellcheck disable=SC2046
    install_missing $(cat "$tree/.libraries")
done
