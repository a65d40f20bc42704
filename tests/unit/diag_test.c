#include "diag.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char text[] = "model = Sequential([\n"
                           "    MaxPooling2D((2, 2)),\n"
                           "\tConv2D(64, (3, 3)),\n"
                           "])\n";

typedef struct Fixture {
    Arena *arena;
    Diag *diag;
} Fixture;

static Fixture start(void) {
    Fixture f = {.arena = arena_new()};
    f.diag = diag_new(f.arena);
    diag_set_source(f.diag, source_from_text(f.arena, "net.kmodel", text, strlen(text)));
    return f;
}

static Span span_of(const char *needle) {
    uint32_t begin = (uint32_t)(strstr(text, needle) - text);
    return (Span){begin, begin + (uint32_t)strlen(needle)};
}

static void expect_printed(Fixture f, const char *expected) {
    char *printed;
    size_t size;
    FILE *out = open_memstream(&printed, &size);
    diag_flush(f.diag, out);
    fclose(out);
    cr_expect_str_eq(printed, expected);
    free(printed);
    arena_free(f.arena);
}

Test(diag, shows_both_places_and_the_cure) {
    Fixture f = start();
    cr_expect_not(diag_error(f.diag, DIAG_window_too_large, span_of("Conv2D"), "no %s", "room"));
    diag_label(f.diag, "output would be %s", "(None, 0, 0, 64)");
    diag_note(f.diag, span_of("MaxPooling2D((2, 2))"), "this layer's output");
    diag_note(f.diag, span_of("(2, 2)"), "its window");
    diag_note(f.diag, SPAN_NONE, "of no place");
    diag_help(f.diag, "use padding='same'");
    expect_printed(f, "error[KM0203]: no room\n"
                      "  --> net.kmodel:3:2\n"
                      "   |\n"
                      " 3 | \tConv2D(64, (3, 3)),\n"
                      "   | \t^^^^^^ output would be (None, 0, 0, 64)\n"
                      "   |\n"
                      " 2 |     MaxPooling2D((2, 2)),\n"
                      "   |     -------------------- this layer's output\n"
                      "   |                  ------ its window\n"
                      "   = note: of no place\n"
                      "   = help: use padding='same'\n");
}

Test(diag, one_mistake_gives_one_error) {
    Fixture f = start();
    diag_error(f.diag, DIAG_window_too_large, span_of("Conv2D"), "first");
    diag_error(f.diag, DIAG_window_too_large, span_of("Conv2D"), "second");
    diag_help(f.diag, "belongs to the dropped one");
    diag_warning(f.diag, DIAG_window_too_large, span_of("64"), "other place");
    cr_expect_eq(diag_errors(f.diag), 1);
    expect_printed(f, "error[KM0203]: first\n"
                      "  --> net.kmodel:3:2\n"
                      "   |\n"
                      " 3 | \tConv2D(64, (3, 3)),\n"
                      "   | \t^^^^^^\n"
                      "\n"
                      "warning[KM0203]: other place\n"
                      "  --> net.kmodel:3:9\n"
                      "   |\n"
                      " 3 | \tConv2D(64, (3, 3)),\n"
                      "   | \t       ^^\n");
}

Test(diag, a_file_is_named_and_the_layer_shown) {
    Fixture f = start();
    diag_file_error(f.diag, DIAG_window_too_large, "w.h5", "kernel does not fit");
    diag_note(f.diag, span_of("Conv2D"), "the layer");
    expect_printed(f, "error[KM0203]: kernel does not fit\n"
                      "  --> w.h5\n"
                      "  --> net.kmodel:3:2\n"
                      "   |\n"
                      " 3 | \tConv2D(64, (3, 3)),\n"
                      "   | \t------ the layer\n");
}

Test(diag, json_is_one_line) {
    Fixture f = start();
    diag_set_format(f.diag, DIAG_JSON, false);
    diag_error(f.diag, DIAG_window_too_large, span_of("64"), "a \"quote\" and \xFF");
    diag_help(f.diag, "cure");
    expect_printed(
        f, "{\"severity\":\"error\",\"code\":\"KM0203\",\"message\":\"a \\\"quote\\\" and "
           "\\ufffd\",\"file\":\"net.kmodel\",\"range\":{\"start\":{\"line\":3,\"column\":9,"
           "\"offset\":55},\"end\":{\"line\":3,\"column\":11,\"offset\":57}},\"notes\":[],"
           "\"help\":[\"cure\"]}\n");
}

Test(diag, nearest_name) {
    static const char *const names[] = {"units", "activation", "use_bias", "Conv2D", NULL};
    cr_expect_str_eq(diag_did_you_mean("unit", names, 5), "units");
    cr_expect_str_eq(diag_did_you_mean("conv2d", names, 5), "Conv2D");
    cr_expect_str_eq(diag_did_you_mean("actvation", names, 5), "activation");
    cr_expect_null(diag_did_you_mean("banana", names, 5));
    cr_expect_null(diag_did_you_mean("", names, 5));
}
