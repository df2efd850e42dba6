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
    order->failing = 0;
    order->suspects = 0;
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

static void write_line(const struct order *order, size_t first, size_t many, char out[ORDER_LINE])
{
    size_t at = 0;

    for (size_t i = 0; i < many; i++) {
        const char *text = order->server[(first + i) % order->count].text;
        size_t length = strlen(text);

        if (i > 0)
            out[at++] = ',';
        memcpy(out + at, text, length);
        at += length;
    }
    out[at] = '\0';
}

void order_line(const struct order *order, size_t first, char out[ORDER_LINE])
{
    write_line(order, first, order->count, out);
}

void order_first(const struct order *order, size_t many, char out[ORDER_LINE])
{
    write_line(order, 0, many, out);
}

/* The first `many` go to the end. */
static void rotate(struct order *order, size_t many, uint64_t now_ms)
{
    struct order_server before[SERVERS_MAX];

    memcpy(before, order->server, sizeof before);
    for (size_t i = 0; i < order->count; i++)
        order->server[i] = before[(i + many) % order->count];
    changed(order, now_ms);
}

/* The same, as bad ones. */
static bool demote(struct order *order, size_t many, uint64_t now_ms)
{
    for (size_t i = 0; i < many; i++) {
        order->server[i].failed = true;
        order->server[i].failed_ms = now_ms;
    }
    rotate(order, many, now_ms);
    return true;
}

static bool in_doubt(const struct order_server *server, uint64_t now_ms)
{
    return server->failed && now_ms - server->failed_ms < ORDER_FORGET_MS;
}

static void in_time(struct order *order, uint64_t now_ms)
{
    order->timely = true;
    order->timely_ms = now_ms;
    order->late = 0;
}

bool order_answered(struct order *order, const struct order_report *report, uint64_t now_ms)
{
    size_t passed = report->timeouts;
    unsigned enough;

    if (report->epoch != order->epoch || order->count < 2)
        return false;
    if (report->timeouts == 0) {
        in_time(order, now_ms);
        if (report->served && !report->probe)
            order->refusing = order->failing = 0;
        return false;
    }
    if (order->timely && order->timely_ms >= report->sent_ms)
        return false;           /* it was there all the time: what was asked is slow */
    if (passed >= order->count) /* each was asked, and the first again */
        passed = 1;
    enough = in_doubt(&order->server[passed], now_ms) ? ORDER_LATE : 1;
    if (++order->late < enough)
        return false;
    if (report->probe)
        return demote(order, passed, now_ms);
    order->suspects = passed;
    return false;
}

bool order_passed(struct order *order, unsigned epoch, bool refused, uint64_t now_ms)
{
    if (epoch != order->epoch || order->count < 2)
        return false;
    if (refused)
        return ++order->refusing >= ORDER_REFUSING && demote(order, 1, now_ms);
    if (++order->failing >= ORDER_REFUSING && order->suspects == 0)
        order->suspects = 1;
    return false;
}

bool order_tried(struct order *order, unsigned epoch, size_t silent, bool served, uint64_t now_ms)
{
    bool fails = !served && order->failing >= ORDER_REFUSING;
    size_t bad = silent < order->suspects ? silent + fails : order->suspects;

    if (epoch != order->epoch || order->suspects == 0)
        return false;
    order->suspects = 0;
    order->failing = 0;
    if (bad > 0)
        return demote(order, bad, now_ms);
    in_time(order, now_ms);
    return false;
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
    char home[ORDER_TEXT];
    size_t first = 0;

    if (is_home(order))
        return false;
    order_home_server(order, home);
    while (first < order->count && strcmp(order->server[first].text, home) != 0)
        first++;
    rotate(order, first, now_ms); /* all that ever changes is who is first */
    return true;
}
