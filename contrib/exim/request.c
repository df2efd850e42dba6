/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - what Exim's ACL says to helo_exim(), see request.h
 */
#include "request.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------------------- */

/* Copies the word in front, and steps behind the blank after it. False: it is too long. */
static bool take_word(const char **rest, char *out, size_t size)
{
    size_t length = strcspn(*rest, " ");

    if (length >= size)
        return false;
    memcpy(out, *rest, length);
    out[length] = '\0';
    *rest += length + ((*rest)[length] == ' ');
    return true;
}

/* A port; 0 for none, which Exim calls "-1" at times. False: it is no port. */
static bool take_port(const char **rest, unsigned *out)
{
    char word[6];
    unsigned port = 0;

    if (!take_word(rest, word, sizeof(word)))
        return false;
    if (strcmp(word, "-1") == 0)
        word[0] = '\0';
    for (const char *s = word; *s != '\0'; s++) {
        if (*s < '0' || *s > '9')
            return false;
        port = port * 10 + (unsigned)(*s - '0');
    }
    *out = port;
    return port <= 65535;
}

static const char *unless_empty(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* An address as Exim has it. Of a link-local one the interface is cut off: "fe80::1%eth0". */
static bool parse_address(const char *text, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    char bare[HX_ADDRESS_SIZE];

    memcpy(bare, text, sizeof(bare));
    bare[strcspn(bare, "%")] = '\0';
    if (inet_pton(AF_INET, bare, &v4->sin_addr) == 1)
        out->ss_family = AF_INET;
    else if (inet_pton(AF_INET6, bare, &v6->sin6_addr) == 1)
        out->ss_family = AF_INET6;
    return out->ss_family != AF_UNSPEC;
}

/* ---- one argument each; false: its value is none that it may have ---------------------------- */

static bool take_policy(struct hx_request *out, const char *value)
{
    out->policy = value;
    return value[0] != '\0';
}

/* What is no address must not be taken for none, which would be a local submission, and exempt. */
static bool take_client(struct hx_request *out, const char *value)
{
    if (!take_word(&value, out->client_address, sizeof(out->client_address)) ||
        !take_port(&value, &out->client_port))
        return false;
    out->client_name = unless_empty(value);
    return out->client_address[0] == '\0' || parse_address(out->client_address, &out->client);
}

static bool take_server(struct hx_request *out, const char *value)
{
    if (!take_word(&value, out->server_address, sizeof(out->server_address)) ||
        !take_port(&value, &out->server_port) || strlen(value) >= sizeof(out->names))
        return false;
    memcpy(out->names, value, strlen(value) + 1);
    for (char *name = out->names, *end; *name != '\0'; name = end) {
        end = name + strcspn(name, " ");
        if (*end != '\0')
            *end++ = '\0';
        for (size_t i = 0; i < HX_NAMES && *name != '\0'; i++) {
            if (out->server_names[i] == NULL) {
                out->server_names[i] = name;
                break;
            }
        }
    }
    return true;
}

static bool take_tls(struct hx_request *out, const char *value)
{
    char verified[2];
    size_t cipher = strcspn(value, " ");

    out->tls = cipher > 0;
    value += cipher + (value[cipher] == ' ');
    if (!take_word(&value, verified, sizeof(verified)))
        return false;
    if (out->tls && verified[0] == '1')
        out->tls_client = unless_empty(value);
    return true;
}

static bool take_helo(struct hx_request *out, const char *value)
{
    out->helo = unless_empty(value);
    return true;
}

/* Some authenticators have no server_set_id: then there is somebody, of whom no name is known. */
static bool take_auth(struct hx_request *out, const char *value)
{
    if (!take_word(&value, out->auth_type, sizeof(out->auth_type)))
        return false;
    if (out->auth_type[0] != '\0')
        out->auth_user = value;
    return true;
}

static bool take_sender(struct hx_request *out, const char *value)
{
    out->sender = value;
    return true;
}

/* RFC 5321 4.1.2 Dot-string, but for where its dots are. */
static bool is_plain(const char *local, size_t length)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                ".!#$%&'*+-/=?^_`{|}~";

    return length > 0 && strspn(local, plain) >= length;
}

/*
 * The path as it would be said in SMTP. Exim has taken the quotes off the local part, in which now
 * anything may stand, "@" and blanks included; the domain has none.
 */
static bool take_recipient(struct hx_request *out, const char *value)
{
    const char *at = strrchr(value, '@');
    size_t local = at != NULL ? (size_t)(at - value) : strlen(value);
    bool quote = !is_plain(value, local);
    size_t used = 0;

    out->recipient[used++] = '<';
    if (quote)
        out->recipient[used++] = '"';
    for (size_t i = 0; i < local; i++) {
        if (used + 4 >= sizeof(out->recipient))
            return false;
        if (value[i] == '"' || value[i] == '\\')
            out->recipient[used++] = '\\';
        out->recipient[used++] = value[i];
    }
    if (quote)
        out->recipient[used++] = '"';
    if (used + strlen(value + local) + 2 > sizeof(out->recipient))
        return false;
    memcpy(out->recipient + used, value + local, strlen(value + local));
    used += strlen(value + local);
    memcpy(out->recipient + used, ">", 2);
    return true;
}

static const struct {
    const char *name;
    bool (*take)(struct hx_request *out, const char *value);
} arguments[] = {
#define HX_ARGUMENT_ROW(name) {#name, take_##name},
    HX_ARGUMENTS(HX_ARGUMENT_ROW)
#undef HX_ARGUMENT_ROW
};

/* ---- all of them ----------------------------------------------------------------------------- */

/* Leaves nothing but what is wrong with this argument, shown as far as it is printable ASCII. */
static bool fault(struct hx_request *out, const char *problem, const char *text, size_t length)
{
    enum { SHOWN = 40 };
    char shown[SHOWN + 1] = "";

    for (size_t i = 0; i < length && i < SHOWN; i++)
        shown[i] = text[i];
    for (char *s = shown; *s != '\0'; s++) {
        if (*s < ' ' || *s > '~' || *s == '"')
            *s = '?';
    }
    memset(out, 0, sizeof(*out));
#define HX_ARGUMENT_TEXT(name) " " #name "="
    (void)snprintf(out->fault, sizeof(out->fault), "helo_exim: %s \"%s\"; the arguments are%s",
                   problem, shown, HX_ARGUMENTS(HX_ARGUMENT_TEXT));
#undef HX_ARGUMENT_TEXT
    return false;
}

static bool take(struct hx_request *out, const char *text)
{
    const char *end = strchr(text, '=');
    size_t length = end != NULL ? (size_t)(end - text) : strlen(text);

    for (unsigned i = 0; end != NULL && i < HX_ARGUMENT_COUNT; i++) {
        if (strlen(arguments[i].name) != length || memcmp(arguments[i].name, text, length) != 0)
            continue;
        if ((out->given >> i & 1u) != 0)
            return fault(out, "this argument stands twice:", text, length);
        out->given |= 1u << i;
        return arguments[i].take(out, end + 1) ||
               fault(out, "a value that cannot be read:", text, strlen(text));
    }
    return fault(out, "unknown argument", text, length);
}

/* Without these two, everybody would be taken for local, or for silent. */
static const enum hx_argument needed[] = {HX_client, HX_helo};

bool hx_request_parse(struct hx_request *out, int argc, unsigned char *argv[])
{
    memset(out, 0, sizeof(*out));
    for (int i = 0; i < argc && i < HX_ARGUMENTS_MAX; i++) {
        if (!take(out, (const char *)argv[i]))
            return false;
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        const char *name = arguments[needed[i]].name;

        if (!hx_request_has(out, needed[i]))
            return fault(out, "missing argument", name, strlen(name));
    }
    return true;
}
