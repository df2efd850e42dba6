#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# build-deb.sh - Debian packages of this tree, for the Debian it runs on
#
#   build-deb.sh [DIRECTORY]
#
# Installs what building needs (as root; otherwise it must be there), builds in DIRECTORY (build/deb), and puts
# milter-helo_*.deb, libhelo1_*.deb and libhelo-dev_*.deb into DIRECTORY/packages. Then:
#
#   apt install ./build/deb/packages/milter-helo_*.deb ./build/deb/packages/libhelo1_*.deb
#
# Debian 12 and newer. The compiler is $CC or gcc.
set -euo pipefail
top=$(readlink -f "$(dirname "$(readlink -f "$0")")/../..")
. "$top/contrib/setup/common.sh"

[ $# -le 1 ] || die 'usage: build-deb.sh [DIRECTORY]'
directory=$(readlink -m "${1:-$top/build/deb}")
if [ "$(id -u)" = 0 ]; then
    "$top/contrib/setup/install-deps.sh" build package
fi
umask 022
rm -rf "$directory/packages"
cmake -S "$top" -B "$directory" -G Ninja --log-level=WARNING -DHELO_DEB=ON -DBUILD_TESTING=OFF \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_SYSCONFDIR=/etc \
    -DCMAKE_SKIP_INSTALL_RPATH=ON
cmake --build "$directory" -- -j "$(nproc)" --quiet
(cd "$directory" && cpack --config CPackConfig.cmake >cpack.log 2>&1) || {
    cat "$directory/cpack.log" >&2
    die 'cpack failed'
}
rm -rf "$directory/packages/_CPack_Packages"
[ -z "${SUDO_UID:-}" ] || give_back "$directory"
printf '%s\n' "$directory"/packages/*.deb
