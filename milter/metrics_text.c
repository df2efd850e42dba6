/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_text.c - numbers in Prometheus' text format, see metrics_text.h
 */
#include "metrics_text.h"

#include <string.h>

static const double MS_PER_S = 1000;

/* By enum helo_counter_kind: the name of the kind, and what a name of it ends in. */
static const struct {
    const char *type, *end;
} kinds[] = {
    [HELO_COUNTER] = {"counter", "_total"},
    [HELO_GAUGE] = {"gauge", ""},
    [HELO_HISTOGRAM] = {"histogram", "_seconds"},
};

/*
 * A value is any text, a path or what the site calls a version: what is not printable ASCII is
 * shown as \xNN, whose backslash is written twice like any other.
 */
static void put_value(FILE *out, const char *value)
{
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;

        if (c == '\\' || c == '"')
            (void)fprintf(out, "\\%c", c);
        else if (c < ' ' || c > '~')
            (void)fprintf(out, "\\\\x%02X", c);
        else
            (void)fputc(c, out);
    }
}

/* more: another label, or NULL. */
static void put_labels(FILE *out, const struct helo_counter *row, const struct helo_label *more)
{
    const char *before = "{";

    for (size_t i = 0; i < HELO_COUNTER_LABELS && row->labels[i].key != NULL; i++) {
        (void)fprintf(out, "%s%s=\"", before, row->labels[i].key);
        put_value(out, row->labels[i].value != NULL ? row->labels[i].value : "");
        (void)fputc('"', out);
        before = ",";
    }
    if (more != NULL)
        (void)fprintf(out, "%s%s=\"%s\"", before, more->key, more->value);
    if (more != NULL || before[0] == ',')
        (void)fputc('}', out);
}

/* Help is ours: no byte of it needs to be escaped. */
static void put_head(struct mh_metrics_text *text, const char *name, const char *help,
                     enum helo_counter_kind kind)
{
    if (strcmp(name, text->last) == 0)
        return;
    (void)snprintf(text->last, sizeof text->last, "%s", name);
    (void)fprintf(text->out, "# HELP " MH_METRICS_PREFIX "%s%s %s\n", name, kinds[kind].end, help);
    (void)fprintf(text->out, "# TYPE " MH_METRICS_PREFIX "%s%s %s\n", name, kinds[kind].end,
                  kinds[kind].type);
}

static void put_bucket(FILE *out, const struct helo_counter *row, const char *limit,
                       unsigned long long within)
{
    const struct helo_label le = {"le", limit};

    (void)fprintf(out, MH_METRICS_PREFIX "%s_seconds_bucket", row->name);
    put_labels(out, row, &le);
    (void)fprintf(out, " %llu\n", within);
}

static void put_histogram(FILE *out, const struct helo_counter *row)
{
    const struct helo_histogram *histogram = row->histogram;
    char limit[32];

    for (size_t i = 0; i < histogram->buckets; i++) {
        (void)snprintf(limit, sizeof limit, "%g", (double)histogram->limits_ms[i] / MS_PER_S);
        put_bucket(out, row, limit, histogram->within[i]);
    }
    put_bucket(out, row, "+Inf", row->value);
    (void)fprintf(out, MH_METRICS_PREFIX "%s_seconds_sum", row->name);
    put_labels(out, row, NULL);
    (void)fprintf(out, " %.3f\n", (double)histogram->sum_ms / MS_PER_S);
    (void)fprintf(out, MH_METRICS_PREFIX "%s_seconds_count", row->name);
    put_labels(out, row, NULL);
    (void)fprintf(out, " %llu\n", row->value);
}

void mh_metrics_text_row(void *arg, const struct helo_counter *row)
{
    struct mh_metrics_text *text = arg;

    put_head(text, row->name, row->help, row->kind);
    if (row->kind == HELO_HISTOGRAM) {
        put_histogram(text->out, row);
        return;
    }
    (void)fprintf(text->out, MH_METRICS_PREFIX "%s%s", row->name, kinds[row->kind].end);
    put_labels(text->out, row, NULL);
    (void)fprintf(text->out, " %llu\n", row->value);
}

void mh_metrics_text_number(struct mh_metrics_text *text, const char *name, const char *help,
                            enum helo_counter_kind kind, double value)
{
    put_head(text, name, help, kind);
    (void)fprintf(text->out, MH_METRICS_PREFIX "%s%s %.15g\n", name, kinds[kind].end, value);
}
