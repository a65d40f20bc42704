/* Rows of argument tables that many layers share, so that a default or a wording stands once. */
#ifndef LAYER_ARGS_H
#define LAYER_ARGS_H

#include "class.h"

#define AT_LEAST(n)      .has_min = true, .min = (n)
#define BETWEEN(low, up) .has_min = true, .min = (low), .has_max = true, .max = (up)
#define DEFAULT_NONE     .nullable = true, .fallback = VALUE_AS_NONE

/* Choices as a constant: CHOICES("valid", "same"). */
#define CHOICES(...)                                                                               \
    .choices = (const char *const[]) {                                                             \
        __VA_ARGS__, NULL                                                                          \
    }
#define ALIASES(...)                                                                               \
    .aliases = (const char *const[]) {                                                             \
        __VA_ARGS__, NULL                                                                          \
    }

#define ROW_FILTERS                                                                                \
    {"filters", ARG_INT, .required = true, AT_LEAST(1), .doc = "channels of the output"}
#define ROW_KERNEL_SIZE(n)                                                                         \
    {"kernel_size", ARG_INTS, .required = true, .count = (n), AT_LEAST(1), .doc = "the window"}
#define ROW_STRIDES(n)                                                                             \
    {"strides",                                                                                    \
     ARG_INTS,                                                                                     \
     .count = (n),                                                                                 \
     AT_LEAST(1),                                                                                  \
     .fallback = VALUE_AS_INT(1),                                                                  \
     .doc = "steps of the window"}
#define ROW_DILATION_RATE(n)                                                                       \
    {"dilation_rate",                                                                              \
     ARG_INTS,                                                                                     \
     .count = (n),                                                                                 \
     AT_LEAST(1),                                                                                  \
     .fallback = VALUE_AS_INT(1),                                                                  \
     .doc = "distance between taps of the window"}
#define ROW_PADDING(...)                                                                           \
    {"padding",                                                                                    \
     ARG_CHOICE,                                                                                   \
     .fallback = VALUE_AS_STR("valid"),                                                            \
     CHOICES(__VA_ARGS__),                                                                         \
     .any_case = true,                                                                             \
     .doc = "cells around the input"}
#define ROW_DATA_FORMAT                                                                            \
    {"data_format",    ARG_CHOICE,                                                                 \
     DEFAULT_NONE,     CHOICES("channels_last", "channels_first"),                                 \
     .any_case = true, .doc = "where the channels are; None: last"}
#define ROW_DEPTH_MULTIPLIER                                                                       \
    {"depth_multiplier", ARG_INT, AT_LEAST(1), .fallback = VALUE_AS_INT(1),                        \
     .doc = "output channels for each input channel"}
#define ROW_ACTIVATION {"activation", ARG_ACTIVATION, DEFAULT_NONE, .doc = "applied to the output"}
#define ROW_USE_BIAS                                                                               \
    {"use_bias", ARG_BOOL, .fallback = VALUE_AS_BOOL(true), .doc = "whether a bias is added"}

/* A weight's training-time arguments: what is "kernel", "bias", ... */
#define ROW_INITIALIZER(what, initializer)                                                         \
    {what "_initializer",                                                                          \
     ARG_INITIALIZER,                                                                              \
     ARG_TRAINING,                                                                                 \
     .nullable = true,                                                                             \
     .fallback = VALUE_AS_STR(initializer),                                                        \
     .doc = "values before training"}
#define ROW_REGULARIZER(what)                                                                      \
    {what "_regularizer", ARG_REGULARIZER, ARG_TRAINING, DEFAULT_NONE, .doc = "a loss on it"}
#define ROW_CONSTRAINT(what)                                                                       \
    {what "_constraint", ARG_CONSTRAINT, ARG_TRAINING, DEFAULT_NONE, .doc = "limits on its values"}
#define ROW_SEED {"seed", ARG_ANY, ARG_TRAINING, DEFAULT_NONE, .doc = "of the random numbers"}

/* Adapters and quantization change what is computed. */
#define ROW_LORA_RANK                                                                              \
    {"lora_rank", ARG_INT, DEFAULT_NONE,                                                           \
     .only_default = "LoRA weights are not supported; merge them"}
#define ROW_LORA_ALPHA                                                                             \
    {"lora_alpha", ARG_FLOAT, ARG_TRAINING, DEFAULT_NONE, .doc = "without lora_rank: no effect"}
#define ROW_QUANTIZATION_CONFIG                                                                    \
    {"quantization_config", ARG_ANY, DEFAULT_NONE,                                                 \
     .only_default = "quantized layers are not supported"}

#endif
