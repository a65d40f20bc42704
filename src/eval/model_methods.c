/* Sequential(...) and what the methods of a model do. */
#include "builtin_args.h"
#include "layer.h"
#include "names.h"

#include <string.h>

enum { SEQUENTIAL_LAYERS, SEQUENTIAL_TRAINABLE, SEQUENTIAL_NAME };

static const ArgDef sequential_args[] = {
    [SEQUENTIAL_LAYERS] = {"layers", ARG_ANY, .nullable = true, .fallback = VALUE_AS_NONE},
    [SEQUENTIAL_TRAINABLE] = {"trainable", ARG_BOOL, .fallback = VALUE_AS_BOOL(true)},
    [SEQUENTIAL_NAME] = {"name", ARG_STR, .nullable = true, .fallback = VALUE_AS_NONE},
};

const ClassDef sequential_class = {.name = "Sequential",
                                   .module = "keras.models",
                                   .args = sequential_args,
                                   .nargs = COUNT_OF(sequential_args)};

static void not_a_layer(Eval *e, Value v, Span span) {
    if (v.kind == VALUE_MODEL) {
        eval_error(e, DIAG_unsupported_name, span, "a model within a model is not supported yet");
        diag_help(e->diag, "add its layers instead: Sequential([*inner.layers, ...])");
        return;
    }
    eval_error(e, DIAG_not_a_layer, span, "only layers can be added to a Sequential, not %s",
               value_described(e->arena, v));
    if (v.kind == VALUE_CLASS)
        diag_help(e->diag, "make a layer of the class: %s(...)", v.u.class_def->name);
    else if (value_is_sequence(v))
        diag_help(e->diag, "a star in front spreads a list out: *layers");
    else if (v.kind == VALUE_STR && activation_is_known(v.u.str.text))
        diag_help(e->diag, "the layer for it: Activation('%s')", v.u.str.text);
}

static void add_layer(Eval *e, Model *m, Value v, Span span) {
    /* Every layer's name is compared with those before it. */
    if (!eval_spend(e, (int64_t)m->layers.count / 4, span))
        return;
    if (v.kind == VALUE_LAYER) {
        model_add(m, v.u.layer, e->names, e->diag);
        return;
    }
    model_add_failed(m);
    if (v.kind != VALUE_UNKNOWN)
        not_a_layer(e, v, span);
}

/* Where layer i of the list was written, if each element of it is one layer. */
static Span element_span(const Call *call, size_t i, size_t count, Span list) {
    const Expr *x = call->first;
    if (!x || (x->kind != EXPR_LIST && x->kind != EXPR_TUPLE) || x->u.items.count != count)
        return list;
    for (size_t k = 0; k <= i; k++)
        if (x->u.items.at[k]->kind == EXPR_STARRED)
            return list;
    return x->u.items.at[i]->span;
}

/* Sequential(Dense(8), Dense(1)): the brackets are missing. */
static bool is_bare_layer(const Call *call) {
    return call->args.count > 0 && !call->args.at[0].name &&
           (call->args.at[0].value.kind == VALUE_LAYER ||
            call->args.at[0].value.kind == VALUE_CLASS);
}

static Value layers_without_list(Eval *e, const Call *call) {
    eval_error(e, DIAG_argument_type, call->args.at[0].span,
               "'layers' of Sequential should be a list of layers, but is %s",
               value_described(e->arena, call->args.at[0].value));
    diag_help(e->diag, "put the layers in brackets: Sequential([...])");
    return UNKNOWN;
}

/* The arguments are bound here and not by class_bind(), since a layer that failed is an unknown
 * value, and the model goes on without it. */
Value sequential_call(Eval *e, const Call *call) {
    static const Builtin self = {.name = "Sequential", .takes_unknown = true};
    Value v[3];
    if (is_bare_layer(call))
        return layers_without_list(e, call);
    if (!take_args(e, &self, call, PARAMS("layers", "trainable", "name"), 0, 3, v))
        return UNKNOWN;
    Value trainable = v[SEQUENTIAL_TRAINABLE], name = v[SEQUENTIAL_NAME];
    if (trainable.kind != VALUE_UNKNOWN && trainable.kind != VALUE_BOOL)
        return eval_error(e, DIAG_argument_type, call->span,
                          "'trainable' of Sequential should be True or False, but is %s",
                          value_brief(e->arena, trainable));
    if (name.kind != VALUE_UNKNOWN && name.kind != VALUE_NONE && name.kind != VALUE_STR)
        return eval_error(e, DIAG_argument_type, call->span,
                          "'name' of Sequential should be a str, but is %s",
                          value_brief(e->arena, name));
    Model *m = model_new_sequential(e->arena, name.kind == VALUE_STR ? name.u.str.text : NULL,
                                    e->names, call->span);
    vec_push(e->arena, &e->models, m);
    Values layers = {0};
    bool given = call->args.count > 0 && v[SEQUENTIAL_LAYERS].kind != VALUE_NONE;
    bool listed = given && (v[SEQUENTIAL_LAYERS].kind != VALUE_UNKNOWN || !call->args.at[0].name);
    Span span = listed ? call->args.at[0].span : call->span;
    if (listed && !eval_items(e, v[SEQUENTIAL_LAYERS], span, &layers))
        model_add_failed(m);
    for (size_t i = 0; i < layers.count; i++)
        add_layer(e, m, layers.at[i], element_span(call, i, layers.count, span));
    Value model = {.kind = VALUE_MODEL, .u.model = m};
    if (trainable.kind == VALUE_BOOL && !trainable.u.boolean)
        eval_set_attribute(e, model, (Name){"trainable", span}, trainable, span);
    return model;
}

static Value model_add_method(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Model *m = b->self.u.model;
    if (!take_args(e, b, call, PARAMS("layer", "rebuild"), 1, 1, &v)) {
        model_add_failed(m);
        return UNKNOWN;
    }
    if (call->args.count == 0)
        return eval_error(e, DIAG_missing_argument, call->callee, "add needs a layer");
    add_layer(e, m, v, call->args.at[0].span);
    return value_none();
}

static Value model_pop_method(Eval *e, const Builtin *b, const Call *call) {
    if (!take_args(e, b, call, PARAMS("rebuild"), 0, 1, (Value[1]){UNKNOWN}))
        return UNKNOWN;
    Layer *l = model_pop(b->self.u.model);
    return l ? (Value){.kind = VALUE_LAYER, .u.layer = l}
             : eval_error(e, DIAG_index_range, call->span, "model '%s' has no layer to take off",
                          b->self.u.model->name);
}

/* (None, 28, 28, 1): with the batch in front. */
static bool input_shape(Eval *e, Value v, Span span, Shape *out) {
    bool ok =
        value_is_sequence(v) && v.u.list->items.count > 0 && v.u.list->items.count <= SHAPE_MAX + 1;
    *out = (Shape){.rank = ok ? (int)v.u.list->items.count - 1 : 0};
    for (int i = -1; ok && i < out->rank; i++) {
        Value dim = v.u.list->items.at[i + 1];
        ok = dim.kind == VALUE_NONE || (dim.kind == VALUE_INT && dim.u.integer >= 0);
        *(i < 0 ? &out->batch : &out->dim[i]) = dim.kind == VALUE_INT ? dim.u.integer : DIM_NONE;
    }
    if (!ok)
        eval_error(e, DIAG_argument_type, span,
                   "input_shape should be a tuple such as (None, 28, 28, 1), but is %s",
                   value_brief(e->arena, v));
    return ok;
}

static Value model_build_method(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Shape shape;
    if (!take_args(e, b, call, PARAMS("input_shape"), 0, 1, &v))
        return UNKNOWN;
    bool given = v.kind != VALUE_UNKNOWN && v.kind != VALUE_NONE;
    if (!given || !input_shape(e, v, call->args.at[0].span, &shape))
        return value_none();
    Model *m = b->self.u.model;
    if (!model_build(m, shape, call->args.at[0].span, e->names, e->diag))
        m->failed = true;
    return value_none();
}

static Value model_count_params_method(Eval *e, const Builtin *b, const Call *call) {
    const Model *m = b->self.u.model;
    if (!take_args(e, b, call, NULL, 0, 0, NULL) || m->failed)
        return UNKNOWN;
    if (model_is_built(m))
        return value_int(model_count_params(m).total);
    eval_error(e, DIAG_model_state, call->span, "model '%s' is not built: it has no input",
               m->name);
    diag_help(e->diag, "begin the model with Input((...)), the shape of one sample");
    return UNKNOWN;
}

static Value layer_value(Layer *l) {
    return (Value){.kind = VALUE_LAYER, .u.layer = l};
}

static Value layer_at(Eval *e, const Model *m, Value index, Span span) {
    size_t at;
    return eval_index(e, index, m->layers.count, "model", span, &at) ? layer_value(m->layers.at[at])
                                                                     : UNKNOWN;
}

static Value model_get_layer(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    const Model *m = b->self.u.model;
    if (!take_args(e, b, call, PARAMS("name", "index"), 0, 2, v) || m->failed)
        return UNKNOWN;
    bool name = v[0].kind != VALUE_UNKNOWN && v[0].kind != VALUE_NONE;
    bool index = v[1].kind != VALUE_UNKNOWN && v[1].kind != VALUE_NONE;
    if (name == index)
        return eval_error(e, DIAG_bad_value, call->span, "get_layer takes a name or an index");
    if (index)
        return layer_at(e, m, v[1], call->span);
    Layer *l = v[0].kind == VALUE_STR ? model_find_layer(m, v[0].u.str.text) : NULL;
    if (l)
        return layer_value(l);
    NameList names = {0};
    for (size_t i = 0; i < m->layers.count; i++)
        vec_push(e->arena, &names, m->layers.at[i]->name);
    eval_error(e, DIAG_bad_value, call->args.at[0].span, "the model has no layer %s",
               value_brief(e->arena, v[0]));
    const char *near =
        v[0].kind == VALUE_STR ? diag_did_you_mean(v[0].u.str.text, names.at, names.count) : NULL;
    if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
    else if (v[0].kind == VALUE_INT)
        diag_help(e->diag, "get_layer(index=%s) takes a number", value_brief(e->arena, v[0]));
    return UNKNOWN;
}

static Value model_load_weights(Eval *e, const Builtin *b, const Call *call) {
    Value v[3];
    if (!take_args(e, b, call, PARAMS("filepath", "skip_mismatch", "by_name"), 1, 3, v))
        return UNKNOWN;
    if (v[0].kind != VALUE_STR)
        return eval_error(e, DIAG_argument_type, call->args.at[0].span,
                          "the path of the weights should be a str, but is %s",
                          value_brief(e->arena, v[0]));
    if ((v[1].kind != VALUE_UNKNOWN && value_truth(v[1])) ||
        (v[2].kind != VALUE_UNKNOWN && value_truth(v[2])))
        return eval_error(e, DIAG_unsupported_argument, call->span,
                          "loading only some of the weights is not supported");
    vec_push(e->arena, &e->weights,
             (WeightsFile){b->self.u.model, v[0].u.str.text, call->args.at[0].span});
    return value_none();
}

/* What happens when training or afterwards: skipped, with a warning. */
static Value skipped(Eval *e, const Builtin *b, const Call *call, const char *const *names,
                     size_t n) {
    Value out[32];
    if (!take_args(e, b, call, names, 0, n, out))
        return UNKNOWN;
    diag_warning(e->diag, DIAG_training_time, call->callee,
                 "model.%s() is training-time: it is skipped", b->name);
    return UNKNOWN;
}

static Value model_compile(Eval *e, const Builtin *b, const Call *call) {
    const char *const names[] = {
        "optimizer",        "loss",        "loss_weights",        "metrics",
        "weighted_metrics", "run_eagerly", "steps_per_execution", "jit_compile",
        "auto_scale_loss"};
    for (size_t i = 0; i < call->args.count; i++) {
        const CallArg *arg = &call->args.at[i];
        bool optimizer = arg->name ? !strcmp(arg->name, "optimizer") : i == 0;
        if (optimizer && arg->value.kind == VALUE_STR &&
            !config_for_string("keras.optimizers", arg->value.u.str.text))
            return eval_error(e, DIAG_argument_choice, arg->span, "Keras has no optimizer %s",
                              value_brief(e->arena, arg->value));
    }
    skipped(e, b, call, names, COUNT_OF(names));
    return value_none();
}

static Value model_fit(Eval *e, const Builtin *b, const Call *call) {
    const char *const names[] = {"x",
                                 "y",
                                 "batch_size",
                                 "epochs",
                                 "verbose",
                                 "callbacks",
                                 "validation_split",
                                 "validation_data",
                                 "shuffle",
                                 "class_weight",
                                 "sample_weight",
                                 "initial_epoch",
                                 "steps_per_epoch",
                                 "validation_steps",
                                 "validation_batch_size",
                                 "validation_freq"};
    return skipped(e, b, call, names, COUNT_OF(names));
}

static Value model_evaluate(Eval *e, const Builtin *b, const Call *call) {
    const char *const names[] = {"x",     "y",         "batch_size", "verbose", "sample_weight",
                                 "steps", "callbacks", "return_dict"};
    return skipped(e, b, call, names, COUNT_OF(names));
}

static Value model_predict(Eval *e, const Builtin *b, const Call *call) {
    const char *const names[] = {"x", "batch_size", "verbose", "steps", "callbacks"};
    return skipped(e, b, call, names, COUNT_OF(names));
}

static Value model_save(Eval *e, const Builtin *b, const Call *call) {
    const char *const names[] = {"filepath", "overwrite", "zipped", "include_optimizer"};
    skipped(e, b, call, names, COUNT_OF(names));
    return value_none();
}

static Value model_train_on_batch(Eval *e, const Builtin *b, const Call *call) {
    const char *const names[] = {"x", "y", "sample_weight", "class_weight", "return_dict"};
    return skipped(e, b, call, names, COUNT_OF(names));
}

static const Builtin methods[] = {
    {.name = "add", .call = model_add_method, .takes_unknown = true},
    {.name = "pop", .call = model_pop_method},
    {.name = "build", .call = model_build_method},
    {.name = "summary", .call = model_summary_method},
    {.name = "count_params", .call = model_count_params_method},
    {.name = "get_layer", .call = model_get_layer},
    {.name = "load_weights", .call = model_load_weights},
    {.name = "compile", .call = model_compile, .takes_unknown = true},
    {.name = "fit", .call = model_fit, .takes_unknown = true},
    {.name = "evaluate", .call = model_evaluate, .takes_unknown = true},
    {.name = "predict", .call = model_predict, .takes_unknown = true},
    {.name = "train_on_batch", .call = model_train_on_batch, .takes_unknown = true},
    {.name = "save", .call = model_save, .takes_unknown = true},
    {.name = "save_weights", .call = model_save, .takes_unknown = true},
};

const Builtin *model_method(const char *name) {
    const BuiltinTable table = {methods, COUNT_OF(methods)};
    return table_find(&table, name);
}
