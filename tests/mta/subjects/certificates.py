# SPDX-License-Identifier: BSD-2-Clause
"""Client certificates: exempt is who has one that the mail server trusts, and nobody else."""

import ssl

import expect
from rig import world
from rig.process import run
from subjects import Subject

PARTNER = "partner.example"
SUBJECT = Subject("client certificates", policy={"more": f"exempt:\n  tls_clients: [{PARTNER}]\n"})
JOE = f"joe@{world.MAIL_DOMAIN}"
LYING = world.SERVER_NAME
POSTFIX_MAIN = """\
smtpd_tls_ask_ccert = yes
smtpd_tls_CAfile = {etc}/cert.pem
"""


def make_key(base, common_name, *options):
    run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", f"/C=DE/O=Partner Inc/CN={common_name}", "-keyout", f"{base}.key", *options])


def make_trusted(etc, name, common_name):
    """Signed with the server's own key, whose certificate is the authority that it trusts."""
    base = f"{etc}/{name}"
    make_key(base, common_name, "-out", f"{base}.request")
    run(["openssl", "x509", "-req", "-in", f"{base}.request", "-CA", f"{etc}/cert.pem",
         "-CAkey", f"{etc}/key.pem", "-CAcreateserial", "-days", "30", "-out", f"{base}.pem"])


@SUBJECT.case("the server asks for certificates from now on")
def set_up(stage):
    etc = f"{stage.mta.home}/etc"
    make_trusted(etc, "trusted", PARTNER)
    make_trusted(etc, "other", "other.example")
    make_key(f"{etc}/selfmade", PARTNER, "-x509", "-days", "30", "-out", f"{etc}/selfmade.pem")
    if not stage.is_postfix:
        return "it does anyway"
    stage.mta.stop()
    with open(f"{etc}/main.cf", encoding="utf-8") as file:
        text = file.read()
    stage.mta.write("main.cf", text + POSTFIX_MAIN.format(etc=etc))
    stage.mta.start()
    return "smtpd_tls_ask_ccert"


def start_tls(stage, client, name):
    """STARTTLS with this certificate, or with none."""
    expect.reply(client.command("STARTTLS"), 220)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if name:
        base = f"{stage.mta.home}/etc/{name}"
        context.load_cert_chain(f"{base}.pem", f"{base}.key")
    client.socket = context.wrap_socket(client.socket)


def judge(stage, name, exempt, tls=True):
    """A client that says our name: refused, unless its certificate counts."""
    sender = stage.sender()
    with stage.dial() as client:
        expect.reply(client.ehlo(LYING), 250)
        if tls:
            start_tls(stage, client, name)
            expect.reply(client.ehlo(LYING), 250)
        expect.reply(client.mail(sender), 250)
        expect.reply(client.rcpt(JOE), 250 if exempt else 550)
    expect.log(stage.filter.decision(**{"from": sender}), "accept" if exempt else "reject",
               exempt="tls_client" if exempt else None)


@SUBJECT.case("one that the server trusts, with the partner's name")
def trusted(stage):
    judge(stage, "trusted", exempt=True)


@SUBJECT.case("one of the partner's name that anybody could have made")
def self_made(stage):
    judge(stage, "selfmade", exempt=False)


@SUBJECT.case("one that the server trusts, with another name")
def another_name(stage):
    judge(stage, "other", exempt=False)


@SUBJECT.case("TLS without a certificate, and no TLS")
def none(stage):
    judge(stage, None, exempt=False)
    judge(stage, None, exempt=False, tls=False)


@SUBJECT.case("Postfix under another name: certificates do not count", only="postfix")
def renamed(stage):
    """milter_macro_v tells a Postfix from a Sendmail that keeps {verify} to itself."""
    stage.mta.stop()
    with open(f"{stage.mta.home}/etc/main.cf", encoding="utf-8") as file:
        text = file.read()
    stage.mta.write("main.cf", text + "milter_macro_v = another server\n")
    stage.mta.start()
    judge(stage, "trusted", exempt=False)
