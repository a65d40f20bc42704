/* Bilinear resampling. SPDX-License-Identifier: 0BSD */
#ifndef PICTURE_RESIZE_H
#define PICTURE_RESIZE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Picture {
    int height, width, channels;
    uint8_t *pixels; /* height x width x channels; malloc */
} Picture;

/* Replaces the pixels, as PIL's Image.resize(..., BILINEAR) does. False: out of memory. */
bool picture_resize(Picture *p, int height, int width);

#endif
