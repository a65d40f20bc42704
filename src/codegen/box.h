/* Boxes: parts of tensors that are copied with one stride in the input and one in the output along
 * each axis. */
#ifndef BOX_H
#define BOX_H

#include "nest.h"

/* The axes are the output's, one at least; tasks go over axis 0, and the box has those of
 * [first, first + at[0].n). */
typedef struct Box {
    Axes axes;
    int64_t in, out; /* where its first element is, in floats */
    int64_t first;
} Box;

/* Copies this thread's part of the box. */
void emit_copy_box(Emit *e, const Box *b, LLVMValueRef input);

#endif
