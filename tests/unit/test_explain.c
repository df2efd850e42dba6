/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_explain.c - a verdict for people, programs and logs
 *
 * PURPOSE  Whatever a client says, what comes out is one valid line of JSON and a text that a
 *          terminal can show (the log: test_explain_log.c). The JSON is read back by another's
 *          parser (jansson), not by our own.
 */
#include "unit/unit.h"

#include "unit/explained.h"

static const struct form_row {
    const char *name;
    void (*explain)(const struct helo_verdict *, struct text *);
} forms[] = {{"text", explain_text},
             {"json", explain_json},
             {"log", explain_log},
             {"log as JSON", explain_log_json}};

/* ---- hostile bytes ---- */

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
        made = explained(&x.v, explain_log_json);
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
        UNIT_TEST(json_is_valid),       UNIT_TEST(text_can_be_shown),
        UNIT_TEST(largest_fits),        UNIT_TEST(exemption_is_named),
        UNIT_TEST(values_of_facts),     UNIT_TEST(faults_are_reported),
        UNIT_TEST(faults_of_a_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
