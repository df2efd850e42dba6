/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * header.c - the Authentication-Results fields of messages, see header.h
 *
 * Measured on Sendmail 8.17 and Postfix 3.7: an index counts the fields of that name, in any case,
 * from the top; Postfix counts anew after each removal and Sendmail does not, so that the last goes
 * first. Position 0 is above the MTA's own Received field, 1 below it.
 */
#include "header.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

static const char field_name[] = "Authentication-Results";
static const unsigned long actions_needed = SMFIF_ADDHDRS | SMFIF_CHGHDRS;

static bool is_tagging(helo_engine *engine)
{
    helo_policy *policy = helo_engine_policy(engine);
    bool tags = helo_policy_tags(policy) != 0;

    helo_policy_unref(policy);
    return tags;
}

struct mh_header *mh_header_negotiate(helo_engine *engine, unsigned long actions,
                                      unsigned long steps, unsigned long *wanted_actions,
                                      unsigned long *wanted_steps)
{
    static struct mh_log_gate gate;
    bool offered = (actions & actions_needed) == actions_needed;
    struct mh_header *header = NULL;
    bool tags = is_tagging(engine);
    unsigned dropped = 0;

    if (tags && offered)
        header = calloc(1, sizeof *header);
    if (header == NULL) {
        if (tags && mh_log_gate(&gate, &dropped))
            mh_log(LOG_ERR, "error: mail is not tagged: %s (%u more like this)",
                   offered ? "no memory" : "the MTA lets nobody change header fields", dropped);
        /* libmilter asks for them since there is a callback; and to ask for what is not offered
         * ends the connection. */
        *wanted_steps |= steps & SMFIP_NOHDRS;
        return NULL;
    }
    /* A message has dozens of fields, and no answer to any of them says anything. */
    header->silent = (steps & SMFIP_NR_HDR) != 0;
    *wanted_steps |= steps & SMFIP_NR_HDR;
    *wanted_actions |= actions_needed;
    return header;
}

void mh_header_free(struct mh_header *header)
{
    mh_header_reset(header);
    free(header);
}

void mh_header_reset(struct mh_header *header)
{
    if (header == NULL)
        return;
    helo_free(header->results);
    header->results = NULL;
    header->fields = header->forged_count = 0;
}

void mh_header_note(SMFICTX *ctx, struct mh_header *header, const helo_verdict *verdict)
{
    static struct mh_log_gate gate;
    char *results = NULL;
    enum helo_status status;
    unsigned dropped = 0;

    if (header == NULL)
        return;
    status = helo_verdict_auth_results(verdict, mh_macros_server(ctx), &results);
    if (status != HELO_OK) {
        if (mh_log_gate(&gate, &dropped))
            mh_log(LOG_ERR, "error: mail is not tagged: %s (%u more like this)",
                   status == HELO_INVALID
                       ? "the MTA does not say its host name; set headers.authserv_id"
                       : helo_status_text(status),
                   dropped);
        return;
    }
    /* Mail to one who is exempt, as postmaster, says nothing of the others' verdict. */
    if (results[0] == '\0') {
        helo_free(results);
        return;
    }
    helo_free(header->results);
    header->results = results;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* In any case: RFC 5322 1.2.2. */
static bool is_field_name(const char *name)
{
    size_t i = 0;

    while (field_name[i] != '\0' && lower(name[i]) == lower(field_name[i]))
        i++;
    return field_name[i] == '\0' && name[i] == '\0';
}

sfsistat mh_header_see(SMFICTX *ctx, struct mh_header *header, const helo_policy *policy,
                       const char *name, const char *body)
{
    if (header == NULL)
        return SMFIS_CONTINUE;
    if (policy != NULL && name != NULL && body != NULL && is_field_name(name)) {
        header->fields++;
        if (helo_policy_owns_auth_results(policy, mh_macros_server(ctx), body)) {
            if (header->forged_count < MH_FORGED_MAX)
                header->forged[header->forged_count] = header->fields;
            header->forged_count++;
        }
    }
    return header->silent ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

/* Whoever sends so many wants some to be left. */
static sfsistat refuse(SMFICTX *ctx, const struct mh_header *header)
{
    char queue_id[MH_QUEUE_ID_SIZE];
    char code[] = "550", enhanced[] = "5.7.1";
    char text[] = "Refused: too many Authentication-Results fields claim to be this server's";

    mh_macros_queue_id(ctx, queue_id);
    mh_log(LOG_NOTICE, "qid=%s refused: %u Authentication-Results fields claim to be ours",
           queue_id, header->forged_count);
    (void)smfi_setreply(ctx, code, enhanced, text);
    return SMFIS_REJECT;
}

static bool remove_forged(SMFICTX *ctx, const struct mh_header *header)
{
    char name[sizeof field_name]; /* libmilter's parameter is not const */
    bool done = true;

    memcpy(name, field_name, sizeof name);
    for (unsigned i = header->forged_count; i-- > 0;)
        done = smfi_chgheader(ctx, name, (int)header->forged[i], NULL) == MI_SUCCESS && done;
    return done;
}

static bool insert_ours(SMFICTX *ctx, const struct mh_header *header)
{
    char name[sizeof field_name];

    memcpy(name, field_name, sizeof name);
    return header->results == NULL || smfi_insheader(ctx, 0, name, header->results) == MI_SUCCESS;
}

sfsistat mh_header_finish(SMFICTX *ctx, struct mh_header *header)
{
    char queue_id[MH_QUEUE_ID_SIZE];
    sfsistat answer = SMFIS_CONTINUE;

    if (header == NULL)
        return answer;
    mh_macros_queue_id(ctx, queue_id);
    if (header->forged_count > MH_FORGED_MAX) {
        answer = refuse(ctx, header);
    } else {
        if (!remove_forged(ctx, header) || !insert_ours(ctx, header))
            mh_log(LOG_ERR, "error: qid=%s cannot be tagged: libmilter does not take the change",
                   queue_id);
        else if (header->forged_count > 0)
            mh_log(LOG_NOTICE,
                   "qid=%s removed: %u Authentication-Results fields that claimed to be ours",
                   queue_id, header->forged_count);
    }
    mh_header_reset(header);
    return answer;
}
