#include "saved.h"

#include "formats/config.h"
#include "layer.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* The model of tests/formats/, with one layer as JSON in place of the last. */
#define TINY(last)                                                                                 \
    "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"tiny\", \"layers\": ["              \
    "{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 6, 6, 1]}},"            \
    "{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 2, \"kernel_size\": [3, 3]}},"         \
    "{\"class_name\": \"BatchNormalization\", \"config\": {}},"                                    \
    "{\"class_name\": \"Flatten\", \"config\": {}}" last "]}}"
#define DENSE(config) ", {\"class_name\": \"Dense\", \"config\": {" config "}}"

static const char *const whole[] = {"tests/formats/keras3.keras", "tests/formats/keras3.h5",
                                    "tests/formats/keras2.keras", "tests/formats/keras2.h5"};
static const char *const weights[] = {"tests/formats/keras3.keras",
                                      "tests/formats/keras3.h5",
                                      "tests/formats/keras2.keras",
                                      "tests/formats/keras2.h5",
                                      "tests/formats/keras3.weights.h5",
                                      "tests/formats/keras2.weights.h5",
                                      "tests/formats/keras2-legacy-weights.h5"};

static Model *model_of(Saved *s, const char *json) {
    Config c = {s->arena, "m.json", "3.15.1", s->names, s->diag};
    Model *m = config_model(&c, (View){(const unsigned char *)json, strlen(json)});
    cr_assert_not_null(m, "%s", saved_text(s));
    return m;
}

/* The files hold i / 8 + n at element i of weight n, counted as model.weights. */
static void expect_values(const Model *m, const char *path) {
    int n = 0;
    for (size_t i = 0; i < m->layers.count; i++)
        for (int k = 0; k < m->layers.at[i]->nweights; k++, n++) {
            const Weight *w = &m->layers.at[i]->weights[k];
            int64_t count;
            cr_assert(w->data && shape_numel(w->shape, &count), "%s: %s", path, w->name);
            for (int64_t e = 0; e < count; e++)
                cr_expect_float_eq(w->data[e], (float)e / 8 + (float)n, 0, "%s: %s[%d]", path,
                                   w->name, (int)e);
        }
    cr_expect_eq(n, 8);
}

Test(bind, every_format_holds_the_same_model) {
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        Saved s = saved_begin();
        Model *m = format_import(s.arena, whole[i], s.files, s.names, s.diag);
        cr_assert_not_null(m, "%s", saved_text(&s));
        cr_expect_str_eq(m->name, "tiny");
        expect_values(m, whole[i]);
        saved_end(&s);
    }
}

Test(bind, weights_go_into_a_model_of_ones_own) {
    for (size_t i = 0; i < COUNT_OF(weights); i++) {
        Saved s = saved_begin();
        Model *m = model_of(&s, TINY(DENSE("\"units\": 3, \"name\": \"another_name\"")));
        cr_assert(format_load_weights(m, weights[i], s.files, s.diag), "%s", saved_text(&s));
        expect_values(m, weights[i]);
        saved_end(&s);
    }
}

/* A model that does not fit, and what is said with a Keras-3 file and with a legacy one. */
static const struct Misfit {
    const char *json, *keras3, *legacy;
} misfits[] = {
    {TINY(DENSE("\"units\": 4, \"name\": \"d\"")),
     "'kernel' of layer 'd' (Dense) has shape (32, 4) in the model, but (32, 3) in the file",
     "'kernel' of layer 'd' (Dense) has shape (32, 4) in the model, but (32, 3) in the file"},
    {TINY(DENSE("\"units\": 3, \"use_bias\": false, \"name\": \"d\"")),
     "layer 'd' (Dense) has 1 weight (kernel), but the file has 2 for it: (32, 3), (3,)",
     "help: the saved layer has a bias: leave use_bias=False out"},
    {"{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": "
     "[{\"class_name\": \"Dense\", \"config\": {\"units\": 32}}], \"build_input_shape\": "
     "[null, 3]}}",
     "help: the file has it transposed", "the file has weights for 3 layers, but the model has 1 layer"},
    {TINY(""), "the file has 2 weights at 'layers/dense', for which the model has no layer",
     "the file has weights for 3 layers, but the model has 2 layers with weights"},
    {TINY(DENSE("\"units\": 3") DENSE("\"units\": 2, \"name\": \"more\"")),
     "layer 'more' (Dense) needs 2 weights (kernel, bias), but the file has none for it",
     "the model's 'more' (Dense) is not in the file"},
};

Test(bind, each_mismatch_says_layer_weight_and_shapes) {
    for (size_t i = 0; i < COUNT_OF(misfits); i++) {
        Saved s = saved_begin();
        Model *m = model_of(&s, misfits[i].json);
        cr_expect_not(format_load_weights(m, "tests/formats/keras3.weights.h5", s.files, s.diag));
        saved_expect(&s, misfits[i].keras3);
        cr_expect_not(format_load_weights(m, "tests/formats/keras3.h5", s.files, s.diag));
        saved_expect(&s, misfits[i].legacy);
        saved_end(&s);
    }
}

Test(bind, saved_weights_are_loaded_again) {
    Saved s = saved_begin();
    Model *m = format_import(s.arena, whole[0], s.files, s.names, s.diag);
    const char *path = arena_printf(s.arena, "/tmp/kmodel-bind-test-%d.weights.h5", (int)getpid());
    cr_assert(format_save_weights(m, path, s.diag));
    Model *again = model_of(&s, TINY(DENSE("\"units\": 3")));
    cr_expect(format_load_weights(again, path, s.files, s.diag), "%s", saved_text(&s));
    expect_values(again, path);
    remove(path);
    cr_expect_not(format_save_weights(m, "/no/such/folder/w.weights.h5", s.diag));
    saved_expect(&s, "cannot write this file: No such file");
    saved_end(&s);
}

Test(bind, initial_values_depend_on_the_seed_alone) {
    Saved s = saved_begin();
    const char *json = TINY(DENSE("\"units\": 64, \"kernel_initializer\": \"he_normal\"")
                                DENSE("\"units\": 64, \"kernel_initializer\": \"orthogonal\""));
    Model *a = model_of(&s, json), *b = model_of(&s, json), *c = model_of(&s, json);
    weights_initialize(a, 1);
    weights_initialize(b, 1);
    weights_initialize(c, 2);
    const Weight *w = a->layers.at[3]->weights, *q = a->layers.at[4]->weights;
    int64_t count = w->shape.dim[0] * w->shape.dim[1];
    cr_expect_arr_eq(w->data, b->layers.at[3]->weights->data, (size_t)count * sizeof(float));
    cr_expect(memcmp(w->data, c->layers.at[3]->weights->data, (size_t)count * sizeof(float)));
    double sum = 0, squares = 0, most = 0, along = 0, across = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += w->data[i];
        squares += w->data[i] * w->data[i];
        most = fmax(most, fabs(w->data[i]));
    }
    double deviation = sqrt(2.0 / (double)w->shape.dim[0]);
    cr_expect_float_eq(sum / (double)count, 0, deviation * 0.1);
    cr_expect_float_eq(sqrt(squares / (double)count), deviation, deviation * 0.1);
    cr_expect_lt(most, 2 * deviation / 0.8796);
    for (int i = 0; i < 64; i++) {
        along += q->data[i * 64] * q->data[i * 64];
        across += q->data[i * 64] * q->data[i * 64 + 1];
    }
    cr_expect_float_eq(along, 1, 1e-5);
    cr_expect_float_eq(across, 0, 1e-5);
    saved_end(&s);
}

/* The head of a file, and a part of what is said about it. */
static const char *const strangers[][2] = {
    {"", "this file is empty"},
    {"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"},
    {"  <!DOCTYPE html><html>", "an HTML page"},
    {"LDMK\1\2\3", "nncase"},
    {"\x80\4\x95", "a Python pickle"},
    {"{\"modelTopology\": {}}", "TensorFlow.js"},
    {"{\"class_name\": \"Sequential\"}", "an architecture as JSON"},
    {"\x7F"
     "ELF",
     "a program"},
};

Test(sniff, strangers_are_called_by_their_names) {
    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        Saved s = saved_begin();
        const char *path = arena_printf(s.arena, "/tmp/kmodel-sniff-test-%d", (int)getpid());
        FILE *out = fopen(path, "wb");
        fputs(strangers[i][0], out);
        fclose(out);
        cr_expect_eq(format_sniff(path, s.diag), FORMAT_UNKNOWN);
        saved_expect(&s, strangers[i][1]);
        remove(path);
        saved_end(&s);
    }
}
