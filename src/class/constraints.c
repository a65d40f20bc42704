/* Constraints: projections of weights while training. */
#include "config.h"

#define MODULE .module = "keras.constraints"

static const ClassDef rows[] = {
    {.name = "MaxNorm",
     MODULE,
     .snake = "max_norm",
     .aliases = NAMES("max_norm"),
     ARGS(FLOAT("max_value", 2), AXIS(0))},
    {.name = "MinMaxNorm",
     MODULE,
     .snake = "min_max_norm",
     .aliases = NAMES("min_max_norm"),
     ARGS(FLOAT("min_value", 0), FLOAT("max_value", 1), FLOAT("rate", 1), AXIS(0))},
    {.name = "NonNeg", MODULE, .snake = "non_neg", .aliases = NAMES("non_neg")},
    {.name = "UnitNorm",
     MODULE,
     .snake = "unit_norm",
     .aliases = NAMES("unit_norm"),
     ARGS(AXIS(0))},
};

const ConfigTable constraint_table = TABLE(rows);
