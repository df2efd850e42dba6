/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders.c - see senders.h
 *
 * ALGORITHM  A table of rows, found by chains over the hash of the key, with a binary heap over
 *            their counts. One more mail sinks a row by a few places; when all rows are taken, the
 *            one on top of the heap is given to the newcomer.
 */
#include "tools/replay/senders.h"

#include <stdlib.h>
#include <string.h>

enum { CHAINS = 4096 };

/* ---- the heap -------------------------------------------------------------------------------- */

static void put(struct senders *table, size_t at, unsigned row)
{
    table->heap[at] = row;
    table->place[row] = (unsigned)at;
}

static unsigned long long weight(const struct senders *table, size_t at)
{
    return table->rows[table->heap[at]].mails;
}

static void sink(struct senders *table, size_t at)
{
    for (;;) {
        size_t least = at, child = 2 * at + 1;
        unsigned row = table->heap[at];

        for (size_t i = child; i < child + 2 && i < table->count; i++)
            if (weight(table, i) < weight(table, least))
                least = i;
        if (least == at)
            return;
        put(table, at, table->heap[least]);
        put(table, least, row);
        at = least;
    }
}

static void rise(struct senders *table, size_t at)
{
    while (at > 0 && weight(table, at) < weight(table, (at - 1) / 2)) {
        unsigned row = table->heap[at];

        put(table, at, table->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
        put(table, at, row);
    }
}

/* ---- the rows -------------------------------------------------------------------------------- */

/* One pointer follows the other: the chains' heads, then each row's next. */
static unsigned *head(struct senders *table, uint64_t key)
{
    return &table->chain[key % CHAINS];
}

static unsigned *next(struct senders *table, unsigned row)
{
    return &table->chain[CHAINS + row];
}

static struct sender *find(struct senders *table, uint64_t key)
{
    unsigned at = table->rows == NULL ? 0 : *head(table, key);

    while (at != 0 && table->rows[at - 1].key != key)
        at = *next(table, at - 1);
    return at == 0 ? NULL : &table->rows[at - 1];
}

static void link_row(struct senders *table, unsigned row)
{
    unsigned *first = head(table, table->rows[row].key);

    *next(table, row) = *first;
    *first = row + 1;
}

static void unlink_row(struct senders *table, unsigned row)
{
    unsigned *at = head(table, table->rows[row].key);

    while (*at != row + 1)
        at = next(table, *at - 1);
    *at = *next(table, row);
}

/* All of it at once: what is not used yet takes no memory but addresses. */
static int make_room(struct senders *table)
{
    table->rows = calloc(SENDERS_KEPT, sizeof(*table->rows));
    table->heap = calloc(SENDERS_KEPT, sizeof(*table->heap));
    table->place = calloc(SENDERS_KEPT, sizeof(*table->place));
    table->chain = calloc(CHAINS + SENDERS_KEPT, sizeof(*table->chain));
    if (table->rows != NULL && table->heap != NULL && table->place != NULL && table->chain != NULL)
        return 1;
    senders_fini(table);
    return 0;
}

static unsigned add_row(struct senders *table)
{
    unsigned row = (unsigned)table->count++;

    put(table, row, row);
    return row;
}

/* The row with the least mail, given up. */
static unsigned evict(struct senders *table)
{
    unsigned row = table->heap[0];
    unsigned long long mails = table->rows[row].mails;

    unlink_row(table, row);
    memset(&table->rows[row], 0, sizeof(table->rows[row]));
    table->rows[row].mails = table->rows[row].error = mails;
    table->overflowed = 1;
    return row;
}

struct sender *senders_count_one(struct senders *table, uint64_t key, int *fresh)
{
    struct sender *sender = find(table, key);
    unsigned row;

    *fresh = sender == NULL;
    if (sender == NULL) {
        if (table->rows == NULL && !make_room(table))
            return NULL;
        row = table->count < SENDERS_KEPT ? add_row(table) : evict(table);
        sender = &table->rows[row];
        sender->key = key;
        link_row(table, row);
        rise(table, table->place[row]);
    }
    row = (unsigned)(sender - table->rows);
    sender->mails++;
    sink(table, table->place[row]);
    return sender;
}

void senders_fini(struct senders *table)
{
    free(table->rows);
    free(table->heap);
    free(table->place);
    free(table->chain);
    *table = (struct senders){0};
}

/* ---- results --------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const struct sender *a = ((const struct sender_rank *)left)->sender;
    const struct sender *b = ((const struct sender_rank *)right)->sender;
    unsigned long long sure_a = a->mails - a->error, sure_b = b->mails - b->error;
    int order;

    if (sure_a != sure_b)
        return sure_a < sure_b ? 1 : -1;
    order = strcmp(a->organisation, b->organisation);
    if (order == 0)
        order = strcmp(a->client, b->client);
    if (order == 0)
        order = (a->key > b->key) - (a->key < b->key);
    return order;
}

struct sender_rank *senders_sort(const struct senders *table)
{
    struct sender_rank *ranks = table->count == 0 ? NULL : calloc(table->count, sizeof(*ranks));

    if (ranks == NULL)
        return NULL;
    for (size_t i = 0; i < table->count; i++)
        ranks[i].sender = &table->rows[i];
    qsort(ranks, table->count, sizeof(*ranks), compare);
    return ranks;
}

void sender_few_add(struct sender_few *few, uint64_t hash)
{
    for (unsigned i = 0; i < few->count; i++)
        if (few->seen[i] == hash)
            return;
    if (few->count < SENDER_FEW)
        few->seen[few->count++] = hash;
    else
        few->more = 1;
}
