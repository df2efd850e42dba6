/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay_main.c - run a fuzz target on files, without libFuzzer
 *
 * PURPOSE  replay_NAME FILE|FOLDER...: gives each file, and each file of a folder, to the target.
 * CONTRACT Exit code 0 when all were run, 1 when a file could not be read or there was none; a
 *          broken invariant aborts after the file was named.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_BYTES = 1 << 20, PATH_BYTES = 4096 };

static unsigned files_run;

static bool run_file(const char *path)
{
    /* Of the exact size, so that AddressSanitizer sees a read past the input. */
    uint8_t *room = malloc(MAX_BYTES), *exact = NULL;
    FILE *file = fopen(path, "rb");
    size_t size;
    bool read_all = false;

    if (room == NULL || file == NULL)
        goto done;
    size = fread(room, 1, MAX_BYTES, file);
    exact = malloc(size != 0 ? size : 1);
    read_all = feof(file) && exact != NULL;
    if (read_all) {
        memcpy(exact, room, size);
        (void)printf("%s\n", path);
        (void)fflush(stdout);
        (void)LLVMFuzzerTestOneInput(exact, size);
        files_run++;
    }
done:
    if (file != NULL)
        (void)fclose(file);
    free(exact);
    free(room);
    return read_all;
}

static bool run_folder(const char *path)
{
    char name[PATH_BYTES];
    const struct dirent *entry;
    DIR *folder = opendir(path);
    bool all = folder != NULL;

    while (all && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);

            all = length > 0 && (size_t)length < sizeof name && run_file(name);
        }
    }
    if (folder != NULL)
        (void)closedir(folder);
    return all;
}

int main(int argc, char **argv)
{
    struct stat status;

    for (int i = 1; i < argc; i++) {
        bool is_folder = stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode);

        if (!(is_folder ? run_folder(argv[i]) : run_file(argv[i]))) {
            (void)fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return EXIT_FAILURE;
        }
    }
    (void)printf("%u files\n", files_run);
    return files_run != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
