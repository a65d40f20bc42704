/* Regularizers: penalties on weights while training. */
#include "config.h"

#define MODULE .module = "keras.regularizers"

static const char *const modes[] = {"rows", "columns", NULL};

static const ClassDef rows[] = {
    {.name = "L1", MODULE, .snake = "l1", .aliases = NAMES("l1"), ARGS(NOT_NEGATIVE("l1", 0.01))},
    {.name = "L1L2",
     MODULE,
     .snake = "l1l2",
     .aliases = NAMES("l1_l2"),
     ARGS(NOT_NEGATIVE("l1", 0), NOT_NEGATIVE("l2", 0))},
    {.name = "L2", MODULE, .snake = "l2", .aliases = NAMES("l2"), ARGS(NOT_NEGATIVE("l2", 0.01))},
    {.name = "OrthogonalRegularizer",
     MODULE,
     .snake = "orthogonal_regularizer",
     .aliases = NAMES("orthogonal_regularizer"),
     ARGS(FLOAT("factor", 0.01), CHOICE("mode", modes, "rows"))},
};

const ConfigTable regularizer_table = TABLE(rows);
