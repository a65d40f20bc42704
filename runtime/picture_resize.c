/* Resampling with a triangle filter, which widens when a picture shrinks so that every pixel
 * counts. Horizontal pass, then vertical, rounded to 8 bits after each: the numbers are those of
 * PIL and so of keras.utils.load_img(interpolation='bilinear'). SPDX-License-Identifier: 0BSD */
#include "picture_resize.h"

#include <stdlib.h>
#include <string.h>

enum { PRECISION = 22 }; /* bits after the point of a weight, as in PIL */

/* What one output cell takes from an axis: `count` cells from `first`. */
typedef struct Taps {
    int first, count;
    int32_t *weights;
} Taps;

static void taps_fill(Taps *t, int cell, int in, int out, double *w) {
    double scale = (double)in / out, support = scale < 1 ? 1 : scale, sum = 0;
    double centre = (cell + 0.5) * scale;
    int first = (int)(centre - support + 0.5), end = (int)(centre + support + 0.5);
    first = first < 0 ? 0 : first;
    end = end > in ? in : end;
    for (int i = first; i < end; i++) {
        double distance = (i - centre + 0.5) / support;
        distance = distance < 0 ? -distance : distance;
        w[i - first] = distance < 1 ? 1 - distance : 0;
        sum += w[i - first];
    }
    t->first = first;
    t->count = end - first;
    for (int i = 0; i < t->count; i++)
        t->weights[i] = (int32_t)(0.5 + w[i] / sum * (1 << PRECISION));
}

/* The taps of all cells of an axis, in one allocation; NULL: out of memory. */
static Taps *taps_new(int in, int out) {
    double scale = (double)in / out;
    size_t most = (size_t)(scale < 1 ? 1 : scale) * 2 + 4;
    double *w = malloc(most * sizeof *w);
    Taps *taps = calloc((size_t)out, sizeof *taps + most * sizeof *taps->weights);
    if (taps && w) {
        for (int i = 0; i < out; i++) {
            taps[i].weights = (int32_t *)(taps + out) + (size_t)i * most;
            taps_fill(&taps[i], i, in, out, w);
        }
    } else {
        free(taps);
        taps = NULL;
    }
    free(w);
    return taps;
}

/* The weighted mean of cells that are `stride` bytes apart. */
static uint8_t weigh(const Taps *t, const uint8_t *cells, size_t stride) {
    int64_t sum = 1 << (PRECISION - 1);
    for (int i = 0; i < t->count; i++)
        sum += (int64_t)cells[(size_t)(t->first + i) * stride] * t->weights[i];
    sum >>= PRECISION;
    return sum > 255 ? 255 : (uint8_t)sum;
}

static bool resize_rows(Picture *p, int width) {
    size_t c = (size_t)p->channels;
    Taps *taps = taps_new(p->width, width);
    uint8_t *to = malloc((size_t)p->height * (size_t)width * c);
    for (int y = 0; taps && to && y < p->height; y++)
        for (int x = 0; x < width; x++)
            for (size_t k = 0; k < c; k++)
                to[((size_t)y * (size_t)width + (size_t)x) * c + k] =
                    weigh(&taps[x], p->pixels + (size_t)y * (size_t)p->width * c + k, c);
    bool ok = taps && to;
    free(taps);
    free(ok ? p->pixels : to);
    if (ok) {
        p->pixels = to;
        p->width = width;
    }
    return ok;
}

static bool resize_columns(Picture *p, int height) {
    size_t row = (size_t)p->width * (size_t)p->channels;
    Taps *taps = taps_new(p->height, height);
    uint8_t *to = malloc((size_t)height * row);
    for (int y = 0; taps && to && y < height; y++)
        for (size_t x = 0; x < row; x++)
            to[(size_t)y * row + x] = weigh(&taps[y], p->pixels + x, row);
    bool ok = taps && to;
    free(taps);
    free(ok ? p->pixels : to);
    if (ok) {
        p->pixels = to;
        p->height = height;
    }
    return ok;
}

/* x * alpha / 255, rounded. */
static uint8_t times_alpha(uint8_t x, uint8_t alpha) {
    unsigned product = (unsigned)x * alpha + 128;
    return (uint8_t)(((product >> 8) + product) >> 8);
}

/* And back, cut off as in PIL. */
static uint8_t by_alpha(uint8_t x, uint8_t alpha) {
    unsigned quotient = alpha ? 255u * x / alpha : x;
    return quotient > 255 ? 255 : (uint8_t)quotient;
}

/* Colours times their opacity, or back. PIL resizes them so, that what is transparent does not
 * shine through. */
static void weigh_colours(Picture *p, uint8_t (*change)(uint8_t x, uint8_t alpha)) {
    size_t n = (size_t)p->height * (size_t)p->width;
    for (uint8_t *pixel = p->pixels; p->channels == 4 && n > 0; n--, pixel += 4)
        for (int k = 0; k < 3; k++)
            pixel[k] = change(pixel[k], pixel[3]);
}

bool picture_resize(Picture *p, int height, int width) {
    if (p->width == width && p->height == height)
        return true;
    weigh_colours(p, times_alpha);
    bool ok = (p->width == width || resize_rows(p, width)) &&
              (p->height == height || resize_columns(p, height));
    if (ok)
        weigh_colours(p, by_alpha);
    return ok;
}
