/* Attributes of layers and models. */
#include "layer.h"
#include "names.h"

#include <string.h>

/* Keras has these too; what they hold does not exist while compiling. */
static const char *const at_run_time[] = {
    "weights",
    "trainable_weights",
    "non_trainable_weights",
    "variables",
    "kernel",
    "trainable_variables",
    "get_weights",
    "bias",
    "get_config",
    "losses",
    "optimizer",
    "metrics",
    "loss",
    "history",
    "to_json",
    "metrics_names",
    "export",
    "dtype_policy",
    "compute_dtype",
};

/* These would change the model. */
static const char *const unsupported[] = {"set_weights", "call", "from_config",
                                          "compute_output_shape", "quantize"};

static bool is_among(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool run_time_only(Eval *e, Name name, Value *out) {
    *out = UNKNOWN;
    if (is_among(at_run_time, COUNT_OF(at_run_time), name.text))
        diag_warning(e->diag, DIAG_training_time, name.span,
                     "'%s' is known only when the program runs: it is skipped", name.text);
    else if (is_among(unsupported, COUNT_OF(unsupported), name.text))
        eval_error(e, DIAG_unsupported_name, name.span, "'%s' is not available while compiling",
                   name.text);
    else
        return false;
    return true;
}

static Value count_params(Eval *e, const Builtin *b, const Call *call) {
    const Layer *l = b->self.u.layer;
    if (l->built)
        return value_int(layer_count_params(l));
    if (l->node)
        return UNKNOWN; /* its input was wrong, which has been reported */
    return eval_error(e, DIAG_model_state, call->span,
                      "layer '%s' is not built: its input's shape is not known yet", l->name);
}

static const Builtin layer_count_params_method = {.name = "count_params", .call = count_params};

static Value layer_tensor(Eval *e, const Layer *l, Tensor *t, Name name) {
    if (t)
        return shape_is_known(t->shape) ? (Value){.kind = VALUE_TENSOR, .u.tensor = t} : UNKNOWN;
    return eval_error(e, DIAG_model_state, name.span,
                      "layer '%s' is in no built model: it has no %s", l->name, name.text);
}

/* What a layer was made with: layer.units. An activation is a function there. */
static bool config_attribute(Eval *e, const Layer *l, const char *name, Value *out) {
    int arg = class_arg(&l->def->class, name);
    if (arg < 0)
        return false;
    *out = l->object.args[arg];
    if (l->def->class.args[arg].type == ARG_ACTIVATION && out->kind != VALUE_LAYER)
        *out = activation_value(e, out->kind == VALUE_STR ? out->u.str.text : "linear");
    return true;
}

bool layer_attribute(Eval *e, Value layer, Name name, Value *out) {
    Layer *l = layer.u.layer;
    const Node *node = l->node;
    if (!strcmp(name.text, "name"))
        *out = value_str(e->arena, l->name);
    else if (!strcmp(name.text, "trainable"))
        *out = value_bool(l->trainable);
    else if (!strcmp(name.text, "built"))
        *out = value_bool(l->built);
    else if (!strcmp(name.text, "dtype"))
        *out = value_str(e->arena, l->dtype);
    else if (!strcmp(name.text, "output"))
        *out = layer_tensor(e, l, node ? node->out : NULL, name);
    else if (!strcmp(name.text, "input"))
        *out = layer_tensor(e, l, node && node->nin ? node->in[0] : NULL, name);
    else if (!strcmp(name.text, "count_params"))
        *out = eval_bind(e, &layer_count_params_method, layer);
    else if (!config_attribute(e, l, name.text, out))
        return run_time_only(e, name, out);
    return true;
}

static Value layer_list(Eval *e, const Model *m) {
    Values layers = {0};
    if (m->failed)
        return UNKNOWN; /* one is missing */
    for (size_t i = 0; i < m->layers.count; i++)
        vec_push(e->arena, &layers, (Value){.kind = VALUE_LAYER, .u.layer = m->layers.at[i]});
    return value_list(e->arena, layers.at, layers.count);
}

static Value model_shape(Eval *e, const Model *m, const Tensor *t, Name name) {
    if (m->failed)
        return UNKNOWN;
    if (t && model_is_built(m))
        return shape_value(e, t->shape);
    Value v =
        eval_error(e, DIAG_model_state, name.span, "model '%s' has no %s yet", m->name, name.text);
    diag_help(e->diag, "begin it with Input(shape), or give its first layer an input_shape");
    return v;
}

static Value tensor_list(Eval *e, const Model *m, Tensor *t, Name name) {
    Value shape = model_shape(e, m, t, name);
    Value tensor = {.kind = VALUE_TENSOR, .u.tensor = t};
    return shape.kind == VALUE_UNKNOWN ? shape : value_list(e->arena, &tensor, 1);
}

/* Keras gives a Sequential model an input and an output only once it has been called. */
static Value uncalled(Eval *e, const Model *m, Name name) {
    Value v = eval_error(e, DIAG_model_state, name.span,
                         "model '%s' has no %s: Keras defines it when the model is called", m->name,
                         name.text);
    diag_help(e->diag, "model.%s_shape gives its shape", name.text);
    return v;
}

bool model_attribute(Eval *e, Value model, Name name, Value *out) {
    Model *m = model.u.model;
    const Builtin *method = model_method(name.text);
    if (method)
        *out = eval_bind(e, method, model);
    else if (!strcmp(name.text, "name"))
        *out = value_str(e->arena, m->name);
    else if (!strcmp(name.text, "trainable"))
        *out = value_bool(m->trainable);
    else if (!strcmp(name.text, "built"))
        *out = value_bool(model_is_built(m));
    else if (!strcmp(name.text, "dtype"))
        *out = value_str(e->arena, "float32");
    else if (!strcmp(name.text, "layers"))
        *out = layer_list(e, m);
    else if (!strcmp(name.text, "input_shape"))
        *out = model_shape(e, m, m->input, name);
    else if (!strcmp(name.text, "output_shape"))
        *out = model_shape(e, m, m->output, name);
    else if (!strcmp(name.text, "inputs"))
        *out = tensor_list(e, m, m->input, name);
    else if (!strcmp(name.text, "outputs"))
        *out = tensor_list(e, m, m->output, name);
    else if (!strcmp(name.text, "input") || !strcmp(name.text, "output"))
        *out = uncalled(e, m, name);
    else
        return run_time_only(e, name, out);
    return true;
}

void instance_names(Arena *a, Value object, NameList *out) {
    static const char *const of_layer[] = {"name",  "trainable", "built",       "dtype",
                                           "input", "output",    "count_params"};
    static const char *const of_model[] = {
        "name",    "trainable",    "built",   "layers", "input_shape", "output_shape", "inputs",
        "outputs", "count_params", "summary", "add",    "pop",         "build",        "compile",
        "fit",     "evaluate",     "predict", "save",   "get_layer",   "load_weights",
    };
    for (size_t i = 0; object.kind == VALUE_LAYER && i < COUNT_OF(of_layer); i++)
        vec_push(a, out, of_layer[i]);
    for (size_t i = 0; object.kind == VALUE_MODEL && i < COUNT_OF(of_model); i++)
        vec_push(a, out, of_model[i]);
}
