#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# installed.sh BUILD-DIR CC: an installed policy can be used as it is; and a program outside the tree builds against an
# installed copy and gets a verdict, linked with the shared library and with the static one.
set -eu
build=$1 cc=$2
here=$(dirname "$0")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM
cmake --install "$build" --prefix "$root/usr" >/dev/null
policy=$(find "$root" -path '*/etc/milter-helo/milter-helo.yaml')
echo '# the site was here' >>"$policy"
cmake --install "$build" --prefix "$root/usr" >/dev/null
grep -q '^# the site was here$' "$policy" || { echo "an installed policy was overwritten"; exit 1; }
"$root/usr/bin/helocheck" config "$policy" >/dev/null || { echo "the installed policy cannot be used"; exit 1; }
export PKG_CONFIG_PATH="$(dirname "$(find "$root" -name helo.pc)")"
libdir="$(dirname "$PKG_CONFIG_PATH")"
# helo.pc names the prefix of the build; this copy lies elsewhere.
flags="$(pkg-config --define-variable=includedir="$root/usr/include" --define-variable=libdir="$libdir" --cflags --libs helo)"
static="$(pkg-config --define-variable=includedir="$root/usr/include" --define-variable=libdir="$libdir" --static --libs helo)"
"$cc" -Wall -Wextra -Werror -o "$root/shared" "$here/consumer.c" $flags
LD_LIBRARY_PATH="$libdir" "$root/shared"
# shellcheck disable=SC2086
"$cc" -Wall -Wextra -Werror -I "$root/usr/include" -o "$root/static" "$here/consumer.c" "$libdir/libhelo.a" \
    ${static#*-lhelo}
"$root/static"
