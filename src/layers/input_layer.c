/* InputLayer, and the function Input: where a model begins. */
#include "../layer.h"

#include <string.h>

enum {
    SHAPE,
    BATCH_SIZE,
    DTYPE,
    SPARSE,
    RAGGED,
    BATCH_SHAPE,
    NAME,
    TENSOR,
    OPTIONAL,
    INPUT_TENSOR,
    INPUT_SHAPE,
    BATCH_INPUT_SHAPE,
    NARGS
};

#define DENSE_ONLY .only_default = "only dense tensors are supported"
#define NO_TENSOR  .only_default = "an input cannot wrap a tensor"

/* Input's order; its `tensor` is called input_tensor by InputLayer, whose older names for the shape
 * stand last. */
static const ArgDef args[NARGS] = {
    [SHAPE] = {"shape", ARG_SHAPE, AT_LEAST(0), DEFAULT_NONE,
               .doc = "of one sample: without the batch"},
    [BATCH_SIZE] = {"batch_size", ARG_INT, DEFAULT_NONE, AT_LEAST(0), .doc = "None: any"},
    [DTYPE] = {"dtype", ARG_DTYPE, DEFAULT_NONE, .doc = "of the values that come in"},
    [SPARSE] = {"sparse", ARG_BOOL, DEFAULT_NONE, DENSE_ONLY},
    [RAGGED] = {"ragged", ARG_BOOL, DEFAULT_NONE, DENSE_ONLY},
    [BATCH_SHAPE] = {"batch_shape", ARG_SHAPE, AT_LEAST(0), DEFAULT_NONE, .doc = "with the batch"},
    [NAME] = {"name", ARG_STR, DEFAULT_NONE, .doc = "unique in the model"},
    [TENSOR] = {"tensor", ARG_ANY, DEFAULT_NONE, NO_TENSOR},
    [OPTIONAL] = {"optional", ARG_BOOL, .fallback = VALUE_AS_BOOL(false),
                  .only_default = "an input that may be left out is not supported"},
    [INPUT_TENSOR] = {"input_tensor", ARG_ANY, DEFAULT_NONE, NO_TENSOR},
    [INPUT_SHAPE] = {"input_shape", ARG_SHAPE, AT_LEAST(0), DEFAULT_NONE,
                     .doc = "older name of shape"},
    [BATCH_INPUT_SHAPE] = {"batch_input_shape", ARG_SHAPE, AT_LEAST(0), DEFAULT_NONE,
                           .doc = "older name of batch_shape"},
};

static const struct {
    const char *name;
    DType dtype;
} dtypes[] = {
    {"float32", DTYPE_FLOAT32}, {"float64", DTYPE_FLOAT64},   {"float16", DTYPE_FLOAT16},
    {"int32", DTYPE_INT32},     {"bfloat16", DTYPE_BFLOAT16}, {"int64", DTYPE_INT64},
    {"uint8", DTYPE_UINT8},     {"bool", DTYPE_BOOL},
};

static bool find_dtype(const Layer *l, DType *dtype) {
    const char *name = arg_str(&l->object, DTYPE);
    *dtype = DTYPE_FLOAT32;
    for (size_t i = 0; i < COUNT_OF(dtypes); i++)
        if (!name || strcmp(name, dtypes[i].name) == 0) {
            *dtype = name ? dtypes[i].dtype : DTYPE_FLOAT32;
            return true;
        }
    return false;
}

static bool given(const Layer *l, int arg) {
    return !arg_is_none(&l->object, arg);
}

static int first_given(const Layer *l, int arg, int other) {
    return given(l, arg) ? arg : given(l, other) ? other : -1;
}

/* shape and batch_shape, by whatever name; -1 for one that was left out. */
static int shape_arg(const Layer *l) {
    return first_given(l, SHAPE, INPUT_SHAPE);
}

static int batch_shape_arg(const Layer *l) {
    return first_given(l, BATCH_SHAPE, BATCH_INPUT_SHAPE);
}

static bool check_dims(const Layer *l, int arg, bool with_batch, Diag *d) {
    const ValueList *dims = l->object.args[arg].u.list;
    if (with_batch && dims->items.count == 0)
        return layer_arg_error(l, arg, DIAG_input_shape, d, "batch_shape begins with the batch");
    if (dims->items.count > SHAPE_MAX + (with_batch ? 1 : 0))
        return layer_arg_error(l, arg, DIAG_too_many_axes, d, "an input has at most %d axes",
                               SHAPE_MAX);
    return true;
}

static bool check(const Layer *l, Diag *d) {
    int shape = shape_arg(l), batch_shape = batch_shape_arg(l);
    DType dtype;
    if (shape < 0 && batch_shape < 0)
        return layer_error(l, DIAG_input_shape, d, "an input needs a shape");
    if (shape >= 0 && batch_shape >= 0)
        return layer_arg_error(l, batch_shape, DIAG_arguments_conflict, d,
                               "shape and batch_shape exclude each other");
    if (given(l, BATCH_SIZE) && batch_shape >= 0)
        return layer_arg_error(l, BATCH_SIZE, DIAG_arguments_conflict, d,
                               "batch_size and batch_shape exclude each other");
    if (!find_dtype(l, &dtype))
        return layer_arg_error(l, DTYPE, DIAG_unsupported_argument, d,
                               "an input of %s is not supported", arg_str(&l->object, DTYPE));
    return shape >= 0 ? check_dims(l, shape, false, d) : check_dims(l, batch_shape, true, d);
}

/* The first of the axes is the batch. */
static Shape shape_from_batch(Value dims) {
    ValueList rest = *dims.u.list;
    Value batch = *rest.items.at++;
    rest.items.count--;
    Shape s = shape_from_value((Value){.kind = VALUE_TUPLE, .u.list = &rest});
    s.batch = batch.kind == VALUE_INT ? batch.u.integer : DIM_NONE;
    return s;
}

static void input(const Layer *l, Tensor *out) {
    const Object *o = &l->object;
    Value dims = o->args[shape_arg(l) >= 0 ? shape_arg(l) : batch_shape_arg(l)];
    out->shape = shape_arg(l) >= 0 ? shape_from_value(dims) : shape_from_batch(dims);
    if (given(l, BATCH_SIZE))
        out->shape.batch = arg_int(o, BATCH_SIZE);
    find_dtype(l, &out->dtype);
}

const LayerDef layer_input_layer = {
    .class = {"InputLayer", "keras.layers", ALIASES("Input"), .args = args, .nargs = NARGS},
    .closed = true,
    .integers = INTEGERS_KEPT,
    .check = check,
    .input = input,
};
