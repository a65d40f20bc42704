/* --init draws from the distributions that Keras draws from. The numbers are what Keras 3.15
 * measured over 25 seeds of a (400, 100) kernel; for bounded ones, its smallest and largest. */
#include "saved.h"

#include "formats/config.h"
#include "layer.h"

#include <math.h>

#define INPUT(shape)                                                                               \
    "{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": " shape ", \"name\": \"in\"}}"
#define SEQUENTIAL                                                                                 \
    "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": [%s, %s]}}"
#define DENSE                                                                                      \
    "{\"class_name\": \"Dense\", \"config\": {\"units\": %d, \"kernel_initializer\": "             \
    "{\"class_name\": \"%s\", \"config\": {%s}}}}"
#define CONV "{\"class_name\": \"%s\", \"config\": {%s\"kernel_size\": [3, 3], \"%s\": \"%s\"}}"

/* The first weight of the layer after the input, drawn. */
static const Weight *drawn(Saved *s, const char *input, const char *layer, int seed) {
    char *json = arena_printf(s->arena, SEQUENTIAL, input, layer);
    Config c = {s->arena, "m.keras", "3.15.1", s->names, s->diag};
    Model *m = config_model(&c, (View){(const unsigned char *)json, strlen(json)});
    cr_assert_not_null(m, "%s", saved_text(s));
    weights_initialize(m, (uint64_t)seed);
    return m->layers.at[0]->weights;
}

typedef struct Moments {
    double mean, deviation, low, high;
} Moments;

static Moments moments(const Weight *w) {
    int64_t n;
    Moments m = {.low = INFINITY, .high = -INFINITY};
    double squares = 0;
    cr_assert(shape_numel(w->shape, &n));
    for (int64_t i = 0; i < n; i++) {
        m.mean += w->data[i] / (double)n;
        m.low = fmin(m.low, w->data[i]);
        m.high = fmax(m.high, w->data[i]);
    }
    for (int64_t i = 0; i < n; i++)
        squares += (w->data[i] - m.mean) * (w->data[i] - m.mean);
    m.deviation = sqrt(squares / (double)n);
    return m;
}

static const struct Distribution {
    const char *class, *config;
    double mean, deviation, low, high; /* low = high = 0: not bounded */
} distributions[] = {
    {"RandomNormal", "\"mean\": 0.5, \"stddev\": 0.2", 0.5, 0.2, 0, 0},
    {"RandomUniform", "\"minval\": -0.3, \"maxval\": 0.1", -0.1, 0.11547, -0.3, 0.1},
    {"TruncatedNormal", "\"mean\": 0.1, \"stddev\": 0.2", 0.1, 0.17597, -0.3, 0.5},
    {"GlorotUniform", "", 0, 0.063246, -0.10954, 0.10954},
    {"GlorotNormal", "", 0, 0.063246, -0.1438, 0.1438},
    {"HeUniform", "", 0, 0.070711, -0.12247, 0.12247},
    {"HeNormal", "", 0, 0.070711, -0.16077, 0.16077},
    {"LecunUniform", "", 0, 0.05, -0.0866, 0.0866},
    {"LecunNormal", "", 0, 0.05, -0.11368, 0.11368},
    {"VarianceScaling",
     "\"scale\": 2.0, \"mode\": \"fan_out\", \"distribution\": "
     "\"uniform\"",
     0, 0.141421, -0.24495, 0.24495},
    {"VarianceScaling",
     "\"scale\": 0.5, \"mode\": \"fan_avg\", \"distribution\": "
     "\"untruncated_normal\"",
     0, 0.044721, 0, 0},
    {"VarianceScaling",
     "\"scale\": 3.0, \"mode\": \"fan_in\", \"distribution\": "
     "\"truncated_normal\"",
     0, 0.086603, -0.19691, 0.19691},
    {"Constant", "\"value\": 0.25", 0.25, 0, 0.25, 0.25},
    {"Zeros", "", 0, 0, 0, 0},
    {"Ones", "", 1, 0, 1, 1},
};

/* Of 40000 values: five standard errors of the mean, two hundredths of the deviation; the ends are
 * not passed, and nearly reached. */
static void expect_distribution(const struct Distribution *e, int seed) {
    Saved s = saved_begin();
    char *layer = arena_printf(s.arena, DENSE, 100, e->class, e->config);
    Moments m = moments(drawn(&s, INPUT("[null, 400]"), layer, seed));
    cr_expect_float_eq(m.mean, e->mean, e->deviation / 40 + 1e-7, "%s: mean %g", e->class, m.mean);
    cr_expect_float_eq(m.deviation, e->deviation, e->deviation / 50 + 1e-7, "%s: deviation %g",
                       e->class, m.deviation);
    if (e->low < e->high) {
        double near = (e->high - e->low) / 100;
        cr_expect(m.low >= e->low - 1e-5 && m.low < e->low + near, "%s: %g", e->class, m.low);
        cr_expect(m.high <= e->high + 1e-5 && m.high > e->high - near, "%s: %g", e->class, m.high);
    }
    saved_end(&s);
}

Test(initialize, distributions_are_those_of_keras) {
    for (size_t i = 0; i < COUNT_OF(distributions); i++)
        for (int seed = 1; seed <= 3; seed++)
            expect_distribution(&distributions[i], seed);
}

/* A window's cells count in both fans; a depthwise kernel's last axis is its multiplier. */
Test(initialize, fans_of_windows_are_those_of_keras) {
    static const char input[] = INPUT("[null, 8, 8, 32]");
    Saved s = saved_begin();
    char *conv = arena_printf(s.arena, CONV, "Conv2D", "\"filters\": 64, ", "kernel_initializer",
                              "he_normal");
    char *depthwise = arena_printf(s.arena, CONV, "DepthwiseConv2D", "\"depth_multiplier\": 8, ",
                                   "depthwise_initializer", "glorot_uniform");
    cr_expect_float_eq(moments(drawn(&s, input, conv, 1)).deviation, sqrt(2. / (9 * 32)), 2e-3);
    cr_expect_float_eq(moments(drawn(&s, input, depthwise, 1)).deviation,
                       sqrt(2. / (9 * 32 + 9 * 8)), 4e-3);
    saved_end(&s);
}

/* Along the shorter side, every two vectors of a matrix: the product is gain^2 or 0. */
static void expect_orthogonal(const float *data, int rows, int columns, double gain) {
    int count = rows < columns ? rows : columns, length = rows < columns ? columns : rows;
    int step = rows < columns ? 1 : columns, next = rows < columns ? columns : 1;
    for (int i = 0; i < count; i++)
        for (int k = 0; k <= i; k++) {
            double product = 0;
            for (int j = 0; j < length; j++)
                product += (double)data[i * next + j * step] * data[k * next + j * step];
            cr_assert_float_eq(product, i == k ? gain * gain : 0, 1e-5, "%d x %d: %d, %d: %g", rows,
                               columns, i, k, product);
        }
}

Test(initialize, orthogonal_matrices_are_orthogonal) {
    static const char *const inputs[] = {INPUT("[null, 60]"), INPUT("[null, 30]")};
    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        Saved s = saved_begin();
        char *layer = arena_printf(s.arena, DENSE, 45, "Orthogonal", "\"gain\": 1.5");
        const Weight *w = drawn(&s, inputs[i], layer, 7);
        expect_orthogonal(w->data, (int)w->shape.dim[0], (int)w->shape.dim[1], 1.5);
        saved_end(&s);
    }
    Saved s = saved_begin();
    char *conv = arena_printf(s.arena, CONV, "Conv2D", "\"filters\": 20, ", "kernel_initializer",
                              "orthogonal");
    expect_orthogonal(drawn(&s, INPUT("[null, 8, 8, 4]"), conv, 7)->data, 36, 20, 1);
    saved_end(&s);
}

Test(initialize, an_identity_has_its_gain_on_the_diagonal) {
    Saved s = saved_begin();
    char *layer = arena_printf(s.arena, DENSE, 5, "Identity", "\"gain\": 2.0");
    const Weight *w = drawn(&s, INPUT("[null, 4]"), layer, 1);
    for (int i = 0; i < 20; i++)
        cr_expect_eq(w->data[i], i / 5 == i % 5 ? 2 : 0);
    saved_end(&s);
}
