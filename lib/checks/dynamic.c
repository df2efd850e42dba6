/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dynamic.c - names that are made of the client's address, as providers name their customers' lines
 *
 * PURPOSE  dynamic.
 * CONTRACT Pure; no look-up is ever needed. Only the client's own address counts: numbers in a name
 *          are no evidence by themselves, and neither are words.
 * LIMITS   Linear in the length of the name: what is compared at each number is of constant size.
 *
 * ALGORITHM
 *  1. The name is cut into numbers: runs of digits, with no digit around. Two numbers are joined
 *     when one separator stands between them.
 *  2. IPv4: three or four octets in a row, first to last or last to first, each a number, joined;
 *     or several in one number. Decimal, plain or padded to three digits; or hexadecimal, two
 *     digits each. Where plain ones stand together in one number it must have six digits: shorter
 *     ones are the serial numbers of hosts.
 *     IPv6: the 64 bits of the interface as 16 nibbles, in either direction, joined in any way; as
 *     four groups whose leading zeros may be missing; the same of the whole address; or that as
 *     people write it, "2001-db8-5--9".
 *  3. Where only a part of the address is found, and joined numbers stand in the place of the rest,
 *     it is somebody else's address: 192-0-2-10 is not 192.0.2.1.
 *  4. Two octets are evidence only beside a word for dial-up lines.
 *  5. A veto word clears the name.
 * Of the name only what is left of the registrable domain counts: who registers 113-9.example is
 * no customer's line. That is looked up last, since it costs the most and few names get there.
 */
#include <string.h>

#include "base/text.h"
#include "checks/run.h"
#include "facts/reference.h"
#include "name/domain.h"

enum {
    OCTETS = 4,
    NIBBLES = 32,
    GROUP_NIBBLES = 4,
    OCTET_DIGITS = 3,
    RUN_DIGITS = 6, /* of a number that is several parts */
    MAX_NUMBERS = LIMIT_NAME_CHARS / 2 + 1
};

/* What the name has of the address. */
enum share { SHARE_NONE, SHARE_PAIR, SHARE_OCTETS };

struct span {
    const char *at, *end;
};

struct number {
    const char *digits;
    size_t length;
    bool joined; /* to the next */
    bool bare;   /* no letter is glued to it */
};

/* Parts of the address, octets or nibbles, that must follow each other. */
struct window {
    const uint8_t *parts;
    size_t count;
    size_t missing; /* the address has so many more */
    bool before;    /* and that is where they would stand */
};

/* A way to write them. */
struct form {
    /* How many of the parts the number is, from the first on; 0: it is something else. */
    size_t (*take)(const struct number *number, const uint8_t *parts, size_t count);
    /* How many parts it would be of any address; 0: it is not of one. */
    size_t (*size)(const struct number *number);
};

/* ---- numbers --------------------------------------------------------------------------------- */

static bool is_separator(char c)
{
    return c == '.' || c == '-' || c == '_';
}

static bool is_hex_digit(char c)
{
    return text_is_digit(c) || (c >= 'a' && c <= 'f');
}

static unsigned hex_value(char c)
{
    return (unsigned)(text_is_digit(c) ? c - '0' : c - 'a' + 10);
}

static size_t read_numbers(struct span name, bool (*is_digit)(char), struct number out[MAX_NUMBERS])
{
    const char *begin = name.at;
    size_t count = 0;

    while (name.at < name.end) {
        const char *first = name.at;

        while (name.at < name.end && is_digit(*name.at))
            name.at++;
        if (name.at == first) {
            name.at++;
            continue;
        }
        out[count].digits = first;
        out[count].length = (size_t)(name.at - first);
        out[count].joined =
            name.end - name.at > 1 && is_separator(name.at[0]) && is_digit(name.at[1]);
        out[count].bare = (first == begin || is_separator(first[-1])) &&
                          (name.at == name.end || is_separator(*name.at));
        count++;
    }
    return count;
}

/* Joined numbers around first to last, found for window, complete another address. */
static bool is_of_another(const struct number *numbers, size_t first, size_t last,
                          const struct window *window, const struct form *form)
{
    size_t parts = 0, now = 1;

    while (now != 0 && parts < window->missing &&
           (window->before ? first > 0 && numbers[first - 1].joined : numbers[last].joined)) {
        now = form->size(&numbers[window->before ? --first : ++last]);
        parts += now;
    }
    return window->missing != 0 && parts >= window->missing;
}

static bool starts_at(const struct number *numbers, size_t first, size_t count,
                      const struct window *window, const struct form *form)
{
    size_t taken = 0;

    for (size_t i = first; i < count; i++) {
        size_t now = form->take(&numbers[i], window->parts + taken, window->count - taken);

        taken += now;
        if (now == 0)
            return false;
        if (taken == window->count)
            return !is_of_another(numbers, first, i, window, form);
        if (!numbers[i].joined)
            return false;
    }
    return false;
}

static bool has_any(const struct number *numbers, size_t count, const struct window *windows,
                    size_t window_count, const struct form *form)
{
    for (size_t first = 0; first < count; first++) {
        /* Most numbers of most names: a short one by itself. */
        if (!numbers[first].joined && numbers[first].length < RUN_DIGITS)
            continue;
        for (size_t i = 0; i < window_count; i++) {
            if (starts_at(numbers, first, count, &windows[i], form))
                return true;
        }
    }
    return false;
}

/* ---- octets ---------------------------------------------------------------------------------- */

static bool is_octet(const char *digits, size_t length, uint8_t octet)
{
    unsigned value = 0;

    for (size_t i = 0; i < length; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value == octet && (length == OCTET_DIGITS || length == 1 || digits[0] != '0');
}

/* The number is exactly these octets, each with so many digits; 0: as many as it needs. */
static bool is_run(const struct number *number, const uint8_t *octets, size_t count, size_t digits)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        size_t length = digits != 0 ? digits : octets[i] >= 100 ? 3 : octets[i] >= 10 ? 2 : 1;

        if (number->length - used < length || !is_octet(number->digits + used, length, octets[i]))
            return false;
        used += length;
    }
    return used == number->length;
}

static size_t take_decimal(const struct number *number, const uint8_t *octets, size_t count)
{
    if (number->length <= OCTET_DIGITS)
        return is_octet(number->digits, number->length, octets[0]) ? 1 : 0;
    for (size_t i = 2; number->length >= RUN_DIGITS && i <= count; i++) {
        if (is_run(number, octets, i, 0) || is_run(number, octets, i, OCTET_DIGITS))
            return i;
    }
    return 0;
}

static size_t size_decimal(const struct number *number)
{
    return number->length < RUN_DIGITS ? 1 : (number->length + OCTET_DIGITS - 1) / OCTET_DIGITS;
}

static const struct form decimal = {take_decimal, size_decimal};

static size_t take_hexadecimal(const struct number *number, const uint8_t *octets, size_t count)
{
    size_t i = 0;

    if (number->length % 2 != 0 || number->length / 2 > count)
        return 0;
    while (i < number->length / 2 && hex_value(number->digits[2 * i]) == octets[i] / 16 &&
           hex_value(number->digits[2 * i + 1]) == octets[i] % 16)
        i++;
    return i == number->length / 2 ? i : 0;
}

/* The first letters of most words are hexadecimal digits, too. */
static size_t size_hexadecimal(const struct number *number)
{
    return number->bare && number->length % 2 == 0 ? number->length / 2 : 0;
}

static const struct form hexadecimal = {take_hexadecimal, size_hexadecimal};

static enum share share_of_ipv4(const struct ip *client, struct span name)
{
    const uint8_t *ahead = client->bytes;
    const uint8_t back[OCTETS] = {ahead[3], ahead[2], ahead[1], ahead[0]};
    const struct window most[] = {{ahead, 4, 0, false},    {ahead, 3, 1, false},
                                  {ahead + 1, 3, 1, true}, {back, 4, 0, false},
                                  {back, 3, 1, false},     {back + 1, 3, 1, true}};
    const struct window pairs[] = {
        {ahead, 2, 2, false}, {ahead + 2, 2, 2, true}, {back, 2, 2, false}, {back + 2, 2, 2, true}};
    struct number numbers[MAX_NUMBERS];
    size_t count = read_numbers(name, text_is_digit, numbers);
    bool pair;

    if (has_any(numbers, count, most, sizeof(most) / sizeof(most[0]), &decimal))
        return SHARE_OCTETS;
    pair = has_any(numbers, count, pairs, sizeof(pairs) / sizeof(pairs[0]), &decimal);
    count = read_numbers(name, is_hex_digit, numbers);
    if (has_any(numbers, count, most, sizeof(most) / sizeof(most[0]), &hexadecimal))
        return SHARE_OCTETS;
    return pair ? SHARE_PAIR : SHARE_NONE;
}

/* ---- nibbles --------------------------------------------------------------------------------- */

static size_t take_nibbles(const struct number *number, const uint8_t *nibbles, size_t count)
{
    size_t i = 0;

    if (number->length > count)
        return 0;
    while (i < number->length && hex_value(number->digits[i]) == nibbles[i])
        i++;
    return i == number->length ? i : 0;
}

static size_t size_nibbles(const struct number *number)
{
    return number->bare ? number->length : 0;
}

static const struct form nibbles_as_said = {take_nibbles, size_nibbles};

static size_t take_group(const struct number *number, const uint8_t *nibbles, size_t count)
{
    size_t zeros = 0;

    if (number->length > GROUP_NIBBLES || count < GROUP_NIBBLES)
        return 0;
    while (zeros < GROUP_NIBBLES - number->length && nibbles[zeros] == 0)
        zeros++;
    return zeros == GROUP_NIBBLES - number->length &&
                   take_nibbles(number, nibbles + zeros, number->length) != 0
               ? GROUP_NIBBLES
               : 0;
}

static size_t size_group(const struct number *number)
{
    return number->bare && number->length <= GROUP_NIBBLES ? GROUP_NIBBLES : 0;
}

static const struct form groups = {take_group, size_group};

/* The address as people write it, but for its colons. */
static bool is_written_here(struct span name, const char *address)
{
    for (; *address != '\0'; address++, name.at++) {
        if (name.at == name.end ||
            (*address == ':' ? !is_separator(*name.at) : *address != *name.at))
            return false;
    }
    return name.at == name.end || !is_hex_digit(*name.at);
}

static enum share share_of_ipv6(const struct ip *client, struct span name)
{
    enum { HALF = NIBBLES / 2 };
    uint8_t ahead[NIBBLES], back[NIBBLES];
    const struct window windows[] = {{ahead, NIBBLES, 0, false},
                                     {ahead + HALF, HALF, HALF, true},
                                     {back, NIBBLES, 0, false},
                                     {back, HALF, HALF, false}};
    struct number numbers[MAX_NUMBERS];
    char address[IP_TEXT_SIZE];
    size_t count = read_numbers(name, is_hex_digit, numbers);

    for (size_t i = 0; i < NIBBLES; i++) {
        ahead[i] = i % 2 == 0 ? client->bytes[i / 2] / 16 : client->bytes[i / 2] % 16;
        back[NIBBLES - 1 - i] = ahead[i];
    }
    if (has_any(numbers, count, windows, 4, &nibbles_as_said) ||
        has_any(numbers, count, windows, 2, &groups))
        return SHARE_OCTETS;
    for (size_t i = 0; i < count; i++) {
        if (take_group(&numbers[i], ahead, NIBBLES) != 0 &&
            is_written_here((struct span){numbers[i].digits, name.end}, ip_format(client, address)))
            return SHARE_OCTETS;
    }
    return SHARE_NONE;
}

static enum share share_of(const struct ip *client, struct span name)
{
    return client->family == IP_V4 ? share_of_ipv4(client, name) : share_of_ipv6(client, name);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* "dsl12" and "3pool" are dsl and pool. */
static bool is_word(const struct word_set *words, struct span part)
{
    if (word_set_has(words, part.at, (size_t)(part.end - part.at)))
        return true;
    while (part.at < part.end && text_is_digit(part.at[0]))
        part.at++;
    while (part.at < part.end && text_is_digit(part.end[-1]))
        part.end--;
    return part.at < part.end && word_set_has(words, part.at, (size_t)(part.end - part.at));
}

static bool is_dot(char c)
{
    return c == '.';
}

static bool has_part(const struct word_set *words, struct span name, bool (*ends)(char))
{
    for (struct span part = {name.at, name.at}; part.end <= name.end; part.end++) {
        if (part.end < name.end && !ends(*part.end))
            continue;
        if (is_word(words, part))
            return true;
        part.at = part.end + 1;
    }
    return false;
}

/* As a whole label ("dial-up"), or as a part between dashes. */
static bool has_word(const struct word_set *words, struct span name)
{
    return has_part(words, name, is_separator) || has_part(words, name, is_dot);
}

/* ---- the check ------------------------------------------------------------------------------- */

/* What is left of the registrable domain; all of a name that has none. */
static struct span host_part(const struct helo_name *helo)
{
    const char *name = helo->domain;
    const char *registrable = helo_registrable(helo);

    if (registrable == NULL)
        return (struct span){name, name + strlen(name)};
    return (struct span){name, registrable > name ? registrable - 1 : name};
}

struct outcome check_dynamic(const struct facts *f)
{
    const char *name = f->helo.domain;
    struct span host;
    enum share share;

    if (f->ref == NULL || f->helo.kind != HELO_NAME_DOMAIN || f->client.family == IP_NONE)
        return outcome_none();
    if (share_of(&f->client, (struct span){name, name + strlen(name)}) == SHARE_NONE)
        return outcome_pass();
    host = host_part(&f->helo);
    share = share_of(&f->client, host);
    if (share == SHARE_NONE || has_word(&f->ref->veto_words, host))
        return outcome_pass();
    if (share == SHARE_OCTETS)
        return outcome_fail(REASON_dynamic_octets);
    return has_word(&f->ref->dialup_words, host) ? outcome_fail(REASON_dynamic_words)
                                                 : outcome_pass();
}
