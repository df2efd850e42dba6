/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * view.c - see view.h
 */
#include "tools/view.h"

#include <jansson.h>
#include <string.h>

int view_read(struct view *view, const char *json)
{
    view->json = json_loads(json, 0, NULL);
    return view->json != NULL;
}

void view_fini(struct view *view)
{
    json_decref(view->json);
    view->json = NULL;
}

static const char *text_of(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

const char *view_text(const struct view *view, const char *member)
{
    return text_of(view->json, member);
}

const char *view_exempt(const struct view *view, const char *member)
{
    return text_of(json_object_get(view->json, "exempt"), member);
}

int view_is_ground(const struct view *view, const char *check)
{
    const json_t *grounds = json_object_get(view->json, "grounds");

    for (size_t i = 0; i < json_array_size(grounds); i++)
        if (strcmp(json_string_value(json_array_get(grounds, i)), check) == 0)
            return 1;
    return 0;
}

int view_check(const struct view *view, size_t i, struct view_check *out)
{
    const json_t *check = json_array_get(json_object_get(view->json, "checks"), i);

    if (check == NULL)
        return 0;
    *out = (struct view_check){
        .name = text_of(check, "name"),
        .outcome = text_of(check, "outcome"),
        .reason = text_of(check, "reason"),
        .text = text_of(check, "text"),
        .mend = text_of(check, "mend"),
        .action = text_of(check, "action"),
    };
    return 1;
}

int view_find_check(const struct view *view, const char *name, struct view_check *out)
{
    for (size_t i = 0; view_check(view, i, out); i++)
        if (strcmp(out->name, name) == 0)
            return 1;
    return 0;
}

int view_find_fact(const struct view *view, const char *name, struct view_fact *out)
{
    const json_t *facts = json_object_get(view->json, "facts");

    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *fact = json_array_get(facts, i);

        if (strcmp(text_of(fact, "name"), name) != 0)
            continue;
        *out = (struct view_fact){text_of(fact, "state"), text_of(fact, "cause"),
                                  text_of(fact, "value")};
        return 1;
    }
    return 0;
}
