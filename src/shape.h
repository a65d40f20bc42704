/* Tensor shapes. The batch axis stands apart, since no layer computes with it:
 * Keras's (None, 28, 28, 1) is batch DIM_NONE, rank 3, dim {28, 28, 1}. */
#ifndef SHAPE_H
#define SHAPE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHAPE_MAX = 7 }; /* axes beside the batch */

#define DIM_NONE INT64_C(-1) /* an axis whose length is known only at run time */

typedef struct Shape {
    int64_t batch;          /* DIM_NONE unless the model fixes it */
    int rank;               /* axes beside the batch; -1: unknown, after an error */
    int64_t dim[SHAPE_MAX]; /* DIM_NONE or >= 0 */
} Shape;

#define SHAPE_UNKNOWN ((Shape){.batch = DIM_NONE, .rank = -1})

/* shape_of(28, 28, 1): symbolic batch. */
#define shape_of(...)                                                                              \
    shape_from((const int64_t[]){__VA_ARGS__}, (int)COUNT_OF(((const int64_t[]){__VA_ARGS__})))
Shape shape_from(const int64_t *dims, int rank);

bool shape_is_known(Shape s);  /* not SHAPE_UNKNOWN */
bool shape_is_static(Shape s); /* no DIM_NONE beside the batch */
bool shape_equal(Shape a, Shape b);

/* Elements of one sample (batch left out). False if an axis is DIM_NONE or the product overflows.
 */
bool shape_numel(Shape s, int64_t *numel);

/* "(None, 28, 28, 1)", as Keras prints it. */
char *shape_str(Arena *a, Shape s);

/* Without the batch: "(28, 28, 1)", "(128,)". For weights and target_shape. */
char *shape_str_dims(Arena *a, Shape s);

/* Keras counts axes from the batch (0) or from the end (-1). Gives the index into dim[], -1 for the
 * batch axis itself; false if out of range. */
bool shape_axis(Shape s, int64_t keras_axis, int *index);

typedef enum Padding { PADDING_VALID, PADDING_SAME, PADDING_CAUSAL } Padding;

/* Where a window of `kernel` taps, `dilation` apart, stands along an axis of n cells every
 * `stride`; TensorFlow's rule: same: out = ceil(n / stride), the odd cell of padding goes after. n
 * may be DIM_NONE: then out is too, and before/after hold for stride 1 only.
 * False if no window fits: out is then below 1, as far as it can be counted. */
typedef struct Window {
    int64_t out, before, after;
} Window;
bool window_place(int64_t n, int64_t kernel, int64_t stride, int64_t dilation, Padding padding,
                  Window *w);

#endif
