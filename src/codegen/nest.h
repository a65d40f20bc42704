/* Loops over the axes of tensors. */
#ifndef NEST_H
#define NEST_H

#include "emit.h"

/* n steps, each `in` floats further in what is read and `out` floats in what is written. */
typedef struct Axis {
    int64_t n, in, out;
} Axis;

typedef struct Axes {
    int n;
    Axis at[2 * SHAPE_MAX]; /* outermost first */
} Axes;

typedef void NestBody(Emit *e, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
                      void *user);

/* One loop for each axis around body, which is told where it stands; carried as in
 * emit_loop_begin(). in and out may be NULL, and stay so. */
void emit_nest(Emit *e, const Axes *axes, LLVMValueRef in, LLVMValueRef out, LLVMValueRef *carried,
               int ncarried, NestBody *body, void *user);

/* The axes of a dense tensor that is reduced over some of them. Neighbours of one kind are one
 * axis, axes of one step are left out, and so is axis 0 if tasks go over it. The innermost axis is
 * the run: contiguous, and in neither list. */
typedef struct Partition {
    Axes kept, reduced; /* `in` is the step in the tensor; `out` that in the reduced one, 0 for
                           reduced axes */
    int64_t run;
    bool run_reduced;
    int64_t task_in, task_out; /* steps along axis 0; 0 if tasks do not go over it */
} Partition;

Partition partition_of(const Shape *s, unsigned reduced_axes);

#endif
