#include "harness/layers.h"

#include <criterion/criterion.h>

static int count_kind(const Ops *g, OpKind kind) {
    int n = 0;
    for (size_t i = 0; i < g->ops.count; i++)
        n += g->ops.at[i]->kind == kind;
    return n;
}

static Ops *lowered(Workbench *b) {
    Ops *g = lower(b->arena, b->model, b->diag);
    if (g)
        ops_verify(g);
    return g;
}

Test(lower, layers_that_only_train_leave_no_op) {
    Workbench b = workbench_new();
    add_input(&b, shape_of(4));
    add(&b, "Dropout", "rate", value_float(0.5));
    add(&b, "Activation", "activation", value_none());
    Ops *g = lowered(&b);
    cr_assert_not_null(g);
    cr_assert_eq(g->ops.count, 1);
    cr_assert_eq(g->output, g->input);
    workbench_free(&b);
}

Test(lower, channels_first_goes_through_transposes) {
    Workbench b = workbench_new();
    add_input(&b, shape_of(3, 8, 9));
    add(&b, "Conv2D", "filters", value_int(5), "kernel_size", value_int(3), "data_format",
        value_str(b.arena, "channels_first"));
    Ops *g = lowered(&b);
    cr_assert_not_null(g);
    cr_assert_eq(count_kind(g, OP_TRANSPOSE), 2);
    cr_assert_str_eq(shape_str_dims(b.arena, g->output->shape), "(5, 6, 7)");
    workbench_free(&b);
}

Test(lower, a_model_without_sizes_is_an_error) {
    Workbench b = workbench_new();
    add_input(&b, shape_of(DIM_NONE, 3));
    add(&b, "Dense", "units", value_int(4));
    cr_assert_eq(diag_errors(b.diag), 0);
    cr_assert_null(lowered(&b));
    cr_assert_eq(diag_errors(b.diag), 1);
    workbench_free(&b);
}

Test(lower, an_unbuilt_model_is_an_error) {
    Workbench b = workbench_new();
    add(&b, "Dense", "units", value_int(4));
    cr_assert_null(lowered(&b));
    cr_assert_eq(diag_errors(b.diag), 1);
    workbench_free(&b);
}

Test(lower, glu_halves_the_last_layer_and_no_other) {
    Workbench b = workbench_new();
    add_input(&b, shape_of(8));
    add(&b, "Dense", "units", value_int(6), "activation", value_str(b.arena, "glu"));
    Ops *g = lowered(&b);
    cr_assert_not_null(g);
    cr_assert_eq(op_numel(g->output), 3);
    add(&b, "Dense", "units", value_int(4));
    cr_assert_null(lowered(&b));
    cr_assert_eq(diag_errors(b.diag), 1);
    workbench_free(&b);
}

/* Whatever Keras calls an activation can be lowered, except the one that needs arguments. */
Test(lower, every_activation_has_a_meaning) {
    for (size_t i = 0; i < activation_nnames; i++) {
        Workbench b = workbench_new();
        add_input(&b, shape_of(4));
        bool ok = add(&b, "Activation", "activation", value_str(b.arena, activation_names[i]));
        cr_assert_eq(ok, strcmp(activation_names[i], "threshold") != 0, "%s", activation_names[i]);
        cr_assert(!ok || lowered(&b), "%s", activation_names[i]);
        workbench_free(&b);
    }
}
