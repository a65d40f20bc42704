#include "saved.h"

#include "formats/config.h"
#include "layer.h"

#include <string.h>

#define SEQUENTIAL(layers)                                                                         \
    "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": [" layers "]}}"
#define INPUT                                                                                      \
    "{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 8, 8, 3], "             \
    "\"sparse\": false, \"ragged\": false, \"name\": \"in\"}}"

static Model *model_of(Saved *s, const char *json, const char *version) {
    Config c = {s->arena, "m.keras", version, s->names, s->diag};
    return config_model(&c, (View){(const unsigned char *)json, strlen(json)});
}

static char *source_of(Saved *s, const Model *m) {
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    source_write(m, NULL, out);
    fclose(out);
    char *copy = arena_strdup(s->arena, text);
    free(text);
    return copy;
}

/* Old spellings and what they are in Keras 3: the layers' line of the source that is written. */
static const struct Dialect {
    const char *config, *line;
} dialects[] = {
    {"{\"class_name\": \"LeakyReLU\", \"config\": {\"alpha\": 0.25}}",
     "LeakyReLU(negative_slope=0.25)"},
    {"{\"class_name\": \"BatchNormalization\", \"config\": {\"axis\": [3], \"momentum\": 0.99, "
     "\"fused\": null, \"trainable\": true}}",
     "BatchNormalization(axis=3)"},
    {"{\"class_name\": \"DepthwiseConv2D\", \"config\": {\"kernel_size\": [3, 3], \"groups\": 1, "
     "\"kernel_initializer\": null, \"depth_multiplier\": 1}}",
     "DepthwiseConv2D((3, 3))"},
    {"{\"class_name\": \"SpatialDropout2D\", \"config\": {\"rate\": 0.5, \"noise_shape\": null, "
     "\"trainable\": true}}",
     "SpatialDropout2D(0.5)"},
    {"{\"class_name\": \"Convolution2D\", \"config\": {\"filters\": 4, \"kernel_size\": [3, 3], "
     "\"activation\": {\"class_name\": \"function\", \"config\": \"relu\", \"module\": "
     "\"builtins\"}}}",
     "Conv2D(4, (3, 3), activation='relu')"},
    {"{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 4, \"kernel_size\": "
     "{\"class_name\": \"__tuple__\", \"items\": [3, 2]}, \"kernel_initializer\": {\"class_name\": "
     "\"VarianceScaling\", \"config\": {\"scale\": 1.0, \"mode\": \"fan_avg\", \"distribution\": "
     "\"uniform\", \"seed\": null, \"dtype\": \"float32\"}}}}",
     "Conv2D(4, (3, 2),\n           "
     "kernel_initializer=initializers.VarianceScaling(mode='fan_avg', "
     "distribution='uniform'))"},
    {"{\"class_name\": \"Dense\", \"config\": {\"units\": 2, \"activation\": {\"class_name\": "
     "\"LeakyReLU\", \"config\": {\"alpha\": 0.5, \"name\": \"a\"}}, \"dtype\": {\"class_name\": "
     "\"Policy\", \"config\": {\"name\": \"float32\"}}}}",
     "Dense(2, activation=LeakyReLU(negative_slope=0.5))"},
    {"{\"class_name\": \"MaxPooling2D\", \"config\": {\"pool_size\": [3, 3], \"strides\": [3, 3], "
     "\"padding\": \"valid\", \"data_format\": \"channels_last\"}}",
     "MaxPooling2D((3, 3))"},
    {"{\"class_name\": \"ZeroPadding2D\", \"config\": {\"padding\": [[2, 2], [1, 1]]}}",
     "ZeroPadding2D((2, 1))"},
};

Test(config, old_spellings_mean_what_they_meant) {
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        Saved s = saved_begin();
        const char *json = arena_printf(s.arena, SEQUENTIAL(INPUT ", %s"), dialects[i].config);
        Model *m = model_of(&s, json, "2.10.0");
        cr_assert_not_null(m, "%s:\n%s", dialects[i].line, saved_text(&s));
        cr_expect_eq(diag_errors(s.diag), 0);
        char *text = source_of(&s, m);
        cr_expect(strstr(text, arena_printf(s.arena, "    %s,\n", dialects[i].line)),
                  "expected %s in\n%s", dialects[i].line, text);
        saved_end(&s);
    }
}

Test(config, a_shape_on_the_first_layer_makes_an_input) {
    Saved s = saved_begin();
    Model *m = model_of(&s,
                        SEQUENTIAL("{\"class_name\": \"Dense\", \"config\": {\"units\": 2, "
                                   "\"batch_input_shape\": [null, 4]}}"),
                        "2.2.4");
    cr_assert_not_null(m, "%s", saved_text(&s));
    cr_assert(model_is_built(m));
    cr_expect_eq(m->layers.count, 1);
    cr_expect_eq(m->input->shape.dim[0], 4);
    saved_end(&s);
}

Test(config, the_shape_of_the_first_call_builds) {
    Saved s = saved_begin();
    Model *m =
        model_of(&s,
                 "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": "
                 "[{\"class_name\": \"Dense\", \"config\": {\"units\": 2}}], "
                 "\"build_input_shape\": [null, 4]}}",
                 "3.0.0");
    cr_assert_not_null(m, "%s", saved_text(&s));
    cr_expect(model_is_built(m));
    saved_end(&s);
}

/* What is refused, and a part of what is said. */
static const char *const refused[][2] = {
    {"{\"class_name\": ", "not JSON"},
    {"[]", "names no class"},
    {"{\"class_name\": \"Sequential\"}", "no list of layers"},
    {"{\"class_name\": \"Functional\", \"config\": {\"name\": \"f\"}}",
     "'f' is a functional model"},
    {"{\"class_name\": \"MyModel\", \"config\": {}}", "a model of the class MyModel"},
    {SEQUENTIAL("{\"class_name\": \"LSTM\", \"config\": {\"name\": \"l\"}}, {\"class_name\": "
                "\"Custom>Foo\", \"config\": {\"name\": \"g\"}}"),
     "2 layers that kmodel does not know: 'l' (LSTM), 'g' (Custom>Foo)"},
    {SEQUENTIAL("{\"class_name\": \"Dense\", \"module\": \"mine\", \"registered_name\": "
                "\"mine>Dense\", \"config\": {\"name\": \"d\"}}"),
     "author's own"},
    {SEQUENTIAL("{\"class_name\": \"Lambda\", \"config\": {\"name\": \"f\"}}"), "never executed"},
    {SEQUENTIAL(INPUT ", {\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": 2, "
                      "\"unitz\": 3}}"),
     "no argument 'unitz'"},
    {SEQUENTIAL(INPUT ", {\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": "
                      "\"x\"}}"),
     "--> m.keras: layer 'd' (Dense)"},
    {SEQUENTIAL("1"), "does not know"},
    {SEQUENTIAL("{\"class_name\": \"Dense\"}"), "has no config"},
};

Test(config, what_is_refused_is_one_error_that_names_it) {
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        Saved s = saved_begin();
        cr_expect_null(model_of(&s, refused[i][0], "3.15.1"));
        cr_expect_eq(diag_errors(s.diag), 1, "%s", refused[i][0]);
        saved_expect(&s, refused[i][1]);
        saved_end(&s);
    }
}

/* Dense(2) on 4 features: 10 trainable parameters; the iteration has 8 bytes. */
static const struct Optimizer {
    const char *json;
    int64_t params, bytes;
} optimizers[] = {
    {"\"sgd\"", 2, 12},
    {"\"adam\"", 22, 92},
    {"{\"class_name\": \"Nadam\", \"config\": {\"learning_rate\": 0.1}}", 23, 96},
    {"{\"class_name\": \"SGD\", \"config\": {\"momentum\": 0.9, \"use_ema\": true}}", 22, 92},
    {"{\"class_name\": \"RMSprop\", \"config\": {\"momentum\": 0.0, \"centered\": true}}", 22, 92},
    {"{\"class_name\": \"Adam\", \"config\": {\"amsgrad\": true, \"learning_rate\": "
     "{\"class_name\": \"ExponentialDecay\"}}}",
     31, 128},
    {"{\"class_name\": \"Custom>Adagrad\", \"config\": {\"learning_rate\": {}}}", 12, 52},
    {"{\"class_name\": \"Mine\"}", 0, 0},
    {"null", 0, 0},
};

Test(config, an_optimizer_counts_for_what_it_is_built_for) {
    for (size_t i = 0; i < COUNT_OF(optimizers); i++) {
        Saved s = saved_begin();
        const char *json = arena_printf(
            s.arena,
            "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": "
            "[{\"class_name\": \"Dense\", \"config\": {\"units\": 2}}], \"build_input_shape\": "
            "[null, 4]}, \"compile_config\": {\"optimizer\": %s}}",
            optimizers[i].json);
        Model *m = model_of(&s, json, "3.15.1"), *old = model_of(&s, json, "2.15.0");
        cr_expect_eq(m->optimizer_params, optimizers[i].params, "%s", json);
        cr_expect_eq(m->optimizer_bytes, optimizers[i].bytes, "%s", json);
        cr_expect_eq(old->optimizer_params, 0);
        saved_end(&s);
    }
}

Test(config, hard_sigmoid_of_keras_2_is_a_warning) {
    static const char json[] =
        SEQUENTIAL(INPUT ", {\"class_name\": \"Activation\", \"config\": {\"name\": \"gate\", "
                         "\"activation\": \"hard_sigmoid\"}}");
    Saved s = saved_begin();
    cr_expect_not_null(model_of(&s, json, "2.10.0"));
    saved_expect(&s, "layer 'gate' was saved by Keras 2.10.0 with hard_sigmoid");
    cr_expect_not_null(model_of(&s, json, "3.15.1"));
    cr_expect_str_eq(saved_text(&s), "");
    saved_end(&s);
}

Test(config, a_long_value_that_layers_share_gets_a_name) {
    static const char dense[] = "{\"class_name\": \"Dense\", \"config\": {\"units\": 2, "
                                "\"kernel_regularizer\": {\"class_name\": \"L2\", \"config\": "
                                "{\"l2\": 0.0001}}}}";
    Saved s = saved_begin();
    Model *m =
        model_of(&s, arena_printf(s.arena, SEQUENTIAL(INPUT ", %s, %s"), dense, dense), NULL);
    char *text = source_of(&s, m);
    cr_expect(strstr(text, "kernel_regularizer = regularizers.L2(l2=0.0001)\n"), "%s", text);
    cr_expect(strstr(text, "    Dense(2, kernel_regularizer=kernel_regularizer),\n"), "%s", text);
    saved_end(&s);
}
