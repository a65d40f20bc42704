/* Expressions: one function per kind of node, and the table that finds it. */
#include "eval.h"

#include <string.h>

static Value eval_error_node(Eval *e, const Expr *x) {
    (void)e, (void)x;
    return UNKNOWN; /* the parser has reported it */
}

static Value eval_none(Eval *e, const Expr *x) {
    (void)e, (void)x;
    return value_none();
}

static Value eval_bool(Eval *e, const Expr *x) {
    (void)e;
    return value_bool(x->u.boolean);
}

static Value eval_int(Eval *e, const Expr *x) {
    (void)e;
    return value_int(x->u.integer);
}

static Value eval_float(Eval *e, const Expr *x) {
    (void)e;
    return value_float(x->u.number);
}

static Value eval_str(Eval *e, const Expr *x) {
    (void)e;
    return (Value){.kind = VALUE_STR, .u.str = {x->u.str.text, x->u.str.len}};
}

static Value eval_ellipsis(Eval *e, const Expr *x) {
    (void)e, (void)x;
    return (Value){.kind = VALUE_ELLIPSIS};
}

static Value eval_fstring_part(Eval *e, const FStringPart *part) {
    if (!part->value)
        return value_str(e->arena, part->text);
    Value v = eval_expr(e, part->value);
    if (v.kind == VALUE_UNKNOWN)
        return v;
    if (part->conversion)
        v = value_str(e->arena, part->conversion == 'r' ? value_repr(e->arena, v)
                                                        : value_str_of(e->arena, v));
    return eval_format(e, v, part->format ? part->format : "", part->value->span);
}

static Value eval_fstring(Eval *e, const Expr *x) {
    Vec(char) text = {0};
    for (size_t i = 0; i < x->u.fstring.count; i++) {
        Value piece = eval_fstring_part(e, &x->u.fstring.at[i]);
        if (piece.kind == VALUE_UNKNOWN)
            return piece;
        for (size_t j = 0; j < piece.u.str.len; j++)
            vec_push(e->arena, &text, piece.u.str.text[j]);
        if (!eval_spend(e, (int64_t)piece.u.str.len / 16, x->span))
            return UNKNOWN;
    }
    return value_strn(e->arena, text.at ? text.at : "", text.count);
}

static Value eval_name_node(Eval *e, const Expr *x) {
    return eval_name(e, x->u.name, x->span);
}

/* Items of a tuple or list, *starred ones spread out. */
static bool collect(Eval *e, const Exprs *exprs, Values *items) {
    for (size_t i = 0; i < exprs->count; i++) {
        const Expr *x = exprs->at[i];
        if (x->kind != EXPR_STARRED) {
            vec_push(e->arena, items, eval_expr(e, x));
            continue;
        }
        Value v = eval_expr(e, x->u.starred);
        if (!eval_items(e, v, x->span, items))
            return false;
    }
    return true;
}

static Value eval_tuple(Eval *e, const Expr *x) {
    Values items = {0};
    return collect(e, &x->u.items, &items) ? value_tuple(e->arena, items.at, items.count) : UNKNOWN;
}

static Value eval_list(Eval *e, const Expr *x) {
    Values items = {0};
    return collect(e, &x->u.items, &items) ? value_list(e->arena, items.at, items.count) : UNKNOWN;
}

static Value eval_set(Eval *e, const Expr *x) {
    Value v = eval_error(e, DIAG_unsupported_syntax, x->span, "sets are not supported");
    diag_help(e->diag, "a list or a tuple does for what a model needs");
    return v;
}

/* `work` bounds tuples that hold each other many times over. */
static bool is_hashable(Value v, int depth, int *work) {
    if (v.kind == VALUE_LIST || v.kind == VALUE_DICT || v.kind == VALUE_SLICE || depth > 100)
        return false;
    for (size_t i = 0; v.kind == VALUE_TUPLE && i < v.u.list->items.count; i++)
        if (--*work < 0 || !is_hashable(v.u.list->items.at[i], depth + 1, work))
            return false;
    return true;
}

bool dict_set(Eval *e, Value dict, Value key, Value value, Span span) {
    if (key.kind == VALUE_UNKNOWN)
        return false;
    int work = 10000;
    if (!is_hashable(key, 0, &work)) {
        eval_error(e, DIAG_unhashable_key, span, "%s cannot be a key of a dict",
                   value_described(e->arena, key));
        return false;
    }
    if (!eval_spend(e, 1 + (int64_t)dict.u.dict->keys.count / 8, span))
        return false;
    value_dict_set(e->arena, dict, key, value);
    return true;
}

static Value eval_dict(Eval *e, const Expr *x) {
    Value dict = value_dict(e->arena);
    for (size_t i = 0; i < x->u.dict.keys.count; i++) {
        Value key = eval_expr(e, x->u.dict.keys.at[i]);
        Value value = eval_expr(e, x->u.dict.values.at[i]);
        if (!dict_set(e, dict, key, value, x->u.dict.keys.at[i]->span))
            return UNKNOWN;
    }
    return dict;
}

static Value eval_unary_node(Eval *e, const Expr *x) {
    return eval_unary(e, x->u.unary.op, eval_expr(e, x->u.unary.operand), x->span);
}

static Value eval_binary_node(Eval *e, const Expr *x) {
    Value left = eval_expr(e, x->u.binary.left);
    return eval_binary(e, x->u.binary.op, left, eval_expr(e, x->u.binary.right), x->span);
}

/* and, or: the operand that decides, not its truth. */
static Value eval_boolean(Eval *e, const Expr *x) {
    Value left = eval_expr(e, x->u.binary.left);
    if (left.kind == VALUE_UNKNOWN)
        return left;
    bool left_decides = value_truth(left) == (x->u.binary.op == OPERATOR_OR);
    return left_decides ? left : eval_expr(e, x->u.binary.right);
}

static Value eval_compare_node(Eval *e, const Expr *x) {
    Value left = eval_expr(e, x->u.compare.first), result = value_bool(true);
    const Expr *left_expr = x->u.compare.first;
    for (size_t i = 0; i < x->u.compare.ops.count; i++) {
        const Expr *right_expr = x->u.compare.rest.at[i];
        Value right = eval_expr(e, right_expr);
        result = eval_compare(e, x->u.compare.ops.at[i], left, right,
                              span_join(left_expr->span, right_expr->span));
        if (result.kind == VALUE_UNKNOWN || !value_truth(result))
            return result;
        left = right;
        left_expr = right_expr;
    }
    return result;
}

static Value eval_conditional(Eval *e, const Expr *x) {
    Value condition = eval_expr(e, x->u.conditional.condition);
    if (condition.kind == VALUE_UNKNOWN)
        return condition;
    return eval_expr(e,
                     value_truth(condition) ? x->u.conditional.then : x->u.conditional.otherwise);
}

/* Positional and keyword arguments, *sequence and **dict spread out. */
static bool collect_arguments(Eval *e, const Arguments *args, CallArgs *out) {
    bool known = true;
    for (size_t i = 0; i < args->count; i++) {
        const Argument *arg = &args->at[i];
        Span span = arg->value->span;
        Value v = eval_expr(e, arg->value);
        Values items = {0};
        if (arg->stars == 1) {
            known &= eval_items(e, v, span, &items);
            for (size_t j = 0; j < items.count; j++)
                vec_push(e->arena, out, (CallArg){.value = items.at[j], .span = span});
        } else if (arg->stars == 2 && v.kind == VALUE_DICT) {
            for (size_t j = 0; j < v.u.dict->keys.count; j++)
                vec_push(e->arena, out,
                         (CallArg){value_str_of(e->arena, v.u.dict->keys.at[j]), span,
                                   v.u.dict->values.at[j], span});
        } else if (arg->stars == 2) {
            known = false;
            if (v.kind != VALUE_UNKNOWN)
                eval_error(e, DIAG_operand_types, span, "** takes a dict, but this is %s",
                           value_described(e->arena, v));
        } else {
            vec_push(e->arena, out, (CallArg){arg->name.text, arg->name.span, v, span});
        }
    }
    return known;
}

/* The name that is called: Dense in keras.layers.Dense(10). */
static Span callee_span(const Expr *callee) {
    return callee->kind == EXPR_ATTRIBUTE ? callee->u.attribute.name.span : callee->span;
}

static Value eval_call(Eval *e, const Expr *x) {
    Value callee = eval_expr(e, x->u.call.callee);
    Call call = {.callee = callee_span(x->u.call.callee), .span = x->span};
    if (x->u.call.args.count > 0)
        call.first = x->u.call.args.at[0].value;
    bool known = collect_arguments(e, &x->u.call.args, &call.args);
    return known && callee.kind != VALUE_UNKNOWN ? eval_call_value(e, callee, &call) : UNKNOWN;
}

static Value eval_attribute_node(Eval *e, const Expr *x) {
    Value object = eval_expr(e, x->u.attribute.object);
    return eval_attribute(e, object, x->u.attribute.name);
}

static Value eval_subscript_node(Eval *e, const Expr *x) {
    Value object = eval_expr(e, x->u.subscript.object);
    return eval_subscript(e, object, eval_expr(e, x->u.subscript.index), x->span);
}

static Value eval_slice(Eval *e, const Expr *x) {
    Value *parts = arena_array(e->arena, 3, sizeof *parts);
    const Expr *exprs[3] = {x->u.slice.lower, x->u.slice.upper, x->u.slice.step};
    for (int i = 0; i < 3; i++) {
        parts[i] = exprs[i] ? eval_expr(e, exprs[i]) : value_none();
        if (parts[i].kind == VALUE_UNKNOWN)
            return UNKNOWN;
    }
    return (Value){.kind = VALUE_SLICE, .u.slice = parts};
}

static Value eval_lambda(Eval *e, const Expr *x) {
    Function *f = arena_alloc(e->arena, sizeof *f);
    *f = (Function){.name = "<lambda>",
                    .params = x->u.lambda.params,
                    .lambda = x->u.lambda.body,
                    .outer = e->scope,
                    .span = x->span};
    f->defaults = eval_defaults(e, &f->params);
    return (Value){.kind = VALUE_FUNCTION, .u.function = f};
}

Value *eval_defaults(Eval *e, const Parameters *params) {
    Value *defaults = arena_array(e->arena, params->count, sizeof *defaults);
    for (size_t i = 0; i < params->count; i++)
        if (params->at[i].fallback)
            defaults[i] = eval_expr(e, params->at[i].fallback);
    return defaults;
}

/* The element of a comprehension, for every binding of its targets; a dict's goes into `dict`. */
typedef struct Comprehending {
    const Expr *node;
    Values items;
    Value dict;
    bool failed;
} Comprehending;

static void comprehend(Eval *e, Comprehending *c, size_t clause);

static bool conditions_hold(Eval *e, const Exprs *conditions, Comprehending *c) {
    for (size_t i = 0; i < conditions->count; i++) {
        Value v = eval_expr(e, conditions->at[i]);
        if (v.kind == VALUE_UNKNOWN)
            c->failed = true;
        if (v.kind == VALUE_UNKNOWN || !value_truth(v))
            return false;
    }
    return true;
}

static void comprehend_items(Eval *e, Comprehending *c, size_t clause, const Values *items) {
    const Comprehension *for_ = &c->node->u.comprehension.clauses.at[clause];
    for (size_t i = 0; i < items->count && !c->failed && !e->stopped; i++) {
        eval_assign(e, for_->target, items->at[i], for_->iterable->span);
        if (conditions_hold(e, &for_->conditions, c))
            comprehend(e, c, clause + 1);
    }
}

static void comprehend(Eval *e, Comprehending *c, size_t clause) {
    const Expr *x = c->node;
    if (clause < x->u.comprehension.clauses.count) {
        const Expr *iterable = x->u.comprehension.clauses.at[clause].iterable;
        Values items = {0};
        if (eval_items(e, eval_expr(e, iterable), iterable->span, &items))
            comprehend_items(e, c, clause, &items);
        else
            c->failed = true;
        return;
    }
    if (x->kind != EXPR_DICT_COMPREHENSION) {
        vec_push(e->arena, &c->items, eval_expr(e, x->u.comprehension.element));
        return;
    }
    Value key = eval_expr(e, x->u.comprehension.key);
    Value value = eval_expr(e, x->u.comprehension.element);
    c->failed |= !dict_set(e, c->dict, key, value, x->u.comprehension.key->span);
}

/* A comprehension has a scope of its own, but its first iterable belongs to the scope around. */
static Value eval_comprehension(Eval *e, const Expr *x) {
    Comprehending c = {.node = x, .dict = value_dict(e->arena)};
    const Expr *first = x->u.comprehension.clauses.at[0].iterable;
    Values items = {0};
    if (!eval_items(e, eval_expr(e, first), first->span, &items))
        return UNKNOWN;
    Scope *outer = e->scope;
    e->scope = scope_new(e, outer);
    for (size_t i = 0; i < x->u.comprehension.clauses.count; i++)
        eval_declare_target(e, e->scope, x->u.comprehension.clauses.at[i].target);
    comprehend_items(e, &c, 0, &items);
    e->scope = outer;
    if (c.failed || e->stopped)
        return UNKNOWN;
    if (x->kind == EXPR_DICT_COMPREHENSION)
        return c.dict;
    Value list = value_list(e->arena, c.items.at, c.items.count);
    if (x->kind == EXPR_GENERATOR)
        list.kind = VALUE_ITERATOR;
    return list;
}

static Value eval_starred(Eval *e, const Expr *x) {
    return eval_error(e, DIAG_unsupported_syntax, x->span, "* has nothing to spread into here");
}

static Value (*const evaluators[])(Eval *e, const Expr *x) = {
    [EXPR_ERROR] = eval_error_node,
    [EXPR_NONE] = eval_none,
    [EXPR_BOOL] = eval_bool,
    [EXPR_INT] = eval_int,
    [EXPR_FLOAT] = eval_float,
    [EXPR_STR] = eval_str,
    [EXPR_FSTRING] = eval_fstring,
    [EXPR_ELLIPSIS] = eval_ellipsis,
    [EXPR_NAME] = eval_name_node,
    [EXPR_TUPLE] = eval_tuple,
    [EXPR_LIST] = eval_list,
    [EXPR_SET] = eval_set,
    [EXPR_DICT] = eval_dict,
    [EXPR_UNARY] = eval_unary_node,
    [EXPR_BINARY] = eval_binary_node,
    [EXPR_BOOLEAN] = eval_boolean,
    [EXPR_COMPARE] = eval_compare_node,
    [EXPR_CONDITIONAL] = eval_conditional,
    [EXPR_CALL] = eval_call,
    [EXPR_ATTRIBUTE] = eval_attribute_node,
    [EXPR_SUBSCRIPT] = eval_subscript_node,
    [EXPR_SLICE] = eval_slice,
    [EXPR_LAMBDA] = eval_lambda,
    [EXPR_LIST_COMPREHENSION] = eval_comprehension,
    [EXPR_GENERATOR] = eval_comprehension,
    [EXPR_DICT_COMPREHENSION] = eval_comprehension,
    [EXPR_STARRED] = eval_starred,
};

enum { EXPR_DEPTH_MAX = 1000 };

Value eval_expr(Eval *e, const Expr *x) {
    if (!eval_spend(e, 1, x->span))
        return UNKNOWN;
    if (e->depth >= EXPR_DEPTH_MAX) {
        e->stopped = true;
        return eval_error(e, DIAG_too_much_work, x->span, "this is nested too deeply");
    }
    e->depth++;
    Value v = evaluators[x->kind](e, x);
    e->depth--;
    if (e->tracing)
        vec_push(e->arena, &e->trace, (Trace){x, v});
    return v;
}
