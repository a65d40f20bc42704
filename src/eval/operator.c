/* Operators: which one means what for which operands. */
#include "eval.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20, ITEMS_MAX = 1 << 20 };

static Value wrong_operands(Eval *e, Operator op, Value a, Value b, Span span) {
    Value v = eval_error(e, DIAG_operand_types, span, "'%s' does not work on %s and %s",
                         operator_text(op), value_type_name(a), value_type_name(b));
    if (op == OPERATOR_ADD && (a.kind == VALUE_STR) != (b.kind == VALUE_STR) &&
        (value_is_number(a) || value_is_number(b)))
        diag_help(e->diag, "str(...) or an f-string makes text of a number");
    return v;
}

static Value join_text(Eval *e, Value a, Value b, Span span) {
    size_t len = a.u.str.len + b.u.str.len;
    if (len > TEXT_MAX)
        return eval_error(e, DIAG_too_much_work, span, "this text is longer than a megabyte");
    if (!eval_spend(e, (int64_t)len / 16, span))
        return UNKNOWN;
    char *text = arena_alloc(e->arena, len + 1);
    memcpy(text, a.u.str.text, a.u.str.len);
    memcpy(text + a.u.str.len, b.u.str.text, b.u.str.len);
    return (Value){.kind = VALUE_STR, .u.str = {text, len}};
}

static Value join_items(Eval *e, Value a, Value b, Span span) {
    size_t na = a.u.list->items.count, nb = b.u.list->items.count;
    if (!eval_spend(e, (int64_t)(na + nb), span))
        return UNKNOWN;
    Value *items = arena_array(e->arena, na + nb, sizeof *items);
    for (size_t i = 0; i < na + nb; i++)
        items[i] = i < na ? a.u.list->items.at[i] : b.u.list->items.at[i - na];
    return a.kind == VALUE_TUPLE ? value_tuple(e->arena, items, na + nb)
                                 : value_list(e->arena, items, na + nb);
}

static bool is_repeatable(Value v) {
    return v.kind == VALUE_STR || value_is_sequence(v);
}

static Value repeat_text(Eval *e, Value v, size_t times) {
    size_t len = v.u.str.len;
    char *text = arena_alloc(e->arena, len * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, v.u.str.text, len);
    return (Value){.kind = VALUE_STR, .u.str = {text, len * times}};
}

static Value repeat(Eval *e, Value v, int64_t times, Span span) {
    size_t n = v.kind == VALUE_STR ? v.u.str.len : v.u.list->items.count;
    if (times < 0)
        times = 0;
    if (n && times > ITEMS_MAX / (int64_t)n)
        return eval_error(e, DIAG_too_much_work, span, "the result has more than a million items");
    if (!eval_spend(e, (int64_t)n * times, span))
        return UNKNOWN;
    if (v.kind == VALUE_STR)
        return repeat_text(e, v, n ? (size_t)times : 0);
    size_t count = n * (size_t)times;
    Value *items = arena_array(e->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = v.u.list->items.at[i % n];
    return v.kind == VALUE_TUPLE ? value_tuple(e->arena, items, count)
                                 : value_list(e->arena, items, count);
}

Value eval_binary(Eval *e, Operator op, Value a, Value b, Span span) {
    if (a.kind == VALUE_UNKNOWN || b.kind == VALUE_UNKNOWN)
        return UNKNOWN;
    if (op == OPERATOR_MATMUL)
        return wrong_operands(e, op, a, b, span);
    if (value_is_number(a) && value_is_number(b))
        return eval_arithmetic(e, op, a, b, span);
    if (op == OPERATOR_ADD && a.kind == VALUE_STR && b.kind == VALUE_STR)
        return join_text(e, a, b, span);
    if (op == OPERATOR_ADD && a.kind == b.kind && value_is_sequence(a))
        return join_items(e, a, b, span);
    if (op == OPERATOR_MUL && is_repeatable(a) && value_is_integral(b))
        return repeat(e, a, value_integer(b), span);
    if (op == OPERATOR_MUL && is_repeatable(b) && value_is_integral(a))
        return repeat(e, b, value_integer(a), span);
    if (op == OPERATOR_MOD && a.kind == VALUE_STR)
        return eval_percent(e, a, b, span);
    return wrong_operands(e, op, a, b, span);
}

Value eval_unary(Eval *e, Operator op, Value v, Span span) {
    if (v.kind == VALUE_UNKNOWN)
        return v;
    if (op == OPERATOR_NOT)
        return value_bool(!value_truth(v));
    if (op == OPERATOR_INVERT && value_is_integral(v))
        return value_int(~value_integer(v));
    if (op == OPERATOR_INVERT || !value_is_number(v))
        return eval_error(e, DIAG_operand_types, span, "'%s' does not work on %s",
                          operator_text(op), value_type_name(v));
    if (v.kind == VALUE_FLOAT)
        return op == OPERATOR_NEG ? value_float(-v.u.number) : v;
    int64_t i = value_integer(v);
    return op == OPERATOR_NEG ? eval_arithmetic(e, OPERATOR_SUB, value_int(0), value_int(i), span)
                              : value_int(i);
}

/* Whether an error lies hidden in v: then a comparison with it says nothing. */
static bool holds_unknown(Value v, int depth) {
    if (v.kind == VALUE_UNKNOWN)
        return true;
    if (!value_is_sequence(v) || depth > 4)
        return false;
    for (size_t i = 0; i < v.u.list->items.count; i++)
        if (holds_unknown(v.u.list->items.at[i], depth + 1))
            return true;
    return false;
}

bool eval_equal(Eval *e, Value a, Value b) {
    return value_equal_within(a, b, &e->steps_left);
}

static int compare_text(Value a, Value b) {
    size_t len = a.u.str.len < b.u.str.len ? a.u.str.len : b.u.str.len;
    int order = memcmp(a.u.str.text, b.u.str.text, len);
    return order ? order : (a.u.str.len > b.u.str.len) - (a.u.str.len < b.u.str.len);
}

static Value order(Eval *e, Operator op, Value a, Value b, Span span);

/* Sequences compare by their first items that differ, then by length. */
static Value order_items(Eval *e, Operator op, Value a, Value b, Span span) {
    size_t na = a.u.list->items.count, nb = b.u.list->items.count;
    for (size_t i = 0; i < na && i < nb; i++) {
        Value x = a.u.list->items.at[i], y = b.u.list->items.at[i];
        if (!eval_spend(e, 1, span))
            return UNKNOWN;
        if (!eval_equal(e, x, y))
            return order(e, op, x, y, span);
    }
    return order(e, op, value_int((int64_t)na), value_int((int64_t)nb), span);
}

static bool holds(Operator op, int order) {
    switch (op) {
    case OPERATOR_LT:
        return order < 0;
    case OPERATOR_LE:
        return order <= 0;
    case OPERATOR_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static Value order(Eval *e, Operator op, Value a, Value b, Span span) {
    int which;
    if (e->depth > 900)
        return eval_error(e, DIAG_too_much_work, span, "these values are nested too deeply");
    if (value_is_number(a) && value_is_number(b))
        return value_bool(value_order(a, b, &which) && holds(op, which));
    if (a.kind == VALUE_STR && b.kind == VALUE_STR)
        return value_bool(holds(op, compare_text(a, b)));
    if (value_is_sequence(a) && a.kind == b.kind) {
        e->depth++;
        Value v = order_items(e, op, a, b, span);
        e->depth--;
        return v;
    }
    return wrong_operands(e, op, a, b, span);
}

bool eval_less(Eval *e, Value a, Value b, Span span, bool *ok) {
    Value v = order(e, OPERATOR_LT, a, b, span);
    if (v.kind == VALUE_UNKNOWN)
        *ok = false;
    return v.kind == VALUE_BOOL && v.u.boolean;
}

static bool contains_text(Value text, Value part) {
    return memmem(text.u.str.text, text.u.str.len, part.u.str.text, part.u.str.len) != NULL;
}

static Value contains(Eval *e, Value item, Value container, Span span) {
    if (container.kind == VALUE_STR && item.kind == VALUE_STR)
        return value_bool(contains_text(container, item));
    if (container.kind == VALUE_DICT)
        return value_bool(value_dict_find(container, item) != NULL);
    if (container.kind == VALUE_STR)
        return wrong_operands(e, OPERATOR_IN, item, container, span);
    Values items = {0};
    if (!eval_items(e, container, span, &items))
        return UNKNOWN;
    for (size_t i = 0; i < items.count; i++)
        if (eval_equal(e, items.at[i], item))
            return value_bool(true);
    return value_bool(false);
}

static Value negated(Value v) {
    return v.kind == VALUE_UNKNOWN ? v : value_bool(!v.u.boolean);
}

Value eval_compare(Eval *e, Operator op, Value a, Value b, Span span) {
    if (holds_unknown(a, 0) || holds_unknown(b, 0))
        return UNKNOWN;
    switch (op) {
    case OPERATOR_EQ:
        return value_bool(eval_equal(e, a, b));
    case OPERATOR_NE:
        return value_bool(!eval_equal(e, a, b));
    case OPERATOR_IN:
        return contains(e, a, b, span);
    case OPERATOR_NOT_IN:
        return negated(contains(e, a, b, span));
    case OPERATOR_IS:
        return value_bool(value_is(a, b));
    case OPERATOR_IS_NOT:
        return value_bool(!value_is(a, b));
    default:
        return order(e, op, a, b, span);
    }
}
