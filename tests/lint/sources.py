# SPDX-License-Identifier: BSD-2-Clause
"""Rules that a text search can hold: licence lines, sizes, forbidden functions, left-over notes.

Each rule is a function from (path, text) to findings (line, text), and has examples below that it must find and that
it must pass: a rule that finds nothing any more is broken, not satisfied.
"""

import re
import sys

from common import Findings, code_of, files, give_up, line_of, read

MAX_FILE_LINES = 500
# The one installed header: what a program needs stands in one place, and most of it is prose.
MAX_PUBLIC_LINES = 600
PUBLIC = "lib/include/helo.h"
MAX_FUNCTION_LINES = 60
MAX_CALLBACK_LINES = 29
MAX_COLUMNS = 100

LICENCE = "SPDX-License-Identifier: BSD-2-Clause"

# Where a comment is possible. Data is left out: a byte more in it would change what it is for.
COMMENTED = re.compile(
    r"(\.(c|h|def|map|py|sh|cmake|ya?ml|in|cf|mc|supp|service|conf|[1-8])|/?CMakeLists\.txt|"
    r"/?\.(clang-format|clang-tidy|editorconfig|gitattributes|gitignore|cppcheck))$")
DATA = re.compile(r"^tests/(fuzz/corpus/|[^/]+/(good|bad|data|cases|expected|corpus)/)")

C_FILE = re.compile(r"\.[ch]$")
LIBRARY = re.compile(r"^lib/(?!tools/)")

# name, what to use; the reasons are one and the same: no bound, no error, no thread safety, or a blocking look-up.
BANNED = {
    "sprintf": "snprintf", "vsprintf": "vsnprintf", "strcpy": "text_copy", "stpcpy": "text_copy",
    "strcat": "text_add", "strncpy": "text_copy", "strncat": "text_add", "gets": "fgets", "strtok": "strchr",
    "atoi": "strtol", "atol": "strtol", "atoll": "strtoll", "atof": "strtod", "rand": "getrandom",
    "srand": "getrandom", "random": "getrandom", "drand48": "getrandom", "gethostbyname": "the resolver thread",
    "gethostbyaddr": "the resolver thread", "getaddrinfo": "the resolver thread", "getnameinfo": "ip_format",
    "inet_aton": "ip_parse", "inet_addr": "ip_parse", "inet_ntoa": "ip_format", "alloca": "a bounded array",
    "signal": "sigaction", "tmpnam": "mkstemp", "mktemp": "mkstemp", "system": "nothing", "popen": "nothing",
    "asctime": "strftime", "ctime": "strftime", "localtime": "localtime_r", "gmtime": "gmtime_r",
    "strcasecmp": "text_equal_nocase", "strncasecmp": "text_equal_nocase", "vfork": "fork",
}
# In the library only: base/mem.c and base/clock.c are the one door.
MEMORY = {name: "mem_*" for name in ("malloc", "calloc", "realloc", "reallocarray", "free", "strdup", "strndup",
                                      "asprintf", "vasprintf")}
CLOCKS = {name: "clock_*" for name in ("time", "gettimeofday", "clock_gettime")}
NO_END = {name: "a status" for name in ("exit", "_exit", "abort", "assert", "syslog", "printf", "perror")}


def calls(code, names):
    for match in re.finditer(r"(?<![\w.>])(" + "|".join(names) + r")\s*\(", code):
        yield line_of(code, match.start()), f"{match[1]}() is not used here: use {names[match[1]]}"


def licence(path, text):
    if COMMENTED.search(path) or text.startswith("#!"):
        if not any(LICENCE in line for line in text.splitlines()[:5]):
            yield 1, f"no line with {LICENCE}"


def file_length(path, text):
    lines = text.count("\n")
    most = MAX_PUBLIC_LINES if path == PUBLIC else MAX_FILE_LINES
    if lines > most and re.search(r"\.(c|h|py|sh)$", path):
        yield lines, f"{lines} lines, of {most} at most"


def columns(path, text):
    if C_FILE.search(path):
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > MAX_COLUMNS:
                yield number, f"{len(line)} columns, of {MAX_COLUMNS} at most"


def blanks(path, text):
    if not COMMENTED.search(path):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if "\t" in line and C_FILE.search(path):
            yield number, "a tab"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no newline at the end of the file"


def functions(text):
    """(line, name, lines of the body with its braces) of each; the format lint keeps both braces in column one."""
    start = None
    lines = code_of(text).split("\n")
    for number, line in enumerate(lines):
        if line.rstrip() == "{":
            start = number
        elif line.rstrip() == "}" and start is not None:
            head = " ".join(lines[max(0, start - 4):start])
            names = re.findall(r"(\w+)\s*\(", head.rsplit(";", 1)[-1].rsplit("}", 1)[-1])
            yield start + 1, names[0] if names else "?", number - start + 1
            start = None


def function_length(path, text):
    if C_FILE.search(path):
        most = MAX_CALLBACK_LINES if re.match(r"milter/callbacks[^/]*\.c$", path) else MAX_FUNCTION_LINES
        for line, name, length in functions(text):
            if length > most:
                yield line, f"{name}() has {length} lines, of {most} at most"


def banned(path, text):
    if C_FILE.search(path):
        yield from calls(code_of(text), BANNED)


def one_door(path, text):
    if not C_FILE.search(path) or not LIBRARY.match(path):
        return
    code = code_of(text)
    if path != "lib/base/mem.c":
        yield from calls(code, MEMORY)
    if path != "lib/base/clock.c":
        yield from calls(code, CLOCKS)
    yield from calls(code, NO_END)


# Written in two parts, so that this file does not find itself.
NOTE = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b|\bfor n" r"ow\b|place" r"holder", re.M)
MACHINE = re.compile(r"(?<![\w.])/(wo" r"rk|ro" r"ot|home/\w+)/")


def notes(path, text):
    for match in NOTE.finditer(text):
        yield line_of(text, match.start()), f"a left-over note: {match[0]}"
    for match in MACHINE.finditer(text):
        yield line_of(text, match.start()), f"a path of one machine: {match[0]}"


RULES = [licence, file_length, columns, blanks, function_length, banned, one_door, notes]

SPDX_C = f"/* {LICENCE} */\n"
LONG_BODY = "int f(void)\n{\n" + "    g();\n" * 59 + "}\n"
CALLBACK_BODY = "int f(void)\n{\n" + "    g();\n" * 28 + "}\n"

# rule, path, text, number of findings
SELF_TEST = [
    (licence, "a.c", "int x;\n", 1),
    (licence, "a.c", SPDX_C, 0),
    (licence, "contrib/run", "#!/bin/sh\n", 1),
    (licence, "etc/a.yaml", "mode: observe\n", 1),
    (licence, "README", "words\n", 0),
    (file_length, "a.c", "\n" * 501, 1),
    (file_length, "a.c", "\n" * 500, 0),
    (file_length, PUBLIC, "\n" * 600, 0),
    (file_length, PUBLIC, "\n" * 601, 1),
    (columns, "a.c", "x" * 101 + "\n", 1),
    (columns, "a.c", "x" * 100 + "\n", 0),
    (blanks, "a.c", "x \n\ty\nz", 3),
    (blanks, "a.c", "x\n", 0),
    (function_length, "lib/a.c", LONG_BODY, 1),
    (function_length, "lib/a.c", CALLBACK_BODY, 0),
    (function_length, "milter/callbacks_mail.c", CALLBACK_BODY, 1),
    (function_length, "milter/server.c", CALLBACK_BODY, 0),
    (banned, "tests/a.c", "strcpy(a, b); x = sprintf (c, d);\n", 2),
    (banned, "tests/a.c", "/* strcpy(a, b) */ \"rand()\"; my_strcpy(a); p->time(); a.rand();\n", 0),
    (one_door, "lib/dns/a.c", "p = malloc(1); time(NULL); abort();\n", 3),
    (one_door, "lib/base/mem.c", "p = malloc(1);\n", 0),
    (one_door, "lib/tools/a.c", "p = malloc(1); exit(1);\n", 0),
    (one_door, "milter/a.c", "free(p);\n", 0),
    (notes, "a.c", "/* TO" + "DO: x */\n", 1),
    (notes, "a.c", "x = \"/tmp/a.XXXXXX\"; /* all of the work/day */\n", 0),
    (notes, "a.sh", "cd /wo" + "rk/main\n", 1),
]


def self_test():
    for rule, path, text, want in SELF_TEST:
        found = list(rule(path, text))
        if len(found) != want:
            give_up(f"rule {rule.__name__} is broken: {path}: {text[:40]!r}: {found}")
    if {rule for rule, _, _, want in SELF_TEST if want} != set(RULES):
        give_up("a rule has no example that it must find")


def main():
    findings = Findings()
    looked_at = 0
    self_test()
    for path in files():
        text = read(path)
        if DATA.search(path) or "\0" in text:
            continue
        looked_at += 1
        for rule in RULES:
            for line, what in rule(path, text):
                findings.add(path, line, what)
    if looked_at == 0:
        give_up("found no file")
    findings.exit(f"{len(RULES)} rules over {looked_at} files")


if __name__ == "__main__":
    sys.exit(main())
