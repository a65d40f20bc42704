/* What the files of fold share; everybody else calls fold() (op.h).
 *
 * A round copies the graph op by op; before an op is copied, the rules for its kind are asked for
 * something better. A rule looks at the old graph, where uses are known, and builds in the new one
 * over f->made[]; it returns NULL if it does not apply. Rounds go on until no rule applies. */
#ifndef FOLD_H
#define FOLD_H

#include "op.h"

typedef struct Fold {
    Arena *arena;
    Ops *to;         /* the new graph */
    Op **made;       /* by old id: the new op that stands for it; NULL: nobody needs it */
    const int *uses; /* by old id */
    bool compose;    /* maps are composed once nothing else is left to do */
} Fold;

typedef Op *FoldRule(Fold *f, const Op *op);

/* constant.c: operands all known: the result is too. Without data yet, it stands for data of
 * that shape, so that a plan looks the same before and after weights are attached. */
FoldRule fold_constants;

/* affine.c: s * x + t goes into the weights before or after it. */
FoldRule fold_affine_back;    /* a map into the convolution or matrix product that it reads */
FoldRule fold_affine_forward; /* into the convolution or matrix product that reads it */
FoldRule fold_affine_tidy;    /* any other becomes one multiplication and one addition */

/* map.c */
FoldRule fold_map_identity; /* y = x */
FoldRule fold_map_numbers;  /* operands of one known element become numbers of the tree */
FoldRule fold_map_compose;  /* a map of a map */
FoldRule fold_map_early;    /* before a move, and before a maximum if it is monotone, so that it
                               meets the convolution */

/* move.c: ops that only move elements. */
FoldRule fold_reshape;
FoldRule fold_transpose;
FoldRule fold_pad;
FoldRule fold_pad_into_window; /* of the convolution or maximum that reads it */
FoldRule fold_trivial;         /* slices, concatenations, reductions, ... of everything */

/* elt.c: what a tree is as a function of its input `x`. */
typedef struct Affine {
    const Elt *scale, *shift; /* neither reads x */
} Affine;
bool elt_affine(Arena *a, const Elt *e, int x, Affine *affine); /* e = scale * x + shift */
bool elt_monotone(const Elt *e);                                /* of one input: never falls */
bool elt_nonnegative(const Elt *e);                             /* whatever its inputs */

/* A CONST of a shape whose data are computed, or will be (data NULL): then it names the weight
 * that `from`, some constant operand, stands for. */
Op *fold_constant(Fold *f, Shape shape, const float *data, const Op *from);

/* The only operand that is not a CONST; -1 if there are none or several. */
int fold_variable(const Op *map);

#endif
