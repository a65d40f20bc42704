/* The pool and the run loop, on a model written by hand: output[i] = input[i] * 2 + 1, computed in
 * two steps that hand the data over in the workspace, so that a missing barrier shows. */
#include "../../runtime/km.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { NUMEL = 1000 };

static void share(const km_call *c, int64_t *begin, int64_t *end) {
    *begin = c->thread * NUMEL / c->threads;
    *end = (c->thread + 1) * NUMEL / c->threads;
}

static void twice(const km_call *c) {
    int64_t begin, end;
    share(c, &begin, &end);
    for (int64_t i = begin; i < end; i++)
        ((float *)c->workspace)[i] = c->input[i] * 2;
}

/* Reads what other threads wrote: from the far end. */
static void plus_one(const km_call *c) {
    int64_t begin, end;
    share(c, &begin, &end);
    for (int64_t i = begin; i < end; i++)
        c->output[NUMEL - 1 - i] = ((float *)c->workspace)[NUMEL - 1 - i] + 1;
}

static const km_step steps[] = {{twice, "twice", "map", 1000}, {plus_one, "plus_one", "map", 1000}};
static const km_model model = {
    .abi = KM_ABI,
    .nsteps = 2,
    .name = "twice",
    .steps = steps,
    .workspace_bytes = NUMEL * sizeof(float),
    .scratch_bytes = 4,
    .input = {1, {NUMEL}},
    .output = {1, {NUMEL}},
};

static void run_and_check(int threads, size_t batch) {
    km_pool *pool = km_pool_new(threads);
    cr_assert_not_null(pool);
    float *in = malloc(batch * NUMEL * sizeof *in + 1), *out = calloc(batch + 1, NUMEL * 4);
    void *workspace = aligned_alloc(64, km_workspace_bytes(&model, threads));
    for (size_t i = 0; i < batch * NUMEL; i++)
        in[i] = (float)i;
    for (int again = 0; again < 20; again++)
        km_run(&model, NULL, in, out, batch, workspace, pool, NULL);
    for (size_t i = 0; i < batch * NUMEL; i++)
        cr_assert_eq(out[i], in[i] * 2 + 1, "threads %d, batch %zu, element %zu", threads, batch,
                     i);
    km_pool_free(pool);
    free(in);
    free(out);
    free(workspace);
}

Test(pool, every_batch_by_every_number_of_threads) {
    static const int threads[] = {1, 2, 3, 8};
    static const size_t batches[] = {0, 1, 2, 3, 7, 40};
    for (int t = 0; t < 4; t++)
        for (int b = 0; b < 6; b++)
            run_and_check(threads[t], batches[b]);
}

static void count(void *context, int thread) {
    (void)thread;
    atomic_fetch_add((_Atomic int *)context, 1);
}

Test(pool, every_thread_takes_part_in_every_job) {
    km_pool *pool = km_pool_new(4);
    _Atomic int calls = 0;
    for (int i = 0; i < 2000; i++)
        pool->run(pool, count, &calls);
    cr_assert_eq(calls, 8000);
    km_pool_free(pool);
}

Test(pool, sleeping_threads_wake_up) {
    km_pool *pool = km_pool_new(2);
    _Atomic int calls = 0;
    for (int i = 0; i < 5; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        pool->run(pool, count, &calls);
    }
    cr_assert_eq(calls, 10);
    km_pool_free(pool);
}

Test(run, step_times_add_up) {
    float in[NUMEL] = {0}, out[NUMEL];
    double seconds[2] = {0};
    void *workspace = aligned_alloc(64, km_workspace_bytes(&model, 1));
    km_run(&model, NULL, in, out, 1, workspace, NULL, seconds);
    cr_assert(seconds[0] >= 0 && seconds[1] >= 0 && seconds[0] + seconds[1] > 0);
    free(workspace);
}

Test(cpu, nothing_is_required_of_an_old_model) {
    cr_assert_null(km_cpu_missing(""));
    cr_assert_null(km_cpu_missing(NULL));
}

Test(cpu, a_missing_feature_is_named) {
#if defined(__x86_64__)
    cr_assert_null(km_cpu_missing("sse2"));
    setenv("KM_CPU_WITHOUT", "avx512f sse2", 1);
    cr_assert_str_eq(km_cpu_missing("sse2"), "sse2");
#endif
    cr_assert_not_null(km_cpu_missing("warp_drive"));
}
