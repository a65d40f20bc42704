/* Two ways to use several threads: those that the library makes, and a program's own. Here the
 * program's own are OpenMP's; a game engine's job system or an audio host's threads fit as well.
 *
 *     kmodel build ../mnist/mnist.kmodel --emit lib -o mnist
 *     cc -fopenmp threads.c libmnist.a -pthread -o threads && ./threads
 */
#include "mnist.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 2, BATCH = 64 };

static void omp_run(km_pool *pool, void (*job)(void *context, int thread), void *context) {
#pragma omp parallel num_threads(pool->threads)
    job(context, omp_get_thread_num());
}

static void omp_meet(km_pool *pool) {
    (void)pool;
#pragma omp barrier
}

/* The same numbers whichever threads compute them. */
static int agree(const float *in, const float *expected, size_t batch, km_pool *pool) {
    static float out[BATCH * MNIST_OUTPUT];
    void *workspace = aligned_alloc(64, mnist_pool_workspace_size(THREADS));
    mnist_pool_predict(in, out, batch, workspace, pool);
    free(workspace);
    return !memcmp(out, expected, batch * MNIST_OUTPUT * sizeof *out);
}

int main(void) {
    static float in[BATCH * MNIST_INPUT], expected[BATCH * MNIST_OUTPUT];
    for (int i = 0; i < BATCH * MNIST_INPUT; i++)
        in[i] = (float)(i * 37 % 256);
    void *workspace = aligned_alloc(64, mnist_workspace_size(BATCH));
    mnist_predict(in, expected, BATCH, workspace);
    free(workspace);

    km_pool openmp = {THREADS, omp_run, omp_meet}, *ours = mnist_pool_new(THREADS);
    if (!ours)
        return 1;
    /* One sample: all threads share its layers. Many: each thread takes whole samples. */
    int same = agree(in, expected, 1, &openmp) && agree(in, expected, BATCH, &openmp) &&
               agree(in, expected, 1, ours) && agree(in, expected, BATCH, ours);
    mnist_pool_free(ours);
    puts(same ? "all threads agree" : "threads disagree");
    return !same;
}
