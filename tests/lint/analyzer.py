# SPDX-License-Identifier: BSD-2-Clause
"""gcc -fanalyzer over the library and the filter. Argument: the build folder, made by any compiler."""

import subprocess
import sys

from common import Findings, compile_commands, defines_and_includes, give_up, run_each, tool

# Without optimisation, which removes what there would be to find.
FLAGS = ["-fanalyzer", "-O0", "-Wall", "-Wextra", "-Werror", "-x", "c", "-c", "-o", "/dev/null"]

# Where the analyzer is wrong: path, flags, and why.
WRONG = {
    "lib/tools/options.c": ["-Wno-analyzer-malloc-leak"],  # it loses a pointer that is kept at an offset from void *
    "lib/tools/replay/judge.c": ["-Wno-analyzer-malloc-leak"],  # and one in a row that a hash has found
}

BROKEN = "#include <stdlib.h>\nvoid f(void);\nvoid f(void)\n{\n    char *p = malloc(1);\n    free(p);\n    free(p);\n}\n"


def self_test(program):
    done = subprocess.run([program, *FLAGS, "-"], input=BROKEN.encode(), capture_output=True, check=False)
    if done.returncode == 0 or b"double-free" not in done.stderr:
        give_up(f"{program} -fanalyzer does not find a double free")


def main():
    program = tool("gcc", package="gcc")
    findings = Findings()
    commands = compile_commands(sys.argv[1], "lib", "milter", "contrib")
    self_test(program)
    for name, code, output in run_each(
            sorted(commands), lambda name: [program, *FLAGS, *WRONG.get(name, []), *defines_and_includes(commands[name]), name]):
        if code != 0:
            findings.add(name, 0, "\n" + output)
    findings.exit(f"gcc -fanalyzer over {len(commands)} files")


if __name__ == "__main__":
    main()
