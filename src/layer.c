/* The registry of layers, the arguments that all of them take, and a layer made of a call. */
#include "layer.h"

#include <string.h>

#define LAYER(name) extern const LayerDef layer_##name;
#include "layers.def"
#undef LAYER

static const LayerDef *const registry[] = {
#define LAYER(name) &layer_##name,
#include "layers.def"
#undef LAYER
};

const LayerDef *const *layer_all(size_t *count) {
    *count = COUNT_OF(registry);
    return registry;
}

const LayerDef *layer_find(const char *name) {
    for (size_t i = 0; i < COUNT_OF(registry); i++)
        if (class_is_named(&registry[i]->class, name))
            return registry[i];
    return NULL;
}

const ArgDef layer_common_args[COMMON_COUNT] = {
    [COMMON_NAME] = {"name", ARG_STR, DEFAULT_NONE, .doc = "unique in the model"},
    [COMMON_TRAINABLE] = {"trainable", ARG_BOOL, ARG_TRAINING, .fallback = VALUE_AS_BOOL(true),
                          .doc = "False freezes the weights: they count as non-trainable"},
    [COMMON_DTYPE] = {"dtype", ARG_DTYPE, DEFAULT_NONE, .doc = "float32, which None is too"},
    [COMMON_AUTOCAST] = {"autocast", ARG_BOOL, ARG_TRAINING, .fallback = VALUE_AS_BOOL(true),
                         .doc = "no effect in float32"},
    [COMMON_ACTIVITY_REGULARIZER] = ROW_REGULARIZER("activity"),
    [COMMON_INPUT_SHAPE] = {"input_shape", ARG_SHAPE, AT_LEAST(0), DEFAULT_NONE,
                            .doc = "of the model's input, on its first layer"},
    [COMMON_INPUT_DIM] = {"input_dim", ARG_INT, DEFAULT_NONE, AT_LEAST(0),
                          .doc = "input_dim=n is input_shape=(n,)"},
};

/* An argument that layers with a closed list have among their own. */
static Value own_or_common(const Layer *l, int common) {
    int own = class_arg(&l->def->class, layer_common_args[common].name);
    return own >= 0 ? l->object.args[own] : l->common[common];
}

static bool give_name(Layer *l, Namer *names, Diag *d) {
    Value name = own_or_common(l, COMMON_NAME);
    if (name.kind != VALUE_STR) {
        l->name = namer_next(names, l->def->class.name);
        l->auto_named = true;
        return true;
    }
    l->name = name.u.str.text;
    if (strchr(l->name, '/'))
        return diag_error(d, DIAG_layer_name, l->object.span,
                          "layer name '%s' must not hold a slash", l->name);
    return true;
}

/* InputLayer's dtype is that of its tensor, so it looks at it itself. */
static bool give_dtype(Layer *l, Diag *d) {
    l->dtype = "float32";
    Value dtype = own_or_common(l, COMMON_DTYPE);
    if (l->def->input || dtype.kind != VALUE_STR || strcmp(dtype.u.str.text, "float32") == 0)
        return true;
    return diag_error(d, DIAG_unsupported_argument, l->object.span,
                      "%s(dtype='%s') is not supported: everything is computed in float32",
                      l->def->class.name, dtype.u.str.text);
}

/* Too many axes were refused when the argument was checked. */
Shape shape_from_value(Value v) {
    const ValueList *dims = v.u.list;
    Shape s = {.batch = DIM_NONE, .rank = (int)dims->items.count};
    for (int i = 0; i < s.rank; i++) {
        Value dim = dims->items.at[i];
        s.dim[i] = dim.kind == VALUE_INT ? dim.u.integer : DIM_NONE;
    }
    return s;
}

static bool bind(Layer *l, const CallArgs *call, Arena *a, Diag *d) {
    const ClassDef *class = &l->def->class;
    l->common = arena_array(a, COMMON_COUNT, sizeof *l->common);
    for (int i = 0; i < COMMON_COUNT; i++)
        l->common[i] = layer_common_args[i].fallback;
    return l->def->closed ? class_bind(class, call, &l->object, NULL, 0, NULL, a, d)
                          : class_bind(class, call, &l->object, layer_common_args, COMMON_COUNT,
                                       l->common, a, d);
}

Layer *layer_new(Arena *a, const LayerDef *def, const CallArgs *call, Span callee, Span span,
                 Namer *names, Diag *d) {
    Layer *l = arena_alloc(a, sizeof *l);
    *l = (Layer){.def = def, .trainable = true, .span = span};
    l->object = (Object){.def = &def->class, .span = callee, .call_span = span};
    if (!bind(l, call, a, d) || !give_name(l, names, d) || !give_dtype(l, d))
        return NULL;
    Value trainable = own_or_common(l, COMMON_TRAINABLE);
    l->trainable = trainable.kind != VALUE_BOOL || trainable.u.boolean;
    return !def->check || def->check(l, d) ? l : NULL;
}
