#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# symbols.sh LIBRARY LIB-DIR: the library exports what helo.map lists, which is what helo.h declares; and nothing else.
set -eu
library=$1 dir=$2
exported=$(nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u)
mapped=$(sed -n 's/^ *\(helo_[a-z_]*\);$/\1/p' "$dir/helo.map" | sort)
declared=$(tr '\n' ' ' <"$dir/include/helo.h" | grep -o 'HELO_API [^;]*;' | grep -o 'helo_[a-z_]* *(' | tr -d ' (' |
    sort -u)
status=0
compare() {
    if [ "$2" != "$3" ]; then
        echo "$1 differ:"
        printf '%s\n' "$2" >"${TMPDIR:-/tmp}/symbols.$$.a"
        printf '%s\n' "$3" >"${TMPDIR:-/tmp}/symbols.$$.b"
        diff "${TMPDIR:-/tmp}/symbols.$$.a" "${TMPDIR:-/tmp}/symbols.$$.b" || status=1
        rm -f "${TMPDIR:-/tmp}/symbols.$$.a" "${TMPDIR:-/tmp}/symbols.$$.b"
    fi
}
compare "exported and mapped symbols" "$exported" "$mapped"
compare "mapped and declared symbols" "$mapped" "$declared"
[ $status = 0 ] && echo "$(printf '%s\n' "$mapped" | wc -l) symbols: ok"
exit $status
