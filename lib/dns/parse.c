/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse.c - dns_answer_parse(): hostile bytes to one answer
 *
 * PURPOSE  The only reader of DNS messages. Declared in answer.h.
 * CONTRACT Never fails but for memory. Nothing is believed that was not asked for: the message must
 *          carry our question, and of its records only those count that are owned by the end of the
 *          CNAME chain which starts there.
 *
 * ALGORITHM
 *  1. ns_initparse() walks the whole message: any length that lies, and any byte too many or too
 *     few, is MALFORMED. So is TC: half an answer says nothing (the back end asks again by TCP
 *     before it comes to this).
 *  2. The rcode, with the upper bits of an OPT record. Only 0 and 3 go on.
 *  3. Owner := the question's name. In the answer section, records of the wanted type at the owner
 *     are kept; are there none but a CNAME, then its target is the owner and step 3 begins again,
 *     LIMIT_CNAME_STEPS times at most; a longer chain, and so any loop, is TOO_LONG.
 *  4. Records found: OK. None: NXDOMAIN or NODATA with the SOA's time to live.
 *
 * CHOICES  Records beside a CNAME at the same owner win over it, as in resolvers. Of several CNAMEs
 *          the first counts. NXDOMAIN together with wanted records contradicts itself: MALFORMED.
 *          Any SOA in the authority section makes a negative answer definite; whether it is of the
 *          right zone only a resolver can tell. An A record of other than 4 bytes is a broken
 *          message, a PTR to a name with blanks is only an odd name: the first is the server's
 *          fault, the second that of whoever wrote the zone.
 * LIMITS   LIMIT_ANSWER_RECORDS records are looked at, times the steps: some milliseconds at the
 *          worst. ns_parserr() follows a compressed name for as many steps as the message has
 *          bytes, which takes a second when thousands of pointers point at one another; so such a
 *          name, of more than POINTERS_MAX, is broken here.
 * STANDARDS RFC 1035 3.3, 4.1; RFC 2181 8 (TTL with the top bit set is 0); RFC 2308 2, 5; RFC 6891
 *           6.1.3; RFC 7505 3.
 */
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "dns/answer.h"
#include "name/domain.h"

enum {
    POINTERS_MAX = 16, /* in one name: encoders make one, or some to ever shorter names */
    RECORDS_MAX = 2 * LIMIT_ANSWER_RECORDS /* in all walks: long chains are of few records */
};

/* What was gathered so far. */
struct reader {
    ns_msg message;
    unsigned looked;     /* records so far, each as often as it was */
    const uint8_t *next; /* where the owner of the record that is read next begins */
    enum dns_type wanted;
    /* In the escaped form of ns_name_ntop(): dots inside labels stay distinct. */
    char owner[NS_MAXDNAME];
    uint32_t ttl_s;
    unsigned cnames;
    unsigned odd;
    bool null_mx;
    bool cut;
    size_t address_count, name_count;
    struct ip addresses[LIMIT_ADDRESSES];
    char names[LIMIT_MX_NAMES][LIMIT_NAME_CHARS + 1]; /* of either type: dns_names_kept() */
};

/* RFC 2181 8 */
static uint32_t sane_ttl(uint32_t ttl_s)
{
    return ttl_s > 0x7fffffff ? 0 : ttl_s;
}

static void lower_ttl(struct reader *r, uint32_t ttl_s)
{
    if (sane_ttl(ttl_s) < r->ttl_s)
        r->ttl_s = sane_ttl(ttl_s);
}

static int record_count(const struct reader *r, ns_sect section)
{
    int count = ns_msg_count(r->message, section);

    return count < LIMIT_ANSWER_RECORDS ? count : LIMIT_ANSWER_RECORDS;
}

/* Whether the name at p is a tangle of pointers. One that leaves the message ends the walk: whoever
 * unpacks it finds that it is broken. */
static bool is_tangled(const struct reader *r, const uint8_t *name)
{
    const uint8_t *base = ns_msg_base(r->message);
    size_t length = (size_t)ns_msg_size(r->message);
    size_t at = (size_t)(name - base);
    unsigned labels = 0, pointers = 0;

    while (at < length && base[at] != 0 && labels < LIMIT_NAME_WIRE) {
        if ((base[at] & NS_CMPRSFLGS) != NS_CMPRSFLGS) {
            labels++;
            at += 1u + base[at];
        } else if (++pointers > POINTERS_MAX || length - at < 2) {
            return true;
        } else {
            at = ns_get16(base + at) & 0x3fff;
        }
    }
    return false;
}

/* Record number i of a section, which is read from 0 on. False: it is broken. */
static bool read_record(struct reader *r, ns_sect section, int i, ns_rr *rr)
{
    if (i == 0) {
        int skipped = 0;

        r->next = ns_msg_base(r->message) + NS_HFIXEDSZ;
        for (int s = ns_s_qd; s < (int)section; s++) {
            skipped = ns_skiprr(r->next, ns_msg_end(r->message), (ns_sect)s,
                                ns_msg_count(r->message, (ns_sect)s));
            if (skipped < 0)
                return false;
            r->next += skipped;
        }
    }
    if (++r->looked > RECORDS_MAX || is_tangled(r, r->next) ||
        ns_parserr(&r->message, section, i, rr) != 0)
        return false;
    r->next = ns_rr_rdata(*rr) + ns_rr_rdlen(*rr);
    return true;
}

/*
 * The name that starts at offset of the record's data and ends with it, as text of a host name in
 * lower case. Returns -1 when there is no such name on the wire, 0 when it is no host name (odd), 1
 * else. The root gives "" and 1.
 */
static int target_name(const struct reader *r, const ns_rr *rr, size_t offset,
                       char out[LIMIT_NAME_CHARS + 1])
{
    uint8_t wire[NS_MAXCDNAME];
    const uint8_t *data = ns_rr_rdata(*rr);
    int used = -1;
    size_t length = 0;

    if (offset < ns_rr_rdlen(*rr) && !is_tangled(r, data + offset))
        used = ns_name_unpack(ns_msg_base(r->message), ns_msg_end(r->message), data + offset, wire,
                              sizeof wire);
    if (used < 0 || offset + (size_t)used != ns_rr_rdlen(*rr))
        return -1;
    /* Wire form, not text: a dot or NUL inside a label must not become two labels or an end. */
    for (const uint8_t *label = wire; *label != 0; label += 1 + *label) {
        if (length > 0)
            out[length++] = '.';
        for (unsigned i = 1; i <= *label; i++) {
            char c = (char)label[i];

            if (c == '.' || c == '\0')
                return 0;
            out[length++] = text_lower(c);
        }
    }
    out[length] = '\0';
    return length == 0 || domain_is_host_name(out, true);
}

static bool take_address(struct reader *r, const ns_rr *rr, int family)
{
    /*
     * By way of a socket address: ip_from_sockaddr() makes ::ffff:192.0.2.1 the IPv4 address that
     * it is.
     */
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    size_t size = family == AF_INET ? sizeof v4.sin_addr : sizeof v6.sin6_addr;

    if (ns_rr_rdlen(*rr) != size)
        return false;
    if (r->address_count == LIMIT_ADDRESSES) {
        r->cut = true;
        return true;
    }
    memcpy(family == AF_INET ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr, ns_rr_rdata(*rr),
           size);
    if (ip_from_sockaddr(family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
                         &r->addresses[r->address_count]))
        r->address_count++;
    return true;
}

static bool take_name(struct reader *r, const ns_rr *rr, size_t offset)
{
    char name[LIMIT_NAME_CHARS + 1];
    int kind = target_name(r, rr, offset, name);

    if (kind < 0)
        return false;
    if (kind == 0 || (name[0] == '\0' && r->wanted == DNS_PTR))
        r->odd++;
    else if (name[0] == '\0')
        r->null_mx = true;
    else if (r->name_count == dns_names_kept(r->wanted))
        r->cut = true;
    else
        memcpy(r->names[r->name_count++], name, sizeof name);
    return true;
}

/* Returns false when the record's data is broken. */
static bool take_record(struct reader *r, const ns_rr *rr)
{
    lower_ttl(r, ns_rr_ttl(*rr));
    switch (r->wanted) {
    case DNS_A:
        return take_address(r, rr, AF_INET);
    case DNS_AAAA:
        return take_address(r, rr, AF_INET6);
    case DNS_PTR:
        return take_name(r, rr, 0);
    case DNS_MX: /* a 16-bit preference comes first */
        return take_name(r, rr, 2);
    case DNS_CNAME:
    case DNS_SOA:
        break;
    }
    return false;
}

static bool has_records(const struct reader *r)
{
    return r->address_count + r->name_count > 0 || r->odd > 0 || r->null_mx;
}

/*
 * One walk over the answer section for r->owner. *target is "" when no CNAME was met.
 * Returns false when a record is broken.
 */
static bool walk_answers(struct reader *r, char target[NS_MAXDNAME], uint32_t *target_ttl_s)
{
    ns_rr rr;

    target[0] = '\0';
    for (int i = 0; i < record_count(r, ns_s_an); i++) {
        if (!read_record(r, ns_s_an, i, &rr))
            return false;
        if (ns_rr_class(rr) != ns_c_in || !text_equal_nocase(rr.name, r->owner))
            continue;
        if ((unsigned)ns_rr_type(rr) == (unsigned)r->wanted) {
            if (!take_record(r, &rr))
                return false;
        } else if (ns_rr_type(rr) == ns_t_cname && target[0] == '\0') {
            if (is_tangled(r, ns_rr_rdata(rr)) ||
                ns_name_uncompress(ns_msg_base(r->message), ns_msg_end(r->message), ns_rr_rdata(rr),
                                   target, NS_MAXDNAME) != ns_rr_rdlen(rr))
                return false;
            *target_ttl_s = ns_rr_ttl(rr);
        }
    }
    return true;
}

/* Step 3 of the algorithm. Returns what is wrong with the chain; DNS_OK: nothing. */
static enum dns_status follow_chain(struct reader *r)
{
    char target[NS_MAXDNAME];
    uint32_t target_ttl_s = 0;

    for (;;) {
        if (!walk_answers(r, target, &target_ttl_s))
            return DNS_MALFORMED;
        if (has_records(r) || target[0] == '\0')
            return DNS_OK;
        if (r->cnames == LIMIT_CNAME_STEPS)
            return DNS_TOO_LONG;
        r->cnames++;
        lower_ttl(r, target_ttl_s);
        memcpy(r->owner, target, sizeof target);
    }
}

/* RFC 2308 5: the smaller of the SOA's TTL and its MINIMUM, the last of its five numbers. */
static bool read_soa(struct reader *r, const ns_rr *rr)
{
    const uint8_t *p = ns_rr_rdata(*rr);
    const uint8_t *end = p + ns_rr_rdlen(*rr);

    for (int name = 0; name < 2; name++) /* MNAME, RNAME */
        if (ns_name_skip(&p, end) != 0)
            return false;
    if (end - p != 5 * NS_INT32SZ)
        return false;
    lower_ttl(r, ns_rr_ttl(*rr));
    lower_ttl(r, (uint32_t)ns_get32(p + 4 * NS_INT32SZ));
    return true;
}

/* Returns 1 when there is an SOA, 0 when not, -1 when it is broken. */
static int find_soa(struct reader *r)
{
    ns_rr rr;

    for (int i = 0; i < record_count(r, ns_s_ns); i++) {
        if (!read_record(r, ns_s_ns, i, &rr))
            return -1;
        if (ns_rr_type(rr) == ns_t_soa && ns_rr_class(rr) == ns_c_in)
            return read_soa(r, &rr) ? 1 : -1;
    }
    return 0;
}

/*
 * The message's rcode, with the upper eight bits from its OPT record (RFC 6891 6.1.3); -1 when it
 * is broken.
 */
static int read_rcode(struct reader *r)
{
    int rcode = ns_msg_getflag(r->message, ns_f_rcode);
    ns_rr rr;

    for (int i = 0; i < record_count(r, ns_s_ar); i++) {
        if (!read_record(r, ns_s_ar, i, &rr))
            return -1;
        if (ns_rr_type(rr) == ns_t_opt)
            return rcode | (int)(ns_rr_ttl(rr) >> 24) << 4;
    }
    return rcode;
}

/* It is an answer, and its one question is ours, whose name becomes the first owner. */
static bool read_question(struct reader *r, const struct dns_question *question)
{
    ns_rr rr;

    if (ns_msg_getflag(r->message, ns_f_qr) == 0 ||
        ns_msg_getflag(r->message, ns_f_opcode) != ns_o_query ||
        ns_msg_getflag(r->message, ns_f_tc) != 0 || ns_msg_count(r->message, ns_s_qd) != 1 ||
        ns_parserr(&r->message, ns_s_qd, 0, &rr) != 0)
        return false;
    memcpy(r->owner, rr.name, sizeof r->owner);
    return (unsigned)ns_rr_type(rr) == (unsigned)question->type && ns_rr_class(rr) == ns_c_in &&
           text_equal_nocase(rr.name, question->name);
}

static enum dns_status read_negative(struct reader *r, enum dns_status status)
{
    if (r->null_mx) /* RFC 7505 3: it says, for as long as it lives, that there is no MX */
        return DNS_NODATA;

    int soa = find_soa(r);

    if (soa < 0)
        return DNS_MALFORMED;
    if (soa > 0)
        return status;
    r->ttl_s = 0;
    if (status == DNS_NXDOMAIN)
        return DNS_NXDOMAIN;
    return record_count(r, ns_s_an) + record_count(r, ns_s_ns) == 0 ? DNS_BARE_NODATA
                                                                    : DNS_MALFORMED;
}

static enum dns_status read_message(struct reader *r, const struct dns_question *question)
{
    if (!read_question(r, question))
        return DNS_MALFORMED;

    int rcode = read_rcode(r);
    enum dns_status chain;

    if (rcode == ns_r_servfail)
        return DNS_SERVFAIL;
    if (rcode == ns_r_refused)
        return DNS_REFUSED;
    if (rcode != ns_r_noerror && rcode != ns_r_nxdomain)
        return DNS_MALFORMED;
    chain = follow_chain(r);
    if (chain != DNS_OK)
        return chain;
    if (rcode == ns_r_nxdomain)
        return has_records(r) ? DNS_MALFORMED : read_negative(r, DNS_NXDOMAIN);
    if (r->address_count + r->name_count > 0 || r->odd > 0)
        return DNS_OK;
    return read_negative(r, DNS_NODATA);
}

static enum helo_status make_answer(const struct reader *r, enum dns_status status,
                                    struct dns_answer **out)
{
    if (status != DNS_OK)
        return dns_answer_create(status, dns_status_is_definite(status) ? r->ttl_s : 0, out);
    if (r->address_count > 0)
        return dns_answer_create_addresses(r->addresses, r->address_count, r->ttl_s, out);
    return dns_answer_create_names(r->wanted, (const char(*)[LIMIT_NAME_CHARS + 1]) r->names,
                                   r->name_count, r->ttl_s, out);
}

enum helo_status dns_answer_parse(const struct dns_question *question, const uint8_t *bytes,
                                  size_t length, struct dns_answer **out)
{
    struct reader r;
    struct dns_answer *answer = NULL;
    enum dns_status status = DNS_MALFORMED;

    memset(&r, 0, offsetof(struct reader, addresses));
    r.wanted = question->type;
    r.ttl_s = UINT32_MAX;
    if (length <= LIMIT_ANSWER_BYTES && ns_initparse(bytes, (int)length, &r.message) == 0)
        status = read_message(&r, question);
    if (make_answer(&r, status, &answer) != HELO_OK)
        return HELO_NOMEM;
    answer->cnames = r.cnames;
    answer->odd = r.odd;
    answer->cut =
        status == DNS_OK && (r.cut || ns_msg_count(r.message, ns_s_an) > LIMIT_ANSWER_RECORDS);
    *out = answer;
    return HELO_OK;
}
