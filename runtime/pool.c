/* A pool of threads with two meeting points: the start of a job, and a barrier. Both are a counter
 * that waiters watch, spinning for some microseconds before they sleep in the kernel.
 * SPDX-License-Identifier: 0BSD */
#include "km.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SPINS = 4000, LINE = 64 };

typedef struct Counter {
    alignas(LINE) _Atomic uint32_t value;
    _Atomic uint32_t sleepers;
} Counter;

typedef void Job(void *context, int thread);
typedef struct Pool Pool;

typedef struct Worker {
    Pool *pool;
    pthread_t handle;
    int number;
} Worker;

struct Pool {
    km_pool face;  /* what km_run sees */
    Counter start; /* one up: a job is there, or the end */
    Counter phase; /* one up: all have arrived at the barrier */
    alignas(LINE) _Atomic int arrived;
    Job *job; /* NULL: the end */
    void *context;
    int spins; /* 0 if there are more threads than cores: spinning would keep others from work */
    Worker workers[];
};

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Returns once the counter is no longer `old`. The kernel looks at the value again before it puts
 * the thread to sleep, and `sleepers` rises before that: no wake-up is lost. */
static void counter_wait(Counter *c, uint32_t old, int spins) {
    for (int i = 0; i < spins; i++) {
        if (atomic_load_explicit(&c->value, memory_order_acquire) != old)
            return;
        relax();
    }
    atomic_fetch_add(&c->sleepers, 1);
    while (atomic_load(&c->value) == old)
        syscall(SYS_futex, &c->value, FUTEX_WAIT_PRIVATE, old, NULL, NULL, 0);
    atomic_fetch_sub(&c->sleepers, 1);
}

static void counter_raise(Counter *c) {
    atomic_fetch_add(&c->value, 1);
    if (atomic_load(&c->sleepers))
        syscall(SYS_futex, &c->value, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

static void barrier(km_pool *face) {
    Pool *pool = (Pool *)face;
    uint32_t phase = atomic_load(&pool->phase.value);
    if (atomic_fetch_add(&pool->arrived, 1) + 1 < face->threads) {
        counter_wait(&pool->phase, phase, pool->spins);
        return;
    }
    atomic_store(&pool->arrived, 0);
    counter_raise(&pool->phase);
}

static void *worker_main(void *argument) {
    Worker *w = argument;
    Pool *pool = w->pool;
    for (uint32_t jobs = 0;; jobs++) {
        counter_wait(&pool->start, jobs, pool->spins);
        if (!pool->job)
            return NULL;
        pool->job(pool->context, w->number);
        barrier(&pool->face);
    }
}

static void run(km_pool *face, Job *job, void *context) {
    Pool *pool = (Pool *)face;
    pool->job = job;
    pool->context = context;
    counter_raise(&pool->start);
    job(context, 0);
    barrier(face);
}

/* Ends the workers before `end`. */
static void pool_end(Pool *pool, int end) {
    pool->job = NULL;
    counter_raise(&pool->start);
    for (int t = 1; t < end; t++)
        pthread_join(pool->workers[t].handle, NULL);
    free(pool);
}

void km_pool_free(km_pool *pool) {
    if (pool)
        pool_end((Pool *)pool, pool->threads);
}

km_pool *km_pool_new(int threads) {
    size_t size = sizeof(Pool) + (size_t)threads * sizeof(Worker);
    Pool *pool = aligned_alloc(LINE, (size + LINE - 1) / LINE * LINE);
    if (!pool)
        return NULL;
    *pool = (Pool){.face = {threads, run, barrier}};
    pool->spins = threads <= sysconf(_SC_NPROCESSORS_ONLN) ? SPINS : 0;
    for (int t = 1; t < threads; t++) {
        Worker *w = &pool->workers[t];
        *w = (Worker){.pool = pool, .number = t};
        if (pthread_create(&w->handle, NULL, worker_main, w)) {
            pool_end(pool, t);
            return NULL;
        }
    }
    return &pool->face;
}
