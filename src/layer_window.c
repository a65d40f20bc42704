/* What layers over (spatial..., channels) have in common: where the channels are, and how a window
 * moves over the spatial axes. */
#include "layer.h"

#include <string.h>

bool layer_channels_first(const Layer *l, int data_format) {
    const char *format = arg_str(&l->object, data_format);
    return format && strcmp(format, "channels_first") == 0;
}

int layer_channel_axis(const Layer *l, int data_format) {
    return layer_channels_first(l, data_format) ? 0 : l->def->min_rank - 1;
}

int layer_spatial_axis(const Layer *l, int data_format) {
    return layer_channels_first(l, data_format) ? 1 : 0;
}

bool layer_axis(const Layer *l, int arg, int64_t axis, Shape in, int *index, Diag *d) {
    Arena *a = arena_new();
    bool exists = shape_axis(in, axis, index), ok = exists && *index >= 0;
    if (!ok) {
        layer_arg_error(l, arg, DIAG_axis_range, d,
                        exists ? "axis %lld of input %s is the batch"
                               : "there is no axis %lld in input %s",
                        (long long)axis, shape_str(a, in));
        diag_help(d, "axes are counted from 1 to %d, or from the end, -1 to -%d", in.rank, in.rank);
    }
    arena_free(a);
    return ok;
}

bool layer_needs_axis(const Layer *l, Shape in, int index, const char *what, Diag *d) {
    if (in.dim[index] != DIM_NONE)
        return true;
    Arena *a = arena_new();
    layer_error(l, DIAG_axis_unknown, d, "%s needs to know its %s, but its input is %s",
                l->def->class.name, what, shape_str(a, in));
    if (in.rank == 1)
        diag_help(d, "images of any size: GlobalAveragePooling2D() in place of Flatten()");
    arena_free(a);
    return false;
}

static Padding padding_of(const Layer *l, int arg) {
    const char *padding = arg_str(&l->object, arg);
    return strcmp(padding, "same") == 0     ? PADDING_SAME
           : strcmp(padding, "causal") == 0 ? PADDING_CAUSAL
                                            : PADDING_VALID;
}

/* Pooling's strides=None means the window itself. */
static int64_t stride_of(const Layer *l, const WindowArgs *args, int i) {
    return arg_int_at(&l->object,
                      arg_is_none(&l->object, args->strides) ? args->kernel : args->strides, i);
}

static int64_t dilation_of(const Layer *l, const WindowArgs *args, int i) {
    return args->dilation < 0 ? 1 : arg_int_at(&l->object, args->dilation, i);
}

/* What the user may take for an image with the channels first: (1, 28, 28). */
static bool seems_channels_first(const Layer *l, const WindowArgs *args, Shape in) {
    return in.rank == 3 && !layer_channels_first(l, args->data_format) && in.dim[0] >= 1 &&
           in.dim[0] <= 4 && in.dim[1] == in.dim[2] && in.dim[1] > in.dim[0];
}

static void help_window(const Layer *l, const WindowArgs *args, Shape in, Arena *a, Diag *d) {
    const char *before = layer_downsampled_by(l);
    if (before) {
        diag_help(d, "use padding='same', or drop one %s", before);
    } else if (seems_channels_first(l, args, in)) {
        Shape turned = in;
        turned.dim[0] = in.dim[1];
        turned.dim[2] = in.dim[0];
        diag_help(d, "the channels come last: %s", shape_str(a, turned));
    } else {
        diag_help(d, "use padding='same', or a smaller window");
    }
}

static bool too_large(const Layer *l, const WindowArgs *args, Shape in, Shape out, Diag *d) {
    Arena *a = arena_new();
    int n = l->def->min_rank - 1;
    Shape window = {.rank = n};
    bool dilated = false;
    for (int i = 0; i < n; i++) {
        window.dim[i] = arg_int_at(&l->object, args->kernel, i);
        dilated |= dilation_of(l, args, i) > 1;
    }
    layer_arg_error(l, args->kernel, DIAG_window_too_large, d,
                    "window %s%s does not fit into input %s", shape_str_dims(a, window),
                    dilated ? ", dilated," : "", shape_str(a, in));
    diag_label(d, "output would be %s", shape_str(a, out));
    help_window(l, args, in, a, d);
    arena_free(a);
    return false;
}

bool window_shape(const Layer *l, const WindowArgs *args, Shape in, int64_t channels, Shape *out,
                  Diag *d) {
    int spatial = layer_spatial_axis(l, args->data_format);
    bool fits = true;
    *out = in;
    out->dim[layer_channel_axis(l, args->data_format)] = channels;
    for (int i = 0; i < in.rank - 1; i++) {
        Window w;
        fits &= window_place(in.dim[spatial + i], arg_int_at(&l->object, args->kernel, i),
                             stride_of(l, args, i), dilation_of(l, args, i),
                             padding_of(l, args->padding), &w);
        /* A negative length, of which -1 would be taken for None, is only shown in the error. */
        bool negative = in.dim[spatial + i] != DIM_NONE && w.out < 0;
        out->dim[spatial + i] = negative ? 0 : w.out;
    }
    return fits || too_large(l, args, in, *out, d);
}

bool window_channels(const Layer *l, const WindowArgs *args, Shape in, int64_t multiplier,
                     int64_t *channels, Diag *d) {
    int axis = layer_channel_axis(l, args->data_format);
    if (!layer_needs_axis(l, in, axis, "channels", d))
        return false;
    return !__builtin_mul_overflow(in.dim[axis], multiplier, channels) ||
           layer_error(l, DIAG_too_large, d, "its channels are too many to count");
}

Shape window_kernel(const Layer *l, const WindowArgs *args, int64_t in, int64_t out) {
    Shape kernel = {.batch = DIM_NONE, .rank = l->def->min_rank + 1};
    for (int i = 0; i < kernel.rank - 2; i++)
        kernel.dim[i] = arg_int_at(&l->object, args->kernel, i);
    kernel.dim[kernel.rank - 2] = in;
    kernel.dim[kernel.rank - 1] = out;
    return kernel;
}

bool window_strides_or_dilation(const Layer *l, const WindowArgs *args, Diag *d) {
    bool strided = false, dilated = false;
    for (int i = 0; i < l->def->min_rank - 1; i++) {
        strided |= stride_of(l, args, i) > 1;
        dilated |= dilation_of(l, args, i) > 1;
    }
    if (!strided || !dilated)
        return true;
    return layer_arg_error(l, args->dilation, DIAG_arguments_conflict, d,
                           "strides > 1 and dilation_rate > 1 exclude each other, as in Keras");
}

Spatial window_spatial(const Layer *l, const WindowArgs *args, Shape x) {
    Spatial s = {.n = x.rank - 1};
    for (int i = 0; i < s.n; i++) {
        Window w;
        s.kernel[i] = arg_int_at(&l->object, args->kernel, i);
        s.stride[i] = stride_of(l, args, i);
        s.dilation[i] = dilation_of(l, args, i);
        if (!window_place(x.dim[i], s.kernel[i], s.stride[i], s.dilation[i],
                          padding_of(l, args->padding), &w))
            BUG("a window that shape() accepted does not fit");
        s.before[i] = w.before;
        s.after[i] = w.after;
    }
    return s;
}
