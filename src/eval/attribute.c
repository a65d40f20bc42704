/* object.name, for every kind of value. */
#include "builtin_args.h"
#include "layer.h"
#include "names.h"

#include <string.h>

static const BuiltinTable *methods_of(Value object) {
    switch (object.kind) {
    case VALUE_STR:
        return &str_methods;
    case VALUE_LIST:
        return &list_methods;
    case VALUE_TUPLE:
        return &tuple_methods;
    case VALUE_DICT:
        return &dict_methods;
    default:
        return NULL;
    }
}

Value eval_bind(Eval *e, const Builtin *method, Value self) {
    Builtin *bound = arena_alloc(e->arena, sizeof *bound);
    *bound = *method;
    bound->self = self;
    return (Value){.kind = VALUE_BUILTIN, .u.builtin = bound};
}

Value method_find(Eval *e, Value object, const char *name) {
    const BuiltinTable *methods = methods_of(object);
    const Builtin *method = methods ? table_find(methods, name) : NULL;
    return method ? eval_bind(e, method, object) : UNKNOWN;
}

static Value no_attribute(Eval *e, Value object, Name name) {
    NameList names = {0};
    const BuiltinTable *methods = methods_of(object);
    const ClassDef *class = object.kind == VALUE_OBJECT  ? object.u.object->def
                            : object.kind == VALUE_LAYER ? &object.u.layer->def->class
                                                         : NULL;
    for (size_t i = 0; methods && i < methods->count; i++)
        vec_push(e->arena, &names, methods->rows[i].name);
    for (int i = 0; class && i < class->nargs; i++)
        vec_push(e->arena, &names, class->args[i].name);
    instance_names(e->arena, object, &names);
    if (object.kind == VALUE_NONE && e->none_reported)
        return UNKNOWN;
    e->none_reported |= object.kind == VALUE_NONE;
    eval_error(e, DIAG_unknown_attribute, name.span, "%s has no attribute '%s'",
               value_described(e->arena, object), name.text);
    const char *near = diag_did_you_mean(name.text, names.at, names.count);
    if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
    else if (object.kind == VALUE_NONE)
        diag_help(e->diag, "methods such as add() give None: call them in a line of their own");
    return UNKNOWN;
}

static Value module_attribute(Eval *e, const char *module, Name name) {
    Value v;
    return names_member(e, module, name.text, &v) ? v
                                                  : names_missing(e, module, name.text, name.span);
}

Value shape_value(Eval *e, Shape s) {
    if (!shape_is_known(s))
        return UNKNOWN;
    Value dims[SHAPE_MAX + 1];
    for (int i = -1; i < s.rank; i++) {
        int64_t length = i < 0 ? s.batch : s.dim[i];
        dims[i + 1] = length == DIM_NONE ? value_none() : value_int(length);
    }
    return value_tuple(e->arena, dims, (size_t)s.rank + 1);
}

/* Keras's name of a tensor's type. */
static const char *dtype_text(DType dtype) {
    static const char *const names[] = {
        [DTYPE_FLOAT32] = "float32", [DTYPE_FLOAT64] = "float64",   [DTYPE_FLOAT16] = "float16",
        [DTYPE_INT32] = "int32",     [DTYPE_BFLOAT16] = "bfloat16", [DTYPE_INT64] = "int64",
        [DTYPE_UINT8] = "uint8",     [DTYPE_BOOL] = "bool",
    };
    return names[dtype];
}

static bool tensor_attribute(Eval *e, const Tensor *t, const char *name, Value *out) {
    if (!strcmp(name, "shape"))
        *out = shape_value(e, t->shape);
    else if (!strcmp(name, "dtype"))
        *out = value_str(e->arena, dtype_text(t->dtype));
    else
        return false;
    return true;
}

/* keras.regularizers.L2(0.01).l2: what it was made with. */
static bool object_attribute(const Object *o, const char *name, Value *out) {
    int arg = class_arg(o->def, name);
    if (arg >= 0)
        *out = o->args[arg];
    return arg >= 0;
}

static const char *name_of(Value v) {
    switch (v.kind) {
    case VALUE_FUNCTION:
        return v.u.function->name;
    case VALUE_BUILTIN:
        return v.u.builtin->name;
    case VALUE_CLASS:
        return v.u.class_def->name;
    case VALUE_MODULE:
        return v.u.module;
    default:
        return NULL;
    }
}

static bool find(Eval *e, Value object, Name name, Value *out) {
    const char *own = name_of(object);
    if (own && !strcmp(name.text, "__name__")) {
        *out = value_str(e->arena, own);
        return true;
    }
    switch (object.kind) {
    case VALUE_LAYER:
        return layer_attribute(e, object, name, out);
    case VALUE_MODEL:
        return model_attribute(e, object, name, out);
    case VALUE_TENSOR:
        return tensor_attribute(e, object.u.tensor, name.text, out);
    case VALUE_OBJECT:
        return object_attribute(object.u.object, name.text, out);
    default:
        *out = method_find(e, object, name.text);
        return out->kind != VALUE_UNKNOWN;
    }
}

Value eval_attribute(Eval *e, Value object, Name name) {
    Value v;
    if (object.kind == VALUE_UNKNOWN)
        return object;
    if (find(e, object, name, &v))
        return v;
    if (object.kind == VALUE_MODULE)
        return module_attribute(e, object.u.module, name);
    return no_attribute(e, object, name);
}

static void set_trainable(Value object, bool trainable) {
    if (object.kind == VALUE_LAYER) {
        object.u.layer->trainable = trainable;
        return;
    }
    object.u.model->trainable = trainable;
    for (size_t i = 0; i < object.u.model->layers.count; i++)
        object.u.model->layers.at[i]->trainable = trainable;
}

void eval_set_attribute(Eval *e, Value object, Name name, Value v, Span span) {
    if (object.kind == VALUE_UNKNOWN || v.kind == VALUE_UNKNOWN)
        return;
    bool trainable = (object.kind == VALUE_LAYER || object.kind == VALUE_MODEL) &&
                     !strcmp(name.text, "trainable");
    if (trainable && v.kind == VALUE_BOOL)
        set_trainable(object, v.u.boolean);
    else if (trainable)
        eval_error(e, DIAG_argument_type, span, "trainable should be True or False, but is %s",
                   value_brief(e->arena, v));
    else
        eval_error(e, DIAG_bad_target, name.span, "the attribute '%s' of %s cannot be assigned to",
                   name.text, value_described(e->arena, object));
}
