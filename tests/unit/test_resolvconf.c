/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_resolvconf.c - dns/resolvconf.h: has the system's list of name servers changed?
 */
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dns/resolvconf.h"

static char folder[] = "/tmp/helo-resolvconf-XXXXXX";
static char path[64], other[64];

static void write_file(const char *name, const char *text)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
}

static void is_looked_at(void **state)
{
    struct resolvconf conf = {.looked = false};
    uint64_t now_ms = 5;

    (void)state;
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms)); /* there is none, and that is news */
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    write_file(path, "nameserver 192.0.2.1\n");
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms + RESOLVCONF_LOOK_MS - 1)); /* not yet */
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    write_file(path, "nameserver 192.0.2.111\n"); /* in place */
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    write_file(other, "nameserver 192.0.2.111\n"); /* by a file of the same length */
    assert_int_equal(rename(other, path), 0);
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    write_file(other, "nameserver 192.0.2.112\n"); /* by a link, as resolvconf(8) does */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(other, path), 0);
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    assert_int_equal(unlink(other), 0); /* it leads nowhere */
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    resolvconf_missed(&conf); /* and that could not be followed */
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms + RESOLVCONF_LOOK_MS - 1));
    UNIT_EXPECT(resolvconf_changed(&conf, path, now_ms += RESOLVCONF_LOOK_MS));
    UNIT_EXPECT(!resolvconf_changed(&conf, path, now_ms + RESOLVCONF_LOOK_MS));
}

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/resolv.conf", folder);
    (void)snprintf(other, sizeof other, "%s/other", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(other);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(is_looked_at),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
