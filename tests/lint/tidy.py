# SPDX-License-Identifier: BSD-2-Clause
"""clang-tidy with .clang-tidy, over the library, the filter and the tests' C. Argument: the build folder."""

import re
import subprocess
import sys

from common import Findings, ROOT, compile_commands, give_up, run_each, tool

# What clang does not know of gcc's flags is no finding.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-ignored-optimization-argument",
         "--extra-arg=-Wno-unused-command-line-argument"]


BROKEN = "int f(int n);\nint f(int n)\n{\n    int *p = 0;\n\n    return n != 0 ? *p : 0;\n}\n"


def self_test(program, build):
    broken = f"{build}/lint_tidy_self_test.c"
    with open(broken, "w", encoding="ascii") as file:
        file.write(BROKEN)
    done = subprocess.run([program, f"--config-file={ROOT}/.clang-tidy", "--quiet", broken, "--"], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0 or b"core.NullDereference" not in done.stdout:
        give_up(f"clang-tidy does not find a null pointer: {done.stdout.decode()}")


def main():
    build = sys.argv[1]
    program = tool("clang-tidy-14", "clang-tidy", package="clang-tidy")
    findings = Findings()
    self_test(program, build)
    names = sorted(compile_commands(build, "lib", "milter", "contrib", "tests"))
    for name, code, output in run_each(names, lambda name: [program, "-p", build, "--quiet", *EXTRA, name]):
        if code != 0:
            shown = [line for line in output.splitlines() if not re.match(r"\d+ warnings? ", line)]
            findings.add(name, 0, "\n".join(shown) or f"clang-tidy ended with {code}")
    findings.exit(f"clang-tidy over {len(names)} files")


if __name__ == "__main__":
    main()
