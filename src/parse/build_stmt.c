/* Nodes of statements. */
#include "parser_state.h"

Stmt *stmt_new(Parser *p, StmtKind kind, Span span) {
    Stmt *s = arena_alloc(p->arena, sizeof *s);
    s->kind = kind;
    s->span = span;
    return s;
}

Stmts stmts_of(Parser *p, Stmt *s) {
    Stmts list = {0};
    if (s)
        vec_push(p->arena, &list, s);
    return list;
}

Stmts stmts_join(Parser *p, Stmts a, Stmts b) {
    for (size_t i = 0; i < b.count; i++)
        vec_push(p->arena, &a, b.at[i]);
    return a;
}

/* In place of a statement that could not be read. */
Stmts stmts_lost(Parser *p, Span span) {
    p->recovering = false;
    return stmts_of(p, stmt_new(p, STMT_LOST, span));
}

/* STMT_EXPR, or STMT_RETURN, whose e may be NULL. */
Stmt *stmt_expr(Parser *p, StmtKind kind, Expr *e, Span span) {
    Stmt *s = stmt_new(p, kind, span);
    s->u.expr = e;
    return s;
}

/* chain is a, b, value of a = b = value. */
Stmt *stmt_assign(Parser *p, Exprs chain, Span span) {
    Stmt *s = stmt_new(p, STMT_ASSIGN, span);
    s->u.assign.value = chain.at[--chain.count];
    s->u.assign.targets = chain;
    for (size_t i = 0; i < chain.count; i++)
        check_target(p, chain.at[i], "assign to");
    return s;
}

Stmt *stmt_augmented(Parser *p, Expr *target, Operator op, Expr *value, Span span) {
    Stmt *s = stmt_new(p, STMT_AUGMENTED_ASSIGN, span);
    s->u.augmented.target = target;
    s->u.augmented.op = op;
    s->u.augmented.value = value;
    if (target->kind == EXPR_TUPLE || target->kind == EXPR_LIST)
        diag_error(p->diag, DIAG_not_assignable, target->span,
                   "cannot assign to several targets here");
    else
        check_target(p, target, "assign to");
    return s;
}

/* x: int = 3. The annotation has no effect; without a value, neither has the statement. */
Stmt *stmt_annotated(Parser *p, Expr *target, Expr *value, Span span) {
    if (target->kind == EXPR_TUPLE || target->kind == EXPR_LIST)
        diag_error(p->diag, DIAG_not_assignable, target->span, "only one name can be annotated");
    else
        check_target(p, target, "annotate");
    if (!value)
        return stmt_new(p, STMT_PASS, span);
    Stmt *s = stmt_new(p, STMT_ASSIGN, span);
    s->u.assign.targets = exprs_of(p, target);
    s->u.assign.value = value;
    return s;
}

Stmt *stmt_assert(Parser *p, Expr *condition, Expr *message, Span span) {
    Stmt *s = stmt_new(p, STMT_ASSERT, span);
    s->u.assertion.condition = condition;
    s->u.assertion.message = message;
    return s;
}

Name name_dotted(Parser *p, Name a, Name b) {
    return (Name){arena_printf(p->arena, "%s.%s", a.text, b.text), span_join(a.span, b.span)};
}

Stmt *stmt_import(Parser *p, ImportNames names, Span span) {
    Stmt *s = stmt_new(p, STMT_IMPORT, span);
    s->u.import.names = names;
    return s;
}

Stmt *stmt_from(Parser *p, Name module, ImportNames names, Span span) {
    Stmt *s = stmt_new(p, STMT_FROM_IMPORT, span);
    s->u.import.module = module;
    s->u.import.names = names;
    s->u.import.star = names.count == 0;
    return s;
}

Stmt *stmt_delete(Parser *p, Expr *targets, Span span) {
    Stmt *s = stmt_new(p, STMT_DELETE, span);
    s->u.deleted = targets->kind == EXPR_TUPLE ? targets->u.items : exprs_of(p, targets);
    for (size_t i = 0; i < s->u.deleted.count; i++)
        check_target(p, s->u.deleted.at[i], "delete");
    return s;
}

Stmt *stmt_if(Parser *p, Expr *condition, Stmts then, Stmts otherwise, Span span) {
    Stmt *s = stmt_new(p, STMT_IF, span);
    s->u.branch.condition = condition;
    s->u.branch.then = then;
    s->u.branch.otherwise = otherwise;
    if (otherwise.count == 1)
        s->depth = otherwise.at[0]->depth + 1;
    if (s->depth > EXPR_DEPTH_MAX) {
        if (report_here(p, span))
            diag_error(p->diag, DIAG_nested_too_deeply, span, "more than %d branches of one if",
                       EXPR_DEPTH_MAX);
        s->u.branch.otherwise = (Stmts){0};
        s->depth = 0;
    }
    return s;
}

Stmt *stmt_for(Parser *p, Expr *target, Expr *iterable, Stmts body, Stmts otherwise, Span span) {
    Stmt *s = stmt_new(p, STMT_FOR, span);
    s->u.loop.target = target;
    s->u.loop.iterable = iterable;
    s->u.loop.body = body;
    s->u.loop.otherwise = otherwise;
    return s;
}

Stmt *stmt_def(Parser *p, Name name, Parameters params, Stmts body, Span span) {
    Stmt *s = stmt_new(p, STMT_DEF, span);
    s->u.def.name = name;
    s->u.def.params = params;
    s->u.def.body = body;
    return s;
}
