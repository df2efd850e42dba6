/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_source.c - the lines of a file, whatever it is compressed with
 *
 * libarchive compresses what is read back by it; that its formats are those of gzip(1), xz(1) and
 * zstd(1) is its own affair, that we hand out what was written is ours.
 */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include "log_play.h"
#include "tools/log/source.h"

enum { ROOM = 4 * 1024 * 1024 };

struct packed {
    char *bytes;
    size_t length;
};

typedef int filter_fn(struct archive *archive);

static struct packed pack(filter_fn *filter, const char *text, size_t length)
{
    struct packed out = {.bytes = malloc(ROOM)};
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();

    assert_true(out.bytes != NULL && archive != NULL && entry != NULL);
    assert_int_equal(filter(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
    (void)archive_write_set_bytes_in_last_block(archive, 1);
    assert_int_equal(archive_write_open_memory(archive, out.bytes, ROOM, &out.length), ARCHIVE_OK);
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    if (length > 0)
        assert_int_equal(archive_write_data(archive, text, length), (la_ssize_t)length);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_entry_free(entry);
    (void)archive_write_free(archive);
    return out;
}

static filter_fn *const filters[] = {
    archive_write_add_filter_gzip,     archive_write_add_filter_xz,  archive_write_add_filter_zstd,
    archive_write_add_filter_bzip2,    archive_write_add_filter_lz4, archive_write_add_filter_lzip,
    archive_write_add_filter_compress,
};

/* All lines, each behind its number and a colon; at the end what went wrong. */
static void read_all(const char *path, struct text *out)
{
    char error[SOURCE_ERROR_SIZE] = "";
    struct source *source = NULL;
    struct source_line line;
    int more;

    text_init(out, ROOM);
    if (source_open(path, &source, error) != HELO_OK) {
        text_addf(out, "error: %s\n", error);
        return;
    }
    while ((more = source_next(source, &line, error)) > 0) {
        UNIT_EXPECT_INT(strlen(line.text), line.length);
        text_addf(out, "%llu:%s%s\n", line.number, line.text, line.cut ? " (cut)" : "");
    }
    if (more < 0)
        text_addf(out, "error: %s\n", strchr(error, ':') != NULL ? strchr(error, ':') + 2 : error);
    source_close(source);
}

static void expect_file(const void *bytes, size_t length, const char *want)
{
    char path[PLAY_PATH];
    int fd = play_file(bytes, length, path);
    struct text got;

    read_all(path, &got);
    UNIT_EXPECT_TEXT(play_text(&got), want);
    text_fini(&got);
    (void)close(fd);
}

static const struct row {
    const char *name;
    const char *text;
    size_t length;
    const char *want;
} rows[] = {
    {"lines", "one\ntwo\n", 8, "1:one\n2:two\n"},
    {"no newline at the end", "one\ntwo", 7, "1:one\n2:two\n"},
    {"empty lines", "\n\none\n", 6, "1:\n2:\n3:one\n"},
    {"CR LF", "one\r\ntwo\r\n\r\n", 12, "1:one\n2:two\n3:\n"},
    {"NUL", "o\0e\n\0\n", 6, "1:o?e\n2:?\n"},
    {"empty", "", 0, ""},
    {"what looks like a mailbox, or uuencoded", "begin 644 x\n", 12, "1:begin 644 x\n"},
};

static void any_compression(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        for (size_t i = 0; i < UNIT_COUNT(filters); i++) {
            struct packed packed;

            /* Of nothing at all libarchive 3.6 makes no file of these two; lz4 even crashes. */
            if (r->length == 0 && (filters[i] == archive_write_add_filter_lz4 ||
                                   filters[i] == archive_write_add_filter_compress))
                continue;
            packed = pack(filters[i], r->text, r->length);

            expect_file(packed.bytes, packed.length, r->want);
            free(packed.bytes);
        }
        expect_file(r->text, r->length, r->want);
    }
}

/* logrotate's and cat(1)'s: "cat a.gz b.gz" is a file. */
static void parts_are_one_file(void **state)
{
    static filter_fn *const parts[] = {archive_write_add_filter_gzip, archive_write_add_filter_xz,
                                       archive_write_add_filter_zstd,
                                       archive_write_add_filter_bzip2};

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(parts); i++) {
        struct packed a = pack(parts[i], "one\ntw", 6), b = pack(parts[i], "o\nthree\n", 8);

        memcpy(a.bytes + a.length, b.bytes, b.length);
        expect_file(a.bytes, a.length + b.length, "1:one\n2:two\n3:three\n");
        free(a.bytes);
        free(b.bytes);
    }
}

/* Lines that do not repeat themselves, so that half of the packed file is some of them. */
static char *many_lines(size_t count, size_t *length)
{
    char *text = malloc(count * 32);
    unsigned long long seed = 88172645463325252;

    assert_non_null(text);
    *length = 0;
    for (size_t i = 0; i < count; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        *length += (size_t)snprintf(text + *length, 32, "%zu %llu\n", i + 1, seed);
    }
    return text;
}

static void a_file_cut_short_is_told(void **state)
{
    size_t length;
    char *text = many_lines(50000, &length);

    (void)state;
    for (size_t i = 0; i < 3; i++) { /* gzip, xz, zstd */
        struct packed packed = pack(filters[i], text, length);
        char path[PLAY_PATH];
        int fd = play_file(packed.bytes, packed.length / 2, path);
        const char *told;
        struct text got;

        read_all(path, &got);
        told = strstr(play_text(&got), "error: ");
        assert_non_null(told);
        UNIT_EXPECT(strlen(told) > strlen("error: \n"));
        /* What was whole is handed out; what is cut is no line. */
        UNIT_EXPECT(told - play_text(&got) > 1000);
        UNIT_EXPECT(strncmp(play_text(&got), "1:1 ", 4) == 0);
        text_fini(&got);
        (void)close(fd);
        free(packed.bytes);
    }
    free(text);
}

/* Two compressed parts may have another of everything: each byte of the file is read once. */
static void progress_is_that_of_the_file(void **state)
{
    size_t length;
    char *text = many_lines(50000, &length);
    struct packed packed = pack(archive_write_add_filter_gzip, text, length);
    char path[PLAY_PATH], error[SOURCE_ERROR_SIZE];
    int fd = play_file(packed.bytes, packed.length, path);
    unsigned long long before = 0;
    struct source_progress progress;
    struct source *source = NULL;
    struct source_line line;

    (void)state;
    assert_int_equal(source_open(path, &source, error), HELO_OK);
    while (source_next(source, &line, error) > 0) {
        source_progress(source, &progress);
        assert_int_equal(progress.total, packed.length);
        assert_true(progress.consumed >= before && progress.consumed <= progress.total);
        before = progress.consumed;
    }
    assert_int_equal(line.number, 50000);
    assert_int_equal(before, packed.length);
    assert_true(source_written_s(source) > 0);
    source_close(source);
    (void)close(fd);
    free(packed.bytes);
    free(text);
}

static void a_long_line_is_cut(void **state)
{
    size_t lengths[] = {SOURCE_LINE_MAX - 1, SOURCE_LINE_MAX, SOURCE_LINE_MAX + 1,
                        5 * SOURCE_LINE_MAX, 9 * SOURCE_LINE_MAX + 17};

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(lengths); i++) {
        size_t length = lengths[i], whole = length + strlen("a\n\nb\n");
        char *text = malloc(whole + 1), path[PLAY_PATH], error[SOURCE_ERROR_SIZE];
        struct source *source = NULL;
        struct source_line line;
        int fd;

        assert_non_null(text);
        memcpy(text, "a\n", 2);
        memset(text + 2, 'x', length);
        memcpy(text + 2 + length, "\nb\n", 3);
        fd = play_file(text, whole, path);
        assert_int_equal(source_open(path, &source, error), HELO_OK);
        assert_int_equal(source_next(source, &line, error), 1);
        assert_int_equal(source_next(source, &line, error), 1);
        assert_int_equal(line.length, length < SOURCE_LINE_MAX ? length : SOURCE_LINE_MAX);
        assert_int_equal(line.cut, length > SOURCE_LINE_MAX);
        assert_int_equal(source_next(source, &line, error), 1);
        assert_string_equal(line.text, "b");
        assert_int_equal(line.number, 3);
        assert_int_equal(source_next(source, &line, error), 0);
        source_close(source);
        (void)close(fd);
        free(text);
    }
}

static void what_cannot_be_opened_is_told(void **state)
{
    static const struct {
        const char *path, *want;
    } files[] = {
        {"/nonexistent/mail.log", "error: /nonexistent/mail.log: No such file or directory\n"},
        {"/", "error: /: Is a directory\n"},
        {"/nonexistent/\x1b[31m", "error: /nonexistent/\\x1b[31m: No such file or directory\n"},
    };

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(files); i++) {
        struct text got;

        read_all(files[i].path, &got);
        assert_string_equal(play_text(&got), files[i].want);
        text_fini(&got);
    }
}

/* "-" by a pipe: in pieces, of no known size; the first is enough to know its form by. */
static void standard_input(void **state)
{
    char error[SOURCE_ERROR_SIZE];
    struct source_progress progress;
    struct source *source = NULL;
    struct source_line line;
    const char *first = "Nov 22 04:53:13 mx milter-helo: ready\nt";
    int pipes[2], saved = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(dup2(pipes[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(write(pipes[1], first, strlen(first)), strlen(first));
    assert_int_equal(source_open("-", &source, error), HELO_OK);
    assert_int_equal(write(pipes[1], "wo\n", 3), 3);
    assert_int_equal(close(pipes[1]), 0);
    assert_int_equal(source_next(source, &line, error), 1);
    assert_string_equal(line.text, "Nov 22 04:53:13 mx milter-helo: ready");
    assert_int_equal(source_next(source, &line, error), 1);
    assert_string_equal(line.text, "two");
    assert_int_equal(source_next(source, &line, error), 0);
    source_progress(source, &progress);
    assert_int_equal(progress.consumed, strlen(first) + 3);
    assert_int_equal(progress.total, 0);
    assert_int_equal(source_written_s(source), 0);
    source_close(source);
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    (void)close(saved);
    (void)close(pipes[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(any_compression),          UNIT_TEST(parts_are_one_file),
        UNIT_TEST(a_file_cut_short_is_told), UNIT_TEST(progress_is_that_of_the_file),
        UNIT_TEST(a_long_line_is_cut),       UNIT_TEST(what_cannot_be_opened_is_told),
        UNIT_TEST(standard_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
