/* Binding a call to a class, on a class made for the purpose. */
#include "class.h"

#include <criterion/criterion.h>
#include <string.h>

enum { UNITS, RATE, PADDING, SIZE, PAIRS, BIAS, INITIALIZER, ACTIVATION, LORA, NARGS };

static const char *const paddings[] = {"valid", "same", NULL};

static const ArgDef args[NARGS] = {
    [UNITS] = {"units", ARG_INT, .required = true, .has_min = true, .min = 1},
    [RATE] = {"rate", ARG_FLOAT, .fallback = VALUE_AS_FLOAT(0.5), .old_name = "p"},
    [PADDING] = {"padding", ARG_CHOICE, .choices = paddings, .any_case = true,
                 .fallback = VALUE_AS_STR("valid")},
    [SIZE] = {"kernel_size", ARG_INTS, .count = 2, .fallback = VALUE_AS_INT(3)},
    [PAIRS] = {"cropping", ARG_PAIRS, .count = 2, .fallback = VALUE_AS_INT(0)},
    [BIAS] = {"use_bias", ARG_BOOL, .fallback = VALUE_AS_BOOL(true)},
    [INITIALIZER] = {"kernel_initializer", ARG_INITIALIZER,
                     .fallback = VALUE_AS_STR("glorot_uniform")},
    [ACTIVATION] = {"activation", ARG_ACTIVATION, .fallback = VALUE_AS_NONE},
    [LORA] = {"lora_rank", ARG_INT, .nullable = true, .fallback = VALUE_AS_NONE,
              .only_default = "not yet"},
};
static const ClassDef thing = {"Thing", "keras.layers", .args = args, .nargs = NARGS};

typedef struct Fixture {
    Arena *arena;
    Diag *diag;
    CallArgs call;
    Object object;
    bool ok;
} Fixture;

static Fixture start(void) {
    Fixture f = {.arena = arena_new()};
    f.diag = diag_new(f.arena);
    return f;
}

static void give(Fixture *f, const char *name, Value v) {
    uint32_t at = (uint32_t)f->call.count * 10; /* each mistake at a place of its own */
    Span span = {at, at + 1};
    vec_push(f->arena, &f->call, (CallArg){name, span, v, span});
}

static void bind(Fixture *f) {
    f->object.span = f->object.call_span = (Span){900, 901};
    f->ok = class_bind(&thing, &f->call, &f->object, NULL, 0, NULL, f->arena, f->diag);
}

static void expect_error(const char *name, Value v, const char *code) {
    Fixture f = start();
    char *printed;
    size_t size;
    if (!name || strcmp(name, "units"))
        give(&f, "units", value_int(3));
    give(&f, name, v);
    bind(&f);
    FILE *out = open_memstream(&printed, &size);
    diag_flush(f.diag, out);
    fclose(out);
    cr_expect(!f.ok, "%s", name);
    cr_expect_eq(diag_errors(f.diag), 1);
    cr_expect_not_null(strstr(printed, code), "%s: %s", name, printed);
    free(printed);
    arena_free(f.arena);
}

Test(class, defaults_are_bound_in_their_form) {
    Fixture f = start();
    give(&f, NULL, value_int(8));
    bind(&f);
    cr_assert(f.ok);
    cr_expect_eq(arg_int(&f.object, UNITS), 8);
    cr_expect_eq(arg_int_at(&f.object, SIZE, 1), 3);
    cr_expect_str_eq(f.object.args[INITIALIZER].u.object->def->name, "GlorotUniform");
    cr_expect(arg_is_none(&f.object, ACTIVATION));
    cr_expect(f.object.given[UNITS] && !f.object.given[RATE]);
    arena_free(f.arena);
}

Test(class, values_are_brought_into_their_form) {
    Fixture f = start();
    give(&f, "units", value_int(8));
    give(&f, "rate", value_int(1));
    give(&f, "padding", value_str(f.arena, "SAME"));
    give(&f, "use_bias", value_int(0));
    give(&f, "cropping", value_int(2));
    give(&f, "kernel_initializer", value_str(f.arena, "normal"));
    bind(&f);
    cr_assert(f.ok);
    cr_expect_eq(arg_float(&f.object, RATE), 1.0);
    cr_expect_str_eq(arg_str(&f.object, PADDING), "same");
    cr_expect(!arg_bool(&f.object, BIAS));
    cr_expect_str_eq(value_repr(f.arena, f.object.args[PAIRS]), "((2, 2), (2, 2))");
    cr_expect_str_eq(f.object.args[INITIALIZER].u.object->def->name, "RandomNormal");
    arena_free(f.arena);
}

Test(class, each_mistake_is_one_error) {
    Arena *a = arena_new();
    Value three[] = {value_int(1), value_int(2), value_int(3)};
    expect_error("unit", value_int(3), "KM0107");
    expect_error(NULL, value_int(3), "KM0109");
    expect_error("units", value_float(3), "KM0111");
    expect_error("units", value_none(), "KM0111");
    expect_error("units", value_int(0), "KM0113");
    expect_error("padding", value_str(a, "sam"), "KM0112");
    expect_error("kernel_size", value_tuple(a, three, 3), "KM0111");
    expect_error("cropping", value_tuple(a, three, 3), "KM0111");
    expect_error("use_bias", value_str(a, "no"), "KM0111");
    expect_error("kernel_initializer", value_str(a, "he_norm"), "KM0112");
    expect_error("activation", value_str(a, "Relu"), "KM0112");
    expect_error("lora_rank", value_int(2), "KM0601");
    arena_free(a);
}

Test(class, unknown_values_are_quiet) {
    Fixture f = start();
    give(&f, "units", (Value){.kind = VALUE_UNKNOWN});
    bind(&f);
    cr_expect(!f.ok);
    cr_expect_eq(diag_errors(f.diag), 0);
    arena_free(f.arena);
}

Test(class, an_old_spelling_is_taken_with_a_warning) {
    Fixture f = start();
    give(&f, "units", value_int(3));
    give(&f, "p", value_float(0.1));
    bind(&f);
    cr_expect(f.ok);
    cr_expect_eq(arg_float(&f.object, RATE), 0.1);
    arena_free(f.arena);
}

Test(configs, are_found_by_every_name_that_keras_has) {
    cr_expect_str_eq(config_exported("keras.regularizers", "l1_l2")->name, "L1L2");
    cr_expect_null(config_for_string("keras.regularizers", "l1_l2"));
    cr_expect_str_eq(config_for_string("keras.regularizers", "l1l2")->name, "L1L2");
    cr_expect_str_eq(config_for_string("keras.initializers", "uniform")->name, "RandomUniform");
    cr_expect_null(config_exported("keras.initializers", "uniform"));
    cr_expect_str_eq(config_for_string("keras.optimizers", "ADAM")->name, "Adam");
    cr_expect_str_eq(config_exported("keras.initializers", "he_normal")->name, "HeNormal");
    cr_expect_null(config_find("keras.losses", "Adam"));
}
