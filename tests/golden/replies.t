helocheck explain: the site's own words in replies
==================================================

They stand in place of our sentences. The last line has the check, the id and the standard in any case, so that
a refusal can always be found.

    $ helocheck explain --client 2001:db8:99::9 --helo mx.site.example --server-name mx.site.example --rcpt bob@site.example --policy replies.yaml --zone world.zone --id 01TEST | grep -A9 ^reply
    reply     550-5.7.1 Ihr Mailserver nennt sich mx.site.example, so heissen aber wir. Er muss seinen
              eigenen Namen sagen.
              550 5.7.1 check=own_name id=01TEST (RFC 5321 4.1.1.1) see
              https://www.site.example/refused/own_name?id=01TEST&helo=mx.site.example contact
              mailto:postmaster@site.example?subject=01TEST

Of one reason, with our sentences in it.

    $ helocheck explain --client 203.0.113.9 --helo 203.0.113.9 --rcpt bob@site.example --policy replies.yaml --zone world.zone --id 01TEST | grep -A9 ^reply
    reply     450-4.7.1 HELO "203.0.113.9" is an IP address without brackets. Please ask your provider:
              make your mail server say its full host name, or at least [203.0.113.9] with the brackets.
              450-4.7.1 Also: your address, [203.0.113.9], has no reverse DNS (PTR record)
              450 4.7.1 check=bare_ip,no_ptr id=01TEST (RFC 5321 4.1.3) see
              https://www.site.example/refused/bare_ip?id=01TEST&helo=203.0.113.9 contact
              mailto:postmaster@site.example?subject=01TEST

Of another reason of that check there are ours. What was said is percent-encoded in a URL.

    $ helocheck explain --client 203.0.113.9 --helo '192.0.2.99' --rcpt bob@site.example --policy replies.yaml --zone world.zone --id 01TEST | grep -A9 ^reply
    reply     550-5.7.1 Refused: HELO "192.0.2.99" is an IP address without brackets, and not yours,
              [203.0.113.9]
              550-5.7.1 To mend it: make your mail server say its full host name (RFC 5321 4.1.3)
              550 5.7.1 check=bare_ip id=01TEST see
              https://www.site.example/refused/bare_ip?id=01TEST&helo=192.0.2.99 contact
              mailto:postmaster@site.example?subject=01TEST
    $ helocheck explain --client 203.0.113.9 --helo 'a b&id=2#' --rcpt bob@site.example --policy replies.yaml --zone world.zone --id 01TEST | grep -A9 ^reply
    reply     550-5.7.1 Refused: HELO "a b&id=2#" is no host name: it has a blank inside at position 2
              550-5.7.1 To mend it: make your mail server say its full host name: letters, digits,
              hyphens and dots (RFC 5321 2.3.5, 4.1.2)
              550 5.7.1 check=syntax id=01TEST see
              https://www.site.example/refused/syntax?id=01TEST&helo=a%20b%26id%3D2%23 contact
              mailto:postmaster@site.example?subject=01TEST

A query that has no room is left out, and the page still opens.

    $ helocheck explain --client 203.0.113.9 --helo "$(printf '%0100d' 0 | tr 0 '[')" --rcpt bob@site.example --policy replies.yaml --zone world.zone --id 01TEST | grep -A9 ^reply
    reply     550-5.7.1 Refused: HELO
              "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
              [[[[[[[[[[[" is no address literal: it has no closing bracket
              550-5.7.1 To mend it: make your mail server say its full host name, or its address as
              [192.0.2.1] or [IPv6:2001:db8::1] (RFC 5321 4.1.3)
              550 5.7.1 check=literal_syntax id=01TEST see
              https://www.site.example/refused/literal_syntax contact
              mailto:postmaster@site.example?subject=01TEST

What it all comes to.

    $ helocheck config --effective replies.yaml | grep -A6 ^reply
    reply:
      url: "https://www.site.example/refused/{check}?id={id}&helo={helo}"  # replies.yaml:8
      contact: "mailto:postmaster@site.example?subject={id}"  # replies.yaml:9
      texts:
        bare_ip:
          client: "{seen}. Please ask your provider: {mend}."  # replies.yaml:12
        own_name: "Ihr Mailserver nennt sich {helo}, so heissen aber wir. Er muss seinen eigenen Namen sagen."  # replies.yaml:11
