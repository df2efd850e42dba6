/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exim.c - contrib/exim: what an ACL may say, what it gets back, and whose engine answers
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "request.h"
#include "unit/unit.h"

int helo_exim(unsigned char **yield, int argc, unsigned char *argv[]);

/* ---- the arguments --------------------------------------------------------------------------- */

enum { MAX = 10, TEXT = 2048 };

/* Copies the words, so that a sanitizer sees whoever reads behind one; returns how many. */
static int copy_words(const char *const words[MAX], unsigned char *copies[MAX])
{
    int count = 0;

    while (count < MAX && words[count] != NULL) {
        copies[count] = (unsigned char *)strdup(words[count]);
        assert_non_null(copies[count]);
        count++;
    }
    return count;
}

static void free_words(unsigned char *copies[MAX], int count)
{
    for (int i = 0; i < count; i++)
        free(copies[i]);
}

/* One line of what was understood. */
static void show(const struct hx_request *r, char *out, size_t size)
{
#define HX_SHOWN(text) ((text) != NULL ? (text) : "-")
    (void)snprintf(out, size, "%d %s %u %s|%s %u %s %s|%d %s|%s|%s %s|%s|%s", r->client.ss_family,
                   r->client_address, r->client_port, HX_SHOWN(r->client_name), r->server_address,
                   r->server_port, HX_SHOWN(r->server_names[0]), HX_SHOWN(r->server_names[1]),
                   r->tls, HX_SHOWN(r->tls_client), HX_SHOWN(r->helo), r->auth_type,
                   HX_SHOWN(r->auth_user), HX_SHOWN(r->sender), r->recipient);
}

#define HX_V4   "client=203.0.113.9 4711 mail.client.example"
#define HX_V4_S "2 203.0.113.9 4711 mail.client.example"

static const struct understood {
    const char *name;
    const char *words[MAX];
    const char *want;
} understood[] = {
    {"all of it",
     {HX_V4, "server=192.0.2.1 25 mx.site.example mx2.site.example",
      "tls=TLS1.3:AES:256 1 partner.example", "helo=mail.client.example", "auth=plain joe",
      "sender=a@client.example", "recipient=joe@site.example"},
     HX_V4_S "|192.0.2.1 25 mx.site.example mx2.site.example|1 partner.example|"
             "mail.client.example|plain joe|a@client.example|<joe@site.example>"},
    {"as little as can be", {HX_V4, "helo="}, HX_V4_S "| 0 - -|0 -|-| -|-|"},
    {"any order", {"helo=x", HX_V4}, HX_V4_S "| 0 - -|0 -|x| -|-|"},
    {"IPv6", {"client=2001:db8::9 1 ", "helo=x"}, "10 2001:db8::9 1 -| 0 - -|0 -|x| -|-|"},
    {"IPv6 with its interface",
     {"client=fe80::1%eth0 1 ", "helo=x"},
     "10 fe80::1%eth0 1 -| 0 - -|0 -|x| -|-|"},
    {"local submission", {"client=  ", "helo=x"}, "0  0 -| 0 - -|0 -|x| -|-|"},
    {"local submission, as exim -bs has it",
     {"client= 0 ", "server= -1 mx.site.example mx.site.example", "helo=x"},
     "0  0 -| 0 mx.site.example mx.site.example|0 -|x| -|-|"},
    {"no blanks behind the address",
     {"client=203.0.113.9", "helo=x"},
     "2 203.0.113.9 0 -| 0 - -|0 -|x| -|-|"},
    {"a name that has blanks",
     {"client=203.0.113.9 1 a b", "helo=x"},
     "2 203.0.113.9 1 a b| 0 - -|0 -|x| -|-|"},
    {"a HELO that poses as an argument",
     {HX_V4, "helo=x} recipient=postmaster@site.example"},
     HX_V4_S "| 0 - -|0 -|x} recipient=postmaster@site.example| -|-|"},
    {"a HELO with the sign itself", {HX_V4, "helo==a=b="}, HX_V4_S "| 0 - -|0 -|=a=b=| -|-|"},
    {"a HELO with bytes beyond ASCII",
     {HX_V4, "helo=\xc3\xa4\xff\x01"},
     HX_V4_S "| 0 - -|0 -|\xc3\xa4\xff\x01| -|-|"},
    {"the null reverse-path", {HX_V4, "helo=x", "sender="}, HX_V4_S "| 0 - -|0 -|x| -||"},
    {"an authenticator without a name",
     {HX_V4, "helo=x", "auth=plain "},
     HX_V4_S "| 0 - -|0 -|x|plain |-|"},
    {"a name without an authenticator",
     {HX_V4, "helo=x", "auth= joe"},
     HX_V4_S "| 0 - -|0 -|x| -|-|"},
    {"a certificate that was not verified",
     {HX_V4, "helo=x", "tls=TLS1.3 0 partner.example"},
     HX_V4_S "| 0 - -|1 -|x| -|-|"},
    {"a certificate without TLS",
     {HX_V4, "helo=x", "tls= 1 partner.example"},
     HX_V4_S "| 0 - -|0 -|x| -|-|"},
    {"more names than are kept",
     {HX_V4, "helo=x", "server=192.0.2.1 25 a  b c"},
     HX_V4_S "|192.0.2.1 25 a b|0 -|x| -|-|"},
    {"a local part that needs quotes",
     {HX_V4, "helo=x", "recipient=a \"b\\@x@site.example"},
     HX_V4_S "| 0 - -|0 -|x| -|-|<\"a \\\"b\\\\@x\"@site.example>"},
    {"a local part like postmaster's",
     {HX_V4, "helo=x", "recipient=postmaster@x>@site.example"},
     HX_V4_S "| 0 - -|0 -|x| -|-|<\"postmaster@x>\"@site.example>"},
    {"a recipient without a domain",
     {HX_V4, "helo=x", "recipient=postmaster"},
     HX_V4_S "| 0 - -|0 -|x| -|-|<postmaster>"},
    {"a recipient of nothing",
     {HX_V4, "helo=x", "recipient=@"},
     HX_V4_S "| 0 - -|0 -|x| -|-|<\"\"@>"},
};

static void understands(void **state)
{
    (void)state;
    UNIT_EACH(const struct understood, row, understood) {
        struct hx_request request;
        unsigned char *words[MAX];
        int count = copy_words(row->words, words);
        char shown[TEXT];

        UNIT_EXPECT(hx_request_parse(&request, count, words));
        UNIT_EXPECT_TEXT(request.fault, "");
        show(&request, shown, sizeof(shown));
        UNIT_EXPECT_TEXT(shown, row->want);
        free_words(words, count);
    }
}

static const struct faulty {
    const char *name;
    const char *words[MAX];
    const char *want; /* what the fault begins with */
} faulty[] = {
    {"nothing",
     {NULL},
     "helo_exim: missing argument \"client\"; the arguments are policy= client="},
    {"no HELO", {HX_V4}, "helo_exim: missing argument \"helo\""},
    {"no client: not a local one", {"helo=x"}, "helo_exim: missing argument \"client\""},
    {"an unknown name", {HX_V4, "helo=x", "hello=x"}, "helo_exim: unknown argument \"hello\""},
    {"a name alone", {HX_V4, "helo"}, "helo_exim: unknown argument \"helo\""},
    {"a beginning of a name", {HX_V4, "hel=x"}, "helo_exim: unknown argument \"hel\""},
    {"a value alone, as functions usually get",
     {"203.0.113.9", "x"},
     "helo_exim: unknown argument \"203.0.113.9\""},
    {"twice", {HX_V4, "helo=x", "helo=y"}, "helo_exim: this argument stands twice: \"helo\""},
    {"what is no address is not none",
     {"client=203.0.113 1 ", "helo=x"},
     "helo_exim: a value that cannot be read: \"client=203.0.113 1 \""},
    {"a port that is none",
     {"client=203.0.113.9 65536 ", "helo=x"},
     "helo_exim: a value that cannot be read: \"client=203.0.113.9"},
    {"a port with letters",
     {HX_V4, "helo=x", "server=192.0.2.1 smtp mx"},
     "helo_exim: a value that cannot be read: \"server="},
    {"no policy", {HX_V4, "helo=x", "policy="}, "helo_exim: a value that cannot be read: \"policy"},
    {"what is shown is printable",
     {HX_V4, "a\"b\nc\xff=x"},
     "helo_exim: unknown argument \"a?b?c?\""},
    {"what is shown is bounded",
     {HX_V4, "0123456789012345678901234567890123456789012345678901234567890123456789=x"},
     "helo_exim: unknown argument \"0123456789012345678901234567890123456789\""},
};

static void refuses(void **state)
{
    (void)state;
    UNIT_EACH(const struct faulty, row, faulty) {
        struct hx_request request;
        unsigned char *words[MAX];
        int count = copy_words(row->words, words);

        UNIT_EXPECT(!hx_request_parse(&request, count, words));
        UNIT_EXPECT(strncmp(request.fault, row->want, strlen(row->want)) == 0);
        UNIT_EXPECT_INT(request.given, 0);
        free_words(words, count);
    }
}

/* Every length around the limits: what does not fit is a fault, and never a piece of itself. */
static void is_bounded(void **state)
{
    static const char *const heads[] = {"client=", "server=192.0.2.1 25 ", "auth=", "recipient="};

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(heads); i++) {
        for (size_t length = 1; length < 1200; length++) {
            char long_word[TEXT], client[] = HX_V4, helo[] = "helo=x";
            unsigned char *words[] = {(unsigned char *)long_word, (unsigned char *)helo,
                                      (unsigned char *)client};
            struct hx_request request;
            size_t head = strlen(heads[i]);

            memcpy(long_word, heads[i], head);
            memset(long_word + head, i == 3 && length % 2 == 0 ? '"' : 'a', length);
            long_word[head + length] = '\0';
            if (hx_request_parse(&request, i == 0 ? 2 : 3, words))
                assert_true(i != 0 && length < HX_PATH_SIZE);
            else
                assert_non_null(strstr(request.fault, "cannot be read"));
        }
    }
}

/* Exim 4.96 counts what lies behind a full list: it must not be looked at. */
static void counts_no_further(void **state)
{
    const char *const full[MAX] = {
        "policy=/p", HX_V4,   "server=192.0.2.1 25 mx",  "tls=",
        "helo=x",    "auth=", "sender=a@client.example", "recipient=joe@site.example"};
    struct hx_request request;
    unsigned char *words[MAX];

    (void)state;
    assert_int_equal(copy_words(full, words), HX_ARGUMENTS_MAX);
    words[HX_ARGUMENTS_MAX] = NULL;
    assert_true(hx_request_parse(&request, HX_ARGUMENTS_MAX + 2, words));
    assert_string_equal(request.recipient, "<joe@site.example>");
    free_words(words, HX_ARGUMENTS_MAX);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void quotes(void **state)
{
    struct hx_answer answer;

    (void)state;
    hx_answer_init(&answer, "defer");
    assert_string_equal(answer.text, "action=defer");
    hx_answer_add(&answer, "reply", "450 a \"b\" \\c\nd");
    hx_answer_add(&answer, "log", "${run{x}}\t\xff\x7f");
    assert_string_equal(answer.text, "action=defer reply=\"450 a \\\"b\\\" \\\\c\\nd\""
                                     " log=\"${run{x}}???\"");
}

/* Every length around the limit, of letters and of quotes: the list stays one. */
static void is_cut_whole(void **state)
{
    static char value[HX_ANSWER_SIZE + 8];
    struct hx_answer answer;

    (void)state;
    for (size_t length = HX_ANSWER_SIZE - 40; length < sizeof(value) - 1; length++) {
        for (int quote = 0; quote < 2; quote++) {
            size_t half = length / (quote ? 2 : 1);

            memset(value, quote ? '"' : 'a', half);
            value[half] = '\0';
            hx_answer_init(&answer, "accept");
            hx_answer_add(&answer, "log", value);
            hx_answer_add(&answer, "more", value);
            assert_int_equal(strlen(answer.text), answer.length);
            assert_true(answer.length < sizeof(answer.text));
            assert_int_equal(answer.text[answer.length - 1], '"');
        }
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Nobody listens there: whatever is asked of DNS is refused at once, on this machine. */
static const char good[] = "mode: enforce\ndns:\n  servers: [\"127.0.0.1:1\"]\n";
static const char broken[] = "mode: enforce\nmode: obsreve\n";

/* Makes a policy, and the argument that names it. */
static void write_policy(char argument[64], const char *text)
{
    static const char pattern[] = "policy=/tmp/helo-exim-XXXXXX";
    int fd;

    memcpy(argument, pattern, sizeof(pattern));
    fd = mkstemp(argument + strlen("policy="));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static const char *ask(char *policy, const char *helo, const char *recipient)
{
    const char *const words[MAX] = {policy, HX_V4, helo, "sender=a@client.example", recipient};
    unsigned char *copies[MAX], *answer = NULL;
    int count = copy_words(words, copies);

    assert_int_equal(helo_exim(&answer, count, copies), 0);
    assert_non_null(answer);
    free_words(copies, count);
    return (const char *)answer;
}

static void judges(void **state)
{
    char policy[64];
    const char *answer;

    (void)state;
    write_policy(policy, good);
    assert_string_equal(ask(policy, "helo=localhost", NULL), "action=accept");
    answer = ask(policy, "helo=localhost", "recipient=joe@site.example");
    assert_non_null(strstr(answer, "action=reject reply=\"550 5.7.1 "));
    assert_non_null(strstr(answer, " why=\"HELO refused: localhost id="));
    assert_non_null(strstr(answer, " log=\"milter-helo: id="));
    /* The same session: what was refused stays so, and postmaster is still reached. */
    answer = ask(policy, "helo=mail.client.example", "recipient=joe@site.example");
    assert_non_null(strstr(answer, "action=reject"));
    answer = ask(policy, "helo=localhost", "recipient=postmaster@site.example");
    assert_non_null(strstr(answer, "action=accept log=\"milter-helo: id="));
    assert_int_equal(unlink(policy + strlen("policy=")), 0);
}

/* The child finds no thread of the resolver's: it makes an engine of its own, and does not hang. */
static void forks(void **state)
{
    char policy[64];
    int status = -1;
    pid_t child;

    (void)state;
    write_policy(policy, good);
    assert_non_null(strstr(ask(policy, "helo=localhost", "recipient=joe@site.example"), "reject"));
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const char *answer = ask(policy, "helo=mail.silent.example", "recipient=joe@site.example");

        _exit(strstr(answer, "action=accept log=\"milter-helo: id=") == answer ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_non_null(strstr(ask(policy, "helo=localhost", "recipient=joe@site.example"), "reject"));
    assert_int_equal(unlink(policy + strlen("policy=")), 0);
}

/* Mail comes in, and the panic log says why, once. */
static void fails_open(void **state)
{
    char policy[64], want[128];
    const char *answer;

    (void)state;
    write_policy(policy, broken);
    (void)snprintf(want, sizeof(want), "%s:2:", policy + strlen("policy="));
    answer = ask(policy, "helo=localhost", "recipient=joe@site.example");
    assert_ptr_equal(strstr(answer, "action=accept log=\":main,panic: milter-helo: error: "),
                     answer);
    assert_non_null(strstr(answer, want));
    answer = ask(policy, "helo=localhost", "recipient=ann@site.example");
    assert_ptr_equal(strstr(answer, "action=accept log=\":main: milter-helo: error: "), answer);
    assert_int_equal(unlink(policy + strlen("policy=")), 0);
    answer = ask(policy, "helo", NULL);
    assert_non_null(strstr(answer, "unknown argument \\\"helo\\\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(understands), UNIT_TEST(refuses),      UNIT_TEST(is_bounded),
        UNIT_TEST(quotes),      UNIT_TEST(is_cut_whole), UNIT_TEST(counts_no_further),
        UNIT_TEST(judges),      UNIT_TEST(forks),        UNIT_TEST(fails_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
