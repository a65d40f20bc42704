/* Single kernels on one core, against what the core can multiply:
 *
 *     kernels [CPU [NAME]]    times those whose line contains NAME
 *     kernels --asm CPU       their assembly: what tests/spills.sh looks at
 *
 * Operations are those of the layer's definition, so what leaves some out gets beyond 100 %:
 * Winograd, and taps in the padding.
 */
#include "harness/compiled.h"
#include "harness/native.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Case {
    const char *name;
    int64_t height, width, ic, oc, kernel, stride, groups, pool;
    bool same;
} Case;

static const Case cases[] = {
    {"conv 3x3", 112, 112, 64, 128, 3, 1, 1, 0, true},
    {"conv 3x3", 56, 56, 64, 64, 3, 1, 1, 0, true},
    {"conv 3x3", 28, 28, 128, 128, 3, 1, 1, 0, true},
    {"conv 3x3", 14, 14, 256, 256, 3, 1, 1, 0, true},
    {"conv 3x3", 7, 7, 512, 512, 3, 1, 1, 0, true},
    {"conv 3x3", 112, 112, 128, 128, 3, 1, 1, 0, true},
    {"conv 3x3", 56, 56, 256, 256, 3, 1, 1, 0, true},
    {"conv 3x3", 28, 28, 512, 512, 3, 1, 1, 0, true},
    {"conv 3x3", 14, 14, 512, 512, 3, 1, 1, 0, true},
    {"conv 3x3", 220, 220, 64, 128, 3, 1, 1, 0, false},
    {"conv 3x3, max 2x2", 56, 56, 64, 64, 3, 1, 1, 2, true},
    {"conv 3x3, max 2x2", 26, 26, 32, 64, 3, 1, 1, 2, false},
    {"conv 3x3 stride 2", 56, 56, 64, 128, 3, 2, 1, 0, true},
    {"conv 5x5", 28, 28, 32, 64, 5, 1, 1, 0, true},
    {"conv 1x1", 56, 56, 64, 256, 1, 1, 1, 0, false},
    {"conv 1x1", 14, 14, 256, 1024, 1, 1, 1, 0, false},
    {"conv 1x1, few out", 218, 218, 128, 10, 1, 1, 1, 0, false},
    {"first layer", 224, 224, 3, 32, 3, 1, 1, 0, false},
    {"first layer", 224, 224, 3, 64, 3, 1, 1, 0, true},
    {"first layer 7x7", 224, 224, 3, 64, 7, 2, 1, 0, true},
    {"first layer, max", 28, 28, 1, 32, 3, 1, 1, 2, false},
    {"depthwise 3x3", 112, 112, 32, 32, 3, 1, 32, 0, true},
    {"depthwise 3x3", 56, 56, 144, 144, 3, 1, 144, 0, true},
    {"depthwise 3x3", 14, 14, 384, 384, 3, 1, 384, 0, true},
    {"depthwise 3x3", 7, 7, 960, 960, 3, 1, 960, 0, true},
    {"depthwise stride 2", 112, 112, 96, 96, 3, 2, 96, 0, true},
    {"dense", 1, 1, 784, 512, 1, 1, 1, 0, false},
    {"dense", 1, 1, 4096, 4096, 1, 1, 1, 0, false},
    {"dense, few out", 1, 1, 1600, 10, 1, 1, 1, 0, false},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* peak(in, out, n): n times CHAINS independent multiply-adds. */
enum { CHAINS = 12 };

static void emit_peak(Emit *e) {
    const int lanes = e->target->vector;
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->i64};
    Function f;
    emit_function_begin(e, &f, "peak", params, 3);
    LLVMSetLinkage(f.value, LLVMExternalLinkage);
    LLVMValueRef x = emit_load(e, emit_param(e, 0), lanes), acc[CHAINS];
    for (int i = 0; i < CHAINS; i++)
        acc[i] = emit_fmul(e, x, emit_number(e, lanes, i));
    Loop l = emit_loop_begin(e, emit_int(e, 0), emit_param(e, 2), 1, acc, CHAINS);
    for (int i = 0; i < CHAINS; i++)
        acc[i] = emit_fma(e, acc[i], x, x);
    emit_loop_end(e, &l, acc);
    for (int i = 1; i < CHAINS; i++)
        acc[0] = emit_fadd(e, acc[0], acc[i]);
    emit_store(e, acc[0], emit_param(e, 1));
    emit_function_end(e, &f);
}

/* GFLOP/s of one core with the target's vectors. */
static double measure_peak(Arena *a, const Target *t) {
    enum { STEPS = 20000, RUNS = 100, FLOATS = 16 };
    Emit e;
    emit_init(&e, a, t, "peak");
    emit_peak(&e);
    Native *native = native_compile(&e, (const char *[]){"peak"}, 1, 2);
    NativeMap *peak = (NativeMap *)native_function(native, 0);
    float in[FLOATS], out[FLOATS];
    for (int i = 0; i < FLOATS; i++)
        in[i] = 0.5f;
    double best = 0;
    for (int run = 0; run < RUNS; run++) {
        double start = now();
        peak(in, out, STEPS);
        double gflops = 2.0 * t->vector * CHAINS * STEPS / (now() - start) * 1e-9;
        best = gflops > best ? gflops : best;
    }
    native_free(native);
    emit_release(&e);
    return best;
}

static Op *random_constant(Ops *g, Shape shape) {
    Op *op = op_constant(g, shape, NULL);
    float *data = arena_array(g->arena, (size_t)op_numel(op), sizeof *data);
    uint32_t state = 1;
    for (int64_t i = 0; i < op_numel(op); i++) {
        state = state * 1664525u + 1013904223u;
        data[i] = (float)(int32_t)state * 0x1p-35f;
    }
    op->u.constant.data = data;
    return op;
}

/* The layer with bias and ReLU. */
static Ops *make_ops(Arena *a, const Case *c) {
    Ops *g = ops_new(a);
    Op *bias = random_constant(g, shape_of(c->oc)), *y;
    if (c->height == 1) {
        g->input = op_input(g, shape_of(c->ic));
        y = op_matmul(g, g->input, random_constant(g, shape_of(c->ic, c->oc)), bias);
    } else {
        Padding padding = c->same ? PADDING_SAME : PADDING_VALID;
        Window rows, columns;
        window_place(c->height, c->kernel, c->stride, 1, padding, &rows);
        window_place(c->width, c->kernel, c->stride, 1, padding, &columns);
        Spatial window = {.n = 2,
                          .kernel = {c->kernel, c->kernel},
                          .stride = {c->stride, c->stride},
                          .dilation = {1, 1},
                          .before = {rows.before, columns.before},
                          .after = {rows.after, columns.after}};
        Shape kernel = shape_of(c->kernel, c->kernel, c->ic / c->groups, c->oc);
        g->input = op_input(g, shape_of(c->height, c->width, c->ic));
        y = op_conv(g, g->input, random_constant(g, kernel), bias, window, c->groups);
    }
    y = op_map1(g, elt_2(a, ELT_MAX, elt_input(a, 0), elt_number(a, 0)), y);
    if (c->pool) {
        Spatial window = {.n = 2, .kernel = {c->pool, c->pool}, .dilation = {1, 1}};
        memcpy(window.stride, window.kernel, sizeof window.stride);
        y = op_pool(g, y, POOL_MAX, window);
    }
    g->output = y;
    return g;
}

static const char *case_text(Arena *a, const Case *c) {
    return arena_printf(a, "%-20s %3lldx%-3lld %4lld -> %-4lld", c->name, (long long)c->height,
                        (long long)c->width, (long long)c->ic, (long long)c->oc);
}

static double bytes_moved(const Plan *p) {
    int64_t in, out;
    shape_numel(p->input, &in);
    shape_numel(p->output, &out);
    return 4.0 * (double)(in + out) + (double)p->weights_bytes;
}

static void print_result(const Case *c, const Plan *p, double seconds, double compile, double peak,
                         Arena *a) {
    const Kernel *k = &p->kernels[0];
    double gflops = 0;
    for (int i = 0; i < p->nkernels; i++)
        gflops += p->kernels[i].flops / seconds * 1e-9;
    printf("%s  %-9s %2dx%2dx%d  %9.1f us  %6.1f GFLOP/s  %4.0f %% of peak  %5.1f GB/s  "
           "compiled in %.0f ms\n",
           case_text(a, c), kernel_kind_name(k->kind), k->tiling.rows, k->tiling.columns,
           k->tiling.vectors, seconds * 1e6, gflops, gflops / peak * 100,
           bytes_moved(p) / seconds * 1e-9, compile * 1e3);
    fflush(stdout);
}

static void run_case(const Case *c, const Target *t, MathMode math, double peak, Diag *d) {
    enum { WARM = 3 };
    Arena *a = arena_new();
    Ops *g = make_ops(a, c);
    const Plan *p = plan(a, g, &(Model){.name = "kernel"}, &(PlanOptions){t, math}, d);
    double start = now();
    Compiled *compiled = compiled_new(g, t, math, 2);
    double compile = now() - start, once = compiled_time(compiled, WARM);
    int runs = (int)(0.3 / once) + 5;
    print_result(c, p, compiled_time(compiled, runs), compile, peak, a);
    compiled_free(compiled);
    arena_free(a);
}

static void print_assembly(const Case *c, const Target *t, MathMode math, Diag *d) {
    Arena *a = arena_new();
    const Plan *p = plan(a, make_ops(a, c), &(Model){.name = "kernel"}, &(PlanOptions){t, math}, d);
    CodegenOptions options = {.output = CODEGEN_ASSEMBLY, .opt_level = 2, .symbol = "kernel"};
    CodegenResult text;
    if (codegen(a, p, &options, &text, d))
        printf("# %s, %s\n%s", case_text(a, c), math == MATH_FAST ? "fast" : "precise", text.bytes);
    arena_free(a);
}

/* Winograd and direct where they differ. */
static void for_both(const Case *c, const Target *t, double peak, bool assembly, Diag *d) {
    for (MathMode math = MATH_FAST; math <= MATH_PRECISE; math++) {
        if (math == MATH_PRECISE && c->kernel != 3)
            continue;
        if (assembly)
            print_assembly(c, t, math, d);
        else
            run_case(c, t, math, peak, d);
    }
}

int main(int argc, char **argv) {
    bool assembly = argc > 1 && !strcmp(argv[1], "--asm");
    const char *cpu = argc > 1 + assembly ? argv[1 + assembly] : "native";
    const char *part = argc > 2 + assembly ? argv[2 + assembly] : "";
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    const Target *t = target_find(a, cpu, d);
    double peak = t && !assembly ? measure_peak(a, t) : 0;
    if (t && !assembly)
        printf("peak of one core: %.1f GFLOP/s\n", peak);
    for (size_t i = 0; t && i < COUNT_OF(cases); i++)
        if (strstr(case_text(a, &cases[i]), part))
            for_both(&cases[i], t, peak, assembly, d);
    diag_flush(d, stderr);
    int code = diag_errors(d) > 0;
    arena_free(a);
    return code;
}
