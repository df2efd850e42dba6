/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_explain_log.c - a verdict as a line of the log
 *
 * PURPOSE  Whatever a client says, what comes out is one valid line: of key=value, and of JSON,
 *          which is read back by another's parser (jansson). Both tell the same.
 */
#include "unit/unit.h"

#include "checks/run.h"
#include "unit/explained.h"

/* ---- key=value ---- */

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
    static const char *const keys[] = {
        "id",   "client", "ptr",    "iprev",   "helo",  "from",   "to",      "listener",
        "auth", "exempt", "failed", "unknown", "score", "dns_ms", "verdict", "would"};

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
            if (i >= 4 && i <= 8)
                UNIT_EXPECT_TEXT(value, r->printable);
        }
        UNIT_EXPECT(at != NULL && *at == '\0');
        mem_free(made);
        end(&x);
    }
}

/* ---- JSON ---- */

/* What programs may rely on: these members, in this order, and of these types. */
static void expect_log_members(json_t *json)
{
    static const char *const keys[] = {
        "id",   "client", "ptr",    "iprev",   "helo",  "from",   "to",      "listener",
        "auth", "exempt", "failed", "unknown", "score", "dns_ms", "verdict", "would"};
    const char *key;
    json_t *value;
    size_t i = 0;

    json_object_foreach(json, key, value)
    {
        if (UNIT_EXPECT(i < UNIT_COUNT(keys)))
            UNIT_EXPECT_TEXT(key, keys[i]);
        i++;
    }
    UNIT_EXPECT_INT(i, UNIT_COUNT(keys));
    UNIT_EXPECT(json_is_null(json_object_get(json, "exempt")));
    UNIT_EXPECT(json_is_array(json_object_get(json, "failed")));
    UNIT_EXPECT(json_is_array(json_object_get(json, "unknown")));
    UNIT_EXPECT(json_is_number(json_object_get(json, "score")));
    UNIT_EXPECT(json_is_integer(json_object_get(json, "dns_ms")));
}

static void log_json_is_valid(void **state)
{
    (void)state;
    UNIT_EACH(const struct said_row, r, said_rows) {
        struct fixture x;
        json_t *json;
        char *made;

        begin(&x, "2001:db8::25", r->bytes, r->length);
        made = explained(&x.v, explain_log_json);
        assert_non_null(made);
        json = json_loads(made, JSON_REJECT_DUPLICATES, NULL);
        if (UNIT_EXPECT(json != NULL)) {
            expect_log_members(json);
            expect_json_text(json, "client", "2001:db8::25");
            expect_json_text(json, "helo", r->printable);
            expect_json_text(json, "from", r->printable);
            expect_json_text(json, "to", r->printable);
            expect_json_text(json, "auth", r->printable);
            expect_json_text(json, "listener", r->printable);
        }
        UNIT_EXPECT(strpbrk(made, "\r\n") == NULL);
        json_decref(json);
        mem_free(made);
        end(&x);
    }
}

/* Both logs tell the same, also of what stands in both lists. */
static void logs_agree(void **state)
{
    static const char want[] =
        " failed=not_fqdn:reject,no_ptr:defer unknown=no_ptr:stale,fcrdns:timeout ";
    struct fixture x;
    json_t *json, *failed, *unknown;
    char *made;

    (void)state;
    begin(&x, "203.0.113.9", SAID("mail.client.example"));
    memset(x.v.result, 0, sizeof(x.v.result));
    x.v.result[CHECK_not_fqdn] = (struct check_result){.action = HELO_ACTION_REJECT};
    x.v.result[CHECK_not_fqdn].outcome = outcome_fail(REASON_not_fqdn_one_label);
    x.v.result[CHECK_no_ptr] = (struct check_result){.action = HELO_ACTION_DEFER, .stale = true};
    x.v.result[CHECK_no_ptr].outcome = outcome_fail(REASON_no_ptr_missing);
    x.v.result[CHECK_fcrdns].outcome = outcome_unknown(CAUSE_TIMEOUT);
    made = explained(&x.v, explain_log);
    assert_non_null(strstr(made, want));
    mem_free(made);
    made = explained(&x.v, explain_log_json);
    json = json_loads(made, JSON_REJECT_DUPLICATES, NULL);
    mem_free(made);
    failed = json_pack("[{ssssss}{ssssss}]", "check", "not_fqdn", "reason", "one_label", "action",
                       "reject", "check", "no_ptr", "reason", "missing", "action", "defer");
    unknown = json_pack("[{ssss}{ssss}]", "check", "no_ptr", "cause", "stale", "check", "fcrdns",
                        "cause", "timeout");
    assert_true(json_equal(json_object_get(json, "failed"), failed));
    assert_true(json_equal(json_object_get(json, "unknown"), unknown));
    json_decref(json);
    json_decref(failed);
    json_decref(unknown);
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(log_is_valid),
        UNIT_TEST(log_json_is_valid),
        UNIT_TEST(logs_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
