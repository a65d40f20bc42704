/* Statements. */
#include "eval.h"
#include "names.h"

#include <string.h>

static void run_assign(Eval *e, const Stmt *s) {
    Value v = eval_expr(e, s->u.assign.value);
    for (size_t i = 0; i < s->u.assign.targets.count; i++)
        eval_assign(e, s->u.assign.targets.at[i], v, s->u.assign.value->span);
}

/* list += items appends to the list itself, which aliases see. */
static bool extend_in_place(Eval *e, Operator op, Value left, Value right, Span span) {
    Values items = {0};
    if (op != OPERATOR_ADD || left.kind != VALUE_LIST || right.kind == VALUE_UNKNOWN)
        return false;
    if (eval_items(e, right, span, &items))
        for (size_t i = 0; i < items.count; i++)
            vec_push(e->arena, &left.u.list->items, items.at[i]);
    return true;
}

static void run_augmented(Eval *e, const Stmt *s) {
    const Expr *target = s->u.augmented.target;
    Value left = eval_expr(e, target), right = eval_expr(e, s->u.augmented.value);
    if (extend_in_place(e, s->u.augmented.op, left, right, s->u.augmented.value->span))
        return;
    eval_assign(e, target, eval_binary(e, s->u.augmented.op, left, right, s->span), s->span);
}

/* A branch that hangs on an unknown value is not taken; what it would have assigned is unknown. */
static void poison(Eval *e, const Stmts *body);

static void poison_target(Eval *e, const Expr *target) {
    if (target->kind == EXPR_NAME || target->kind == EXPR_TUPLE || target->kind == EXPR_LIST)
        eval_assign(e, target, UNKNOWN, target->span);
}

static void poison_statement(Eval *e, const Stmt *s) {
    if (s->kind == STMT_ASSIGN)
        for (size_t i = 0; i < s->u.assign.targets.count; i++)
            poison_target(e, s->u.assign.targets.at[i]);
    if (s->kind == STMT_AUGMENTED_ASSIGN)
        poison_target(e, s->u.augmented.target);
    if (s->kind == STMT_FOR) {
        poison_target(e, s->u.loop.target);
        poison(e, &s->u.loop.body);
    }
    if (s->kind == STMT_IF) {
        poison(e, &s->u.branch.then);
        poison(e, &s->u.branch.otherwise);
    }
    if (s->kind == STMT_DEF)
        scope_set(e, e->scope, s->u.def.name, UNKNOWN);
}

static void poison(Eval *e, const Stmts *body) {
    for (size_t i = 0; i < body->count; i++)
        poison_statement(e, body->at[i]);
}

static void undecided(Eval *e, const Expr *x) {
    if (diag_errors(e->diag) == 0)
        eval_error(e, DIAG_training_time, x->span,
                   "this value is known only when the program runs");
}

static Flow run_if(Eval *e, const Stmt *s, Value *result) {
    Value condition = eval_expr(e, s->u.branch.condition);
    if (condition.kind == VALUE_UNKNOWN) {
        undecided(e, s->u.branch.condition);
        poison_statement(e, s);
        return FLOW_NEXT;
    }
    return run_statements(e, value_truth(condition) ? &s->u.branch.then : &s->u.branch.otherwise,
                          result);
}

static Flow run_for(Eval *e, const Stmt *s, Value *result) {
    const Expr *iterable = s->u.loop.iterable;
    Value v = eval_expr(e, iterable);
    Values items = {0};
    if (v.kind == VALUE_UNKNOWN)
        undecided(e, iterable);
    if (!eval_items(e, v, iterable->span, &items)) {
        poison_statement(e, s);
        return FLOW_NEXT;
    }
    /* A list that grows while it is walked is walked on, as in Python. */
    for (size_t i = 0; !e->stopped; i++) {
        bool live = v.kind == VALUE_LIST;
        if (i >= (live ? v.u.list->items.count : items.count))
            break;
        eval_assign(e, s->u.loop.target, live ? v.u.list->items.at[i] : items.at[i],
                    iterable->span);
        Flow flow = run_statements(e, &s->u.loop.body, result);
        if (flow == FLOW_RETURN)
            return flow;
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (!eval_spend(e, 1, iterable->span))
            return FLOW_NEXT;
    }
    return run_statements(e, &s->u.loop.otherwise, result);
}

static void run_def(Eval *e, const Stmt *s) {
    Function *f = arena_alloc(e->arena, sizeof *f);
    *f = (Function){.name = s->u.def.name.text,
                    .params = s->u.def.params,
                    .def = s,
                    .outer = e->scope,
                    .span = s->span};
    f->defaults = eval_defaults(e, &f->params);
    scope_set(e, e->scope, s->u.def.name, (Value){.kind = VALUE_FUNCTION, .u.function = f});
}

static Flow misplaced(Eval *e, const Stmt *s, const char *what) {
    if (diag_errors(e->diag) == 0) /* else its function or loop may be what is wrong */
        eval_error(e, DIAG_misplaced, s->span, "'%s' stands outside of any %s", what,
                   !strcmp(what, "return") ? "function" : "loop");
    return FLOW_NEXT;
}

static Flow run_return(Eval *e, const Stmt *s, Value *result) {
    if (!e->scope->outer)
        return misplaced(e, s, "return");
    *result = s->u.expr ? eval_expr(e, s->u.expr) : value_none();
    return FLOW_RETURN;
}

static Flow run_statement(Eval *e, const Stmt *s, Value *result) {
    switch (s->kind) {
    case STMT_EXPR:
        eval_expr(e, s->u.expr);
        return FLOW_NEXT;
    case STMT_ASSIGN:
        run_assign(e, s);
        return FLOW_NEXT;
    case STMT_AUGMENTED_ASSIGN:
        run_augmented(e, s);
        return FLOW_NEXT;
    case STMT_IMPORT:
    case STMT_FROM_IMPORT:
        run_import(e, s);
        return FLOW_NEXT;
    case STMT_FOR:
        return run_for(e, s, result);
    case STMT_IF:
        return run_if(e, s, result);
    case STMT_DEF:
        run_def(e, s);
        return FLOW_NEXT;
    case STMT_RETURN:
        return run_return(e, s, result);
    case STMT_ASSERT:
        run_assert(e, s);
        return FLOW_NEXT;
    case STMT_PASS:
        return FLOW_NEXT;
    case STMT_BREAK:
        return FLOW_BREAK;
    case STMT_CONTINUE:
        return FLOW_CONTINUE;
    case STMT_LOST:
        run_lost(e, s->span);
        return FLOW_NEXT;
    case STMT_DELETE:
        for (size_t i = 0; i < s->u.deleted.count; i++)
            eval_delete(e, s->u.deleted.at[i]);
        return FLOW_NEXT;
    }
    BUG("no such statement: %d", s->kind);
}

Flow run_statements(Eval *e, const Stmts *body, Value *result) {
    for (size_t i = 0; i < body->count && !e->stopped; i++) {
        Flow flow = run_statement(e, body->at[i], result);
        if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_NEXT;
}
