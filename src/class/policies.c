/* DType policies: keras.DTypePolicy('mixed_float16') and its older name. */
#include "config.h"

static const ClassDef rows[] = {
    {.name = "DTypePolicy",
     .module = "keras",
     .aliases = NAMES("Policy"),
     ARGS(REQUIRED("name", ARG_STR))},
};

const ConfigTable policy_table = TABLE(rows);
