/* Assigning to names, tuples of them, items and attributes. */
#include "eval.h"

#include <string.h>

static void assign_items(Eval *e, const Exprs *targets, const Values *items, Span span) {
    size_t n = targets->count, star = n;
    for (size_t i = 0; i < n; i++)
        if (targets->at[i]->kind == EXPR_STARRED)
            star = i;
    bool fits = star == n ? items->count == n : items->count >= n - 1;
    if (!fits) {
        eval_error(e, DIAG_unpack_count, span, "%zu value%s for %s%zu name%s", items->count,
                   items->count == 1 ? "" : "s", star == n ? "" : "at least ",
                   star == n ? n : n - 1, (star == n ? n : n - 1) == 1 ? "" : "s");
        diag_note(e->diag, span_join(targets->at[0]->span, targets->at[n - 1]->span),
                  "the names are here");
        items = NULL;
    }
    size_t spread = items && star < n ? items->count - (n - 1) : 0;
    for (size_t i = 0; i < n; i++) {
        const Expr *target = targets->at[i];
        Value v = UNKNOWN;
        if (items && i == star)
            v = value_list(e->arena, items->at + i, spread);
        else if (items)
            v = items->at[i < star ? i : i + spread - 1];
        eval_assign(e, i == star ? target->u.starred : target, v, span);
    }
}

static void assign_unpacked(Eval *e, const Exprs *targets, Value v, Span span) {
    Values items = {0};
    if (eval_items(e, v, span, &items)) {
        assign_items(e, targets, &items, span);
        return;
    }
    for (size_t i = 0; i < targets->count; i++) {
        const Expr *target = targets->at[i];
        eval_assign(e, target->kind == EXPR_STARRED ? target->u.starred : target, UNKNOWN, span);
    }
}

static void assign_item(Eval *e, const Expr *target, Value v) {
    Value object = eval_expr(e, target->u.subscript.object);
    Value index = eval_expr(e, target->u.subscript.index);
    size_t at;
    if (object.kind == VALUE_UNKNOWN || index.kind == VALUE_UNKNOWN)
        return;
    if (object.kind == VALUE_DICT)
        dict_set(e, object, index, v, target->span);
    else if (object.kind == VALUE_LIST && index.kind == VALUE_SLICE)
        eval_error(e, DIAG_unsupported_syntax, target->span,
                   "assigning to a slice is not supported");
    else if (object.kind != VALUE_LIST)
        eval_error(e, DIAG_bad_target, target->span, "the items of %s cannot be assigned to",
                   value_described(e->arena, object));
    else if (eval_index(e, index, object.u.list->items.count, "list", target->span, &at))
        object.u.list->items.at[at] = v;
}

void eval_assign(Eval *e, const Expr *target, Value v, Span value_span) {
    switch (target->kind) {
    case EXPR_NAME:
        scope_set(e, e->scope, (Name){target->u.name, target->span}, v);
        return;
    case EXPR_TUPLE:
    case EXPR_LIST:
        assign_unpacked(e, &target->u.items, v, value_span);
        return;
    case EXPR_SUBSCRIPT:
        assign_item(e, target, v);
        return;
    case EXPR_ATTRIBUTE:
        eval_set_attribute(e, eval_expr(e, target->u.attribute.object), target->u.attribute.name, v,
                           value_span);
        return;
    default: /* the parser has said so: ast_check.c */
        return;
    }
}

void eval_delete(Eval *e, const Expr *target) {
    if (target->kind == EXPR_TUPLE || target->kind == EXPR_LIST) {
        for (size_t i = 0; i < target->u.items.count; i++)
            eval_delete(e, target->u.items.at[i]);
        return;
    }
    if (target->kind == EXPR_NAME) {
        eval_expr(e, target);
        Variable *v = scope_find(e->scope, target->u.name);
        if (v)
            v->set = false;
        return;
    }
    if (target->kind == EXPR_ATTRIBUTE)
        eval_error(e, DIAG_bad_target, target->span, "this cannot be deleted");
    if (target->kind != EXPR_SUBSCRIPT)
        return;
    Value object = eval_expr(e, target->u.subscript.object);
    Value index = eval_expr(e, target->u.subscript.index);
    Value pop = object.kind == VALUE_LIST || object.kind == VALUE_DICT
                    ? method_find(e, object, "pop")
                    : UNKNOWN;
    if (pop.kind == VALUE_BUILTIN)
        eval_call_with(e, pop, &index, 1, target->span);
    else if (object.kind != VALUE_UNKNOWN)
        eval_error(e, DIAG_bad_target, target->span, "the items of %s cannot be deleted",
                   value_described(e->arena, object));
}

void eval_declare_target(Eval *e, Scope *s, const Expr *target) {
    if (target->kind == EXPR_NAME)
        scope_declare(e, s, target->u.name);
    else if (target->kind == EXPR_STARRED)
        eval_declare_target(e, s, target->u.starred);
    else if (target->kind == EXPR_TUPLE || target->kind == EXPR_LIST)
        for (size_t i = 0; i < target->u.items.count; i++)
            eval_declare_target(e, s, target->u.items.at[i]);
}
