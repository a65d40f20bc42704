/* Folding: a smaller graph that computes the same. The rules are tables of functions by the kind of
 * op that they replace; the most specific come first. */
#include "fold.h"

enum { RULES_MAX = 8, ROUNDS_MAX = 1000 };

static FoldRule *const rules[][RULES_MAX] = {
    [OP_CONV] = {fold_constants, fold_pad_into_window, fold_affine_forward},
    [OP_MATMUL] = {fold_constants, fold_affine_forward},
    [OP_POOL] = {fold_constants, fold_trivial, fold_pad_into_window},
    [OP_MAP] = {fold_constants, fold_map_identity, fold_map_numbers, fold_affine_back,
                fold_affine_tidy, fold_map_early, fold_map_compose},
    [OP_REDUCE] = {fold_constants, fold_trivial},
    [OP_SOFTMAX] = {fold_constants},
    [OP_SPARSEMAX] = {fold_constants},
    [OP_PAD] = {fold_constants, fold_pad},
    [OP_RESHAPE] = {fold_constants, fold_reshape},
    [OP_TRANSPOSE] = {fold_constants, fold_transpose},
    [OP_CONCAT] = {fold_constants, fold_trivial},
    [OP_SLICE] = {fold_constants, fold_trivial},
    [OP_RESIZE] = {fold_constants, fold_trivial},
};

static const bool *needed_ops(Arena *a, const Ops *g) {
    bool *needed = arena_array(a, g->ops.count, sizeof *needed);
    needed[g->output->id] = needed[g->input->id] = true;
    for (size_t i = g->ops.count; i-- > 0;) {
        for (int k = 0; needed[i] && k < g->ops.at[i]->nin; k++)
            needed[g->ops.at[i]->in[k]->id] = true;
    }
    return needed;
}

static Op *copy(Fold *f, const Op *op) {
    Op **in = arena_array(f->arena, (size_t)op->nin, sizeof *in);
    for (int i = 0; i < op->nin; i++)
        in[i] = f->made[op->in[i]->id];
    return op_rebuild(f->to, op, in);
}

static Op *apply_rules(Fold *f, const Op *op) {
    if (op->kind >= COUNT_OF(rules))
        return NULL;
    for (int i = 0; i < RULES_MAX && rules[op->kind][i]; i++) {
        Op *better = rules[op->kind][i](f, op);
        if (better)
            return better;
    }
    return NULL;
}

/* One copy of g; *changed if it is not the same. */
static Ops *round_of(Arena *a, const Ops *g, bool compose, bool *changed) {
    Fold f = {.arena = a, .to = ops_new(a), .compose = compose};
    f.made = arena_array(a, g->ops.count, sizeof *f.made);
    f.uses = ops_count_uses(g, a);
    const bool *needed = needed_ops(a, g);
    *changed = false;
    for (size_t i = 0; i < g->ops.count; i++) {
        const Op *op = g->ops.at[i];
        if (!needed[i])
            continue;
        ops_set_layer(f.to, op->layer);
        Op *better = apply_rules(&f, op);
        *changed |= better != NULL;
        f.made[i] = better ? better : copy(&f, op);
    }
    f.to->output = f.made[g->output->id];
    return f.to;
}

static const Op *reshaped(const Op *op) {
    while (op->kind == OP_RESHAPE)
        op = op->in[0];
    return op;
}

/* Some op has to write the output. */
static void ensure_result(Ops *g) {
    OpKind kind = reshaped(g->output)->kind;
    if ((kind == OP_INPUT || kind == OP_CONST) && g->output->kind != OP_RESHAPE)
        g->output = op_reshape(g, g->output, g->output->shape);
}

Ops *fold(Arena *a, const Ops *g) {
    Ops *folded = NULL;
    bool changed = true, compose = false;
    for (int i = 0; i < ROUNDS_MAX; i++) {
        folded = round_of(a, folded ? folded : g, compose, &changed);
        if (!changed && compose)
            break;
        compose |= !changed; /* a last round also drops what the one before no longer needs */
    }
    ensure_result(folded);
    return folded;
}
