# SPDX-License-Identifier: BSD-2-Clause
"""libhelo(3) says what helo.h does, and its example compiles, runs, and prints what the page says it prints.

    manual.py LIB-DIR BUILD-DIR CC

Every function that helo.map exports has its prototype in the page, the same as in helo.h, and an item with its class
of threads; every constant and every field of a structure is named; and nothing else is.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

FOUND = []


def find(text):
    FOUND.append(text)
    print(text)


def differ(what, page, header):
    for name in sorted(set(header) - set(page)):
        find(f"{what} {name} is not in the page")
    for name in sorted(set(page) - set(header)):
        find(f"{what} {name} is in the page, and not in helo.h")


# ---- helo.h

def code_of(header):
    return re.sub(r"/\*.*?\*/", " ", header, flags=re.S)


def plain(prototype):
    """One form for one prototype."""
    return re.sub(r"\s*([(),*])\s*", r"\1", " ".join(prototype.split()))


def prototypes(header):
    """{name: prototype} of functions and of the types of functions."""
    found = {}
    for match in re.finditer(r"(HELO_API|typedef)\s+([^;{}]*?\b(helo_\w+)\s*\([^;]*\));", code_of(header), re.S):
        text = match[2].replace("HELO_MUST_CHECK", "")
        found[match[3]] = plain(("typedef " if match[1] == "typedef" else "") + text)
    return found


def classes(header):
    """{function: class}: that of the comment before it, which may be about several."""
    found, last = {}, None
    for match in re.finditer(r"/\*.*?\*/|HELO_API[^;]*?\b(helo_\w+)\s*\(", header, re.S):
        if match[1]:
            found[match[1]] = last
        else:
            last = (re.findall(r"\[(shared|session|init)\]", match[0]) or [last])[-1]
    return found


def constants(header):
    code = code_of(header)
    status = re.search(r"#define HELO_STATUS_LIST\(X\)(.*?)\n\n", code, re.S)[1]
    found = {f"HELO_{name}" for name in re.findall(r"X\((\w+),", status)}
    for body in re.findall(r"enum (?:\w+ )?\{([^}#]*)\}", code):
        found |= set(re.findall(r"(?:^|,)\s*(HELO_\w+)", body))
    return found | set(re.findall(r"^#define (HELO_\w+)\s+\d", code, re.M))


def fields(header):
    """{structure: its fields}"""
    found = {}
    for name, body in re.findall(r"^struct (helo_\w+) \{(.*?)^\};", code_of(header), re.S | re.M):
        found[name] = set()
        for member in body.split(";"):
            match = re.search(r"\(\*(\w+)\)|(\w+)\s*(?:\[[^]]*\]\s*)*$", member.strip())
            if match:
                found[name].add(match[1] or match[2])
    return found


# ---- the page

def page_prototypes(page):
    found = {}
    synopsis = page.split(".Sh SYNOPSIS")[1].split(".Sh ")[0]
    for match in re.finditer(r'^\.Ft "?([^"\n]*)"?\n(?:\.Fn (\w+) (void)|\.Fo (\w+)\n((?:\.Fa .*\n)+)\.Fc)',
                             synopsis, re.M):
        arguments = match[3] or ", ".join(re.findall(r'\.Fa "?([^"\n]*)"?', match[5] or ""))
        found[match[2] or match[4]] = plain(f"{match[1]} {match[2] or match[4]}({arguments})")
    return found


def macro_words(page, macro):
    """All words behind this macro, wherever in a line."""
    found = set()
    for line in page.splitlines():
        if line.startswith("."):
            for rest in re.findall(rf"\b{macro} ((?:\w+ ?,? ?)+)", line):
                for word in rest.replace(",", " ").split():
                    if len(word) == 2 and word[0].isupper() and word[1].islower():
                        break  # the next macro
                    found.add(word)
    return found


def compare(header, mapped, page):
    ours, theirs = page_prototypes(page), prototypes(header)
    differ("prototype of", ours, theirs)
    for name in sorted(set(ours) & set(theirs)):
        if ours[name] != theirs[name]:
            find(f"{name}:\n    page   {ours[name]}\n    helo.h {theirs[name]}")
    differ("exported symbol", [name for name in ours if not name.endswith("_fn")], mapped)
    items = dict(re.findall(r"^\.It Fn (\w+) Bq (\w+)$", page, re.M))
    for name, wanted in classes(header).items():
        if items.get(name) != wanted:
            find(f"{name}: the page has the class {items.get(name)}, helo.h has {wanted}")
    differ("item", items, mapped)
    differ("constant", {word for word in macro_words(page, "Dv") if word.startswith("HELO_")}, constants(header))
    said = macro_words(page, "Va")
    for structure, names in fields(header).items():
        if f".Vt struct {structure}" not in page and f".It Fn {structure} " not in page:
            find(f"struct {structure} is not in the page")
        for name in sorted(names - said):
            find(f"struct {structure}: {name} is not in the page")
    differ("field", said, set().union(*fields(header).values()))


# ---- the example

def displays(page):
    """The literal blocks of EXAMPLES, as mdoc shows them; a backslash at the end goes on in the next line."""
    examples = page.split(".Sh EXAMPLES")[1].split(".Sh ")[0]
    return [block.replace("\\e", "\\").replace("\\&", "") for block in
            re.findall(r"^\.Bd -literal\n(.*?)^\.Ed", examples, re.S | re.M)]


def run_example(page, lib, build, compiler):
    program, printed = displays(page)
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder, "judge.c"), Path(folder, "judge")
        source.write_text(program)
        subprocess.run([*compiler, "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                        "-I", f"{lib}/include", "-o", binary, source, f"-L{build}/lib", "-lhelo",
                        f"-Wl,-rpath,{build}/lib"], check=True)
        said = subprocess.run([binary], capture_output=True, check=False, text=True, timeout=60)
    if said.returncode != 0 or said.stdout != printed.replace("\\\n", "") or said.stderr:
        find(f"the example ends with {said.returncode} and prints\n{said.stdout}{said.stderr}"
             f"where the page has\n{printed}")


def main():
    lib, build, compiler = sys.argv[1], sys.argv[2], sys.argv[3:]
    header = Path(lib, "include/helo.h").read_text()
    page = Path(lib, "libhelo.3.in").read_text()
    mapped = re.findall(r"^ +(helo_\w+);$", Path(lib, "helo.map").read_text(), re.M)
    if len(mapped) < 40 or len(prototypes(header)) < 40 or len(constants(header)) < 20 or len(fields(header)) < 8:
        find("helo.h cannot be read any more")
    compare(header, mapped, page)
    run_example(page, lib, build, compiler)
    print(f"{len(mapped)} functions, {len(constants(header))} constants, {len(fields(header))} structures: "
          f"{len(FOUND)} finding(s)")
    sys.exit(1 if FOUND else 0)


if __name__ == "__main__":
    main()
