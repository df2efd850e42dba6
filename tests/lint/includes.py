# SPDX-License-Identifier: BSD-2-Clause
"""The layers, as the #include lines have them: nobody includes a step up.

Each layer may include itself and those in its row. The facts and the checks never see DNS; `tools` and `milter` stand
on helo.h alone, and on headers of their own; so do the modules below contrib/. A library is spoken to by one file, or
in one folder.
"""

import re
import sys
from pathlib import PurePosixPath

from common import Findings, ROOT, files, give_up, line_of, read

LAYERS = {
    "include": set(),
    "base": {"include"},
    "name": {"include", "base"},
    "facts": {"include", "base", "name"},
    "dns": {"include", "base", "name", "facts"},
    "checks": {"include", "base", "name", "facts"},
    "policy": {"include", "base", "name", "facts", "dns", "checks"},
    "session": {"include", "base", "name", "facts", "dns", "checks", "policy"},
    "tools": {"include"},
    "milter": {"include"},
    "contrib": {"include", "milter"},  # the filter's ids
}

# Headers of libraries: where they may be included, and by how many files.
LIBRARIES = {
    "ares.h": ("lib/dns/", 1),
    "arpa/nameser.h": ("lib/dns/", 99),
    "resolv.h": ("lib/dns/", 99),
    "netdb.h": ("lib/dns/", 0),  # its functions block, and follow the system's search list
    "yaml.h": ("lib/policy/", 1),
    "libpsl.h": ("lib/name/", 1),
    "pcre2.h": ("lib/name/", 1),
    "archive.h": ("lib/tools/log/", 1),
    "jansson.h": ("lib/tools/", 4),
    "libmilter/mfapi.h": ("milter/", 5),
    "microhttpd.h": ("milter/", 1),
    "syslog.h": ("milter/", 3),  # the library never logs by itself
    "systemd/sd-daemon.h": ("milter/", 1),
    "systemd/sd-journal.h": ("milter/", 1),
    "malloc.h": ("milter/", 1),  # glibc only; the allocator is the program's affair
}

# C11 and POSIX.1-2008, and what Linux adds to it.
SYSTEM = set("""
    arpa/inet.h dirent.h errno.h fcntl.h getopt.h grp.h ifaddrs.h inttypes.h libgen.h limits.h math.h net/if.h netinet/in.h
    poll.h pthread.h pwd.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
    string.h sys/eventfd.h sys/file.h sys/pidfd.h sys/prctl.h sys/queue.h sys/random.h sys/resource.h sys/socket.h
    sys/stat.h sys/time.h sys/types.h sys/uio.h sys/un.h sys/wait.h time.h unistd.h
""".split())


def layer_of(path):
    parts = PurePosixPath(path).parts
    return parts[1] if parts[0] == "lib" else parts[0]


def normal(path):
    """Without its "..", which must not hide a layer."""
    parts = []
    for part in PurePosixPath(path).parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def own_header(path, target, exists):
    """The file that #include "target" means, relative to the root, or None."""
    for folder in (PurePosixPath(path).parent, PurePosixPath("lib"), PurePosixPath("lib/include"),
                   PurePosixPath("milter")):
        name = normal(folder / target)
        if exists(name):
            return name
    return None


def fault(path, form, target, exists):
    """What is wrong with this #include of this file; None when nothing is."""
    if form == "<" and target != "helo.h":
        if target in LIBRARIES:
            folder = LIBRARIES[target][0]
            return None if path.startswith(folder) else f"<{target}> belongs to {folder}"
        return None if target in SYSTEM else f"<{target}> is not known: add it to tests/lint/includes.py"
    found = own_header(path, target, exists)
    if found is None:
        return f"no header {target}"
    upper, lower = layer_of(path), layer_of(found)
    if upper == lower or lower in LAYERS[upper]:
        return None
    return f"{upper} may not include {lower} ({found})"


def counts(uses):
    """Libraries that more files speak to than may: (path, line, text)."""
    for target, places in sorted(uses.items()):
        most = LIBRARIES[target][1]
        if len(places) > most:
            path, line = places[-1]
            yield path, line, f"<{target}> is included by {len(places)} files, of {most} at most: " + \
                ", ".join(sorted(place[0] for place in places))


INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)

TREE = {"lib/include/helo.h", "lib/base/ip.h", "lib/name/domain.h", "lib/facts/facts.h", "lib/dns/cache.h",
        "lib/checks/registry.h", "lib/policy/policy.h", "lib/session/engine.h", "lib/tools/case.h",
        "milter/server.h", "milter/id.h", "contrib/exim/request.h"}

# path, include, whether it is allowed
SELF_TEST = [
    ("lib/base/ip.c", "<string.h>", True),
    ("lib/base/diag.h", '"include/helo.h"', True),
    ("lib/base/ip.c", '"base/ip.h"', True),
    ("lib/base/ip.c", '"name/domain.h"', False),
    ("lib/base/ip.c", "<ares.h>", False),
    ("lib/base/ip.c", "<unheard/of.h>", False),
    ("lib/base/ip.c", '"base/missing.h"', False),
    ("lib/include/helo.h", '"base/ip.h"', False),
    ("lib/name/domain.c", "<libpsl.h>", True),
    ("lib/name/regex.c", "<pcre2.h>", True),
    ("lib/name/domain.c", '"facts/facts.h"', False),
    ("lib/facts/facts.h", '"name/domain.h"', True),
    ("lib/facts/facts.c", '"dns/cache.h"', False),
    ("lib/facts/facts.c", '"checks/registry.h"', False),
    ("lib/dns/cache.c", '"facts/facts.h"', True),
    ("lib/dns/cache.c", '"checks/registry.h"', False),
    ("lib/dns/cache.c", '"policy/policy.h"', False),
    ("lib/dns/cache.c", "<netdb.h>", True),
    ("lib/checks/records.c", '"facts/facts.h"', True),
    ("lib/checks/records.c", '"dns/cache.h"', False),
    ("lib/checks/records.c", '"../dns/cache.h"', False),
    ("lib/checks/records.c", "<arpa/nameser.h>", False),
    ("lib/policy/verdict.c", '"checks/registry.h"', True),
    ("lib/policy/verdict.c", '"dns/cache.h"', True),
    ("lib/policy/verdict.c", '"session/engine.h"', False),
    ("lib/policy/verdict.c", "<jansson.h>", False),
    ("lib/policy/verdict.c", "<pcre2.h>", False),
    ("lib/session/engine.c", '"policy/policy.h"', True),
    ("lib/session/engine.c", "<libmilter/mfapi.h>", False),
    ("lib/session/engine.c", "<syslog.h>", False),
    ("lib/tools/case.c", '"helo.h"', True),
    ("lib/tools/case.c", "<helo.h>", True),
    ("lib/tools/case.c", '"case.h"', True),
    ("lib/tools/case.c", "<jansson.h>", True),
    ("lib/tools/case.c", '"base/ip.h"', False),
    ("lib/tools/case.c", '"../base/ip.h"', False),
    ("milter/server.c", '"helo.h"', True),
    ("milter/server.c", '"server.h"', True),
    ("milter/server.c", "<libmilter/mfapi.h>", True),
    ("milter/server.c", '"policy/policy.h"', False),
    ("milter/server.c", '"../lib/session/engine.h"', False),
    ("milter/server.c", "<yaml.h>", False),
    ("contrib/exim/request.c", '"request.h"', True),
    ("contrib/exim/helo_exim.c", '"helo.h"', True),
    ("contrib/exim/helo_exim.c", '"id.h"', True),
    ("contrib/exim/helo_exim.c", '"base/ip.h"', False),
    ("contrib/exim/helo_exim.c", "<syslog.h>", False),
]


def self_test():
    for path, include, allowed in SELF_TEST:
        text = fault(path, include[0], include[1:-1], TREE.__contains__)
        if (text is None) != allowed:
            give_up(f"the check is broken: {path} and #include {include}: {text}")
    too_many = list(counts({"ares.h": [("lib/dns/a.c", 1), ("lib/dns/b.c", 1)], "yaml.h": [("lib/policy/y.c", 1)]}))
    if len(too_many) != 1:
        give_up("the check is broken: it does not count files")
    # Every rule of the table must refuse something, or nobody knows that it works.
    refused = {layer_of(path) for path, _, allowed in SELF_TEST if not allowed}
    if refused != set(LAYERS):
        give_up(f"the check is broken: no refused example of {sorted(set(LAYERS) - refused)}")


def main():
    findings = Findings()
    uses = {}
    looked_at = 0
    self_test()
    for path in files("lib", "milter", "contrib"):
        if not path.endswith((".c", ".h", ".def")):
            continue
        if layer_of(path) not in LAYERS:
            findings.add(path, 0, "stands on no layer of tests/lint/includes.py")
            continue
        text = read(path)
        looked_at += 1
        for match in INCLUDE.finditer(text):
            form, target = match.groups()
            line = line_of(text, match.start())
            wrong = fault(path, form, target, lambda name: (ROOT / name).is_file())
            if wrong:
                findings.add(path, line, wrong)
            elif form == "<" and target in LIBRARIES:
                uses.setdefault(target, []).append((path, line))
    for path, line, text in counts(uses):
        findings.add(path, line, text)
    if looked_at == 0:
        give_up("found no source")
    findings.exit(f"includes of {looked_at} files")


if __name__ == "__main__":
    sys.exit(main())
