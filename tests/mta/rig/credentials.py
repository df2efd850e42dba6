# SPDX-License-Identifier: BSD-2-Clause
"""A TLS certificate, and Cyrus SASL with one user: what STARTTLS and AUTH need."""

import os
import subprocess

from . import world
from .process import Failed, run

SASL_CONFIGURATION = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {database}
mech_list: PLAIN LOGIN
"""


def make_certificate(directory):
    """Makes directory/cert.pem and key.pem, self-signed for the server's own name."""
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "3650", "-subj", f"/CN={world.SERVER_NAME}",
         "-keyout", f"{directory}/key.pem", "-out", f"{directory}/cert.pem"])
    os.chmod(f"{directory}/key.pem", 0o600)


def make_sasl(directory, trees, application, owner):
    """Makes directory/APPLICATION.conf and the user database, readable by `owner` (a uid) alone."""
    os.makedirs(directory)
    database = f"{directory}/sasldb2"
    configuration = f"{directory}/{application}.conf"
    with open(configuration, "w", encoding="ascii") as text:
        text.write(SASL_CONFIGURATION.format(database=database))
    done = subprocess.run([f"{trees}/sasl/usr/sbin/saslpasswd2", "-p", "-c", "-f", database,
                           "-u", world.SERVER_NAME, world.USER],
                          input=world.PASSWORD + "\n", text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise Failed(f"saslpasswd2: {done.stdout}{done.stderr}")
    for path in (configuration, database):
        os.chown(path, owner, -1)
        os.chmod(path, 0o600)
