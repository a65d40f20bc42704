#include "compiled.h"

#include "km.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

struct Compiled {
    Arena *arena;
    const Plan *plan;
    Jit *jit;
    char *weights;
};

enum { PAGE = 4096 };
static const char canary = 0x5a;

/* `size` bytes that end at a page nobody may touch, and begin after canaries. */
typedef struct Guarded {
    char *pages, *at;
    size_t mapped, size;
} Guarded;

static Guarded guarded_new(size_t size, size_t alignment) {
    Guarded g = {.size = (size + alignment - 1) / alignment * alignment};
    g.mapped = (g.size + PAGE - 1) / PAGE * PAGE + 2 * PAGE;
    g.pages = mmap(NULL, g.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (g.pages == MAP_FAILED || mprotect(g.pages + g.mapped - PAGE, PAGE, PROT_NONE))
        abort();
    memset(g.pages, canary, g.mapped - PAGE);
    g.at = g.pages + g.mapped - PAGE - g.size;
    return g;
}

static void guarded_free(Guarded *g) {
    for (const char *c = g->pages; c < g->at; c++)
        if (*c != canary) {
            fprintf(stderr, "%td bytes before a buffer were written\n", g->at - c);
            abort();
        }
    munmap(g->pages, g->mapped);
}

static bool copy_weights(void *user, const void *bytes, size_t size) {
    char **at = user;
    memcpy(*at, bytes, size);
    *at += size;
    return true;
}

static void die(Diag *d) {
    diag_flush(d, stderr);
    abort();
}

Compiled *compiled_new(const Ops *g, const Target *target, MathMode math, int opt_level) {
    Compiled *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->arena = arena_new();
    Diag *d = diag_new(c->arena);
    Model model = {.name = "test"};
    c->plan = plan(c->arena, g, &model, &(PlanOptions){target, math}, d);
    if (!c->plan)
        die(d);
    plan_verify(c->plan);
    if (getenv("DUMP_PLAN"))
        plan_dump(c->plan, stderr);
    CodegenOptions options = {.output = CODEGEN_OBJECT, .opt_level = opt_level, .symbol = "test"};
    CodegenResult object;
    if (!codegen(c->arena, c->plan, &options, &object, d))
        die(d);
    c->jit = jit_load(&object, "test", d);
    size_t bytes = (size_t)c->plan->weights_bytes;
    c->weights = aligned_alloc(64, (bytes + 127) / 64 * 64);
    char *at = c->weights;
    if (!c->jit || !c->weights || !plan_pack_weights(c->plan, copy_weights, &at))
        die(d);
    return c;
}

void compiled_free(Compiled *c) {
    jit_free(c->jit);
    arena_free(c->arena);
    free(c->weights);
    free(c);
}

static void run_steps(const Compiled *c, km_call call) {
    const km_model *m = jit_model(c->jit);
    for (uint32_t step = 0; step < m->nsteps; step++)
        for (call.thread = 0; call.thread < call.threads; call.thread++)
            m->steps[step].run(&call);
}

static size_t floats_of(Shape s) {
    int64_t n = 0;
    shape_numel(s, &n);
    return (size_t)n * sizeof(float);
}

void compiled_run(const Compiled *c, const float *in, float *out, int threads) {
    const Plan *p = c->plan;
    Guarded input = guarded_new(floats_of(p->input), 4),
            output = guarded_new(floats_of(p->output), 4);
    Guarded workspace = guarded_new((size_t)p->workspace_bytes, 64);
    Guarded scratch = guarded_new((size_t)p->scratch_bytes, 64);
    Guarded weights = guarded_new((size_t)p->weights_bytes, 64);
    memcpy(input.at, in, floats_of(p->input));
    memcpy(weights.at, c->weights, (size_t)p->weights_bytes);
    run_steps(c, (km_call){(const float *)(void *)input.at, (float *)(void *)output.at,
                           workspace.at, weights.at, scratch.at, 0, threads});
    memcpy(out, output.at, floats_of(p->output));
    guarded_free(&input);
    guarded_free(&output);
    guarded_free(&workspace);
    guarded_free(&scratch);
    guarded_free(&weights);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double compiled_time(const Compiled *c, int n) {
    const Plan *p = c->plan;
    Guarded input = guarded_new(floats_of(p->input), 64),
            output = guarded_new(floats_of(p->output), 64);
    Guarded workspace = guarded_new((size_t)p->workspace_bytes, 64);
    Guarded scratch = guarded_new((size_t)p->scratch_bytes, 64);
    km_call call = {(const float *)(void *)input.at,
                    (float *)(void *)output.at,
                    workspace.at,
                    c->weights,
                    scratch.at,
                    0,
                    1};
    double best = 1e30;
    memset(input.at, 0, input.size);
    for (int i = 0; i < n; i++) {
        double start = now();
        run_steps(c, call);
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    guarded_free(&input);
    guarded_free(&output);
    guarded_free(&workspace);
    guarded_free(&scratch);
    return best;
}
