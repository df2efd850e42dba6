/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.c - see subject.h
 */
#include "tools/replay/subject.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tools/replay/distinct.h"
#include "tools/tool.h"

enum { IPV6_SITE_BYTES = 8 /* a /64: what one host can choose from */ };

static void to_lower(char *s)
{
    for (; *s != '\0'; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
}

/* An IPv4 address written as IPv6 is that IPv4 address (RFC 4291 2.5.5.2). */
static void unmap(union subject_address *address)
{
    struct in_addr inner;

    if (address->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
        return;
    memcpy(&inner, &address->v6.sin6_addr.s6_addr[12], sizeof(inner));
    memset(address, 0, sizeof(*address));
    address->any.sa_family = AF_INET;
    address->v4.sin_addr = inner;
}

/* What inet_ntop() writes, which takes a microsecond for it. */
static void write_v4(char out[SUBJECT_CLIENT], const struct in_addr *address)
{
    const unsigned char *bytes = (const unsigned char *)address;

    for (size_t i = 0; i < sizeof(*address); i++) {
        if (i > 0)
            *out++ = '.';
        if (bytes[i] >= 100)
            *out++ = (char)('0' + bytes[i] / 100);
        if (bytes[i] >= 10)
            *out++ = (char)('0' + bytes[i] / 10 % 10);
        *out++ = (char)('0' + bytes[i] % 10);
    }
    *out = '\0';
}

static void take_client(struct subject *out, const char *client)
{
    union subject_address *address = &out->address;

    if (client == NULL)
        return;
    out->is_local = strcmp(client, "local") == 0;
    if (inet_pton(AF_INET, client, &address->v4.sin_addr) == 1)
        address->any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, client, &address->v6.sin6_addr) == 1)
        address->any.sa_family = AF_INET6;
    unmap(address);
    if (address->any.sa_family == AF_INET)
        write_v4(out->client, &address->v4.sin_addr);
    else if (address->any.sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6, &address->v6.sin6_addr, out->client, sizeof(out->client));
    else if (out->is_local)
        (void)snprintf(out->client, sizeof(out->client), "local");
}

/* Two names with the same 64 bits of hash would have to be made for it; then one is miscounted. */
static size_t organisation_offset(struct subject_memory *memory, const char *ptr, size_t length)
{
    uint64_t hash = distinct_hash('p', ptr, length);
    size_t first = (size_t)hash % (SUBJECT_MEMORY / SUBJECT_WAYS) * SUBJECT_WAYS, i = first;
    const char *organisation;

    while (i < first + SUBJECT_WAYS && memory->hash[i] != hash)
        i++;
    if (i < first + SUBJECT_WAYS)
        return memory->offset[i];
    i = first + memory->turn;
    memory->turn = (memory->turn + 1) % SUBJECT_WAYS;
    organisation = helo_organisational_domain(ptr);
    memory->hash[i] = hash;
    memory->offset[i] = (unsigned short)(organisation == NULL ? SUBJECT_NAME : organisation - ptr);
    return memory->offset[i];
}

static void take_organisation(struct subject *out, struct subject_memory *memory)
{
    size_t length = strlen(out->ptr), offset = organisation_offset(memory, out->ptr, length);

    if (offset < length)
        memcpy(out->organisation, out->ptr + offset, length - offset + 1);
}

static void take_ptr(struct subject *out, const struct log_entry *entry)
{
    size_t length;

    if (entry->ptr == NULL ||
        (entry->ptr_status != LOG_PTR_VERIFIED && entry->ptr_status != LOG_PTR_FORGED))
        return;
    (void)print_clean(out->ptr, sizeof(out->ptr), entry->ptr);
    to_lower(out->ptr);
    length = strlen(out->ptr);
    if (length > 0 && out->ptr[length - 1] == '.')
        out->ptr[length - 1] = '\0';
    out->ptr_confirmed = entry->ptr_status == LOG_PTR_VERIFIED && out->ptr[0] != '\0';
}

static void make_keys(struct subject *out)
{
    const union subject_address *address = &out->address;

    out->client_key = distinct_hash(0, out->client, strlen(out->client));
    if (out->organisation[0] != '\0')
        out->organisation_key = distinct_hash('o', out->organisation, strlen(out->organisation));
    else if (address->any.sa_family == AF_INET6)
        out->organisation_key = distinct_hash('6', &address->v6.sin6_addr, IPV6_SITE_BYTES);
    else
        out->organisation_key = out->client_key;
    out->connection_key = distinct_hash(0, &out->entry->connection, sizeof(out->entry->connection));
}

void subject_make(const struct log_entry *entry, struct subject_memory *memory, struct subject *out)
{
    *out = (struct subject){.entry = entry};
    take_client(out, entry->client);
    take_ptr(out, entry);
    if (out->ptr_confirmed)
        take_organisation(out, memory);
    make_keys(out);
}

char *subject_domain(char *out, size_t size, const char *address)
{
    const char *at = address == NULL ? NULL : strrchr(address, '@');
    size_t length;

    out[0] = '\0';
    if (address == NULL)
        return out;
    if (strcmp(address, "<>") == 0 || address[0] == '\0')
        (void)snprintf(out, size, "<>");
    if (at == NULL)
        return out;
    (void)print_clean(out, size, at + 1);
    length = strlen(out);
    if (length > 0 && out[length - 1] == '>')
        out[length - 1] = '\0';
    to_lower(out);
    return out;
}
