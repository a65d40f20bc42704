/* RESIZE over all axes but the last: out[y][x][c] = sum over the taps of wy * wx * in[..][..][c],
 * with the cells and weights of resize_axis() as tables in the object. By nearest neighbour there
 * is one tap, and it is copied. */
#include "resize.h"

#include "run.h"

enum { VECTORS = 4, UNROLLED_TAPS = 4 };

typedef struct Resize {
    bool copy;
    int spatial;
    int64_t channels;
    int64_t out_stride[SHAPE_MAX];
    int taps[SHAPE_MAX];
    LLVMValueRef starts[SHAPE_MAX];  /* tables: offset of each output cell's first tap, in floats */
    LLVMValueRef weights[SHAPE_MAX]; /* and the weights of its taps */
    int64_t in_stride[SHAPE_MAX];
    /* While emitting, of the output cell at hand: */
    LLVMValueRef offset[SHAPE_MAX], weight[SHAPE_MAX];
    LLVMValueRef output;
} Resize;

static LLVMValueRef add_table(Emit *e, LLVMTypeRef type, LLVMValueRef *values, int64_t n) {
    LLVMTypeRef array = LLVMArrayType2(type, (uint64_t)n);
    LLVMValueRef table = LLVMAddGlobal(e->module, array, "table");
    LLVMSetInitializer(table, LLVMConstArray2(type, values, (uint64_t)n));
    LLVMSetGlobalConstant(table, true);
    LLVMSetLinkage(table, LLVMPrivateLinkage);
    return table;
}

static void add_axis(Emit *e, Resize *r, int axis, const ResizeAxis *a, int64_t cells) {
    int64_t n = cells * a->taps;
    LLVMValueRef *values = arena_array(e->arena, (size_t)n, sizeof *values);
    r->taps[axis] = a->taps;
    for (int64_t i = 0; i < cells; i++)
        values[i] = emit_int(e, a->start[i] * r->in_stride[axis]);
    r->starts[axis] = add_table(e, e->i64, values, cells);
    for (int64_t i = 0; i < n; i++)
        values[i] = emit_number(e, 1, a->weight[i]);
    if (!r->copy)
        r->weights[axis] = add_table(e, e->f32, values, n);
}

static Resize resize_of(Emit *e, const Op *op) {
    const Shape *in = &op->in[0]->shape, *out = &op->shape;
    Resize r = {.copy = op->u.resize == RESIZE_NEAREST, .spatial = out->rank - 1};
    r.channels = out->dim[r.spatial];
    int64_t in_stride = r.channels, out_stride = r.channels;
    for (int i = r.spatial - 1; i >= 0; i--) {
        r.in_stride[i] = in_stride;
        r.out_stride[i] = out_stride;
        in_stride *= in->dim[i];
        out_stride *= out->dim[i];
        ResizeAxis a = resize_axis(e->arena, op->u.resize, in->dim[i], out->dim[i]);
        add_axis(e, &r, i, &a, out->dim[i]);
    }
    return r;
}

static void add_taps(Emit *e, const Resize *r, int axis, const Piece *p, LLVMValueRef cell,
                     LLVMValueRef weight, LLVMValueRef *acc);

/* Tap number `tap` of this axis, with all taps of the axes after it. weight: product of the weights
 * of the axes before; NULL: 1. */
static void add_tap(Emit *e, const Resize *r, int axis, LLVMValueRef tap, const Piece *p,
                    LLVMValueRef cell, LLVMValueRef weight, LLVMValueRef *acc) {
    LLVMValueRef w = emit_load(e, emit_at(e, r->weight[axis], tap), 1);
    add_taps(e, r, axis + 1, p, emit_at(e, cell, emit_imul(e, tap, r->in_stride[axis])),
             weight ? emit_fmul(e, weight, w) : w, acc);
}

static void add_taps(Emit *e, const Resize *r, int axis, const Piece *p, LLVMValueRef cell,
                     LLVMValueRef weight, LLVMValueRef *acc) {
    if (axis == r->spatial) {
        LLVMValueRef w = emit_splat(e, weight, p->lanes);
        for (int v = 0; v < p->vectors; v++)
            acc[v] = emit_fma(e, emit_piece_load(e, p, v, cell), w, acc[v]);
        return;
    }
    if (r->taps[axis] <= UNROLLED_TAPS) {
        for (int i = 0; i < r->taps[axis]; i++)
            add_tap(e, r, axis, emit_int(e, i), p, cell, weight, acc);
        return;
    }
    Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, r->taps[axis]), 1, acc, p->vectors);
    add_tap(e, r, axis, l.index, p, cell, weight, acc);
    emit_loop_end(e, &l, acc);
}

static void resize_piece(Emit *e, const Piece *p, void *user) {
    const Resize *r = user;
    LLVMValueRef cell = e->in[0], acc[PIECE_VECTORS_MAX];
    for (int i = 0; i < r->spatial; i++)
        cell = emit_at(e, cell, r->offset[i]);
    for (int v = 0; v < p->vectors; v++)
        acc[v] = r->copy ? emit_piece_load(e, p, v, cell) : emit_number(e, p->lanes, 0);
    if (!r->copy)
        add_taps(e, r, 0, p, cell, NULL, acc);
    for (int v = 0; v < p->vectors; v++)
        emit_piece_store(e, p, v, acc[v], r->output);
}

/* The output cells [from, to) of an axis, and all of the axes after it. */
static void resize_cells(Emit *e, Resize *r, int axis, LLVMValueRef from, LLVMValueRef to,
                         const Shape *out) {
    LLVMValueRef output = r->output;
    Loop l = emit_loop_begin(e, from, to, 1, NULL, 0);
    LLVMValueRef start =
        LLVMBuildInBoundsGEP2(e->builder, e->i64, r->starts[axis], &l.index, 1, "");
    r->offset[axis] = LLVMBuildLoad2(e->builder, e->i64, start, "");
    if (!r->copy)
        r->weight[axis] = emit_at(e, r->weights[axis], emit_imul(e, l.index, r->taps[axis]));
    r->output = emit_at(e, output, emit_imul(e, l.index, r->out_stride[axis]));
    if (axis + 1 < r->spatial)
        resize_cells(e, r, axis + 1, emit_int(e, 0), emit_int(e, out->dim[axis + 1]), out);
    else
        emit_run(e, r->channels, VECTORS, resize_piece, r);
    emit_loop_end(e, &l, NULL);
    r->output = output;
}

void emit_kernel_resize(Emit *e, const Kernel *k) {
    Resize r = resize_of(e, k->op);
    r.output = e->out;
    resize_cells(e, &r, 0, e->begin, e->end, &k->op->shape);
}
