/* Threads that run one job together. SPDX-License-Identifier: 0BSD */
#ifndef POOL_H
#define POOL_H

#include "km.h"

/* What each thread does of a job. */
typedef void PoolJob(void *context, int thread);

int pool_threads(const km_pool *pool); /* 1 for NULL */

/* Runs job(context, t) on every thread t, t = 0 here; returns when all are through. */
void pool_run(km_pool *pool, PoolJob *job, void *context);

/* Within a job: returns when all threads have called it. */
void pool_barrier(km_pool *pool);

#endif
