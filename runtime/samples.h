/* Input as the model takes it, from every kind of file. SPDX-License-Identifier: 0BSD */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "bytes.h"
#include "km.h"

typedef struct Samples {
    const float *values; /* count samples, one after another; inside the file or owned */
    int64_t count;
    float *owned; /* NULL, or values */
} Samples;

void samples_release(Samples *s);

int64_t shape_count(const km_shape *s); /* numbers of one sample */

/* "(None, 28, 28, 1)"; returns buffer. */
enum { SHAPE_TEXT = 200 };
const char *shape_text(const km_shape *s, char buffer[SHAPE_TEXT]);

/* Readers: the file must be what they read, and of the model's shape. values may point into it. */
bool npy_samples(const Bytes *file, const km_shape *shape, Samples *s, Problem *p);
bool csv_samples(const Bytes *file, const km_shape *shape, Samples *s, Problem *p);
bool raw_samples(const Bytes *file, const km_shape *shape, Samples *s, Problem *p);

/* One sample into values: 0..255 as keras.utils.img_to_array gives them. */
bool picture_sample(const Bytes *file, const km_shape *shape, float *values, Problem *p);

#endif
