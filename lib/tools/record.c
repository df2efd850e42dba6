/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.c - see record.h
 *
 * LIMITS   jansson nests 2048 deep at most; the caller bounds the line.
 */
#include "tools/record.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tools/tool.h"

#define RECORD_FIELD(member, kind, key, option, argument, help) \
    CASE_FIELD_AT(struct record, c, member, kind, key, option, argument, help)

static const struct field fields[] = {CASE_FIELDS(RECORD_FIELD)};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static const struct field *find(const char *key)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

/* Only HELO can have a NUL: everything else is C text in the library. */
static int store_text(const json_t *value, const char **text)
{
    *text = json_string_value(value);
    return *text != NULL && strlen(*text) == json_string_length(value);
}

static int store_bytes(const json_t *value, struct field_bytes *bytes)
{
    bytes->data = json_string_value(value);
    bytes->length = json_string_length(value);
    return bytes->data != NULL;
}

static int store_port(const json_t *value, unsigned *port)
{
    json_int_t number = json_integer_value(value); /* 0 when it is none */

    *port = number >= 1 && number <= 65535 ? (unsigned)number : 0;
    return *port != 0;
}

static int store_list(const json_t *value, struct field_list *list)
{
    const char *text;

    if (!json_is_array(value))
        return 0;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!store_text(json_array_get(value, i), &text) || !field_list_add(list, text))
            return 0;
    return field_list_keep(list);
}

static int store(const struct field *field, const json_t *value, void *place)
{
    switch (field->kind) {
    case FIELD_FLAG:
        *(int *)place = json_is_true(value);
        return json_is_boolean(value);
    case FIELD_TEXT:
        return store_text(value, place);
    case FIELD_BYTES:
        return store_bytes(value, place);
    case FIELD_PORT:
        return store_port(value, place);
    case FIELD_LIST:
        return store_list(value, place);
    case FIELD_NOTE:
    default:
        return 1;
    }
}

static const char *accepted(enum field_kind kind)
{
    static const char *const words[] = {
        [FIELD_FLAG] = "true or false",       [FIELD_TEXT] = "a string without NUL, or null",
        [FIELD_BYTES] = "a string, or null",  [FIELD_PORT] = "a port, 1 to 65535",
        [FIELD_LIST] = "an array of strings", [FIELD_NOTE] = "anything",
    };

    return words[kind];
}

static int read_member(struct record *record, const char *key, const json_t *value,
                       struct record_error *error)
{
    const struct field *field = find(key);
    char quoted[PRINT_QUOTE_SIZE];

    if (field == NULL) {
        error->meant =
            print_suggest(key, fields, FIELD_COUNT, sizeof(fields[0]), offsetof(struct field, key));
        (void)snprintf(error->message, sizeof(error->message), "unknown member %s",
                       print_quote(quoted, key));
        return 0;
    }
    /* null is the same as not there. */
    if (json_is_null(value) || store(field, value, (char *)record + field->offset))
        return 1;
    (void)snprintf(error->message, sizeof(error->message), "%s must be %s", key,
                   accepted(field->kind));
    return 0;
}

static int read_members(struct record *record, const char *line, size_t length,
                        struct record_error *error)
{
    const char *key;
    json_t *value;

    json_object_foreach(record->json, key, value)
    {
        if (read_member(record, key, value, error))
            continue;
        error->column = record_column(line, length, key);
        return 0;
    }
    return 1;
}

static json_t *parse(const char *line, size_t length, struct record_error *error)
{
    json_error_t found;
    char clean[RECORD_MESSAGE_SIZE - sizeof("not valid JSON: ")];
    json_t *json =
        json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &found);

    if (json == NULL) {
        error->column = found.position > 0 ? (unsigned)found.position : 1;
        (void)snprintf(error->message, sizeof(error->message), "not valid JSON: %s",
                       print_clean(clean, sizeof(clean), found.text));
    } else if (!json_is_object(json)) {
        (void)snprintf(error->message, sizeof(error->message),
                       "a case must be an object, as in {\"client\": \"192.0.2.1\"}");
        json_decref(json);
        json = NULL;
    }
    return json;
}

int record_read(struct record *record, const char *line, size_t length, struct record_error *error)
{
    *record = (struct record){0};
    *error = (struct record_error){0};
    record->json = parse(line, length, error);
    if (record->json == NULL)
        return 0;
    if (read_members(record, line, length, error))
        return 1;
    record_fini(record);
    return 0;
}

void record_fini(struct record *record)
{
    case_fini(&record->c);
    json_decref(record->json);
    record->json = NULL;
}

/* The end of the string that begins at line[at], its quote included. */
static size_t string_end(const char *line, size_t length, size_t at)
{
    for (at++; at < length && line[at] != '"'; at++)
        at += line[at] == '\\';
    return at < length ? at + 1 : length;
}

unsigned record_column(const char *line, size_t length, const char *key)
{
    size_t key_length = strlen(key), end;
    unsigned depth = 0;

    for (size_t at = 0; at < length; at = end) {
        end = at + 1;
        depth += line[at] == '{' || line[at] == '[';
        depth -= (line[at] == '}' || line[at] == ']') && depth > 0;
        if (line[at] != '"')
            continue;
        end = string_end(line, length, at);
        if (depth == 1 && end - at == key_length + 2 &&
            memcmp(line + at + 1, key, key_length) == 0) {
            size_t colon = end;

            while (colon < length && strchr(" \t\r\n", line[colon]) != NULL)
                colon++;
            if (colon < length && line[colon] == ':')
                return (unsigned)at + 1;
        }
    }
    return 0;
}
