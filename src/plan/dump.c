/* --emit plan: what the binary will do, one kernel a line, and the bytes that it needs. */
#include "plan.h"

static const char *const kind_names[] = {
#define KERNEL(name, suffix) [KERNEL_##name] = #suffix,
    KERNEL_KINDS(KERNEL)
#undef KERNEL
};

const char *kernel_kind_name(KernelKind kind) {
    return kind_names[kind];
}

static char *ref_str(Arena *a, Ref r) {
    switch (r.place) {
    case PLACE_NONE:
        return arena_strdup(a, "-");
    case PLACE_INPUT:
        return arena_strdup(a, "input");
    case PLACE_OUTPUT:
        return arena_strdup(a, "output");
    case PLACE_WORKSPACE:
        return arena_printf(a, "@%lld", (long long)r.offset);
    case PLACE_WEIGHTS:
        return arena_printf(a, "w%lld", (long long)r.offset);
    }
    BUG("place %d", (int)r.place);
}

static bool is_convolution(const Kernel *k) {
    return k->kind == KERNEL_CONV || k->kind == KERNEL_WINOGRAD || k->kind == KERNEL_DEPTHWISE ||
           k->kind == KERNEL_MATVEC;
}

/* "F(4,3), " in front for Winograd; "6 x 64 in registers". */
static char *tiling_str(Arena *a, const Plan *p, const Kernel *k) {
    const ConvTiling *t = &k->tiling;
    int channels = t->vectors * p->target->vector;
    if (k->kind == KERNEL_MATVEC)
        return arena_printf(a, "panels of %d", channels);
    if (k->kind == KERNEL_WINOGRAD)
        return arena_printf(a, "F(%d,3), tile %dx%d, %lld tiles a block", t->winograd, t->columns,
                            channels, (long long)t->block);
    char *text = t->rows > 1 ? arena_printf(a, "tile %dx%dx%d", t->rows, t->columns, channels)
                             : arena_printf(a, "tile %dx%d", t->columns, channels);
    return arena_printf(a, "%s, %s", text, t->panels_outer ? "panels outside" : "rows outside");
}

static char *epilogue_str(Arena *a, const Epilogue *e) {
    char *text = arena_strdup(a, "");
    if (e->tree)
        text = arena_printf(a, "; y = %s", elt_str(a, e->tree));
    if (e->softmax)
        text = arena_printf(a, "%s; %ssoftmax", text, e->softmax->u.softmax.log ? "log " : "");
    if (e->pool)
        text = arena_printf(a, "%s; %s pool %s", text, pool_kind_name(e->pool_kind),
                            spatial_str(a, &e->pool_window));
    return text;
}

static void dump_kernel(Arena *a, const Plan *p, int i, FILE *out) {
    const Kernel *k = &p->kernels[i];
    char *inputs = arena_strdup(a, "");
    for (int n = 0; n < k->nin; n++) {
        if (k->in[n].place != PLACE_NONE)
            inputs = arena_printf(a, "%s%s ", inputs, ref_str(a, k->in[n]));
    }
    for (int n = 0; n < k->epilogue.noperands; n++)
        inputs = arena_printf(a, "%s%s ", inputs, ref_str(a, k->epilogue.operands[n].ref));
    fprintf(out, "%3d %-20s %-9s %-16s %s-> %s\n", i, k->name, kind_names[k->kind],
            shape_str_dims(a, k->result->shape), inputs, ref_str(a, k->out));
    const char *details = is_convolution(k) ? tiling_str(a, p, k) : op_details(a, k->op);
    fprintf(out, "    %s%s%s%s; %lld task%s", op_kind_name(k->op->kind), *details ? ": " : "",
            details, epilogue_str(a, &k->epilogue), (long long)k->tasks, k->tasks == 1 ? "" : "s");
    if (k->scratch_bytes)
        fprintf(out, "; scratch %lld", (long long)k->scratch_bytes);
    fputc('\n', out);
}

void plan_dump(const Plan *p, FILE *out) {
    Arena *a = arena_new();
    fprintf(out, "%s for %s: %s -> %s\n", p->model_name, p->target->name,
            shape_str_dims(a, p->input), shape_str_dims(a, p->output));
    for (int i = 0; i < p->nkernels; i++)
        dump_kernel(a, p, i, out);
    fprintf(out, "weights   %12lld bytes\n", (long long)p->weights_bytes);
    fprintf(out, "workspace %12lld bytes\n", (long long)p->workspace_bytes);
    fprintf(out, "scratch   %12lld bytes for each thread\n", (long long)p->scratch_bytes);
    arena_free(a);
}
