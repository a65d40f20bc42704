/* Random pictures for training: when predicting, each of these layers gives its input back. */
#include "../layer.h"

/* Tuples as defaults; nobody writes to them. */
static const Value zero_to_255_items[] = {VALUE_AS_INT(0), VALUE_AS_INT(255)};
static const Value erased_items[] = {VALUE_AS_FLOAT(0.02), VALUE_AS_FLOAT(0.33)};
static const ValueList zero_to_255 = {{(Value *)zero_to_255_items, 2, 2}};
static const ValueList erased = {{(Value *)erased_items, 2, 2}};
#define VALUE_AS_TUPLE(list_) {.kind = VALUE_TUPLE, .u.list = (ValueList *)&(list_)}

/* Rows of several layers. What is random does not matter here, so it is kept as written. */
#define ROW_OPTIONAL(name_)                                                                        \
    {name_, ARG_ANY, ARG_TRAINING, DEFAULT_NONE, .doc = "how much at most; None: not at all"}
#define ROW_REQUIRED(name_)                                                                        \
    {name_, ARG_ANY, ARG_TRAINING, .required = true, .doc = "how much at most"}
#define ROW_NUMBER(name_, value)                                                                   \
    {name_, ARG_ANY, ARG_TRAINING, .fallback = VALUE_AS_FLOAT(value), .doc = "how much at most"}
#define ROW_COUNT(name_, value)                                                                    \
    {name_, ARG_INT, ARG_TRAINING, .fallback = VALUE_AS_INT(value), .doc = "how many"}
#define ROW_VALUE_RANGE                                                                            \
    {"value_range", ARG_ANY, ARG_TRAINING, .fallback = VALUE_AS_TUPLE(zero_to_255),                \
     .doc = "smallest and largest value of a pixel"}
#define ROW_INTERPOLATION                                                                          \
    {"interpolation",                                                                              \
     ARG_CHOICE,                                                                                   \
     ARG_TRAINING,                                                                                 \
     .fallback = VALUE_AS_STR("bilinear"),                                                         \
     CHOICES("nearest", "bilinear"),                                                               \
     .doc = "what stands between pixels"}
#define ROW_FILL_MODE                                                                              \
    {"fill_mode",                                                                                  \
     ARG_CHOICE,                                                                                   \
     ARG_TRAINING,                                                                                 \
     .fallback = VALUE_AS_STR("reflect"),                                                          \
     CHOICES("constant", "nearest", "reflect", "wrap"),                                            \
     .doc = "what stands outside"}
#define ROW_FILL_VALUE                                                                             \
    {"fill_value", ARG_FLOAT, ARG_TRAINING, .fallback = VALUE_AS_FLOAT(0), .doc = "with 'constant'"}

static const ArgDef aug_mix_args[] = {
    ROW_VALUE_RANGE,
    ROW_COUNT("num_chains", 3),
    ROW_COUNT("chain_depth", 3),
    ROW_NUMBER("factor", 0.3),
    ROW_NUMBER("alpha", 1),
    {"all_ops", ARG_BOOL, ARG_TRAINING, .fallback = VALUE_AS_BOOL(true), .doc = "or geometry only"},
    ROW_INTERPOLATION,
    ROW_SEED,
    ROW_DATA_FORMAT};
static const ArgDef cut_mix_args[] = {ROW_NUMBER("factor", 1), ROW_SEED, ROW_DATA_FORMAT};
static const ArgDef mix_up_args[] = {ROW_NUMBER("alpha", 0.2), ROW_DATA_FORMAT, ROW_SEED};
static const ArgDef rand_augment_args[] = {
    ROW_VALUE_RANGE, ROW_COUNT("num_ops", 2), ROW_NUMBER("factor", 0.5), ROW_INTERPOLATION,
    ROW_SEED,        ROW_DATA_FORMAT};
static const ArgDef random_brightness_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE, ROW_SEED,
                                                ROW_DATA_FORMAT};
static const ArgDef random_color_degeneration_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE,
                                                        ROW_DATA_FORMAT, ROW_SEED};
static const ArgDef random_color_jitter_args[] = {ROW_VALUE_RANGE,
                                                  ROW_OPTIONAL("brightness_factor"),
                                                  ROW_OPTIONAL("contrast_factor"),
                                                  ROW_OPTIONAL("saturation_factor"),
                                                  ROW_OPTIONAL("hue_factor"),
                                                  ROW_SEED,
                                                  ROW_DATA_FORMAT};
static const ArgDef random_contrast_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE, ROW_SEED,
                                              ROW_DATA_FORMAT};
static const ArgDef random_elastic_transform_args[] = {
    ROW_NUMBER("factor", 1), ROW_NUMBER("scale", 1), ROW_INTERPOLATION, ROW_FILL_MODE,
    ROW_FILL_VALUE,          ROW_VALUE_RANGE,        ROW_SEED,          ROW_DATA_FORMAT};
static const ArgDef random_erasing_args[] = {ROW_NUMBER("factor", 1),
                                             {"scale", ARG_ANY, ARG_TRAINING,
                                              .fallback = VALUE_AS_TUPLE(erased),
                                              .doc = "part that is erased"},
                                             ROW_OPTIONAL("fill_value"),
                                             ROW_VALUE_RANGE,
                                             ROW_SEED,
                                             ROW_DATA_FORMAT};
static const ArgDef random_flip_args[] = {
    {"mode", ARG_CHOICE, ARG_TRAINING, .fallback = VALUE_AS_STR("horizontal_and_vertical"),
     CHOICES("horizontal", "vertical", "horizontal_and_vertical"), .doc = "which way"},
    ROW_SEED,
    ROW_DATA_FORMAT};
static const ArgDef random_gaussian_blur_args[] = {
    ROW_NUMBER("factor", 1),
    {"kernel_size", ARG_INTS, ARG_TRAINING, .count = 2, AT_LEAST(1), .fallback = VALUE_AS_INT(3),
     .doc = "of the blur"},
    ROW_NUMBER("sigma", 1),
    ROW_VALUE_RANGE,
    ROW_DATA_FORMAT,
    ROW_SEED};
static const ArgDef random_grayscale_args[] = {ROW_NUMBER("factor", 0.5), ROW_DATA_FORMAT,
                                               ROW_SEED};
static const ArgDef random_hue_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE, ROW_DATA_FORMAT,
                                         ROW_SEED};
static const ArgDef random_invert_args[] = {ROW_NUMBER("factor", 1), ROW_VALUE_RANGE, ROW_SEED,
                                            ROW_DATA_FORMAT};
static const ArgDef random_perspective_args[] = {
    ROW_NUMBER("factor", 1), ROW_NUMBER("scale", 1), ROW_INTERPOLATION, ROW_FILL_VALUE, ROW_SEED,
    ROW_DATA_FORMAT};
static const ArgDef random_posterization_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE,
                                                   ROW_DATA_FORMAT, ROW_SEED};
static const ArgDef random_rotation_args[] = {ROW_REQUIRED("factor"), ROW_FILL_MODE,
                                              ROW_INTERPOLATION,      ROW_SEED,
                                              ROW_FILL_VALUE,         ROW_DATA_FORMAT};
static const ArgDef random_saturation_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE,
                                                ROW_DATA_FORMAT, ROW_SEED};
static const ArgDef random_sharpness_args[] = {ROW_REQUIRED("factor"), ROW_VALUE_RANGE,
                                               ROW_DATA_FORMAT, ROW_SEED};
static const ArgDef random_shear_args[] = {ROW_NUMBER("x_factor", 0),
                                           ROW_NUMBER("y_factor", 0),
                                           ROW_INTERPOLATION,
                                           ROW_FILL_MODE,
                                           ROW_FILL_VALUE,
                                           ROW_DATA_FORMAT,
                                           ROW_SEED};
static const ArgDef random_translation_args[] = {ROW_REQUIRED("height_factor"),
                                                 ROW_REQUIRED("width_factor"),
                                                 ROW_FILL_MODE,
                                                 ROW_INTERPOLATION,
                                                 ROW_SEED,
                                                 ROW_FILL_VALUE,
                                                 ROW_DATA_FORMAT};
static const ArgDef random_zoom_args[] = {ROW_REQUIRED("height_factor"),
                                          ROW_OPTIONAL("width_factor"),
                                          ROW_FILL_MODE,
                                          ROW_INTERPOLATION,
                                          ROW_SEED,
                                          ROW_FILL_VALUE,
                                          ROW_DATA_FORMAT};
static const ArgDef solarization_args[] = {ROW_NUMBER("addition_factor", 0),
                                           ROW_NUMBER("threshold_factor", 0), ROW_VALUE_RANGE,
                                           ROW_SEED, ROW_DATA_FORMAT};

#define AUGMENTATION(name_, table)                                                                 \
    {.class = {name_, "keras.layers", .args = table, .nargs = COUNT_OF(table)},                    \
     .min_rank = 3,                                                                                \
     .max_rank = 3,                                                                                \
     .expects = "(height, width, channels)",                                                       \
     .integers = INTEGERS_CONVERTED}

const LayerDef layer_aug_mix = AUGMENTATION("AugMix", aug_mix_args);
const LayerDef layer_cut_mix = AUGMENTATION("CutMix", cut_mix_args);
const LayerDef layer_mix_up = AUGMENTATION("MixUp", mix_up_args);
const LayerDef layer_rand_augment = AUGMENTATION("RandAugment", rand_augment_args);
const LayerDef layer_random_brightness = AUGMENTATION("RandomBrightness", random_brightness_args);
const LayerDef layer_random_color_degeneration =
    AUGMENTATION("RandomColorDegeneration", random_color_degeneration_args);
const LayerDef layer_random_color_jitter =
    AUGMENTATION("RandomColorJitter", random_color_jitter_args);
const LayerDef layer_random_contrast = AUGMENTATION("RandomContrast", random_contrast_args);
const LayerDef layer_random_elastic_transform =
    AUGMENTATION("RandomElasticTransform", random_elastic_transform_args);
const LayerDef layer_random_erasing = AUGMENTATION("RandomErasing", random_erasing_args);
const LayerDef layer_random_flip = AUGMENTATION("RandomFlip", random_flip_args);
const LayerDef layer_random_gaussian_blur =
    AUGMENTATION("RandomGaussianBlur", random_gaussian_blur_args);
const LayerDef layer_random_grayscale = AUGMENTATION("RandomGrayscale", random_grayscale_args);
const LayerDef layer_random_hue = AUGMENTATION("RandomHue", random_hue_args);
const LayerDef layer_random_invert = AUGMENTATION("RandomInvert", random_invert_args);
const LayerDef layer_random_perspective =
    AUGMENTATION("RandomPerspective", random_perspective_args);
const LayerDef layer_random_posterization =
    AUGMENTATION("RandomPosterization", random_posterization_args);
const LayerDef layer_random_rotation = AUGMENTATION("RandomRotation", random_rotation_args);
const LayerDef layer_random_saturation = AUGMENTATION("RandomSaturation", random_saturation_args);
const LayerDef layer_random_sharpness = AUGMENTATION("RandomSharpness", random_sharpness_args);
const LayerDef layer_random_shear = AUGMENTATION("RandomShear", random_shear_args);
const LayerDef layer_random_translation =
    AUGMENTATION("RandomTranslation", random_translation_args);
const LayerDef layer_random_zoom = AUGMENTATION("RandomZoom", random_zoom_args);
const LayerDef layer_solarization = AUGMENTATION("Solarization", solarization_args);
