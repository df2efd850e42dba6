/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_reload.c - helocheck reload: a changed policy into the running filter
 *
 * PURPOSE  Looks at the policy first, and only a good one is worth a signal; finds the filter by
 *          its pid file.
 * CONTRACT Nothing but a living milter-helo ever gets the signal: the process is held by a
 *          descriptor before its name is looked at, so that its number cannot pass to another.
 * THREADS  one.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/field.h"
#include "tools/tool.h"

static const char daemon_name[] = "milter-helo";
static const char default_policy[] = HELO_POLICY_PATH;

enum { NUMBER_BYTES = 24, PATH_SIZE = 48, TELL_SIZE = 64 };

struct reload {
    const char *policy;
    const char *pid_file;
    int help;
};

static const struct field fields[] = {
    {NULL, "--policy", "FILE", "the policy the filter was started with; without: its default",
     FIELD_TEXT, offsetof(struct reload, policy)},
    {NULL, "--pid-file", "FILE",
     "where the filter's number stands; without: the policy's "
     "milter.pid_file",
     FIELD_TEXT, offsetof(struct reload, pid_file)},
    {NULL, "--help", NULL, "print this", FIELD_FLAG, offsetof(struct reload, help)},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static int help(void)
{
    (void)printf(
        "usage: helocheck reload [--policy FILE] [--pid-file FILE]\n"
        "\n"
        "Looks at the policy, and tells the running filter to read its policy again if it\n"
        "is good. The filter's log says what has changed.\n"
        "\n");
    options_help(fields, FIELD_COUNT);
    (void)printf("\n"
                 "Exit codes: 0 told, 64 bad usage, 66 the policy cannot be read, 69 no filter to\n"
                 "tell, 70 no memory, 74 the output cannot be written, 77 not allowed to tell it,\n"
                 "78 the policy has errors, nothing was sent.\n");
    return 0;
}

/* ---- which process --------------------------------------------------------------------------- */

/* How to do without a pid file, for messages. */
static const char *const other_ways = "use your service manager, or 'kill -HUP PID'";

/* Reads a small file as text. Returns its length, or -1 with errno. */
static ssize_t read_text(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    ssize_t got = -1;
    int error = EINVAL;

    if (fd < 0)
        return -1;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        got = read(fd, out, size - 1);
        error = errno;
    }
    (void)close(fd);
    errno = error;
    if (got >= 0)
        out[got] = '\0';
    return got;
}

static int fail(int code, const char *path, const char *what)
{
    char quoted[PRINT_QUOTE_SIZE];

    print_fault("reload", "%s: %s; nothing was sent; %s", print_quote(quoted, path), what,
                other_ways);
    return code;
}

static const char *reading_fault(int error)
{
    if (error == EINVAL)
        return "this is no ordinary file";
    return error == ENOENT ? "no such pid file: no filter runs with it, or milter.pid_file needs "
                             "its restart"
                           : strerror(error);
}

/* The number in the pid file; 0 after a complaint, with *code set. */
static pid_t read_pid(const char *path, int *code)
{
    char text[NUMBER_BYTES];
    ssize_t length = read_text(path, text, sizeof(text));
    size_t digits;
    long number;

    *code = TOOL_UNAVAILABLE;
    if (length < 0) {
        *code = errno == EACCES ? TOOL_NOPERM : TOOL_UNAVAILABLE;
        (void)fail(*code, path, reading_fault(errno));
        return 0;
    }
    if (length == 0) {
        (void)fail(*code, path, "the pid file is empty: the filter was stopped");
        return 0;
    }
    digits = strspn(text, "0123456789");
    number = digits > 0 && digits <= 9 ? strtol(text, NULL, 10) : 0;
    if (number < 2 || (text[digits] != '\n' && text[digits] != '\0')) {
        (void)fail(*code, path, "the file holds no process id");
        return 0;
    }
    return (pid_t)number;
}

/* What the kernel calls the process; "" when it does not say. */
static void read_name(pid_t pid, char out[TELL_SIZE])
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "/proc/%ld/comm", (long)pid);
    if (read_text(path, out, TELL_SIZE) < 0)
        out[0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static int tell_process(pid_t pid, int fd, const char *path)
{
    char name[TELL_SIZE], shown[TELL_SIZE], what[2 * TELL_SIZE];
    int code;

    read_name(pid, name);
    if (strcmp(name, daemon_name) != 0) {
        if (name[0] == '\0')
            (void)snprintf(what, sizeof(what), "process %ld does not say what it is", (long)pid);
        else
            (void)snprintf(what, sizeof(what), "process %ld is no milter-helo, but %s", (long)pid,
                           print_clean(shown, sizeof(shown), name));
        return fail(TOOL_UNAVAILABLE, path, what);
    }
    if (pidfd_send_signal(fd, SIGHUP, NULL, 0) == 0)
        return 0;
    code = errno == EPERM ? TOOL_NOPERM : TOOL_UNAVAILABLE;
    (void)snprintf(what, sizeof(what), "process %ld: %s", (long)pid, strerror(errno));
    return fail(code, path, what);
}

static int tell(const char *path)
{
    char what[TELL_SIZE];
    int code, fd;
    pid_t pid = read_pid(path, &code);

    if (pid == 0)
        return code;
    fd = pidfd_open(pid, 0);
    if (fd < 0) {
        (void)snprintf(what, sizeof(what), "process %ld: %s", (long)pid,
                       errno == ESRCH ? "does not run" : strerror(errno));
        return fail(TOOL_UNAVAILABLE, path, what);
    }
    code = tell_process(pid, fd, path);
    (void)close(fd);
    if (code == 0)
        (void)printf("milter-helo (process %ld) was told to read its policy again; its log says "
                     "what has changed\n",
                     (long)pid);
    return code;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int run(const struct reload *reload)
{
    const char *path = reload->policy != NULL ? reload->policy : default_policy;
    struct print_diags diags = {.to = stderr};
    helo_policy *policy = NULL;
    enum helo_status status = helo_policy_load(path, print_diag, &diags, &policy);
    char quoted[PRINT_QUOTE_SIZE];
    const char *pid_file = reload->pid_file;
    int code;

    if (status != HELO_OK) {
        print_fault("reload", "%s: %s; nothing was sent, the filter goes on as before",
                    print_quote(quoted, path), helo_status_text(status));
        return tool_exit_of(status);
    }
    if (pid_file == NULL)
        pid_file = helo_policy_string(policy, "milter.pid_file");
    if (pid_file == NULL || pid_file[0] == '\0')
        code = fail(TOOL_UNAVAILABLE, path,
                    "the policy is good, but has no milter.pid_file to "
                    "find the filter by");
    else
        code = tell(pid_file);
    helo_policy_unref(policy);
    return code;
}

int cmd_reload(int argc, char **argv)
{
    struct reload reload = {0};
    int first = options_parse(argc, argv, fields, FIELD_COUNT, &reload);
    char quoted[PRINT_QUOTE_SIZE];

    if (first < 0)
        return TOOL_USAGE;
    if (reload.help)
        return help();
    if (first < argc) {
        print_fault("reload", "unexpected %s; the policy is named by --policy",
                    print_quote(quoted, argv[first]));
        return TOOL_USAGE;
    }
    return run(&reload);
}
