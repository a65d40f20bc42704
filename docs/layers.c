/* Writes docs/layers.md out of the layers' tables: `make docs`. */
#include "layer.h"

#include <stdio.h>

/* "Also called `X`. Input: (...)." */
static void write_facts(Arena *a, const LayerDef *def) {
    const char *text = "";
    for (const char *const *alias = def->class.aliases; alias && *alias; alias++)
        text = arena_printf(a, "%s `%s`", *text ? arena_printf(a, "%s,", text) : "Also called",
                            *alias);
    if (*text)
        text = arena_printf(a, "%s.", text);
    if (def->expects)
        text = arena_printf(a, "%s%sInput: (batch, %s.", text, *text ? " " : "", def->expects + 1);
    if (def->closed)
        text = arena_printf(a, "%s%sTakes no other arguments.", text, *text ? " " : "");
    if (*text)
        printf("\n%s\n", text);
}

/* "int from 1" */
static void write_type(Arena *a, const ArgDef *arg) {
    static const char *const names[] = {
        [ARG_ANY] = "anything",
        [ARG_INT] = "int",
        [ARG_FLOAT] = "float",
        [ARG_BOOL] = "bool",
        [ARG_STR] = "str",
        [ARG_CHOICE] = "",
        [ARG_INTS] = "int or tuple",
        [ARG_PAIRS] = "int or tuples",
        [ARG_SHAPE] = "shape",
        [ARG_AXIS] = "int or list",
        [ARG_NUMBERS] = "number or list",
        [ARG_DTYPE] = "dtype",
        [ARG_ACTIVATION] = "activation",
        [ARG_INITIALIZER] = "initializer",
        [ARG_REGULARIZER] = "regularizer",
        [ARG_CONSTRAINT] = "constraint",
        [ARG_LAYER] = "layer",
        [ARG_SCHEDULE] = "number or schedule",
    };
    fputs(names[arg->type], stdout);
    for (int i = 0; arg->choices && arg->choices[i]; i++)
        printf("%s'%s'", i > 0 ? ", " : "", arg->choices[i]);
    bool whole = arg->type != ARG_FLOAT;
    if (arg->has_min)
        printf(" from %s",
               value_repr(a, whole ? value_int((int64_t)arg->min) : value_float(arg->min)));
    if (arg->has_max)
        printf(" to %s",
               value_repr(a, whole ? value_int((int64_t)arg->max) : value_float(arg->max)));
    if (arg->nullable)
        printf(", None");
}

static void write_argument(Arena *a, const ArgDef *arg) {
    printf("| `%s` | %s | ", arg->name, arg->required ? "" : value_repr(a, arg->fallback));
    write_type(a, arg);
    printf(" | %s", arg->only_default ? "only the default: " : arg->doc ? arg->doc : "");
    if (arg->only_default)
        fputs(arg->only_default, stdout);
    if (arg->use == ARG_TRAINING && !arg->only_default)
        printf(" (training)");
    printf(" |\n");
}

static void write_arguments(Arena *a, const ArgDef *args, int count) {
    if (count > 0)
        printf("\n| argument | default | values | |\n|---|---|---|---|\n");
    for (int i = 0; i < count; i++)
        write_argument(a, &args[i]);
}

static void write_layer(Arena *a, const LayerDef *def) {
    printf("\n## %s\n", def->class.name);
    write_facts(a, def);
    write_arguments(a, def->class.args, def->class.nargs);
}

int main(void) {
    Arena *a = arena_new();
    size_t count;
    const LayerDef *const *all = layer_all(&count);
    printf("# Layers\n\n"
           "Made by `make docs` from the tables in src/layers/. An argument marked (training) is "
           "checked and kept, but cannot matter\nto a prediction.\n\n"
           "Every layer also takes these:\n");
    write_arguments(a, layer_common_args, COMMON_COUNT);
    for (size_t i = 0; i < count; i++)
        write_layer(a, all[i]);
    printf("\n## Activations\n\n");
    for (size_t i = 0; i < activation_nnames; i++)
        printf("%s`%s`", i > 0 ? ", " : "", activation_names[i]);
    printf(
        ". By name, as a function of `keras.activations`,\nor a layer without weights such as "
        "`LeakyReLU(0.1)`. `threshold` needs arguments, which a name cannot give; `glu` works in\n"
        "the last layer only.\n");
    arena_free(a);
    return 0;
}
