/* Learning-rate schedules. */
#include "config.h"

#define MODULE .module = "keras.optimizers.schedules"

static const ClassDef rows[] = {
    {.name = "CosineDecay",
     MODULE,
     ARGS(REQUIRED("initial_learning_rate", ARG_FLOAT), REQUIRED("decay_steps", ARG_FLOAT),
          FLOAT("alpha", 0), NAME("CosineDecay"), OPTIONAL("warmup_target", ARG_FLOAT),
          INT("warmup_steps", 0))},
    {.name = "CosineDecayRestarts",
     MODULE,
     ARGS(REQUIRED("initial_learning_rate", ARG_FLOAT), REQUIRED("first_decay_steps", ARG_FLOAT),
          FLOAT("t_mul", 2), FLOAT("m_mul", 1), FLOAT("alpha", 0), NAME("SGDRDecay"))},
    {.name = "ExponentialDecay",
     MODULE,
     ARGS(REQUIRED("initial_learning_rate", ARG_FLOAT), REQUIRED("decay_steps", ARG_FLOAT),
          REQUIRED("decay_rate", ARG_FLOAT), BOOL("staircase", false), NAME("ExponentialDecay"))},
    {.name = "InverseTimeDecay",
     MODULE,
     ARGS(REQUIRED("initial_learning_rate", ARG_FLOAT), REQUIRED("decay_steps", ARG_FLOAT),
          REQUIRED("decay_rate", ARG_FLOAT), BOOL("staircase", false), NAME("InverseTimeDecay"))},
    {.name = "PiecewiseConstantDecay",
     MODULE,
     ARGS(REQUIRED("boundaries", ARG_NUMBERS), REQUIRED("values", ARG_NUMBERS),
          NAME("PiecewiseConstant"))},
    {.name = "PolynomialDecay",
     MODULE,
     ARGS(REQUIRED("initial_learning_rate", ARG_FLOAT), REQUIRED("decay_steps", ARG_FLOAT),
          FLOAT("end_learning_rate", 0.0001), FLOAT("power", 1), BOOL("cycle", false),
          NAME("PolynomialDecay"))},
};

const ConfigTable schedule_table = TABLE(rows);
