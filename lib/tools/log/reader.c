/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reader.c - mail logs of any kind as entries, see reader.h
 */
#include "tools/log/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tools/log/format.h"

const char *log_format_text(enum log_format format)
{
    static const char *const words[] = {
#define LOG_FORMAT_WORD(name, word) [LOG_FORMAT_##name] = word,
        LOG_FORMATS(LOG_FORMAT_WORD)
#undef LOG_FORMAT_WORD
    };

    return words[format];
}

const char *log_fact_text(enum log_fact fact)
{
    static const char *const words[] = {
#define LOG_FACT_WORD(name, word) [LOG_##name] = word,
        LOG_FACTS(LOG_FACT_WORD)
#undef LOG_FACT_WORD
    };

    return words[fact];
}

static void read_line(struct log_state *state, struct span line)
{
    struct log_format_coverage *of = state->out->format;
    struct frame frame;

    state->text_used = 0;
    state->text_full = 0;
    state->no_look_up = 0;
    frame_read(&state->clock, line, &frame);
    switch (frame.kind) {
    case FRAME_POSTFIX:
        of[LOG_FORMAT_POSTFIX].lines++;
        format_postfix(state, &frame);
        break;
    case FRAME_EXIM:
        of[LOG_FORMAT_EXIM].lines++;
        format_exim(state, &frame);
        break;
    case FRAME_SENDMAIL:
        of[LOG_FORMAT_SENDMAIL].lines++;
        format_sendmail(state, &frame);
        break;
    case FRAME_OWN:
        of[LOG_FORMAT_OWN].lines++;
        format_own(state, &frame);
        break;
    case FRAME_JSON:
        of[format_json(state, &frame)].lines++;
        break;
    case FRAME_FOREIGN:
    default:
        state_count(state, LOG_LINES_FOREIGN);
        break;
    }
}

static void show_progress(const struct log_state *state, const struct source *source, size_t file,
                          size_t files)
{
    struct log_progress progress = {.file = file,
                                    .files = files,
                                    .path = state->path,
                                    .lines = state->out->lines,
                                    .entries = state->out->entries};

    if (state->options->progress == NULL)
        return;
    source_progress(source, &progress.bytes);
    state->options->progress(state->options->arg, &progress);
}

/* The year of a BSD stamp goes by when the file was last written. */
static void set_clock(struct log_state *state, const struct source *source)
{
    long long reference_s = state->options->now_s;

    if (reference_s == 0)
        reference_s = source_written_s(source);
    if (reference_s == 0)
        reference_s = (long long)time(NULL);
    stamp_init(&state->clock, reference_s);
}

/* Returns 0 when the file could not be read to its end. */
static int read_file(struct log_state *state, const char *path, size_t file, size_t files)
{
    char error[SOURCE_ERROR_SIZE];
    struct source *source = NULL;
    struct source_line line;
    int more = -1;

    state->path = path;
    state->notices = 0;
    if (source_open(path, &source, error) != HELO_OK) {
        state_notice(state, 0, 0, error);
        return 0;
    }
    set_clock(state, source);
    while (!state->stopped && state->failed == HELO_OK &&
           (more = source_next(source, &line, error)) > 0) {
        state->line = line.number;
        state->out->lines++;
        if (line.cut)
            state_count(state, LOG_LINES_CUT);
        if (line.length > 0)
            read_line(state, (struct span){line.text, line.length});
        if (line.number % LOG_PROGRESS_LINES == 0)
            show_progress(state, source, file, files);
    }
    if (more < 0 && !state->stopped && state->failed == HELO_OK)
        state_notice(state, 0, 0, error);
    show_progress(state, source, file, files);
    source_close(source);
    return more >= 0;
}

static int init(struct log_state *state, const struct log_options *options,
                struct log_coverage *out)
{
    state->options = options;
    state->out = out;
    return track_init(&state->connections, TRACK_CONNECTIONS) &&
           track_init(&state->mails, TRACK_MAILS);
}

static void fini(struct log_state *state)
{
    track_fini(&state->connections);
    track_fini(&state->mails);
    seen_fini(&state->seen);
    free(state);
}

enum helo_status log_read(const char *const *paths, size_t count, const struct log_options *options,
                          struct log_coverage *out)
{
    struct log_state *state = calloc(1, sizeof *state);
    enum helo_status status = HELO_NOMEM;
    int whole = 1;

    *out = (struct log_coverage){0};
    if (state == NULL)
        return HELO_NOMEM;
    if (!init(state, options, out))
        goto done;
    for (size_t i = 0; i < count && !state->stopped && state->failed == HELO_OK; i++) {
        int read = read_file(state, paths[i], i, count);

        out->files += (unsigned)read;
        whole = whole && read;
    }
    /* What is still in the queue. */
    while (!state->stopped && state->failed == HELO_OK && track_oldest(&state->mails) != NULL)
        state_finish(state, track_oldest(&state->mails));
    status = state->failed;
    if (status == HELO_OK && !whole && !state->stopped)
        status = HELO_IO;
done:
    fini(state);
    return status;
}
