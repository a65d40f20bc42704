/* Initial values as Keras draws them when no others are given, but reproducible: element i of a
 * weight depends on the seed, the layer's and the weight's number and i alone, never on the order
 * in which they are computed.
 *
 * The generator is splitmix64's finaliser over a counter: bits(key, i) = mix(key + (i + 1) *
 * golden), where the key of a weight is mix(mix(mix(seed) + layer) + weight). */
#include "format.h"
#include "initialize.h"

#include "layer.h"

#include <math.h>
#include <string.h>

static uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

/* Uniform in (0, 1): 53 bits, never 0 or 1. */
static double uniform(uint64_t key, uint64_t i) {
    uint64_t bits = mix(key + (i + 1) * 0x9E3779B97F4A7C15) >> 11;
    return ((double)bits + 0.5) * 0x1p-53;
}

/* Box and Muller: counters 2i and 2i + 1 make one normal number. */
static double normal(uint64_t key, uint64_t i) {
    const double two_pi = 6.283185307179586;
    return sqrt(-2 * log(uniform(key, 2 * i))) * cos(two_pi * uniform(key, 2 * i + 1));
}

/* Normal numbers beyond two deviations are drawn again. The n-th draw has a key of its own; one in
 * 22 is rejected, so 64 draws never suffice for less than one in 10^85. */
static double truncated(uint64_t key, uint64_t i) {
    double x = 0;
    for (uint64_t n = 0; n < 64; n++) {
        x = normal(mix(key + n), i);
        if (fabs(x) <= 2)
            break;
    }
    return x;
}

typedef Vec(double) Numbers;

typedef struct Draw {
    Arena *arena;
    const Weight *weight;
    float *out;
    uint64_t count, key;
} Draw;

static double option(const Object *o, const char *name, double fallback) {
    int i = class_arg(o->def, name);
    return i >= 0 && value_is_number(o->args[i]) ? value_number(o->args[i]) : fallback;
}

static const char *text_option(const Object *o, const char *name) {
    int i = class_arg(o->def, name);
    return i >= 0 && o->args[i].kind == VALUE_STR ? o->args[i].u.str.text : "";
}

static void fill(const Draw *d, double value) {
    for (uint64_t i = 0; i < d->count; i++)
        d->out[i] = (float)value;
}

static void fill_uniform(const Draw *d, double low, double high) {
    for (uint64_t i = 0; i < d->count; i++)
        d->out[i] = (float)(low + (high - low) * uniform(d->key, i));
}

static void fill_normal(const Draw *d, double mean, double deviation) {
    for (uint64_t i = 0; i < d->count; i++)
        d->out[i] = (float)(mean + deviation * normal(d->key, i));
}

static void fill_truncated(const Draw *d, double mean, double deviation) {
    for (uint64_t i = 0; i < d->count; i++)
        d->out[i] = (float)(mean + deviation * truncated(d->key, i));
}

/* Product of the axes that an argument of the initializer lists; false if it lists none. */
static bool fan_of_axes(const Object *o, const char *name, Shape s, double *fan) {
    int arg = class_arg(o->def, name);
    if (arg < 0 || !value_is_sequence(o->args[arg]))
        return false;
    const ValueList *axes = o->args[arg].u.list;
    *fan = 1;
    for (size_t i = 0; i < axes->items.count; i++) {
        int64_t axis = axes->items.at[i].u.integer;
        axis += axis < 0 ? s.rank : 0;
        if (axis >= 0 && axis < s.rank)
            *fan *= (double)s.dim[axis];
    }
    return true;
}

/* The variance is scale / fan. Cutting a normal distribution at two deviations makes its deviation
 * 0.8796 of what it was, which Keras makes up for. */
static void scale_variance(const Draw *d, const Object *o, double scale, const char *mode,
                           const char *shape) {
    const double cut = 0.87962566103423978;
    double in, out;
    if (!fan_of_axes(o, "input_axes", d->weight->shape, &in) ||
        !fan_of_axes(o, "output_axes", d->weight->shape, &out)) {
        in = (double)d->weight->fan_in;
        out = (double)d->weight->fan_out;
    }
    double fan = !strcmp(mode, "fan_in") ? in : !strcmp(mode, "fan_out") ? out : (in + out) / 2;
    double variance = scale / (fan < 1 ? 1 : fan), limit = sqrt(3 * variance);
    if (!strcmp(shape, "uniform"))
        fill_uniform(d, -limit, limit);
    else if (!strcmp(shape, "untruncated_normal"))
        fill_normal(d, 0, sqrt(variance));
    else
        fill_truncated(d, 0, sqrt(variance) / cut);
}

static void ones(const Draw *d, const Object *o) {
    (void)o;
    fill(d, 1);
}

static void flatten(Arena *a, Value v, Numbers *out) {
    if (!value_is_sequence(v)) {
        vec_push(a, out, value_is_number(v) ? value_number(v) : 0);
        return;
    }
    for (size_t i = 0; i < v.u.list->items.count; i++)
        flatten(a, v.u.list->items.at[i], out);
}

/* A number, or an array that repeats along the leading axes. */
static void constant(const Draw *d, const Object *o) {
    Numbers values = {0};
    flatten(d->arena, o->args[class_arg(o->def, "value")], &values);
    for (uint64_t i = 0; values.count && i < d->count; i++)
        d->out[i] = (float)values.at[i % values.count];
}

static void random_uniform(const Draw *d, const Object *o) {
    fill_uniform(d, option(o, "minval", -0.05), option(o, "maxval", 0.05));
}

static void random_normal(const Draw *d, const Object *o) {
    fill_normal(d, option(o, "mean", 0), option(o, "stddev", 0.05));
}

static void truncated_normal(const Draw *d, const Object *o) {
    fill_truncated(d, option(o, "mean", 0), option(o, "stddev", 0.05));
}

static void variance_scaling(const Draw *d, const Object *o) {
    scale_variance(d, o, option(o, "scale", 1), text_option(o, "mode"),
                   text_option(o, "distribution"));
}

static void glorot_uniform(const Draw *d, const Object *o) {
    scale_variance(d, o, 1, "fan_avg", "uniform");
}

static void glorot_normal(const Draw *d, const Object *o) {
    scale_variance(d, o, 1, "fan_avg", "truncated_normal");
}

static void he_uniform(const Draw *d, const Object *o) {
    scale_variance(d, o, 2, "fan_in", "uniform");
}

static void he_normal(const Draw *d, const Object *o) {
    scale_variance(d, o, 2, "fan_in", "truncated_normal");
}

static void lecun_uniform(const Draw *d, const Object *o) {
    scale_variance(d, o, 1, "fan_in", "uniform");
}

static void lecun_normal(const Draw *d, const Object *o) {
    scale_variance(d, o, 1, "fan_in", "truncated_normal");
}

/* Ones where row and column agree, of a matrix. */
static void identity(const Draw *d, const Object *o) {
    fill(d, 0);
    Shape s = d->weight->shape;
    for (int64_t i = 0; s.rank == 2 && i < s.dim[0] && i < s.dim[1]; i++)
        d->out[i * s.dim[1] + i] = (float)option(o, "gain", 1);
}

/* All axes but the last are the rows of a matrix whose shorter side is made orthonormal. */
static void orthogonal(const Draw *d, const Object *o) {
    Shape s = d->weight->shape;
    int64_t columns = s.rank ? s.dim[s.rank - 1] : 1;
    fill_normal(d, 0, 1);
    if (columns > 0 && d->count > 0)
        orthonormalize(d->out, (int64_t)d->count / columns, columns);
    for (uint64_t i = 0; i < d->count; i++)
        d->out[i] *= (float)option(o, "gain", 1);
}

static const struct Initializer {
    const char *class;
    void (*draw)(const Draw *d, const Object *o);
} initializers[] = {
    {"Ones", ones},
    {"Constant", constant},
    {"RandomUniform", random_uniform},
    {"RandomNormal", random_normal},
    {"TruncatedNormal", truncated_normal},
    {"VarianceScaling", variance_scaling},
    {"GlorotUniform", glorot_uniform},
    {"GlorotNormal", glorot_normal},
    {"HeUniform", he_uniform},
    {"HeNormal", he_normal},
    {"LecunUniform", lecun_uniform},
    {"LecunNormal", lecun_normal},
    {"Identity", identity},
    {"Orthogonal", orthogonal},
};

/* What is not in the table (Zeros; STFT, for spectrograms) is left at zero, as the arena gives it:
 * zeros that nobody writes take no memory. */
static void draw(const Draw *d) {
    const Object *o = d->weight->init;
    for (size_t i = 0; i < COUNT_OF(initializers); i++)
        if (!strcmp(initializers[i].class, o->def->name))
            initializers[i].draw(d, o);
}

void weights_initialize(Model *m, uint64_t seed) {
    for (size_t i = 0; i < m->layers.count; i++) {
        Layer *l = m->layers.at[i];
        for (int k = 0; k < l->nweights; k++) {
            Weight *w = &l->weights[k];
            int64_t count;
            if (w->data || !shape_numel(w->shape, &count))
                continue;
            float *out = arena_array(m->arena, (size_t)count, sizeof *out);
            draw(&(Draw){m->arena, w, out, (uint64_t)count, mix(mix(mix(seed) + i) + (uint64_t)k)});
            w->data = out;
        }
    }
}
