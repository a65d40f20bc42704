/* Two kernels are the same code if everything that emitters bake in is equal: shapes, parameters,
 * epilogue, tiling, and which buffers there are. To say "not the same" of equal ones costs only
 * bytes, so parts are compared as bytes where that is simple. */
#include "same.h"

#include <string.h>

static bool same_tree(const Elt *a, const Elt *b) {
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->input != b->input || a->number != b->number)
        return false;
    if (a->kind == ELT_INPUT || a->kind == ELT_NUMBER)
        return true;
    for (int i = 0; i < elt_arity(a->kind); i++)
        if (!same_tree(a->arg[i], b->arg[i]))
            return false;
    return true;
}

static bool same_shape(Shape a, Shape b) {
    return a.rank == b.rank && !memcmp(a.dim, b.dim, (size_t)a.rank * sizeof *a.dim);
}

static bool same_op(const Op *a, const Op *b) {
    if (a->kind != b->kind || a->nin != b->nin || !same_shape(a->shape, b->shape))
        return false;
    for (int i = 0; i < a->nin; i++)
        if (!same_shape(a->in[i]->shape, b->in[i]->shape))
            return false;
    return a->kind == OP_MAP ? same_tree(a->u.map, b->u.map) : !memcmp(&a->u, &b->u, sizeof a->u);
}

static bool same_softmax(const Op *a, const Op *b) {
    return a && b ? a->u.softmax.log == b->u.softmax.log : a == b;
}

static bool same_epilogue(const Epilogue *a, const Epilogue *b) {
    if (!same_tree(a->tree, b->tree) || a->noperands != b->noperands || a->pool != b->pool ||
        !same_softmax(a->softmax, b->softmax))
        return false;
    for (int i = 0; i < a->noperands; i++)
        if (a->operands[i].kind != b->operands[i].kind)
            return false;
    return !a->pool || (a->pool_kind == b->pool_kind &&
                        !memcmp(&a->pool_window, &b->pool_window, sizeof a->pool_window));
}

static bool both_or_none(Ref a, Ref b) {
    return (a.place == PLACE_NONE) == (b.place == PLACE_NONE);
}

bool kernel_same(const Kernel *a, const Kernel *b) {
    if (a->kind != b->kind || a->nin != b->nin || a->tasks != b->tasks || a->grain != b->grain ||
        a->scratch_bytes != b->scratch_bytes || !both_or_none(a->weights, b->weights) ||
        !both_or_none(a->bias, b->bias))
        return false;
    for (int i = 0; i < a->nin; i++)
        if (!both_or_none(a->in[i], b->in[i]))
            return false;
    return !memcmp(&a->conv, &b->conv, sizeof a->conv) &&
           !memcmp(&a->tiling, &b->tiling, sizeof a->tiling) && same_op(a->op, b->op) &&
           same_shape(a->result->shape, b->result->shape) &&
           same_epilogue(&a->epilogue, &b->epilogue);
}
