/* Constants: what is known while compiling is computed while compiling. */
#include "fold.h"

Op *fold_constant(Fold *f, Shape shape, const float *data, const Op *from) {
    Op *op = op_constant(f->to, shape, data);
    if (!data)
        op->u.constant.weight = from->u.constant.weight;
    return op;
}

static bool all_constant(const Op *op) {
    for (int i = 0; i < op->nin; i++) {
        if (op->in[i]->kind != OP_CONST)
            return false;
    }
    return op->nin > 0;
}

/* A constant operand without data; NULL if all have them. */
static const Op *without_data(const Op *op) {
    for (int i = 0; i < op->nin; i++) {
        if (!op_const_data(op->in[i]))
            return op->in[i];
    }
    return NULL;
}

/* Runs the one op through the interpreter, in a graph of its own. */
static const float *evaluate(Arena *a, const Op *op) {
    Ops *g = ops_new(a);
    Op **in = arena_array(a, (size_t)op->nin, sizeof *in);
    for (int i = 0; i < op->nin; i++)
        in[i] = op_constant(g, op->in[i]->shape, op_const_data(op->in[i]));
    g->output = op_rebuild(g, op, in);
    float *value = arena_array(a, (size_t)op_numel(op), sizeof *value);
    interp_run(g, NULL, value);
    return value;
}

Op *fold_constants(Fold *f, const Op *op) {
    if (!all_constant(op))
        return NULL;
    const Op *missing = without_data(op);
    if (op->kind == OP_RESHAPE) { /* the weight itself, so that its data need no copy */
        Op *same = fold_constant(f, op->shape, op->in[0]->u.constant.data, op->in[0]);
        same->u.constant.weight = op->in[0]->u.constant.weight;
        return same;
    }
    return fold_constant(f, op->shape, missing ? NULL : evaluate(f->arena, op), missing);
}
