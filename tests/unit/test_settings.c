/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_settings.c - policy/settings.c: rows, values with units, and their text
 */
#include "unit/unit.h"

#include "policy/loader.h"
#include "policy/settings.h"
#include "unit/findings.h"

static const struct row {
    const char *name;
    const char *key;
    const char *text;
    bool quoted;
    long long value;     /* when it is accepted */
    const char *finding; /* "": it is accepted */
} rows[] = {
    {"seconds", "dns.wait", "2s", false, 2000, ""},
    {"milliseconds", "dns.wait", "100ms", false, 100, ""},
    {"most", "dns.wait", "8s", false, 8000, ""},
    {"in quotes", "dns.wait", "2s", true, 2000, ""},
    {"minutes", "dns.cache.max_ttl", "90min", false, 5400000, ""},
    {"hours", "dns.cache.max_ttl", "24h", false, 86400000, ""},
    {"days", "dns.cache.max_ttl", "1d", false, 86400000, ""},
    {"zero", "milter.stop_grace", "0s", false, 0, ""},
    {"zero hours", "milter.stop_grace", "0h", false, 0, ""},
    {"bytes", "dns.cache.size", "4096B", false, 4096, ""},
    {"KiB", "dns.cache.size", "3KiB", false, 3072, ""},
    {"MiB", "dns.cache.size", "1024MiB", false, 1073741824, ""},
    {"number", "limits.sessions", "1", false, 1, ""},
    {"score", "score.defer", "2.5", false, 250, ""},
    {"score, two decimals", "score.defer", "0.05", false, 5, ""},
    {"score, whole", "score.reject", "7", false, 700, ""},
    {"score, none", "score.reject", "0", false, 0, ""},
    {"score, most", "score.reject", "1000.00", false, 100000, ""},
    {"true", "server.learn", "true", false, 1, ""},
    {"false", "server.learn", "false", false, 0, ""},
    {"choice", "decide_at", "mail", false, DECIDE_AT_MAIL, ""},
    {"choice in quotes", "decide_at", "helo", true, DECIDE_AT_HELO, ""},
    {"no unit", "dns.wait", "2", false, 0,
     "dns.wait: '2' has no unit (accepted: ms, s, min, h, d)"},
    {"other unit", "dns.wait", "2sec", false, 0,
     "dns.wait: unknown unit in '2sec' (accepted: ms, s, min, h, d)"},
    {"capital unit", "dns.wait", "2S", false, 0,
     "dns.wait: unknown unit in '2S' (accepted: ms, s, min, h, d)"},
    {"blank", "dns.wait", "2 s", false, 0,
     "dns.wait: unknown unit in '2 s' (accepted: ms, s, min, h, d)"},
    {"two units", "dns.wait", "1s500ms", false, 0,
     "dns.wait: unknown unit in '1s500ms' (accepted: ms, s, min, h, d)"},
    {"below", "dns.wait", "99ms", false, 0, "dns.wait: '99ms' is out of range (100ms to 8s)"},
    {"above", "dns.wait", "8001ms", false, 0, "dns.wait: '8001ms' is out of range (100ms to 8s)"},
    {"above by its unit", "dns.wait", "1h", false, 0,
     "dns.wait: '1h' is out of range (100ms to 8s)"},
    {"overflow", "dns.wait", "18446744073709551716ms", false, 0,
     "dns.wait: '18446744073709551716ms' is out of range (100ms to 8s)"},
    {"overflow by its unit", "dns.cache.size", "17592186044416MiB", false, 0,
     "dns.cache.size: '17592186044416MiB' is out of range (0B to 1024MiB)"},
    {"no digits", "dns.wait", "s", false, 0,
     "dns.wait: 's' is not a whole number with its unit (ms, s, min, h, d), as in 5s"},
    {"nothing", "dns.wait", "", false, 0,
     "dns.wait: '' is not a whole number with its unit (ms, s, min, h, d), as in 5s"},
    {"plus", "dns.wait", "+2s", false, 0,
     "dns.wait: '+2s' is not a whole number with its unit (ms, s, min, h, d), as in 5s"},
    {"fraction", "dns.wait", "1.5s", false, 0,
     "dns.wait: '1.5s' is not a whole number with its unit (ms, s, min, h, d), as in 5s"},
    {"leading zero", "limits.sessions", "010", false, 0,
     "limits.sessions: '010' is not a whole number"},
    {"number in quotes", "limits.sessions", "10", true, 0,
     "limits.sessions: '10' is not a whole number"},
    {"number with a unit", "limits.sessions", "10k", false, 0,
     "limits.sessions: '10k' is not a whole number"},
    {"hexadecimal", "limits.sessions", "0x10", false, 0,
     "limits.sessions: '0x10' is not a whole number"},
    {"score, three decimals", "score.defer", "1.234", false, 0,
     "score.defer: '1.234' is not a number with at most two decimals, as in 2.5"},
    {"score without digits", "score.defer", ".5", false, 0,
     "score.defer: '.5' is not a number with at most two decimals, as in 2.5"},
    {"score without decimals", "score.defer", "5.", false, 0,
     "score.defer: '5.' is not a number with at most two decimals, as in 2.5"},
    {"score below nothing", "score.defer", "-1", false, 0,
     "score.defer: '-1' is not a number with at most two decimals, as in 2.5"},
    {"score with a comma", "score.defer", "2,5", false, 0,
     "score.defer: '2,5' is not a number with at most two decimals, as in 2.5"},
    {"score in quotes", "score.defer", "2.5", true, 0,
     "score.defer: '2.5' is not a number with at most two decimals, as in 2.5"},
    {"score above", "score.reject", "1000.01", false, 0,
     "score.reject: '1000.01' is out of range (0 to 1000)"},
    {"score far above", "score.reject", "99999999999999999999", false, 0,
     "score.reject: '99999999999999999999' is not a number with at most two decimals, as in 2.5"},
    {"yes", "server.learn", "yes", false, 0, "server.learn: 'yes' is neither true nor false"},
    {"True", "server.learn", "True", false, 0, "server.learn: 'True' is neither true nor false"},
    {"true in quotes", "server.learn", "true", true, 0,
     "server.learn: 'true' is neither true nor false"},
    {"another choice", "mode", "on", false, 0,
     "mode: unknown value 'on' (accepted: observe, enforce)"},
    {"choice, longer", "mode", "observed", false, 0,
     "mode: unknown value 'observed' (accepted: observe, enforce)"},
};

static void parses(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        const struct diag_place nowhere = {NULL, 0, 0};
        struct findings findings = {0};
        struct diag diag;
        long long value = -7;
        bool accepted;

        diag_init(&diag, keep_finding, &findings);
        accepted =
            setting_parse(setting_find(r->key), r->text, !r->quoted, &nowhere, &diag, &value);
        UNIT_EXPECT_TEXT(findings.errors > 0 ? findings.first + strlen("0:0: ") : "", r->finding);
        UNIT_EXPECT_INT(accepted, r->finding[0] == '\0');
        UNIT_EXPECT_INT(value, accepted ? r->value : -7);
    }
}

static const struct format_row {
    const char *name;
    const char *key;
    long long value;
    const char *text;
} format_rows[] = {
    {"largest unit that fits", "dns.wait", 90000, "90s"},
    {"minutes", "dns.wait", 120000, "2min"},
    {"milliseconds", "dns.wait", 1500, "1500ms"},
    {"day", "dns.wait", 86400000, "1d"},
    {"no time", "dns.wait", 0, "0ms"},
    {"bytes", "dns.cache.size", 1025, "1025B"},
    {"KiB", "dns.cache.size", 524288, "512KiB"},
    {"MiB", "dns.cache.size", 16777216, "16MiB"},
    {"nothing", "dns.cache.size", 0, "0B"},
    {"number", "limits.sessions", 2000, "2000"},
    {"score", "score.defer", 250, "2.5"},
    {"score, hundredths", "score.defer", 1005, "10.05"},
    {"score, less than one", "score.defer", 5, "0.05"},
    {"score, whole", "score.defer", 100000, "1000"},
    {"score, nothing", "score.defer", 0, "0"},
    {"truth", "server.learn", 1, "true"},
    {"choice", "log.facility", LOG_FACILITY_LOCAL7, "local7"},
};

static void formats(void **state)
{
    (void)state;
    UNIT_EACH(const struct format_row, r, format_rows) {
        char text[SETTING_VALUE_SIZE];

        UNIT_EXPECT_TEXT(setting_format(setting_find(r->key), r->value, text), r->text);
    }
}

/*
 * Of every row: the default and both ends of the range are accepted as they are written, what is
 * past them is not.
 */
static void reads_what_it_writes(void **state)
{
    const struct diag_place nowhere = {NULL, 0, 0};
    const struct setting_row *row;

    (void)state;
    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        long long values[] = {row->initial, row->min, row->max};
        char text[SETTING_VALUE_SIZE];
        struct findings findings = {0};
        struct diag diag;
        long long got;

        diag_init(&diag, keep_finding, &findings);
        if (row->type == SETTING_TEXT)
            continue;
        for (size_t k = 0; k < (row->type == SETTING_CHOICE ? 1 : UNIT_COUNT(values)); k++) {
            (void)setting_format(row, values[k], text);
            UNIT_EXPECT(setting_parse(row, text, true, &nowhere, &diag, &got));
            UNIT_EXPECT_INT(got, values[k]);
        }
        UNIT_EXPECT_TEXT(findings.first, "");
        UNIT_EXPECT(row->help[0] != '\0');
    }
}

/* Each text setting has a row in load_text.c: its default passes, and this does not. */
static void checks_texts(void **state)
{
    const struct diag_place nowhere = {NULL, 0, 0};
    const struct setting_row *row;
    struct diag diag;

    (void)state;
    diag_init(&diag, NULL, NULL);
    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        if (row->type != SETTING_TEXT)
            continue;
        unit_now.row = row->key;
        UNIT_EXPECT(load_text_check(row, row->text, &nowhere, &diag));
        UNIT_EXPECT(!load_text_check(row, "n\xc3\xb6 setting is this", &nowhere, &diag));
    }
    unit_now.row = NULL;
}

static void answers_front_ends(void **state)
{
    helo_policy *policy = NULL;

    (void)state;
    assert_int_equal(helo_policy_default(&policy), HELO_OK);
    assert_string_equal(helo_policy_string(policy, "mode"), "observe");
    assert_string_equal(helo_policy_string(policy, "log.facility"), "mail");
    assert_string_equal(helo_policy_string(policy, "reply.url"), "");
    assert_string_equal(helo_policy_string(policy, "milter.socket"),
                        "unix:/run/milter-helo/milter-helo.sock");
    assert_null(helo_policy_string(policy, "dns.wait"));
    assert_null(helo_policy_string(policy, "no.such.key"));
    assert_null(helo_policy_string(policy, "profile"));
    assert_int_equal(helo_policy_number(policy, "dns.wait"), 2000);
    assert_int_equal(helo_policy_number(policy, "server.learn"), 1);
    assert_int_equal(helo_policy_number(policy, "dns.cache.size"), 16777216);
    assert_int_equal(helo_policy_number(policy, "mode"), -1);
    assert_int_equal(helo_policy_number(policy, "milter.socket"), -1);
    assert_int_equal(helo_policy_number(policy, "no.such.key"), -1);
    helo_policy_unref(policy);
}

static bool init_again(void *arg)
{
    struct settings settings;
    bool done = settings_init(&settings) &&
                setting_set_text(&settings, setting_find("reply.url"), "https://example.org/");

    (void)arg;
    settings_fini(&settings);
    return done;
}

static void survives_faults(void **state)
{
    (void)state;
    unit_each_fault(init_again, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(parses),
        UNIT_TEST(formats),
        UNIT_TEST(reads_what_it_writes),
        UNIT_TEST(checks_texts),
        UNIT_TEST(answers_front_ends),
        UNIT_TEST(survives_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
