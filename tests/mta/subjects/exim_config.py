# SPDX-License-Identifier: BSD-2-Clause
"""contrib/exim in Debian's own configuration, as its head says: one line of macros, two files."""

from functools import partial

import expect
from rig import world
from rig.process import until
from subjects import Subject

SUBJECT = Subject("Debian's configuration of Exim", trees=("exim",))
LYING = world.SERVER_NAME
DELIVER = """\
#!/bin/sh
cat >/dev/null
ls -l /proc/self/fd >{home}/spool/part && mv {home}/spool/part {home}/spool/delivered.{number}
"""


def restart(split, stage):
    """Debian's Exim takes mail, refuses a lie, and what it delivers to has none of our sockets."""
    stage.mta.stop()
    stage.mta.configure(split)
    number = int(split)
    stage.mta.alias("joe", DELIVER.format(home=stage.mta.home, number=number))
    stage.mta.start()
    sender = stage.sender()
    with stage.dial() as client:
        client.ehlo("mail.client.example")
        client.mail(sender)
        expect.reply(client.rcpt(f"joe@{world.MAIL_DOMAIN}"), 250)
        expect.reply(client.data(), 250)
    expect.log(stage.filter.decision(**{"from": sender}), "accept")

    def delivered():
        try:
            with open(f"{stage.mta.home}/spool/delivered.{number}", encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None
    opened = until(delivered, "delivery")
    expect.that("pipe" in opened and "socket" not in opened and "anon_inode" not in opened, opened)


SUBJECT.add("split: mail is delivered, by a program that has none of our files",
            partial(restart, True))


def refusals(stage):
    sender = stage.sender()
    with stage.dial() as client:
        client.ehlo(LYING)
        client.mail(sender)
        expect.reply(client.rcpt(f"joe@{world.MAIL_DOMAIN}"), 550, "5.7.1", ("check=own_name",))
        expect.reply(client.rcpt(f"postmaster@{world.MAIL_DOMAIN}"), 250)
        expect.reply(client.rcpt("ann@remote.example"), 550, "", ("relay not permitted",))
    decisions = stage.filter.decisions(**{"from": sender})
    expect.that([each["to"] for each in decisions] == [f"joe@{world.MAIL_DOMAIN}"],
                "only who gets that far in Debian's ACL is judged")
    with stage.dial(world.INTERNAL) as client:
        client.ehlo(LYING)
        client.mail(stage.sender())
        expect.reply(client.rcpt("ann@remote.example"), 250)


SUBJECT.add("split: a lie is refused, postmaster reached, our own hosts relay", refusals)
SUBJECT.add("unsplit: mail is delivered, by a program that has none of our files",
            partial(restart, False))
SUBJECT.add("unsplit: a lie is refused, postmaster reached, our own hosts relay", refusals)
