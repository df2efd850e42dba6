/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.c - one line of JSON, see object.h
 *
 * STANDARDS RFC 8259, by jansson, which wants UTF-8 and no member twice.
 */
#include "tools/log/object.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* struct object is a json_t: the type is never defined. */
static const json_t *json_of(const struct object *object)
{
    return (const json_t *)(const void *)object;
}

struct object *object_parse(const char *line, size_t length, unsigned *column,
                            char message[OBJECT_MESSAGE_SIZE])
{
    json_error_t found;
    json_t *json =
        json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &found);

    *column = 0;
    if (json == NULL) {
        *column = found.position > 0 ? (unsigned)found.position : 1;
        (void)snprintf(message, OBJECT_MESSAGE_SIZE, "not valid JSON: %s", found.text);
        return NULL;
    }
    if (!json_is_object(json)) {
        (void)snprintf(message, OBJECT_MESSAGE_SIZE,
                       "must be an object, as in {\"client\": \"192.0.2.1\"}");
        json_decref(json);
        return NULL;
    }
    return (struct object *)(void *)json;
}

void object_free(struct object *object)
{
    json_decref((json_t *)(void *)object);
}

int object_each(struct object *object, object_member_fn *fn, void *arg)
{
    const char *key;
    json_t *value;
    json_t *json = (json_t *)(void *)object;

    json_object_foreach(json, key, value)
    {
        int result = json_is_null(value) ? 0 : fn(arg, key);

        if (result != 0)
            return result;
    }
    return 0;
}

int object_text(const struct object *object, const char *key, const char **text, size_t *length)
{
    const json_t *value = json_object_get(json_of(object), key);

    if (!json_is_string(value))
        return 0;
    *text = json_string_value(value);
    *length = json_string_length(value);
    return 1;
}

int object_number(const struct object *object, const char *key, double *number)
{
    const json_t *value = json_object_get(json_of(object), key);

    if (!json_is_number(value))
        return 0;
    *number = json_number_value(value);
    return 1;
}

int object_has(const struct object *object, const char *key)
{
    const json_t *value = json_object_get(json_of(object), key);

    return value != NULL && !json_is_null(value);
}

int object_pairs(const struct object *object, const char *key, const char *first,
                 const char *second, char *out, size_t size)
{
    const json_t *list = json_object_get(json_of(object), key);
    size_t used = 0;

    if (!json_is_array(list) || json_array_size(list) == 0)
        return 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *a = json_string_value(json_object_get(item, first));
        const char *b = json_string_value(json_object_get(item, second));
        int more;

        if (a == NULL || b == NULL)
            return 0;
        more = snprintf(out + used, size - used, "%s%s:%s", i > 0 ? "," : "", a, b);
        if (more < 0 || (size_t)more >= size - used)
            return 0;
        used += (size_t)more;
    }
    return 1;
}

const char *object_inner(const struct object *object, const char *key, const char *inner, char *out,
                         size_t size)
{
    const json_t *value = json_object_get(json_object_get(json_of(object), key), inner);

    if (json_is_string(value))
        return json_string_value(value);
    if (!json_is_integer(value))
        return NULL;
    (void)snprintf(out, size, "%lld", (long long)json_integer_value(value));
    return out;
}
