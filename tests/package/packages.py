# SPDX-License-Identifier: BSD-2-Clause
"""The packages under test, and a later version of them, made from the same files."""

import glob
import os
import subprocess

NAMES = ("milter-helo", "libhelo1")
POLICY = "/etc/milter-helo/milter-helo.yaml"
NETWORKS = "/etc/milter-helo/networks.yaml"
HERE = os.path.dirname(os.path.abspath(__file__))


def find(folder):
    """The files of NAMES, by name."""
    found = {name: glob.glob(f"{folder}/{name}_*.deb") for name in NAMES}
    for name, files in found.items():
        if len(files) != 1:
            raise AssertionError(f"{folder} has {len(files)} packages {name}")
    return {name: files[0] for name, files in found.items()}


def field(deb, name):
    return subprocess.run(["dpkg-deb", "--field", deb, name], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip()


def later(deb, folder, changed):
    """A next version, in which these files have one more line. Returns its file."""
    tree = f"{folder}/{os.path.basename(deb)}.tree"
    subprocess.run(["dpkg-deb", "--raw-extract", deb, tree], check=True)
    control = f"{tree}/DEBIAN/control"
    with open(control, encoding="utf-8") as file:
        text = file.read()
    version = field(deb, "Version")
    with open(control, "w", encoding="utf-8") as file:
        file.write(text.replace(f"Version: {version}\n", f"Version: {version}+later\n"))
    for path in changed:
        with open(tree + path, "a", encoding="utf-8") as file:
            file.write("# of the later version\n")
    made = f"{folder}/later_{os.path.basename(deb)}"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, made], check=True, stdout=subprocess.DEVNULL)
    return made


def take(root, folder):
    """Puts the packages, the later version, and our client into the root. Returns the two lists of packages there."""
    now, then = [], []
    for name, deb in find(folder).items():
        root.take(deb, f"/opt/now/{name}.deb")
        now.append(f"/opt/now/{name}.deb")
        made = later(deb, root.home, [NETWORKS] if name == "milter-helo" else [])
        root.take(made, f"/opt/later/{name}.deb")
        then.append(f"/opt/later/{name}.deb")
    root.take(f"{HERE}/client.py", "/opt/client.py")
    root.take(f"{HERE}/../wire/milter_client.py", "/opt/milter_client.py")
    return now, then


def edit(root):
    """What a site does: its policy refuses, and knows its own name. Our client's address is not the machine's own."""
    text = root.read(POLICY)
    for before, after in (("\nmode: observe\n", "\nmode: enforce\n"), ("\n  learn: true\n", "\n  learn: false\n"),
                          ("\n  names: []\n", "\n  names: [mx.site.example]\n")):
        if text.count(before) != 1:
            raise AssertionError(f"the policy has no line {before.strip()}")
        text = text.replace(before, after)
    root.write(POLICY, text)
    return text
