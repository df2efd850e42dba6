/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - a thread beside those of libmilter, see thread.h
 */
#include "thread.h"

#include <pthread.h>

int mh_thread_start(void *(*run)(void *), void *arg, size_t stack_bytes)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);

    if (error != 0)
        return error;
    (void)pthread_attr_setstacksize(&attributes, stack_bytes);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    error = pthread_create(&thread, &attributes, run, arg);
    (void)pthread_attr_destroy(&attributes);
    return error;
}
