# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# common.sh - what the scripts under contrib/ share, mostly of installing packages. Bash sources it.
#
# Nothing here is interactive, and apt is only asked when something is missing: a second run needs
# no network. A mirror that stumbles is asked again, thrice.

export DEBIAN_FRONTEND=noninteractive

# die TEXT...: says why on stderr and ends the script.
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# need_root: Debian's package database, and every real mail server, wants root.
need_root() {
    [ "$(id -u)" = 0 ] || die "please run me as root, for example: sudo $0 $*"
}

# give_back DIRECTORY: what we built belongs to who called sudo, so that removing it needs no root.
give_back() {
    [ -z "${SUDO_UID:-}" ] || chown -R "$SUDO_UID:${SUDO_GID:-0}" "$1"
}

# apt_try ARGUMENT...: apt-get, quiet unless it fails, up to three times.
apt_try() {
    local log attempt
    log=$(mktemp)
    for attempt in 1 2 3; do
        if apt-get -q -y -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" >"$log" 2>&1 </dev/null; then
            rm -f "$log"
            return 0
        fi
        printf 'apt-get %s failed (attempt %d of 3)\n' "$1" "$attempt" >&2
    done
    cat "$log" >&2
    rm -f "$log"
    return 1
}

# apt_lists: fetches the package lists, once per script run.
apt_lists() {
    [ -n "${apt_lists_fetched:-}" ] && return 0
    apt_try update
    apt_lists_fetched=yes
}

# missing_of PACKAGE...: prints those that dpkg does not know as installed, one per line.
missing_of() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^ii //p')
    printf '%s\n' "$@" | grep -vxF -- "${installed:-/}" || true
}

# install_missing PACKAGE...: installs those that are not there yet.
install_missing() {
    local missing
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # a list of words is wanted, from here on
    {
        printf 'installing: %s\n' "${missing//$'\n'/ }"
        apt_lists
        apt_try install --no-install-recommends $missing
    }
}

# mirror: where this machine gets Debian itself from (not its security updates).
mirror() {
    local codename
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016 # the variables are apt's
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' \
        "Codename: $codename" 'Component: main' | sed -n 1p
}

# acquire_settings: how apt fetches here, proxies among them. Left out is what names programs and
# files of this machine, and what belongs to the version of apt.
acquire_settings() {
    apt-config dump | grep '^Acquire::' | grep -Eiv \
        '^Acquire::((IndexTargets|Changelogs|CompressionTypes|cdrom)|[a-z]+::(Proxy-?Auto|Ca|Ssl|Crl))'
}

# bootstrap RELEASE ROOT [OPTION...]: a small Debian in the directory ROOT, with mmdebstrap's
# options. Manuals and translations are read by nobody. Who makes it anew after an interruption need
# not write it to the disk file by file. Its mounts end with it.
bootstrap() {
    local release=$1 root=$2 from settings=$2.settings keys=/usr/share/keyrings/debian-archive-keyring.gpg
    shift 2
    apt_lists
    from=$(mirror)
    [ -n "$from" ] || die 'apt knows no mirror of Debian'
    [ -e "$keys" ] || die "$keys is not there: please install debian-archive-keyring"
    printf 'making: %s from %s\n' "$release" "$from"
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    acquire_settings >"$settings"
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
        mmdebstrap --quiet --mode=root --variant=apt --aptopt="$settings" \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' "$@" \
        "$release" "$root" "deb [signed-by=$keys] $from $release main" </dev/null
    rm -f "$settings"
}
