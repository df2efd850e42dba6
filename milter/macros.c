/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * macros.c - what the MTA tells beside the SMTP commands, see macros.h
 */
#include "macros.h"

#include <stddef.h>
#include <string.h>

/*
 * Only what is read below. Of these, neither MTA sends {client_resolve} and {daemon_port} unless
 * asked; {if_name} and {if_addr} are Sendmail's alone, {daemon_addr} is the connected address in
 * Postfix and the configured one (often a wildcard) in Sendmail. {verify} and {cn_subject} are
 * Sendmail's, and not sent unless asked.
 */
static const struct {
    int stage;
    const char *names;
} requests[] = {
    {SMFIM_CONNECT, "j v {client_name} {client_resolve} {daemon_name} {daemon_addr} {daemon_port} "
                    "{if_name} {if_addr}"},
    {SMFIM_HELO, "{tls_version} {verify} {cert_subject} {cn_subject}"},
    {SMFIM_ENVFROM,
     "i {auth_authen} {auth_type} {tls_version} {verify} {cert_subject} {cn_subject}"},
    {SMFIM_ENVRCPT, "i"},
};

enum { NAMES_BYTES = 160 };

void mh_macros_request(SMFICTX *ctx)
{
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        char names[NAMES_BYTES]; /* libmilter's parameter is not const */

        memcpy(names, requests[i].names, strlen(requests[i].names) + 1);
        /* Fails without memory: then the MTA sends what it likes, which is less, and no harm. */
        (void)smfi_setsymlist(ctx, requests[i].stage, names);
    }
}

/* NULL when there is none, or an empty one: Sendmail sends those, too. */
static const char *macro(SMFICTX *ctx, const char *name)
{
    char copy[32]; /* libmilter's parameter is not const */
    const char *value;

    memcpy(copy, name, strlen(name) + 1);
    value = smfi_getsymval(ctx, copy);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static unsigned port_macro(SMFICTX *ctx, const char *name)
{
    const char *value = macro(ctx, name);
    unsigned port = 0;

    for (; value != NULL && *value >= '0' && *value <= '9' && port <= 65535; value++)
        port = port * 10 + (unsigned)(*value - '0');
    return value != NULL && *value == '\0' && port <= 65535 ? port : 0;
}

/*
 * The name the MTA confirmed forward and back. FORGED, FAIL and TEMP are asked again by the
 * library: both MTAs try the first PTR name only. "[192.0.2.1]" (Sendmail) and "unknown" (Postfix)
 * stand for no name.
 */
static const char *confirmed_name(SMFICTX *ctx, const char *hostname)
{
    const char *resolve = macro(ctx, "{client_resolve}");
    const char *name = macro(ctx, "{client_name}");

    if (resolve == NULL || strcmp(resolve, "OK") != 0)
        return NULL;
    if (name == NULL)
        name = hostname;
    if (name == NULL || name[0] == '\0' || name[0] == '[' || strcmp(name, "unknown") == 0)
        return NULL;
    return name;
}

/* Puts value behind the others; the last element stays NULL. */
static void add(const char **list, size_t size, const char *value)
{
    size_t i = 0;

    while (i + 1 < size && list[i] != NULL)
        i++;
    if (i + 1 < size)
        list[i] = value;
}

void mh_macros_client(SMFICTX *ctx, const char *hostname, const struct sockaddr *address,
                      struct mh_client *out)
{
    enum { NAMES = sizeof out->names / sizeof out->names[0] };
    enum { ADDRESSES = sizeof out->addresses / sizeof out->addresses[0] };

    memset(out, 0, sizeof *out);
    add(out->names, NAMES, macro(ctx, "j"));
    add(out->names, NAMES, macro(ctx, "{if_name}"));
    add(out->names, NAMES, macro(ctx, "{daemon_name}"));
    add(out->addresses, ADDRESSES, macro(ctx, "{if_addr}"));
    add(out->addresses, ADDRESSES, macro(ctx, "{daemon_addr}"));
    out->client = (struct helo_client){
        .size = sizeof out->client,
        .address = address,
        .confirmed_name = confirmed_name(ctx, hostname),
        .listener_name = macro(ctx, "{daemon_name}"),
        .listener_port = port_macro(ctx, "{daemon_port}"),
        .server_names = out->names,
        .server_addresses = out->addresses,
    };
}

static bool begins_with(const char *text, const char *start)
{
    return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

/*
 * The name in a certificate that the MTA has verified. Sendmail says whether it has: {verify}. Its
 * {cert_subject}, which comes with any certificate, is a whole distinguished name, in which one
 * part can pose as another; its {cn_subject} is the common name alone, or a word for one that it
 * does not take. Postfix knows neither {verify} nor {cn_subject}: it gives {cert_subject} only for
 * a certificate it trusts, and means the common name. A Sendmail that does not say {verify} must
 * not be taken for a Postfix, so that has to say its name ({v}, milter_macro_v in main.cf).
 */
static const char *tls_client(SMFICTX *ctx)
{
    const char *verify = macro(ctx, "{verify}");
    const char *name = macro(ctx, "{cn_subject}");

    if (verify != NULL)
        return strcmp(verify, "OK") == 0 && !begins_with(name, "BadCertificate") ? name : NULL;
    if (name != NULL || !begins_with(macro(ctx, "v"), "Postfix"))
        return NULL;
    name = macro(ctx, "{cert_subject}");
    return begins_with(name, "/") ? NULL : name;
}

void mh_macros_sender(SMFICTX *ctx, const char *path, struct helo_sender *out)
{
    *out = (struct helo_sender){
        .size = sizeof *out,
        .address = path,
        .auth_user = macro(ctx, "{auth_authen}"),
        .auth_type = macro(ctx, "{auth_type}"),
        .tls_client = mh_macros_tls(ctx) ? tls_client(ctx) : NULL,
    };
}

const char *mh_macros_server(SMFICTX *ctx)
{
    return macro(ctx, "j");
}

bool mh_macros_tls(SMFICTX *ctx)
{
    return macro(ctx, "{tls_version}") != NULL;
}

void mh_macros_queue_id(SMFICTX *ctx, char out[MH_QUEUE_ID_SIZE])
{
    const char *value = macro(ctx, "i");
    size_t length = 0;

    for (; value != NULL && value[length] != '\0' && length < MH_QUEUE_ID_SIZE - 1; length++) {
        /* The MTA's own, but it stands bare in a line of key=value. */
        if (value[length] <= ' ' || value[length] > '~' || strchr("\"=\\", value[length]) != NULL)
            break;
        out[length] = value[length];
    }
    if (length == 0)
        out[length++] = '-';
    out[length] = '\0';
}
