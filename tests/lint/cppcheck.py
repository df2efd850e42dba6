# SPDX-License-Identifier: BSD-2-Clause
"""cppcheck over the library and the filter, all of its findings but style. Argument: the build folder."""

import subprocess
import sys

from common import Findings, ROOT, compile_commands, defines_and_includes, give_up, run_each, tool

# id, why it is not looked at. A finding that is wrong in one place is answered in that place (cppcheck-suppress).
SUPPRESSED = {
    "missingIncludeSystem": "the C library's own headers are not analysed",
}

BROKEN = "void f(void)\n{\n    int a[2];\n    a[2] = 0;\n}\n"


def queue_header():
    """Where <sys/queue.h> is: cppcheck does not read the system's headers, and must know its macros."""
    said = subprocess.run([tool("gcc", package="gcc"), "-M", "-x", "c", "-"], input=b"#include <sys/queue.h>\n",
                          capture_output=True, check=True).stdout.decode()
    return next(word for word in said.split() if word.endswith("sys/queue.h"))


def command(program, name, words):
    return [program, "--quiet", "--error-exitcode=1", "--enable=warning,performance,portability", "--std=c11",
            "--inline-suppr", "--platform=unix64", "--template={file}:{line}: {severity}: {message} [{id}]",
            *(f"--suppress={name}" for name in SUPPRESSED),
            *(word for word in words if not word.startswith("-std")), name]


def self_test(program, build, always):
    broken = f"{build}/lint_cppcheck_self_test.c"
    with open(broken, "w", encoding="ascii") as file:
        file.write(BROKEN)
    for _, code, output in run_each([broken], lambda name: command(program, name, always)):
        if code != 1 or "arrayIndexOutOfBounds" not in output:
            give_up(f"cppcheck does not find an index past the end: {output}")


def main():
    build = sys.argv[1]
    program = tool("cppcheck", package="cppcheck")
    findings = Findings()
    commands = compile_commands(build, "lib", "milter", "contrib")
    always = [f"--include={queue_header()}"]
    self_test(program, build, always)
    for name, code, output in run_each(
            sorted(commands), lambda name: command(program, name, always + defines_and_includes(commands[name]))):
        if code != 0:
            findings.add(name, 0, "\n" + output.replace(f"{ROOT}/", ""))
    findings.exit(f"cppcheck over {len(commands)} files")


if __name__ == "__main__":
    main()
