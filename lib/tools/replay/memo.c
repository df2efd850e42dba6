/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memo.c - see memo.h
 */
#include "tools/replay/memo.h"

#include <stdlib.h>
#include <string.h>

void memo_opinions_free(struct memo_opinions *opinions)
{
    for (size_t i = 0; i < MEMO_POLICIES; i++) {
        free(opinions->of[i]);
        opinions->of[i] = NULL;
    }
}

static void forget(struct memo_place *place)
{
    free(place->key);
    memo_opinions_free(&place->opinions);
    *place = (struct memo_place){0};
}

/* The first of the places where it may stand. */
static struct memo_place *first_place(const struct memo *memo, const struct memo_key *key)
{
    return &memo->places[key->hash % (MEMO_PLACES / MEMO_WAYS) * MEMO_WAYS];
}

static int is_there(const struct memo_place *place, const struct memo_key *key)
{
    return place->key != NULL && place->hash == key->hash && place->key_length == key->length &&
           memcmp(place->key, key->bytes, key->length) == 0;
}

const struct memo_opinions *memo_find(const struct memo *memo, const struct memo_key *key)
{
    const struct memo_place *place;

    if (memo->places == NULL)
        return NULL;
    place = first_place(memo, key);
    for (size_t i = 0; i < MEMO_WAYS; i++)
        if (is_there(&place[i], key))
            return &place[i].opinions;
    return NULL;
}

const struct memo_opinions *memo_keep(struct memo *memo, const struct memo_key *key,
                                      const struct memo_opinions *opinions)
{
    struct memo_place *place;
    char *copy;

    if (memo->places == NULL)
        memo->places = calloc(MEMO_PLACES, sizeof(*memo->places));
    /* A key of no bytes is one, too. */
    copy = memo->places != NULL ? malloc(key->length + 1) : NULL;
    if (copy == NULL)
        return NULL;
    memcpy(copy, key->bytes, key->length);
    place = first_place(memo, key) + memo->turn;
    memo->turn = (memo->turn + 1) % MEMO_WAYS;
    forget(place);
    *place = (struct memo_place){key->hash, copy, key->length, *opinions};
    return &place->opinions;
}

void memo_fini(struct memo *memo)
{
    for (size_t i = 0; memo->places != NULL && i < MEMO_PLACES; i++)
        forget(&memo->places[i]);
    free(memo->places);
    memo->places = NULL;
}
