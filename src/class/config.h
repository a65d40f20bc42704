/* The tables behind configs.c: classes of Keras that are neither layer nor model. None of their
 * arguments matters to a forward pass; they are checked and kept for round trips. */
#ifndef CONFIG_H
#define CONFIG_H

#include "class.h"

typedef struct ConfigTable {
    const ClassDef *classes;
    size_t count;
} ConfigTable;

extern const ConfigTable initializer_table, regularizer_table, constraint_table, optimizer_table,
    schedule_table, loss_table, metric_table, callback_table, policy_table;

/* One argument a line: its name, then its default. */
#define TRAINING(name_, type_, ...) {.name = name_, .type = type_, .use = ARG_TRAINING, __VA_ARGS__}
#define FLOAT(name, value)          TRAINING(name, ARG_FLOAT, .fallback = VALUE_AS_FLOAT(value))
#define INT(name, value)            TRAINING(name, ARG_INT, .fallback = VALUE_AS_INT(value))
#define BOOL(name, value)           TRAINING(name, ARG_BOOL, .fallback = VALUE_AS_BOOL(value))
#define STR(name, value)            TRAINING(name, ARG_STR, .fallback = VALUE_AS_STR(value))
#define CHOICE(name, options, value)                                                               \
    TRAINING(name, ARG_CHOICE, .choices = options, .fallback = VALUE_AS_STR(value))
#define NOT_NEGATIVE(name, value)                                                                  \
    TRAINING(name, ARG_FLOAT, .fallback = VALUE_AS_FLOAT(value), .has_min = true)
#define FRACTION(name, value)                                                                      \
    TRAINING(name, ARG_FLOAT, .fallback = VALUE_AS_FLOAT(value), .has_min = true, .has_max = true, \
             .max = 1)
#define OPTIONAL(name, type)                                                                       \
    TRAINING(name, type, .nullable = true, .fallback = VALUE_AS_NONE) /* None by default */
#define ANY(name, value)     TRAINING(name, ARG_ANY, .fallback = value)
#define REQUIRED(name, type) TRAINING(name, type, .required = true)

#define AXIS(value) TRAINING("axis", ARG_AXIS, .fallback = VALUE_AS_INT(value))
#define NAME(value) TRAINING("name", ARG_STR, .nullable = true, .fallback = VALUE_AS_STR(value))
#define NO_NAME     OPTIONAL("name", ARG_STR)
#define DTYPE       OPTIONAL("dtype", ARG_DTYPE)
#define SEED        OPTIONAL("seed", ARG_INT)

/* The arguments of one class, as two members of its row. */
#define ARGS(...)                                                                                  \
    .args = (const ArgDef[]){__VA_ARGS__},                                                         \
    .nargs = sizeof((const ArgDef[]){__VA_ARGS__}) / sizeof(ArgDef)
#define NAMES(...)                                                                                 \
    (const char *const[]) {                                                                        \
        __VA_ARGS__, NULL                                                                          \
    }
#define TABLE(rows) {rows, COUNT_OF(rows)}

#endif
