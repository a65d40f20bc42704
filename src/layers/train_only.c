/* Layers that do something while training only: when predicting, each gives its input back. */
#include "../layer.h"

#define ROW_RATE                                                                                   \
    {"rate",           ARG_FLOAT,     ARG_TRAINING,                                                \
     .required = true, BETWEEN(0, 1), .doc = "part that is dropped"}
#define ROW_NAME  {"name", ARG_STR, DEFAULT_NONE, .doc = "unique in the model"}
#define ROW_DTYPE {"dtype", ARG_DTYPE, DEFAULT_NONE, .doc = "float32, which None is too"}

static const ArgDef dropout_args[] = {
    ROW_RATE,
    {"noise_shape", ARG_SHAPE, ARG_TRAINING, DEFAULT_NONE, AT_LEAST(1), .doc = "shape of the mask"},
    ROW_SEED,
};
static const ArgDef gaussian_dropout_args[] = {ROW_RATE, ROW_SEED};
static const ArgDef gaussian_noise_args[] = {
    {"stddev", ARG_FLOAT, ARG_TRAINING, .required = true, BETWEEN(0, 1), .doc = "of the noise"},
    ROW_SEED,
};
static const ArgDef spatial1d_args[] = {ROW_RATE, ROW_SEED, ROW_NAME, ROW_DTYPE};
static const ArgDef spatial_args[] = {ROW_RATE, ROW_DATA_FORMAT, ROW_SEED, ROW_NAME, ROW_DTYPE};
static const ArgDef regularization_args[] = {
    {"l1", ARG_FLOAT, ARG_TRAINING, .fallback = VALUE_AS_FLOAT(0), AT_LEAST(0),
     .doc = "factor of the sum of absolute values"},
    {"l2", ARG_FLOAT, ARG_TRAINING, .fallback = VALUE_AS_FLOAT(0), AT_LEAST(0),
     .doc = "factor of the sum of squares"},
};

#define CLASS(name, table)                                                                         \
    .class = {name, "keras.layers", .args = table, .nargs = COUNT_OF(table)}, .built_at_once = true
#define RANK(n, axes) .min_rank = (n), .max_rank = (n), .expects = (axes)

const LayerDef layer_dropout = {CLASS("Dropout", dropout_args), .integers = INTEGERS_KEPT};
const LayerDef layer_alpha_dropout = {CLASS("AlphaDropout", dropout_args),
                                      .integers = INTEGERS_KEPT};
const LayerDef layer_gaussian_dropout = {CLASS("GaussianDropout", gaussian_dropout_args),
                                         .integers = INTEGERS_KEPT};
const LayerDef layer_gaussian_noise = {CLASS("GaussianNoise", gaussian_noise_args),
                                       .integers = INTEGERS_KEPT};
const LayerDef layer_spatial_dropout1d = {CLASS("SpatialDropout1D", spatial1d_args),
                                          RANK(2, "(steps, channels)"), .closed = true,
                                          .integers = INTEGERS_KEPT};
const LayerDef layer_spatial_dropout2d = {CLASS("SpatialDropout2D", spatial_args),
                                          RANK(3, "(height, width, channels)"), .closed = true,
                                          .integers = INTEGERS_KEPT};
const LayerDef layer_spatial_dropout3d = {CLASS("SpatialDropout3D", spatial_args),
                                          RANK(4, "(depth, height, width, channels)"),
                                          .closed = true, .integers = INTEGERS_KEPT};
const LayerDef layer_activity_regularization = {
    CLASS("ActivityRegularization", regularization_args), .integers = INTEGERS_KEPT};
