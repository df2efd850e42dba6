# SPDX-License-Identifier: BSD-2-Clause
"""The site's own words, its page and its contact, as the client gets them through the mail server."""

import re

import expect
from rig import world
from subjects import Subject

WORDS = "100% of {helo} is ours: say your own name"
SUBJECT = Subject("the site's own words in replies", policy={"more": f"""\
reply:
  url: "https://www.site.example/refused/{{check}}?id={{id}}&helo={{helo}}"
  contact: "mailto:help@site.example?subject={{id}}"
  texts:
    own_name: "{WORDS}"
    localhost: {{name: "{{seen}}. {{mend}}. {' '.join(['A long story.'] * 25)}"}}
"""})
JOE = f"joe@{world.MAIL_DOMAIN}"
URL = re.compile(r"see (https://\S+)")


def plain(reply):
    """Without the codes that each line begins with: Exim folds lines anew."""
    return " ".join(line.removeprefix(reply.enhanced).strip() for line in reply.lines)


def refusal(stage, helo, source=world.CLIENT):
    with stage.dial(source, 25) as client:
        expect.reply(client.ehlo(helo), 250)
        expect.reply(client.mail(stage.sender()), 250)
        reply = client.rcpt(JOE)
        expect.reply(client.quit(), 221)
    return reply


def expect_found(reply, check):
    """The last line has all that is needed to find it again; returns the URL."""
    text = plain(reply)
    found = URL.search(text)
    number = re.search(r"id=([0-9A-Z]{16}) \(RFC [0-9. ]+\)", text)
    expect.that(f"check={check} id=" in text and found and number, f"no way back from: {reply}")
    expect.that(f"id={number.group(1)}" in found.group(1), f"the page has another id: {reply}")
    expect.that(f"mailto:help@site.example?subject={number.group(1)}" in text,
                f"the contact has another id: {reply}")
    return found.group(1)


@SUBJECT.case("own words, with a percent sign, in place of ours")
def own_words(stage):
    reply = refusal(stage, world.SERVER_NAME)
    expect.reply(reply, 550, "5.7.1", (WORDS.format(helo=world.SERVER_NAME),))
    expect.that("To mend it" not in reply.text, f"our sentences, too: {reply}")
    expect_found(reply, "own_name")


@SUBJECT.case("a URL with percent-encoded values comes whole")
def encoded(stage):
    reply = refusal(stage, "[IPv6:2001:db8::a]", world.CLIENT_V6)
    expect.reply(reply, 450, "4.7.1", ("helo=%5BIPv6%3A2001%3Adb8%3A%3Aa%5D",))


@SUBJECT.case("words of more than a line are folded, and cut where no more fits")
def long_words(stage):
    reply = refusal(stage, "localhost")
    expect.reply(reply, 550, "5.7.1")
    for words in ('HELO "localhost" is the name every host has for itself', "A long story. A long story."):
        expect.that(words in plain(reply), f"wanted '{words}' in: {reply}")
    expect_found(reply, "localhost")
