#include "harness/layers.h"

#include <criterion/criterion.h>

static const struct {
    const char *class_name, *snake;
} names[] = {
    {"Conv2D", "conv2d"},
    {"DepthwiseConv2D", "depthwise_conv2d"},
    {"LeakyReLU", "leaky_re_lu"},
    {"PReLU", "p_re_lu"},
    {"ELU", "elu"},
    {"ReLU", "re_lu"},
    {"GlobalAveragePooling2D", "global_average_pooling2d"},
    {"BatchNormalization", "batch_normalization"},
    {"InputLayer", "input_layer"},
    {"UpSampling2D", "up_sampling2d"},
    {"CutMix", "cut_mix"},
};

Test(model, snake_case_as_keras_forms_it) {
    Arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(names); i++)
        cr_assert_str_eq(snake_case(a, names[i].class_name), names[i].snake);
    arena_free(a);
}

Test(model, names_count_up_for_each_class) {
    Arena *a = arena_new();
    Namer *n = namer_new(a);
    cr_assert_str_eq(namer_next(n, "Dense"), "dense");
    cr_assert_str_eq(namer_next(n, "Conv2D"), "conv2d");
    cr_assert_str_eq(namer_next(n, "Dense"), "dense_1");
    cr_assert_str_eq(namer_next(n, "Dense"), "dense_2");
    arena_free(a);
}

Test(model, a_layer_goes_by_all_its_names) {
    cr_assert_eq(layer_find("Convolution2D"), layer_find("Conv2D"));
    cr_assert_eq(layer_find("Input"), layer_find("InputLayer"));
    cr_assert_null(layer_find("conv2d"));
}

Test(model, every_table_of_arguments_is_whole) {
    size_t count;
    const LayerDef *const *all = layer_all(&count);
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < all[i]->class.nargs; k++) {
            const ArgDef *arg = &all[i]->class.args[k];
            cr_assert_not_null(arg->name, "%s, argument %d", all[i]->class.name, k);
            cr_assert(arg->doc || arg->only_default, "%s.%s", all[i]->class.name, arg->name);
        }
}

Test(model, shapes_and_parameters_of_a_network) {
    Workbench b = workbench_new();
    cr_assert(add_input(&b, shape_of(28, 28, 1)));
    cr_assert(add(&b, "Conv2D", "filters", value_int(32), "kernel_size", value_int(3)));
    cr_assert(add(&b, "BatchNormalization"));
    cr_assert(add(&b, "MaxPooling2D"));
    cr_assert(add(&b, "Flatten"));
    cr_assert(add(&b, "Dense", "units", value_int(10)));
    model_verify(b.model);
    cr_assert_str_eq(shape_str(b.arena, b.model->output->shape), "(None, 10)");
    ParamCount count = model_count_params(b.model);
    cr_assert_eq(count.total, 320 + 128 + 54090);
    cr_assert_eq(count.non_trainable, 64);
    cr_assert_eq(count.total_bytes, 4 * count.total);
    const Weight *kernel = &model_find_layer(b.model, "conv2d")->weights[0];
    cr_assert_eq(kernel->fan_in, 9);
    cr_assert_eq(kernel->fan_out, 9 * 32);
    workbench_free(&b);
}

Test(model, layers_wait_for_the_input) {
    Workbench b = workbench_new();
    cr_assert(add(&b, "Dense", "units", value_int(4)));
    cr_assert(add(&b, "Dense", "units", value_int(2)));
    cr_assert_not(model_is_built(b.model));
    cr_assert_eq(model_count_params(b.model).total, 0);
    cr_assert(model_build(b.model, shape_of(3), SPAN_NONE, b.names, b.diag));
    cr_assert(model_is_built(b.model));
    cr_assert_eq(model_count_params(b.model).total, 16 + 10);
    cr_assert_not(model_build(b.model, shape_of(5), SPAN_NONE, b.names, b.diag));
    workbench_free(&b);
}

Test(model, one_mistake_gives_one_error) {
    Workbench b = workbench_new();
    cr_assert(add_input(&b, shape_of(4, 4, 1)));
    cr_assert_not(add(&b, "Conv2D", "filters", value_int(2), "kernel_size", value_int(5)));
    cr_assert(b.model->failed);
    add(&b, "MaxPooling2D");
    add(&b, "Flatten");
    cr_assert_eq(diag_errors(b.diag), 1);
    workbench_free(&b);
}

Test(model, a_frozen_layer_has_no_trainable_weights) {
    Workbench b = workbench_new();
    cr_assert(add_input(&b, shape_of(3)));
    cr_assert(add(&b, "Dense", "units", value_int(4), "trainable", value_bool(false)));
    cr_assert_eq(model_count_params(b.model).trainable, 0);
    cr_assert_eq(model_count_params(b.model).non_trainable, 16);
    workbench_free(&b);
}
