/* Where resizing rounds, it rounds as TensorFlow: cells and weights from tf.image.resize (2.x), by
 * a ramp 0, 1, 2, ... as input. */
#include "resize.h"

#include <criterion/criterion.h>
#include <math.h>

/* The value that output cell i of the resized ramp has. */
static double ramp_at(ResizeKind kind, int64_t in, int64_t out, int64_t i) {
    Arena *a = arena_new();
    ResizeAxis r = resize_axis(a, kind, in, out);
    double y = 0;
    for (int k = 0; k < r.taps; k++)
        y += (double)r.weight[i * r.taps + k] * (double)(r.start[i] + k);
    arena_free(a);
    return y;
}

typedef struct Sample {
    ResizeKind kind;
    int64_t in, out, i;
    double value;
} Sample;

Test(resize, rounds_as_tensorflow) {
    static const Sample samples[] = {
        {RESIZE_NEAREST, 2, 55, 27, 0.0},
        {RESIZE_NEAREST, 6, 37, 18, 2.0},
        {RESIZE_NEAREST, 12, 79, 39, 5.0},
        {RESIZE_BILINEAR, 97, 211, 167, 76.50236511230469},
        {RESIZE_BILINEAR, 500, 777, 763, 490.8127136230469},
        {RESIZE_BICUBIC, 97, 211, 103, 47.080078125},
        {RESIZE_BICUBIC, 500, 777, 704, 452.8456726074219},
        {RESIZE_LANCZOS3, 224, 331, 100, 67.5134506225586},
        {RESIZE_LANCZOS5, 224, 331, 100, 67.51287078857422},
    };
    for (size_t n = 0; n < COUNT_OF(samples); n++) {
        const Sample *s = &samples[n];
        double y = ramp_at(s->kind, s->in, s->out, s->i);
        cr_assert(fabs(y - s->value) <= 3e-7 * fabs(s->value), "sample %d: %.9g, not %.9g", (int)n,
                  y, s->value);
    }
}
