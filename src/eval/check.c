/* A file, run while compiling: what it prints, what it asserts, and the model that it describes. */
#include "check.h"
#include "eval.h"

#include <string.h>

/* The one that is compiled: `model`, else the last one made. */
static Model *choose_model(Eval *e) {
    const Variable *v = scope_find(e->scope, "model");
    if (v && v->set && v->value.kind == VALUE_MODEL)
        return v->value.u.model;
    return e->models.count ? e->models.at[e->models.count - 1] : NULL;
}

static void choose_weights(Eval *e, Program *p) {
    for (size_t i = 0; i < e->weights.count; i++) {
        if (e->weights.at[i].model != p->model)
            continue;
        p->weights_path = e->weights.at[i].path;
        p->weights_span = e->weights.at[i].span;
    }
}

/* A file is wrong that makes no model, or one that hangs on what only training knows. */
static void check_model(Eval *e, const Program *p) {
    if (diag_errors(e->diag) > 0)
        return;
    if (!p->model)
        eval_error(e, DIAG_no_model, SPAN_NONE, "this file makes no model");
    else if (p->model->failed)
        eval_error(e, DIAG_training_time, p->model->span,
                   "a layer of this model is known only when the program runs");
}

Program *check(Arena *a, const Ast *ast, const CheckOptions *options, Namer *names, Diag *d) {
    Program *p = arena_alloc(a, sizeof *p);
    p->weights_span = SPAN_NONE;
    Eval *e = eval_new(a, options, p, names, d);
    e->source = ast->source;
    Value result;
    run_statements(e, &ast->body, &result);
    p->model = choose_model(e);
    choose_weights(e, p);
    check_model(e, p);
    return p->model ? p : NULL;
}
