/* Two different models are compiled, loaded and run in one process at the same time, each as if it
 * were alone. */
#include "compile.h"

#include "km.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLES = 3, OUTPUTS_MOST = 16 };

static const char *const texts[] = {
    "from keras import Input, Sequential\n"
    "from keras.layers import Conv2D, Flatten, Dense, MaxPooling2D\n"
    "model = Sequential([Input((12, 12, 3)), Conv2D(16, 3, padding='same', activation='relu'),\n"
    "                    MaxPooling2D(2), Conv2D(8, 3), Flatten(), Dense(7, 'softmax')])\n"
    "assert model.count_params() == 448 + 1160 + 7 * (4 * 4 * 8 + 1)\n",
    "from keras import Input, Sequential\n"
    "from keras.layers import BatchNormalization, Dense\n"
    "widths = [n * 9 for n in range(1, 4)]\n"
    "model = Sequential([Input((24,))] + [Dense(n, activation='gelu') for n in widths])\n"
    "model.add(BatchNormalization())\n"
    "model.add(Dense(5, activation='tanh'))\n",
};
enum { MODELS = COUNT_OF(texts) };

/* What one thread gets and gives. */
typedef struct Work {
    char path[64];
    int rounds;
    float out[SAMPLES * OUTPUTS_MOST];
    bool failed;
} Work;

static bool collect(void *user, const void *bytes, size_t size) {
    char **at = user;
    memcpy(*at, bytes, size);
    *at += size;
    return true;
}

/* What `kmodel run --threads 2` does, on numbers that are the same every time. */
static void run(Work *w, const Plan *p, const km_model *m) {
    float in[SAMPLES * 12 * 12 * 3];
    for (size_t i = 0; i < COUNT_OF(in); i++)
        in[i] = (float)(i * 7919 % 1000) / 500 - 1;
    size_t bytes = ((size_t)p->weights_bytes + 127) / 64 * 64;
    char *weights = aligned_alloc(64, bytes), *at = weights;
    km_pool *pool = km_pool_new(2);
    void *workspace = aligned_alloc(64, km_workspace_bytes(m, 2));
    if (!weights || !pool || !workspace || !plan_pack_weights(p, collect, &at))
        abort();
    km_run(m, weights, in, w->out, SAMPLES, workspace, pool, NULL);
    km_pool_free(pool);
    free(workspace);
    free(weights);
}

static void compile_and_run(Work *w) {
    const CompileOptions options = {.init = true, .seed = 1, .opt_level = 2};
    const CodegenOptions codegen_options = {.opt_level = 2, .symbol = "test"};
    Compile c;
    CodegenResult object;
    compile_init(&c, &options);
    Jit *j = compile_object(&c, w->path, &codegen_options, &object)
                 ? jit_load(&object, "test", c.diag)
                 : NULL;
    if (j)
        run(w, c.plan, jit_model(j));
    w->failed |= !j;
    jit_free(j);
    diag_flush(c.diag, stderr);
    compile_release(&c);
}

static void *work(void *user) {
    Work *w = user;
    for (int i = 0; i < w->rounds; i++)
        compile_and_run(w);
    return NULL;
}

static Work work_on(const char *folder, int model) {
    Work w = {.rounds = 3};
    snprintf(w.path, sizeof w.path, "%s/%d.kmodel", folder, model);
    FILE *out = fopen(w.path, "w");
    cr_assert(out && fputs(texts[model], out) >= 0 && fclose(out) == 0);
    return w;
}

/* Alone comes last: the threads shall also meet in what the first compilation of a process does. */
Test(compile, two_models_at_the_same_time) {
    char folder[] = "/tmp/kmodel-compile-XXXXXX";
    pthread_t thread[MODELS];
    Work together[MODELS];
    cr_assert(mkdtemp(folder));
    for (int i = 0; i < MODELS; i++)
        together[i] = work_on(folder, i);
    for (int i = 0; i < MODELS; i++)
        cr_assert_eq(pthread_create(&thread[i], NULL, work, &together[i]), 0);
    for (int i = 0; i < MODELS; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < MODELS; i++) {
        Work alone = {.rounds = 1};
        strcpy(alone.path, together[i].path);
        work(&alone);
        cr_expect_not(together[i].failed);
        cr_expect_not(alone.failed);
        cr_expect_arr_eq(together[i].out, alone.out, sizeof alone.out);
        unlink(alone.path);
    }
    rmdir(folder);
}

static void *load_no_object(void *diag) {
    static const char text[] = "this is not an object file";
    jit_load(&(CodegenResult){text, sizeof text}, "x", diag);
    return NULL;
}

/* The first thing that a process asks of LLVM may be to load code. */
Test(compile, loading_first_at_the_same_time) {
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    Diag *diag[THREADS];
    Arena *a[THREADS];
    for (int i = 0; i < THREADS; i++) {
        diag[i] = diag_new(a[i] = arena_new());
        cr_assert_eq(pthread_create(&thread[i], NULL, load_no_object, diag[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        cr_expect_eq(diag_errors(diag[i]), 1);
        arena_free(a[i]);
    }
}
