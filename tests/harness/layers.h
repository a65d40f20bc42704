/* Models made in tests without a source text. */
#ifndef HARNESS_LAYERS_H
#define HARNESS_LAYERS_H

#include "layer.h"

typedef struct Workbench {
    Arena *arena;
    Diag *diag;
    Namer *names;
    Model *model; /* an empty Sequential */
} Workbench;

Workbench workbench_new(void);
void workbench_free(Workbench *b);

/* A layer of this class, with arguments as in a dict: make(b, "Dense", "units", value_int(3),
 * NULL). NULL after a diagnostic. */
Layer *make(Workbench *b, const char *class_name, ...);

/* The same, and adds it to the model. */
bool add_input(Workbench *b, Shape shape);
#define add(b, ...) model_add((b)->model, make(b, __VA_ARGS__, NULL), (b)->names, (b)->diag)

#endif
