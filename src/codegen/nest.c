/* Loops over the axes of tensors, and which axes a reduction leaves. */
#include "nest.h"

static LLVMValueRef step(Emit *e, LLVMValueRef base, LLVMValueRef index, int64_t stride) {
    return base && stride ? emit_at(e, base, emit_imul(e, index, stride)) : base;
}

void emit_nest(Emit *e, const Axes *axes, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
               int ncarried, NestBody *body, void *user) {
    if (axes->n == 0) {
        body(e, in, out, carried, user);
        return;
    }
    Axes inner = {.n = axes->n - 1};
    for (int i = 0; i < inner.n; i++)
        inner.at[i] = axes->at[i + 1];
    const Axis *a = &axes->at[0];
    Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, a->n), 1, carried, ncarried);
    emit_nest(e, &inner, step(e, in, l.index, a->in), step(e, out, l.index, a->out), carried,
              ncarried, body, user);
    emit_loop_end(e, &l, carried);
}

static bool is_reduced(unsigned axes, int axis) {
    return axes >> axis & 1;
}

Partition partition_of(const Shape *s, unsigned reduced_axes) {
    Partition p = {.run = 1, .run_reduced = true};
    Axes *last = NULL; /* the list that the axis inside went to */
    int64_t in = 1, out = 1;
    bool tasks = s->rank > 0 && !is_reduced(reduced_axes, 0), started = false;
    Axes kept = {0}, reduced = {0}; /* innermost first */
    for (int i = s->rank - 1; i >= (tasks ? 1 : 0); i--) {
        bool reduce = is_reduced(reduced_axes, i);
        Axes *list = reduce ? &reduced : &kept;
        int64_t n = s->dim[i];
        if (n != 1) {
            if (!started || (!last && reduce == p.run_reduced)) {
                p.run *= n;
                p.run_reduced = reduce;
                started = true;
            } else if (list == last) {
                list->at[list->n - 1].n *= n;
            } else {
                list->at[list->n++] = (Axis){n, in, reduce ? 0 : out};
                last = list;
            }
        }
        in *= n;
        out *= reduce ? 1 : n;
    }
    p.task_in = tasks ? in : 0;
    p.task_out = tasks ? out : 0;
    for (int i = kept.n - 1; i >= 0; i--)
        p.kept.at[p.kept.n++] = kept.at[i];
    for (int i = reduced.n - 1; i >= 0; i--)
        p.reduced.at[p.reduced.n++] = reduced.at[i];
    return p;
}
