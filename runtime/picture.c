/* .png and .jpg: decoded, brought to the model's channels (grey as PIL computes it) and size, and
 * stored as floats from 0 to 255, just as keras.utils.load_img and img_to_array give them.
 * SPDX-License-Identifier: 0BSD */
#include "picture_resize.h"
#include "samples.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include <stb/stb_image.h>

/* How the model's input shape is a picture's. */
typedef struct Layout {
    int height, width, channels;
    bool planes; /* channels first */
} Layout;

static bool is_channels(int64_t n) {
    return n == 1 || n == 3 || n == 4;
}

static bool layout_find(const km_shape *s, Layout *l) {
    const int64_t *d = s->dim;
    for (int i = 0; i < s->rank; i++)
        if (d[i] < 1 || d[i] > INT_MAX)
            return false;
    if (s->rank == 2)
        *l = (Layout){(int)d[0], (int)d[1], 1, false};
    else if (s->rank == 3 && is_channels(d[2]))
        *l = (Layout){(int)d[0], (int)d[1], (int)d[2], false};
    else if (s->rank == 3 && is_channels(d[0]))
        *l = (Layout){(int)d[1], (int)d[2], (int)d[0], true};
    else
        return false;
    return true;
}

static uint8_t grey(const uint8_t *rgb) {
    return (uint8_t)((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16);
}

/* One pixel from `have` channels (grey, grey+alpha, RGB, RGBA) to 1, 3 or 4. */
static void convert_pixel(const uint8_t *from, int have, uint8_t *to, int want) {
    bool coloured = have >= 3;
    if (want == 1) {
        to[0] = coloured ? grey(from) : from[0];
        return;
    }
    for (int k = 0; k < 3; k++)
        to[k] = coloured ? from[k] : from[0];
    if (want == 4)
        to[3] = have == 4 ? from[3] : have == 2 ? from[1] : 255;
}

static bool picture_convert(Picture *p, int channels) {
    size_t n = (size_t)p->height * (size_t)p->width;
    uint8_t *to = malloc(n * (size_t)channels);
    if (!to)
        return false;
    for (size_t i = 0; i < n; i++)
        convert_pixel(p->pixels + i * (size_t)p->channels, p->channels, to + i * (size_t)channels,
                      channels);
    free(p->pixels);
    p->pixels = to;
    p->channels = channels;
    return true;
}

static bool picture_decode(const Bytes *file, Picture *picture, Problem *p) {
    enum { MOST_PIXELS = 1 << 28 };
    const uint8_t *at = (const uint8_t *)file->at;
    int height, width, channels;
    if (file->size > INT_MAX ||
        !stbi_info_from_memory(at, (int)file->size, &width, &height, &channels))
        return problem(p, "%s: expected a PNG or JPEG picture, found something else", file->name);
    if ((int64_t)height * width > MOST_PIXELS)
        return problem(p, "%s: %d x %d pixels are too many", file->name, width, height);
    uint8_t *pixels = stbi_load_from_memory(at, (int)file->size, &width, &height, &channels, 0);
    if (!pixels)
        return problem(p, "%s: the picture is damaged: %s", file->name, stbi_failure_reason());
    *picture = (Picture){height, width, channels, pixels};
    return true;
}

static void store(const Picture *p, bool planes, float *values) {
    size_t pixels = (size_t)p->height * (size_t)p->width, c = (size_t)p->channels;
    for (size_t i = 0; i < pixels; i++)
        for (size_t k = 0; k < c; k++)
            values[planes ? k * pixels + i : i * c + k] = p->pixels[i * c + k];
}

bool picture_sample(const Bytes *file, const km_shape *shape, float *values, Problem *p) {
    Layout l;
    Picture picture;
    char text[SHAPE_TEXT];
    if (!layout_find(shape, &l))
        return problem(p, "%s: the model's input %s is not of a picture's shape", file->name,
                       shape_text(shape, text));
    if (!picture_decode(file, &picture, p))
        return false;
    bool ok = picture_convert(&picture, l.channels) && picture_resize(&picture, l.height, l.width);
    if (ok)
        store(&picture, l.planes, values);
    free(picture.pixels);
    return ok || problem(p, "%s: not enough memory for the picture", file->name);
}
