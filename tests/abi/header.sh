#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# header.sh INCLUDE-DIR CC: helo.h compiles alone, without a warning, as C99, C11 and C++11.
set -eu
include=$1 cc=$2
for std in c99 c11; do
    echo '#include "helo.h"' |
        "$cc" -std=$std -pedantic-errors -Wall -Wextra -Werror -fsyntax-only -I "$include" -x c -
    echo "$std: ok"
done
echo '#include "helo.h"' | c++ -std=c++11 -pedantic-errors -Wall -Wextra -Werror -fsyntax-only -I "$include" -x c++ -
echo "c++11: ok"
