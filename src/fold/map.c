/* Elementwise maps: dropped, simplified, composed, and brought to where a convolution can take them
 * along. */
#include "fold.h"

enum { TREE_MAX = 256, OPERANDS_MAX = 8 };

Op *fold_map_identity(Fold *f, const Op *op) {
    const Elt *tree = op->u.map;
    if (tree->kind != ELT_INPUT || !shape_equal(op->in[tree->input]->shape, op->shape))
        return NULL;
    return f->made[op->in[tree->input]->id];
}

static bool is_known_number(const Op *op) {
    return op->kind == OP_CONST && op_is_scalar(op) && op_const_data(op);
}

/* The map again without the operands that no input of `tree` reads any more. */
static Op *map_of_used(Fold *f, const Elt *tree, Op *const *operands, int n) {
    const Elt **renumbered = arena_array(f->arena, (size_t)n, sizeof(const Elt *));
    Op **kept = arena_array(f->arena, (size_t)n, sizeof *kept);
    int nkept = 0;
    for (int i = 0; i < n; i++) {
        int k = 0;
        while (k < nkept && kept[k] != operands[i])
            k++;
        if (k == nkept)
            kept[nkept++] = operands[i];
        renumbered[i] = elt_input(f->arena, k);
    }
    return op_map(f->to, elt_substitute(f->arena, tree, renumbered), kept, nkept);
}

Op *fold_map_numbers(Fold *f, const Op *op) {
    const Elt **replacement = arena_array(f->arena, (size_t)op->nin, sizeof(const Elt *));
    Op **kept = arena_array(f->arena, (size_t)op->nin, sizeof *kept);
    bool keeps_shape = false;
    int n = 0;
    for (int i = 0; i < op->nin; i++) {
        if (is_known_number(op->in[i])) {
            replacement[i] = elt_number(f->arena, *op_const_data(op->in[i]));
        } else {
            keeps_shape |= shape_equal(op->in[i]->shape, op->shape);
            replacement[i] = elt_input(f->arena, n);
            kept[n++] = f->made[op->in[i]->id];
        }
    }
    if (n == op->nin || !keeps_shape)
        return NULL;
    return op_map(f->to, elt_substitute(f->arena, op->u.map, replacement), kept, n);
}

/* Whether the map `op` may swallow its operand number i. */
static bool can_compose(const Fold *f, const Op *op, int i) {
    const Op *inner = op->in[i];
    return inner->kind == OP_MAP && f->uses[inner->id] == 1 &&
           shape_equal(inner->shape, op->shape) && op->nin + inner->nin - 1 <= OPERANDS_MAX &&
           elt_size(op->u.map) * elt_size(inner->u.map) <= TREE_MAX;
}

/* The operand that op may swallow; -1 if there is none. */
static int composable(const Fold *f, const Op *op) {
    for (int i = 0; i < op->nin; i++) {
        if (can_compose(f, op, i))
            return i;
    }
    return -1;
}

static Op *compose(Fold *f, const Op *op, int which) {
    const Op *inner = op->in[which];
    Op *operands[OPERANDS_MAX];
    const Elt *inner_inputs[OPERANDS_MAX], *outer_inputs[OPERANDS_MAX];
    int n = 0;
    for (int k = 0; k < inner->nin; k++) {
        inner_inputs[k] = elt_input(f->arena, n);
        operands[n++] = f->made[inner->in[k]->id];
    }
    for (int k = 0; k < op->nin; k++) {
        outer_inputs[k] = k == which ? elt_substitute(f->arena, inner->u.map, inner_inputs)
                                     : elt_input(f->arena, n);
        if (k != which)
            operands[n++] = f->made[op->in[k]->id];
    }
    return map_of_used(f, elt_substitute(f->arena, op->u.map, outer_inputs), operands, n);
}

Op *fold_map_compose(Fold *f, const Op *op) {
    int which = f->compose ? composable(f, op) : -1;
    /* The innermost first: two affine maps become one before a third, or relu, comes on top. */
    if (which < 0 || composable(f, op->in[which]) >= 0)
        return NULL;
    return compose(f, op, which);
}

/* Something whose kernel can take a map along, or will once more maps have moved. */
static bool can_take(const Op *op) {
    return op->kind == OP_CONV || op->kind == OP_MATMUL || op->kind == OP_MAP ||
           op->kind == OP_RESHAPE || op->kind == OP_TRANSPOSE || op->kind == OP_POOL;
}

Op *fold_map_early(Fold *f, const Op *op) {
    const Op *before = op->in[0];
    if (op->nin != 1 || f->uses[before->id] != 1)
        return NULL;
    bool moves = before->kind == OP_RESHAPE || before->kind == OP_TRANSPOSE;
    bool pools =
        before->kind == OP_POOL && before->u.pool.kind == POOL_MAX && elt_monotone(op->u.map);
    if ((!moves && !pools) || !can_take(before->in[0]) || f->uses[before->in[0]->id] != 1)
        return NULL;
    Op *x = op_map1(f->to, op->u.map, f->made[before->in[0]->id]);
    ops_set_layer(f->to, before->layer);
    return op_rebuild(f->to, before, &x);
}
