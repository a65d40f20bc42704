/* Losses. */
#include "config.h"

#define MODULE .module = "keras.losses"

static const char *const reductions[] = {"sum_over_batch_size",     "sum",  "mean",
                                         "mean_with_sample_weight", "none", NULL};
#define REDUCTION                                                                                  \
    TRAINING("reduction", ARG_CHOICE, .choices = reductions, .nullable = true,                     \
             .fallback = VALUE_AS_STR("sum_over_batch_size"))

static const ClassDef rows[] = {
    {.name = "BinaryCrossentropy",
     MODULE,
     ARGS(BOOL("from_logits", false), FLOAT("label_smoothing", 0), AXIS(-1), REDUCTION,
          NAME("binary_crossentropy"), DTYPE)},
    {.name = "BinaryFocalCrossentropy",
     MODULE,
     ARGS(BOOL("apply_class_balancing", false), FLOAT("alpha", 0.25), FLOAT("gamma", 2),
          BOOL("from_logits", false), FLOAT("label_smoothing", 0), AXIS(-1), REDUCTION,
          NAME("binary_focal_crossentropy"), DTYPE)},
    {.name = "CTC", MODULE, ARGS(REDUCTION, NAME("ctc"), DTYPE)},
    {.name = "CategoricalCrossentropy",
     MODULE,
     ARGS(BOOL("from_logits", false), FLOAT("label_smoothing", 0), AXIS(-1), REDUCTION,
          NAME("categorical_crossentropy"), DTYPE)},
    {.name = "CategoricalFocalCrossentropy",
     MODULE,
     ARGS(FLOAT("alpha", 0.25), FLOAT("gamma", 2), BOOL("from_logits", false),
          FLOAT("label_smoothing", 0), AXIS(-1), REDUCTION, NAME("categorical_focal_crossentropy"),
          DTYPE)},
    {.name = "CategoricalGeneralizedCrossEntropy",
     MODULE,
     ARGS(FLOAT("q", 0.5), REDUCTION, NAME("categorical_generalized_cross_entropy"), DTYPE)},
    {.name = "CategoricalHinge", MODULE, ARGS(REDUCTION, NAME("categorical_hinge"), DTYPE)},
    {.name = "Circle",
     MODULE,
     ARGS(FLOAT("gamma", 80), FLOAT("margin", 0.4), BOOL("remove_diagonal", true), REDUCTION,
          NAME("circle"), DTYPE)},
    {.name = "CosineSimilarity",
     MODULE,
     ARGS(AXIS(-1), REDUCTION, NAME("cosine_similarity"), DTYPE)},
    {.name = "Dice", MODULE, ARGS(REDUCTION, NAME("dice"), OPTIONAL("axis", ARG_AXIS), DTYPE)},
    {.name = "Hinge", MODULE, ARGS(REDUCTION, NAME("hinge"), DTYPE)},
    {.name = "Huber", MODULE, ARGS(FLOAT("delta", 1), REDUCTION, NAME("huber_loss"), DTYPE)},
    {.name = "KLDivergence", MODULE, ARGS(REDUCTION, NAME("kl_divergence"), DTYPE)},
    {.name = "LogCosh", MODULE, ARGS(REDUCTION, NAME("log_cosh"), DTYPE)},
    {.name = "MeanAbsoluteError", MODULE, ARGS(REDUCTION, NAME("mean_absolute_error"), DTYPE)},
    {.name = "MeanAbsolutePercentageError",
     MODULE,
     ARGS(REDUCTION, NAME("mean_absolute_percentage_error"), DTYPE)},
    {.name = "MeanSquaredError", MODULE, ARGS(REDUCTION, NAME("mean_squared_error"), DTYPE)},
    {.name = "MeanSquaredLogarithmicError",
     MODULE,
     ARGS(REDUCTION, NAME("mean_squared_logarithmic_error"), DTYPE)},
    {.name = "Poisson", MODULE, ARGS(REDUCTION, NAME("poisson"), DTYPE)},
    {.name = "SparseCategoricalCrossentropy",
     MODULE,
     ARGS(BOOL("from_logits", false), OPTIONAL("ignore_class", ARG_INT), REDUCTION, AXIS(-1),
          NAME("sparse_categorical_crossentropy"), DTYPE)},
    {.name = "SquaredHinge", MODULE, ARGS(REDUCTION, NAME("squared_hinge"), DTYPE)},
    {.name = "Tversky",
     MODULE,
     ARGS(FLOAT("alpha", 0.5), FLOAT("beta", 0.5), REDUCTION, NAME("tversky"),
          OPTIONAL("axis", ARG_AXIS), DTYPE)},
};

const ConfigTable loss_table = TABLE(rows);
