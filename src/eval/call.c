/* Calls: of functions, builtins and classes. */
#include "eval.h"
#include "layer.h"
#include "names.h"

#include <string.h>

/* Declares what a body assigns: in Python those names are local from the start. */
static void declare_body(Eval *e, Scope *s, const Stmts *body);

static void declare_statement(Eval *e, Scope *s, const Stmt *stmt) {
    switch (stmt->kind) {
    case STMT_ASSIGN:
        for (size_t i = 0; i < stmt->u.assign.targets.count; i++)
            eval_declare_target(e, s, stmt->u.assign.targets.at[i]);
        return;
    case STMT_AUGMENTED_ASSIGN:
        eval_declare_target(e, s, stmt->u.augmented.target);
        return;
    case STMT_DELETE:
        for (size_t i = 0; i < stmt->u.deleted.count; i++)
            eval_declare_target(e, s, stmt->u.deleted.at[i]);
        return;
    case STMT_FOR:
        eval_declare_target(e, s, stmt->u.loop.target);
        declare_body(e, s, &stmt->u.loop.body);
        declare_body(e, s, &stmt->u.loop.otherwise);
        return;
    case STMT_IF:
        declare_body(e, s, &stmt->u.branch.then);
        declare_body(e, s, &stmt->u.branch.otherwise);
        return;
    case STMT_DEF:
        scope_declare(e, s, stmt->u.def.name.text);
        return;
    default:
        return;
    }
}

static void declare_body(Eval *e, Scope *s, const Stmts *body) {
    for (size_t i = 0; i < body->count; i++)
        declare_statement(e, s, body->at[i]);
}

static int find_parameter(const Function *f, const char *name) {
    for (size_t i = 0; i < f->params.count; i++)
        if (f->params.at[i].name.text && !strcmp(f->params.at[i].name.text, name))
            return (int)i;
    return -1;
}

static bool unknown_parameter(Eval *e, const Function *f, const CallArg *arg) {
    const char **names = arena_array(e->arena, f->params.count, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < f->params.count; i++)
        if (f->params.at[i].name.text)
            names[n++] = f->params.at[i].name.text;
    diag_error(e->diag, DIAG_unknown_argument, arg->name_span, "%s has no argument '%s'", f->name,
               arg->name);
    const char *near = diag_did_you_mean(arg->name, names, n);
    if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
    diag_note(e->diag, f->span, "the function is here");
    return false;
}

/* Binds one written argument to values[i]. */
static bool bind_one(Eval *e, const Function *f, const CallArg *arg, size_t *position,
                     Value *values, bool *given) {
    int i = arg->name ? find_parameter(f, arg->name) : (int)(*position)++;
    if (arg->name && i < 0)
        return unknown_parameter(e, f, arg);
    if ((size_t)i >= f->params.count) {
        eval_error(e, DIAG_too_many_arguments, arg->span,
                   "%s takes at most %zu positional argument%s", f->name, f->params.count,
                   f->params.count == 1 ? "" : "s");
        diag_note(e->diag, f->span, "the function is here");
        return false;
    }
    if (given[i])
        return diag_error(e->diag, DIAG_doubled_argument, arg->name ? arg->name_span : arg->span,
                          "%s gets '%s' twice", f->name, f->params.at[i].name.text);
    given[i] = true;
    values[i] = arg->value;
    return true;
}

static bool bind_parameters(Eval *e, const Function *f, const Call *call, Value *values) {
    size_t n = f->params.count, position = 0;
    bool *given = arena_array(e->arena, n, sizeof *given), ok = true;
    for (size_t i = 0; i < call->args.count && ok; i++)
        ok = bind_one(e, f, &call->args.at[i], &position, values, given);
    for (size_t i = 0; i < n && ok; i++) {
        if (given[i] || f->params.at[i].fallback) {
            values[i] = given[i] ? values[i] : f->defaults[i];
            continue;
        }
        eval_error(e, DIAG_missing_argument, call->callee, "%s needs the argument '%s'", f->name,
                   f->params.at[i].name.text ? f->params.at[i].name.text : "?");
        diag_note(e->diag, f->span, "the function is here");
        ok = false;
    }
    return ok;
}

static Value run_function(Eval *e, const Function *f) {
    if (f->lambda)
        return eval_expr(e, f->lambda);
    declare_body(e, e->scope, &f->def->u.def.body);
    Value result = value_none();
    run_statements(e, &f->def->u.def.body, &result);
    return result;
}

static Value call_function(Eval *e, Function *f, const Call *call) {
    if (f->active) {
        Value v = eval_error(e, DIAG_recursion, call->span, "%s calls itself", f->name);
        diag_note(e->diag, f->span, "the function is here");
        diag_help(e->diag, "a for loop over a range does what a model needs");
        return v;
    }
    Value *values = arena_array(e->arena, f->params.count, sizeof *values);
    if (!bind_parameters(e, f, call, values) || !eval_spend(e, 10, call->span))
        return UNKNOWN;
    Scope *caller = e->scope;
    bool tracing = e->tracing;
    e->scope = scope_new(e, f->outer);
    e->tracing = false;
    for (size_t i = 0; i < f->params.count; i++)
        if (f->params.at[i].name.text)
            scope_set(e, e->scope, f->params.at[i].name, values[i]);
    f->active = true;
    Value result = run_function(e, f);
    f->active = false;
    e->scope = caller;
    e->tracing = tracing;
    return result;
}

/* The first use says it; those that build on it stay quiet. */
static Value functional(Eval *e, const char *what, Span span) {
    if (e->functional)
        return UNKNOWN;
    e->functional = true;
    Value v = eval_error(e, DIAG_functional_api, span,
                         "%s belongs to the functional API, which is not supported yet", what);
    diag_help(e->diag, "a chain of layers can be written as Sequential([...])");
    return v;
}

static Value call_builtin(Eval *e, const Builtin *b, const Call *call) {
    if (!b->call)
        return functional(e, arena_printf(e->arena, "%s(...)", b->name), call->span);
    for (size_t i = 0; !b->takes_unknown && i < call->args.count; i++)
        if (call->args.at[i].value.kind == VALUE_UNKNOWN)
            return UNKNOWN;
    return b->call(e, b, call);
}

/* What is skipped at compile time must not decide what a layer is. */
static bool arguments_known(Eval *e, const Call *call) {
    for (size_t i = 0; i < call->args.count; i++) {
        if (call->args.at[i].value.kind != VALUE_UNKNOWN)
            continue;
        if (diag_errors(e->diag) == 0)
            eval_error(e, DIAG_training_time, call->args.at[i].span,
                       "this value is known only when the program runs");
        return false;
    }
    return true;
}

static Value new_layer(Eval *e, const ClassDef *class, const Call *call) {
    Layer *l = layer_new(e->arena, layer_find(class->name), &call->args, call->callee, call->span,
                         e->names, e->diag);
    return l ? (Value){.kind = VALUE_LAYER, .u.layer = l} : UNKNOWN;
}

static Value new_object(Eval *e, const ClassDef *class, const Call *call) {
    Object *o = arena_alloc(e->arena, sizeof *o);
    o->span = call->callee;
    o->call_span = call->span;
    return class_bind(class, &call->args, o, NULL, 0, NULL, e->arena, e->diag)
               ? (Value){.kind = VALUE_OBJECT, .u.object = o}
               : UNKNOWN;
}

enum { CLASS_STEPS = 50 };

static Value call_class(Eval *e, const ClassDef *class, const Call *call) {
    if (!eval_spend(e, CLASS_STEPS, call->span))
        return UNKNOWN;
    if (class == &sequential_class)
        return sequential_call(e, call);
    if (class == &layer_class)
        return eval_error(e, DIAG_unsupported_name, call->span,
                          "layers of your own are not supported yet");
    if (strcmp(class->module, "keras.layers"))
        return new_object(e, class, call);
    return arguments_known(e, call) ? new_layer(e, class, call) : UNKNOWN;
}

static bool any_unknown(const Call *call) {
    for (size_t i = 0; i < call->args.count; i++)
        if (call->args.at[i].value.kind == VALUE_UNKNOWN)
            return true;
    return false;
}

static Value skipped(Eval *e, const char *what, Span span) {
    diag_warning(e->diag, DIAG_training_time, span, "%s is training-time: it is skipped", what);
    return UNKNOWN;
}

/* model(x_train[:1]) asks for a prediction. */
static Value call_model(Eval *e, const Call *call) {
    if (any_unknown(call))
        return skipped(e, "calling a model with data", call->span);
    return functional(e, "calling a model", call->span);
}

/* Losses, initializers and the like are functions of tensors, which there are none of here. */
static Value call_object(Eval *e, const ClassDef *class, const Call *call) {
    if (any_unknown(call))
        return skipped(e, arena_printf(e->arena, "calling a %s", class->name), call->span);
    return eval_error(e, DIAG_unsupported_name, call->span, "calling a %s is not supported",
                      class->name);
}

Value eval_call_value(Eval *e, Value callee, const Call *call) {
    switch (callee.kind) {
    case VALUE_UNKNOWN:
        return callee;
    case VALUE_FUNCTION:
        return call_function(e, callee.u.function, call);
    case VALUE_BUILTIN:
        return call_builtin(e, callee.u.builtin, call);
    case VALUE_CLASS:
        return call_class(e, callee.u.class_def, call);
    case VALUE_LAYER:
        return functional(e, "calling a layer", call->span);
    case VALUE_MODEL:
        return call_model(e, call);
    case VALUE_OBJECT:
        return call_object(e, callee.u.object->def, call);
    case VALUE_MODULE:
        return names_call_limited(e, callee.u.module, call);
    default:
        return eval_error(e, DIAG_not_callable, call->span, "%s cannot be called",
                          value_described(e->arena, callee));
    }
}

Value eval_call_with(Eval *e, Value callee, const Value *args, size_t count, Span span) {
    Call call = {.callee = span, .span = span};
    for (size_t i = 0; i < count; i++)
        vec_push(e->arena, &call.args, (CallArg){.value = args[i], .span = span});
    return eval_call_value(e, callee, &call);
}
