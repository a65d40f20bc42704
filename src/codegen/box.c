/* A box is copied by the best of four ways: memcpy where it is contiguous across tasks, vectors
 * along a run, square blocks where input and output run along different axes, else one by one. */
#include "box.h"

#include "run.h"
#include "transpose.h"

enum { VECTORS = 8 };

static bool follows(const Axis *outer, const Axis *inner) {
    return outer->in == inner->n * inner->in && outer->out == inner->n * inner->out;
}

/* Neighbours that can be one axis become one; axes of one step vanish. */
static Axes merged(const Axes *axes) {
    Axes m = {0};
    for (int i = 0; i < axes->n; i++) {
        Axis a = axes->at[i];
        if (a.n == 1)
            continue;
        if (m.n > 0 && follows(&m.at[m.n - 1], &a))
            m.at[m.n - 1] = (Axis){m.at[m.n - 1].n * a.n, a.in, a.out};
        else
            m.at[m.n++] = a;
    }
    return m;
}

/* The axis along which neighbours in the input (or output) lie; -1 if none. */
static int unit_axis(const Axes *axes, bool input) {
    for (int i = 0; i < axes->n; i++)
        if ((input ? axes->at[i].in : axes->at[i].out) == 1)
            return i;
    return -1;
}

static Axis take_axis(Axes *axes, int i) {
    Axis a = axes->at[i];
    for (axes->n--; i < axes->n; i++)
        axes->at[i] = axes->at[i + 1];
    return a;
}

/* What the loops around it do at each place. */
typedef struct Innermost {
    Axis axis;   /* a line with these strides; n = 1: one element */
    Axis column; /* of a transposition, whose rows are `axis` */
    bool transpose;
    LLVMValueRef from, to; /* columns */
} Innermost;

typedef struct Line {
    LLVMValueRef in, out;
} Line;

static void copy_piece(Emit *e, const Piece *p, void *user) {
    const Line *l = user;
    LLVMValueRef value[VECTORS];
    for (int v = 0; v < p->vectors; v++)
        value[v] = emit_piece_load(e, p, v, l->in);
    for (int v = 0; v < p->vectors; v++)
        emit_piece_store(e, p, v, value[v], l->out);
}

static void copy_strided(Emit *e, const Axis *a, const Line *line) {
    Loop l = emit_count_begin(e, a->n);
    LLVMValueRef x = emit_load(e, emit_at(e, line->in, emit_imul(e, l.index, a->in)), 1);
    emit_store(e, x, emit_at(e, line->out, emit_imul(e, l.index, a->out)));
    emit_count_end(e, &l);
}

static void copy_innermost(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
                           void *user) {
    const Innermost *i = user;
    Line line = {in, out};
    (void)carried;
    if (i->transpose)
        emit_transpose(e,
                       &(Transpose){in, out, i->axis.n, i->axis.in, i->column.out, i->from, i->to});
    else if (i->axis.in == 1 && i->axis.out == 1)
        emit_run(e, i->axis.n, VECTORS, copy_piece, &line);
    else
        copy_strided(e, &i->axis, &line);
}

/* Copies the axes, all of whose steps are constants. */
static void copy_axes(Emit *e, Axes axes, LLVMValueRef in, LLVMValueRef out) {
    Innermost inner = {.axis = {1, 1, 1}};
    int near_out = unit_axis(&axes, false), near_in = unit_axis(&axes, true);
    if (near_out >= 0 && near_in >= 0 && near_out != near_in) {
        inner.transpose = true;
        inner.column = axes.at[near_in];
        inner.from = emit_int(e, 0);
        inner.to = emit_int(e, inner.column.n);
        inner.axis = axes.at[near_out];
        take_axis(&axes, near_in > near_out ? near_in : near_out);
        take_axis(&axes, near_in > near_out ? near_out : near_in);
    } else if (axes.n > 0) {
        inner.axis = take_axis(&axes, axes.n - 1);
    }
    emit_nest(e, &axes, in, out, NULL, 0, copy_innermost, &inner);
}

/* memcpy of [from, to) steps of a contiguous axis. */
static void copy_contiguous(Emit *e, const Axis *a, LLVMValueRef from, LLVMValueRef to,
                            LLVMValueRef in, LLVMValueRef out) {
    If some = emit_if_begin(e, LLVMBuildICmp(e->builder, LLVMIntSLT, from, to, ""));
    LLVMValueRef offset = emit_imul(e, from, a->in);
    LLVMValueRef bytes = emit_imul(e, emit_isub(e, to, from), a->in * (int64_t)sizeof(float));
    LLVMBuildMemCpy(e->builder, emit_at(e, out, offset), sizeof(float), emit_at(e, in, offset),
                    sizeof(float), bytes);
    emit_if_end(e, &some);
}

/* Rows by the innermost axis, columns by axis 0, which is the tasks' and contiguous in the input.
 */
static void copy_task_columns(Emit *e, Axes rest, const Axis *tasks, LLVMValueRef from,
                              LLVMValueRef to, LLVMValueRef in, LLVMValueRef out) {
    Innermost inner = {.transpose = true, .column = *tasks, .from = from, .to = to};
    inner.axis = take_axis(&rest, rest.n - 1);
    emit_nest(e, &rest, in, out, NULL, 0, copy_innermost, &inner);
}

/* This thread's part of the box. */
void emit_copy_box(Emit *e, const Box *b, LLVMValueRef input) {
    Axis tasks = b->axes.at[0];
    Axes rest = {.n = b->axes.n - 1};
    for (int i = 0; i < rest.n; i++)
        rest.at[i] = b->axes.at[i + 1];
    rest = merged(&rest);
    LLVMValueRef first = emit_int(e, b->first);
    LLVMValueRef from = emit_isub(e, emit_imax(e, e->begin, first), first);
    LLVMValueRef to = emit_isub(e, emit_imin(e, e->end, emit_int(e, b->first + tasks.n)), first);
    LLVMValueRef in = emit_at_const(e, input, b->in), out = emit_at_const(e, e->out, b->out);
    bool line = rest.n == 0 || (rest.n == 1 && rest.at[0].in == 1 && rest.at[0].out == 1);
    int64_t length = rest.n == 0 ? 1 : rest.at[0].n;
    if (line && tasks.in == length && tasks.out == length) {
        copy_contiguous(e, &tasks, from, to, in, out);
    } else if (rest.n > 0 && tasks.n > 1 && tasks.in == 1 && rest.at[rest.n - 1].out == 1) {
        copy_task_columns(e, rest, &tasks, from, to, in, out);
    } else {
        Loop l = emit_loop_begin(e, from, to, 1, NULL, 0);
        copy_axes(e, rest, emit_at(e, in, emit_imul(e, l.index, tasks.in)),
                  emit_at(e, out, emit_imul(e, l.index, tasks.out)));
        emit_loop_end(e, &l, NULL);
    }
}
