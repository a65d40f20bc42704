/* The weights of a layer, collected by its `weights` hook; and how many there are. */
#include "weights.h"

#include <string.h>

struct Weights {
    const Layer *layer;
    Arena *arena;
    Diag *diag;
    Vec(Weight) list;
};

/* As keras.initializers computes them: a window's cells count for both. */
static void count_fans(Weight *w) {
    Shape s = w->shape;
    w->fan_in = s.rank == 0 ? 1 : s.rank == 1 ? s.dim[0] : s.dim[s.rank - 2];
    w->fan_out = s.rank == 0 ? 1 : s.dim[s.rank - 1];
    for (int i = 0; i < s.rank - 2; i++) {
        w->fan_in *= s.dim[i];
        w->fan_out *= s.dim[i];
    }
}

static void push(Weights *w, const char *name, Shape shape, bool trainable, const Object *init) {
    Weight weight = {
        .name = name, .shape = shape, .trainable = trainable, .dtype = DTYPE_FLOAT32, .init = init};
    vec_push(w->arena, &w->list, weight);
}

static const Object *initializer_named(Weights *w, const char *name) {
    const ClassDef *def = config_find("keras.initializers", name);
    if (!def)
        BUG("no initializer is called %s", name);
    return object_default(w->arena, def, SPAN_NONE);
}

void weights_add(Weights *w, const char *name, Shape shape, bool trainable, int init_arg) {
    Value init = w->layer->object.args[init_arg];
    push(w, name, shape, trainable,
         init.kind == VALUE_OBJECT ? init.u.object : initializer_named(w, "glorot_uniform"));
}

void weights_add_init(Weights *w, const char *name, Shape shape, bool trainable,
                      const char *initializer) {
    push(w, name, shape, trainable, initializer_named(w, initializer));
}

void weights_set_dtype(Weights *w, DType dtype) {
    w->list.at[w->list.count - 1].dtype = dtype;
}

static bool check_countable(const Weights *w, Diag *d) {
    int64_t total = 0, numel;
    for (size_t i = 0; i < w->list.count; i++)
        if (!shape_numel(w->list.at[i].shape, &numel) ||
            __builtin_add_overflow(total, numel, &total) || total > INT64_MAX / 8)
            return layer_error(w->layer, DIAG_too_large, d, "weight '%s' of %s is too large",
                               w->list.at[i].name, shape_str_dims(w->arena, w->list.at[i].shape));
    return true;
}

/* A layer that is used again keeps its weights: they must suit the new input too. */
static bool check_same(const Weights *w, const Layer *l, Diag *d) {
    for (size_t i = 0; i < w->list.count; i++)
        if (!shape_equal(w->list.at[i].shape, l->weights[i].shape))
            return layer_error(l, DIAG_shared_layer, d,
                               "layer '%s' was built with a weight '%s' of %s, but this input "
                               "needs %s",
                               l->name, l->weights[i].name,
                               shape_str_dims(w->arena, l->weights[i].shape),
                               shape_str_dims(w->arena, w->list.at[i].shape));
    return true;
}

bool weights_build(Arena *a, Layer *l, const Shape *in, Diag *d) {
    Weights w = {.layer = l, .arena = a, .diag = d};
    if (l->def->weights)
        l->def->weights(l, in, &w);
    if (l->built)
        return check_same(&w, l, d);
    if (!check_countable(&w, d))
        return false;
    for (size_t i = 0; i < w.list.count; i++)
        count_fans(&w.list.at[i]);
    l->weights = w.list.at;
    l->nweights = (int)w.list.count;
    l->built = true;
    return true;
}

static int64_t weight_numel(const Weight *w) {
    int64_t numel;
    if (!shape_numel(w->shape, &numel))
        BUG("weight %s has no size", w->name);
    return numel;
}

int64_t layer_count_params(const Layer *l) {
    int64_t total = 0;
    for (int i = 0; i < l->nweights; i++)
        total += weight_numel(&l->weights[i]);
    return total;
}

static int64_t dtype_bytes(DType dtype) {
    static const int64_t bytes[] = {
        [DTYPE_FLOAT32] = 4, [DTYPE_FLOAT64] = 8, [DTYPE_FLOAT16] = 2, [DTYPE_BFLOAT16] = 2,
        [DTYPE_INT32] = 4,   [DTYPE_INT64] = 8,   [DTYPE_UINT8] = 1,   [DTYPE_BOOL] = 1,
    };
    return bytes[dtype];
}

ParamCount model_count_params(const Model *m) {
    ParamCount count = {0};
    for (size_t i = 0; i < m->layers.count; i++) {
        const Layer *l = m->layers.at[i];
        for (int k = 0; k < l->nweights; k++) {
            const Weight *w = &l->weights[k];
            bool trainable = m->trainable && l->trainable && w->trainable;
            int64_t numel = weight_numel(w), bytes = numel * dtype_bytes(w->dtype);
            *(trainable ? &count.trainable : &count.non_trainable) += numel;
            *(trainable ? &count.trainable_bytes : &count.non_trainable_bytes) += bytes;
        }
    }
    count.total = count.trainable + count.non_trainable;
    count.total_bytes = count.trainable_bytes + count.non_trainable_bytes;
    return count;
}
