#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# install.sh ETC - etc/install.cmake: a file that the site has edited stays, one that it has not becomes the new one
set -eu
etc=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM
samples="$root/new samples"
site="$root/dest/a b/etc"

install_samples() {
    DESTDIR="$root/dest" cmake -DHELO_ETC="/a b/etc" -DHELO_SAMPLES="$samples" -P "$etc/install.cmake" >/dev/null
}

# expect FILE TEXT
expect() {
    got=$(cat "$site/$1" 2>&1) || true
    [ "$got" = "$2" ] || { echo "$1 is '$got', expected '$2'"; exit 1; }
}

mkdir -p "$samples/profiles" "$samples/data" "$site/profiles"
for file in milter-helo.yaml networks.yaml profiles/strict.yaml data/words.yaml; do echo one >"$samples/$file"; done
echo readme >"$samples/install.txt"
echo mine >"$site/profiles/own.yaml"
echo before >"$site/networks.yaml" # of a version without samples

install_samples
for file in milter-helo.yaml profiles/strict.yaml data/words.yaml; do expect $file one; expect $file.sample one; done
expect networks.yaml before
expect networks.yaml.sample one
[ ! -e "$site/install.txt" ] || { echo 'installed what is no policy'; exit 1; }

# The next version: one file edited by the site, one removed by it.
echo edited >"$site/milter-helo.yaml"
rm "$site/data/words.yaml"
for file in milter-helo.yaml networks.yaml profiles/strict.yaml data/words.yaml profiles/new.yaml; do
    echo two >"$samples/$file"
done
install_samples
expect milter-helo.yaml edited
expect milter-helo.yaml.sample two
expect networks.yaml before
expect profiles/strict.yaml two
expect profiles/strict.yaml.sample two
expect profiles/new.yaml two
expect profiles/own.yaml mine
expect data/words.yaml two

# An edited file stays, however often the same version is installed; undoing the edit gives it back.
install_samples
expect milter-helo.yaml edited
echo two >"$site/milter-helo.yaml"
echo three >"$samples/milter-helo.yaml"
install_samples
expect milter-helo.yaml three
