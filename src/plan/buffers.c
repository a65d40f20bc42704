/* Where every value lives. A value is alive from the kernel that writes it to the last one that
 * reads it; values whose lives do not touch may share bytes of the workspace. The input and the
 * output are the caller's own buffers. */
#include "planner.h"

#include <stdlib.h>

/* One buffer: a value, or several that a MAP computes in place one after the other. */
typedef struct Buffer {
    int64_t bytes, offset;
    int first, last; /* kernels that write it first and read it last */
} Buffer;

typedef struct Buffers {
    Planner *planner;
    int *last_read;  /* by op id of the storage: the last kernel that reads it; -1: none */
    Ref *place;      /* by op id of the storage */
    Buffer **buffer; /* by op id of the storage: for PLACE_WORKSPACE */
    Vec(Buffer *) all;
} Buffers;

static void note_reads(Buffers *b, const Fusions *fusions) {
    for (size_t i = 0; i < b->planner->ops->ops.count; i++)
        b->last_read[i] = -1;
    for (size_t i = 0; i < fusions->count; i++) {
        const Fusion *f = &fusions->at[i];
        for (int k = 0; k < f->op->nin; k++)
            b->last_read[op_storage(f->op->in[k])->id] = (int)i;
        for (int k = 0; k < f->noperands; k++)
            b->last_read[op_storage(f->operands[k])->id] = (int)i;
    }
}

/* The buffer of an operand that MAP kernel i may overwrite with its result: of the same size, read
 * element by element, and by nobody afterwards. */
static Buffer *in_place(const Buffers *b, int i, const Op *op) {
    if (op->kind != OP_MAP)
        return NULL;
    for (int k = 0; k < op->nin; k++) {
        const Op *storage = op_storage(op->in[k]);
        if (shape_equal(op->in[k]->shape, op->shape) && b->buffer[storage->id] &&
            b->last_read[storage->id] == i)
            return b->buffer[storage->id];
    }
    return NULL;
}

static void place_result(Buffers *b, int i, const Fusion *f) {
    Arena *a = b->planner->arena;
    const Op *result = op_storage(f->result);
    if (f->result == op_storage(b->planner->ops->output) || f->result == b->planner->ops->output) {
        b->place[f->result->id] = (Ref){PLACE_OUTPUT, 0};
        return;
    }
    Buffer *buffer = in_place(b, i, f->op);
    if (!buffer) {
        buffer = arena_alloc(a, sizeof *buffer);
        buffer->bytes = align_up(op_numel(result) * (int64_t)sizeof(float));
        buffer->first = i;
        vec_push(a, &b->all, buffer);
    }
    buffer->last = b->last_read[result->id] < i ? i : b->last_read[result->id];
    b->buffer[result->id] = buffer;
}

static bool alive_together(const Buffer *x, const Buffer *y) {
    return x->first <= y->last && y->first <= x->last;
}

static int larger_first(const void *x, const void *y) {
    const Buffer *a = *(Buffer *const *)x, *b = *(Buffer *const *)y;
    if (a->bytes != b->bytes)
        return a->bytes < b->bytes ? 1 : -1;
    return a->first - b->first;
}

static int lower_first(const void *x, const void *y) {
    const Buffer *a = *(Buffer *const *)x, *b = *(Buffer *const *)y;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* The smallest gap that takes b, between those of placed[0..n) that live at the same time; on top
 * of them if there is none. */
static int64_t best_gap(const Buffer *b, Buffer **placed, size_t n) {
    int64_t end = 0, best = -1, best_size = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        if (!alive_together(b, placed[i]))
            continue;
        int64_t gap = placed[i]->offset - end;
        if (gap >= b->bytes && gap < best_size) {
            best = end;
            best_size = gap;
        }
        int64_t top = placed[i]->offset + placed[i]->bytes;
        end = top > end ? top : end;
    }
    return best < 0 ? end : best;
}

/* The largest first, each into the tightest gap. */
static int64_t assign_offsets(Arena *a, Buffer **buffers, size_t n) {
    if (!n)
        return 0;
    Buffer **placed = arena_array(a, n, sizeof(Buffer *));
    int64_t total = 0;
    qsort(buffers, n, sizeof *buffers, larger_first);
    for (size_t i = 0; i < n; i++) {
        buffers[i]->offset = best_gap(buffers[i], placed, i);
        placed[i] = buffers[i];
        qsort(placed, i + 1, sizeof *placed, lower_first);
        int64_t top = buffers[i]->offset + buffers[i]->bytes;
        total = top > total ? top : total;
    }
    return total;
}

static Ref ref_of(Buffers *b, const Op *op) {
    const Op *storage = op_storage(op);
    if (storage->kind == OP_CONST)
        return plan_weight(b->planner,
                           (PackedWeight){.constant = storage, .packing = PACK_PLAIN, .groups = 1});
    if (b->buffer[storage->id])
        return (Ref){PLACE_WORKSPACE, b->buffer[storage->id]->offset};
    return b->place[storage->id];
}

static OperandKind operand_kind(const Op *operand, Shape shape) {
    return shape_equal(operand->shape, shape) ? OPERAND_FULL
           : op_is_scalar(operand)            ? OPERAND_SCALAR
                                              : OPERAND_CHANNEL;
}

static void connect(Buffers *b, Kernel *k, const Fusion *f) {
    for (int i = 0; i < k->nin; i++) {
        bool packed = i > 0 && k->weights.place != PLACE_NONE;
        k->in[i] = packed ? (Ref){PLACE_NONE, 0} : ref_of(b, f->op->in[i]);
    }
    k->epilogue.operands =
        arena_array(b->planner->arena, (size_t)f->noperands, sizeof *k->epilogue.operands);
    for (int i = 0; i < f->noperands; i++) {
        k->epilogue.operands[i].kind = operand_kind(f->operands[i], f->op->shape);
        k->epilogue.operands[i].ref = ref_of(b, f->operands[i]);
    }
    k->out = f->result->kind == OP_RESHAPE ? b->place[f->result->id] : ref_of(b, f->result);
}

void plan_buffers(Planner *p, const Fusions *fusions) {
    size_t n = p->ops->ops.count;
    Buffers b = {
        .planner = p,
        .last_read = arena_array(p->arena, n, sizeof *b.last_read),
        .place = arena_array(p->arena, n, sizeof *b.place),
        .buffer = arena_array(p->arena, n, sizeof *b.buffer),
    };
    note_reads(&b, fusions);
    b.place[p->ops->input->id] = (Ref){PLACE_INPUT, 0};
    for (size_t i = 0; i < fusions->count; i++)
        place_result(&b, (int)i, &fusions->at[i]);
    p->workspace_bytes = assign_offsets(p->arena, b.all.at, b.all.count);
    for (size_t i = 0; i < fusions->count; i++)
        connect(&b, &p->kernels.at[i], &fusions->at[i]);
}
