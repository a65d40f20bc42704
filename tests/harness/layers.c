#include "layers.h"

Workbench workbench_new(void) {
    Arena *a = arena_new();
    Workbench b = {.arena = a, .diag = diag_new(a), .names = namer_new(a)};
    b.model = model_new_sequential(a, NULL, b.names, SPAN_NONE);
    return b;
}

void workbench_free(Workbench *b) {
    arena_free(b->arena);
    *b = (Workbench){0};
}

Layer *make(Workbench *b, const char *class_name, ...) {
    CallArgs call = {0};
    va_list args;
    va_start(args, class_name);
    for (const char *name; (name = va_arg(args, const char *));)
        vec_push(b->arena, &call, (CallArg){name, SPAN_NONE, va_arg(args, Value), SPAN_NONE});
    va_end(args);
    return layer_new(b->arena, layer_find(class_name), &call, SPAN_NONE, SPAN_NONE, b->names,
                     b->diag);
}

bool add_input(Workbench *b, Shape shape) {
    Value dims[SHAPE_MAX];
    for (int i = 0; i < shape.rank; i++)
        dims[i] = shape.dim[i] == DIM_NONE ? value_none() : value_int(shape.dim[i]);
    return add(b, "Input", "shape", value_tuple(b->arena, dims, (size_t)shape.rank));
}
