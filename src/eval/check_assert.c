/* Asserts: proved, or refuted with the values of both sides and of what they are made of. */
#include "eval.h"

#include <math.h>
#include <string.h>

static const Trace *traced(const Eval *e, const Expr *x) {
    for (size_t i = e->trace.count; i-- > 0;)
        if (e->trace.at[i].expr == x)
            return &e->trace.at[i];
    return NULL;
}

static bool is_literal(const Expr *x) {
    switch (x->kind) {
    case EXPR_NONE:
    case EXPR_BOOL:
    case EXPR_INT:
    case EXPR_FLOAT:
    case EXPR_STR:
        return true;
    case EXPR_UNARY:
        return is_literal(x->u.unary.operand);
    case EXPR_TUPLE:
    case EXPR_LIST:
        for (size_t i = 0; i < x->u.items.count; i++)
            if (!is_literal(x->u.items.at[i]))
                return false;
        return true;
    default:
        return false;
    }
}

static const char *source_text(Eval *e, const Expr *x) {
    const char *text = e->source->text;
    return arena_strndup(e->arena, text + x->span.begin, x->span.end - x->span.begin);
}

static void note_value(Eval *e, const Expr *x) {
    const Trace *t = traced(e, x);
    bool tells = t && t->value.kind != VALUE_UNKNOWN && t->value.kind != VALUE_CLASS &&
                 t->value.kind != VALUE_MODULE && t->value.kind != VALUE_BUILTIN &&
                 t->value.kind != VALUE_FUNCTION && t->value.kind != VALUE_MODEL;
    if (tells)
        diag_note(e->diag, x->span, "%s is %s", source_text(e, x), value_brief(e->arena, t->value));
}

/* Names, attributes, calls and items within x: their values, outermost first. */
static void note_parts(Eval *e, const Expr *x) {
    switch (x->kind) {
    case EXPR_NAME:
    case EXPR_ATTRIBUTE:
    case EXPR_CALL:
    case EXPR_SUBSCRIPT:
        note_value(e, x);
        return;
    case EXPR_UNARY:
        note_parts(e, x->u.unary.operand);
        return;
    case EXPR_BINARY:
    case EXPR_BOOLEAN:
        note_parts(e, x->u.binary.left);
        note_parts(e, x->u.binary.right);
        return;
    case EXPR_COMPARE:
        note_parts(e, x->u.compare.first);
        for (size_t i = 0; i < x->u.compare.rest.count; i++)
            note_parts(e, x->u.compare.rest.at[i]);
        return;
    case EXPR_TUPLE:
    case EXPR_LIST:
        for (size_t i = 0; i < x->u.items.count; i++)
            note_parts(e, x->u.items.at[i]);
        return;
    default:
        return;
    }
}

/* The link of a comparison chain that does not hold: -1 if all were evaluated and hold. */
static int broken_link(Eval *e, const Expr *x, Value *left, Value *right) {
    const Expr *left_expr = x->u.compare.first;
    for (size_t i = 0; i < x->u.compare.ops.count; i++) {
        const Expr *right_expr = x->u.compare.rest.at[i];
        const Trace *l = traced(e, left_expr), *r = traced(e, right_expr);
        if (!l || !r)
            return -1;
        Value v = eval_compare(e, x->u.compare.ops.at[i], l->value, r->value, x->span);
        *left = l->value;
        *right = r->value;
        if (v.kind == VALUE_BOOL && !v.u.boolean)
            return (int)i;
        left_expr = right_expr;
    }
    return -1;
}

/* What would hold: a number that rounding spoils, or the value that was meant to be written. */
static void help_equality(Eval *e, const Expr *l, Value left, const Expr *r, Value right) {
    bool floats = value_is_number(left) && value_is_number(right) &&
                  (left.kind == VALUE_FLOAT || right.kind == VALUE_FLOAT);
    double distance = floats ? fabs(value_number(left) - value_number(right)) : INFINITY;
    if (distance <= 1e-9 * fabs(value_number(floats ? left : value_int(0))))
        diag_help(e->diag, "floats are rounded: assert abs(%s - %s) < 1e-6", source_text(e, l),
                  source_text(e, r));
    else if (is_literal(r) && !is_literal(l))
        diag_help(e->diag, "this would hold: assert %s == %s", source_text(e, l),
                  value_brief(e->arena, left));
    else if (is_literal(l) && !is_literal(r))
        diag_help(e->diag, "this would hold: assert %s == %s", value_brief(e->arena, right),
                  source_text(e, r));
}

static void refuted_compare(Eval *e, const Expr *x, const char *message) {
    Value left = UNKNOWN, right = UNKNOWN;
    int link = broken_link(e, x, &left, &right);
    if (link < 0) {
        diag_error(e->diag, DIAG_assert_refuted, x->span, "this assert does not hold%s", message);
        return;
    }
    const Expr *l = link ? x->u.compare.rest.at[link - 1] : x->u.compare.first;
    const Expr *r = x->u.compare.rest.at[link];
    Operator op = x->u.compare.ops.at[link];
    diag_error(e->diag, DIAG_assert_refuted, span_join(l->span, r->span),
               "this assert does not hold%s", message);
    diag_label(e->diag, "%s %s %s is false", value_brief(e->arena, left), operator_text(op),
               value_brief(e->arena, right));
    note_parts(e, l);
    note_parts(e, r);
    if (op == OPERATOR_EQ)
        help_equality(e, l, left, r, right);
}

/* Goes down to the part that makes the whole false. */
static void refuted(Eval *e, const Expr *x, const char *message) {
    if (x->kind == EXPR_BOOLEAN && x->u.binary.op == OPERATOR_AND) {
        const Trace *left = traced(e, x->u.binary.left);
        bool left_holds = left && left->value.kind != VALUE_UNKNOWN && value_truth(left->value);
        refuted(e, left_holds ? x->u.binary.right : x->u.binary.left, message);
        return;
    }
    if (x->kind == EXPR_COMPARE) {
        refuted_compare(e, x, message);
        return;
    }
    const Trace *t = traced(e, x);
    diag_error(e->diag, DIAG_assert_refuted, x->span, "this assert does not hold%s", message);
    if (t)
        diag_label(e->diag, "%s", value_brief(e->arena, t->value));
    if (x->kind != EXPR_NAME && x->kind != EXPR_CALL)
        note_parts(e, x);
}

/* ": the message", when there is one. */
static const char *message_text(Eval *e, const Expr *message) {
    Value v = message ? eval_expr(e, message) : UNKNOWN;
    return v.kind == VALUE_UNKNOWN ? "" : arena_printf(e->arena, ": %s", value_str_of(e->arena, v));
}

void run_assert(Eval *e, const Stmt *s) {
    const Expr *condition = s->u.assertion.condition;
    bool outer = e->tracing;
    size_t mark = e->trace.count;
    e->tracing = true;
    Value v = eval_expr(e, condition);
    e->tracing = outer;
    if (condition->kind == EXPR_TUPLE && condition->u.items.count)
        diag_warning(e->diag, DIAG_assert_always_true, condition->span,
                     "an assert on a tuple holds always: leave the parentheses out");
    if (v.kind != VALUE_UNKNOWN && value_truth(v))
        e->program->asserts_proved++;
    else if (v.kind != VALUE_UNKNOWN)
        refuted(e, condition, message_text(e, s->u.assertion.message));
    else if (diag_errors(e->diag) == 0) /* unknown, and not because of a mistake */
        diag_warning(e->diag, DIAG_training_time, condition->span,
                     "this is known only when the program runs: the assert is not checked");
    e->trace.count = mark;
}
