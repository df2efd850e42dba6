/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_answer.c - any bytes as the answer to a DNS question
 *
 * The question is the one that the message carries, when it can be ours: so that the fuzzer gets
 * behind the first comparison. What must hold: everything is bounded, names are host names in lower
 * case, and what is not an answer carries no records.
 */
#include "fuzz.h"

#include <arpa/nameser.h>
#include <string.h>

#include "dns/attempt.h"
#include "name/domain.h"

static struct dns_question question_of(const uint8_t *data, size_t size)
{
    struct dns_question question = {.type = DNS_A, .name = "mail.example"};
    char name[LIMIT_NAME_CHARS + 1];
    ns_msg message;
    ns_rr rr;

    if (size > LIMIT_ANSWER_BYTES || ns_initparse(data, (int)size, &message) != 0 ||
        ns_msg_count(message, ns_s_qd) == 0 || ns_parserr(&message, ns_s_qd, 0, &rr) != 0) {
        return question;
    }
    if (domain_normalise(name, rr.name) && domain_is_host_name(name, true))
        memcpy(question.name, name, sizeof name);
    if (ns_rr_type(rr) == ns_t_aaaa || ns_rr_type(rr) == ns_t_ptr || ns_rr_type(rr) == ns_t_mx)
        question.type = (enum dns_type)ns_rr_type(rr);
    return question;
}

static void is_sound(const struct dns_question *question, const struct dns_answer *answer)
{
    FUZZ_MUST(answer->ttl_s <= 0x7fffffff);
    FUZZ_MUST(answer->address_count <= LIMIT_ADDRESSES);
    FUZZ_MUST(answer->name_count <= dns_names_kept(question->type));
    FUZZ_MUST(answer->cnames <= LIMIT_CNAME_STEPS);
    FUZZ_MUST(answer->address_count == 0 || answer->name_count == 0);
    if (answer->status != DNS_OK) {
        FUZZ_MUST(answer->address_count + answer->name_count == 0);
        FUZZ_MUST(!answer->cut);
        FUZZ_MUST(answer->ttl_s == 0 || dns_status_is_definite(answer->status));
    } else {
        FUZZ_MUST(answer->address_count + answer->name_count > 0 || answer->odd > 0);
    }
    for (size_t i = 0; i < answer->address_count; i++)
        FUZZ_MUST(answer->addresses[i].family != IP_NONE);
    for (size_t i = 0; i < answer->name_count; i++) {
        char normal[LIMIT_NAME_CHARS + 1];

        FUZZ_MUST(domain_is_host_name(answer->names[i], true));
        FUZZ_MUST(domain_normalise(normal, answer->names[i]));
        FUZZ_MUST(strcmp(normal, answer->names[i]) == 0);
    }
}

/* All ways of asking, one after another, until there is an answer: four at most, and one more
 * server. */
static void leads_to_an_end(const struct dns_question *question, const uint8_t *data, size_t size)
{
    const struct channel_reply reply = {CHANNEL_ANSWERED, 0, data, size};
    struct attempt attempt;
    struct dns_answer *answer = NULL;
    unsigned turns = 1;

    attempt_init(&attempt, false, false, 2);
    while (!attempt_read(&attempt, question, &reply, &answer))
        FUZZ_MUST(++turns <= 5);
    FUZZ_MUST(answer != NULL);
    is_sound(question, answer);
    dns_answer_unref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dns_question question = question_of(data, size);
    struct dns_answer *answer = NULL;

    FUZZ_MUST(dns_answer_parse(&question, data, size, &answer) == HELO_OK);
    is_sound(&question, answer);
    dns_answer_unref(answer);
    leads_to_an_end(&question, data, size);
    return 0;
}
