/* Nodes of expressions, one constructor each. Every node knows the depth of its tree. */
#include "parser_state.h"

#include <string.h>

void recovered(Parser *p) {
    p->recovering = false;
}

Expr *expr_new(Parser *p, ExprKind kind, Span span) {
    Expr *e = arena_alloc(p->arena, sizeof *e);
    e->kind = kind;
    e->span = span;
    return e;
}

Expr *expr_error(Parser *p, Span span) {
    return expr_new(p, EXPR_ERROR, span);
}

/* Puts a child below e. A tree too deep to walk becomes an error in its place. */
static void adopt(Parser *p, Expr *e, const Expr *child) {
    if (!child || e->depth > child->depth)
        return;
    e->depth = child->depth + 1;
    if (e->depth <= EXPR_DEPTH_MAX)
        return;
    if (report_here(p, e->span))
        diag_error(p->diag, DIAG_nested_too_deeply, e->span,
                   "this expression is nested more than %d deep", EXPR_DEPTH_MAX);
    e->kind = EXPR_ERROR;
    e->depth = 0;
}

static void adopt_all(Parser *p, Expr *e, Exprs children) {
    for (size_t i = 0; i < children.count; i++)
        adopt(p, e, children.at[i]);
}

Exprs exprs_of(Parser *p, Expr *e) {
    Exprs list = {0};
    vec_push(p->arena, &list, e);
    return list;
}

Expr *expr_name(Parser *p, Name name) {
    Expr *e = expr_new(p, EXPR_NAME, name.span);
    e->u.name = name.text;
    return e;
}

Expr *expr_bool(Parser *p, bool value, Span span) {
    Expr *e = expr_new(p, EXPR_BOOL, span);
    e->u.boolean = value;
    return e;
}

Expr *expr_items(Parser *p, ExprKind kind, Exprs items, Span span) {
    Expr *e = expr_new(p, kind, span);
    e->u.items = items;
    adopt_all(p, e, items);
    return e;
}

Expr *expr_group(Parser *p, Elements elements, Span span) {
    Expr *only = elements.items.at[0];
    if (elements.items.count > 1 || elements.comma)
        return expr_items(p, EXPR_TUPLE, elements.items, span);
    if (only->kind == EXPR_STARRED && report_here(p, only->span))
        diag_error(p->diag, DIAG_syntax, only->span, "'*' can only unpack into a list or tuple");
    return only;
}

Expr *expr_targets(Parser *p, Elements elements, Span span) {
    Expr *target = expr_group(p, elements, span);
    check_target(p, target, "assign a loop's values to");
    return target;
}

Expr *expr_starred(Parser *p, Expr *value, Span span) {
    Expr *e = expr_new(p, EXPR_STARRED, span);
    e->u.starred = value;
    adopt(p, e, value);
    return e;
}

Expr *expr_unary(Parser *p, Operator op, Expr *operand, Span span) {
    Expr *e = expr_new(p, EXPR_UNARY, span);
    e->u.unary.op = op;
    e->u.unary.operand = operand;
    adopt(p, e, operand);
    return e;
}

static Expr *two_sided(Parser *p, ExprKind kind, Operator op, Expr *left, Expr *right, Span op_span,
                       Span span) {
    Expr *e = expr_new(p, kind, span);
    e->u.binary.op = op;
    e->u.binary.left = left;
    e->u.binary.right = right;
    e->u.binary.op_span = op_span;
    adopt(p, e, left);
    adopt(p, e, right);
    return e;
}

Expr *expr_binary(Parser *p, Operator op, Expr *left, Expr *right, Span op_span, Span span) {
    return two_sided(p, EXPR_BINARY, op, left, right, op_span, span);
}

Expr *expr_boolean(Parser *p, Operator op, Expr *left, Expr *right, Span op_span, Span span) {
    return two_sided(p, EXPR_BOOLEAN, op, left, right, op_span, span);
}

/* a < b < c is one node: a chain grows as long as its left side was written without parentheses,
 * which its place tells. */
Expr *expr_compare(Parser *p, Expr *left, Operator op, Expr *right, Span left_span, Span span) {
    bool chained = left->kind == EXPR_COMPARE && left->span.begin == left_span.begin &&
                   left->span.end == left_span.end;
    if (!chained) {
        Expr *e = expr_new(p, EXPR_COMPARE, span);
        e->u.compare.first = left;
        adopt(p, e, left);
        left = e;
    }
    left->span = span;
    vec_push(p->arena, &left->u.compare.ops, op);
    vec_push(p->arena, &left->u.compare.rest, right);
    adopt(p, left, right);
    return left;
}

Expr *expr_conditional(Parser *p, Expr *condition, Expr *then, Expr *otherwise, Span span) {
    Expr *e = expr_new(p, EXPR_CONDITIONAL, span);
    e->u.conditional.condition = condition;
    e->u.conditional.then = then;
    e->u.conditional.otherwise = otherwise;
    adopt(p, e, condition);
    adopt(p, e, then);
    adopt(p, e, otherwise);
    return e;
}

Expr *expr_lambda(Parser *p, Parameters params, Expr *body, Span span) {
    Expr *e = expr_new(p, EXPR_LAMBDA, span);
    e->u.lambda.params = params;
    e->u.lambda.body = body;
    adopt(p, e, body);
    for (size_t i = 0; i < params.count; i++)
        adopt(p, e, params.at[i].fallback);
    return e;
}

Expr *expr_attribute(Parser *p, Expr *object, Name name, Span span) {
    Expr *e = expr_new(p, EXPR_ATTRIBUTE, span);
    e->u.attribute.object = object;
    e->u.attribute.name = name;
    adopt(p, e, object);
    return e;
}

Expr *expr_call(Parser *p, Expr *callee, Arguments args, Span span) {
    Expr *e = expr_new(p, EXPR_CALL, span);
    e->u.call.callee = callee;
    e->u.call.args = args;
    adopt(p, e, callee);
    for (size_t i = 0; i < args.count; i++)
        adopt(p, e, args.at[i].value);
    return e;
}

Expr *expr_subscript(Parser *p, Expr *object, Expr *index, Span span) {
    Expr *e = expr_new(p, EXPR_SUBSCRIPT, span);
    e->u.subscript.object = object;
    e->u.subscript.index = index;
    adopt(p, e, object);
    adopt(p, e, index);
    return e;
}

Expr *expr_slice(Parser *p, Expr *lower, Expr *upper, Expr *step, Span span) {
    Expr *e = expr_new(p, EXPR_SLICE, span);
    e->u.slice.lower = lower;
    e->u.slice.upper = upper;
    e->u.slice.step = step;
    adopt(p, e, lower);
    adopt(p, e, upper);
    adopt(p, e, step);
    return e;
}

Expr *expr_comprehension(Parser *p, ExprKind kind, Expr *key, Expr *element, Comprehensions clauses,
                         Span span) {
    Expr *e = expr_new(p, kind, span);
    e->u.comprehension.key = key;
    e->u.comprehension.element = element;
    e->u.comprehension.clauses = clauses;
    adopt(p, e, key);
    adopt(p, e, element);
    for (size_t i = 0; i < clauses.count; i++) {
        adopt(p, e, clauses.at[i].target);
        adopt(p, e, clauses.at[i].iterable);
        adopt_all(p, e, clauses.at[i].conditions);
    }
    return e;
}

Expr *expr_set_comprehension(Parser *p, Span span) {
    if (report_here(p, span)) {
        diag_error(p->diag, DIAG_unsupported_expression, span,
                   "kmodel files have no set comprehensions");
        diag_help(p->diag, "write a list comprehension, with [ and ]");
    }
    return expr_error(p, span);
}

Expr *expr_dict(Parser *p, DictItems items, Span span) {
    Expr *e = expr_new(p, EXPR_DICT, span);
    e->u.dict.keys = items.keys;
    e->u.dict.values = items.values;
    adopt_all(p, e, items.keys);
    adopt_all(p, e, items.values);
    return e;
}

DictItems dict_of(Parser *p, Expr *key, Expr *value) {
    return (DictItems){exprs_of(p, key), exprs_of(p, value)};
}

DictItems dict_join(Parser *p, DictItems a, DictItems b) {
    for (size_t i = 0; i < b.keys.count; i++) {
        vec_push(p->arena, &a.keys, b.keys.at[i]);
        vec_push(p->arena, &a.values, b.values.at[i]);
    }
    return a;
}

DictItems dict_unpacked(Parser *p, Span span) {
    if (report_here(p, span)) {
        diag_error(p->diag, DIAG_unsupported_expression, span,
                   "kmodel files cannot unpack a dict into another");
        diag_help(p->diag, "write its items out");
    }
    return (DictItems){0};
}

static void append_parts(Parser *p, FStringParts *parts, const Expr *e) {
    FStringPart text = {.text = e->kind == EXPR_STR ? e->u.str.text : NULL};
    if (text.text)
        vec_push(p->arena, parts, text);
    for (size_t i = 0; e->kind == EXPR_FSTRING && i < e->u.fstring.count; i++)
        vec_push(p->arena, parts, e->u.fstring.at[i]);
}

/* Strings beside each other are one. */
Expr *expr_concatenate(Parser *p, Expr *left, Expr *right, Span span) {
    if (left->kind == EXPR_ERROR || right->kind == EXPR_ERROR)
        return expr_error(p, span);
    if (left->kind == EXPR_STR && right->kind == EXPR_STR) {
        size_t len = left->u.str.len + right->u.str.len;
        char *text = arena_alloc(p->arena, len + 1);
        memcpy(text, left->u.str.text, left->u.str.len);
        memcpy(text + left->u.str.len, right->u.str.text, right->u.str.len);
        Expr *e = expr_new(p, EXPR_STR, span);
        e->u.str.text = text;
        e->u.str.len = len;
        return e;
    }
    Expr *e = expr_new(p, EXPR_FSTRING, span);
    append_parts(p, &e->u.fstring, left);
    append_parts(p, &e->u.fstring, right);
    e->depth = left->depth > right->depth ? left->depth : right->depth;
    return e;
}
