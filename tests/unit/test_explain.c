/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_explain.c - a verdict for people, programs and logs
 *
 * PURPOSE  Whatever a client says, what comes out is one valid line of JSON, one valid line of
 *          logfmt, and a text that a terminal can show. The JSON is read back by another's parser
 *          (jansson), not by our own.
 */
#include "unit/unit.h"

#include <jansson.h>
#include <stdio.h>

#include "policy/explain.h"

/* ---- a verdict to explain ---- */

struct fixture {
    struct helo_policy *policy;
    struct facts facts;
    struct helo_verdict v;
    char id[129];
    char sender[LIMIT_PATH_TEXT + 1];
    char recipient[LIMIT_PATH_TEXT + 1];
    char auth_user[129];
    char listener_name[129];
};

/* As a session captures what it is told. */
static void capture(char *out, size_t size, const char *bytes, size_t length)
{
    (void)text_printable(out, size, bytes, length);
}

/* A client that says the same bytes everywhere. */
static void begin(struct fixture *x, const char *client, const char *said, size_t length)
{
    memset(x, 0, sizeof(*x));
    x->policy = policy_create();
    assert_non_null(x->policy);
    facts_init(&x->facts);
    assert_true(ip_parse(client, &x->facts.client));
    if (length > 0)
        helo_name_parse(&x->facts.helo, said, length);
    capture(x->id, sizeof(x->id), said, length);
    capture(x->sender, sizeof(x->sender), said, length);
    capture(x->recipient, sizeof(x->recipient), said, length);
    capture(x->auth_user, sizeof(x->auth_user), said, length);
    capture(x->listener_name, sizeof(x->listener_name), said, length);
    x->v.policy = x->policy;
    x->v.rules = &x->policy->rules;
    x->v.facts = &x->facts;
    x->v.id = x->id;
    x->v.sender = x->sender;
    x->v.recipient = x->recipient;
    x->v.auth_user = x->auth_user;
    x->v.listener_name = x->listener_name;
    (void)verdict_judge(&x->v);
}

static void end(struct fixture *x)
{
    helo_policy_unref(x->policy);
}

/* The caller frees it with mem_free(). */
static char *explained(const struct helo_verdict *v,
                       void (*explain)(const struct helo_verdict *, struct text *))
{
    struct text out;

    text_init(&out, LIMIT_EXPLAIN_BYTES);
    explain(v, &out);
    return text_take(&out);
}

/* The three of them. */
static const struct form_row {
    const char *name;
    void (*explain)(const struct helo_verdict *, struct text *);
} forms[] = {{"text", explain_text}, {"json", explain_json}, {"log", explain_log}};

/* ---- hostile bytes ---- */

#define SAID(bytes) bytes, sizeof(bytes) - 1

static const struct said_row {
    const char *name;
    const char *bytes;
    size_t length;
    const char *printable; /* what people and programs get to see */
} said_rows[] = {
    {"plain", SAID("mail.example.org"), "mail.example.org"},
    {"quotes", SAID("say \"hi\""), "say \"hi\""},
    {"backslash", SAID("a\\b\\"), "a\\\\b\\\\"},
    {"equals and blanks", SAID("a=b c=d"), "a=b c=d"},
    {"controls", SAID("a\tb\x1b[2J\x7f"), "a\\x09b\\x1b[2J\\x7f"},
    {"line break", SAID("a\r\nverdict=accept"), "a\\x0d\\x0averdict=accept"},
    {"nul", SAID("a\0b"), "a\\x00b"},
    {"8-bit", SAID("caf\xe9"), "caf\\xe9"},
    {"utf-8", SAID("\xc3\xa9"), "\\xc3\\xa9"},
    {"broken utf-8", SAID("\xc3\x28\xf0\x9f"), "\\xc3(\\xf0\\x9f"},
    {"format", SAID("%s%n%1$*2$d"), "%s%n%1$*2$d"},
    {"what stands for nothing", SAID("-"), "-"},
    {"braces", SAID("{\"verdict\": {"), "{\"verdict\": {"},
};

static void expect_json_text(const json_t *object, const char *name, const char *want)
{
    const char *got = json_string_value(json_object_get(object, name));

    UNIT_EXPECT_TEXT(got, want);
}

static void json_is_valid(void **state)
{
    (void)state;
    UNIT_EACH(const struct said_row, r, said_rows) {
        struct fixture x;
        json_error_t error;
        json_t *json;
        char *made;

        begin(&x, "203.0.113.9", r->bytes, r->length);
        made = explained(&x.v, explain_json);
        assert_non_null(made);
        json = json_loads(made, JSON_REJECT_DUPLICATES, &error);
        if (UNIT_EXPECT(json != NULL)) {
            expect_json_text(json, "helo", r->printable);
            expect_json_text(json, "from", r->printable);
            expect_json_text(json, "rcpt", r->printable);
            expect_json_text(json, "auth", r->printable);
            expect_json_text(json, "listener", r->printable);
            expect_json_text(json, "id", strcmp(r->printable, "-") == 0 ? NULL : r->printable);
        }
        UNIT_EXPECT(strpbrk(made, "\r\n") == NULL);
        json_decref(json);
        mem_free(made);
        end(&x);
    }
}

/* ---- the log line ---- */

/*
 * Undoes text_add_logfmt() up to the value's end; returns what follows, or NULL when the value is
 * not valid.
 */
static const char *read_value(const char *s, char *out, size_t size)
{
    size_t used = 0;
    bool quoted = *s == '"';

    for (s += quoted; *s != '\0' && *s != (quoted ? '"' : ' '); s++) {
        if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e || used + 1 >= size)
            return NULL;
        if (!quoted && strchr("\"=\\", *s) != NULL)
            return NULL;
        s += quoted && *s == '\\';
        out[used++] = *s;
    }
    out[used] = '\0';
    return quoted && *s++ != '"' ? NULL : s;
}

static void log_is_valid(void **state)
{
    static const char *const keys[] = {"id",      "client",   "ptr",    "helo",    "from",
                                       "to",      "listener", "auth",   "exempt",  "failed",
                                       "unknown", "score",    "dns_ms", "verdict", "would"};

    (void)state;
    UNIT_EACH(const struct said_row, r, said_rows) {
        struct fixture x;
        char value[LIMIT_PATH_TEXT * 2];
        const char *at;
        char *made;

        begin(&x, "203.0.113.9", r->bytes, r->length);
        made = explained(&x.v, explain_log);
        assert_non_null(made);
        at = made;
        for (size_t i = 0; at != NULL && i < UNIT_COUNT(keys); i++) {
            size_t length = strlen(keys[i]);

            at += i > 0 && *at == ' ';
            UNIT_EXPECT(strncmp(at, keys[i], length) == 0 && at[length] == '=');
            at = read_value(at + length + 1, value, sizeof(value));
            if (i >= 3 && i <= 7)
                UNIT_EXPECT_TEXT(value, r->printable);
        }
        UNIT_EXPECT(at != NULL && *at == '\0');
        mem_free(made);
        end(&x);
    }
}

/* ---- the text ---- */

static void expect_shown(const char *made)
{
    size_t column = 0, widest = 0;

    for (const char *s = made; *s != '\0'; s++) {
        column = *s == '\n' ? 0 : column + 1;
        widest = column > widest ? column : widest;
        if (*s != '\n')
            UNIT_EXPECT((unsigned char)*s >= 0x20 && (unsigned char)*s <= 0x7e);
    }
    UNIT_EXPECT(widest <= 100);
    UNIT_EXPECT(*made != '\0' && made[strlen(made) - 1] == '\n');
}

static void text_can_be_shown(void **state)
{
    (void)state;
    UNIT_EACH(const struct said_row, r, said_rows) {
        struct fixture x;
        char *made;

        begin(&x, "203.0.113.9", r->bytes, r->length);
        made = explained(&x.v, explain_text);
        assert_non_null(made);
        expect_shown(made);
        mem_free(made);
        end(&x);
    }
}

/* ---- the largest verdict ---- */

static void fill_facts(struct facts *f)
{
    f->ptr_count = LIMIT_PTR_NAMES;
    f->ptr_cut = true;
    for (size_t i = 0; i < LIMIT_PTR_NAMES; i++) {
        memset(f->ptr[i].name, 'a', LIMIT_NAME_CHARS);
        f->ptr[i].confirmed = (struct fact){.cause = CAUSE_MALFORMED, .source = SOURCE_DNS};
    }
    f->helo_address_count = LIMIT_ADDRESSES;
    f->helo_alias = true;
    for (size_t i = 0; i < LIMIT_ADDRESSES; i++)
        assert_true(ip_parse("2001:db8:1111:2222:3333:4444:5555:6666", &f->helo_addresses[i]));
}

/* Every check that fails has its text; every field is as long as a session lets it be. */
static void largest_fits(void **state)
{
    char said[3000];
    struct fixture x;

    (void)state;
    memset(said, '\\', sizeof(said));
    begin(&x, "203.0.113.9", said, sizeof(said));
    fill_facts(&x.facts);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        struct check_result *result = &x.v.result[reason_row((enum reason_id)i)->check];

        *result = (struct check_result){.action = HELO_ACTION_REJECT, .ground = true};
        result->outcome = (struct outcome){.kind = OUTCOME_FAIL, .reason = (enum reason_id)i};
    }
    x.v.would = HELO_ACTION_REJECT;
    UNIT_EACH(const struct form_row, r, forms) {
        char *made = explained(&x.v, r->explain);

        if (UNIT_EXPECT(made != NULL) && r->explain == explain_text)
            expect_shown(made);
        mem_free(made);
    }
    end(&x);
}

/* ---- exemptions ---- */

static char with_control[] = "postm\x1b[2Jaster";
static char text_network[] = "192.0.2.0/24", text_port[] = "587", text_file[] = "etc/my site.yaml";
static char no_encoding[] = "caf\xe9.yaml";
static struct policy_entry entries[] = {
    {.text = text_network, .file = text_file, .line = 12},
    {.text = text_port}, /* the default policy's: in no file */
    {.text = with_control, .file = text_file, .line = 3},
    {.text = text_port, .file = no_encoding, .line = 7},
};

static const struct exempt_row {
    const char *name;
    enum exempt_kind kind;
    const struct policy_entry *entry;
    const char *text; /* explain_exemption() */
    const char *log;
} exempt_rows[] = {
    {"no entry", EXEMPT_LOOPBACK, NULL, "loopback", " exempt=loopback "},
    {"in a file", EXEMPT_NETWORK, &entries[0], "network 192.0.2.0/24 (etc/my site.yaml:12)",
     " exempt=\"network(etc/my site.yaml:12)\" "},
    {"built in", EXEMPT_LISTENER, &entries[1], "listener 587", " exempt=listener(587) "},
    {"a file name in no encoding", EXEMPT_LISTENER, &entries[3], "listener 587 (caf\xe9.yaml:7)",
     " exempt=\"listener(caf\\xe9.yaml:7)\" "},
    {"control byte", EXEMPT_RECIPIENT, &entries[2], "recipient postm?[2Jaster (etc/my site.yaml:3)",
     " exempt=\"recipient(etc/my site.yaml:3)\" "},
};

static void expect_json_exemption(const char *made, const struct policy_entry *entry)
{
    json_t *json = json_loads(made, JSON_REJECT_DUPLICATES, NULL);
    const json_t *exempt = json_object_get(json, "exempt");
    const json_t *line = json_object_get(exempt, "line");

    if (UNIT_EXPECT(json_is_object(exempt))) {
        expect_json_text(exempt, "entry", entry == NULL ? NULL : entry->text);
        UNIT_EXPECT_INT(json_integer_value(line), entry == NULL ? 0 : entry->line);
        UNIT_EXPECT(json_array_size(json_object_get(json, "checks")) == 0);
    }
    json_decref(json);
}

static void exemption_is_named(void **state)
{
    (void)state;
    UNIT_EACH(const struct exempt_row, r, exempt_rows) {
        struct fixture x;
        struct text text;
        char *made;

        begin(&x, "203.0.113.9", SAID("bad..name"));
        x.v.exempt = (struct exemption){.kind = r->kind, .entry = r->entry};
        text_init(&text, LIMIT_EXPLAIN_BYTES);
        explain_exemption(&x.v.exempt, &text);
        UNIT_EXPECT_TEXT(text.data, r->text);
        text_fini(&text);
        made = explained(&x.v, explain_log);
        assert_non_null(made);
        UNIT_EXPECT(strstr(made, r->log) != NULL);
        /* What was found before it came to the exemption is not told. */
        UNIT_EXPECT(strstr(made, " failed=- unknown=- ") != NULL);
        mem_free(made);
        made = explained(&x.v, explain_json);
        assert_non_null(made);
        expect_json_exemption(made, r->entry);
        mem_free(made);
        end(&x);
    }
}

/* ---- values of facts ---- */

static void values_of_facts(void **state)
{
    struct facts f;
    struct text text;

    (void)state;
    facts_init(&f);
    text_init(&text, 1000);
    for (unsigned i = 0; i < FACT_COUNT; i++)
        explain_fact_value(&f, (enum fact_id)i, &text);
    assert_int_equal(text.length, 0);

    f.ptr_count = 3;
    (void)text_copy(f.ptr[0].name, sizeof(f.ptr[0].name), "a.example");
    (void)text_copy(f.ptr[1].name, sizeof(f.ptr[1].name), "b.example");
    (void)text_copy(f.ptr[2].name, sizeof(f.ptr[2].name), "c.example");
    f.ptr[0].confirmed = (struct fact){.cause = CAUSE_TIMEOUT, .source = SOURCE_DNS};
    f.ptr[1].confirmed = (struct fact){.state = FACT_YES, .source = SOURCE_DNS};
    f.ptr[2].confirmed = (struct fact){.cause = CAUSE_PENDING};
    explain_fact_value(&f, FACT_client_fcrdns, &text);
    assert_string_equal(text.data, "a.example (timeout), b.example (yes), "
                                   "c.example (not waited for)");
    assert_string_equal(explain_ptr(&f), "b.example");
    text_fini(&text);
}

/* ---- allocation faults ---- */

struct fault {
    const struct helo_verdict *v;
    void (*explain)(const struct helo_verdict *, struct text *);
};

static bool explain_once(void *arg)
{
    const struct fault *fault = arg;
    char *made = explained(fault->v, fault->explain);
    bool success = made != NULL;

    mem_free(made);
    return success;
}

static void faults_are_reported(void **state)
{
    struct fixture x;

    (void)state;
    begin(&x, "203.0.113.9", SAID("mail.example.org"));
    fill_facts(&x.facts);
    UNIT_EACH(const struct form_row, r, forms) {
        struct fault fault = {.v = &x.v, .explain = r->explain};

        unit_each_fault(explain_once, &fault);
    }
    end(&x);
}

/*
 * helo_verdict_reply() cannot fail: without memory a reply has fewer words, which is its own
 * business.
 */
static void faults_of_a_refusal(void **state)
{
    struct fixture x;

    (void)state;
    begin(&x, "203.0.113.9", SAID("say \"hi\""));
    assert_int_equal(x.v.would, HELO_ACTION_REJECT);
    UNIT_EACH(const struct form_row, r, forms) {
        struct fault fault = {.v = &x.v, .explain = r->explain};

        unit_each_fault(explain_once, &fault);
    }
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(json_is_valid),       UNIT_TEST(log_is_valid),
        UNIT_TEST(text_can_be_shown),   UNIT_TEST(largest_fits),
        UNIT_TEST(exemption_is_named),  UNIT_TEST(values_of_facts),
        UNIT_TEST(faults_are_reported), UNIT_TEST(faults_of_a_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
