#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# house.sh - runs a command in a house of its own, which the kernel tears down when the command ends
#
#   house.sh HOST-NAME NAME-SERVER ADDRESS... -- TOOLS-ADDRESS COMMAND...
#
# Network, processes, mounts and host name are private to COMMAND and its children:
#   - every IPv4 and IPv6 address is local ("AnyIP"), so that a client may come from any of them,
#     while nothing can leave; ADDRESS... are the server's own; a client that does not choose comes
#     from TOOLS-ADDRESS;
#   - /etc is a copy, whose resolv.conf names NAME-SERVER, and whose hosts knows only this host;
#   - /var/spool is empty, on a file system in memory, so that nothing is left behind;
#   - /dev/log is who binds it: no word of a test reaches this machine's log;
#   - when COMMAND ends, or house.sh is killed, so is everything that was started within.
# Needs root. Linux namespaces; util-linux and iproute2.
set -euo pipefail

# furnish: what is to be done inside, before the command. Runs as process 1 of the house.
furnish() {
    local name=$1 name_server=$2 address own=() tools
    shift 2
    while [ "$1" != -- ]; do
        own+=("$1")
        shift
    done
    tools=$2
    shift 2

    hostname "$name"
    ip link set lo up
    ip route add local 0.0.0.0/0 dev lo
    ip -6 route add local ::/0 dev lo
    echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind
    for address in "${own[@]}"; do
        case $address in
        *:*) ip -6 addr add "$address/128" dev lo ;;
        *)
            ip addr add "$address/32" dev lo
            ip route replace local "$address" dev lo table local src "$tools"
            ;;
        esac
    done

    mount -t tmpfs -o mode=755 house /var/spool
    own_etc
    replace_file /etc/hosts "127.0.0.1 localhost" "${own[@]/%/ $name}"
    replace_file /etc/resolv.conf "nameserver $name_server" "options timeout:1 attempts:1"
    replace_file /etc/nsswitch.conf "passwd: files" "group: files" "hosts: files dns"
    own_dev
    exec "$@"
}

# own_etc: a copy of /etc, to be changed at will.
own_etc() {
    cp -a /etc /var/spool/etc
    mount --bind /var/spool/etc /etc
}

# replace_file PATH LINE...: the file has these lines; it may have been a link, or missing.
replace_file() {
    rm -f "$1"
    printf '%s\n' "${@:2}" >"$1"
}

# own_dev: a /dev with the devices that programs use, and without the way to the system's log.
own_dev() {
    local device devices=/var/spool/dev
    mkdir $devices
    for device in null zero full random urandom tty; do
        touch $devices/$device
        mount --bind /dev/$device $devices/$device
    done
    mkdir $devices/shm
    chmod 1777 $devices/shm
    ln -s /proc/self/fd $devices/fd
    ln -s fd/0 $devices/stdin
    ln -s fd/1 $devices/stdout
    ln -s fd/2 $devices/stderr
    mount --rbind $devices /dev
}

if [ "${1:-}" = --furnish ]; then
    shift
    furnish "$@"
fi
exec unshare --net --uts --ipc --mount --propagation private \
    --pid --fork --kill-child --mount-proc "$(readlink -f "$0")" --furnish "$@"
