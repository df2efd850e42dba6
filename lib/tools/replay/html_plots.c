/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html_plots.c - the plots of the page, as inline SVG
 *
 * CONTRACT Colours come from the style sheet by class, so that they follow the reader's light or
 *          dark mode. Every bar has its numbers as a <title>, every plot has a name, and its
 *          numbers stand in a table as well.
 */
#include <string.h>

#include "tools/replay/html.h"

enum {
    WIDTH = 960,
    TIME_HEIGHT = 240,
    TIME_LEFT = 56,
    TIME_BOTTOM = 26,
    TIME_TOP = 10,
    GRID_LINES = 4,
    TIME_LABELS = 6,
    SHARE_HEIGHT = 26,
    BAR_ROW = 26,
    BAR_HEIGHT = 16,
    BAR_LEFT = 300,
    BAR_RIGHT = 90,
    BARS_MOST = 16,
    LABEL_CHARS = 38
};

struct plot_bar {
    char label[2 * SENDER_REASON + 4];
    unsigned long long value, part; /* part: of value, in a second colour */
    const char *kind;               /* class of the colour */
};

static void begin_svg(FILE *to, unsigned height, const char *label)
{
    (void)fprintf(to, "<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"", WIDTH, height);
    html_text(to, label);
    (void)fputs("\">\n", to);
}

static void text_at(FILE *to, double x, double y, const char *class, const char *text)
{
    (void)fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
    html_text(to, text);
    (void)fputs("</text>\n", to);
}

/* ---- over time ------------------------------------------------------------------------------- */

static unsigned long long bucket_sum(const struct timeline *line, size_t i)
{
    unsigned long long sum = 0;

    for (size_t fate = 0; fate < FATES; fate++)
        sum += line->count[i][fate];
    return sum;
}

/* 1, 2 or 5 times a power of ten, not below value. */
static unsigned long long round_up(unsigned long long value)
{
    static const unsigned steps[] = {1, 2, 5};
    unsigned long long power = 1;

    for (;; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if (steps[i] * power >= value)
                return steps[i] * power;
}

static unsigned long long highest(const struct timeline *line)
{
    unsigned long long most = 1;

    for (size_t i = 0; i < line->used; i++)
        if (bucket_sum(line, i) > most)
            most = bucket_sum(line, i);
    return most;
}

static void draw_grid(FILE *to, unsigned long long step, unsigned long long top)
{
    const double height = TIME_HEIGHT - TIME_TOP - TIME_BOTTOM;
    char number[REPORT_NUMBER];

    for (unsigned long long value = 0; value <= top; value += step) {
        double y = TIME_TOP + height * (1 - (double)value / (double)top);

        (void)fprintf(to, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>\n",
                      TIME_LEFT, WIDTH, y, y);
        text_at(to, TIME_LEFT - 8, y + 4, "axis end", report_number(number, value));
    }
}

/* "2026-11-20 08:00: 1,234 mails; 12 refused, ..." */
static void bucket_title(FILE *to, const struct timeline *line, size_t i)
{
    char when[REPORT_TIME], number[REPORT_NUMBER];

    (void)fprintf(to, "<title>%s UTC: %s", report_time(when, timeline_start(line, i)),
                  report_mails(number, bucket_sum(line, i)));
    for (size_t fate = 0; fate < FATES; fate++)
        if (line->count[i][fate] > 0)
            (void)fprintf(to, ", %s %s", report_number(number, line->count[i][fate]),
                          fate_word((enum fate)fate));
    (void)fputs("</title>\n", to);
}

/* The worst stands at the bottom: there heights can be compared. */
static void draw_bucket(FILE *to, const struct timeline *line, size_t i, unsigned long long top)
{
    const double height = TIME_HEIGHT - TIME_TOP - TIME_BOTTOM;
    const double step = (double)(WIDTH - TIME_LEFT) / (double)line->used;
    const double gap = step > 6 ? 1.5 : 0;
    double y = TIME_TOP + height;

    (void)fputs("<g>", to);
    bucket_title(to, line, i);
    for (size_t fate = 0; fate < FATES; fate++) {
        double part = height * line->count[i][fate] / (double)top;

        if (line->count[i][fate] == 0)
            continue;
        y -= part;
        (void)fprintf(to,
                      "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
                      "class=\"f-%s\"/>\n",
                      TIME_LEFT + step * (double)i + gap / 2, y, step - gap, part,
                      fate_word((enum fate)fate));
    }
    (void)fputs("</g>\n", to);
}

static void draw_time_labels(FILE *to, const struct timeline *line)
{
    const double step = (double)(WIDTH - TIME_LEFT) / (double)line->used;
    size_t every = line->used / TIME_LABELS + 1;
    char when[REPORT_TIME];

    for (size_t i = 0; i < line->used; i += every) {
        long long start = timeline_start(line, i);
        double x = TIME_LEFT + step * ((double)i + 0.5);

        (void)report_time(when, start);
        if (timeline_width_s(line) >= 86400)
            (void)report_date(when, start);
        text_at(to, i == 0 ? TIME_LEFT : x, TIME_HEIGHT - 6, i == 0 ? "axis" : "axis mid", when);
    }
}

static void legend(FILE *to, const struct tally *tally)
{
    (void)fputs("<ul class=\"legend\" aria-hidden=\"true\">", to);
    for (size_t fate = 0; fate < FATES; fate++) {
        if (tally->fate[fate].mails == 0)
            continue;
        (void)fprintf(to, "<li><i class=\"b-%s\"></i>", fate_word((enum fate)fate));
        html_text(to, fate_text((enum fate)fate));
        (void)fputs("</li>", to);
    }
    (void)fputs("</ul>\n", to);
}

void html_plot_time(FILE *to, const struct report *report)
{
    const struct timeline *line = &report->timeline;
    unsigned long long most, step, top;

    if (line->used == 0)
        return;
    most = highest(line);
    step = round_up((most + GRID_LINES - 1) / GRID_LINES);
    top = (most + step - 1) / step * step;
    (void)fprintf(to,
                  "<section><h2>Over time</h2>\n<p class=\"lead\">Mails, one bar for each %s "
                  "(UTC).</p>\n",
                  timeline_width_text(line));
    legend(to, report->tally);
    (void)fputs("<div class=\"plot\">", to);
    begin_svg(to, TIME_HEIGHT, "Mails over time, by what would become of them");
    draw_grid(to, step, top);
    for (size_t i = 0; i < line->used; i++)
        draw_bucket(to, line, i, top);
    draw_time_labels(to, line);
    (void)fputs("</svg></div></section>\n", to);
}

/* ---- all of it ------------------------------------------------------------------------------- */

void html_plot_share(FILE *to, const struct tally *tally)
{
    char number[REPORT_NUMBER];
    double x = 0;

    if (tally->all.mails == 0)
        return;
    begin_svg(to, SHARE_HEIGHT, "All mail, by what would become of it");
    for (size_t fate = 0; fate < FATES; fate++) {
        double width = (double)WIDTH * (double)tally->fate[fate].mails / (double)tally->all.mails;

        if (tally->fate[fate].mails == 0)
            continue;
        (void)fprintf(to,
                      "<rect x=\"%.2f\" y=\"0\" width=\"%.2f\" height=\"%d\" class=\"f-%s\">"
                      "<title>%s: %s</title></rect>\n",
                      x, width, SHARE_HEIGHT, fate_word((enum fate)fate),
                      fate_text((enum fate)fate), report_mails(number, tally->fate[fate].mails));
        x += width;
    }
    (void)fputs("</svg>\n", to);
    legend(to, tally);
}

/* ---- bars ------------------------------------------------------------------------------------ */

static void draw_bar(FILE *to, size_t row, const struct plot_bar *bar, unsigned long long top)
{
    const double room = WIDTH - BAR_LEFT - BAR_RIGHT;
    double y = (double)row * BAR_ROW, width = room * (double)bar->value / (double)top;
    double part = room * (double)bar->part / (double)top;
    char mails[REPORT_NUMBER], value[REPORT_NUMBER], let_in[REPORT_NUMBER];

    (void)fputs("<g><title>", to);
    html_text(to, bar->label);
    (void)fprintf(to, ": %s, %s of them let in today</title>\n", report_mails(mails, bar->value),
                  report_number(let_in, bar->part));
    text_at(to, BAR_LEFT - 10, y + BAR_HEIGHT - 3, "name end", bar->label);
    (void)fprintf(to,
                  "<rect x=\"%d\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" class=\"f-%s pale\"/>"
                  "<rect x=\"%d\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" class=\"f-%s\"/>\n",
                  BAR_LEFT, y, width > 1 ? width : 1, BAR_HEIGHT, bar->kind, BAR_LEFT, y, part,
                  BAR_HEIGHT, bar->kind);
    text_at(to, BAR_LEFT + width + 8, y + BAR_HEIGHT - 3, "axis", report_number(value, bar->value));
    (void)fputs("</g>\n", to);
}

static void draw_bars(FILE *to, const struct plot_bar *bars, size_t count, const char *label)
{
    unsigned long long top = 1;

    for (size_t i = 0; i < count; i++)
        top = bars[i].value > top ? bars[i].value : top;
    (void)fputs("<div class=\"plot\">", to);
    begin_svg(to, (unsigned)count * BAR_ROW, label);
    for (size_t i = 0; i < count; i++)
        draw_bar(to, i, &bars[i], top);
    (void)fputs("</svg></div>\n", to);
}

static const char *kind_of_action(enum helo_action action)
{
    static const char *const kinds[HELO_ACTIONS] = {
        [HELO_ACTION_OFF] = "exempt",     [HELO_ACTION_OBSERVE] = "accepted",
        [HELO_ACTION_TAG] = "tagged",     [HELO_ACTION_ACCEPT] = "accepted",
        [HELO_ACTION_DEFER] = "deferred", [HELO_ACTION_REJECT] = "refused"};

    return kinds[action];
}

/* Keeps the highest bars, in order. */
static size_t insert_bar(struct plot_bar *bars, size_t count, const struct plot_bar *bar)
{
    size_t at = count;

    while (at > 0 && bars[at - 1].value < bar->value)
        at--;
    if (at == BARS_MOST)
        return count;
    if (count < BARS_MOST)
        count++;
    memmove(&bars[at + 1], &bars[at], (count - 1 - at) * sizeof(*bars));
    bars[at] = *bar;
    return count;
}

void html_plot_checks(FILE *to, const struct report *report)
{
    struct plot_bar bars[BARS_MOST];
    size_t count = 0;

    for (size_t i = 0; i < TALLY_CHECKS; i++) {
        for (const struct finding *at = report->tally->findings[i]; at != NULL; at = at->next) {
            struct plot_bar bar = {.value = at->slice.mails,
                                   .part = slice_came_in(&at->slice),
                                   .kind = kind_of_action(at->action)};

            (void)snprintf(bar.label, sizeof(bar.label), "%s:%s", at->check, at->reason);
            if (!at->is_unknown)
                count = insert_bar(bars, count, &bar);
        }
    }
    if (count > 0)
        draw_bars(to, bars, count, "Mails that each check found");
}

void html_plot_senders(FILE *to, const struct report_senders *list)
{
    struct plot_bar bars[BARS_MOST];
    size_t count = 0;

    for (; count < list->table->count && count < BARS_MOST; count++) {
        const struct sender *sender = list->rows[count].sender;
        const char *name = sender->organisation[0] != '\0' ? sender->organisation : sender->client;

        bars[count] = (struct plot_bar){.value = report_sure(sender),
                                        .part = report_sure(sender),
                                        .kind = sender->rejected > 0 ? "refused" : "deferred"};
        (void)snprintf(bars[count].label, sizeof(bars[count].label), "%.*s%s", LABEL_CHARS, name,
                       strlen(name) > LABEL_CHARS ? "..." : "");
    }
    if (count > 1)
        draw_bars(to, bars, count, "Mails of each sender");
}
