/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * order.c - which of several name servers is asked first
 *
 * PURPOSE  See order.h.
 * THREADS  none of its own.
 */
#include <string.h>

#include "dns/order.h"

static void changed(struct order *order, uint64_t now_ms)
{
    order->epoch++;
    order->late = 0;
    order->refusing = 0;
    order->timely = false;
    order->changed_ms = now_ms;
}

/* The servers of a line, in its order; what was known of them is forgotten. */
static void read_line(struct order *order, const char *line)
{
    order->count = 0;
    while (*line != '\0' && order->count < SERVERS_MAX) {
        size_t length = strcspn(line, ",");

        if (length > 0 && length < ORDER_TEXT) {
            struct order_server *server = &order->server[order->count++];

            *server = (struct order_server){.failed = false};
            memcpy(server->text, line, length);
        }
        line += length + (line[length] == ',');
    }
}

enum order_change order_set(struct order *order, const char *servers, uint64_t now_ms)
{
    struct order fresh = {.epoch = order->epoch};

    read_line(&fresh, servers);
    if (fresh.count == 0)
        return ORDER_NONE;
    order_line(&fresh, 0, fresh.home);
    if (strcmp(fresh.home, order->home) == 0)
        return ORDER_SAME;
    *order = fresh;
    changed(order, now_ms);
    return ORDER_NEW;
}

void order_line(const struct order *order, size_t first, char out[ORDER_LINE])
{
    size_t at = 0;

    for (size_t i = 0; i < order->count; i++) {
        const char *text = order->server[(first + i) % order->count].text;
        size_t length = strlen(text);

        if (i > 0)
            out[at++] = ',';
        memcpy(out + at, text, length);
        at += length;
    }
    out[at] = '\0';
}

/* The first `many` go to the end, as bad ones. */
static bool demote(struct order *order, size_t many, uint64_t now_ms)
{
    struct order_server before[SERVERS_MAX];

    memcpy(before, order->server, sizeof before);
    for (size_t i = 0; i < many; i++) {
        before[i].failed = true;
        before[i].failed_ms = now_ms;
    }
    for (size_t i = 0; i < order->count; i++)
        order->server[i] = before[(i + many) % order->count];
    changed(order, now_ms);
    return true;
}

static bool in_doubt(const struct order_server *server, uint64_t now_ms)
{
    return server->failed && now_ms - server->failed_ms < ORDER_FORGET_MS;
}

bool order_answered(struct order *order, const struct order_report *report, uint64_t now_ms)
{
    size_t passed = report->timeouts;
    unsigned enough;

    if (report->epoch != order->epoch || order->count < 2)
        return false;
    if (report->timeouts == 0) {
        order->timely = true;
        order->timely_ms = now_ms;
        order->late = 0;
        order->refusing = report->served ? 0 : order->refusing;
        return false;
    }
    if (order->timely && order->timely_ms >= report->sent_ms)
        return false;           /* it was there all the time: what was asked is slow */
    if (passed >= order->count) /* each was asked, and the first again */
        passed = 1;
    enough = in_doubt(&order->server[passed], now_ms) ? ORDER_LATE : 1;
    return ++order->late >= enough && demote(order, passed, now_ms);
}

bool order_passed(struct order *order, unsigned epoch, unsigned passed, uint64_t now_ms)
{
    if (epoch != order->epoch || passed == 0 || passed >= order->count)
        return false;
    return ++order->refusing >= ORDER_REFUSING && demote(order, passed, now_ms);
}

void order_home_server(const struct order *order, char out[ORDER_TEXT])
{
    size_t length = strcspn(order->home, ",");

    memcpy(out, order->home, length);
    out[length] = '\0';
}

static bool is_home(const struct order *order)
{
    char first[ORDER_TEXT];

    order_home_server(order, first);
    return order->count == 0 || strcmp(first, order->server[0].text) == 0;
}

bool order_wants_home(struct order *order, uint64_t now_ms)
{
    if (is_home(order) || now_ms - order->changed_ms < ORDER_HOME_MS)
        return false;
    order->changed_ms = now_ms;
    return true;
}

bool order_go_home(struct order *order, uint64_t now_ms)
{
    if (is_home(order))
        return false;
    read_line(order, order->home);
    changed(order, now_ms);
    return true;
}
