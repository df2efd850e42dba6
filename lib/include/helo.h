/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * helo.h - judge what an SMTP client says of itself in HELO or EHLO
 *
 * PURPOSE  The one installed header of libhelo: policy in, session events in, verdict with its
 *          reasons out.
 *
 * RECIPES
 *   A mail filter: helo_policy_load(), helo_engine_create() once; per connection
 *   helo_session_create(), then helo_session_helo(), _mail() and _decide() as the commands come,
 *   _reset() at RSET, _free() at the end. A tool that explains one verdict without a network: the
 *   same with a helo_zone in the engine's options.
 *
 * CONTRACT  The library never logs, exits or aborts on input. Text given to it may be hostile; it
 *   is bounded and made printable when captured. Every function that can fail returns enum
 *   helo_status; 0 is success; out-parameters are written on success only. A _free/_unref/_destroy
 *   function accepts NULL.
 *
 * THREADS   One class stands at every function:
 *   [shared]   any thread, any time
 *   [session]  one thread at a time for one session; different sessions run in parallel
 *   [init]     before any session exists, or after the last one ended
 *   Create the engine after the last fork(): it owns a thread.
 *
 * LIFETIME  A verdict, and every string got from it, lives until the next call on its session.
 *
 * STANDARDS RFC 5321 (2.3.5, 4.1.1.1, 4.1.3, 4.1.4), RFC 3463, RFC 7372 (3), RFC 8601 (2.7.3), RFC
 *   6761 (6.3). Not implemented: RFC 7208 (SPF of the HELO identity), RFC 6531 (internationalised
 *   names are a fault here).
 */
#ifndef HELO_H
#define HELO_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HELO_API        __attribute__((visibility("default")))
#define HELO_MUST_CHECK __attribute__((warn_unused_result))
#else
#define HELO_API
#define HELO_MUST_CHECK
#endif

struct sockaddr; /* <sys/socket.h> */

/* Opaque handles, the only typedefs. */
typedef struct helo_policy helo_policy;   /* immutable settings, reference-counted */
typedef struct helo_engine helo_engine;   /* resolver thread, cache, the policy in force */
typedef struct helo_session helo_session; /* one SMTP connection */
typedef struct helo_verdict helo_verdict; /* what one session is to be told, and why */
typedef struct helo_zone helo_zone;       /* DNS records in memory, in place of a resolver */

/* ---- status ---------------------------------------------------------------------------------- */

/* name, text. Values are never reused. */
#define HELO_STATUS_LIST(X)                          \
    X(OK, "success")                                 \
    X(NOMEM, "out of memory")                        \
    X(INVALID, "invalid argument")                   \
    X(POLICY, "the policy has errors")               \
    X(IO, "cannot read the file")                    \
    X(SYSTEM, "a system call failed")                \
    X(RESOLVER, "the DNS resolver cannot be set up") \
    X(LIMIT, "a limit was reached")

enum helo_status {
#define HELO_STATUS_ENUM(name, text) HELO_##name,
    HELO_STATUS_LIST(HELO_STATUS_ENUM)
#undef HELO_STATUS_ENUM
};

/* Static text, never NULL, also for values it does not know. [shared] */
HELO_API const char *helo_status_text(enum helo_status status);

/* "MAJOR.MINOR.PATCH" of the library at run time. [shared] */
HELO_API const char *helo_version(void);

/* Releases what helo_verdict_format() returned. [shared] */
HELO_API void helo_free(void *memory);

/* ---- diagnostics ----------------------------------------------------------------------------- */

enum helo_severity { HELO_NOTE, HELO_WARNING, HELO_ERROR };

/* One finding about a file. Strings live during the call of the function that gets it. */
struct helo_diag {
    enum helo_severity severity;
    const char *path;    /* as the user gave it; "": no file */
    unsigned line;       /* 1-based; 0: the whole file */
    unsigned column;     /* 1-based, in bytes; 0: the whole line */
    const char *message; /* lower case, no full stop; says what is wrong and what is accepted */
    const char *source;  /* the line of the file, or NULL */
    const char *hint;    /* "did you mean ...", or NULL */
};

typedef void helo_diag_fn(void *arg, const struct helo_diag *diag);

/*
 * Writes "path:line:column: error: message; hint", the source line and a caret, without a final
 * newline, as snprintf() would: at most size bytes with the final NUL; returns the length it
 * wanted. [shared]
 */
HELO_API size_t helo_diag_format(const struct helo_diag *diag, char *buffer, size_t size);

/* ---- policy ---------------------------------------------------------------------------------- */

/*
 * Reads a policy and what it includes. Every finding goes to fn (may be NULL) with arg, all in one
 * run. Returns HELO_OK (warnings may have been given), HELO_POLICY, HELO_IO or HELO_NOMEM. The
 * caller owns one reference to *out. [shared]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_policy_load(const char *path, helo_diag_fn *fn,
                                                           void *arg, helo_policy **out);

/*
 * The same of a text in memory, which cannot include files; path names it in findings. HELO_OK,
 * HELO_POLICY or HELO_NOMEM. [shared]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_policy_parse(const char *text, size_t length,
                                                            const char *path, helo_diag_fn *fn,
                                                            void *arg, helo_policy **out);

/* The policy of an empty file. The caller owns one reference to *out. [shared] */
HELO_API HELO_MUST_CHECK enum helo_status helo_policy_default(helo_policy **out);

/* [shared] */
HELO_API helo_policy *helo_policy_ref(helo_policy *policy);
HELO_API void helo_policy_unref(helo_policy *policy);

/*
 * Settings by their YAML path ("milter.socket", "limits.sessions"), for front ends. Text settings
 * and choices come from _string (NULL: no such text setting), and so does "profile" (NULL: none);
 * numbers, truth values (0, 1), durations (in ms) and sizes (in bytes) from _number (-1: no such
 * number). Strings live as long as the policy. [shared]
 */
HELO_API const char *helo_policy_string(const helo_policy *policy, const char *key);
HELO_API long long helo_policy_number(const helo_policy *policy, const char *key);

/*
 * The policy in force as YAML, every setting with the place its value comes from in a comment, and
 * what would be learned of this machine. Read again, it makes the same policy. *out is released
 * with helo_free(). HELO_NOMEM; HELO_LIMIT when it would be too long to be read again. [shared]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_policy_effective(const helo_policy *policy,
                                                                char **out);

/*
 * What differs in `policy` from `former`, one call of fn per difference ("checks.own_name: reject,
 * was observe (PATH:LINE)"; "networks: 3 added, 1 removed"); text lives during the call. Returns
 * how many there are. [shared]
 */
typedef void helo_change_fn(void *arg, const char *text);
HELO_API size_t helo_policy_changes(const helo_policy *former, const helo_policy *policy,
                                    helo_change_fn *fn, void *arg);

/*
 * 1 when the last day of an entry has passed since the policy was loaded: it is time to load it
 * again, so that the entry ends for good, and somebody hears of it. [shared]
 */
HELO_API int helo_policy_is_stale(const helo_policy *policy);

/*
 * 1 when the policy has messages tagged (and mode is enforce): an Authentication-Results field (RFC
 * 8601) is to be added to each accepted one, and those that claim to be ours are to be removed
 * first. [shared]
 */
HELO_API int helo_policy_tags(const helo_policy *policy);

/* ---- checks ---------------------------------------------------------------------------------- */

/* From the weakest to the strongest. */
enum helo_action {
    HELO_ACTION_OFF,
    HELO_ACTION_OBSERVE,
    HELO_ACTION_TAG, /* accept, and say so in the message's header */
    HELO_ACTION_ACCEPT,
    HELO_ACTION_DEFER,
    HELO_ACTION_REJECT
};

/* The number of actions, for tables by action. */
enum { HELO_ACTIONS = HELO_ACTION_REJECT + 1 };

/* "off", "observe", "tag", "accept", "defer", "reject". [shared] */
HELO_API const char *helo_action_text(enum helo_action action);

/* One row of the registry. All strings are static. */
struct helo_check_info {
    const char *name;    /* as in YAML, logs and replies */
    const char *summary; /* when it fails, one sentence */
    const char *cite;    /* the standard it rests on */
    enum helo_action action;
    int corroborating; /* RFC 5321 4.1.4: never the only ground of a refusal */
};

/* One way to fail: a row below a check's. All strings are static. */
struct helo_reason_info {
    const char *check;
    const char *name;
    enum helo_action action; /* the default */
    const char *seen;        /* for the sender; {fields} stand for what was seen */
    const char *mend;
};

/* Row i, or NULL past the last. [shared] */
HELO_API const struct helo_check_info *helo_check_info(size_t i);
HELO_API const struct helo_reason_info *helo_reason_info(size_t i);

/*
 * The organisational domain of a host name (public suffix list): "mx1.mail.example.org" is of
 * "example.org". In any case of letters; points into name; NULL when it has none. [shared]
 */
HELO_API const char *helo_organisational_domain(const char *name);

/* ---- DNS from memory ------------------------------------------------------------------------- */

/* The caller owns *out. HELO_NOMEM. [shared] */
HELO_API HELO_MUST_CHECK enum helo_status helo_zone_create(helo_zone **out);
HELO_API void helo_zone_free(helo_zone *zone);

/*
 * Adds one line: "NAME [TTL] [IN] TYPE DATA" with TYPE one of A AAAA MX PTR CNAME, or a marker in
 * place of TYPE, for every question about NAME: NXDOMAIN NODATA SERVFAIL REFUSED TIMEOUT MALFORMED.
 * "ADDRESS PTR NAME" may be said with an address in place of the in-addr.arpa or ip6.arpa name,
 * "*.NAME" stands for what is below NAME and not there (RFC 4592), "MX 0 ." for no MX (RFC 7505).
 * A domain list (RFC 5782) has names as any other: "bad.example.LIST A 127.0.0.2", "TEST.LIST A
 * 127.0.0.2".
 * ";" and "#" begin a comment. A name without records is NXDOMAIN. path and line are for the
 * diagnostic. HELO_INVALID for a line that says none of this; HELO_LIMIT, HELO_NOMEM. [init]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_zone_add(helo_zone *zone, const char *text,
                                                        const char *path, unsigned line,
                                                        helo_diag_fn *fn, void *arg);

/* Adds every line of a file. HELO_IO, HELO_INVALID (after all lines were read), HELO_LIMIT,
 * HELO_NOMEM. [init] */
HELO_API HELO_MUST_CHECK enum helo_status helo_zone_load(helo_zone *zone, const char *path,
                                                         helo_diag_fn *fn, void *arg);

/* ---- engine ---------------------------------------------------------------------------------- */

struct helo_engine_options {
    size_t size; /* sizeof(struct helo_engine_options) */
    /* Answers every question at once, in place of the resolvers; NULL: ask. Must outlive the
     * engine. */
    const helo_zone *zone;
    /* Called in the thread of helo_session_decide() just before it blocks. May be NULL. */
    void (*before_wait)(void *arg);
    void *before_wait_arg;
    /* 1: wait for every fact, also when the verdict is certain without it: to explain a verdict. */
    int all_facts;
    /*
     * What the operator should know, and no file shows: every client has a private address, an own
     * name does not resolve, a domain list does not answer, the resolver is down, or has more
     * to do than the policy allows (and when either is over, as a note). path is "". Called from
     * the thread of whoever notices it, by several at the same time: helo_engine_test(),
     * helo_engine_set_policy(), every helo_session_*() that asks DNS, and the resolver's thread,
     * which waits meanwhile. May be NULL.
     */
    helo_diag_fn *warn;
    void *warn_arg;
    /*
     * 1: nothing is looked up, no resolver is needed. What DNS would have told stays unknown(open),
     * and so do the checks that need it: for judging by what a log tells alone.
     */
    int offline;
};

/*
 * Starts the resolver thread. Takes a reference of its own to policy. HELO_RESOLVER when the name
 * servers cannot be used, HELO_SYSTEM, HELO_NOMEM. options may be NULL. [init]
 */
HELO_API HELO_MUST_CHECK enum helo_status
helo_engine_create(helo_policy *policy, const struct helo_engine_options *options,
                   helo_engine **out);

/* Ends the thread; waits for it. All sessions must be freed before, and no helo_engine_test() may
 * be running. [init] */
HELO_API void helo_engine_destroy(helo_engine *engine);

/*
 * New sessions follow this policy, running ones keep theirs. On failure the former stays in force.
 * [shared]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_engine_set_policy(helo_engine *engine,
                                                                 helo_policy *policy);

/*
 * Looks at what only a running engine can: whether own names resolve, own addresses are public, and
 * domain lists answer as RFC 5782 5 wants it (one that does not is not asked any more). Findings go
 * to options.warn. Blocks for DNS, some seconds at most: for a start and after a reload.
 * HELO_NOMEM. [shared]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_engine_test(helo_engine *engine);

/* The policy in force; the caller owns the reference. [shared] */
HELO_API helo_policy *helo_engine_policy(helo_engine *engine);

enum helo_counter_kind {
    HELO_COUNTER,  /* it only grows */
    HELO_GAUGE,    /* what is there at the moment */
    HELO_HISTOGRAM /* how long something took */
};

/* Durations, counted by buckets. */
struct helo_histogram {
    size_t buckets;
    const unsigned long long *limits_ms; /* of each bucket, ascending */
    const unsigned long long *within;    /* of each bucket: how many did not pass its limit */
    unsigned long long sum_ms;
};

struct helo_label {
    const char *key;   /* "check"; NULL: there is no such label */
    const char *value; /* any text */
};

#define HELO_COUNTER_LABELS 2

/* One number that an engine counts, since it was created. Strings live during the call of the
 * function that gets it. */
struct helo_counter {
    const char *name; /* "cache_hits": letters, digits, '_' */
    const char *help; /* one line; the same for all of a name */
    enum helo_counter_kind kind;
    unsigned long long value; /* of a histogram: how many durations */
    /* What tells it from others of its name. Those that are there come first. */
    struct helo_label labels[HELO_COUNTER_LABELS];
    const struct helo_histogram *histogram; /* NULL for the other kinds */
};

typedef void helo_counter_fn(void *arg, const struct helo_counter *counter);

/*
 * Calls fn for each counter, those of one name one after the other, always in the same order.
 * Always the same ones but for policy_info and policy_file_info, which tell of the policy in force
 * by their labels, and have the value 1. [shared]
 */
HELO_API void helo_engine_counters(helo_engine *engine, helo_counter_fn *fn, void *arg);

/* ---- session --------------------------------------------------------------------------------- */

/* Results of "iprev", RFC 8601 2.7.3. */
enum helo_iprev {
    HELO_IPREV_NONE,      /* not known: it is looked up */
    HELO_IPREV_FAIL,      /* there are PTR names, and none has the client's address */
    HELO_IPREV_PERMERROR, /* there is no PTR record */
    HELO_IPREV_TEMPERROR  /* DNS did not answer */
};

/* What is known when the client has connected. Strings may be NULL; all are copied. */
struct helo_client {
    size_t size; /* sizeof(struct helo_client) */
    /* AF_INET or AF_INET6; NULL or any other family: local submission, never refused. */
    const struct sockaddr *address;
    /* The client's name, if and only if the MTA confirmed it forward and back (RFC 8601 2.7.3);
     * else NULL. */
    const char *confirmed_name;
    /* Where it connected to: the listener's name and port ({daemon_name}, {daemon_port}); 0:
     * unknown. */
    const char *listener_name;
    unsigned listener_port;
    /* What the MTA calls itself on this connection; NULL-terminated arrays, or NULL. Text that is
     * no host name, no address or a wildcard address is passed over. */
    const char *const *server_names;
    const char *const *server_addresses;
    /*
     * What somebody else has found of the client's reverse DNS, where there is no confirmed_name:
     * asked no more. ptr_name: the first PTR name, for HELO_IPREV_FAIL; may be NULL.
     */
    enum helo_iprev iprev;
    const char *ptr_name;
    /* When it connected, in ms since any moment that is the same for all sessions of the engine; 0:
     * now. For helo_churn, when the past is judged. */
    unsigned long long time_ms;
};

/* What MAIL added. */
struct helo_sender {
    size_t size;           /* sizeof(struct helo_sender) */
    const char *address;   /* reverse-path, with or without <>; RFC 5321 4.1.2 */
    const char *auth_user; /* {auth_authen}; NULL or "": not authenticated */
    const char *auth_type; /* {auth_type} */
    /* The common name in the subject of the client's TLS certificate, if and only if the MTA has
     * verified that; else NULL. */
    const char *tls_client;
};

/* The moment at which a verdict is asked for. */
enum helo_stage { HELO_AT_HELO, HELO_AT_MAIL, HELO_AT_RCPT };

/*
 * A connection begins: lookups of the client start, nothing waits. HELO_NOMEM; HELO_INVALID for
 * NULL, or a size that ends before the address. [shared]
 */
HELO_API HELO_MUST_CHECK enum helo_status
helo_session_create(helo_engine *engine, const struct helo_client *client, helo_session **out);
/* [session] */
HELO_API void helo_session_free(helo_session *session);

/*
 * 1 when nothing the client can say will matter: it is exempt by what was known at connect, and no
 * DNS was asked. A front end may stop listening to it. [session]
 */
HELO_API int helo_session_is_exempt(const helo_session *session);

/*
 * The argument of HELO or EHLO, any bytes; replaces the former, unless the session was refused for
 * that one (until STARTTLS). Starts lookups, never waits. [session]
 * RFC 5321 4.1.1.1
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_session_helo(helo_session *session,
                                                            const char *argument, size_t length);

/* TLS was started: what was said before is void. RFC 3207 4.2. [session] */
HELO_API void helo_session_starttls(helo_session *session);

/* MAIL began a transaction, _reset() ended it (RSET, end of data, abort): RFC 5321 4.1.1.5.
 * HELO_INVALID for NULL. [session] */
HELO_API HELO_MUST_CHECK enum helo_status helo_session_mail(helo_session *session,
                                                            const struct helo_sender *sender);
HELO_API void helo_session_reset(helo_session *session);

/*
 * Gives the verdict for one recipient (NULL before RCPT). May block for DNS, at most dns.wait, and
 * calls the engine's before_wait first when it will. id is kept for replies and logs (NULL: "-");
 * who asks again with the same one, and without a recipient, means the same decision, which is
 * counted once. [session]
 */
HELO_API HELO_MUST_CHECK enum helo_status helo_session_decide(helo_session *session,
                                                              enum helo_stage stage,
                                                              const char *recipient, const char *id,
                                                              const helo_verdict **out);

/* The policy this session is judged by; the session owns the reference. [session] */
HELO_API const helo_policy *helo_session_policy(const helo_session *session);

/* ---- verdict --------------------------------------------------------------------------------- */

/* What is to be done: HELO_ACTION_ACCEPT, _DEFER or _REJECT. [session] */
HELO_API enum helo_action helo_verdict_action(const helo_verdict *verdict);

/* The same as "mode: enforce" would have it. [session] */
HELO_API enum helo_action helo_verdict_would(const helo_verdict *verdict);

/* What became of one check. Strings are static, or live as long as the verdict. */
struct helo_check_result {
    const char *check;
    const char *outcome; /* "pass", "fail", "unknown" */
    /* Of a fail: a name of helo_reason_info(); of an unknown: its cause; else NULL. */
    const char *reason;
    /* What the policy makes of it; HELO_ACTION_ACCEPT when nothing failed. */
    enum helo_action action;
    unsigned score; /* hundredths */
    int ground;     /* 1: one of the reasons why helo_verdict_would() does not accept */
};

/*
 * What became of check i, in the order of helo_check_info(). Returns 0, and leaves *out alone, for
 * one that did not run: it is off, the client is exempt, or there is no check i. [session]
 */
HELO_API int helo_verdict_check(const helo_verdict *verdict, size_t i,
                                struct helo_check_result *out);

/* Why a client was not judged. Strings live as long as the policy. */
struct helo_exemption {
    const char *kind;  /* one of helo_exemption_kind() */
    const char *entry; /* of the site's list; NULL: none is behind it */
    const char *note;  /* of that entry, or NULL */
    const char *file;  /* where it stands; NULL: nowhere */
    unsigned line;
};

/* Returns 0, and leaves *out alone, when the client was judged. [session] */
HELO_API int helo_verdict_exemption(const helo_verdict *verdict, struct helo_exemption *out);

/* Kind i of an exemption ("network", "authenticated", ...), or NULL past the last. [shared] */
HELO_API const char *helo_exemption_kind(size_t i);

#define HELO_REPLY_LINES      4
#define HELO_REPLY_LINE_BYTES 400 /* with the code and CRLF below RFC 5321 4.5.3.1.5's 512 */

/* Text for the sender's side; printable ASCII only. */
struct helo_reply {
    int code;          /* 450, 451, 550; 0: nothing to say (RFC 5321 4.2) */
    char enhanced[12]; /* "5.7.1" (RFC 3463, RFC 7372) */
    size_t lines;
    char line[HELO_REPLY_LINES][HELO_REPLY_LINE_BYTES];
};

/* The reply for helo_verdict_would(). [session] */
HELO_API void helo_verdict_reply(const helo_verdict *verdict, struct helo_reply *reply);

/*
 * The body of an Authentication-Results field for a message with this verdict, without the field's
 * name, folded lines separated by "\n\t": iprev, and what the checks said of the HELO. server_name:
 * the MTA's own, for a policy without headers.authserv_id. "" when the client was exempt: then
 * there is nothing to tell. *out is released with helo_free(). HELO_INVALID when there is no name
 * for us, HELO_NOMEM. RFC 8601 2.2. [session]
 */
HELO_API HELO_MUST_CHECK enum helo_status
helo_verdict_auth_results(const helo_verdict *verdict, const char *server_name, char **out);

/* 1 when the body of an Authentication-Results field claims to be ours; any bytes. RFC 8601 5.
 * [shared] */
HELO_API int helo_policy_owns_auth_results(const helo_policy *policy, const char *server_name,
                                           const char *body);

enum helo_format {
    HELO_FORMAT_TEXT,    /* for people: facts, checks, verdict, reply */
    HELO_FORMAT_JSON,    /* one line; the documented, stable form */
    HELO_FORMAT_LOG,     /* one line of key=value */
    HELO_FORMAT_LOG_JSON /* the same as one JSON object */
};

/* Without a final newline, but for TEXT. *out is released with helo_free(). [session] */
HELO_API HELO_MUST_CHECK enum helo_status helo_verdict_format(const helo_verdict *verdict,
                                                              enum helo_format format, char **out);

#ifdef __cplusplus
}
#endif

#endif /* HELO_H */
